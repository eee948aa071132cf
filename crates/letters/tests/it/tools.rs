//! What poppler and qpdf say of a file.

use std::io::Write as _;
use std::process::{Command, Stdio};

use commonweal_letters::page::{
    BORDER_ENDS, BORDER_SIDES, CLEAR_TOP, OFFICE_LEFT, PAGE_WIDTH, WINDOW_HEIGHT, WINDOW_LEFT, WINDOW_TOP,
    WINDOW_WIDTH, WORDS_TOP,
};

/// Points of a millimetre.
const MM: f64 = 72.0 / 25.4;
const PAGE_HEIGHT: f64 = 297.0;

/// What a program says of a file.
pub(crate) fn told(program: &str, arguments: &[&str], pdf: &[u8]) -> Vec<u8> {
    let mut file = tempfile::NamedTempFile::new().expect("a file");
    file.write_all(pdf).expect("written");
    let path = file.path().to_str().expect("a path").to_owned();
    let arguments = arguments.iter().map(|one| if *one == "FILE" { path.as_str() } else { one });
    let out = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .unwrap_or_else(|e| panic!("{program} is missing ({e}): scripts/setup.sh test"));
    // Poppler of Debian 12 takes the marks `Suspects` and `BorderColor` for others than they are, and says so.
    let wrong = String::from_utf8_lossy(&out.stderr);
    let known = |line: &str| line.contains("Suspects object") || line.contains("Attribute BorderColor");
    assert!(out.status.success() && wrong.lines().all(known), "{program}: {wrong}");
    out.stdout
}

pub(crate) fn said(program: &str, arguments: &[&str], pdf: &[u8]) -> String {
    String::from_utf8(told(program, arguments, pdf)).expect("UTF-8")
}

/// A word with its place, in millimetres from the upper left corner of its page.
#[derive(Clone, Debug)]
pub(crate) struct Word {
    pub(crate) page: usize,
    pub(crate) left: f64,
    pub(crate) top: f64,
    pub(crate) right: f64,
    pub(crate) bottom: f64,
    pub(crate) text: String,
}

impl Word {
    fn is_in(&self, (left, top, right, bottom): (f64, f64, f64, f64)) -> bool {
        let slack = 0.05;
        self.left >= left - slack
            && self.top >= top - slack
            && self.right <= right + slack
            && self.bottom <= bottom + slack
    }

    fn touches(&self, (left, top, right, bottom): (f64, f64, f64, f64)) -> bool {
        self.left < right && self.right > left && self.top < bottom && self.bottom > top
    }
}

/// All words with their places.
pub(crate) fn words(pdf: &[u8]) -> Vec<Word> {
    let told = said("pdftotext", &["-bbox", "FILE", "-"], pdf);
    let (mut page, mut words) = (0, Vec::new());
    for line in told.lines().map(str::trim) {
        if line.starts_with("<page ") {
            page += 1;
        }
        let Some(rest) = line.strip_prefix("<word ") else { continue };
        let (at, text) = rest.split_once('>').expect("a word");
        let number = |name: &str| -> f64 {
            let from = at.find(name).expect("a number") + name.len() + 2;
            at[from..].split('"').next().and_then(|number| number.parse().ok()).expect("a number")
        };
        let text = text.trim_end_matches("</word>").replace("&lt;", "<").replace("&gt;", ">");
        let text = text.replace("&quot;", "\"").replace("&amp;", "&");
        let (left, top) = (number("xMin") / MM, number("yMin") / MM);
        words.push(Word { page, left, top, right: number("xMax") / MM, bottom: number("yMax") / MM, text });
    }
    words
}

const WINDOW: (f64, f64, f64, f64) = (WINDOW_LEFT, WINDOW_TOP, WINDOW_LEFT + WINDOW_WIDTH, WINDOW_TOP + WINDOW_HEIGHT);
const CLEAR: (f64, f64, f64, f64) = (0.0, CLEAR_TOP, OFFICE_LEFT, WORDS_TOP);
const PRINTABLE: (f64, f64, f64, f64) =
    (BORDER_SIDES, BORDER_ENDS, PAGE_WIDTH - BORDER_SIDES, PAGE_HEIGHT - BORDER_ENDS);

/// The words in the window. Nothing stands half in it, nothing beside it, and nothing too near to an edge of a page.
pub(crate) fn in_window(pdf: &[u8]) -> Vec<Word> {
    let mut inside = Vec::new();
    for word in words(pdf) {
        assert!(word.is_in(PRINTABLE), "off the page: {word:?}");
        if word.page == 1 && word.touches(CLEAR) {
            assert!(word.is_in(WINDOW), "where nothing may stand: {word:?}");
            inside.push(word);
        }
    }
    inside
}

/// Whether all of what is kept clear is white paper, as it comes out of a printer: lines and boxes count, too.
pub(crate) fn is_clear(pdf: &[u8]) -> bool {
    let image = told("pdftoppm", &["-r", "72", "-gray", "-f", "1", "-l", "1", "FILE"], pdf);
    let mut fields = image.splitn(4, |byte| *byte == b'\n' || *byte == b' ');
    let mut field = || fields.next().expect("a head");
    assert_eq!(field(), b"P5");
    let width: usize = std::str::from_utf8(field()).ok().and_then(|number| number.parse().ok()).expect("a width");
    let rest = {
        let _height = field();
        field()
    };
    let pixels = &rest[rest.iter().position(|byte| *byte == b'\n').expect("a depth") + 1..];
    let pixel = |x: usize, y: usize| pixels[y * width + x];
    let (left, top, right, bottom) = CLEAR;
    let (window_left, window_top, window_right, window_bottom) = WINDOW;
    let at = |mm: f64| (mm * MM) as usize;
    (at(top) + 1..at(bottom)).all(|y| {
        (at(left)..at(right)).all(|x| {
            let is_window =
                (at(window_left)..=at(window_right)).contains(&x) && (at(window_top)..=at(window_bottom)).contains(&y);
            is_window || pixel(x, y) == 255
        })
    })
}

/// All text without spaces, as it is copied out.
pub(crate) fn text(pdf: &[u8]) -> String {
    said("pdftotext", &["-raw", "FILE", "-"], pdf).split_whitespace().collect()
}
