//! When two feedback are one: the key that each of them has at most once in the store.

use crate::hash::hash16;

/// Key of feedback that has an id in the system it comes from. `scope` tells such systems apart.
///
/// Most systems count their records. Keys of ids that are near each other lie near each other, so that
/// a batch touches few pages of the key's index instead of one page per row, however large it is: two
/// bytes of the scope, six of the id's last number, eight of the hash of both. Without a number all
/// sixteen are of the hash.
pub(crate) fn by_id(scope: &[u8], id: &str) -> [u8; 16] {
    let hash = hash16(&[scope, b"\0id\0", id.as_bytes()].concat());
    let Some(number) = last_number(id) else { return hash };
    let mut key = hash;
    let scope = hash16(scope);
    key[..2].copy_from_slice(&scope[..2]);
    key[2..8].copy_from_slice(&number.to_be_bytes()[2..]);
    key
}

/// Key of feedback without an id: equal rows of one kind of file are told apart by how many came
/// before.
pub(crate) fn by_content(scope: &[u8], content: &[u8; 16], times: u32) -> [u8; 16] {
    hash16(&[scope, b"\0row\0", content, &times.to_be_bytes()].concat())
}

/// The last number in an id, as far as it fits into 48 bits.
fn last_number(id: &str) -> Option<u64> {
    let digits = id.rsplit(|c: char| !c.is_ascii_digit()).find(|run| !run.is_empty())?;
    digits.parse().ok().filter(|n| *n < 1 << 48)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_that_follow_each_other_have_keys_that_do() {
        let keys: Vec<_> = (8..=1_200).map(|n| by_id(b"survey", &format!("R-{n}"))).collect();
        assert!(keys.is_sorted());
        assert_ne!(by_id(b"survey", "é7"), by_id(b"survey", "e7"));
    }

    #[test]
    fn every_id_has_its_own_key_in_every_scope() {
        let ids = ["", "7", "07", "a7", "7a", "b", "999999999999999999999", "2024/7", "4f1c"];
        let mut keys: Vec<_> = ids.iter().flat_map(|id| [by_id(b"x", id), by_id(b"y", id)]).collect();
        keys.extend([by_content(b"x", &[0; 16], 1), by_content(b"x", &[0; 16], 2), by_content(b"y", &[0; 16], 1)]);
        let all = keys.len();
        keys.sort_unstable();
        keys.dedup();
        assert_eq!(keys.len(), all);
    }
}
