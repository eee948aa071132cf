//! How a file of people is read, as a form: one choice per column.

use commonweal_domain::people_import::{ColumnReason, PeopleLook, PeopleMapping, PersonColumn};
use commonweal_domain::person::UPRN;
use commonweal_domain::{FieldErrors, Need};

use crate::l10n::{self, Say};
use crate::ui::choice::Choice;
use crate::ui::form::Fields;

/// Numbers of others that a column may be said to hold.
const SCHEMES: [&str; 5] = ["NHS number", "national insurance number", "customer number", "unique pupil number", UPRN];

/// One column with what it may be taken for.
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
}

/// The form with everything that was found or said.
pub(crate) struct MappingForm {
    pub(crate) columns: Vec<ColumnForm>,
    pub(crate) sheets: Vec<Choice>,
    pub(crate) header_row: String,
    pub(crate) dates: Vec<Choice>,
    /// Which sheet and header row the columns are those of.
    pub(crate) shown_sheet: String,
    pub(crate) shown_header: String,
}

impl MappingForm {
    pub(crate) fn of(look: &PeopleLook) -> Self {
        let say = l10n::console();
        let columns = look.columns.iter().enumerate().map(|(place, column)| ColumnForm {
            id: format!("column-{place}"),
            name: format!("col.{}", column.heading),
            heading: match column.heading.trim() {
                "" => say.t("imports-no-heading"),
                _ => column.heading.clone(),
            },
            choices: targets(&column.heading, &column.column, say),
            reason: reason(&column.column, column.reason, say),
            samples: column.samples.clone(),
            ignored: matches!(column.column, PersonColumn::Ignore | PersonColumn::Consent),
        });
        let sheet = look.mapping.sheet.clone().unwrap_or_default();
        let header = look.mapping.header_row.map(|n| n.to_string()).unwrap_or_default();
        let month_first = look.mapping.month_first.unwrap_or(false);
        Self {
            columns: columns.collect(),
            sheets: look.sheets.iter().map(|s| Choice::new(s, s, *s == sheet)).collect(),
            shown_sheet: sheet,
            shown_header: header.clone(),
            header_row: header,
            dates: vec![
                Choice::new("day", say.t("pimports-day-first"), !month_first),
                Choice::new("month", say.t("pimports-month-first"), month_first),
            ],
        }
    }
}

/// What a column may be taken for. What it is now is always among it.
fn targets(heading: &str, now: &PersonColumn, say: Say) -> Vec<Choice> {
    let mut all = vec![
        PersonColumn::Key,
        PersonColumn::FullName,
        PersonColumn::GivenNames,
        PersonColumn::MiddleNames,
        PersonColumn::Surname,
        PersonColumn::BirthDate,
        PersonColumn::HouseNumber,
        PersonColumn::Address,
        PersonColumn::Town,
        PersonColumn::Postcode,
        PersonColumn::Email,
        PersonColumn::Phone,
        PersonColumn::Language,
        PersonColumn::Needs,
    ];
    all.extend(Need::ALL.iter().map(|need| PersonColumn::Need(*need)));
    all.extend(SCHEMES.iter().map(|scheme| PersonColumn::ExternalId((*scheme).into())));
    // The number of another system, under the name that it has in the file.
    let own = [format!("id.{heading}"), format!("attr.{heading}")];
    all.extend(own.iter().filter_map(|key| PersonColumn::from_key(key)));
    all.extend([PersonColumn::Consent, PersonColumn::Ignore]);
    if !all.contains(now) {
        all.insert(all.len() - 2, now.clone());
    }
    all.dedup();
    all.iter().map(|column| Choice::new(column.key(), label(column, say), column == now)).collect()
}

pub(super) fn label(column: &PersonColumn, say: Say) -> String {
    match column {
        PersonColumn::Key => say.t("people-key"),
        PersonColumn::GivenNames => say.t("people-given-names"),
        PersonColumn::MiddleNames => say.t("pimports-middle-names"),
        PersonColumn::Surname => say.t("people-surname"),
        PersonColumn::FullName => say.t("pimports-full-name"),
        PersonColumn::BirthDate => say.t("people-born"),
        PersonColumn::HouseNumber => say.t("pimports-house-number"),
        PersonColumn::Address => say.t("people-address"),
        PersonColumn::Town => say.t("people-town"),
        PersonColumn::Postcode => say.t("people-postcode"),
        PersonColumn::Email => say.t("people-email"),
        PersonColumn::Phone => say.t("people-phone"),
        PersonColumn::Language => say.t("people-language"),
        PersonColumn::Needs => say.t("pimports-needs"),
        PersonColumn::Need(need) => say.with("pimports-need", &[("need", need.label().into())]),
        PersonColumn::ExternalId(scheme) => say.with("pimports-number", &[("scheme", scheme.as_ref().into())]),
        PersonColumn::Attribute(name) => say.with("imports-an-attribute", &[("name", name.as_str().into())]),
        PersonColumn::Consent => say.t("pimports-consent"),
        PersonColumn::Ignore => say.t("imports-leave-out"),
    }
}

fn reason(column: &PersonColumn, reason: ColumnReason, say: Say) -> String {
    match (column, reason) {
        (PersonColumn::Consent, _) => say.t("pimports-reason-consent"),
        (_, ColumnReason::Said) => say.t("pimports-reason-said"),
        (_, ColumnReason::Heading) => say.t("pimports-reason-heading"),
        (_, ColumnReason::First) => say.t("pimports-reason-first"),
        (_, ColumnReason::Unknown) => say.t("pimports-reason-unknown"),
    }
}

/// What somebody said in the form, on top of what was settled before. What can't be understood is told.
pub(crate) fn said(fields: &Fields, before: &PeopleMapping) -> (PeopleMapping, FieldErrors) {
    let mut errors = FieldErrors::default();
    let text = |name: &str| Some(fields.get(name).to_owned()).filter(|v| !v.is_empty());
    let header_row = match text("header_row").map(|v| (v.parse::<usize>(), v)) {
        None => None,
        Some((Ok(n), _)) => Some(n),
        Some((Err(_), v)) => {
            let message = l10n::console().with("imports-bad-row", &[("typed", v.into())]);
            errors.add("header_row", "not_a_number", message);
            None
        }
    };
    // Other columns stand below another heading row: what was said of these does not hold there.
    let same_columns =
        fields.get("sheet") == fields.get("shown_sheet") && fields.get("header_row") == fields.get("shown_header");
    let mut mapping = PeopleMapping {
        sheet: text("sheet"),
        header_row,
        encoding: before.encoding.clone(),
        delimiter: before.delimiter,
        ..PeopleMapping::default()
    };
    if same_columns {
        mapping.columns.clone_from(&before.columns);
        for (name, value) in &fields.0 {
            let Some(heading) = name.strip_prefix("col.") else { continue };
            if let Some(column) = PersonColumn::from_key(value) {
                mapping.columns.insert(heading.to_owned(), column);
            }
        }
    }
    mapping.month_first = match fields.get("dates") {
        "month" => Some(true),
        "day" => Some(false),
        _ => None,
    };
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
        for now in [
            PersonColumn::Attribute("x".into()),
            PersonColumn::ExternalId("CHI number".into()),
            PersonColumn::ExternalId(UPRN.into()),
            PersonColumn::Key,
            PersonColumn::Ignore,
        ] {
            let choices = targets("Tenure", &now, l10n::console());
            assert_eq!(choices.iter().filter(|c| c.chosen).count(), 1, "{now:?}");
            assert!(choices.iter().all(|c| PersonColumn::from_key(&c.value).is_some()), "{now:?}");
        }
    }

    #[test]
    fn what_is_said_goes_before_what_was_found_as_long_as_the_columns_are_the_same() {
        let mut before = PeopleMapping { header_row: Some(1), ..PeopleMapping::default() };
        before.columns.insert("Tenure".into(), PersonColumn::Ignore);
        let form = [("col.Tenure", "attr.Tenure"), ("header_row", "1"), ("shown_header", "1"), ("dates", "month")];
        let (mapping, errors) = said(&fields(&form), &before);
        assert!(errors.is_empty());
        assert_eq!(mapping.columns["Tenure"], PersonColumn::Attribute("Tenure".into()));
        assert_eq!(mapping.month_first, Some(true));
        let (mapping, _) = said(&fields(&[("header_row", "3"), ("shown_header", "1"), ("col.Tenure", "key")]), &before);
        assert!(mapping.columns.is_empty());
        let (_, errors) = said(&fields(&[("header_row", "three"), ("shown_header", "1")]), &before);
        assert_eq!(errors.0[0].field, "header_row");
    }
}
