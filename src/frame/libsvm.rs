//! `spark.read.format("libsvm")` and `df.write.format("libsvm")`: lines of a label and the features that aren't zero, as `1 3:0.5 7:2`, features counted from 1.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::Float64Type;
use arrow_array::{ArrayRef, Float64Array};
use kindling_linalg::number::java_double;
use kindling_partition::{Error, ErrorKind, Executor, Result, did_you_mean};

use crate::batch::Batch;
use crate::files::{Format, Lines, Split, data_files, line_number, partitions};
use crate::numbers::{parse_double, parse_long};
use crate::schema::Schema;
use crate::session::FileStore;
use crate::source::{Pieces, Source, Test};
use crate::types::{DataType, Field};
use crate::vector_column::{VectorBuilder, VectorColumn};

/// libsvm files as rows of `label` and `features`. The files' bytes are held as they were when it was made; they are parsed at each action.
pub struct LibsvmSource {
    files: Vec<(String, Arc<Vec<u8>>)>,
    partitions: Vec<Vec<Split>>,
    schema: Arc<Schema>,
    features: usize,
    dense: bool,
}

impl LibsvmSource {
    /// Opens files. Without `numFeatures` all lines are read once to find the largest feature. `vectorType` is `sparse` (the default) or
    /// `dense`.
    ///
    /// # Errors
    /// A path that doesn't exist, an unknown option, files without a row, and without `numFeatures` any line that isn't libsvm.
    pub fn open<'a>(
        executor: &Executor,
        store: &dyn FileStore,
        paths: &[&str],
        options: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<Self> {
        Self::new(executor, data_files(store, paths)?, options)
    }

    /// The same of files that are open already.
    pub(crate) fn new<'a>(
        executor: &Executor,
        files: Vec<(String, Arc<Vec<u8>>)>,
        options: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<Self> {
        let (mut features, mut dense) = (None, false);
        for (name, value) in options {
            match name.to_ascii_lowercase().as_str() {
                "numfeatures" => {
                    let number = value.trim().parse().ok().filter(|n| *n > 0);
                    features = Some(
                        number
                            .ok_or_else(|| Error::illegal_argument(format!("numFeatures must be a positive number, found '{value}'.")))?,
                    );
                }
                "vectortype" => match value.to_ascii_lowercase().as_str() {
                    "sparse" => dense = false,
                    "dense" => dense = true,
                    _ => {
                        return Err(Error::illegal_argument(format!(
                            "Invalid value '{value}' for vectorType. Expected `sparse` or `dense`."
                        )));
                    }
                },
                _ => {
                    let near = did_you_mean(name, ["numFeatures", "vectorType"]);
                    return Err(Error::illegal_argument(format!("There is no libsvm option '{name}'.{near}")));
                }
            }
        }
        let sizes: Vec<usize> = files.iter().map(|(_, data)| data.len()).collect();
        let schema = Schema::new(vec![Field::new("label", DataType::Double, true), Field::new("features", DataType::Vector, true)]);
        let mut source = Self { files, partitions: partitions(&sizes, false), schema: Arc::new(schema), features: usize::MAX, dense };
        source.features = match features {
            Some(features) => features,
            None => source.largest_feature(executor)?,
        };
        Ok(source)
    }

    fn largest_feature(&self, executor: &Executor) -> Result<usize> {
        let largest = executor.map("read libsvm features", &self.partitions, |_, splits| {
            let mut largest = None;
            self.each_line(executor, splits, |line| {
                largest = largest.max(Some(line.indices.last().map_or(0, |i| *i as usize + 1)));
                Ok(())
            })?;
            Ok(largest)
        })?;
        largest.into_iter().max().flatten().ok_or_else(|| {
            Error::illegal_argument("The number of features can't be read off files without a row. Set the option numFeatures.")
        })
    }

    fn each_line(&self, executor: &Executor, splits: &[Split], mut row: impl FnMut(&Line) -> Result<()>) -> Result<()> {
        let mut line = Line::default();
        for split in splits {
            let (path, data) = &self.files[split.file];
            for (i, (at, text)) in Lines::new(data, &split.bytes, None).enumerate() {
                if i % 1024 == 0 {
                    executor.check()?;
                }
                if !crate::dates::trim(text).is_empty() && text[0] != b'#' {
                    line.read(text, self.features)
                        .map_err(|(field, why)| Error::new(ErrorKind::Runtime, why).at(path, line_number(data, at), field as u64))?;
                    row(&line)?;
                }
            }
        }
        Ok(())
    }
}

/// One partition as lines: the label, and of a dense vector every entry, of a sparse one those that it stores. A null label is `0.0`.
///
/// # Errors
/// Anything but a column of doubles and one of vectors; a null vector.
pub(crate) fn write_libsvm(schema: &Schema, batch: &Batch) -> Result<Vec<u8>> {
    if !schema.iter().map(|f| &f.data_type).eq([&DataType::Double, &DataType::Vector]) {
        let text = format!(
            "Illegal schema for libsvm data, schema={}: it takes a column of doubles, the label, and a column of vectors, the features.",
            schema.simple_string()
        );
        return Err(Error::new(ErrorKind::Runtime, text));
    }
    let (labels, vectors) = (batch.columns[0].as_primitive::<Float64Type>(), VectorColumn::new(&batch.columns[1])?);
    let mut out = String::new();
    for (row, label) in labels.iter().enumerate() {
        if vectors.is_null(row) {
            return Err(Error::new(ErrorKind::Runtime, "A row without a vector can't be written as libsvm: filter it out first."));
        }
        out.push_str(&java_double(label.unwrap_or(0.0)));
        for (i, value) in vectors.row(row).active() {
            out.extend([" ", &(i + 1).to_string(), ":", &java_double(value)]);
        }
        out.push('\n');
    }
    Ok(out.into_bytes())
}

#[derive(Default)]
struct Line {
    label: f64,
    indices: Vec<i32>,
    values: Vec<f64>,
}

impl Line {
    /// Reads a line; fails with the number of the word and what is wrong with it.
    fn read(&mut self, text: &[u8], features: usize) -> Result<(), (usize, String)> {
        self.indices.clear();
        self.values.clear();
        let mut words = text.split(u8::is_ascii_whitespace).filter(|w| !w.is_empty()).enumerate();
        let label = words.next().map(|(_, w)| w).unwrap_or_default();
        self.label = parse_double(label)
            .ok_or_else(|| (1, format!("expected a number as the label, found '{}'", String::from_utf8_lossy(label))))?;
        for (i, word) in words {
            let shown = String::from_utf8_lossy(word);
            let wrong = |what: &str| (i + 1, format!("expected {what}, found '{shown}'"));
            let colon = word.iter().position(|b| *b == b':').ok_or_else(|| wrong("index:value"))?;
            let index = parse_long(&word[..colon]).and_then(|n| i32::try_from(n).ok()).filter(|n| *n > 0);
            let index = index.ok_or_else(|| wrong("an index from 1 on before the colon"))? - 1;
            if self.indices.last().is_some_and(|before| index <= *before) {
                return Err(wrong("indices one-based and in ascending order"));
            }
            if index as usize >= features {
                return Err(wrong(&format!("indices up to numFeatures = {features}")));
            }
            self.indices.push(index);
            self.values.push(parse_double(&word[colon + 1..]).ok_or_else(|| wrong("a number behind the colon"))?);
        }
        Ok(())
    }
}

impl Source for LibsvmSource {
    fn name(&self) -> String {
        let paths: Vec<&str> = self.files.iter().map(|f| f.0.as_str()).collect();
        format!("FileScan libsvm {}", paths.join(", "))
    }

    fn schema(&self) -> Arc<Schema> {
        self.schema.clone()
    }

    fn partitions(&self) -> usize {
        self.partitions.len()
    }

    fn read(&self, executor: &Executor, partition: usize, columns: &[usize]) -> Result<Batch> {
        Format::read(self, executor, &self.partitions[partition], columns)
    }

    fn bytes(&self) -> Option<usize> {
        Some(self.files.iter().map(|f| f.1.len()).sum())
    }
}

impl Format for LibsvmSource {
    fn name(&self) -> &'static str {
        "libsvm"
    }

    fn schema(&self) -> Arc<Schema> {
        self.schema.clone()
    }

    fn read_pieces(&self, executor: &Executor, splits: &[Split], columns: &[usize], _: &[Test], each: &mut Pieces<'_>) -> Result<()> {
        let mut labels = Vec::new();
        let mut vectors = VectorBuilder::with_capacity(0, 0);
        let mut dense = vec![0.0; if self.dense { self.features } else { 0 }];
        self.each_line(executor, splits, |line| {
            labels.push(line.label);
            if self.dense {
                dense.fill(0.0);
                line.indices.iter().zip(&line.values).for_each(|(i, v)| dense[*i as usize] = *v);
                vectors.append_dense(&dense);
            } else {
                // Zeros that are written out are not stored.
                let stored = || line.indices.iter().zip(&line.values).filter(|(_, v)| **v != 0.0);
                vectors.append_filled(self.features, |indices, values| {
                    indices.extend(stored().map(|(i, _)| i));
                    values.extend(stored().map(|(_, v)| v));
                });
            }
            Ok(())
        })?;
        let rows = labels.len();
        let arrays: [ArrayRef; 2] = [Arc::new(Float64Array::from(labels)), vectors.finish()];
        each(Batch::new(columns.iter().map(|c| arrays[*c].clone()).collect(), rows))
    }
}

/// Expected values: Spark 4.3, by tests/reference/write_csv.py.
#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::format::shown;
    use crate::session::MemoryFiles;

    fn open(text: &str, options: &[(&str, &str)]) -> Result<LibsvmSource> {
        let files = MemoryFiles::default();
        files.write("/files/a.txt", text.as_bytes().to_vec())?;
        LibsvmSource::open(&Executor::new(2), &files, &["/files/a.txt"], options.iter().copied())
    }

    fn rows(source: &LibsvmSource) -> Result<Vec<[String; 2]>> {
        let mut rows = Vec::new();
        for partition in 0..source.partitions() {
            let batch = Source::read(source, &Executor::new(1), partition, &[0, 1])?;
            let (labels, features) = (shown(&batch.columns[0], &DataType::Double), shown(&batch.columns[1], &DataType::Vector));
            rows.extend(labels.into_iter().zip(features).map(|(l, f)| [l, f]));
        }
        Ok(rows)
    }

    #[test]
    fn files_read_as_in_spark() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/reference/write_csv.json");
        let reference: Value = serde_json::from_str(&std::fs::read_to_string(path).expect("the reference file")).expect("valid JSON");
        for case in reference["libsvm"].as_array().expect("a list") {
            let options = case["options"].as_object().expect("options");
            let options: Vec<(&str, &str)> = options.iter().map(|(k, v)| (k.as_str(), v.as_str().expect("text"))).collect();
            match open(case["text"].as_str().expect("text"), &options).and_then(|s| rows(&s)) {
                Ok(rows) => assert_eq!(serde_json::json!(rows), case["rows"], "{case}"),
                Err(error) => assert!(case.get("error").is_some(), "{case}: {error}"),
            }
        }
    }

    #[test]
    fn a_bad_line_is_told_with_its_place() {
        let error = open("1 1:1\n0 3:1 2:1\n", &[]).err().expect("not ascending").to_string();
        assert_eq!(error, "/files/a.txt, line 2, column 3: expected indices one-based and in ascending order, found '2:1'");
    }

    /// Spark's own sample: 100 rows of 692 features.
    #[test]
    fn the_bundled_sample_loads() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../www/public/datasets/sample_libsvm_data.txt");
        let source = open(&std::fs::read_to_string(path).expect("the data set"), &[]).expect("opened");
        let rows = rows(&source).expect("read");
        assert_eq!((rows.len(), source.features), (100, 692));
        assert!(rows[0][1].starts_with("(692,[127,128,129,130,131,154,"), "{}", rows[0][1]);
    }
}
