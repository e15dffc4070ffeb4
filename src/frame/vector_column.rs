use std::borrow::Cow;
use std::sync::Arc;

use arrow_array::builder::NullBufferBuilder;
use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int8Type, Int32Type};
use arrow_array::{Array, ArrayRef, Float64Array, Int8Array, Int32Array, ListArray, StructArray};
use arrow_buffer::{NullBuffer, OffsetBuffer, ScalarBuffer};
use kindling_linalg::{SparseVector, Vector, VectorRef};
use kindling_partition::{Error, Result};
use ndarray::ArrayView2;

use crate::types::{DataType, list_item, struct_fields, vector_fields};
use crate::value::Value;

const SPARSE: i8 = 0;
const DENSE: i8 = 1;

/// A view of a column of vectors, laid out as Spark's VectorUDT: a struct of `type` (0 sparse, 1 dense), `size`, `indices` and `values`.
pub struct VectorColumn<'a> {
    kinds: &'a [i8],
    sizes: &'a [i32],
    index_offsets: &'a [i32],
    indices: &'a [i32],
    value_offsets: &'a [i32],
    values: &'a [f64],
    nulls: Option<&'a NullBuffer>,
}

impl<'a> VectorColumn<'a> {
    /// # Errors
    /// When the array isn't a column of vectors.
    pub fn new(array: &'a ArrayRef) -> Result<Self> {
        Self::of(array).ok_or_else(|| Error::runtime(format!("Expected a column of vectors, found {}.", array.data_type())))
    }

    fn of(array: &'a ArrayRef) -> Option<Self> {
        let column = array.as_struct_opt()?;
        let [kinds, sizes, indices, values] = column.columns() else { return None };
        let (indices, values) = (indices.as_list_opt::<i32>()?, values.as_list_opt::<i32>()?);
        Some(Self {
            kinds: kinds.as_primitive_opt::<Int8Type>()?.values(),
            sizes: sizes.as_primitive_opt::<Int32Type>()?.values(),
            index_offsets: indices.value_offsets(),
            indices: indices.values().as_primitive_opt::<Int32Type>()?.values(),
            value_offsets: values.value_offsets(),
            values: values.values().as_primitive_opt::<Float64Type>()?.values(),
            nulls: column.nulls(),
        })
    }

    pub fn len(&self) -> usize {
        self.kinds.len()
    }

    pub fn is_empty(&self) -> bool {
        self.kinds.is_empty()
    }

    pub fn is_null(&self, row: usize) -> bool {
        self.nulls.is_some_and(|n| n.is_null(row))
    }

    /// The vector of a row that isn't null.
    pub fn row(&self, row: usize) -> VectorRef<'a> {
        let values = &self.values[range(self.value_offsets, row)];
        if self.kinds[row] == DENSE {
            VectorRef::Dense(values)
        } else {
            VectorRef::Sparse { size: self.sizes[row] as usize, indices: &self.indices[range(self.index_offsets, row)], values }
        }
    }

    /// The size of the first vector; none when there is no row or every row is null.
    pub fn size(&self) -> Option<usize> {
        (0..self.len()).find(|i| !self.is_null(*i)).map(|i| self.row(i).size())
    }

    /// All rows as one row-major matrix without a copy, when every row is dense, not null, and of one size.
    pub fn dense(&self) -> Option<ArrayView2<'a, f64>> {
        let cols = self.dense_width()?;
        let start = *self.value_offsets.first()? as usize;
        ArrayView2::from_shape((self.len(), cols), &self.values[start..start + self.len() * cols]).ok()
    }

    fn dense_width(&self) -> Option<usize> {
        if self.nulls.is_some_and(|n| n.null_count() > 0) {
            return None;
        }
        let width = self.value_offsets.get(1)? - self.value_offsets[0];
        let dense = self.kinds.iter().all(|k| *k == DENSE) && self.value_offsets.windows(2).all(|o| o[1] - o[0] == width);
        dense.then_some(width as usize)
    }

    /// All rows as one contiguous row-major block of `len() * cols` numbers: borrowed when they lie so already, else written out.
    ///
    /// # Errors
    /// When a row is null or not of size `cols`.
    pub fn to_dense_block(&self, cols: usize) -> Result<Cow<'a, [f64]>> {
        if let (Some(width), Some(start)) = (self.dense_width(), self.value_offsets.first())
            && width == cols
        {
            let start = *start as usize;
            return Ok(Cow::Borrowed(&self.values[start..start + self.len() * cols]));
        }
        let mut block = vec![0.0; self.len() * cols];
        for i in 0..self.len() {
            if self.is_null(i) {
                return Err(Error::runtime("A vector column has a null where every row needs a vector."));
            }
            let row = self.row(i);
            if row.size() != cols {
                return Err(Error::illegal_argument(format!(
                    "Vectors must all have the same size: expected {cols}, found {}.",
                    row.size()
                )));
            }
            row.write_dense(&mut block[i * cols..(i + 1) * cols]);
        }
        Ok(Cow::Owned(block))
    }
}

fn range(offsets: &[i32], row: usize) -> std::ops::Range<usize> {
    offsets[row] as usize..offsets[row + 1] as usize
}

/// The row-major block of a column whose rows are all dense, not null and of one size, and that size; shared with the column, not copied.
pub fn dense_buffer(array: &ArrayRef) -> Option<(ScalarBuffer<f64>, usize)> {
    let column = VectorColumn::of(array)?;
    let (width, start) = (column.dense_width()?, *column.value_offsets.first()? as usize);
    let values = array.as_struct().column(3).as_list::<i32>().values().as_primitive_opt::<Float64Type>()?.values();
    Some((values.slice(start, column.len() * width), width))
}

/// A column of `rows` dense vectors of `cols` numbers each, out of one row-major block, without a copy.
///
/// # Errors
/// When the block isn't `rows * cols` long, or longer than one column can be.
pub fn from_dense_block(rows: usize, cols: usize, block: Vec<f64>) -> Result<ArrayRef> {
    let fits = i32::try_from(block.len()).is_ok();
    if block.len() != rows * cols || !fits {
        return Err(Error::runtime(format!("{rows} vectors of {cols} numbers don't fit a block of {} numbers.", block.len())));
    }
    let offsets: Vec<i32> = (0..=rows).map(|i| (i * cols) as i32).collect();
    let none = Some(NullBuffer::new_null(rows));
    assemble(
        vec![DENSE; rows],
        Int32Array::new(vec![0; rows].into(), none.clone()),
        list(DataType::Int, vec![0; rows + 1], Arc::new(Int32Array::from(Vec::<i32>::new())), none),
        list(DataType::Double, offsets, Arc::new(Float64Array::from(block)), None),
        None,
    )
}

/// A column of sparse vectors of `size` numbers, none of them null, each with a 1 at its place and nothing else.
///
/// # Errors
/// When Arrow refuses the column.
pub fn from_places(size: usize, places: Vec<i32>) -> Result<ArrayRef> {
    let rows = places.len();
    let offsets: Vec<i32> = (0..=rows as i32).collect();
    assemble(
        vec![SPARSE; rows],
        Int32Array::new(vec![size as i32; rows].into(), None),
        list(DataType::Int, offsets.clone(), Arc::new(Int32Array::from(places)), None),
        list(DataType::Double, offsets, Arc::new(Float64Array::from(vec![1.0; rows])), None),
        None,
    )
}

/// A vector as the members of Spark's VectorUDT.
pub(crate) fn row_of_vector(vector: &Vector) -> [Value; 4] {
    let doubles = |values: &[f64]| Value::Array(values.iter().map(|v| Value::Double(*v)).collect());
    match vector {
        Vector::Dense(values) => [Value::Byte(DENSE), Value::Null, Value::Null, doubles(values)],
        Vector::Sparse(v) => {
            let indices = v.indices().iter().map(|i| Value::Int(*i)).collect();
            [Value::Byte(SPARSE), Value::Int(v.size() as i32), Value::Array(indices), doubles(v.values())]
        }
    }
}

/// The vector of the members of Spark's VectorUDT; none when they make no vector.
pub(crate) fn vector_of_row(members: &[Value]) -> Option<Vector> {
    let [Value::Byte(kind), size, indices, Value::Array(values)] = members else { return None };
    let values: Vec<f64> = values.iter().map(Value::as_f64).collect::<Option<_>>()?;
    if *kind == DENSE {
        return Some(Vector::Dense(values));
    }
    let (Value::Int(size), Value::Array(indices)) = (size, indices) else { return None };
    let indices = indices.iter().map(|i| i.as_i64().map(|i| i as i32)).collect::<Option<_>>()?;
    SparseVector::new(usize::try_from(*size).ok()?, indices, values).ok().map(Vector::Sparse)
}

/// Builds a column of vectors row by row, in flat buffers.
#[derive(Debug)]
pub struct VectorBuilder {
    kinds: Vec<i8>,
    sizes: Vec<i32>,
    index_offsets: Vec<i32>,
    indices: Vec<i32>,
    value_offsets: Vec<i32>,
    values: Vec<f64>,
    valid: Vec<bool>,
}

impl Default for VectorBuilder {
    fn default() -> Self {
        Self::with_capacity(0, 0)
    }
}

impl VectorBuilder {
    /// Room for `rows` vectors with `values` stored numbers in all.
    pub fn with_capacity(rows: usize, values: usize) -> Self {
        let offsets = || {
            let mut offsets = Vec::with_capacity(rows + 1);
            offsets.push(0);
            offsets
        };
        Self {
            kinds: Vec::with_capacity(rows),
            sizes: Vec::with_capacity(rows),
            index_offsets: offsets(),
            indices: Vec::new(),
            value_offsets: offsets(),
            values: Vec::with_capacity(values),
            valid: Vec::with_capacity(rows),
        }
    }

    pub fn append(&mut self, vector: VectorRef<'_>) {
        match vector {
            VectorRef::Dense(values) => self.append_dense(values),
            VectorRef::Sparse { size, indices, values } => self.append_sparse(size, indices, values),
        }
    }

    pub fn append_dense(&mut self, values: &[f64]) {
        self.values.extend_from_slice(values);
        self.end(DENSE, 0, true);
    }

    /// The indices strictly increase and are below `size`.
    pub fn append_sparse(&mut self, size: usize, indices: &[i32], values: &[f64]) {
        self.indices.extend_from_slice(indices);
        self.values.extend_from_slice(values);
        self.end(SPARSE, size as i32, true);
    }

    /// Appends a sparse vector whose indices, strictly increasing and below `size`, and values `fill` puts at the ends of the lists.
    #[inline]
    pub fn append_filled(&mut self, size: usize, fill: impl FnOnce(&mut Vec<i32>, &mut Vec<f64>)) {
        fill(&mut self.indices, &mut self.values);
        self.end(SPARSE, size as i32, true);
    }

    pub fn append_null(&mut self) {
        self.end(SPARSE, 0, false);
    }

    #[inline]
    fn end(&mut self, kind: i8, size: i32, valid: bool) {
        self.kinds.push(kind);
        self.sizes.push(size);
        self.index_offsets.push(self.indices.len() as i32);
        self.value_offsets.push(self.values.len() as i32);
        self.valid.push(valid);
    }

    pub fn finish(self) -> ArrayRef {
        let rows = self.kinds.len();
        let (mut sparse, mut valid) = (None, None);
        if self.valid.contains(&false) || self.kinds.contains(&DENSE) {
            let (mut sparse_rows, mut valid_rows) = (NullBufferBuilder::new(rows), NullBufferBuilder::new(rows));
            for (kind, ok) in self.kinds.iter().zip(&self.valid) {
                sparse_rows.append(*kind == SPARSE && *ok);
                valid_rows.append(*ok);
            }
            (sparse, valid) = (sparse_rows.finish(), valid_rows.finish());
        }
        let sizes = Int32Array::new(self.sizes.into(), sparse.clone());
        let indices = list(DataType::Int, self.index_offsets, Arc::new(Int32Array::from(self.indices)), sparse);
        let values = list(DataType::Double, self.value_offsets, Arc::new(Float64Array::from(self.values)), valid.clone());
        let members: Vec<ArrayRef> = vec![Arc::new(Int8Array::from(self.kinds)), Arc::new(sizes), Arc::new(indices), Arc::new(values)];
        Arc::new(StructArray::new(struct_fields(&vector_fields()), members, valid))
    }
}

fn list(element: DataType, offsets: Vec<i32>, items: ArrayRef, nulls: Option<NullBuffer>) -> ListArray {
    ListArray::new(list_item(&element), OffsetBuffer::new(ScalarBuffer::from(offsets)), items, nulls)
}

fn assemble(kinds: Vec<i8>, sizes: Int32Array, indices: ListArray, values: ListArray, nulls: Option<NullBuffer>) -> Result<ArrayRef> {
    let members: Vec<ArrayRef> = vec![Arc::new(Int8Array::from(kinds)), Arc::new(sizes), Arc::new(indices), Arc::new(values)];
    StructArray::try_new(struct_fields(&vector_fields()), members, nulls).map(|a| Arc::new(a) as ArrayRef).map_err(crate::batch::arrow)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dense_block_is_seen_without_a_copy() {
        let array = from_dense_block(3, 2, vec![1.0, 2.0, 3.0, 4.0, 5.0, 6.0]).expect("fits");
        let tail = array.slice(1, 2);
        let column = VectorColumn::new(&tail).expect("vectors");
        let matrix = column.dense().expect("dense");
        assert_eq!(matrix, ndarray::arr2(&[[3.0, 4.0], [5.0, 6.0]]));
        assert!(matches!(column.to_dense_block(2), Ok(Cow::Borrowed(_))));
        assert!(column.to_dense_block(3).is_err());
    }

    #[test]
    fn mixed_rows_keep_their_kind_and_come_out_dense_on_demand() {
        let mut builder = VectorBuilder::default();
        builder.append_dense(&[1.0, 0.0]);
        builder.append_sparse(2, &[1], &[7.0]);
        let array = builder.finish();
        let column = VectorColumn::new(&array).expect("vectors");
        assert!(column.dense().is_none());
        assert_eq!(column.row(1).to_string(), "(2,[1],[7.0])");
        assert_eq!(column.to_dense_block(2).expect("all of size 2").as_ref(), [1.0, 0.0, 0.0, 7.0]);
    }
}
