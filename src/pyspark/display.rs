//! What a cell shows: `display(value)`, and a cell's last expression.

use std::cell::RefCell;
use std::rc::Rc;

use kindling_chart::Chart;
use kindling_frame::{DataFrame, Session, TablePreview};
use kindling_python::{Args, PyResult, Value, Vm};

use crate::errors::OrRaise;
use crate::plot::ChartObject;
use crate::sql::frame::FrameObject;
use crate::sql::pandas;

/// The most rows of a frame that are shown.
const MOST_ROWS: usize = 1000;

/// A value in the form in which it is best shown.
#[derive(Clone)]
pub enum Shown {
    /// Its `repr`.
    Text(String),
    /// The first rows of a frame, and the frame.
    Table(TablePreview, DataFrame),
    Chart(Chart),
}

/// Receives what `display` and `chart.show()` show.
pub type Sink = Rc<dyn Fn(Shown)>;

thread_local! {
    static SINK: RefCell<Option<Sink>> = const { RefCell::new(None) };
    /// Makes the frames that show frames of pandas.
    static SESSION: RefCell<Option<Session>> = const { RefCell::new(None) };
}

/// The value as it is shown; computing a frame's first rows may fail as any action may.
///
/// # Errors
/// Whatever the frame's job raises, or the value's `__repr__`.
pub fn shown(vm: &mut Vm, value: &Value) -> PyResult<Shown> {
    if let Some(frame) = value.as_native::<FrameObject>() {
        return frame.0.preview(MOST_ROWS).or_raise().map(|preview| Shown::Table(preview, frame.0.clone()));
    }
    if let Some(chart) = value.as_native::<ChartObject>() {
        return Ok(Shown::Chart(chart.chart()));
    }
    if let Some(frame) = SESSION.with_borrow(Clone::clone).map_or(Ok(None), |session| pandas::shown(vm, &session, value))?
        && let Ok(preview) = frame.preview(MOST_ROWS)
    {
        return Ok(Shown::Table(preview, frame));
    }
    vm.repr(value).map(Shown::Text)
}

/// Hands something to the notebook; without one, its words are printed.
pub(crate) fn show(vm: &mut Vm, what: Shown) {
    match SINK.with(|sink| sink.borrow().clone()) {
        Some(sink) => sink(what),
        None => {
            let text = match what {
                Shown::Text(text) => text,
                Shown::Chart(chart) => chart.summary,
                Shown::Table(table, _) => {
                    let names: Vec<&str> = table.columns.iter().map(|column| column.name.as_str()).collect();
                    format!("{}: {} rows", names.join(", "), table.rows.len())
                }
            };
            vm.print(&format!("{text}\n"));
        }
    }
}

/// What a notebook does when a cell has ended: figures that it drew and didn't show are shown.
///
/// # Errors
/// Whatever drawing them raises.
pub fn end_cell(vm: &mut Vm) -> PyResult<()> {
    if let Some(pyplot) = vm.loaded("matplotlib.pyplot").cloned() {
        let show = vm.get_attr_str(&pyplot, "show")?;
        vm.call(&show, Args::none())?;
    }
    Ok(())
}

/// Makes `display` and remembers where it shows to.
pub(crate) fn install(vm: &mut Vm, session: &Session, sink: Option<Sink>) {
    SESSION.set(Some(session.clone()));
    SINK.with(|cell| *cell.borrow_mut() = sink);
    let display = Value::function(
        "display(*objs)",
        "Shows values: a DataFrame as a table, a chart as a drawing, anything else as text.",
        |vm, values| {
            for value in values[0].as_sequence().unwrap_or_default() {
                let what = match value.as_str() {
                    Some(text) => Shown::Text(text.to_owned()),
                    None => shown(vm, &value)?,
                };
                show(vm, what);
            }
            Ok(Value::None)
        },
    );
    vm.set_builtin("display", display);
}
