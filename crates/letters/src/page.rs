//! Where things stand on the first page, in millimetres from the upper left corner of an A4 page. The window and what is kept clear
//! around it are those that GOV.UK Notify holds letters to (`app/precompiled.py` of `alphagov/notifications-template-preview`).

use serde::Serialize;

/// The window of the envelope (DL, C5): its left edge.
pub const WINDOW_LEFT: f64 = 24.6;
/// Its upper edge.
pub const WINDOW_TOP: f64 = 39.5;
/// How wide it is.
pub const WINDOW_WIDTH: f64 = 95.4;
/// How high it is.
pub const WINDOW_HEIGHT: f64 = 26.8;
/// Below here and left of [`OFFICE_LEFT`], down to [`WORDS_TOP`], nothing stands but the address.
pub const CLEAR_TOP: f64 = 30.0;
/// The sender's block stands at the right of here.
pub const OFFICE_LEFT: f64 = 125.0;
/// Where the words begin.
pub const WORDS_TOP: f64 = 95.0;
/// Nothing stands nearer to the left and right edges of the page.
pub const BORDER_SIDES: f64 = 15.0;
/// Nothing stands nearer to the upper and lower edges of the page.
pub const BORDER_ENDS: f64 = 5.0;

/// How wide a page is.
pub const PAGE_WIDTH: f64 = 210.0;

/// Points of a millimetre.
pub(crate) const POINTS: f64 = 72.0 / 25.4;
/// How wide a line of words is.
pub(crate) const WORDS_WIDTH: f64 = PAGE_WIDTH - AT.left - AT.right;
/// How wide the narrowest line is that words may have, beside all that they are indented by.
pub(crate) const MIN_WIDTH: f64 = 50.0;
/// How much a bullet or the dot of a number takes, with what is left free behind it.
pub(crate) const MARKER_WIDTH: f64 = AT.body_indent + 3.0;
/// How wide a digit before a point of a list is.
pub(crate) const DIGIT_WIDTH: f64 = 2.2;

/// The same for what sets the page.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct Page {
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
    words_top: f64,
    /// What of a letter stands above the line that its height is counted from.
    ascent: f64,
    office_left: f64,
    office_top: f64,
    pub(crate) office_width: f64,
    office_height: f64,
    window_left: f64,
    window_top: f64,
    window_width: f64,
    window_height: f64,
    /// What accents of capital letters need above a line.
    accents: f64,
    body_indent: f64,
    pub(crate) inset: f64,
    pub(crate) cell_inset: f64,
}

pub(crate) const AT: Page = Page {
    left: WINDOW_LEFT,
    right: 20.0,
    top: 20.0,
    bottom: 20.0,
    words_top: WORDS_TOP,
    ascent: 1.0,
    // Marks of a first or last letter may stand out a little.
    office_left: OFFICE_LEFT + 1.0,
    office_top: 20.0,
    office_width: PAGE_WIDTH - OFFICE_LEFT - 2.0 - BORDER_SIDES,
    office_height: WORDS_TOP - 20.0 - 3.0,
    window_left: WINDOW_LEFT,
    window_top: WINDOW_TOP,
    window_width: WINDOW_WIDTH,
    window_height: WINDOW_HEIGHT,
    accents: 1.0,
    body_indent: 3.0,
    inset: 5.0,
    cell_inset: 1.5,
};
