//! A chart as data, and its drawing.
//!
//! The kernel makes a [`Chart`] with one of the builders and sends it to the page as a typed message. The page draws it on a canvas with
//! the `draw` feature; native code writes it as SVG. Its text alternative ([`Chart::summary`]) and the table behind it ([`Chart::table`])
//! come from the same data.

#[cfg(feature = "draw")]
mod draw;
mod evaluation;
mod number;
mod plots;
mod spec;
mod summary;
mod table;

#[cfg(all(feature = "draw", target_arch = "wasm32"))]
pub use draw::draw_on_canvas;
#[cfg(feature = "draw")]
pub use draw::{ReadOut, Style, draw, hover, preferred_height, to_svg};
pub use evaluation::{confusion_matrix, cv_scores, feature_importances, precision_recall, roc};
pub use number::format_number;
pub use plots::{Orientation, Positions, Series, XySeries, bar, box_plot, histogram, line, scatter};
pub use spec::{Axis, BoxStats, Chart, Layer, Scale};
pub use table::ChartTable;
