use serde::{Deserialize, Serialize};

/// How large and in which colours a chart is drawn.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(any(test, feature = "ts"), derive(ts_rs::TS), ts(export_to = "protocol.ts"))]
pub struct Style {
    /// In CSS pixels.
    pub width: u32,
    /// In CSS pixels.
    pub height: u32,
    /// Device pixels for each CSS pixel.
    pub device_pixel_ratio: f64,
    pub dark: bool,
    /// A CSS font family list.
    pub font: String,
    /// Red, green and blue of what is behind the chart; the theme's own when `null`.
    #[serde(default)]
    pub background: Option<[u8; 3]>,
}

impl Default for Style {
    fn default() -> Self {
        Self { width: 640, height: 360, device_pixel_ratio: 1.0, dark: false, font: "system-ui, sans-serif".to_owned(), background: None }
    }
}

/// Red, green, blue.
pub(super) type Colour = (u8, u8, u8);

/// The colours of one theme.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Theme {
    pub(super) background: Colour,
    pub(super) text: Colour,
    pub(super) muted: Colour,
    pub(super) grid: Colour,
    pub(super) axis: Colour,
    palette: [Colour; 7],
}

/// Okabe and Ito's hues, the pale ones deepened until each stands out from white by 3:1.
const ON_LIGHT: [Colour; 7] = [(0, 114, 178), (213, 94, 0), (0, 140, 102), (176, 88, 140), (178, 122, 0), (48, 140, 196), (70, 70, 70)];
/// The same hues, the deep ones lifted until each stands out from the dark background by 3:1.
const ON_DARK: [Colour; 7] =
    [(86, 180, 233), (240, 128, 60), (38, 190, 145), (222, 148, 188), (230, 159, 0), (120, 150, 240), (190, 190, 190)];

impl Theme {
    pub(super) fn of(style: &Style) -> Self {
        let mut theme = if style.dark {
            Self {
                background: (22, 24, 29),
                text: (232, 234, 237),
                muted: (165, 170, 180),
                grid: (46, 50, 58),
                axis: (110, 116, 128),
                palette: ON_DARK,
            }
        } else {
            Self {
                background: (255, 255, 255),
                text: (28, 30, 34),
                muted: (92, 98, 108),
                grid: (232, 234, 238),
                axis: (140, 146, 156),
                palette: ON_LIGHT,
            }
        };
        if let Some([r, g, b]) = style.background {
            theme.background = (r, g, b);
        }
        theme
    }

    /// The colour of the series with this number; they repeat after seven.
    pub(super) fn series(&self, i: usize) -> Colour {
        self.palette[i % self.palette.len()]
    }

    /// A heat map's colour for `share` in 0..=1.
    pub(super) fn heat(&self, share: f64) -> Colour {
        mix(mix(self.background, self.palette[0], 0.06), self.palette[0], share.clamp(0.0, 1.0))
    }

    /// The colour that reads best on `ground`.
    pub(super) fn text_on(&self, ground: Colour) -> Colour {
        let (black, white) = ((0, 0, 0), (255, 255, 255));
        if contrast(black, ground) >= contrast(white, ground) { black } else { white }
    }
}

pub(super) fn mix(from: Colour, to: Colour, share: f64) -> Colour {
    let channel = |a: u8, b: u8| libm::round(f64::from(a) + (f64::from(b) - f64::from(a)) * share) as u8;
    (channel(from.0, to.0), channel(from.1, to.1), channel(from.2, to.2))
}

/// WCAG's contrast ratio.
fn contrast(a: Colour, b: Colour) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

fn luminance((r, g, b): Colour) -> f64 {
    let linear = |channel: u8| {
        let c = f64::from(channel) / 255.0;
        if c <= 0.040_45 { c / 12.92 } else { libm::pow((c + 0.055) / 1.055, 2.4) }
    };
    0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_and_words_stand_out_from_both_backgrounds() {
        for dark in [false, true] {
            let theme = Theme::of(&Style { dark, ..Style::default() });
            assert!((0..7).all(|i| contrast(theme.series(i), theme.background) >= 3.0), "graphics need 3:1 (dark: {dark})");
            assert!(contrast(theme.muted, theme.background) >= 4.5 && contrast(theme.text, theme.background) >= 7.0);
            for step in 0..=20 {
                let ground = theme.heat(f64::from(step) / 20.0);
                assert!(contrast(theme.text_on(ground), ground) >= 4.5);
            }
        }
    }
}
