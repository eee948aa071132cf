//! Bodies as mail carries them: ASCII, in lines of at most 76 columns.

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;

use crate::head::COLUMNS;

const HEX: &[u8; 16] = b"0123456789ABCDEF";

/// Text as quoted-printable (RFC 2045). Line ends of any kind become those of mail. A dot or `From ` at the beginning of a line
/// is encoded too: some servers change lines that begin so, and the signature would not fit any more.
pub(crate) fn quoted_printable(text: &str, out: &mut Vec<u8>) {
    let bytes = text.as_bytes();
    out.reserve(bytes.len() + bytes.len() / 8);
    let mut column = 0;
    let mut at = 0;
    while let Some(&b) = bytes.get(at) {
        let next = bytes.get(at + 1).copied();
        if b == b'\n' || b == b'\r' {
            out.extend_from_slice(b"\r\n");
            column = 0;
            at += if b == b'\r' && next == Some(b'\n') { 2 } else { 1 };
            continue;
        }
        let line_ends = matches!(next, None | Some(b'\r' | b'\n'));
        let literal = match b {
            b' ' | b'\t' => !line_ends,
            b'=' => false,
            b'.' => column > 0,
            b'F' => column > 0 || !bytes[at..].starts_with(b"From "),
            _ => b.is_ascii_graphic(),
        };
        let width = if literal { 1 } else { 3 };
        // One column stays free for the sign that the line goes on.
        if column + width > if line_ends { COLUMNS } else { COLUMNS - 1 } {
            out.extend_from_slice(b"=\r\n");
            column = 0;
            // What begins a line may have to be written otherwise.
            continue;
        }
        if literal {
            out.push(b);
        } else {
            out.extend_from_slice(&[b'=', HEX[usize::from(b >> 4)], HEX[usize::from(b & 15)]]);
        }
        column += width;
        at += 1;
    }
    if column > 0 {
        out.extend_from_slice(b"\r\n");
    }
}

/// A file as base64.
pub(crate) fn base64_lines(bytes: &[u8], out: &mut Vec<u8>) {
    out.reserve(bytes.len() / 57 * 78 + 80);
    for line in bytes.chunks(57) {
        out.extend_from_slice(BASE64.encode(line).as_bytes());
        out.extend_from_slice(b"\r\n");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encoded(text: &str) -> String {
        let mut out = Vec::new();
        quoted_printable(text, &mut out);
        String::from_utf8(out).expect("ASCII")
    }

    #[test]
    fn line_ends_of_any_kind_are_those_of_mail() {
        assert_eq!(encoded("a\nb\rc\r\nd"), "a\r\nb\r\nc\r\nd\r\n");
        assert_eq!(encoded("a\n\n\nb\n"), "a\r\n\r\n\r\nb\r\n");
        assert_eq!(encoded(""), "");
    }

    #[test]
    fn what_servers_change_is_encoded() {
        assert_eq!(
            encoded(".\n.a\nFrom me\nFrom: me\na.b From c"),
            "=2E\r\n=2Ea\r\n=46rom me\r\nFrom: me\r\na.b From c\r\n"
        );
        assert_eq!(encoded("a \nb\t\n = c "), "a=20\r\nb=09\r\n =3D c=20\r\n");
        assert_eq!(encoded("é\u{0}"), "=C3=A9=00\r\n");
    }

    #[test]
    fn long_lines_go_on_and_begin_safely() {
        let text = format!("{}.From here {}", "x".repeat(75), "ŵ".repeat(200));
        let out = encoded(&text);
        assert!(
            out.lines().all(|line| line.len() <= 76 && !line.starts_with('.') && !line.starts_with("From ")),
            "{out}"
        );
        assert_eq!(encoded(&"x".repeat(76)), format!("{}\r\n", "x".repeat(76)));
        assert_eq!(encoded(&"x".repeat(77)), format!("{}=\r\nxx\r\n", "x".repeat(75)));
    }
}
