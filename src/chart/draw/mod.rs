//! Drawing a chart on any plotters backend.
//!
//! A [`Layout`](layout::Layout) places everything in CSS pixels; from it come the [`Scene`](scene::Scene) of plain shapes that a backend
//! paints, and what is under the pointer ([`hover`]). So both always agree.

#[cfg(target_arch = "wasm32")]
mod canvas;
mod frame;
mod heat;
mod hover;
mod layout;
mod legend;
mod marks;
mod paint;
mod scale;
mod scene;
mod style;
mod text;
mod thin;
mod ticks;

#[cfg(target_arch = "wasm32")]
pub use canvas::draw_on_canvas;
pub use hover::{ReadOut, hover};
pub use layout::preferred_height;
pub use paint::{draw, to_svg};
pub use style::Style;
