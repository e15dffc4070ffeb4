//! PrefixSpan as PySpark has it: neither estimator nor transformer, but something with params and one method.

use std::sync::Arc;

use kindling_frame::{DataFrame, DataType, Field, Schema, Value};
use kindling_partition::{Error, Result};

use super::items::{merged, numbered};
use super::span::patterns;
use crate::param::{ParamDecl, ParamKind, Params, Range};
use crate::persist::Saving;
use crate::stage::{MemberDecl, StageDecl, Transformer};
use crate::value::MlValue;

const MIN_SUPPORT: ParamDecl = ParamDecl::new(
    "minSupport",
    "The minimal support level of the sequential pattern. Sequential pattern that appears more than (minSupport * size-of-the-dataset) \
     times will be output. Must be >= 0.",
    ParamKind::Float(Range::at_least(0.0)),
)
.default_float(0.1);
const MAX_PATTERN_LENGTH: ParamDecl =
    ParamDecl::new("maxPatternLength", "The maximal length of the sequential pattern. Must be > 0.", ParamKind::Int(Range::above(0.0)))
        .default_int(10);
const MAX_LOCAL_PROJ_DB_SIZE: ParamDecl = ParamDecl::new(
    "maxLocalProjDBSize",
    "The maximum number of items (including delimiters used in the internal storage format) allowed in a projected database before local \
     processing. If a projected database exceeds this size, another iteration of distributed prefix growth is run. Must be > 0.",
    ParamKind::Int(Range::above(0.0)),
)
.default_int(32_000_000);
const SEQUENCE_COL: ParamDecl = ParamDecl::new(
    "sequenceCol",
    "The name of the sequence column in dataset, rows with nulls in this column are ignored.",
    ParamKind::Column,
)
.default_text("sequence");

/// Spark doesn't save it either.
pub static PREFIX_SPAN: StageDecl = StageDecl { saving: Saving::Never, ..DECLARED };

const DECLARED: StageDecl = StageDecl::transformer(
    "PrefixSpan",
    "fpm",
    "A parallel PrefixSpan algorithm to mine frequent sequential patterns: which sets of items often come one after the other.",
    &[MIN_SUPPORT, MAX_PATTERN_LENGTH, MAX_LOCAL_PROJ_DB_SIZE, SEQUENCE_COL],
    |params| {
        let checked = params.checked()?;
        Ok(Arc::new(PrefixSpan {
            support: checked.float(&MIN_SUPPORT)?,
            most: checked.count(&MAX_PATTERN_LENGTH)?,
            column: checked.text(&SEQUENCE_COL)?,
            params: params.clone(),
        }))
    },
)
.members(&[MemberDecl::method(
    "findFrequentSequentialPatterns",
    &["dataset"],
    "Finds the complete set of frequent sequential patterns in the input sequences of itemsets: a DataFrame of sequence and freq.",
)]);

struct PrefixSpan {
    params: Params,
    support: f64,
    most: usize,
    column: Arc<str>,
}

fn sets(sequence: &[Value]) -> impl Iterator<Item = &[Value]> {
    sequence.iter().filter_map(|set| if let Value::Array(items) = set { Some(&**items) } else { None })
}

impl PrefixSpan {
    fn find(&self, data: &DataFrame) -> Result<DataFrame> {
        let data_type = data.schema().field(&self.column)?.data_type.clone();
        if !matches!(&data_type, DataType::Array(element, _) if matches!(**element, DataType::Array(..))) {
            return Err(Error::illegal_argument(format!(
                "requirement failed: The input column must be ArrayType and the array element type must also be ArrayType, but got {}.",
                data_type.simple_string()
            )));
        }
        let read = numbered(data, &self.column, |items, sequence| {
            let set = |set: &[Value]| set.iter().map(|item| items.number(item)).collect();
            Ok(sets(sequence).map(set).collect::<Vec<Vec<u32>>>())
        })?;
        let executor = data.session().executor();
        let rows: usize = read.iter().map(|part| part.rows.len()).sum();
        let least = libm::ceil(rows as f64 * self.support) as u64;
        let (items, places) = merged(&read);
        let (mut counts, mut sequences) = (vec![0; items.values.len()], Vec::with_capacity(rows));
        let partitions = read.len();
        for (part, places) in read.into_iter().zip(&places) {
            for mut sequence in part.rows {
                executor.check()?;
                sequence.iter_mut().flatten().for_each(|item| *item = places[*item as usize]);
                let mut distinct: Vec<u32> = sequence.iter().flatten().copied().collect();
                distinct.sort_unstable();
                distinct.dedup();
                distinct.iter().for_each(|item| counts[*item as usize] += 1);
                sequences.push(sequence);
            }
        }
        let ranked = items.ranked(&counts, least.max(1), partitions);
        let mut ranks = vec![None; items.values.len()];
        ranked.iter().enumerate().for_each(|(rank, item)| ranks[*item as usize] = Some(rank as u32));
        for sequence in &mut sequences {
            executor.check()?;
            for set in sequence {
                *set = set.iter().filter_map(|item| ranks[*item as usize]).collect();
                set.sort_unstable();
                set.dedup();
            }
        }
        let item = |rank: &u32| items.values[ranked[*rank as usize] as usize].clone();
        let set = |set: &Vec<u32>| Value::Array(set.iter().map(item).collect());
        let rows: Vec<Vec<Value>> = patterns(executor, &sequences, ranked.len(), least, self.most)?
            .iter()
            .map(|found| vec![Value::Array(found.sets.iter().map(set).collect()), Value::Long(found.count as i64)])
            .collect();
        let schema = Schema::new(vec![Field::new("sequence", data_type, false), Field::new("freq", DataType::Long, false)]);
        data.session().create_dataframe(&rows, schema)
    }

    fn no_transformer(&self) -> Error {
        Error::type_error("'PrefixSpan' object has no attribute 'transform'. Use findFrequentSequentialPatterns(dataset).")
    }
}

impl Transformer for PrefixSpan {
    fn params(&self) -> &Params {
        &self.params
    }

    fn transform_schema(&self, _schema: &Schema) -> Result<Schema> {
        Err(self.no_transformer())
    }

    fn transform(&self, _data: &DataFrame) -> Result<DataFrame> {
        Err(self.no_transformer())
    }

    fn method(&self, name: &str, args: &[MlValue]) -> Result<MlValue> {
        match (name, args) {
            ("findFrequentSequentialPatterns", [MlValue::DataFrame(data)]) => self.find(data).map(MlValue::DataFrame),
            ("findFrequentSequentialPatterns", _) => Err(Error::type_error("findFrequentSequentialPatterns() takes one DataFrame.")),
            _ => Err(Error::type_error(format!("'PrefixSpan' object has no attribute '{name}'."))),
        }
    }
}
