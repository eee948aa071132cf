//! Owns the layout of `models/vectors.bin`, which `training/vectors/distill.py` writes.
//!
//! Little endian: `CWVEC`, version (1 byte), bits (1), length of origin (1), dimensions (2), tokens (4),
//! origin; length of the names (4), names (for each: bytes shared with the one before, bytes that
//! follow, those bytes); a scale for each token (f32); the values, two to a byte when of 4 bits, the
//! lower half first.

/// Number of dimensions of every vector.
pub const DIMENSIONS: usize = 192;

/// What the file holds, values unpacked to one byte each.
pub(super) struct Table {
    pub(super) origin: String,
    pub(super) tokens: Vec<String>,
    pub(super) scales: Vec<f32>,
    pub(super) values: Vec<i8>,
}

/// Reads the whole file; `None` if it isn't one of this version and size.
pub(super) fn read(bytes: &[u8]) -> Option<Table> {
    let mut rest = bytes.strip_prefix(b"CWVEC\x01")?;
    let bits = take(&mut rest, 1)?[0];
    let origin_len = usize::from(take(&mut rest, 1)?[0]);
    let dim = usize::from(u16::from_le_bytes(take(&mut rest, 2)?.try_into().ok()?));
    let count = long(&mut rest)?;
    if bits != 4 || dim != DIMENSIONS {
        return None;
    }
    let origin = String::from_utf8(take(&mut rest, origin_len)?.to_vec()).ok()?;
    let names_len = long(&mut rest)?;
    let tokens = names(take(&mut rest, names_len)?, count)?;
    let scales = take(&mut rest, count.checked_mul(4)?)?
        .chunks_exact(4)
        .map(|c| c.try_into().map(f32::from_le_bytes))
        .collect::<Result<Vec<_>, _>>()
        .ok()?;
    let packed = take(&mut rest, count.checked_mul(dim / 2)?)?;
    let values = packed.iter().flat_map(|b| [nibble(b & 15), nibble(b >> 4)]).collect();
    rest.is_empty().then_some(Table { origin, tokens, scales, values })
}

fn nibble(half: u8) -> i8 {
    half.cast_signed() - 8
}

fn take<'a>(rest: &mut &'a [u8], n: usize) -> Option<&'a [u8]> {
    let (head, tail) = rest.split_at_checked(n)?;
    *rest = tail;
    Some(head)
}

fn long(rest: &mut &[u8]) -> Option<usize> {
    usize::try_from(u32::from_le_bytes(take(rest, 4)?.try_into().ok()?)).ok()
}

fn names(mut rest: &[u8], count: usize) -> Option<Vec<String>> {
    let mut out: Vec<String> = Vec::new();
    for _ in 0..count {
        let &[shared, more] = take(&mut rest, 2)? else { return None };
        let mut name = match out.last() {
            Some(before) => before.get(..usize::from(shared))?.to_owned(),
            None => String::new(),
        };
        name.push_str(std::str::from_utf8(take(&mut rest, usize::from(more))?).ok()?);
        out.push(name);
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_cut_short_or_of_another_kind_is_refused() {
        let whole = super::super::FILE;
        assert!(read(whole).is_some());
        assert!(read(&whole[..whole.len() - 1]).is_none());
        assert!(read(&whole[..9]).is_none());
        assert!(read(b"").is_none());
        assert!(read(b"CWVEC\x02and so on").is_none());
    }
}
