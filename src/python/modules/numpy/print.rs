//! Arrays as NumPy 2 prints them: as few digits as tell the numbers apart, at most eight decimals, rows under each other, the middle of long
//! ones left out. Source of the rules: NumPy's `arrayprint`.

use crate::error::PyResult;
use crate::vm::Vm;

use super::array::{Buffer, NdArray};

const PRECISION: usize = 8;
const LINE: usize = 75;
const THRESHOLD: usize = 1000;
const EDGE: usize = 3;

/// How items of one array are written.
enum Layout {
    Fixed { left: usize, right: usize },
    Exponent { left: usize, decimals: usize, exponent: usize },
}

/// The shortest digits after the point, at most [`PRECISION`], without zeros at the end.
fn positional(value: f64) -> (String, String) {
    let shortest = format!("{value}");
    let decimals = shortest.split_once('.').map_or(0, |(_, fraction)| fraction.len());
    let text = if decimals > PRECISION { format!("{value:.PRECISION$}") } else { shortest };
    match text.split_once('.') {
        Some((whole, fraction)) => (whole.into(), fraction.trim_end_matches('0').into()),
        None => (text, String::new()),
    }
}

/// Mantissa before and after the point, and the exponent with its sign.
fn scientific(value: f64) -> (String, String, String) {
    let shortest = format!("{value:e}");
    let decimals = shortest.split_once('e').map_or(0, |(mantissa, _)| mantissa.split_once('.').map_or(0, |(_, fraction)| fraction.len()));
    let text = if decimals > PRECISION { format!("{value:.PRECISION$e}") } else { shortest };
    let (mantissa, power) = text.split_once('e').unwrap_or((&text, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let power: i32 = power.parse().unwrap_or(0);
    let sign = if power < 0 { '-' } else { '+' };
    (whole.into(), fraction.trim_end_matches('0').into(), format!("{sign}{:02}", power.unsigned_abs()))
}

fn special(value: f64) -> &'static str {
    if value.is_nan() {
        "nan"
    } else if value > 0.0 {
        "inf"
    } else {
        "-inf"
    }
}

impl Layout {
    fn of_floats(values: &[f64]) -> Layout {
        let finite: Vec<f64> = values.iter().copied().filter(|value| value.is_finite()).collect();
        let sizes = || finite.iter().map(|value| value.abs()).filter(|&value| value != 0.0);
        let (most, least) = (sizes().fold(0.0, f64::max), sizes().fold(f64::INFINITY, f64::min));
        let by_exponent = most > 0.0 && (most >= 1e8 || least < 1e-4 || most / least > 1000.0);
        let mut layout = if by_exponent {
            let parts: Vec<_> = finite.iter().map(|&value| scientific(value)).collect();
            Layout::Exponent {
                left: parts.iter().map(|(whole, ..)| whole.len()).max().unwrap_or(0),
                decimals: parts.iter().map(|(_, fraction, _)| fraction.len()).max().unwrap_or(0),
                exponent: parts.iter().map(|(.., power)| power.len()).max().unwrap_or(0),
            }
        } else {
            let parts: Vec<_> = finite.iter().map(|&value| positional(value)).collect();
            Layout::Fixed {
                left: parts.iter().map(|(whole, _)| whole.len()).max().unwrap_or(0),
                right: parts.iter().map(|(_, fraction)| fraction.len()).max().unwrap_or(0),
            }
        };
        let after = layout.after();
        let (Layout::Fixed { left, .. } | Layout::Exponent { left, .. }) = &mut layout;
        for value in values.iter().filter(|value| !value.is_finite()) {
            *left = (*left).max(special(*value).len().saturating_sub(after + 1));
        }
        layout
    }

    /// Columns after the point.
    fn after(&self) -> usize {
        match self {
            Layout::Fixed { right, .. } => *right,
            Layout::Exponent { decimals, exponent, .. } => decimals + exponent + 1,
        }
    }

    fn float(&self, value: f64) -> String {
        match self {
            Layout::Fixed { left, .. } | Layout::Exponent { left, .. } if !value.is_finite() => {
                format!("{:>1$}", special(value), left + 1 + self.after())
            }
            Layout::Fixed { left, right } => {
                let (whole, fraction) = positional(value);
                format!("{whole:>left$}.{fraction:<right$}")
            }
            Layout::Exponent { left, decimals, exponent } => {
                let (whole, fraction, power) = scientific(value);
                let (sign, digits) = power.split_at(1);
                format!("{whole:>left$}.{fraction:0<decimals$}e{sign}{digits:0>0$}", exponent - 1)
            }
        }
    }
}

struct Printer {
    items: Vec<String>,
    shape: Vec<usize>,
    separator: &'static str,
    summary: bool,
}

impl Printer {
    /// The indices along an axis that are shown; `None` stands for those left out.
    fn shown(&self, length: usize) -> Vec<Option<usize>> {
        if self.summary && length > 2 * EDGE {
            let mut shown: Vec<Option<usize>> = (0..EDGE).map(Some).collect();
            shown.push(None);
            shown.extend((length - EDGE..length).map(Some));
            return shown;
        }
        (0..length).map(Some).collect()
    }

    fn write(&self, axis: usize, at: usize, indent: usize, width: usize) -> String {
        if axis == self.shape.len() {
            return self.items[at].clone();
        }
        let length = self.shape[axis];
        let inner: usize = self.shape[axis + 1..].iter().product();
        let dims_left = self.shape.len() - axis;
        let shown = self.shown(length);
        let mut text = String::new();
        if dims_left == 1 {
            let separator = self.separator.trim_end();
            let widest = width.saturating_sub(separator.len().max(1));
            let mut line = " ".repeat(indent);
            for (position, index) in shown.iter().enumerate() {
                let word = index.map_or_else(|| "...".to_string(), |index| self.items[at + index].clone());
                if line.chars().count() + word.chars().count() > widest && line.chars().count() > indent {
                    text.push_str(line.trim_end());
                    text.push('\n');
                    line = " ".repeat(indent);
                }
                line.push_str(&word);
                if position + 1 < shown.len() {
                    line.push_str(self.separator);
                }
            }
            text.push_str(&line);
        } else {
            let between = format!("{}{}", self.separator.trim_end(), "\n".repeat(dims_left - 1));
            for (position, index) in shown.iter().enumerate() {
                text.push_str(&" ".repeat(indent));
                match index {
                    Some(index) => text.push_str(&self.write(axis + 1, at + index * inner, indent + 1, width.saturating_sub(1))),
                    None => text.push_str("..."),
                }
                if position + 1 < shown.len() {
                    text.push_str(&between);
                }
            }
        }
        format!("[{}]", text.get(indent..).unwrap_or(""))
    }
}

/// The items that take part in finding the layout: without those left out.
fn leading(array: &NdArray) -> Vec<usize> {
    let mut chosen = vec![0usize];
    for &length in &array.shape {
        let indices: Vec<usize> = if length > 2 * EDGE { (0..EDGE).chain(length - EDGE..length).collect() } else { (0..length).collect() };
        chosen = chosen.iter().flat_map(|at| indices.iter().map(move |index| at * length + index)).collect();
    }
    chosen
}

fn body(vm: &mut Vm, array: &NdArray, separator: &'static str, indent: usize, width: usize) -> PyResult<String> {
    let size = array.size();
    if size == 0 {
        return Ok("[]".into());
    }
    let summary = size > THRESHOLD;
    let buffer = array.gather();
    let visible = if summary { leading(array) } else { (0..size).collect() };
    let mut items = vec![String::new(); size];
    match &buffer {
        Buffer::Float(values) => {
            let layout = Layout::of_floats(&visible.iter().map(|&at| values[at]).collect::<Vec<_>>());
            for &at in &visible {
                items[at] = layout.float(values[at]);
            }
        }
        Buffer::Int(values) => {
            let width = visible.iter().map(|&at| values[at].to_string().len()).max().unwrap_or(0);
            for &at in &visible {
                items[at] = format!("{:>width$}", values[at]);
            }
        }
        Buffer::Bool(values) => {
            for &at in &visible {
                items[at] = if array.ndim() == 0 && values[at] {
                    "True".into()
                } else if values[at] {
                    " True".into()
                } else {
                    "False".into()
                };
            }
        }
        Buffer::Text(values) => {
            for &at in &visible {
                items[at] = vm.repr(&values[at])?;
            }
        }
    }
    let printer = Printer { items, shape: array.shape.clone(), separator, summary };
    Ok(printer.write(0, 0, indent, width))
}

/// Whether the items are all `str`, so that the dtype is a text of fixed width.
pub(super) fn is_text(buffer: &Buffer) -> bool {
    matches!(buffer, Buffer::Text(items) if !items.is_empty() && items.iter().all(|item| matches!(item, crate::Value::Str(_))))
}

/// `<U3`, or the name of the dtype.
pub(super) fn dtype_name(buffer: &Buffer) -> String {
    match buffer {
        Buffer::Text(items) if is_text(buffer) => {
            format!("<U{}", items.iter().filter_map(crate::Value::as_str).map(|text| text.chars().count()).max().unwrap_or(0).max(1))
        }
        other => other.kind().name().into(),
    }
}

/// `print(array)`.
pub(super) fn text(vm: &mut Vm, array: &NdArray) -> PyResult<String> {
    body(vm, array, " ", 1, LINE)
}

/// The repr, under the name `array` or another.
pub(super) fn repr(vm: &mut Vm, array: &NdArray, name: &str) -> PyResult<String> {
    let prefix = format!("{name}(");
    let mut extras = Vec::new();
    let inner = body(vm, array, ", ", 1 + prefix.len(), LINE - 1)?;
    if (array.size() == 0 && array.shape != [0]) || array.size() > THRESHOLD {
        let shape: Vec<String> = array.shape.iter().map(usize::to_string).collect();
        extras.push(format!("shape=({}{})", shape.join(", "), if shape.len() == 1 { "," } else { "" }));
    }
    let data = array.data();
    let name = dtype_name(&data);
    if array.size() == 0 || matches!(&*data, Buffer::Text(_)) {
        extras.push(if name.starts_with('<') { format!("dtype='{name}'") } else { format!("dtype={name}") });
    }
    if extras.is_empty() {
        return Ok(format!("{prefix}{inner})"));
    }
    let extra = extras.join(", ");
    let last = inner.rsplit('\n').next().unwrap_or("").chars().count() + if inner.contains('\n') { 0 } else { prefix.len() };
    let spacer = if last + extra.len() + 3 > LINE { format!(",\n{}", " ".repeat(prefix.len())) } else { ", ".into() };
    Ok(format!("{prefix}{inner}{spacer}{extra})"))
}
