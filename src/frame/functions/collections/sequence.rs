use kindling_partition::{Error, Result};

use super::super::declare::{Cells, Function, Outcome, params};
use super::arrays::checked_length;
use crate::coerce::{cast_to, unify, wrong_type};
use crate::types::DataType;
use crate::value::Value;

pub(in super::super) const FUNCTIONS: &[Function] = &[Function::rows(
    "sequence",
    "The numbers from start to stop, both included, by a step.",
    params!("start", "stop", "~step"),
    |args| {
        let common = unify("sequence", args)?;
        if !common.is_integral() {
            return Err(wrong_type("sequence", args, 0, "INTEGRAL"));
        }
        args.iter_mut().for_each(|a| cast_to(a, &common));
        Ok(Outcome::strict(DataType::Array(common.into(), false), args))
    },
    sequence,
)];

fn sequence(c: &Cells<'_>) -> Result<Value> {
    let (start, stop) = (c.long(0), c.long(1));
    let step = if c.values.len() > 2 {
        c.long(2)
    } else if stop >= start {
        1
    } else {
        -1
    };
    if step == 0 && start != stop || step > 0 && start > stop || step < 0 && start < stop {
        return Err(Error::illegal_argument(format!("Illegal sequence boundaries: {start} to {stop} by {step}")));
    }
    let count = if step == 0 { 1 } else { (i128::from(stop) - i128::from(start)) / i128::from(step) + 1 };
    let count = checked_length("sequence", i64::try_from(count).unwrap_or(i64::MAX))?;
    let DataType::Array(element, _) = c.result else { return Ok(Value::Null) };
    let number = |i: usize| {
        let value = start + i as i64 * step;
        match **element {
            DataType::Byte => Value::Byte(value as i8),
            DataType::Short => Value::Short(value as i16),
            DataType::Int => Value::Int(value as i32),
            _ => Value::Long(value),
        }
    };
    Ok(Value::Array((0..count).map(number).collect()))
}
