//! Emotion after Ekman, as a hint: the labels it was learnt from are those of Reddit comments, not of
//! what people write to public bodies.

use crate::features::Features;
use crate::model::Linear;

/// The emotion that stands out most above its threshold; `neutral` when none does.
pub(crate) fn read(model: &Linear, features: &Features) -> String {
    let p = model.any_of(features);
    let above = p.iter().zip(&model.header.thresholds).zip(model.labels());
    above
        .filter(|((p, threshold), label)| p >= threshold && *label != "neutral")
        .max_by(|((a, s), _), ((b, t), _)| (*a / *s).total_cmp(&(*b / *t)))
        .map_or("neutral", |(_, label)| label.as_str())
        .to_owned()
}
