use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef};
use kindling_frame::hash::{SEED, fold_column, hash_double, hash_int, hash_long, murmur3_bytes, pmod};
use kindling_frame::{DataFrame, DataType, Field, Schema, VectorBuilder};
use kindling_partition::{Error, Executor, Result};

use super::mapped::{Mapped, each_row, vector_field};
use crate::param::{ParamDecl, ParamKind, Params, shared};
use crate::stage::{MemberDecl, StageDecl, Transformer};
use crate::value::MlValue;

/// Counts words at places that their hashes give. Spark's `org.apache.spark.ml.feature.HashingTF`.
pub static HASHING_TF: StageDecl = StageDecl::transformer(
    "HashingTF",
    "feature",
    "Maps a sequence of terms to their term frequencies using the hashing trick. Currently we use Austin Appleby's MurmurHash 3 algorithm \
     (MurmurHash3_x86_32) to calculate the hash code value for the term object. Since a simple modulo is used to transform the hash function to \
     a column index, it is advisable to use a power of two as the numFeatures parameter; otherwise the features will not be mapped evenly to the \
     columns.",
    &[shared::NUM_FEATURES, BINARY, shared::INPUT_COL, shared::OUTPUT_COL],
    |params| {
        let checked = params.checked()?;
        let (size, binary) = (checked.count(&shared::NUM_FEATURES)?, checked.bool(&BINARY)?);
        let map = Arc::new(move |executor: &Executor, arrays: &[ArrayRef], rows: usize| counts(executor, &arrays[0], rows, size, binary));
        let mapped = Mapped::single(params, move |schema, input, output| field(schema, input, output, size), map)?;
        Ok(Arc::new(HashingTf { mapped, size }))
    },
)
.members(&[MemberDecl::method("indexOf", &["term"], "Returns the index of the input term.")]);

const BINARY: ParamDecl = ParamDecl::new(
    "binary",
    "If True, all non zero counts are set to 1. This is useful for discrete probabilistic models that model binary events rather \
     than integer counts. Default False.",
    ParamKind::Boolean,
)
.default_bool(false);

struct HashingTf {
    mapped: Mapped,
    size: usize,
}

impl Transformer for HashingTf {
    fn params(&self) -> &Params {
        self.mapped.params()
    }

    fn transform_schema(&self, schema: &Schema) -> Result<Schema> {
        self.mapped.transform_schema(schema)
    }

    fn transform(&self, data: &DataFrame) -> Result<DataFrame> {
        self.mapped.transform(data)
    }

    fn method(&self, name: &str, args: &[MlValue]) -> Result<MlValue> {
        let hash = match (name, args.first()) {
            ("indexOf", Some(MlValue::Text(term))) => murmur3_bytes(term.as_bytes(), SEED),
            ("indexOf", Some(MlValue::Bool(term))) => hash_int(i32::from(*term), SEED),
            ("indexOf", Some(MlValue::Int(term))) => {
                i32::try_from(*term).map_or_else(|_| hash_long(*term, SEED), |term| hash_int(term, SEED))
            }
            ("indexOf", Some(MlValue::Float(term))) => hash_double(*term, SEED),
            _ => return Err(Error::type_error("HashingTF.indexOf takes a term: a text, a number or a truth value.")),
        };
        Ok(MlValue::Int(pmod(hash, self.size) as i64))
    }
}

fn field(schema: &Schema, input: &str, output: &Arc<str>, size: usize) -> Result<Field> {
    match &schema.field(input)?.data_type {
        DataType::Array(..) => Ok(vector_field(output, Some(size))),
        other => Err(Error::illegal_argument(format!(
            "requirement failed: The input column must be array, but got {other}. Tokenizer makes an array of words of text."
        ))),
    }
}

fn counts(executor: &Executor, array: &ArrayRef, rows: usize, size: usize, binary: bool) -> Result<ArrayRef> {
    let lists = array.as_list::<i32>();
    let hashes = hashes(executor, lists.values())?;
    let mut out = VectorBuilder::with_capacity(rows, hashes.len());
    let mut places = Vec::new();
    each_row(executor, rows, &mut |row| {
        let offsets = lists.value_offsets();
        places.clear();
        places.extend(hashes[offsets[row] as usize..offsets[row + 1] as usize].iter().map(|hash| (pmod(*hash, size), 1.0)));
        append_sums(&mut out, size, &mut places, binary);
        Ok(())
    })?;
    Ok(out.finish())
}

/// A sparse vector of the sums at each place; `binary` makes ones of them.
pub(super) fn append_sums(out: &mut VectorBuilder, size: usize, places: &mut [(usize, f64)], binary: bool) {
    places.sort_by_key(|(place, _)| *place);
    let runs = places.chunk_by(|a, b| a.0 == b.0);
    let sum = |run: &[(usize, f64)]| if binary { 1.0 } else { run.iter().map(|(_, value)| value).sum() };
    let (indices, values): (Vec<i32>, Vec<f64>) = runs.map(|run| (run[0].0 as i32, sum(run))).unzip();
    out.append_sparse(size, &indices, &values);
}

/// The hash of each term, as Spark 3 and later have it: of texts not the hash of SQL.
fn hashes(executor: &Executor, terms: &ArrayRef) -> Result<Vec<i32>> {
    let mut hashes = vec![SEED; terms.len()];
    match terms.as_string_opt::<i32>() {
        Some(texts) => each_row(executor, terms.len(), &mut |i| {
            hashes[i] = if texts.is_null(i) { SEED } else { murmur3_bytes(texts.value(i).as_bytes(), SEED) };
            Ok(())
        })?,
        None => fold_column(terms, &mut hashes)?,
    }
    Ok(hashes)
}
