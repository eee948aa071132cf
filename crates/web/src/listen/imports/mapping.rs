//! How a file is read, as a form: one choice per column, values for all rows, dates, scale.

use commonweal_domain::import::{
    ColumnPreview, DateOrder, KnownBy, Mapping, Preview, RatingColumn, Target, scale_words,
};
use commonweal_domain::records::key_of;
use commonweal_domain::{Channel, FieldErrors};

use crate::l10n;
use crate::ui::choice::{Choice, choices};
use crate::ui::form::Fields;
use crate::ui::format::{self, number};

/// So many columns that are left out stand among the others; more are folded away.
const FEW: usize = 4;

/// One column with what it may become.
pub(crate) struct ColumnForm {
    /// Id of the field on the page.
    pub(crate) id: String,
    /// Name of the field: the heading follows `col.`.
    pub(crate) name: String,
    pub(crate) heading: String,
    pub(crate) choices: Vec<Choice>,
    pub(crate) reason: String,
    pub(crate) samples: Vec<String>,
    pub(crate) ignored: bool,
    /// Of a rating on a scale of its own: how the field with its ends is called.
    pub(crate) scale_name: String,
    /// The ends that somebody has said for it; else empty.
    pub(crate) scale_said: String,
    /// The ends the other way round.
    pub(crate) turned: String,
}

/// The form with everything that was found or said.
pub(crate) struct MappingForm {
    pub(crate) columns: Vec<ColumnForm>,
    /// Columns that are not taken in, when there are too many to look through first.
    pub(crate) left_out: Vec<ColumnForm>,
    pub(crate) sheets: Vec<Choice>,
    pub(crate) header_row: String,
    pub(crate) dates: Vec<Choice>,
    pub(crate) worst: String,
    pub(crate) best: String,
    /// What answers in words mean as numbers.
    pub(crate) scale_words: String,
    pub(crate) source: String,
    pub(crate) update: bool,
    pub(crate) service: String,
    pub(crate) touchpoint: String,
    pub(crate) channels: Vec<Choice>,
    /// Which sheet and header row the columns are those of.
    pub(crate) shown_sheet: String,
    pub(crate) shown_header: String,
}

impl MappingForm {
    /// The form for what a look at the file gave. `found` is what a look gives when nobody says
    /// anything: where that is the same, it has the better reason.
    /// `people`: whether columns may be chosen to say who it was.
    pub(crate) fn of(preview: &Preview, found: &Preview, people: bool) -> Self {
        let say = l10n::console();
        let mapping = &preview.mapping;
        let default = |key: &str| mapping.defaults.get(key).cloned().unwrap_or_default();
        // The ends of a rating's own scale, which gives way to one that is said for all.
        let ends = |column: &ColumnPreview| match column.target {
            Target::Rating(_) if mapping.scale.is_none() => {
                mapping.ratings.get(&column.heading).map(|r| (r.worst, r.best))
            }
            _ => None,
        };
        let columns = preview.columns.iter().enumerate().map(|(place, column)| ColumnForm {
            scale_name: format!("scale.{}", column.heading),
            scale_said: ends(column)
                .filter(|ends| found.mapping.ratings.get(&column.heading).map(|r| (r.worst, r.best)) != Some(*ends))
                .map(said_ends)
                .unwrap_or_default(),
            turned: ends(column).map(|(worst, best)| said_ends((best, worst))).unwrap_or_default(),
            id: format!("column-{place}"),
            name: format!("col.{}", column.heading),
            heading: if column.heading.trim().is_empty() {
                say.t("imports-no-heading")
            } else {
                column.heading.clone()
            },
            choices: targets(&column.heading, &column.target, people),
            reason: {
                // Found on another scale, it is not the same.
                let scale = |m: &Mapping| m.ratings.get(&column.heading).map(|r| (r.worst, r.best));
                let same = |c: &&ColumnPreview| {
                    c.heading == column.heading && c.target == column.target && scale(mapping) == scale(&found.mapping)
                };
                let why = found.columns.iter().find(same).map_or(column.reason.as_str(), |c| c.reason.as_str());
                reason(why, &column.target, mapping.ratings.get(&column.heading))
            },
            samples: column.samples.clone(),
            ignored: column.target == Target::Ignore,
        });
        let columns: Vec<ColumnForm> = columns.collect();
        let many = columns.iter().filter(|c| c.ignored).count() > FEW;
        let (left_out, columns) = columns.into_iter().partition(|c| many && c.ignored);
        let sheet = mapping.sheet.clone().unwrap_or_default();
        let header = mapping.header_row.map(|n| n.to_string()).unwrap_or_default();
        let channel = default("channel");
        let mut channels: Vec<Choice> = vec![Choice::none(say.t("imports-not-given"), channel.is_empty())];
        channels.extend(choices(Channel::ALL, Channel::from_key(&channel), Channel::key, Channel::label));
        let mut dates: Vec<Choice> = vec![Choice::none(say.t("imports-as-found"), mapping.dates.is_none())];
        let with_example = |d: DateOrder| {
            let example = match d {
                DateOrder::DayFirst => "31/12/2024",
                DateOrder::MonthFirst => "12/31/2024",
                DateOrder::YearFirst => "2024-12-31",
            };
            format!("{}: {example}", d.label())
        };
        dates.extend(choices(DateOrder::ALL, mapping.dates, DateOrder::key, with_example));
        Self {
            columns,
            left_out,
            sheets: preview.sheets.iter().map(|s| Choice::new(s, s, *s == sheet)).collect(),
            shown_sheet: sheet,
            shown_header: header.clone(),
            header_row: header,
            dates,
            worst: mapping.scale.map(|(worst, _)| number(worst)).unwrap_or_default(),
            best: mapping.scale.map(|(_, best)| number(best)).unwrap_or_default(),
            scale_words: mapping
                .rating_words
                .iter()
                .map(|(w, n)| format!("{w}={}", number(*n)))
                .collect::<Vec<_>>()
                .join(", "),
            source: mapping.source.clone().unwrap_or_default(),
            update: mapping.update,
            service: default("service"),
            touchpoint: default("touchpoint"),
            channels,
        }
    }
}

impl MappingForm {
    /// Puts back what was typed where it can't be understood.
    pub(crate) fn keep_typed(&mut self, fields: &Fields) {
        self.header_row = fields.get("header_row").to_owned();
        self.worst = fields.get("worst").to_owned();
        self.best = fields.get("best").to_owned();
        self.scale_words = fields.get("scale_words").to_owned();
    }
}

/// The ends of a scale as the form carries them.
fn said_ends((worst, best): (f64, f64)) -> String {
    format!("{worst}..{best}")
}

fn ends_said(text: &str) -> Option<(f64, f64)> {
    let (worst, best) = text.split_once("..")?;
    let number = |text: &str| text.parse::<f64>().ok().filter(|n| n.is_finite());
    Some((number(worst)?, number(best)?)).filter(|(worst, best)| worst != best)
}

/// Everything that a column may become. What it is now is always among it.
fn targets(heading: &str, now: &Target, people: bool) -> Vec<Choice> {
    let plain = name_of(heading);
    let mut all = vec![
        Target::Comment,
        Target::Rating("overall".to_owned()),
        Target::Rating(plain.clone()),
        Target::At,
        Target::Service,
        Target::Touchpoint,
        Target::Channel,
        Target::Attribute(plain),
        Target::Area,
        Target::Device,
        Target::Language,
        Target::Page,
        Target::Question,
        Target::Id,
        Target::Ignore,
    ];
    if people {
        let at = all.len() - 1;
        all.splice(at..at, KnownBy::ALL.iter().map(|column| Target::Person(*column)));
    }
    if !all.contains(now) {
        all.insert(all.len() - 1, now.clone());
    }
    all.iter().map(|t| Choice::new(t.key(), label(t), t == now)).collect()
}

fn label(target: &Target) -> String {
    let say = l10n::console();
    match target {
        Target::Id => say.t("imports-sender-id"),
        Target::At => say.t("imports-happened"),
        Target::Comment => say.t("imports-comment"),
        Target::Question => say.t("imports-question"),
        Target::Rating(name) if name == "overall" => say.t("imports-main-rating"),
        Target::Rating(name) => say.with("imports-a-rating", &[("name", name.replace('_', " ").into())]),
        Target::Service => say.t("imports-service"),
        Target::Touchpoint => say.t("imports-touchpoint"),
        Target::Channel => say.t("imports-channel"),
        Target::Page => say.t("imports-page-address"),
        Target::Device => say.t("imports-device"),
        Target::Language => say.t("imports-language"),
        Target::Area => say.t("imports-area"),
        Target::Attribute(name) => say.with("imports-an-attribute", &[("name", name.replace('_', " ").into())]),
        Target::Person(KnownBy::Email) => say.t("imports-person-email"),
        Target::Person(KnownBy::Phone) => say.t("imports-person-phone"),
        Target::Person(KnownBy::Reference) => say.t("imports-person-reference"),
        Target::Ignore => say.t("imports-leave-out"),
    }
}

/// A heading as the name of an attribute: `Age band` → `age_band`.
fn name_of(heading: &str) -> String {
    let name: String = key_of(heading)
        .chars()
        .map(|c| if c.is_ascii_lowercase() || c.is_ascii_digit() { c } else { '_' })
        .take(40)
        .collect();
    name.trim_matches('_').to_owned()
}

fn reason(found: &str, target: &Target, rating: Option<&RatingColumn>) -> String {
    let found = format::capital(found);
    match (target, rating) {
        (Target::Rating(_), Some(r)) => {
            // The reason often says it already.
            if found.contains("worst") {
                found
            } else {
                {
                    let ends =
                        [("worst", number(r.worst).into()), ("best", number(r.best).into()), ("why", found.into())];
                    l10n::console().with("imports-scale", &ends)
                }
            }
        }
        _ => found,
    }
}

/// What somebody said in the form, on top of what was settled before. What can't be understood is
/// left out and told.
pub(crate) fn said(fields: &Fields, before: &Mapping) -> (Mapping, FieldErrors) {
    let say = l10n::console();
    let mut errors = FieldErrors::default();
    let text = |name: &str| Some(fields.get(name).to_owned()).filter(|v| !v.is_empty());
    let sheet = text("sheet");
    let header_row = match text("header_row").map(|v| (v.parse::<usize>(), v)) {
        None => None,
        Some((Ok(n), _)) => Some(n),
        Some((Err(_), v)) => {
            errors.add("header_row", "not_a_number", say.with("imports-bad-row", &[("typed", v.into())]));
            None
        }
    };
    // Other columns stand below another heading row: what was said of these does not hold there.
    let same_columns =
        fields.get("sheet") == fields.get("shown_sheet") && fields.get("header_row") == fields.get("shown_header");
    let mut mapping = if same_columns {
        before.clone()
    } else {
        Mapping { encoding: before.encoding.clone(), delimiter: before.delimiter, ..Mapping::default() }
    };
    mapping.sheet = sheet;
    mapping.header_row = header_row;
    if same_columns {
        for (name, value) in &fields.0 {
            let Some(heading) = name.strip_prefix("col.") else { continue };
            if let Some(target) = Target::from_key(value) {
                mapping.columns.insert(heading.to_owned(), target);
            }
        }
        // The button that turns a scale round comes after the field that says how it is.
        for (name, value) in &fields.0 {
            let Some(heading) = name.strip_prefix("scale.") else { continue };
            if let Some((worst, best)) = ends_said(value) {
                let rating = mapping.ratings.entry(heading.to_owned()).or_default();
                (rating.worst, rating.best) = (worst, best);
            }
        }
    }
    mapping.dates = DateOrder::from_key(fields.get("dates"));
    let end = |name: &str, errors: &mut FieldErrors| match text(name).map(|v| (v.parse::<f64>(), v)) {
        None => None,
        Some((Ok(n), _)) if n.is_finite() => Some(n),
        Some((_, v)) => {
            errors.add(name, "not_a_number", say.with("imports-bad-end", &[("typed", v.into())]));
            None
        }
    };
    mapping.scale = match (end("worst", &mut errors), end("best", &mut errors)) {
        (Some(worst), Some(best)) if worst == best => {
            errors.add("best", "same", say.t("imports-same-ends"));
            None
        }
        (Some(worst), Some(best)) => Some((worst, best)),
        (None, None) => None,
        (Some(_), None) if errors.is_empty() => {
            errors.add("best", "required", say.t("imports-no-best"));
            None
        }
        (None, Some(_)) if errors.is_empty() => {
            errors.add("worst", "required", say.t("imports-no-worst"));
            None
        }
        _ => None,
    };
    mapping.source = text("source");
    mapping.update = fields.get("update") == "yes";
    mapping.rating_words = match text("scale_words").map(|words| scale_words(&words)) {
        None => Default::default(),
        Some(Ok(words)) => words,
        Some(Err(e)) => {
            errors.add("scale_words", "not_a_scale", e);
            Default::default()
        }
    };
    for key in ["service", "touchpoint", "channel"] {
        match text(&format!("default.{key}")) {
            Some(value) => mapping.defaults.insert(key.to_owned(), value),
            None => mapping.defaults.remove(key),
        };
    }
    (mapping, errors)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(pairs: &[(&str, &str)]) -> Fields {
        Fields(pairs.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect())
    }

    #[test]
    fn what_a_column_is_now_is_always_among_the_choices() {
        for now in [Target::Attribute("x".into()), Target::Rating("y".into()), Target::Ignore, Target::At] {
            let choices = targets("Age band", &now, true);
            assert_eq!(choices.iter().filter(|c| c.chosen).count(), 1, "{now:?}");
            assert!(choices.iter().all(|c| Target::from_key(&c.value).is_some()), "{now:?}");
        }
    }

    #[test]
    fn a_heading_becomes_a_valid_name() {
        assert_eq!(name_of("Age band (years)"), "age_band_years");
        assert_eq!(name_of("Überraschung!"), "uberraschung");
        assert_eq!(name_of("???"), "unnamed");
    }

    #[test]
    fn what_is_said_goes_before_what_was_found() {
        let mut before = Mapping { dates: Some(DateOrder::DayFirst), ..Mapping::default() };
        before.columns.insert("Score".into(), Target::Ignore);
        let form = fields(&[
            ("col.Score", "rating"),
            ("dates", "month_first"),
            ("worst", "5"),
            ("best", "1"),
            ("default.channel", "phone"),
        ]);
        let (mapping, errors) = said(&form, &before);
        assert!(errors.is_empty());
        assert_eq!(mapping.columns["Score"], Target::Rating("overall".into()));
        assert_eq!(mapping.dates, Some(DateOrder::MonthFirst));
        assert_eq!(mapping.scale, Some((5.0, 1.0)));
        assert_eq!(mapping.defaults["channel"], "phone");
    }

    #[test]
    fn another_heading_row_has_other_columns() {
        let mut before = Mapping { header_row: Some(1), ..Mapping::default() };
        before.columns.insert("Old".into(), Target::Comment);
        let form = fields(&[("header_row", "4"), ("shown_header", "1"), ("col.Old", "comment")]);
        let (mapping, errors) = said(&form, &before);
        assert!(errors.is_empty());
        assert!(mapping.columns.is_empty());
        assert_eq!(mapping.header_row, Some(4));
    }

    #[test]
    fn a_scale_is_turned_round_by_one_button_which_goes_before_what_was_said() {
        let mut before = Mapping::default();
        let found =
            RatingColumn { worst: 1.0, best: 5.0, words: [("good".to_owned(), 4.0)].into(), ..Default::default() };
        before.ratings.insert("Score".into(), found);
        let form = fields(&[
            ("scale.Score", "1..5"),
            ("scale.Score", "5..1"),
            ("source", "Kiosk"),
            ("scale_words", "Yes=1, No=0"),
        ]);
        let (mapping, errors) = said(&form, &before);
        assert!(errors.is_empty());
        let score = &mapping.ratings["Score"];
        assert_eq!((score.worst, score.best, score.words["good"]), (5.0, 1.0, 4.0));
        assert_eq!(mapping.source.as_deref(), Some("Kiosk"));
        assert_eq!(mapping.rating_words["Yes"], 1.0);
        assert_eq!(said(&fields(&[("scale_words", "Yes")]), &before).1.0[0].field, "scale_words");
    }

    #[test]
    fn half_a_scale_is_not_a_scale() {
        let (_, errors) = said(&fields(&[("worst", "1")]), &Mapping::default());
        assert_eq!(errors.0[0].field, "best");
    }
}
