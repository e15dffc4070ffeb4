use super::style::Colour;

/// Plain shapes in CSS pixels, painted first to last.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Scene {
    pub(super) shapes: Vec<Shape>,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Shape {
    Line {
        points: Vec<(f64, f64)>,
        ink: Ink,
        width: f64,
    },
    /// Also every line along an axis: it stays crisp, which a stroke between two pixels doesn't.
    Rect {
        left: f64,
        top: f64,
        right: f64,
        bottom: f64,
        ink: Ink,
    },
    Polygon {
        points: Vec<(f64, f64)>,
        ink: Ink,
    },
    Circle {
        x: f64,
        y: f64,
        radius: f64,
        ink: Ink,
        filled: bool,
    },
    /// `y` is the middle of the text.
    Text {
        x: f64,
        y: f64,
        text: String,
        size: f64,
        bold: bool,
        align: Align,
        ink: Ink,
    },
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Ink {
    pub(super) colour: Colour,
    pub(super) alpha: f64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Align {
    Left,
    Centre,
    Right,
}

pub(super) fn ink(colour: Colour) -> Ink {
    Ink { colour, alpha: 1.0 }
}

impl Ink {
    pub(super) fn faint(self, alpha: f64) -> Self {
        Self { alpha, ..self }
    }
}

impl Scene {
    pub(super) fn line(&mut self, points: Vec<(f64, f64)>, ink: Ink, width: f64) {
        self.shapes.push(Shape::Line { points, ink, width });
    }

    pub(super) fn rect(&mut self, (x0, y0): (f64, f64), (x1, y1): (f64, f64), ink: Ink) {
        self.shapes.push(Shape::Rect { left: x0.min(x1), top: y0.min(y1), right: x0.max(x1), bottom: y0.max(y1), ink });
    }

    /// A hair line from left to right.
    pub(super) fn horizontal(&mut self, left: f64, right: f64, y: f64, thickness: f64, ink: Ink) {
        self.rect((left, y - thickness / 2.0), (right, y + thickness / 2.0), ink);
    }

    pub(super) fn vertical(&mut self, x: f64, top: f64, bottom: f64, thickness: f64, ink: Ink) {
        self.rect((x - thickness / 2.0, top), (x + thickness / 2.0, bottom), ink);
    }

    pub(super) fn circle(&mut self, x: f64, y: f64, radius: f64, ink: Ink) {
        self.shapes.push(Shape::Circle { x, y, radius, ink, filled: true });
    }

    pub(super) fn ring(&mut self, x: f64, y: f64, radius: f64, ink: Ink) {
        self.shapes.push(Shape::Circle { x, y, radius, ink, filled: false });
    }

    pub(super) fn text(&mut self, x: f64, y: f64, text: impl Into<String>, size: f64, align: Align, ink: Ink) {
        self.shapes.push(Shape::Text { x, y, text: text.into(), size, bold: false, align, ink });
    }

    pub(super) fn dashed(&mut self, from: (f64, f64), to: (f64, f64), ink: Ink, width: f64) {
        let (dx, dy) = (to.0 - from.0, to.1 - from.1);
        let length = libm::hypot(dx, dy);
        let (dash, gap) = (5.0, 4.0);
        let mut start = 0.0;
        while start < length {
            let end = (start + dash).min(length);
            let point = |at: f64| (from.0 + dx * at / length, from.1 + dy * at / length);
            self.line(vec![point(start), point(end)], ink, width);
            start += dash + gap;
        }
    }

    /// The mark of scatter group `group`: groups differ in shape as well as in colour.
    pub(super) fn point(&mut self, group: usize, x: f64, y: f64, radius: f64, ink: Ink) {
        let r = radius * 1.15;
        let points = match group % 4 {
            0 => return self.circle(x, y, radius, ink),
            1 => vec![(x, y - r * 1.1), (x + r, y + r * 0.8), (x - r, y + r * 0.8)],
            2 => return self.rect((x - radius * 0.9, y - radius * 0.9), (x + radius * 0.9, y + radius * 0.9), ink),
            _ => vec![(x, y - r * 1.15), (x + r, y), (x, y + r * 1.15), (x - r, y)],
        };
        self.shapes.push(Shape::Polygon { points, ink });
    }
}
