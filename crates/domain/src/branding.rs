//! How a body's pages look: what it may set, and what can be read by everybody.
//!
//! Errors, success and the focus ring look the same for every body, because people must be able to
//! rely on them; they are not here.

use serde::{Deserialize, Serialize};

use crate::colour::Colour;
use crate::contact::named;

named! {
    /// A font: the system's, or one that we host. No other server is ever asked for one.
    BrandingFont {
        /// What the reader's system uses for its own windows. Nothing is loaded.
        System = "system", "The system’s own";
        /// Public Sans, made for the United States' government sites.
        PublicSans = "public_sans", "Public Sans";
        /// Atkinson Hyperlegible Next, made by the Braille Institute for readers with low vision.
        Atkinson = "atkinson", "Atkinson Hyperlegible Next";
    }
}

named! {
    /// How round corners are.
    Corners {
        /// 0 px.
        Square = "square", "Square";
        /// 3 px.
        Slight = "slight", "Slightly rounded";
        /// 6 px.
        Rounded = "rounded", "Rounded";
        /// 12 px.
        Round = "round", "Very rounded";
    }
}

impl Corners {
    /// Radius in CSS pixels.
    pub const fn pixels(self) -> u8 {
        match self {
            Self::Square => 0,
            Self::Slight => 3,
            Self::Rounded => 6,
            Self::Round => 12,
        }
    }
}

/// How the pages of one body look.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Branding {
    /// Ground of the bar at the top of each page.
    pub brand: Colour,
    /// Text on it.
    pub brand_text: Colour,
    /// Ground of the button that does what the page is for.
    pub action: Colour,
    /// Text on it.
    pub action_text: Colour,
    /// Links in text.
    pub link: Colour,
    /// The font.
    pub font: BrandingFont,
    /// Corners of buttons, fields and cards.
    pub corners: Corners,
}

impl Default for Branding {
    fn default() -> Self {
        Self {
            brand: Colour::new(0x14, 0x50, 0x5c),
            brand_text: Colour::WHITE,
            action: Colour::new(0x14, 0x50, 0x5c),
            action_text: Colour::WHITE,
            link: Colour::new(0x15, 0x5e, 0x75),
            font: BrandingFont::System,
            corners: Corners::Rounded,
        }
    }
}

/// The darkest plain ground on which a link or a button stands: `--cw-hover`, a row under the pointer.
/// What stands out from it stands out from the page and from white too.
pub const GROUND: Colour = Colour::new(0xee, 0xf2, 0xf5);

named! {
    /// A colour that a body may set.
    Part {
        /// [`Branding::brand`].
        Brand = "brand", "Brand";
        /// [`Branding::brand_text`].
        BrandText = "brand_text", "Text on brand";
        /// [`Branding::action`].
        Action = "action", "Button";
        /// [`Branding::action_text`].
        ActionText = "action_text", "Text on button";
        /// [`Branding::link`].
        Link = "link", "Link";
    }
}

named! {
    /// Two colours that must be told apart.
    Pair {
        /// Text on the bar at the top.
        TextOnBrand = "text_on_brand", "the text with the brand colour";
        /// The edge of a button on the page.
        ActionOnPage = "action_on_page", "the button with the page";
        /// The text on a button.
        TextOnAction = "text_on_action", "the text with the button";
        /// A link in text.
        LinkOnPage = "link_on_page", "the link with the page";
    }
}

impl Pair {
    /// Least contrast: 4.5 for text (WCAG 2.2, 1.4.3), 3 for the edge of a control (1.4.11).
    pub const fn least(self) -> f64 {
        match self {
            Self::ActionOnPage => 3.0,
            Self::TextOnBrand | Self::TextOnAction | Self::LinkOnPage => 4.5,
        }
    }

    /// The colour that is offered another shade when the two can't be told apart: that of the text,
    /// so that the body's own colour stays; else the one that stands on the page.
    pub const fn mended(self) -> Part {
        match self {
            Self::TextOnBrand => Part::BrandText,
            Self::ActionOnPage => Part::Action,
            Self::TextOnAction => Part::ActionText,
            Self::LinkOnPage => Part::Link,
        }
    }

    /// The other colour that may give way, if the body can change it.
    pub const fn otherwise(self) -> Option<Part> {
        match self {
            Self::TextOnBrand => Some(Part::Brand),
            Self::TextOnAction => Some(Part::Action),
            Self::ActionOnPage | Self::LinkOnPage => None,
        }
    }
}

/// How well two colours of the branding can be told apart.
#[derive(Clone, Debug, PartialEq)]
pub struct Contrast {
    /// Which two.
    pub pair: Pair,
    /// Contrast ratio, 1 to 21.
    pub ratio: f64,
    /// Other shades that would do, the better offer first; empty when this one does.
    pub offers: Vec<(Part, Colour)>,
}

impl Contrast {
    /// Whether everybody can tell them apart.
    pub fn suffices(&self) -> bool {
        self.ratio >= self.pair.least()
    }

    /// The ratio with two digits, cut off: what falls short must not look as if it did not.
    pub fn shown(&self) -> f64 {
        (self.ratio * 100.0).floor() / 100.0
    }
}

impl Branding {
    /// One of its colours.
    pub const fn colour(&self, part: Part) -> Colour {
        match part {
            Part::Brand => self.brand,
            Part::BrandText => self.brand_text,
            Part::Action => self.action,
            Part::ActionText => self.action_text,
            Part::Link => self.link,
        }
    }

    /// The same branding with one colour changed.
    #[must_use]
    pub fn with(&self, part: Part, colour: Colour) -> Self {
        let mut branding = self.clone();
        *match part {
            Part::Brand => &mut branding.brand,
            Part::BrandText => &mut branding.brand_text,
            Part::Action => &mut branding.action,
            Part::ActionText => &mut branding.action_text,
            Part::Link => &mut branding.link,
        } = colour;
        branding
    }

    fn ratio(&self, pair: Pair) -> f64 {
        match pair {
            Pair::TextOnBrand => self.brand_text.contrast(self.brand),
            Pair::ActionOnPage => self.action.contrast(GROUND),
            Pair::TextOnAction => self.action_text.contrast(self.action),
            Pair::LinkOnPage => self.link.contrast(GROUND),
        }
    }

    /// How well each pair can be told apart, and what would do where it can't.
    pub fn contrasts(&self) -> Vec<Contrast> {
        Pair::ALL.iter().map(|pair| self.contrast(*pair)).collect()
    }

    fn contrast(&self, pair: Pair) -> Contrast {
        let mut found = Contrast { pair, ratio: self.ratio(pair), offers: Vec::new() };
        if !found.suffices() {
            let parts = [Some(pair.mended()), pair.otherwise()];
            found.offers = parts.into_iter().flatten().filter_map(|p| Some((p, self.offer(pair, p)?))).collect();
        }
        found
    }

    /// The shade nearest to the present one with which the pair can be told apart. One that spoils no
    /// other pair is preferred.
    fn offer(&self, pair: Pair, part: Part) -> Option<Colour> {
        let does = |pair: Pair, colour: Colour| self.with(part, colour).ratio(pair) >= pair.least();
        let now = self.colour(part);
        now.nearest(|c| Pair::ALL.iter().all(|p| does(*p, c) || (*p != pair && !does(*p, now))))
            .or_else(|| now.nearest(|c| does(pair, c)))
    }

    /// Ground of the button under the pointer: a darker shade, or a lighter one under dark text, as
    /// far as its text can still be read and its edge be seen.
    pub fn action_hover(&self) -> Colour {
        let does = |c: &Colour| {
            c.contrast(self.action_text) >= Pair::TextOnAction.least()
                && c.contrast(GROUND) >= Pair::ActionOnPage.least()
        };
        let shades = [self.action.mixed(Colour::BLACK, 0.28), self.action.mixed(Colour::WHITE, 0.15)];
        shades.into_iter().find(does).unwrap_or(self.action)
    }

    /// A link under the pointer: darker, so it can be read wherever the link can.
    pub fn link_hover(&self) -> Colour {
        self.link.mixed(Colour::BLACK, 0.28)
    }

    /// Ground of what is chosen or current: a tint of the button's colour, so light that the usual
    /// ink can be read on it whatever the colour is.
    pub fn selected(&self) -> Colour {
        self.action.mixed(Colour::WHITE, 0.88)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn colour(text: &str) -> Colour {
        text.parse().expect("a colour")
    }

    fn failing(branding: &Branding) -> Vec<Pair> {
        branding.contrasts().into_iter().filter(|c| !c.suffices()).map(|c| c.pair).collect()
    }

    #[test]
    fn the_look_of_a_new_body_can_be_read() {
        assert_eq!(failing(&Branding::default()), []);
    }

    #[test]
    fn each_pair_is_held_to_its_own_limit() {
        let branding = Branding::default();
        // 4.48:1 and 4.54:1 on white.
        assert_eq!(failing(&branding.with(Part::Brand, colour("#777777"))), [Pair::TextOnBrand]);
        assert_eq!(failing(&branding.with(Part::Brand, colour("#767676"))), []);
        // A link that could be read on white, and could not on the ground of a row.
        assert_eq!(failing(&branding.with(Part::Link, colour("#767676"))), [Pair::LinkOnPage]);
        assert_eq!(failing(&branding.with(Part::Link, colour("#6e6e6e"))), []);
        let yellow = branding.with(Part::Action, colour("#ffdd00")).with(Part::ActionText, Colour::BLACK);
        assert_eq!(failing(&yellow), [Pair::ActionOnPage], "its text can be read, its edge can't be seen");
        let mid = branding.with(Part::Action, colour("#808080"));
        assert_eq!(failing(&mid), [Pair::TextOnAction], "its edge can be seen, its text can't be read");
    }

    #[test]
    fn taking_what_is_offered_always_ends_with_a_look_that_can_be_read() {
        let shades =
            ["#ffffff", "#ffdd00", "#f46a25", "#ff00ff", "#00ff00", "#8899aa", "#767676", "#14505c", "#000000"];
        for brand in shades {
            for action in shades {
                for text in shades {
                    let mut branding = Branding {
                        brand: colour(brand),
                        brand_text: colour(text),
                        action: colour(action),
                        action_text: colour(text),
                        link: colour(action),
                        ..Branding::default()
                    };
                    for _ in 0..5 {
                        let Some(bad) = branding.contrasts().into_iter().find(|c| !c.suffices()) else { break };
                        let (part, offered) = *bad.offers.first().expect("something is offered");
                        branding = branding.with(part, offered);
                        assert!(branding.contrast(bad.pair).suffices(), "{brand} {action} {text}: {part:?} {offered}");
                    }
                    assert_eq!(failing(&branding), [], "{brand} {action} {text}");
                    let hover = branding.action_hover();
                    assert!(hover.contrast(branding.action_text) >= 4.5 && hover.contrast(GROUND) >= 3.0);
                    assert!(colour("#16202a").contrast(branding.selected()) >= 7.0);
                }
            }
        }
    }

    #[test]
    fn a_ratio_that_falls_short_is_never_shown_as_if_it_did_not() {
        let near = Contrast { pair: Pair::LinkOnPage, ratio: 4.499_9, offers: Vec::new() };
        assert!(!near.suffices());
        assert!((near.shown() - 4.49).abs() < 1e-9);
    }

    #[test]
    fn settings_from_before_there_was_a_look_have_the_usual_one() {
        let old: crate::BodySettings =
            serde_json::from_str(r#"{"name":"Testshire","person_word":"resident"}"#).expect("read");
        assert_eq!(old.branding, Branding::default());
        let kept = serde_json::to_string(&Branding::default()).expect("written");
        assert!(kept.contains("\"brand\":\"#14505c\""), "{kept}");
        assert!(
            serde_json::from_str::<Branding>(r#"{"brand":"red;}body{display:none"}"#).is_err(),
            "a colour and nothing else"
        );
    }
}
