//! The array itself: a buffer that views share, and how a view walks over it.

use std::cell::{Ref, RefCell};
use std::rc::Rc;

use crate::value::Value;

/// The types of items: `bool`, `int64`, `float64`, and texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Bool,
    Int,
    Float,
    Text,
}

impl Kind {
    pub(super) fn name(self) -> &'static str {
        match self {
            Kind::Bool => "bool",
            Kind::Int => "int64",
            Kind::Float => "float64",
            Kind::Text => "object",
        }
    }
}

/// Items in a row.
#[derive(Clone)]
pub(super) enum Buffer {
    Bool(Vec<bool>),
    Int(Vec<i64>),
    Float(Vec<f64>),
    Text(Vec<Value>),
}

impl Buffer {
    pub(super) fn kind(&self) -> Kind {
        match self {
            Buffer::Bool(_) => Kind::Bool,
            Buffer::Int(_) => Kind::Int,
            Buffer::Float(_) => Kind::Float,
            Buffer::Text(_) => Kind::Text,
        }
    }

    pub(super) fn len(&self) -> usize {
        match self {
            Buffer::Bool(items) => items.len(),
            Buffer::Int(items) => items.len(),
            Buffer::Float(items) => items.len(),
            Buffer::Text(items) => items.len(),
        }
    }

    /// The items at these places.
    pub(super) fn pick(&self, places: &[usize]) -> Buffer {
        match self {
            Buffer::Bool(items) => Buffer::Bool(places.iter().map(|&at| items[at]).collect()),
            Buffer::Int(items) => Buffer::Int(places.iter().map(|&at| items[at]).collect()),
            Buffer::Float(items) => Buffer::Float(places.iter().map(|&at| items[at]).collect()),
            Buffer::Text(items) => Buffer::Text(places.iter().map(|&at| items[at].clone()).collect()),
        }
    }

    /// The items as another kind: numbers are cut or widened, texts stay texts.
    pub(super) fn cast(self, kind: Kind) -> Buffer {
        match (self, kind) {
            (same, kind) if same.kind() == kind => same,
            (Buffer::Bool(items), Kind::Int) => Buffer::Int(items.into_iter().map(i64::from).collect()),
            (Buffer::Bool(items), Kind::Float) => Buffer::Float(items.into_iter().map(|item| f64::from(u8::from(item))).collect()),
            (Buffer::Int(items), Kind::Float) => Buffer::Float(items.into_iter().map(|item| item as f64).collect()),
            (Buffer::Int(items), Kind::Bool) => Buffer::Bool(items.into_iter().map(|item| item != 0).collect()),
            (Buffer::Float(items), Kind::Bool) => Buffer::Bool(items.into_iter().map(|item| item != 0.0).collect()),
            (Buffer::Float(items), Kind::Int) => Buffer::Int(
                items.into_iter().map(|item| if item.is_finite() && item.abs() < 9.3e18 { item as i64 } else { i64::MIN }).collect(),
            ),
            (other, _) => {
                let plain = |item: &Buffer, at: usize| super::convert::plain(item, at);
                Buffer::Text((0..other.len()).map(|at| plain(&other, at)).collect())
            }
        }
    }

    pub(super) fn floats(self) -> Vec<f64> {
        match self.cast(Kind::Float) {
            Buffer::Float(items) => items,
            other => vec![f64::NAN; other.len()],
        }
    }
}

/// `numpy.ndarray`: views of one buffer see each other's changes.
#[derive(Clone)]
pub struct NdArray {
    pub(super) buffer: Rc<RefCell<Buffer>>,
    pub(super) shape: Vec<usize>,
    /// How far the next item along an axis is; backwards when negative.
    pub(super) strides: Vec<isize>,
    pub(super) offset: usize,
}

/// The strides of items that lie row by row.
fn row_strides(shape: &[usize]) -> Vec<isize> {
    let mut strides = vec![1isize; shape.len()];
    for axis in (0..shape.len().saturating_sub(1)).rev() {
        strides[axis] = strides[axis + 1] * shape[axis + 1].max(1) as isize;
    }
    strides
}

impl NdArray {
    pub(super) fn new(buffer: Buffer, shape: Vec<usize>) -> NdArray {
        debug_assert_eq!(buffer.len(), shape.iter().product::<usize>());
        let strides = row_strides(&shape);
        NdArray { buffer: Rc::new(RefCell::new(buffer)), shape, strides, offset: 0 }
    }

    /// An array of one dimension.
    pub fn row(values: Vec<f64>) -> NdArray {
        let shape = vec![values.len()];
        NdArray::new(Buffer::Float(values), shape)
    }

    /// An array of whole numbers, of one dimension.
    pub fn ints(values: Vec<i64>) -> NdArray {
        let shape = vec![values.len()];
        NdArray::new(Buffer::Int(values), shape)
    }

    /// An array of truths, of one dimension.
    pub fn bools(values: Vec<bool>) -> NdArray {
        let shape = vec![values.len()];
        NdArray::new(Buffer::Bool(values), shape)
    }

    /// An array of two dimensions; `values` row by row.
    pub fn matrix(values: Vec<f64>, columns: usize) -> NdArray {
        let shape = vec![values.len().checked_div(columns).unwrap_or(0), columns];
        NdArray::new(Buffer::Float(values), shape)
    }

    pub fn shape(&self) -> &[usize] {
        &self.shape
    }

    /// All items as floats, row by row; `None` when they are texts.
    pub fn numbers(&self) -> Option<Vec<f64>> {
        (self.kind() != Kind::Text).then(|| self.gather().floats())
    }

    pub(super) fn data(&self) -> Ref<'_, Buffer> {
        self.buffer.borrow()
    }

    pub(super) fn kind(&self) -> Kind {
        self.data().kind()
    }

    pub(super) fn size(&self) -> usize {
        self.shape.iter().product()
    }

    pub(super) fn ndim(&self) -> usize {
        self.shape.len()
    }

    pub(super) fn is_contiguous(&self) -> bool {
        let wanted = row_strides(&self.shape);
        self.shape.iter().zip(self.strides.iter().zip(&wanted)).all(|(&length, (have, want))| length <= 1 || have == want)
    }

    /// Where each item stands in the buffer, row by row.
    pub(super) fn places(&self) -> Vec<usize> {
        let size = self.size();
        if self.is_contiguous() {
            return (self.offset..self.offset + size).collect();
        }
        let mut places = Vec::with_capacity(size);
        if size == 0 {
            return places;
        }
        let mut index = vec![0usize; self.ndim()];
        let mut at = self.offset as isize;
        loop {
            places.push(at as usize);
            let mut axis = self.ndim();
            loop {
                if axis == 0 {
                    return places;
                }
                axis -= 1;
                index[axis] += 1;
                at += self.strides[axis];
                if index[axis] < self.shape[axis] {
                    break;
                }
                at -= self.strides[axis] * self.shape[axis] as isize;
                index[axis] = 0;
            }
        }
    }

    /// The items row by row, copied.
    pub(super) fn gather(&self) -> Buffer {
        let data = self.data();
        if self.offset == 0 && self.is_contiguous() && data.len() == self.size() {
            return data.clone();
        }
        data.pick(&self.places())
    }

    /// A copy that shares nothing.
    pub(super) fn copied(&self) -> NdArray {
        NdArray::new(self.gather(), self.shape.clone())
    }

    /// The same items in another shape of the same size: a view when they lie in a row, else a copy.
    pub(super) fn reshaped(&self, shape: Vec<usize>) -> NdArray {
        if self.is_contiguous() {
            let strides = row_strides(&shape);
            return NdArray { buffer: self.buffer.clone(), shape, strides, offset: self.offset };
        }
        NdArray::new(self.gather(), shape)
    }

    /// The axes in another order.
    pub(super) fn transposed(&self, axes: &[usize]) -> NdArray {
        NdArray {
            buffer: self.buffer.clone(),
            shape: axes.iter().map(|&axis| self.shape[axis]).collect(),
            strides: axes.iter().map(|&axis| self.strides[axis]).collect(),
            offset: self.offset,
        }
    }

    /// The part at one index of an axis.
    pub(super) fn at(&self, axis: usize, index: usize) -> NdArray {
        let mut part = self.clone();
        part.offset = (self.offset as isize + self.strides[axis] * index as isize) as usize;
        part.shape.remove(axis);
        part.strides.remove(axis);
        part
    }

    /// The view as it is repeated to a larger shape; `None` when it doesn't fit.
    pub(super) fn broadcast(&self, shape: &[usize]) -> Option<NdArray> {
        let missing = shape.len().checked_sub(self.ndim())?;
        let mut strides = vec![0isize; shape.len()];
        for axis in 0..self.ndim() {
            if self.shape[axis] == shape[axis + missing] {
                strides[axis + missing] = self.strides[axis];
            } else if self.shape[axis] != 1 {
                return None;
            }
        }
        Some(NdArray { buffer: self.buffer.clone(), shape: shape.to_vec(), strides, offset: self.offset })
    }
}

/// The shape that two shapes have together.
pub(super) fn common_shape(a: &[usize], b: &[usize]) -> Option<Vec<usize>> {
    let dims = a.len().max(b.len());
    let side = |shape: &[usize], axis: usize| (axis + shape.len()).checked_sub(dims).map_or(1, |at| shape[at]);
    (0..dims)
        .map(|axis| match (side(a, axis), side(b, axis)) {
            (x, y) if x == y => Some(x),
            (1, y) => Some(y),
            (x, 1) => Some(x),
            _ => None,
        })
        .collect()
}

/// `(2, 3)`, `(3,)`, `()`
pub(super) fn shape_text(shape: &[usize]) -> String {
    match shape {
        [one] => format!("({one},)"),
        many => format!("({})", many.iter().map(usize::to_string).collect::<Vec<_>>().join(",")),
    }
}
