use std::ops::Range;

use crate::VectorRef;

/// A view of many vectors of one size: a row-major block, or compressed sparse rows.
#[derive(Clone, Copy, Debug)]
pub enum RowsRef<'a> {
    Dense {
        values: &'a [f64],
        width: usize,
    },
    /// The entries of row `i` are `offsets[i]..offsets[i + 1]` of `indices` and `values`; there is one offset more than rows.
    Sparse {
        width: usize,
        offsets: &'a [usize],
        indices: &'a [i32],
        values: &'a [f64],
    },
}

impl<'a> RowsRef<'a> {
    /// Numbers in each row.
    pub fn width(self) -> usize {
        match self {
            Self::Dense { width, .. } | Self::Sparse { width, .. } => width,
        }
    }

    /// How many rows there are; none of them when they have no numbers.
    pub fn len(self) -> usize {
        match self {
            Self::Dense { width: 0, .. } => 0,
            Self::Dense { values, width } => values.len() / width,
            Self::Sparse { offsets, .. } => offsets.len() - 1,
        }
    }

    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// Row `i`.
    #[inline]
    pub fn row(self, i: usize) -> VectorRef<'a> {
        match self {
            Self::Dense { values, width } => VectorRef::Dense(&values[i * width..(i + 1) * width]),
            Self::Sparse { width, offsets, indices, values } => {
                let run = offsets[i]..offsets[i + 1];
                VectorRef::Sparse { size: width, indices: &indices[run.clone()], values: &values[run] }
            }
        }
    }

    /// These rows alone.
    #[must_use]
    pub fn slice(self, rows: Range<usize>) -> Self {
        match self {
            Self::Dense { values, width } => Self::Dense { values: &values[rows.start * width..rows.end * width], width },
            Self::Sparse { width, offsets, indices, values } => {
                Self::Sparse { width, offsets: &offsets[rows.start..=rows.end], indices, values }
            }
        }
    }

    /// Numbers stored in these rows: what a pass over them costs.
    pub fn stored(self) -> usize {
        match self {
            Self::Dense { values, .. } => values.len(),
            Self::Sparse { offsets, .. } => match (offsets.first(), offsets.last()) {
                (Some(first), Some(last)) => last - first,
                _ => 0,
            },
        }
    }
}
