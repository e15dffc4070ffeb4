//! Functions that make new arrays, maps and structs of those there are.

pub(super) mod arrays;
pub(super) mod fields;
pub(super) mod map_keys;
pub(super) mod maps;
pub(super) mod sequence;
pub(super) mod structs;

use kindling_partition::{Error, Result};

use crate::coerce::{cast_to, described, wider, wrong_type};
use crate::typed::Typed;
use crate::types::DataType;

/// The element type of an array argument.
pub(super) fn element_of(name: &str, args: &[Typed], i: usize) -> Result<(DataType, bool)> {
    match &args[i].data_type {
        DataType::Array(element, nulls) => Ok(((**element).clone(), *nulls)),
        DataType::Null => Ok((DataType::Null, true)),
        _ => Err(wrong_type(name, args, i, "ARRAY")),
    }
}

/// The common type of an element and a value: a text is no number here.
pub(super) fn common(a: &DataType, b: &DataType) -> Option<DataType> {
    let promotes = |a: &DataType, b: &DataType| *a == DataType::String && !matches!(b, DataType::String | DataType::Null);
    if promotes(a, b) || promotes(b, a) { None } else { wider(a, b) }
}

/// Brings an array and a value that belongs into it to a common type, which is given.
///
/// # Errors
/// `DATATYPE_MISMATCH.ARRAY_FUNCTION_DIFF_TYPES`
pub(super) fn array_and_value(name: &str, args: &mut [Typed], value: usize) -> Result<(DataType, bool)> {
    let (element, nulls) = element_of(name, args, 0)?;
    let Some(common) = common(&element, &args[value].data_type) else {
        return Err(Error::analysis(format!(
            "Cannot resolve {} due to data type mismatch: Input to `{name}` should have been \"ARRAY\" followed by a value with same element \
             type, but it's [\"{}\", \"{}\"].",
            described(name, args),
            args[0].data_type.sql(),
            args[value].data_type.sql()
        ))
        .with_condition("DATATYPE_MISMATCH.ARRAY_FUNCTION_DIFF_TYPES"));
    };
    cast_to(&mut args[0], &DataType::Array(common.clone().into(), nulls));
    cast_to(&mut args[value], &common);
    Ok((common, nulls))
}

/// Brings two arrays to a common type, which is given.
///
/// # Errors
/// `DATATYPE_MISMATCH.BINARY_ARRAY_DIFF_TYPES`
pub(super) fn two_arrays(name: &str, args: &mut [Typed]) -> Result<(DataType, bool)> {
    let both = (element_of(name, args, 0), element_of(name, args, 1));
    let found = match &both {
        (Ok((a, n)), Ok((b, m))) => common(a, b).map(|t| (t, *n || *m)),
        _ => None,
    };
    let Some((element, nulls)) = found else {
        return Err(Error::analysis(format!(
            "Cannot resolve {} due to data type mismatch: Input to function `{name}` should have been two \"ARRAY\" with same element type, but \
             it's [\"{}\", \"{}\"].",
            described(name, args),
            args[0].data_type.sql(),
            args[1].data_type.sql()
        ))
        .with_condition("DATATYPE_MISMATCH.BINARY_ARRAY_DIFF_TYPES"));
    };
    args.iter_mut().for_each(|a| cast_to(a, &DataType::Array(element.clone().into(), nulls)));
    Ok((element, nulls))
}
