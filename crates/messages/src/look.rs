//! How a message looks and who it is from: what is the same for all messages of a body.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::language::{is_code, is_right_to_left};
use crate::{Problem, link};

/// The contrast that text needs (WCAG 2.2, success criterion 1.4.3).
pub const MIN_CONTRAST: f64 = 4.5;

/// A colour of sRGB.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Colour {
    /// Red.
    pub red: u8,
    /// Green.
    pub green: u8,
    /// Blue.
    pub blue: u8,
}

impl Colour {
    /// A colour from its three parts.
    pub const fn new(red: u8, green: u8, blue: u8) -> Self {
        Self { red, green, blue }
    }

    /// The ratio of contrast to another colour, from 1 to 21, as WCAG defines it.
    pub fn contrast(self, other: Self) -> f64 {
        let (one, two) = (self.luminance(), other.luminance());
        (one.max(two) + 0.05) / (one.min(two) + 0.05)
    }

    fn luminance(self) -> f64 {
        let part = |part: u8| {
            let part = f64::from(part) / 255.0;
            if part <= 0.040_45 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * part(self.red) + 0.7152 * part(self.green) + 0.0722 * part(self.blue)
    }

    /// The colour with its lightness turned round and its hue kept: what mail programs make of it in the dark.
    pub fn in_the_dark(self) -> Self {
        let parts = [self.red, self.green, self.blue];
        let ends =
            u16::from(parts.iter().copied().max().unwrap_or(0)) + u16::from(parts.iter().copied().min().unwrap_or(0));
        // Lies between 0 and 255: a part is at most the largest and at least the smallest of the three.
        let turned = |part: u8| u8::try_from((u16::from(part) + 255).saturating_sub(ends)).unwrap_or(u8::MAX);
        Self::new(turned(self.red), turned(self.green), turned(self.blue))
    }
}

impl fmt::Display for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{:02x}{:02x}{:02x}", self.red, self.green, self.blue)
    }
}

impl FromStr for Colour {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        let digits = text.trim().strip_prefix('#').ok_or(Problem::LookColour)?;
        if digits.len() != 6 || !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Err(Problem::LookColour);
        }
        let part = |from: usize| {
            let part = digits.get(from..from + 2).and_then(|part| u8::from_str_radix(part, 16).ok());
            part.ok_or(Problem::LookColour)
        };
        Ok(Self::new(part(0)?, part(2)?, part(4)?))
    }
}

impl Serialize for Colour {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Colour {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// The colours of a message. Every text has one and every ground below a text has one, so that nothing is left to the program
/// that shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Colours {
    /// Around the message, and below the footer.
    pub page: Colour,
    /// Below the message.
    pub paper: Colour,
    /// The text of the message.
    pub text: Colour,
    /// The text of the footer.
    pub muted: Colour,
    /// Links.
    pub link: Colour,
    /// The bar at the top.
    pub bar: Colour,
    /// The name on the bar.
    pub on_bar: Colour,
    /// Lines of tables, and beside what is set off.
    pub line: Colour,
}

impl Default for Colours {
    fn default() -> Self {
        Self {
            page: Colour::new(0xf3, 0xf2, 0xf1),
            paper: Colour::new(0xff, 0xff, 0xff),
            text: Colour::new(0x0b, 0x0c, 0x0c),
            muted: Colour::new(0x50, 0x5a, 0x5f),
            link: Colour::new(0x1d, 0x5f, 0xa8),
            bar: Colour::new(0x1d, 0x4f, 0x7c),
            on_bar: Colour::new(0xff, 0xff, 0xff),
            line: Colour::new(0xb1, 0xb4, 0xb6),
        }
    }
}

impl Colours {
    /// The pairs that can't be told apart, as they are given or in the dark.
    fn check(&self) -> impl Iterator<Item = Problem> {
        let pairs = [
            ("the text", self.text, "the paper", self.paper),
            ("links", self.link, "the paper", self.paper),
            ("the footer's text", self.muted, "the page", self.page),
            ("links", self.link, "the page", self.page),
            ("the name on the bar", self.on_bar, "the bar", self.bar),
        ];
        pairs.into_iter().filter_map(|(one, colour, other, ground)| {
            let light = colour.contrast(ground);
            let dark = colour.in_the_dark().contrast(ground.in_the_dark());
            (light.min(dark) < MIN_CONTRAST).then_some(Problem::LookContrast(one, other))
        })
    }
}

/// A link of the footer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FooterLink {
    /// What it says.
    pub text: String,
    /// Where it goes: `https:`, `mailto:` or `tel:`.
    pub to: String,
}

/// Who the message is from and why it came.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Footer {
    /// Why this person gets it.
    pub why: String,
    /// Whatever else is to be said.
    pub lines: Vec<String>,
    /// Where not to get it any more. None for what must be sent.
    pub unsubscribe: Option<FooterLink>,
    /// Other links: privacy notice, contact, preferences.
    pub links: Vec<FooterLink>,
    /// Where post reaches the body, a line each.
    pub postal_address: Vec<String>,
}

/// How a message looks and who it is from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Look {
    /// The name of the body that sends.
    pub name: String,
    /// The language of the message, as a code of BCP 47 (`en`, `cy`, `pt-BR`).
    pub language: String,
    /// What stands on the bar at the top; the name if there is nothing.
    #[serde(default)]
    pub logo: Option<String>,
    /// What lists of mail show beside the subject, where it is not the beginning of the message.
    #[serde(default)]
    pub preheader: Option<String>,
    /// The colours.
    #[serde(default)]
    pub colours: Colours,
    /// The footer.
    #[serde(default)]
    pub footer: Footer,
}

impl Look {
    /// A plain look for a body and a language.
    pub fn new(name: &str, language: &str) -> Self {
        Self {
            name: name.to_owned(),
            language: language.to_owned(),
            logo: None,
            preheader: None,
            colours: Colours::default(),
            footer: Footer::default(),
        }
    }

    /// What keeps messages from being written in this look.
    pub fn check(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        if self.name.trim().is_empty() {
            problems.push(Problem::LookNoName);
        }
        if !is_code(&self.language) {
            problems.push(Problem::LookLanguage);
        }
        problems.extend(self.colours.check());
        for footer_link in self.footer.unsubscribe.iter().chain(&self.footer.links) {
            match link::link(&footer_link.to, &[]) {
                Ok(to) if to.fixed().is_none() => problems.push(Problem::LinkGap),
                Ok(_) if footer_link.text.trim().is_empty() => problems.push(Problem::LinkEmpty),
                Ok(_) => {}
                Err(problem) => problems.push(problem),
            }
        }
        problems.dedup();
        problems
    }

    /// `ltr` or `rtl`, as the language is written.
    pub fn direction(&self) -> &'static str {
        if is_right_to_left(&self.language) { "rtl" } else { "ltr" }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn colour(text: &str) -> Colour {
        text.parse().expect("a colour")
    }

    #[test]
    fn contrast_is_that_of_wcag() {
        let ratio = |one, two| (colour(one).contrast(colour(two)) * 100.0).round() / 100.0;
        assert_eq!(ratio("#000000", "#ffffff"), 21.0);
        // Known from the guidance on WCAG: the lightest grey on white that passes, and the next that does not.
        assert_eq!(ratio("#767676", "#ffffff"), 4.54);
        assert_eq!(ratio("#777777", "#ffffff"), 4.48);
    }

    #[test]
    fn the_dark_turns_lightness_and_keeps_hue() {
        assert_eq!(colour("#ffffff").in_the_dark(), colour("#000000"));
        assert_eq!(colour("#ff0000").in_the_dark(), colour("#ff0000"));
        let blue = colour("#1d5fa8");
        assert_eq!(blue.in_the_dark().to_string(), "#5799e2");
        assert_eq!(blue.in_the_dark().in_the_dark(), blue);
    }

    #[test]
    fn the_plain_look_is_good_and_a_pale_one_is_not() {
        let mut look = Look::new("Anytown Council", "en");
        assert_eq!(look.check(), []);
        look.colours.link = colour("#7fb2ff");
        let sentences: Vec<String> = look.check().iter().map(ToString::to_string).collect();
        assert!(
            sentences[0].starts_with("The colours of links and the paper are too near to each other"),
            "{sentences:?}"
        );
        assert!(sentences[0].contains("4.5 to 1"), "{sentences:?}");
    }

    #[test]
    fn what_is_missing_or_wrong_is_said() {
        let mut look = Look::new(" ", "english");
        let to = |text: &str, to: &str| FooterLink { text: text.to_owned(), to: to.to_owned() };
        look.footer.unsubscribe = Some(to("Stop", "http://example.org/stop"));
        look.footer.links = vec![to("", "https://example.org/"), to("x", "javascript:alert(1)")];
        let codes: Vec<_> = look.check().iter().map(Problem::code).collect();
        assert_eq!(codes, ["look-no-name", "look-language", "link-insecure", "link-empty", "link-scheme"]);
        for text in ["1d70b8", "#1d70b", "#1d70bg", "#1d70b8ff", "red"] {
            assert_eq!(text.parse::<Colour>(), Err(Problem::LookColour), "{text}");
        }
    }

    #[test]
    fn a_look_is_read_from_json_with_what_it_says() {
        let json = r##"{"name": "Anytown", "language": "cy", "colours": {"bar": "#000000"}, "footer": {"why": "x"}}"##;
        let look: Look = serde_json::from_str(json).expect("a look");
        assert_eq!((look.colours.bar, look.colours.paper), (colour("#000000"), colour("#ffffff")));
        assert_eq!(serde_json::from_str::<Look>(&serde_json::to_string(&look).expect("JSON")).ok(), Some(look));
    }
}
