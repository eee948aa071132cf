//! What the body has decided about itself.

use commonweal_domain::look::Part;
use commonweal_domain::{Actor, AuditAction, BodySettings, FieldErrors, Look, Permission, Subject, form};
use serde_json::json;

use crate::app::authorise;
use crate::change::{Audited, audited};
use crate::{App, Result};

impl App {
    /// The settings with their version, for a form that changes them.
    pub async fn settings_to_change(&self, actor: &Actor) -> Result<(i64, BodySettings)> {
        authorise(actor, Permission::Administer)?;
        let fresh = self.inner.store.settings().await?;
        *self.inner.settings.write() = fresh.clone();
        Ok(fresh)
    }

    /// Saves settings that were read at version `based_on`; a conflict when somebody saved since.
    pub async fn save_settings(&self, actor: &Actor, based_on: i64, settings: BodySettings) -> Result<()> {
        authorise(actor, Permission::Administer)?;
        self.save_checked_settings(actor, based_on, settings, None).await
    }

    /// The same with one more line in the trail.
    pub(super) async fn save_checked_settings(
        &self,
        actor: &Actor,
        based_on: i64,
        settings: BodySettings,
        also: Option<Audited>,
    ) -> Result<()> {
        let also = &also;
        let mut errors = FieldErrors::default();
        let length = |text: &str| text.trim().chars().count();
        if !(1..=120).contains(&length(&settings.name)) {
            errors.add("name", "bad_name", "The name of the body has 1 to 120 characters.");
        }
        if !(1..=40).contains(&length(&settings.person_word)) {
            errors.add(
                "person_word",
                "bad_name",
                "The word for a person has 1 to 40 characters, for example resident.",
            );
        }
        if !(1..=1_000).contains(&settings.minimum_group) {
            errors.add(
                "minimum_group",
                "out_of_range",
                "The smallest group that may be shown is between 1 and 1,000; 10 is usual.",
            );
        }
        unreadable(&settings.look, &mut errors);
        for (field, address) in
            [("privacy_url", &settings.privacy_url), ("accessibility_url", &settings.accessibility_url)]
        {
            if address.as_ref().is_some_and(|a| a.chars().count() > 500 || form::origin_of(a).is_none()) {
                errors.add(
                    field,
                    "bad_address",
                    "Give a web address that begins with https://, of at most 500 characters, or leave it empty.",
                );
            }
        }
        errors.into_result(())?;
        let (new, name, now) = (&settings, &actor.audit_name(), self.now());
        let version = self.change(actor, move |w| {
            Box::pin(async move {
                let version = w.settings().save(new, based_on, name, now).await?;
                let mut lines = vec![
                    audited(AuditAction::SettingsSaved, Subject::all("settings")).with(json!({"version": version})),
                ];
                lines.extend(also.clone());
                Ok((version, lines))
            })
        });
        let version = version.await?;
        *self.inner.settings.write() = (version, settings);
        Ok(())
    }
}

/// Adds what can't be read in a look, with the shade that could.
fn unreadable(look: &Look, errors: &mut FieldErrors) {
    for bad in look.contrasts().into_iter().filter(|c| !c.suffices()) {
        let offers: Vec<String> =
            bad.offers.iter().map(|(part, colour)| format!("{colour} for {}", the(*part))).collect();
        errors.add(
            bad.pair.mended().key(),
            "contrast",
            format!(
                "The contrast of {} is {:.2}:1; everybody can see it from {}:1. The nearest that would do: {}.",
                bad.pair.label(),
                bad.shown(),
                bad.pair.least(),
                offers.join(", or "),
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
