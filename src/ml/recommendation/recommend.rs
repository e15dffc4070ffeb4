//! The best of all items for users, and of all users for items.

use std::sync::Arc;

use kindling_frame::hash::{SEED, hash_int, pmod};
use kindling_frame::{Batch, DataFrame, DataType, Field, Row, Schema, Session, Value, array_of};
use kindling_partition::Result;

use super::model::{Lookup, product};

/// Ids of one task.
const CHUNK: usize = 16;

/// Spark's default, which its grouping of rows by id parts them into.
const SHUFFLE_PARTITIONS: usize = 200;

/// A row for each id of one side's blocks: the id, and the best of the other side with their ratings, best first; of equal ratings the
/// greater id first. Within a block rows come by the hash of the id, as Spark's grouping by it gives them out;
/// those of a subset come in Spark by the hashes of a join.
pub(super) fn recommend(
    session: &Session,
    rank: usize,
    blocks: &[Vec<i32>],
    own: &Lookup,
    other: &Lookup,
    (own_name, other_name): (&str, &str),
    count: usize,
) -> Result<DataFrame> {
    let executor = session.executor();
    let fields = vec![Field::new(other_name, DataType::Int, true), Field::new("rating", DataType::Float, true)];
    let names: Arc<[Arc<str>]> = fields.iter().map(|field| field.name.clone()).collect();
    let others = &other.factors;
    let mut blocks = blocks.to_vec();
    blocks.iter_mut().for_each(|ids| ids.sort_by_key(|id| pmod(hash_int(*id, SEED), SHUFFLE_PARTITIONS)));
    let chunks: Vec<&[i32]> = blocks.iter().flat_map(|ids| ids.chunks(CHUNK)).collect();
    let mut lists = executor.map("recommend", &chunks, |_, ids| {
        let one = |id: &i32| {
            executor.check()?;
            let row = own.get(*id, rank).unwrap_or_default();
            let mut rated: Vec<(f32, i32)> =
                others.values.chunks_exact(rank).zip(&others.ids).map(|(other, id)| (product(row, other), *id)).collect();
            let best_first = |a: &(f32, i32), b: &(f32, i32)| b.0.total_cmp(&a.0).then(b.1.cmp(&a.1));
            if rated.len() > count {
                rated.select_nth_unstable_by(count, best_first);
                rated.truncate(count);
            }
            rated.sort_unstable_by(best_first);
            let pair =
                |(rating, id): (f32, i32)| Value::Struct(Row { names: names.clone(), values: vec![Value::Int(id), Value::Float(rating)] });
            Ok(Value::Array(rated.into_iter().map(pair).collect()))
        };
        ids.iter().map(one).collect::<Result<Vec<_>>>()
    })?;
    let list = DataType::array(DataType::Struct(fields));
    let batches = blocks.iter().map(|ids| {
        let lists = lists.drain(..ids.len().div_ceil(CHUNK)).collect::<Vec<_>>().concat();
        let ids: Vec<Value> = ids.iter().map(|id| Value::Int(*id)).collect();
        Ok(Batch::new(vec![array_of(&DataType::Int, &ids)?, array_of(&list, &lists)?], ids.len()))
    });
    let batches = batches.collect::<Result<_>>()?;
    let schema = Schema::new(vec![Field::new(own_name, DataType::Int, false), Field::new("recommendations", list, true)]);
    Ok(DataFrame::from_batches(session, Arc::new(schema), batches))
}
