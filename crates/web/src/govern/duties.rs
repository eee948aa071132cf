//! Duties as a form asks for them and as pages name them.

use commonweal_app::Error;
use commonweal_app::govern::teams::TeamSummary;
use commonweal_domain::duty::OF_EVERY_USER;
use commonweal_domain::{Duty, FieldErrors, Grant, Grants, Permission};

use crate::l10n::Say;
use crate::ui::components::{Choice, Choices, Legend};
use crate::ui::form::{Errors, Fields};

/// The name of the fields.
const FIELD: &str = "duties";

/// The duties to choose from, with those of the grants chosen: for the whole body, and, of those that can be given
/// for one team, for each team.
pub(crate) fn fields(chosen: &Grants, teams: &[TeamSummary], errors: &Errors, say: Say) -> Vec<Choices> {
    let whole = |duty: &Duty| {
        let hint = say.t(&format!("duty-{}-what", duty.key()));
        Choice::new(duty.key(), duty.label()).hint(hint.as_str()).checked(chosen.contains(*duty))
    };
    let mut all = vec![
        Choices::checkboxes(FIELD, legend(&say.t("users-duties")))
            .classes("govuk-checkboxes--small")
            .hint(say.t("users-duties-hint").as_str())
            .items(Duty::ALL.iter().map(whole))
            .error(errors.of(FIELD)),
    ];
    for duty in Duty::ALL.iter().filter(|duty| duty.is_of_teams() && !teams.is_empty()) {
        let of_team = |summary: &TeamSummary| {
            let grant = Grant { duty: *duty, team: Some(summary.team.id) };
            Choice::new(grant.to_string(), summary.team.name.as_str()).checked(chosen.contains(grant))
        };
        all.push(
            Choices::checkboxes(FIELD, legend(&say.with("users-duty-of-teams", &[("duty", duty.label().into())])))
                .id_prefix(format!("{FIELD}-{}", duty.key()))
                .classes("govuk-checkboxes--small")
                .hint(say.t(&format!("duty-{}-of-teams", duty.key())).as_str())
                .items(teams.iter().map(of_team)),
        );
    }
    all
}

/// As strong as the labels of the fields beside it.
fn legend(text: &str) -> Legend {
    Legend::from(text).classes("govuk-fieldset__legend--s")
}

/// The duties that were chosen.
pub(crate) fn chosen(fields: &Fields, say: Say) -> Result<Grants, Error> {
    let read: Result<Grants, _> = fields.all(FIELD).map(str::parse::<Grant>).collect();
    read.map_err(|_| Error::Invalid(FieldErrors::one(FIELD, "unknown", say.t("users-duty-unknown"))))
}

/// The duties in a line: “Analyst, Manager of Housing”. For somebody who has none, that they read.
pub(crate) fn named(grants: &Grants, teams: &[TeamSummary], say: Say) -> String {
    let name = |grant: Grant| {
        let team = grant.team.and_then(|id| teams.iter().find(|summary| summary.team.id == id));
        let Some(summary) = team else { return grant.duty.label().to_owned() };
        let parts = [("duty", grant.duty.label().into()), ("team", summary.team.name.as_str().into())];
        say.with("users-duty-of-team", &parts)
    };
    if grants.is_empty() { say.t("users-reader") } else { grants.iter().map(name).collect::<Vec<_>>().join(", ") }
}

/// Each duty with what it permits, as the table of duties has it; first what everybody may.
pub(crate) fn table(say: Say) -> Vec<(String, Vec<String>)> {
    let words = |permissions: &[Permission]| {
        permissions.iter().map(|p| say.t(&format!("users-may-{}", p.key().replace('_', "-")))).collect()
    };
    let of_duties = Duty::ALL.iter().map(|duty| (duty.label().to_owned(), words(duty.permissions())));
    std::iter::once((say.t("users-everybody"), words(OF_EVERY_USER))).chain(of_duties).collect()
}
