//! Bytes to text: which encoding a file has, and decoding it piece by piece.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use chrono_tz::Tz;
use encoding_rs::{DecoderResult, Encoding, UTF_8, UTF_16BE, UTF_16LE};

use super::record::BAD;

/// How much is read at a time.
const PIECE: usize = 64 * 1024;

/// How many bytes of pieces with non-ASCII characters the guess of an encoding looks at.
const GUESS_BYTES: usize = 4 * 1024 * 1024;

/// What is known about the encoding of a file.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    pub(crate) encoding: &'static Encoding,
    /// For people: "UTF-8", "Windows-1252 (assumed)" …
    pub(crate) words: String,
    /// Something that somebody should know before going on.
    pub(crate) warning: Option<String>,
}

/// Why no encoding could be found.
#[derive(Debug, thiserror::Error)]
pub(crate) enum EncodingError {
    #[error(transparent)]
    Io(#[from] io::Error),
    #[error("UTF-32")]
    Utf32,
    #[error("no encoding is called “{0}”")]
    Unknown(String),
    #[error("binary")]
    Binary,
}

fn name_of(encoding: &'static Encoding) -> &'static str {
    match encoding.name() {
        "windows-1252" => "Windows-1252 (Western European)",
        "UTF-16LE" | "UTF-16BE" => "UTF-16",
        name => name,
    }
}

/// Finds the encoding of a text file: the byte order mark if there is one, else what was said, else
/// UTF-8 if the whole file is valid, else the most likely one.
pub(crate) fn find(path: &Path, said: Option<&str>, zone: Tz) -> Result<Found, EncodingError> {
    let mut file = File::open(path)?;
    let mut head = vec![0; 8 * 1024];
    let filled = read_full(&mut file, &mut head)?;
    head.truncate(filled);
    if head.starts_with(&[0xFF, 0xFE, 0, 0]) || head.starts_with(&[0, 0, 0xFE, 0xFF]) {
        return Err(EncodingError::Utf32);
    }
    if let Some((encoding, _)) = Encoding::for_bom(&head) {
        return Ok(Found {
            encoding,
            words: format!("{} (it begins with a byte order mark)", name_of(encoding)),
            warning: None,
        });
    }
    if let Some(label) = said {
        let encoding =
            Encoding::for_label(label.trim().as_bytes()).ok_or_else(|| EncodingError::Unknown(label.to_owned()))?;
        return Ok(Found { encoding, words: name_of(encoding).to_owned(), warning: None });
    }
    if let Some(encoding) = unmarked_utf16(&head) {
        return Ok(Found { encoding, words: "UTF-16 (assumed: every other byte is zero)".to_owned(), warning: None });
    }
    if looks_binary(&head) {
        return Err(EncodingError::Binary);
    }
    scan(file, head, zone)
}

/// Reads the whole file once: only that can tell whether a name with an accent in the last row is
/// UTF-8 or not.
fn scan(mut file: File, head: Vec<u8>, zone: Tz) -> Result<Found, EncodingError> {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    let (mut fed, mut invalid, mut multibyte) = (0_usize, 0_u64, 0_u64);
    let mut first_invalid = None;
    let mut lines = 0_u64;
    let mut buffer = head;
    let mut carried = 0;
    loop {
        let piece = &buffer[..];
        if !piece.is_ascii() {
            if fed < GUESS_BYTES {
                detector.feed(&piece[carried..], false);
                fed += piece.len();
            }
            let mut rest = piece;
            carried = 0;
            while !rest.is_empty() {
                let (valid, bad) = match std::str::from_utf8(rest) {
                    Ok(_) => (rest.len(), None),
                    Err(e) => (e.valid_up_to(), Some(e.error_len())),
                };
                multibyte += rest[..valid].iter().filter(|&&b| b >= 0xC0).count() as u64;
                match bad {
                    None => break,
                    // Cut in the middle of a character: it goes on in the next piece.
                    Some(None) => {
                        carried = rest.len() - valid;
                        break;
                    }
                    Some(Some(length)) => {
                        invalid += 1;
                        if first_invalid.is_none() {
                            let at = piece.len() - rest.len() + valid;
                            let line = lines + memchr::memchr_iter(b'\n', &piece[..at]).count() as u64 + 1;
                            first_invalid = Some((line, piece[at]));
                        }
                        rest = &rest[valid + length..];
                    }
                }
            }
        } else {
            carried = 0;
        }
        lines += memchr::memchr_iter(b'\n', &buffer[..buffer.len() - carried]).count() as u64;
        let tail = buffer.len() - carried;
        buffer.copy_within(tail.., 0);
        buffer.resize(carried + PIECE, 0);
        let read = read_full(&mut file, &mut buffer[carried..])?;
        buffer.truncate(carried + read);
        if read == 0 {
            if carried > 0 {
                invalid += 1;
                first_invalid = first_invalid.or_else(|| buffer.first().map(|&b| (lines + 1, b)));
            }
            break;
        }
    }
    let Some((line, byte)) = first_invalid else {
        let words = if multibyte == 0 { "plain ASCII text" } else { "UTF-8" };
        return Ok(Found { encoding: UTF_8, words: words.to_owned(), warning: None });
    };
    // A file that is UTF-8 but for a few places was put together from several; guessing another
    // encoding would garble everything that is right in it.
    if multibyte >= 10 * invalid {
        return Ok(Found {
            encoding: UTF_8,
            words: "UTF-8 with errors".to_owned(),
            warning: Some(format!(
                "The file is UTF-8 but for {} (first: the byte 0x{byte:02X} on line {line}). Rows with such a place in \
                 a mapped column are rejected; save the file again as UTF-8 to keep them.",
                if invalid == 1 { "one place".to_owned() } else { format!("{invalid} places") },
            )),
        });
    }
    detector.feed(&[], true);
    let encoding = detector.guess(country_of(zone), Utf8Detection::Deny);
    Ok(Found {
        encoding,
        words: format!("{} (assumed)", name_of(encoding)),
        warning: Some(format!(
            "The file does not say its encoding and is not UTF-8 (first: the byte 0x{byte:02X} on line {line}). {} is \
             assumed. If letters with accents look wrong below, say the right encoding.",
            name_of(encoding)
        )),
    })
}

/// The top-level domain of the country whose time a zone is, where it bears on encodings: a few
/// accents are too little evidence without it.
fn country_of(zone: Tz) -> Option<&'static [u8]> {
    const COUNTRIES: &[(&str, &[u8])] = &[
        ("Europe/London", b"uk"),
        ("Europe/Belfast", b"uk"),
        ("Europe/Dublin", b"ie"),
        ("Europe/Paris", b"fr"),
        ("Europe/Madrid", b"es"),
        ("Europe/Lisbon", b"pt"),
        ("Europe/Rome", b"it"),
        ("Europe/Berlin", b"de"),
        ("Europe/Vienna", b"at"),
        ("Europe/Zurich", b"ch"),
        ("Europe/Amsterdam", b"nl"),
        ("Europe/Brussels", b"be"),
        ("Europe/Copenhagen", b"dk"),
        ("Europe/Oslo", b"no"),
        ("Europe/Stockholm", b"se"),
        ("Europe/Helsinki", b"fi"),
        ("Europe/Warsaw", b"pl"),
        ("Europe/Prague", b"cz"),
        ("Europe/Budapest", b"hu"),
        ("Europe/Bucharest", b"ro"),
        ("Europe/Athens", b"gr"),
        ("Europe/Sofia", b"bg"),
        ("Europe/Kyiv", b"ua"),
        ("Europe/Vilnius", b"lt"),
        ("Europe/Riga", b"lv"),
        ("Europe/Tallinn", b"ee"),
    ];
    let name = zone.name();
    let named = COUNTRIES.iter().find(|(n, _)| *n == name).map(|(_, c)| *c);
    named.or_else(|| {
        ["America/", "US/", "Canada/", "Australia/"].iter().any(|r| name.starts_with(r)).then_some(&b"us"[..])
    })
}

/// UTF-16 without a mark: text in Latin letters has zero in every other byte.
fn unmarked_utf16(head: &[u8]) -> Option<&'static Encoding> {
    let pairs = head.len() / 2;
    if pairs < 4 {
        return None;
    }
    let zeros = |first: usize| (0..pairs).filter(|i| head[2 * i + first] == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    if odd * 10 >= pairs * 6 && even * 20 <= pairs {
        Some(UTF_16LE)
    } else if even * 10 >= pairs * 6 && odd * 20 <= pairs {
        Some(UTF_16BE)
    } else {
        None
    }
}

/// Whether there are more control characters than text ever has.
fn looks_binary(head: &[u8]) -> bool {
    let control = |&&b: &&u8| b < 9 || (14..28).contains(&b) && b != 27;
    let controls = head.iter().filter(control).count();
    controls > 3 && controls * 50 > head.len()
}

fn read_full(input: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while filled < buffer.len() {
        match input.read(&mut buffer[filled..]) {
            Ok(0) => break,
            Ok(n) => filled += n,
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            Err(e) => return Err(e),
        }
    }
    Ok(filled)
}

/// Text, a piece at a time.
pub(crate) trait Pieces: Send {
    /// Replaces `piece` by the next piece of text, which ends on a character; `false` at the end.
    fn next_piece(&mut self, piece: &mut String) -> io::Result<bool>;

    /// Bytes read so far and in all.
    fn progress(&self) -> (u64, u64);
}

/// Decodes a file piece by piece. Bytes that are not allowed become [`BAD`].
pub(crate) struct DecodedFile {
    file: File,
    decoder: encoding_rs::Decoder,
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    read: u64,
    total: u64,
    input_ended: bool,
    finished: bool,
}

impl DecodedFile {
    pub(crate) fn open(path: &Path, encoding: &'static Encoding) -> io::Result<Self> {
        let file = File::open(path)?;
        let total = file.metadata()?.len();
        Ok(Self {
            file,
            decoder: encoding.new_decoder_with_bom_removal(),
            buffer: vec![0; PIECE],
            start: 0,
            end: 0,
            read: 0,
            total,
            input_ended: false,
            finished: false,
        })
    }
}

impl Pieces for DecodedFile {
    fn next_piece(&mut self, piece: &mut String) -> io::Result<bool> {
        piece.clear();
        // Room for a whole buffer in the worst case, so that one call empties it.
        piece.reserve(3 * PIECE + 64);
        while piece.is_empty() && !self.finished {
            if self.start == self.end && !self.input_ended {
                self.start = 0;
                self.end = read_full(&mut self.file, &mut self.buffer)?;
                self.read += self.end as u64;
                self.input_ended = self.end < self.buffer.len();
            }
            let (result, used) = self.decoder.decode_to_string_without_replacement(
                &self.buffer[self.start..self.end],
                piece,
                self.input_ended,
            );
            self.start += used;
            match result {
                DecoderResult::Malformed(..) => piece.push(BAD),
                DecoderResult::InputEmpty => self.finished = self.input_ended,
                DecoderResult::OutputFull => {}
            }
        }
        Ok(!piece.is_empty())
    }

    fn progress(&self) -> (u64, u64) {
        (self.read.min(self.total), self.total)
    }
}

/// Text that is in memory already: the head of a file while its delimiter is being found.
pub(crate) struct InMemory(pub(crate) Option<String>);

impl Pieces for InMemory {
    fn next_piece(&mut self, piece: &mut String) -> io::Result<bool> {
        match self.0.take() {
            Some(text) if !text.is_empty() => {
                *piece = text;
                Ok(true)
            }
            _ => Ok(false),
        }
    }

    fn progress(&self) -> (u64, u64) {
        (0, 0)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn found(bytes: &[u8], said: Option<&str>) -> Result<Found, EncodingError> {
        let mut file = tempfile::NamedTempFile::new().expect("a temporary file can be made");
        file.write_all(bytes).expect("it can be written");
        find(file.path(), said, chrono_tz::Europe::London)
    }

    fn decoded(bytes: &[u8], encoding: &'static Encoding) -> String {
        let mut file = tempfile::NamedTempFile::new().expect("a temporary file can be made");
        file.write_all(bytes).expect("it can be written");
        let mut reader = DecodedFile::open(file.path(), encoding).expect("it can be opened");
        let (mut all, mut piece) = (String::new(), String::new());
        while reader.next_piece(&mut piece).expect("it can be read") {
            all.push_str(&piece);
        }
        all
    }

    #[test]
    fn a_byte_order_mark_goes_before_what_was_said() {
        let f = found(b"\xEF\xBB\xBFa,b", Some("windows-1252")).expect("text");
        assert_eq!(f.encoding, UTF_8);
        let f = found(b"\xFF\xFEa\0,\0b\0", None).expect("text");
        assert_eq!(f.encoding, UTF_16LE);
    }

    #[test]
    fn an_accent_far_into_the_file_decides_the_encoding() {
        let mut bytes = b"a,b\n".repeat(100_000);
        bytes.extend_from_slice(b"caf\xE9,b\n");
        let f = found(&bytes, None).expect("text");
        assert_eq!(f.encoding.name(), "windows-1252");
        assert!(f.warning.expect("it is a guess").contains("0xE9 on line 100001"));
        let mut bytes = b"a,b\n".repeat(100_000);
        bytes.extend_from_slice("café,b\n".as_bytes());
        let f = found(&bytes, None).expect("text");
        assert_eq!((f.encoding, f.warning), (UTF_8, None));
    }

    #[test]
    fn a_character_across_two_pieces_is_not_an_error() {
        for shift in 0..6 {
            let mut text = "x".repeat(8 * 1024 - 3 + shift);
            text.push_str(&"€".repeat(PIECE));
            let f = found(text.as_bytes(), None).expect("text");
            assert_eq!((f.words.as_str(), f.warning), ("UTF-8", None), "shift {shift}");
            assert_eq!(decoded(text.as_bytes(), UTF_8), text);
        }
    }

    #[test]
    fn utf8_with_a_few_errors_stays_utf8() {
        let mut bytes = "Zoë said “no”.\n".repeat(40).into_bytes();
        bytes.extend_from_slice(b"caf\xE9\n");
        let f = found(&bytes, None).expect("text");
        assert_eq!(f.encoding, UTF_8);
        assert!(f.warning.expect("there is an error").contains("line 41"));
        assert_eq!(decoded(b"caf\xE9\n", UTF_8), format!("caf{BAD}\n"));
    }

    #[test]
    fn sixteen_bit_text_without_a_mark_is_recognised() {
        let bytes: Vec<u8> = "Date,Comment\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(found(&bytes, None).expect("text").encoding, UTF_16LE);
        let bytes: Vec<u8> = "Date,Comment\n".encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(found(&bytes, None).expect("text").encoding, UTF_16BE);
    }

    #[test]
    fn control_characters_are_not_text() {
        assert!(matches!(found(&[0, 1, 2, 3, 200, 0, 7, 9], None), Err(EncodingError::Binary)));
        assert!(matches!(found(b"a", Some("klingon")), Err(EncodingError::Unknown(_))));
    }
}
