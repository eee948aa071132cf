//! Where a page begins, as an opaque text: the last item of the page before, tied to the filter and
//! the order it was made for, so that it can't be used with another question by mistake.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::DateTime;
use commonweal_app::hash16;
use commonweal_domain::question::Order;
use commonweal_domain::{FeedbackId, FieldErrors, Filter, Instant};
use uuid::Uuid;

/// Instant, id, check.
const BYTES: usize = 8 + 16 + 8;

/// Writes a cursor.
pub(crate) fn write(last: (Instant, FeedbackId), filter: &Filter, order: Order) -> String {
    let mut bytes = Vec::with_capacity(BYTES);
    bytes.extend_from_slice(&last.0.timestamp_micros().to_be_bytes());
    bytes.extend_from_slice(last.1.0.as_bytes());
    bytes.extend_from_slice(&check(&bytes, filter, order));
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Reads a cursor back.
pub(crate) fn read(text: &str, filter: &Filter, order: Order) -> Result<(Instant, FeedbackId), FieldErrors> {
    let read = || {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok().filter(|b| b.len() == BYTES)?;
        let (position, given) = bytes.split_at(BYTES - 8);
        if check(position, filter, order) != *given {
            return None;
        }
        let (at, id) = position.split_at(8);
        let at = DateTime::from_timestamp_micros(i64::from_be_bytes(at.try_into().ok()?))?;
        Some((at, FeedbackId(Uuid::from_slice(id).ok()?)))
    };
    read().ok_or_else(|| {
        FieldErrors::one(
            "cursor",
            "bad_cursor",
            "This cursor was not made for this filter and order. Take `next` of the page before as it is, or begin without a cursor.",
        )
    })
}

fn check(position: &[u8], filter: &Filter, order: Order) -> [u8; 8] {
    // A filter is plain data: it can always be written.
    let mut bytes = serde_json::to_vec(filter).unwrap_or_default();
    bytes.extend_from_slice(order.key().as_bytes());
    bytes.extend_from_slice(position);
    let mut short = [0; 8];
    short.copy_from_slice(&hash16(&bytes)[..8]);
    short
}

#[cfg(test)]
mod tests {
    use commonweal_domain::Dimension;

    use super::*;

    #[test]
    fn a_cursor_is_good_for_its_own_filter_and_order_only() {
        let last = ("2024-03-31T10:02:00.123456Z".parse().expect("an instant"), FeedbackId(Uuid::from_u128(7)));
        let filter = Filter::default();
        let text = write(last, &filter, Order::Newest);
        assert_eq!(read(&text, &filter, Order::Newest), Ok(last));
        assert!(read(&text, &filter, Order::Oldest).is_err());
        let mut other = Filter::default();
        other.add(Dimension::Channel, "phone");
        assert!(read(&text, &other, Order::Newest).is_err());
    }

    #[test]
    fn a_cursor_that_somebody_changed_is_refused() {
        let last = ("2024-03-31T10:02:00Z".parse().expect("an instant"), FeedbackId(Uuid::from_u128(7)));
        let text = write(last, &Filter::default(), Order::Newest);
        for n in 0..text.len() {
            let mut changed = text.clone().into_bytes();
            changed[n] = if changed[n] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(changed).expect("ASCII");
            assert!(read(&changed, &Filter::default(), Order::Newest).is_err(), "character {n}");
        }
        assert!(read("", &Filter::default(), Order::Newest).is_err());
    }
}
