//! The loops that kernels are made of: over one or two columns of numbers, with scalars where the plan has them.

use std::sync::Arc;

use arrow_array::builder::StringBuilder;
use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef, ArrowPrimitiveType, BooleanArray, PrimitiveArray, StringArray};
use arrow_buffer::{BooleanBuffer, NullBuffer};
use kindling_partition::Result;

use super::declare::Args;
use crate::types::DataType;

/// A column, or one value that stands for every row.
#[derive(Clone, Debug)]
pub(crate) struct Arg {
    pub array: ArrayRef,
    pub scalar: bool,
    pub data_type: DataType,
}

impl Arg {
    pub fn is_null(&self, row: usize) -> bool {
        self.array.is_null(if self.scalar { 0 } else { row })
    }

    /// The position in the array of a row's value.
    pub fn at(&self, row: usize) -> usize {
        if self.scalar { 0 } else { row }
    }

    /// A full column of `rows` values.
    pub fn expand(&self, rows: usize) -> Result<ArrayRef> {
        if !self.scalar {
            return Ok(self.array.clone());
        }
        repeat(&self.array, rows)
    }

    pub fn nums<T: ArrowPrimitiveType>(&self) -> Nums<'_, T> {
        let array = self.array.as_primitive::<T>();
        Nums { values: array.values(), nulls: array.nulls(), mask: self.mask() }
    }

    pub fn strs(&self) -> Strs<'_> {
        Strs { array: self.array.as_string::<i32>(), mask: self.mask() }
    }

    pub fn bools(&self) -> &BooleanArray {
        self.array.as_boolean()
    }

    fn mask(&self) -> usize {
        if self.scalar { 0 } else { usize::MAX }
    }
}

/// One value, `rows` times.
pub(crate) fn repeat(one: &ArrayRef, rows: usize) -> Result<ArrayRef> {
    let zeros = arrow_array::UInt32Array::from(vec![0; rows]);
    crate::select::take(one, &zeros)
}

/// The numbers of an argument.
pub(crate) struct Nums<'a, T: ArrowPrimitiveType> {
    values: &'a [T::Native],
    nulls: Option<&'a NullBuffer>,
    mask: usize,
}

impl<T: ArrowPrimitiveType> Clone for Nums<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: ArrowPrimitiveType> Copy for Nums<'_, T> {}

impl<T: ArrowPrimitiveType> Nums<'_, T> {
    /// The number of a row; whatever lies there when the row is null.
    pub fn raw(&self, row: usize) -> T::Native {
        self.values[row & self.mask]
    }

    pub fn get(&self, row: usize) -> Option<T::Native> {
        let i = row & self.mask;
        if self.nulls.is_some_and(|n| n.is_null(i)) { None } else { Some(self.values[i]) }
    }
}

/// The texts of an argument.
#[derive(Clone, Copy)]
pub(crate) struct Strs<'a> {
    array: &'a StringArray,
    mask: usize,
}

impl<'a> Strs<'a> {
    pub fn get(&self, row: usize) -> Option<&'a str> {
        let i = row & self.mask;
        if self.array.is_null(i) { None } else { Some(self.array.value(i)) }
    }
}

/// Null wherever one of the arguments is.
pub(crate) fn strict_nulls(args: &[Arg], rows: usize) -> Option<NullBuffer> {
    let mut nulls: Option<NullBuffer> = None;
    for arg in args {
        if arg.scalar {
            if arg.array.is_null(0) {
                return Some(NullBuffer::new_null(rows));
            }
        } else {
            nulls = NullBuffer::union(nulls.as_ref(), arg.array.logical_nulls().as_ref());
        }
    }
    nulls.filter(|n| n.null_count() > 0)
}

impl Args<'_> {
    /// `f` of each number.
    pub fn unary<A: ArrowPrimitiveType, O: ArrowPrimitiveType>(&self, f: impl Fn(A::Native) -> O::Native) -> Result<ArrayRef> {
        let array = self.args[0].array.as_primitive::<A>();
        Ok(Arc::new(array.unary::<_, O>(f).with_data_type(self.result.to_arrow())))
    }

    /// `f` of each number that isn't null; fails with the first row that `f` fails on.
    pub fn try_unary<A: ArrowPrimitiveType, O: ArrowPrimitiveType>(&self, f: impl Fn(A::Native) -> Result<O::Native>) -> Result<ArrayRef> {
        let array = self.args[0].array.as_primitive::<A>();
        Ok(Arc::new(array.try_unary::<_, O, _>(f)?.with_data_type(self.result.to_arrow())))
    }

    /// `f` of each pair of numbers; `f` may get anything where a row is null.
    pub fn binary<A: ArrowPrimitiveType, B: ArrowPrimitiveType, O: ArrowPrimitiveType>(
        &self,
        f: impl Fn(A::Native, B::Native) -> O::Native,
    ) -> Result<ArrayRef> {
        let nulls = strict_nulls(self.args, self.rows);
        let (left, right) = (&self.args[0], &self.args[1]);
        let (a, b) = (left.array.as_primitive::<A>().values(), right.array.as_primitive::<B>().values());
        let values: Vec<O::Native> = match (left.scalar, right.scalar) {
            (false, false) => a.iter().zip(b.iter()).map(|(a, b)| f(*a, *b)).collect(),
            (true, false) => b.iter().map(|b| f(a[0], *b)).collect(),
            (false, true) => a.iter().map(|a| f(*a, b[0])).collect(),
            (true, true) => vec![f(a[0], b[0]); self.rows],
        };
        Ok(Arc::new(PrimitiveArray::<O>::new(values.into(), nulls).with_data_type(self.result.to_arrow())))
    }

    /// `f` of each pair of numbers that aren't null; fails with the first row that `f` fails on.
    pub fn try_binary<A: ArrowPrimitiveType, B: ArrowPrimitiveType, O: ArrowPrimitiveType>(
        &self,
        f: impl Fn(A::Native, B::Native) -> Result<O::Native>,
    ) -> Result<ArrayRef> {
        let nulls = strict_nulls(self.args, self.rows);
        let (a, b) = (self.args[0].nums::<A>(), self.args[1].nums::<B>());
        let mut values = vec![O::Native::default(); self.rows];
        match &nulls {
            None => {
                for (row, out) in values.iter_mut().enumerate() {
                    *out = f(a.raw(row), b.raw(row))?;
                }
            }
            Some(nulls) => {
                for row in nulls.valid_indices() {
                    values[row] = f(a.raw(row), b.raw(row))?;
                }
            }
        }
        Ok(Arc::new(PrimitiveArray::<O>::new(values.into(), nulls).with_data_type(self.result.to_arrow())))
    }

    /// A number for each row, null where `f` gives none.
    pub fn rows_to_nums<O: ArrowPrimitiveType>(&self, mut f: impl FnMut(usize) -> Result<Option<O::Native>>) -> Result<ArrayRef> {
        let mut builder = arrow_array::builder::PrimitiveBuilder::<O>::with_capacity(self.rows).with_data_type(self.result.to_arrow());
        for row in 0..self.rows {
            builder.append_option(f(row)?);
        }
        Ok(Arc::new(builder.finish()))
    }

    /// A truth for each row, null where `f` gives none.
    pub fn rows_to_bools(&self, mut f: impl FnMut(usize) -> Result<Option<bool>>) -> Result<ArrayRef> {
        let mut builder = arrow_array::builder::BooleanBuilder::with_capacity(self.rows);
        for row in 0..self.rows {
            builder.append_option(f(row)?);
        }
        Ok(Arc::new(builder.finish()))
    }

    /// A text for each row: `f` writes it and says whether there is one.
    pub fn rows_to_strings(&self, mut f: impl FnMut(usize, &mut String) -> Result<bool>) -> Result<ArrayRef> {
        let mut builder = StringBuilder::with_capacity(self.rows, self.rows * 8);
        let mut text = String::new();
        for row in 0..self.rows {
            text.clear();
            if f(row, &mut text)? { builder.append_value(&text) } else { builder.append_null() }
        }
        Ok(Arc::new(builder.finish()))
    }

    /// `f` writes what the text of the one argument becomes.
    pub fn map_strings(&self, f: impl Fn(&str, &mut String)) -> Result<ArrayRef> {
        let texts = self.args[0].strs();
        self.rows_to_strings(|row, out| {
            Ok(match texts.get(row) {
                Some(text) => {
                    f(text, out);
                    true
                }
                None => false,
            })
        })
    }

    /// `f` of the two texts of each row, null where one is null.
    pub fn strings_to_bools(&self, f: impl Fn(&str, &str) -> bool) -> Result<ArrayRef> {
        let (a, b) = (self.args[0].strs(), self.args[1].strs());
        let nulls = strict_nulls(self.args, self.rows);
        let truths = BooleanBuffer::collect_bool(self.rows, |row| match (a.get(row), b.get(row)) {
            (Some(a), Some(b)) => f(a, b),
            _ => false,
        });
        Ok(Arc::new(BooleanArray::new(truths, nulls)))
    }
}
