//! Factorization machines (Rendle, 2010): what the classifier and the regressor share (`org.apache.spark.ml.regression.FactorizationMachines`).

use kindling_frame::random::{BernoulliSampler, JavaRandom, partition_seeds};
use kindling_linalg::kernels::axpy;
use kindling_linalg::{DenseMatrix, Matrix, SparseVector, Vector, VectorRef};
use kindling_partition::{Error, Executor, Result};

use crate::gradient_descent::{Descent, Updater};
use crate::param::{Checked, Limit, ParamDecl, ParamKind, Range, shared};
use crate::task::{Task, tasks};

pub(crate) const FACTOR_SIZE: ParamDecl = ParamDecl::new(
    "factorSize",
    "Dimensionality of the factor vectors, which are used to get pairwise interactions between variables",
    ParamKind::Int(Range::above(0.0)),
)
.default_int(8);
pub(crate) const FIT_LINEAR: ParamDecl =
    ParamDecl::new("fitLinear", "whether to fit linear term (aka 1-way term)", ParamKind::Boolean).default_bool(true);
pub(crate) const MINI_BATCH_FRACTION: ParamDecl = ParamDecl::new(
    "miniBatchFraction",
    "fraction of the input data set that should be used for one iteration of gradient descent",
    ParamKind::Float(Range { low: Limit::Exclusive(0.0), high: Limit::Inclusive(1.0) }),
)
.default_float(1.0);
pub(crate) const INIT_STD: ParamDecl =
    ParamDecl::new("initStd", "standard deviation of initial coefficients", ParamKind::Float(Range::above(0.0))).default_float(0.01);
pub(crate) const SOLVER: ParamDecl = shared::SOLVER
    .doc("The solver algorithm for optimization. Supported options: gd, adamW. (Default adamW)")
    .kind(ParamKind::choice(&["gd", "adamW"]))
    .default_text("adamW");
pub(crate) const STEP_SIZE: ParamDecl = shared::STEP_SIZE.default_float(1.0);

/// The fitted numbers.
pub(crate) struct Machine {
    pub intercept: f64,
    pub linear: Vector,
    /// A row for each feature.
    pub factors: Matrix,
    width: usize,
    size: usize,
    /// Factors row by row, then the linear term, then the intercept: the layout of the descent.
    numbers: Vec<f64>,
}

/// The loss of a raw prediction at a label, and its slope.
pub(crate) type Loss = fn(f64, f64) -> (f64, f64);

impl Machine {
    /// # Errors
    /// When there is not a row of factors for each number of the linear term.
    pub fn new(intercept: f64, linear: Vector, factors: Matrix) -> Result<Self> {
        let (width, size) = (factors.num_rows(), factors.num_cols());
        if linear.size() != width {
            return Err(Error::illegal_argument(format!("{width} rows of factors, but a linear term of {} numbers.", linear.size())));
        }
        let mut numbers = factors.to_rows();
        numbers.extend(linear.to_dense());
        numbers.push(intercept);
        Ok(Self { intercept, linear, factors, width, size, numbers })
    }

    pub fn width(&self) -> usize {
        self.width
    }

    pub fn predict(&self, row: VectorRef<'_>) -> f64 {
        raw(&self.numbers, self.width, self.size, row, &mut vec![0.0; 2 * self.size])
    }

    /// Fits by gradient descent from Spark's start: Gaussian factors of the seed, all else zero.
    pub fn fit(executor: &Executor, partitions: &[Task<'_>], width: usize, params: Checked<'_>, loss: Loss) -> Result<(Self, Vec<f64>)> {
        let size = params.count(&FACTOR_SIZE)?;
        let (fit_linear, fit_intercept) = (params.bool(&FIT_LINEAR)?, params.bool(&shared::FIT_INTERCEPT)?);
        let fraction = params.float(&MINI_BATCH_FRACTION)?;
        let std = params.float(&INIT_STD)?;
        let mut random = JavaRandom::new(params.int(&shared::SEED)?);
        let mut start: Vec<f64> = (0..size * width).map(|_| random.next_gaussian() * std).collect();
        start.resize(size * width + width + 1, 0.0);
        let updater = if &*params.text(&SOLVER)? == "gd" { Updater::SquaredL2 } else { Updater::adam_w(start.len()) };
        let descent = Descent {
            name: "factorization machine",
            max_iter: params.count(&shared::MAX_ITER)?,
            step: params.float(&STEP_SIZE)?,
            reg_param: params.float(&shared::REG_PARAM)?,
            tol: params.float(&shared::TOL)?,
        };
        let numbers = start.len();
        let mut batch = |w: &[f64], iteration: usize, gradient: &mut [f64]| {
            let taken = taken(executor, partitions, fraction, iteration)?;
            let weighted: Vec<Task<'_>> = partitions
                .iter()
                .enumerate()
                .map(|(p, task)| Task { weights: taken.as_ref().map(|taken| taken[p].as_slice()), ..*task })
                .collect();
            let parts = executor.map_quietly(&tasks(&weighted, numbers), |_, task| Ok(pass(task, w, width, size, loss)))?;
            let (mut total, mut rows) = (0.0, 0.0);
            for (part, count, sums) in &parts {
                total += part;
                rows += count;
                axpy(1.0, sums, gradient);
            }
            // What isn't fitted stays at zero.
            if !fit_linear {
                gradient[size * width..size * width + width].fill(0.0);
            }
            if !fit_intercept {
                gradient[numbers - 1] = 0.0;
            }
            gradient.iter_mut().for_each(|g| *g /= rows);
            Ok((rows > 0.0).then_some(total / rows))
        };
        let (numbers, history) = descent.run(executor, start, updater, &mut batch)?;
        let (factors, rest) = numbers.split_at(size * width);
        let linear = if fit_linear {
            Vector::Dense(rest[..width].to_vec())
        } else {
            Vector::Sparse(SparseVector::new(width, Vec::new(), Vec::new())?)
        };
        let factors = Matrix::Dense(DenseMatrix::new(width, size, factors.to_vec(), true)?);
        Ok((Self::new(rest[width], linear, factors)?, history))
    }
}

/// 1 for each row that an iteration takes, 0 for the others; nothing when it takes all.
fn taken(executor: &Executor, partitions: &[Task<'_>], fraction: f64, iteration: usize) -> Result<Option<Vec<Vec<f64>>>> {
    if fraction >= 1.0 {
        return Ok(None);
    }
    let seeds = partition_seeds(42 + iteration as i64, partitions.len());
    let draw = |p: usize, task: &Task<'_>| {
        let mut sampler = BernoulliSampler::new(fraction, seeds[p]);
        Ok((0..task.len()).map(|_| f64::from(u8::from(sampler.takes()))).collect())
    };
    executor.map_quietly(partitions, draw).map(Some)
}

/// The raw prediction of a row; `sums` becomes the sum of each factor over the features, then the sum of their squares.
fn raw(w: &[f64], width: usize, size: usize, row: VectorRef<'_>, sums: &mut [f64]) -> f64 {
    sums.fill(0.0);
    let (sums, squares) = sums.split_at_mut(size);
    let (factors, rest) = w.split_at(size * width);
    let mut prediction = rest[width];
    for (j, x) in row.active().filter(|entry| entry.1 != 0.0) {
        prediction += rest[j] * x;
        for ((sum, square), factor) in sums.iter_mut().zip(&mut *squares).zip(&factors[j * size..(j + 1) * size]) {
            let product = factor * x;
            *square += product * product;
            *sum += product;
        }
    }
    for (sum, square) in sums.iter().zip(&*squares) {
        prediction += 0.5 * (sum * sum - square);
    }
    prediction
}

/// The loss of a task's rows, how many there are, and the gradient.
fn pass(task: &Task<'_>, w: &[f64], width: usize, size: usize, loss: Loss) -> (f64, f64, Vec<f64>) {
    let (mut total, mut rows, mut gradient) = (0.0, 0.0, vec![0.0; w.len()]);
    let mut sums = vec![0.0; 2 * size];
    for i in 0..task.len() {
        if task.weight(i) == 0.0 {
            continue;
        }
        let row = task.rows.row(i);
        let (part, slope) = loss(raw(w, width, size, row, &mut sums), task.labels[i]);
        total += part;
        rows += 1.0;
        for (j, x) in row.active().filter(|entry| entry.1 != 0.0) {
            let at = j * size..(j + 1) * size;
            for ((g, factor), sum) in gradient[at.clone()].iter_mut().zip(&w[at]).zip(&sums) {
                *g += slope * (x * sum - factor * x * x);
            }
            gradient[size * width + j] += slope * x;
        }
        gradient[size * width + width] += slope;
    }
    (total, rows, gradient)
}

/// The size of factors, and whether there are a linear term and an intercept, as Scala prints them.
pub(crate) fn described(params: &crate::param::Params) -> [String; 3] {
    [&FACTOR_SIZE, &FIT_LINEAR, &shared::FIT_INTERCEPT].map(|param| match params.get(param.name) {
        Some(crate::value::MlValue::Bool(value)) => value.to_string(),
        Some(crate::value::MlValue::Int(value)) => value.to_string(),
        _ => String::new(),
    })
}
