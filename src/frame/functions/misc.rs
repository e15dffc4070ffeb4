use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int32Type, Int64Type};
use arrow_array::{Array, ArrayRef, Float64Array, Int32Array, Int64Array, ListArray, StringArray};
use arrow_buffer::OffsetBuffer;
use kindling_partition::{Error, Result};

use super::declare::{Args, Body, Function, Outcome, params};
use crate::coerce::{cast_to, expect, literal, wrong_type};
use crate::hash;
use crate::random::XorShiftRandom;
use crate::types::{DataType, list_item};
use crate::value::Value;
use crate::vector_column::{VectorBuilder, VectorColumn};

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        name: "rand",
        doc: "A number in [0, 1) for each row; the same seed over the same partitions gives the same numbers as in Spark.",
        params: params!("?seed"),
        resolve: |args| {
            expect("rand", args, 0, &DataType::Long)?;
            literal("rand", args, 0).map(|_| Outcome::new(DataType::Double, false))
        },
        body: Body::Nondeterministic(|args| draws(args, XorShiftRandom::next_double)),
    },
    Function {
        name: "randn",
        doc: "A standard normal number for each row; the same seed over the same partitions gives the same numbers as in Spark.",
        params: params!("?seed"),
        resolve: |args| {
            expect("randn", args, 0, &DataType::Long)?;
            literal("randn", args, 0).map(|_| Outcome::new(DataType::Double, false))
        },
        body: Body::Nondeterministic(|args| draws(args, XorShiftRandom::next_gaussian)),
    },
    Function {
        name: "monotonically_increasing_id",
        doc: "A number for each row that grows with the partition (in the upper 31 bits) and the row.",
        params: params!(),
        resolve: |_| Ok(Outcome::new(DataType::Long, false)),
        body: Body::Nondeterministic(|args| {
            let base = (args.context.partition as i64) << 33;
            Ok(Arc::new(Int64Array::from_iter_values((0..args.rows as i64).map(|i| base + i))))
        }),
    },
    Function {
        name: "spark_partition_id",
        doc: "The number of the partition that the row is in.",
        params: params!(),
        resolve: |_| Ok(Outcome::new(DataType::Int, false)),
        body: Body::Nondeterministic(|args| Ok(Arc::new(Int32Array::from(vec![args.context.partition as i32; args.rows])))),
    },
    // Where rows come straight from files, columns of the files take these functions' places.
    Function {
        name: "input_file_name",
        doc: "The address of the file that the row was read from; an empty text after a shuffle, and for rows from no file.",
        params: params!(),
        resolve: |_| Ok(Outcome::new(DataType::String, false)),
        body: Body::Nondeterministic(|args| Ok(Arc::new(StringArray::from(vec![""; args.rows])))),
    },
    Function {
        name: "input_file_block_start",
        doc: "Where the part of the file begins that the row was read from; -1 after a shuffle, and for rows from no file.",
        params: params!(),
        resolve: |_| Ok(Outcome::new(DataType::Long, false)),
        body: NO_BLOCK,
    },
    Function {
        name: "input_file_block_length",
        doc: "How long the part of the file is that the row was read from; -1 after a shuffle, and for rows from no file.",
        params: params!(),
        resolve: |_| Ok(Outcome::new(DataType::Long, false)),
        body: NO_BLOCK,
    },
    Function::scalar(
        "hash",
        "Spark's Murmur3 hash of the columns, seed 42.",
        params!("*cols"),
        |_| Ok(Outcome::new(DataType::Int, false)),
        |args| {
            let columns = args.args.iter().map(|a| a.expand(args.rows)).collect::<Result<Vec<_>>>()?;
            Ok(Arc::new(Int32Array::from(hash::hash_rows(&columns, args.rows)?)))
        },
    ),
    Function::scalar(
        "named",
        "The column under a name, within a struct.",
        params!("col", "=name"),
        |args| Ok(Outcome::new(args[0].data_type.clone(), args[0].nullable)),
        |args| args.args[0].expand(args.rows),
    ),
    Function::scalar(
        "typeof",
        "The type of the column.",
        params!("col"),
        |_| Ok(Outcome::new(DataType::String, false)),
        |args| {
            let name = args.args[0].data_type.simple_string();
            args.rows_to_strings(|_, out| {
                out.push_str(&name);
                Ok(true)
            })
        },
    ),
    Function {
        name: "raise_error",
        doc: "Fails with this message as soon as a row is computed.",
        params: params!("errMsg"),
        resolve: |args| {
            expect("raise_error", args, 0, &DataType::String)?;
            Ok(Outcome::new(DataType::Null, true))
        },
        // Not the same for all rows: where there are none, nothing fails.
        body: Body::Nondeterministic(|args| {
            if args.rows == 0 {
                return Ok(Arc::new(arrow_array::NullArray::new(0)));
            }
            Err(Error::runtime(args.args[0].strs().get(0).unwrap_or("null")).with_condition("USER_RAISED_EXCEPTION"))
        }),
    },
    Function::scalar(
        "vector_to_array",
        "The numbers of a vector as an array of doubles.",
        params!("col", "?dtype"),
        |args| match args[0].data_type {
            DataType::Vector => Ok(Outcome::new(DataType::Array(Box::new(DataType::Double), false), args[0].nullable)),
            _ => Err(wrong_type("vector_to_array", args, 0, "VECTOR")),
        },
        vector_to_array,
    ),
    Function::scalar(
        "array_to_vector",
        "A dense vector of an array of numbers.",
        params!("col"),
        |args| {
            if !matches!(&args[0].data_type, DataType::Array(element, _) if element.is_numeric()) {
                return Err(wrong_type("array_to_vector", args, 0, "ARRAY<DOUBLE>"));
            }
            cast_to(&mut args[0], &DataType::array(DataType::Double));
            Ok(Outcome::new(DataType::Vector, args[0].nullable))
        },
        array_to_vector,
    ),
    Function::scalar(
        "shiftleft",
        "The bits shifted to the left.",
        params!("col", "numBits"),
        |args| super::bits::shifted("shiftleft", args),
        |args| match args.args[0].data_type {
            DataType::Long => args.binary::<Int64Type, Int32Type, Int64Type>(|a, n| a.wrapping_shl(n as u32)),
            _ => args.binary::<Int32Type, Int32Type, Int32Type>(|a, n| a.wrapping_shl(n as u32)),
        },
    ),
    Function::scalar(
        "shiftright",
        "The bits shifted to the right, keeping the sign.",
        params!("col", "numBits"),
        |args| super::bits::shifted("shiftright", args),
        |args| match args.args[0].data_type {
            DataType::Long => args.binary::<Int64Type, Int32Type, Int64Type>(|a, n| a.wrapping_shr(n as u32)),
            _ => args.binary::<Int32Type, Int32Type, Int32Type>(|a, n| a.wrapping_shr(n as u32)),
        },
    ),
];

const NO_BLOCK: Body = Body::Nondeterministic(|args| Ok(Arc::new(Int64Array::from(vec![-1; args.rows]))));

/// Each partition draws from its own generator, seeded with the seed and the partition's number added.
fn draws(args: &Args<'_>, draw: impl Fn(&mut XorShiftRandom) -> f64) -> Result<ArrayRef> {
    let seed = match args.args.first() {
        Some(arg) => match crate::batch::value_at(&arg.array, &arg.data_type, 0) {
            Value::Null => 0,
            value => value.as_i64().unwrap_or(0),
        },
        None => 0,
    };
    let mut random = XorShiftRandom::new(seed.wrapping_add(args.context.partition as i64));
    Ok(Arc::new(Float64Array::from_iter_values((0..args.rows).map(|_| draw(&mut random)))))
}

fn vector_to_array(args: &Args<'_>) -> Result<ArrayRef> {
    let full = args.args[0].expand(args.rows)?;
    let vectors = VectorColumn::new(&full)?;
    let mut values = Vec::new();
    let lengths: Vec<usize> = (0..vectors.len())
        .map(|i| {
            if vectors.is_null(i) {
                return 0;
            }
            let row = vectors.row(i);
            let start = values.len();
            values.resize(start + row.size(), 0.0);
            row.write_dense(&mut values[start..]);
            row.size()
        })
        .collect();
    let items = Arc::new(Float64Array::from(values));
    let list = ListArray::try_new(list_item(&DataType::Double), OffsetBuffer::from_lengths(lengths), items, full.nulls().cloned());
    Ok(Arc::new(list.map_err(crate::batch::arrow)?))
}

fn array_to_vector(args: &Args<'_>) -> Result<ArrayRef> {
    let full = args.args[0].expand(args.rows)?;
    let list = full.as_list::<i32>();
    let items = list.values().as_primitive::<Float64Type>();
    let mut vectors = VectorBuilder::with_capacity(args.rows, items.len());
    for i in 0..args.rows {
        if list.is_null(i) {
            vectors.append_null();
            continue;
        }
        let (start, end) = (list.value_offsets()[i] as usize, list.value_offsets()[i + 1] as usize);
        if items.slice(start, end - start).null_count() > 0 {
            return Err(Error::runtime("array_to_vector can't make a vector of an array with a null in it."));
        }
        vectors.append_dense(&items.values()[start..end]);
    }
    Ok(vectors.finish())
}
