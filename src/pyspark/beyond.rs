//! `_beyond`: what the learning libraries written in Python (`src/python/lib/sklearn_*.py`, `shap.py`, `matplotlib_pyplot.py`) have done by
//! the engine: nearest neighbours and SHAP values on all threads, and charts.

use kindling_chart::{Axis, Chart, Layer};
use kindling_frame::Session;
use kindling_ml::neighbors::{Metric, nearest};
use kindling_ml::tree::TreeExplainer;
use kindling_python::{PyError, PyModule, PyResult, Value, Vm};

use crate::args;
use crate::array::{ArrayObject, numbers};
use crate::errors::OrRaise;
use crate::ml::stage::StageObject;
use crate::plot::chart_value;

/// Makes the module.
pub(crate) fn install(vm: &mut Vm, session: &Session) {
    let module = PyModule::new("_beyond");
    let executor = session.executor().clone();
    module.set(
        "neighbors",
        Value::function("neighbors(data, queries, k, metric, p)", "", move |vm, values| {
            let (data, width) = matrix(&values[0])?;
            let (queries, _) = matrix(&values[1])?;
            let (k, p) = (args::count(vm, &values[2], "k")?, args::float(vm, &values[4], "p")?);
            let metric = match args::text(vm, &values[3], "metric")?.as_str() {
                "manhattan" => Metric::Manhattan,
                "chebyshev" => Metric::Chebyshev,
                "minkowski" => Metric::Minkowski(p),
                "cosine" => Metric::Cosine,
                _ => Metric::Euclidean,
            };
            let found = nearest(&executor, &data, &queries, width, k, metric).or_raise()?;
            let rows = found.rows.into_iter().map(|row| row as i64).collect();
            Ok(Value::tuple([Value::native(ArrayObject::row(found.distances)), Value::native(ArrayObject::ints(rows))]))
        }),
    );
    let executor = session.executor().clone();
    module.set(
        "tree_shap",
        Value::function("tree_shap(model, X=None)", "", move |_, values| {
            let trees = values[0].as_native::<StageObject>().and_then(|object| object.0.model().ok()?.weighted_trees());
            let Some(trees) = trees else { return Ok(Value::None) };
            let explainer = TreeExplainer::new(&trees).or_raise()?;
            let expected = Value::native(ArrayObject::row(explainer.expected()));
            let mut told = vec![expected, Value::from(explainer.outputs()), Value::from(explainer.width())];
            if !values[1].is_none() {
                let (rows, width) = matrix(&values[1])?;
                told.push(Value::native(ArrayObject::row(explainer.explain(&executor, &rows, width).or_raise()?)));
            }
            Ok(Value::tuple(told))
        }),
    );
    module.set(
        "chart",
        Value::function("chart(layers, title, x, y, x_names, y_names, summary)", "", |vm, values| {
            let mut layers = Vec::new();
            for layer in values[0].as_sequence().unwrap_or_default() {
                layers.push(layer_of(vm, &layer)?);
            }
            let axis = |vm: &mut Vm, label: &Value, names: &Value| -> PyResult<Axis> {
                let label = args::text(vm, label, "label")?;
                // Names, or from where to where the axis goes.
                if let Some([low, high]) = numbers(names).as_deref() {
                    return Ok(Axis::fixed(label, *low, *high));
                }
                Ok(args::optional_texts(vm, names, "names")?.map_or_else(|| Axis::linear(&label), |names| Axis::category(&label, names)))
            };
            let (x, y) = (axis(vm, &values[2], &values[4])?, axis(vm, &values[3], &values[5])?);
            let title = args::optional_text(vm, &values[1], "title")?.filter(|title| !title.is_empty());
            let summary = args::text(vm, &values[6], "summary")?;
            Ok(chart_value(Chart { title, x, y, layers, summary }))
        }),
    );
    vm.add_module(module);
}

/// The numbers of an array of two dimensions, row by row, and its columns.
fn matrix(value: &Value) -> PyResult<(Vec<f64>, usize)> {
    let array = value.as_native::<ArrayObject>().filter(|array| array.shape().len() == 2);
    let found = array.and_then(|array| Some((array.numbers()?, array.shape()[1])));
    found.ok_or_else(|| PyError::type_error("an array of numbers with two dimensions is needed"))
}

/// `("line", name, x, y)` and the like; what isn't finite is left out.
fn layer_of(vm: &mut Vm, value: &Value) -> PyResult<Layer> {
    let parts = value.as_sequence().unwrap_or_default();
    let [kind, name, data @ ..] = parts.as_slice() else { return Err(PyError::type_error("a layer has a kind and a name")) };
    let (kind, name) = (args::text(vm, kind, "kind")?, args::text(vm, name, "name")?);
    let mut columns = Vec::new();
    for part in data {
        columns.push(numbers(part).ok_or_else(|| PyError::type_error("numbers are needed to draw"))?);
    }
    let mut columns = columns.into_iter();
    let mut next = || columns.next().unwrap_or_default();
    Ok(match kind.as_str() {
        "bar" => Layer::Bar { name, values: next().into_iter().map(|value| value.is_finite().then_some(value)).collect() },
        "histogram" => Layer::Histogram { name, edges: next(), counts: next() },
        "reference" => match (next().as_slice(), next().as_slice()) {
            ([x0, y0], [x1, y1]) => Layer::Reference { name, from: [*x0, *y0], to: [*x1, *y1] },
            _ => return Err(PyError::value_error("a straight line goes from one point to another")),
        },
        "heatmap" => {
            let (width, values) = (next(), next());
            let width = width.first().map_or(1, |width| *width as usize).max(1);
            Layer::HeatMap { values: values.chunks(width).map(<[f64]>::to_vec).collect() }
        }
        "errorbars" => {
            let (x, mean, deviation) = (next(), next(), next());
            let finite = |i: &usize| x[*i].is_finite() && mean[*i].is_finite() && deviation[*i].is_finite();
            let kept: Vec<usize> = (0..x.len().min(mean.len()).min(deviation.len())).filter(finite).collect();
            let picked = |column: &[f64]| kept.iter().map(|i| column[*i]).collect();
            Layer::ErrorBars { name, x: picked(&x), mean: picked(&mean), deviation: picked(&deviation) }
        }
        _ => {
            let (x, y) = (next(), next());
            let (x, y) = x.into_iter().zip(y).filter(|(x, y)| x.is_finite() && y.is_finite()).unzip();
            if kind == "line" { Layer::Line { name, x, y } } else { Layer::Scatter { name, x, y } }
        }
    })
}
