use arrow_array::{ArrayRef, new_null_array};
use kindling_partition::Result;

use super::columns::ColumnBuilder;
use super::infer::Inferred;
use super::options::CsvOptions;
use super::tokens::Tokens;

/// A column of one partition whose type is being inferred, with its values as long as they are of one type.
pub(super) struct Guess {
    inferred: Inferred,
    values: Values,
    rows: usize,
    bad: Vec<u32>,
}

enum Values {
    /// Every record so far is null.
    Nulls,
    Of(Box<ColumnBuilder>),
    /// Nothing is kept: the type changed on the way, or nobody wants the values.
    Dropped,
}

impl Guess {
    pub fn new(keep: bool) -> Self {
        Self { inferred: Inferred::Null, values: if keep { Values::Nulls } else { Values::Dropped }, rows: 0, bad: Vec::new() }
    }

    /// The type so far.
    pub fn inferred(&self) -> Inferred {
        self.inferred
    }

    /// Takes in wanted field `slot` of each record; about `expected` rows will come in all.
    ///
    /// # Errors
    /// A column of more than 2 GiB of text.
    pub fn append(&mut self, tokens: &Tokens, slot: usize, options: &CsvOptions, expected: usize) -> Result<()> {
        let before = self.rows;
        self.rows += tokens.len();
        match &mut self.values {
            Values::Dropped => self.inferred = self.inferred.after(tokens, slot, options),
            Values::Nulls => {
                self.inferred = Inferred::Null.after(tokens, slot, options);
                if self.inferred != Inferred::Null {
                    let mut values = Box::new(ColumnBuilder::new(&self.inferred.data_type())?);
                    values.append_nulls(before);
                    values.append(tokens, slot, options, &mut self.bad)?;
                    values.reserve(expected);
                    self.values = Values::Of(values);
                } else if tokens.has_text(slot) {
                    // Empty text is of no type, but what it becomes depends on the one that the column gets.
                    self.values = Values::Dropped;
                }
            }
            Values::Of(values) => {
                self.bad.clear();
                // A text that such a column can hold is of its type; of the others only inference knows.
                let known = matches!(self.inferred, Inferred::Int | Inferred::Long | Inferred::Double | Inferred::String);
                let mut same = known || self.inferred.after(tokens, slot, options) == self.inferred;
                if same {
                    values.append(tokens, slot, options, &mut self.bad)?;
                    same = !known || self.bad.is_empty() || self.inferred.after(tokens, slot, options) == self.inferred;
                }
                if !same {
                    self.inferred = self.inferred.after(tokens, slot, options);
                    self.values = Values::Dropped;
                }
            }
        }
        Ok(())
    }

    /// The column, if its values were read as the type that the whole column turned out to have.
    ///
    /// # Errors
    /// When Arrow finds bytes that are no column, which would be a fault of the engine.
    pub fn finish(self, inferred: Inferred) -> Result<Option<ArrayRef>> {
        match self.values {
            Values::Nulls => Ok(Some(new_null_array(&inferred.data_type().to_arrow(), self.rows))),
            Values::Of(values) if self.inferred == inferred => values.finish().map(Some),
            _ => Ok(None),
        }
    }
}

#[cfg(test)]
mod tests {
    use arrow_array::ArrayRef;
    use kindling_partition::Executor;
    use proptest::prelude::*;

    use crate::csv::{CsvOptions, CsvSource, ParseMode};
    use crate::schema::Schema;
    use crate::session::{FileStore, MemoryFiles};
    use crate::source::Source;

    fn read(text: &str, options: CsvOptions, schema: Option<&Schema>) -> (Schema, Vec<Vec<ArrayRef>>) {
        let (files, executor) = (MemoryFiles::default(), Executor::new(2));
        files.write("/files/a.csv", text.as_bytes().to_vec()).expect("written");
        let source = CsvSource::open(&executor, &files, &["/files/a.csv"], options, schema).expect("opened");
        let columns: Vec<usize> = (0..source.schema().len()).collect();
        let all = || (0..source.partitions()).map(|p| source.read(&executor, p, &columns).expect("read").columns).collect::<Vec<_>>();
        let (once, twice) = (all(), all());
        assert_eq!(once, twice, "what inference has parsed is what is parsed again");
        ((*source.schema()).clone(), twice)
    }

    fn cell() -> impl Strategy<Value = &'static str> {
        prop::sample::select(vec![
            "",
            "0",
            "-0",
            "7",
            "-12",
            "2147483648",
            "99999999999999999999",
            "1.5",
            "-0.0",
            "1e3",
            "NaN",
            "2024-02-29",
            "2024-02-29 01:02:03",
            "true",
            "x",
            "NA",
            "Inf",
        ])
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(60))]

        /// Types change within a batch, between batches, and where a cell stands alone; the values are those of a file whose types are given.
        #[test]
        fn values_are_those_of_the_type_that_all_have(
            runs in prop::collection::vec((cell(), cell(), 1_usize..400), 1..8),
            null in prop::sample::select(vec!["", "NA"]),
        ) {
            let mut text = String::from("a,b\n");
            for (a, b, times) in runs {
                (0..times).for_each(|_| text.push_str(&format!("{a},{b}\n")));
            }
            let options = || CsvOptions { header: true, infer_schema: true, null_value: null.into(), ..CsvOptions::default() };
            let (schema, columns) = read(&text, options(), None);
            // Where records may be dropped, nothing is parsed before the types are known.
            let (apart, _) = read(&text, CsvOptions { mode: ParseMode::DropMalformed, ..options() }, None);
            prop_assert_eq!(&schema, &apart);
            prop_assert_eq!(columns, read(&text, options(), Some(&schema)).1);
        }
    }
}
