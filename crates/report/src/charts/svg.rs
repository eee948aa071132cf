//! Pieces of drawings, escaped.

use std::fmt::Write;

/// Mean width of a character at 12 px, in px; good enough to keep labels apart.
const CHARACTER: f64 = 6.6;

/// Text made safe for elements and attributes.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

/// Begins a drawing with its accessible name and description. The id is made of letters, digits and
/// hyphens only, so that it can't break out.
pub(super) fn begin(id: &str, title: &str, description: &str, width: f64, height: f64) -> String {
    let id: String = id.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
    format!(
        "<svg class=\"cw-chart\" xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" width=\"{width}\" height=\"{height}\" \
         viewBox=\"0 0 {width} {height}\" aria-labelledby=\"{id}-t {id}-d\"><title id=\"{id}-t\">{}</title>\
         <desc id=\"{id}-d\">{}</desc>",
        escaped(title),
        escaped(description)
    )
}

/// Where a text is held.
#[derive(Clone, Copy)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

/// Adds a text.
pub(super) fn text(out: &mut String, x: f64, y: f64, anchor: Anchor, class: &str, words: &str) {
    let anchor = match anchor {
        Anchor::Start => "start",
        Anchor::Middle => "middle",
        Anchor::End => "end",
    };
    // Writing to a string can't fail.
    let _ = write!(
        out,
        "<text class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\" font-size=\"12\" \
         font-family=\"sans-serif\" fill=\"#46525e\">{}</text>",
        escaped(words)
    );
}

/// Adds a straight line.
pub(super) fn rule(out: &mut String, class: &str, from: (f64, f64), to: (f64, f64)) {
    let _ = write!(
        out,
        "<line class=\"{class}\" x1=\"{:.1}\" y1=\"{:.1}\" x2=\"{:.1}\" y2=\"{:.1}\" stroke=\"#ccd3da\" stroke-width=\"1\"/>",
        from.0, from.1, to.0, to.1
    );
}

/// Width that a text will take, about.
pub(super) fn width_of(words: &str) -> f64 {
    words.chars().count() as f64 * CHARACTER
}

/// The text, cut to a width with an ellipsis.
pub(super) fn cut(words: &str, width: f64) -> String {
    let most = (width / CHARACTER).floor().max(1.0) as usize;
    if words.chars().count() <= most {
        return words.to_owned();
    }
    words.chars().take(most.saturating_sub(1)).chain(['…']).collect()
}

/// A number for an axis: without needless digits, thousands apart.
pub(super) fn number(value: f64) -> String {
    if value.abs() < 10.0 && value.fract().abs() > 1e-9 {
        let text = format!("{value:.2}");
        return text.trim_end_matches('0').trim_end_matches('.').to_owned();
    }
    let digits = format!("{:.0}", value.abs());
    let mut out = String::new();
    for (n, c) in digits.chars().enumerate() {
        if n > 0 && (digits.len() - n).is_multiple_of(3) {
            out.push(',');
        }
        out.push(c);
    }
    if value < 0.0 { format!("−{out}") } else { out }
}

/// Round steps from at or below `low` to at or above `high`: 1, 2 or 5 times a power of ten apart.
pub(super) fn ticks(low: f64, high: f64, about: usize) -> Vec<f64> {
    let span = if high > low { high - low } else { 1.0 };
    let rough = span / about.max(1) as f64;
    let power = 10f64.powf(rough.log10().floor());
    let step =
        [1.0, 2.0, 5.0, 10.0].into_iter().map(|m| m * power).find(|s| *s >= rough * 0.999).unwrap_or(power * 10.0);
    let first = (low / step).floor();
    let last = ((low + span) / step).ceil();
    (0..=(last - first) as usize).map(|n| (first + n as f64) * step).collect()
}

#[cfg(test)]
mod tests {
    use super::{escaped, number, ticks};

    #[test]
    fn nothing_gets_out_of_its_place() {
        assert_eq!(escaped("<a href=\"x\">'&"), "&lt;a href=&quot;x&quot;&gt;&#39;&amp;");
    }

    #[test]
    fn ticks_are_round_and_cover_everything() {
        assert_eq!(ticks(0.0, 87.0, 4), [0.0, 50.0, 100.0]);
        assert_eq!(ticks(0.0, 4.0, 4), [0.0, 1.0, 2.0, 3.0, 4.0]);
        assert_eq!(ticks(0.0, 0.0, 4).first(), Some(&0.0));
    }

    #[test]
    fn numbers_read_as_people_write_them() {
        assert_eq!((number(1234567.0), number(0.25), number(3.0)), ("1,234,567".into(), "0.25".into(), "3".into()));
    }
}
