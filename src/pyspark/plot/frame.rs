//! `df.plot`, PySpark's plotting API.

use kindling_chart::{Chart, Layer, Orientation, Positions, Series, XySeries};
use kindling_frame::DataFrame;
use kindling_python::{Args, ClassBuilder, NativeObject, PyError, PyResult, Value, Vm};

use super::chart::chart_value;
use super::data;
use crate::args;
use crate::errors::{OrRaise, missing, spark_error};

/// `df.plot`: to be called with a kind, or through its methods.
pub(crate) struct PlotObject(pub(crate) DataFrame);

/// The most rows that bars show, Spark's `spark.sql.pyspark.plotting.max_rows`.
const MOST_BARS: usize = 1000;
/// Beyond so many points a chart takes every second, third … row.
const MOST_POINTS: usize = 100_000;

const KINDS: [&str; 6] = ["line", "bar", "barh", "scatter", "hist", "box"];

impl NativeObject for PlotObject {
    fn class_name(&self) -> &str {
        "PySparkPlotAccessor"
    }

    /// `df.plot(kind="line", x=…, y=…)`
    fn call(&self, vm: &mut Vm, mut args: Args) -> PyResult<Value> {
        let kind = match args.take_keyword("kind") {
            Some(kind) => kind,
            None if args.positional.is_empty() => Value::str("line"),
            None => args.positional.remove(0),
        };
        args.take_keyword("backend");
        let name = args::text(vm, &kind, "kind")?;
        if !KINDS.contains(&name.as_str()) && !matches!(name.as_str(), "area" | "pie" | "kde" | "density") {
            let near = kindling_partition::did_you_mean(&name, KINDS);
            let text = format!("'{name}' plot is not supported, it should be one of the values from {}.{near}", KINDS.join(", "));
            return Err(spark_error("PySparkValueError", "UNSUPPORTED_PLOT_KIND", text));
        }
        let method = vm.get_attr_str(&Value::native(Self(self.0.clone())), &name)?;
        vm.call(&method, args)
    }
}

fn this(value: &Value) -> PyResult<DataFrame> {
    value.as_native::<PlotObject>().map(|object| object.0.clone()).ok_or_else(|| PyError::type_error("not a plot accessor"))
}

/// What may be given beside the columns.
struct Extras {
    title: Option<String>,
    color: Option<String>,
    x_label: Option<String>,
    y_label: Option<String>,
}

impl Extras {
    fn read(vm: &mut Vm, value: &Value) -> PyResult<Self> {
        let mut extras = Self { title: None, color: None, x_label: None, y_label: None };
        for (name, value) in value.as_dict().map(|dict| dict.items()).unwrap_or_default() {
            match name.as_str().unwrap_or_default() {
                "title" => extras.title = args::optional_text(vm, &value, "title")?,
                "color" => extras.color = args::optional_text(vm, &value, "color")?,
                "xlabel" => extras.x_label = args::optional_text(vm, &value, "xlabel")?,
                "ylabel" => extras.y_label = args::optional_text(vm, &value, "ylabel")?,
                // The page chooses the size.
                "width" | "height" => {}
                other => {
                    return Err(missing(&format!("the plot option '{other}'"), "There are title, color (for scatter), xlabel and ylabel."));
                }
            }
        }
        Ok(extras)
    }

    fn finish(self, chart: Chart) -> Value {
        let chart = chart.labelled(self.x_label, self.y_label);
        chart_value(match self.title {
            Some(title) => chart.titled(title),
            None => chart,
        })
    }
}

/// Makes the class.
pub(crate) fn install(vm: &mut Vm) {
    let mut builder = ClassBuilder::new("PySparkPlotAccessor", "pyspark.sql.plot.core")
        .doc("Charts of a DataFrame.")
        .method("line(self, x, y, **kwargs)", "A line for each column of y against x.", |vm, values| {
            let frame = this(&values[0])?;
            let (x, y) = (args::text(vm, &values[1], "x")?, args::texts(vm, &values[2], "y")?);
            let extras = Extras::read(vm, &values[3])?;
            let chart = line(&frame, &x, &y).or_raise()?;
            Ok(extras.finish(chart))
        })
        .method("bar(self, x, y, **kwargs)", "A bar for each row, with the names of x and the values of y.", |vm, values| {
            bars(vm, &values, Orientation::Vertical)
        })
        .method("barh(self, x, y, **kwargs)", "Lying bars.", |vm, values| bars(vm, &values, Orientation::Horizontal))
        .method("scatter(self, x, y, **kwargs)", "A point for each row; color names a column of groups.", |vm, values| {
            let frame = this(&values[0])?;
            let (x, y) = (args::text(vm, &values[1], "x")?, args::text(vm, &values[2], "y")?);
            let extras = Extras::read(vm, &values[3])?;
            let chart = scatter(&frame, &x, &y, extras.color.as_deref()).or_raise()?;
            Ok(extras.finish(chart))
        })
        .method(
            "hist(self, column=None, bins=10, **kwargs)",
            "How often values fall into equal bins; without columns, of all numeric ones.",
            |vm, values| {
                let frame = this(&values[0])?;
                let names = chosen(vm, &frame, &values[1])?;
                let bins = args::count(vm, &values[2], "bins")?.clamp(1, 10_000);
                let extras = Extras::read(vm, &values[3])?;
                let (edges, counts) = data::histogram(&frame, &args::strs(&names), bins).or_raise()?;
                let label = if let [only] = names.as_slice() { only.clone() } else { "value".to_owned() };
                let series = names.into_iter().zip(counts).map(|(name, values)| Series { name, values }).collect();
                Ok(extras.finish(kindling_chart::histogram(&label, &edges, series)))
            },
        )
        .method(
            "box(self, column=None, **kwargs)",
            "Median, quartiles and outliers; without columns, of all numeric ones.",
            |vm, values| {
                let frame = this(&values[0])?;
                let names = chosen(vm, &frame, &values[1])?;
                let extras = Extras::read(vm, &values[2])?;
                let columns = data::columns(&frame, &args::strs(&names)).or_raise()?;
                let boxes = columns.into_iter().map(data::box_stats).collect();
                Ok(extras.finish(kindling_chart::box_plot("", names, boxes)))
            },
        );
    for (name, instead) in [
        ("area", "Use df.plot.line()."),
        ("pie", "Use df.plot.bar(): lengths compare better than angles."),
        ("kde", "Use df.plot.hist()."),
        ("density", "Use df.plot.hist()."),
    ] {
        builder = builder.method(&format!("{name}(self, *args, **kwargs)"), "Not in Kindling.", move |_, _| {
            Err(missing(&format!("df.plot.{name}"), instead))
        });
    }
    let class = builder.build();
    vm.register_class(&class);
}

/// The named columns, or all numeric ones.
fn chosen(vm: &mut Vm, frame: &DataFrame, value: &Value) -> PyResult<Vec<String>> {
    match args::optional_texts(vm, value, "column")? {
        Some(names) => Ok(names),
        None => {
            let names = data::numeric(frame);
            if names.is_empty() {
                Err(spark_error("PySparkTypeError", "EMPTY_PLOT_NUMERIC_DATA", "No numeric data to plot."))
            } else {
                Ok(names)
            }
        }
    }
}

fn series(frame: &DataFrame, names: &[String]) -> kindling_partition::Result<Vec<Series>> {
    let columns = data::columns(frame, &args::strs(names))?;
    Ok(names.iter().cloned().zip(columns).map(|(name, values)| Series { name, values }).collect())
}

/// How many rows to step so that no more than [`MOST_POINTS`] stay.
fn stride(rows: usize) -> usize {
    rows.div_ceil(MOST_POINTS).max(1)
}

fn every<T: Clone>(values: &[T], step: usize) -> Vec<T> {
    values.iter().step_by(step).cloned().collect()
}

fn note(mut chart: Chart, step: usize) -> Chart {
    if step > 1 {
        chart.summary.push_str(&format!(" Of the rows it shows every {step}th."));
    }
    chart
}

fn line(frame: &DataFrame, x: &str, y: &[String]) -> kindling_partition::Result<Chart> {
    let positions = data::positions(frame, x)?;
    let mut series = series(frame, y)?;
    let rows = series.first().map_or(0, |series| series.values.len());
    let step = stride(rows);
    series.iter_mut().for_each(|series| series.values = every(&series.values, step));
    let positions = match positions {
        Positions::Numbers(numbers) => Positions::Numbers(every(&numbers, step)),
        Positions::Names(names) => Positions::Names(every(&names, step)),
    };
    Ok(note(kindling_chart::line(x, positions, series), step))
}

fn bars(vm: &mut Vm, values: &[Value], orientation: Orientation) -> PyResult<Value> {
    let frame = this(&values[0])?;
    let (x, y) = (args::text(vm, &values[1], "x")?, args::texts(vm, &values[2], "y")?);
    let extras = Extras::read(vm, &values[3])?;
    let first = frame.limit(MOST_BARS).or_raise()?;
    let names = data::texts(&first, &x).or_raise()?;
    let series = series(&first, &y).or_raise()?;
    Ok(extras.finish(kindling_chart::bar(&x, names, series, orientation)))
}

fn scatter(frame: &DataFrame, x: &str, y: &str, color: Option<&str>) -> kindling_partition::Result<Chart> {
    let mut columns = data::columns(frame, &[x, y])?;
    let (ys, xs) = (columns.pop().unwrap_or_default(), columns.pop().unwrap_or_default());
    let step = stride(xs.len());
    let mut groups: Vec<XySeries> = Vec::new();
    match color {
        None => groups.push(XySeries { name: String::new(), x: every(&xs, step), y: every(&ys, step) }),
        Some(color) => {
            let names = data::texts(frame, color)?;
            for ((name, x), y) in names.into_iter().zip(xs).zip(ys).step_by(step) {
                let at = groups.iter().position(|group| group.name == name).unwrap_or_else(|| {
                    groups.push(XySeries { name, x: Vec::new(), y: Vec::new() });
                    groups.len() - 1
                });
                groups[at].x.push(x);
                groups[at].y.push(y);
            }
            groups.sort_by(|a, b| a.name.cmp(&b.name));
        }
    }
    let chart = kindling_chart::scatter(x, y, groups);
    debug_assert!(chart.layers.iter().all(|layer| matches!(layer, Layer::Scatter { .. })));
    Ok(note(chart, step))
}
