//! Colours and whether they can be told apart: relative luminance and contrast ratio as the Web
//! Content Accessibility Guidelines 2.2 define them.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An opaque colour of sRGB, eight bits a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Colour {
    /// Red, green, blue.
    pub rgb: [u8; 3],
}

/// Why a text is not a colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a colour such as #14505c")]
pub struct NotAColour;

impl Colour {
    /// White.
    pub const WHITE: Self = Self::new(255, 255, 255);
    /// Black.
    pub const BLACK: Self = Self::new(0, 0, 0);

    /// A colour of its channels.
    pub const fn new(red: u8, green: u8, blue: u8) -> Self {
        Self { rgb: [red, green, blue] }
    }

    /// Relative luminance, 0 (black) to 1 (white): WCAG 2.2, "relative luminance".
    pub fn luminance(self) -> f64 {
        let [r, g, b] = self.rgb.map(linear);
        0.2126 * r + 0.7152 * g + 0.0722 * b
    }

    /// Contrast ratio with another colour, 1 to 21: WCAG 2.2, "contrast ratio".
    pub fn contrast(self, other: Self) -> f64 {
        let (a, b) = (self.luminance(), other.luminance());
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    /// This colour with a part of another, 0 to 1, mixed in channel by channel.
    #[must_use]
    pub fn mixed(self, other: Self, part: f64) -> Self {
        let mut rgb = self.rgb;
        for (mine, theirs) in rgb.iter_mut().zip(other.rgb) {
            let mixed = f64::from(*mine) * (1.0 - part) + f64::from(theirs) * part;
            // Between two bytes.
            *mine = mixed.round().clamp(0.0, 255.0) as u8;
        }
        Self { rgb }
    }

    /// The colour nearest to this one that passes: itself, or darkened towards black or lightened
    /// towards white in 255 steps each, whichever changes it less. `None` when not even those pass.
    #[must_use]
    pub fn nearest(self, passes: impl Fn(Self) -> bool) -> Option<Self> {
        if passes(self) {
            return Some(self);
        }
        let towards = |end: Self| (1..=255).map(|step| self.mixed(end, f64::from(step) / 255.0)).find(|c| passes(*c));
        let found = [towards(Self::BLACK), towards(Self::WHITE)].into_iter().flatten();
        found.min_by(|a, b| self.distance(*a).total_cmp(&self.distance(*b)))
    }

    /// How different two colours look: distance in OKLab (Ottosson 2020,
    /// <https://bottosson.github.io/posts/oklab/>).
    fn distance(self, other: Self) -> f64 {
        let (a, b) = (self.oklab(), other.oklab());
        a.iter().zip(b).map(|(x, y)| (x - y).powi(2)).sum::<f64>().sqrt()
    }

    fn oklab(self) -> [f64; 3] {
        let [r, g, b] = self.rgb.map(linear);
        let l = (0.412_221_470_8 * r + 0.536_332_536_3 * g + 0.051_445_992_9 * b).cbrt();
        let m = (0.211_903_498_2 * r + 0.680_699_545_1 * g + 0.107_396_956_6 * b).cbrt();
        let s = (0.088_302_461_9 * r + 0.281_718_837_6 * g + 0.629_978_700_5 * b).cbrt();
        [
            0.210_454_255_3 * l + 0.793_617_785_0 * m - 0.004_072_046_8 * s,
            1.977_998_495_1 * l - 2.428_592_205_0 * m + 0.450_593_709_9 * s,
            0.025_904_037_1 * l + 0.782_771_766_2 * m - 0.808_675_766_0 * s,
        ]
    }
}

/// A channel in linear light, 0 to 1, with the threshold 0.04045 of IEC 61966-2-1. WCAG printed 0.03928
/// until it was corrected; no value of eight bits lies between the two.
fn linear(channel: u8) -> f64 {
    let c = f64::from(channel) / 255.0;
    if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
}

impl fmt::Display for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [r, g, b] = self.rgb;
        write!(f, "#{r:02x}{g:02x}{b:02x}")
    }
}

impl FromStr for Colour {
    type Err = NotAColour;

    /// `#14505c`, `#abc`, in small or capital letters, with or without the sign. No names, no other
    /// notation: what is written here ends up in a stylesheet.
    fn from_str(text: &str) -> Result<Self, NotAColour> {
        let text = text.trim();
        let digits = text.strip_prefix('#').unwrap_or(text);
        let nibbles: Option<Vec<u8>> = digits.chars().map(|c| c.to_digit(16).map(|d| d as u8)).collect();
        match nibbles.as_deref() {
            Some(&[r, g, b]) => Ok(Self::new(r * 17, g * 17, b * 17)),
            Some(&[r1, r2, g1, g2, b1, b2]) => Ok(Self::new(r1 * 16 + r2, g1 * 16 + g2, b1 * 16 + b2)),
            _ => Err(NotAColour),
        }
    }
}

impl Serialize for Colour {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Colour {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn colour(text: &str) -> Colour {
        text.parse().expect("a colour")
    }

    #[test]
    fn contrast_is_that_of_published_examples() {
        // WebAIM's checker and the Understanding documents of WCAG: ratios that everybody quotes.
        for (ink, ground, ratio) in [
            ("#000000", "#ffffff", 21.0),
            ("#ffffff", "#ffffff", 1.0),
            ("#777777", "#ffffff", 4.48),
            ("#767676", "#ffffff", 4.54),
            ("#949494", "#ffffff", 3.03),
            ("#0000ff", "#ffffff", 8.59),
            ("#ff0000", "#ffffff", 4.0),
            ("#ff0000", "#000000", 5.25),
            ("#00ff00", "#ffffff", 1.37),
            // GOV.UK: link on white, and the focus yellow under its text.
            ("#1d70b8", "#ffffff", 5.17),
            ("#0b0c0c", "#ffdd00", 14.55),
            // The palette of the Government Analysis Function.
            ("#12436d", "#ffffff", 10.25),
            ("#f46a25", "#ffffff", 3.03),
        ] {
            let found = colour(ink).contrast(colour(ground));
            assert!((found - ratio).abs() < 0.006, "{ink} on {ground}: {found}");
            assert!((found - colour(ground).contrast(colour(ink))).abs() < 1e-12, "either way round");
        }
    }

    #[test]
    fn only_hexadecimal_notation_is_a_colour() {
        assert_eq!(colour("#abc"), colour("AABBCC"));
        assert_eq!(colour(" #14505C ").to_string(), "#14505c");
        for wrong in [
            "",
            "#",
            "#12",
            "#1234",
            "#12345",
            "#1234567",
            "#12345678",
            "red",
            "rgb(0,0,0)",
            "#gg0000",
            "#fff;}",
            "##fff",
            "#１２３",
        ] {
            assert_eq!(wrong.parse::<Colour>(), Err(NotAColour), "{wrong}");
        }
    }

    #[test]
    fn the_nearest_colour_that_can_be_read_is_only_just_readable() {
        for text in ["#ff8800", "#00aaff", "#88cc00", "#f47738", "#eeeeee", "#ffdd00"] {
            let wanted = colour(text);
            let found = wanted.nearest(|c| c.contrast(Colour::WHITE) >= 4.5).expect("black can be read on white");
            let ratio = found.contrast(Colour::WHITE);
            assert!((4.5..4.62).contains(&ratio), "{text} became {found}: {ratio}");
        }
        let dark = colour("#14505c");
        assert_eq!(dark.nearest(|c| c.contrast(Colour::WHITE) >= 4.5), Some(dark), "what can be read stays");
        let text = colour("#888888").nearest(|c| c.contrast(colour("#222222")) >= 4.5).expect("white can be read");
        assert!(text.luminance() > colour("#888888").luminance(), "on a dark ground it is lightened: {text}");
        assert_eq!(dark.nearest(|_| false), None);
    }

    #[test]
    fn oklab_is_that_of_its_author() {
        // White is (1, 0, 0) there.
        let [l, a, b] = Colour::WHITE.oklab();
        assert!((l - 1.0).abs() < 1e-4 && a.abs() < 1e-4 && b.abs() < 1e-4);
        // sRGB red: L 0.62796, a 0.22486, b 0.12585 (CSS Color 4, example values).
        let [l, a, b] = colour("#f00").oklab();
        assert!((l - 0.62796).abs() < 1e-4 && (a - 0.22486).abs() < 1e-4 && (b - 0.12585).abs() < 1e-4);
    }
}
