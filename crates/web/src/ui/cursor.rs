//! Where a page of a list begins, as an opaque text: the cursor, tied to the list that it was made for, so that
//! it can't be used with another one by mistake. Addresses of pages and of the API have the same.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use commonweal_app::hash16;
use commonweal_domain::Cursor;
use uuid::Uuid;

/// Number, id, check.
const BYTES: usize = 8 + 16 + 8;

/// Writes a cursor of this list.
pub(crate) fn write(cursor: Cursor, list: &[u8]) -> String {
    let mut bytes = Vec::with_capacity(BYTES);
    bytes.extend_from_slice(&cursor.key.to_be_bytes());
    bytes.extend_from_slice(cursor.id.as_bytes());
    bytes.extend_from_slice(&check(&bytes, list));
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Reads a cursor of this list back; nothing when it is none.
pub(crate) fn read(text: &str, list: &[u8]) -> Option<Cursor> {
    let bytes = URL_SAFE_NO_PAD.decode(text).ok().filter(|b| b.len() == BYTES)?;
    let (position, given) = bytes.split_at(BYTES - 8);
    if check(position, list) != *given {
        return None;
    }
    let (key, id) = position.split_at(8);
    Some(Cursor { key: i64::from_be_bytes(key.try_into().ok()?), id: Uuid::from_slice(id).ok()? })
}

fn check(position: &[u8], list: &[u8]) -> [u8; 8] {
    let mut short = [0; 8];
    short.copy_from_slice(&hash16(&[list, position].concat())[..8]);
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    const LAST: Cursor = Cursor { key: -1_711_879_320_123_456, id: Uuid::from_u128(7) };

    #[test]
    fn a_cursor_is_good_for_its_own_list_only() {
        let text = write(LAST, b"imports");
        assert_eq!(read(&text, b"imports"), Some(LAST));
        assert_eq!(read(&text, b"jobs"), None);
    }

    #[test]
    fn a_cursor_that_somebody_changed_is_refused() {
        let text = write(LAST, b"imports");
        for n in 0..text.len() {
            let mut changed = text.clone().into_bytes();
            changed[n] = if changed[n] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(changed).expect("ASCII");
            assert_eq!(read(&changed, b"imports"), None, "character {n}");
        }
        assert_eq!(read("", b"imports"), None);
    }
}
