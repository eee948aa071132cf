//! What the body has decided about itself.

use commonweal_domain::branding::Part;
use commonweal_domain::settings::Retention;
use commonweal_domain::{Actor, AuditAction, BodySettings, Branding, FieldErrors, Permission, Subject, form, sentence};
use serde_json::json;

use crate::app::authorise;
use crate::change::{Audited, audited};
use crate::govern::retention::WouldGo;
use crate::{App, Error, Result};

/// Longest notice, in characters.
const MAX_NOTICE_CHARS: usize = 500;

impl App {
    /// The settings with their version, for a form that changes them.
    pub async fn settings_to_change(&self, actor: &Actor) -> Result<(i64, BodySettings)> {
        authorise(actor, Permission::Administer)?;
        let fresh = self.inner.store.settings().await?;
        *self.inner.settings.write() = fresh.clone();
        Ok(fresh)
    }

    /// Saves settings. `based_on` is the version that whoever wants them had before them: a conflict when somebody
    /// has saved something else since where these differ from what is saved now. What a page does not ask for it
    /// hands over as it is now.
    ///
    /// How long things are kept is changed with [`App::save_retention`] where that deletes something: here it is a
    /// conflict.
    pub async fn save_settings(&self, actor: &Actor, based_on: i64, wanted: BodySettings) -> Result<()> {
        authorise(actor, Permission::Administer)?;
        match self.settle_settings(actor, based_on, wanted, None).await? {
            Settled::Saved => Ok(()),
            Settled::Unconfirmed(_) => Err(Error::Conflict {
                code: "retention_unconfirmed",
                message: "This would delete what is kept now, and nobody has confirmed that. Change how long things are kept under Settings, Retention.".into(),
            }),
        }
    }

    /// The one way by which settings are saved: what is not valid, what somebody else saved meanwhile and what would
    /// be deleted is found here, whoever asks.
    pub(super) async fn settle_settings(
        &self,
        actor: &Actor,
        based_on: i64,
        wanted: BodySettings,
        confirmed: Option<Retention>,
    ) -> Result<Settled> {
        checked(&wanted)?;
        let (version, current) = self.settings_to_change(actor).await?;
        // The first version says that the body has introduced itself, whatever it says.
        if wanted == current && version > 0 {
            return Ok(Settled::Saved);
        }
        if version != based_on && wanted != current {
            let before = self.inner.store.settings_at(based_on).await?;
            if !before.is_some_and(|before| touches_nothing_of_others(&before, &wanted, &current)) {
                return Err(overtaken());
            }
        }
        let mut lines = Vec::new();
        if wanted.retention != current.retention {
            let goes = self.would_go(actor, wanted.retention).await?;
            if goes.is_something() && confirmed != Some(wanted.retention) {
                return Ok(Settled::Unconfirmed(goes));
            }
            let Retention { originals_months, feedback_months, people_months } = wanted.retention;
            let months = json!({"originals_months": originals_months, "feedback_months": feedback_months, "people_months": people_months});
            lines.push(audited(AuditAction::RetentionSaved, Subject::all("settings")).with(months));
        }
        let (new, also, name, now) = (&wanted, &lines, &actor.audit_name(), self.now());
        let saved = self.change(actor, move |w| {
            Box::pin(async move {
                let version = w.settings().save(new, version, name, now).await?;
                let line = audited(AuditAction::SettingsSaved, Subject::all("settings"));
                let lines: Vec<Audited> =
                    [line.with(json!({"version": version}))].into_iter().chain(also.iter().cloned()).collect();
                Ok((version, lines))
            })
        });
        let version = saved.await?;
        *self.inner.settings.write() = (version, wanted);
        Ok(Settled::Saved)
    }
}

/// What came of settings that were to be saved.
pub(super) enum Settled {
    /// They are saved, or were already.
    Saved,
    /// They are not: so much would be deleted by them, and nobody has confirmed it.
    Unconfirmed(WouldGo),
}

/// Whether settings that were made from `before` leave alone what others have changed to `current` since: each of
/// them is as it is now, or was the same before.
fn touches_nothing_of_others(before: &BodySettings, wanted: &BodySettings, current: &BodySettings) -> bool {
    // Taken apart by name, so that none can be forgotten.
    macro_rules! every {
        ($($field:ident),+) => {{
            let BodySettings { $($field),+ } = wanted;
            $((*$field == current.$field || before.$field == current.$field))&&+
        }};
    }
    every!(
        name,
        person_word,
        time_zone,
        minimum_group,
        retention,
        notice,
        branding,
        privacy_url,
        accessibility_url,
        security_contact,
        contact_budget,
        large_sends,
        second_step
    )
}

fn overtaken() -> Error {
    Error::Conflict {
        code: "settings_overtaken",
        message: "Somebody else saved these settings while you had them open. Look at what stands there now; save again to put yours in place of it.".into(),
    }
}

/// Whether settings are valid; all that is wrong with them is said at once.
fn checked(settings: &BodySettings) -> Result<()> {
    let mut errors = FieldErrors::default();
    let length = |text: &str| text.trim().chars().count();
    if !(1..=120).contains(&length(&settings.name)) {
        errors.add("name", "bad_name", "The name of the body has 1 to 120 characters.");
    }
    if !(1..=40).contains(&length(&settings.person_word)) {
        errors.add("person_word", "bad_name", "The word for a person has 1 to 40 characters, for example resident.");
    }
    if !(1..=1_000).contains(&settings.minimum_group) {
        errors.add(
            "minimum_group",
            "out_of_range",
            "The smallest group that may be shown is between 1 and 1,000; 10 is usual.",
        );
    }
    let budget = settings.contact_budget;
    if !(1..=100).contains(&budget.most) {
        errors.add("budget_most", "out_of_range", "Allow 1 to 100 messages; 2 a week are usual.");
    }
    if !(1..=366).contains(&budget.days) {
        errors.add("budget_days", "out_of_range", "Choose 1 to 366 days; 7 are usual.");
    }
    if !(1..=7 * 24 * 60).contains(&settings.large_sends.ramp_minutes) {
        errors.add("ramp_minutes", "out_of_range", "Choose 1 minute to 7 days (10,080 minutes); 30 minutes are usual.");
    }
    if settings.notice.as_ref().is_some_and(|notice| notice.chars().count() > MAX_NOTICE_CHARS) {
        let sentence = sentence!("The notice has at most {most} characters. Shorten it.", most = MAX_NOTICE_CHARS);
        errors.add("notice", "too_long", sentence);
    }
    unreadable(&settings.branding, &mut errors);
    super::retention::invalid(settings.retention, &mut errors);
    for (field, address) in [("privacy_url", &settings.privacy_url), ("accessibility_url", &settings.accessibility_url)]
    {
        if address.as_ref().is_some_and(|a| a.chars().count() > 500 || form::origin_of(a).is_none()) {
            errors.add(
                field,
                "bad_address",
                "Give a web address that begins with https://, of at most 500 characters, or leave it empty.",
            );
        }
    }
    // What stands there is read by machines, line by line.
    let is_contact = |contact: &String| {
        let one_line = !contact.is_empty()
            && contact.len() <= 300
            && !contact.contains(|c: char| c.is_whitespace() || c.is_control());
        one_line && (form::origin_of(contact).is_some() || form::looks_like_email(contact))
    };
    if settings.security_contact.as_ref().is_some_and(|contact| !is_contact(contact)) {
        errors.add(
            "security_contact",
            "bad_contact",
            "Give a web address that begins with https://, or an email address such as security@example.org, or leave it empty.",
        );
    }
    Ok(errors.into_result(())?)
}

/// Adds what can't be read in the branding, with the shade that could.
fn unreadable(branding: &Branding, errors: &mut FieldErrors) {
    for bad in branding.contrasts().into_iter().filter(|c| !c.suffices()) {
        let offers: Vec<String> =
            bad.offers.iter().map(|(part, colour)| format!("{colour} for {}", the(*part))).collect();
        errors.add(
            bad.pair.mended().key(),
            "contrast",
            sentence!(
                "The contrast of {pair} is {shown}:1; everybody can see it from {least}:1. The nearest that would do: \
                 {offers}.",
                pair = bad.pair.label(),
                shown = format!("{:.2}", bad.shown()),
                least = bad.pair.least().to_string(),
                offers = offers.join(", or "),
            ),
        );
    }
}

fn the(part: Part) -> &'static str {
    match part {
        Part::Brand => "the brand",
        Part::BrandText => "the text on it",
        Part::Action => "the button",
        Part::ActionText => "the text on it",
        Part::Link => "the link",
    }
}
