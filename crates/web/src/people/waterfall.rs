//! Why two records weigh what they weigh: one bar per field, each beginning where the last one ended.

use serde_json::Value;

use crate::l10n::Say;

/// One line of it.
pub(super) struct Step {
    /// The field, or what the line is instead of one.
    pub(super) name: String,
    /// How well the two agree.
    pub(super) words: String,
    /// Bits, with a sign.
    pub(super) weight: String,
    /// Where the bar begins, in hundredths of the width.
    pub(super) from: String,
    /// How long it is.
    pub(super) width: String,
    /// Whether it speaks for one person.
    pub(super) speaks_for: bool,
    /// Whether it is the sum.
    pub(super) sum: bool,
}

/// The lines of what was kept as evidence. A guard has the last word, so that the sum is not what the bars come to.
pub(super) fn steps(evidence: &Value, say: Say) -> Vec<Step> {
    let number = |value: &Value| value.as_f64().unwrap_or(0.0);
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let mut lines = vec![(say.t("same-before"), say.t("same-before-what"), number(&evidence["prior"]))];
    for part in evidence["parts"].as_array().into_iter().flatten() {
        lines.push((text(&part["field"]), text(&part["level"]), number(&part["weight"])));
    }
    let household = number(&evidence["household"]);
    if household != 0.0 {
        lines.push((say.t("same-household"), say.t("same-household-what"), household));
    }
    let total = number(&evidence["weight"]);
    let mut ends = vec![0.0];
    for (_, _, weight) in &lines {
        ends.push(ends[ends.len() - 1] + weight);
    }
    let least = ends.iter().copied().fold(total.min(0.0), f64::min);
    let most = ends.iter().copied().fold(total.max(0.0), f64::max);
    let scale = 100.0 / (most - least).max(1.0);
    let bar = |a: f64, b: f64| {
        let width = ((a - b).abs() * scale).max(0.8);
        (format!("{:.1}", (a.min(b) - least) * scale), format!("{width:.1}"))
    };
    let mut steps: Vec<Step> = lines
        .into_iter()
        .zip(ends.windows(2))
        .map(|((name, words, weight), between)| {
            let (from, width) = bar(between[0], between[1]);
            Step { name, words, weight: signed(weight), from, width, speaks_for: weight >= 0.0, sum: false }
        })
        .collect();
    let (from, width) = bar(0.0, total);
    let words = match evidence["guard"].as_str() {
        Some(guard) => guard.to_owned(),
        None => {
            let percent = (number(&evidence["probability"]) * 1_000.0).round() / 10.0;
            say.with("same-probability", &[("percent", format!("{percent}").into())])
        }
    };
    let name = say.t("same-together");
    steps.push(Step { name, words, weight: signed(total), from, width, speaks_for: total >= 0.0, sum: true });
    steps
}

/// A number of bits as people read it: with its sign, a minus that is as wide as a plus.
pub(super) fn signed(weight: f64) -> String {
    let rounded = (weight * 10.0).round() / 10.0;
    match rounded {
        r if r > 0.0 => format!("+{r:.1}"),
        r if r < 0.0 => format!("−{:.1}", r.abs()),
        _ => "0.0".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn bars_begin_where_the_last_one_ended_and_lie_within_the_width() {
        let evidence = json!({
            "prior": -20.0, "household": -2.0, "guard": null, "weight": 8.0, "probability": 0.996,
            "parts": [
                {"field": "Surname", "level": "the same", "weight": 12.0},
                {"field": "Date of birth", "level": "the same", "weight": 18.0},
            ],
        });
        let steps = steps(&evidence, crate::l10n::console());
        assert_eq!(
            steps.iter().map(|s| s.weight.as_str()).collect::<Vec<_>>(),
            ["−20.0", "+12.0", "+18.0", "−2.0", "+8.0"]
        );
        for step in &steps {
            let (from, width): (f64, f64) =
                (step.from.parse().expect("a number"), step.width.parse().expect("a number"));
            assert!(from >= 0.0 && from + width <= 100.1, "{from} {width}");
        }
        let end = |n: usize| -> f64 {
            steps[n].from.parse::<f64>().expect("from") + steps[n].width.parse::<f64>().expect("width")
        };
        assert!((end(1) - steps[2].from.parse::<f64>().expect("a number")).abs() < 0.2);
        assert!(steps[4].sum && steps[4].words.contains("99.6"));
    }
}
