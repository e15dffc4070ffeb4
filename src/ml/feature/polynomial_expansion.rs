use kindling_linalg::VectorRef;
use kindling_partition::{Error, Result};

use super::mapped::{Mapped, known_size, vector_field, vectors};
use crate::check::vector_column;
use crate::param::{ParamDecl, ParamKind, Range, shared};
use crate::stage::StageDecl;

/// All products of features up to a degree. Spark's `org.apache.spark.ml.feature.PolynomialExpansion`, in its order: for x, y and degree 2
/// it gives x, x², y, xy, y².
pub static POLYNOMIAL_EXPANSION: StageDecl = StageDecl::transformer(
    "PolynomialExpansion",
    "feature",
    "Performs feature expansion in a polynomial space: for two variables and degree 2, it makes of (x, y) the vector (x, x * x, y, x * y, y * y).",
    &[DEGREE, shared::INPUT_COL, shared::OUTPUT_COL],
    |params| {
        let degree = params.checked()?.count(&DEGREE)?;
        let map = vectors(move |vector, out| {
            let size = expanded_size(vector.size(), degree)?;
            let (all, indices, values): (Vec<i32>, &[i32], &[f64]) = match vector {
                VectorRef::Dense(values) => ((0..values.len() as i32).collect(), &[], values),
                VectorRef::Sparse { indices, values, .. } => (Vec::new(), indices, values),
            };
            let is_dense = matches!(vector, VectorRef::Dense(_));
            let mut expansion = Expansion { indices: if is_dense { &all } else { indices }, values, found: Vec::new() };
            expansion.expand(values.len(), vector.size(), degree, 1.0, None);
            if is_dense {
                let mut dense = vec![0.0; size];
                expansion.found.iter().for_each(|(i, value)| dense[*i] = *value);
                out.append_dense(&dense);
            } else {
                let (indices, values): (Vec<i32>, Vec<f64>) = expansion.found.iter().map(|(i, value)| (*i as i32, *value)).unzip();
                out.append_sparse(size, &indices, &values);
            }
            Ok(())
        });
        let field = move |schema: &_, input: &str, output: &_| {
            let size = known_size(vector_column(schema, input)?);
            Ok(vector_field(output, size.map(|size| expanded_size(size, degree)).transpose()?))
        };
        Ok(Mapped::single(params, field, map)?.arc())
    },
);

const DEGREE: ParamDecl =
    ParamDecl::new("degree", "the polynomial degree to expand (>= 1)", ParamKind::Int(Range::at_least(1.0))).default_int(2);

/// How many monomials of `features` variables up to `degree` there are, the constant among them.
fn monomials(features: usize, degree: usize) -> f64 {
    (1..=degree).fold(1.0, |product, i| product * (features + i) as f64 / i as f64).round()
}

fn expanded_size(features: usize, degree: usize) -> Result<usize> {
    let size = monomials(features, degree) - 1.0;
    if size < f64::from(i32::MAX) {
        return Ok(size as usize);
    }
    Err(Error::illegal_argument(format!(
        "The expansion of {features} features to degree {degree} has {size} features, more than a vector holds ({}).",
        i32::MAX
    )))
}

struct Expansion<'a> {
    indices: &'a [i32],
    values: &'a [f64],
    /// Products that aren't zero, by their places.
    found: Vec<(usize, f64)>,
}

impl Expansion<'_> {
    /// Writes the products of `factor` with the monomials of the first `features` features, of which `stored` are stored, behind `at`
    /// (`None` is the constant's place, which is left out), and gives the place of the last.
    fn expand(&mut self, stored: usize, features: usize, degree: usize, factor: f64, at: Option<usize>) -> Option<usize> {
        if factor != 0.0 {
            if degree == 0 || stored == 0 {
                self.found.extend(at.map(|at| (at, factor)));
            } else {
                let (value, feature) = (self.values[stored - 1], self.indices[stored - 1] as usize);
                let (mut power, mut start) = (factor, at);
                for i in 0..=degree {
                    if power == 0.0 {
                        break;
                    }
                    start = self.expand(stored - 1, feature, degree - i, power, start);
                    power *= value;
                }
            }
        }
        let next = at.map_or(0, |at| at + 1) + monomials(features, degree) as usize;
        next.checked_sub(1)
    }
}
