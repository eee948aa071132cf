//! How "who is hit" is put into words: the issue that the address asks about, the groups, and the
//! sentence that tells the finding.

use commonweal_app::WhoIsHit;
use commonweal_app::understand::impact::Hit;
use commonweal_domain::question::Measure;
use commonweal_domain::{Dimension, Filter, search};
use fluent_bundle::FluentValue;

use crate::l10n::Say;
use crate::ui::filter_url::{Context, FilterUrl, closed};
use crate::ui::frame::Visit;
use crate::ui::params::Params;
use crate::ui::scope::Scope;
use crate::understand::impact::{exact, times};

/// The issue that the address asks about: `issue=theme=waiting`, `issue=rating=1,2`, `says=upload`.
pub(crate) struct Issue {
    pub(crate) filter: Filter,
    /// What people wrote, as it was typed.
    pub(crate) says: String,
    /// `dimension=value,value`, one for each dimension.
    tokens: Vec<String>,
}

impl Issue {
    /// Takes the issue out of the parameters; what is wrong is added to their errors.
    pub(crate) fn take(params: &mut Params, visit: &Visit) -> Self {
        let context = Context { zone: visit.zone(), now: visit.app().now() };
        let (mut pairs, mut tokens) = (Vec::new(), Vec::new());
        for given in params.all("issue") {
            let known = given.split_once('=').and_then(|(key, value)| Some((Dimension::from_key(key)?, value)));
            match known {
                // Only values from a fixed set are parted: others may hold a comma.
                Some((dimension, values)) if closed(&dimension).is_some() => {
                    pairs.extend(values.split(',').map(|v| (dimension.key().into_owned(), v.to_owned())));
                }
                Some((dimension, value)) => pairs.push((dimension.key().into_owned(), value.to_owned())),
                None => {
                    let message = crate::l10n::console().with("hit-issue-wrong", &[("issue", given.clone().into())]);
                    params.errors.add("issue", "not_allowed", message);
                    continue;
                }
            }
            tokens.push(given);
        }
        // Pairs of texts can always be written.
        let mut own = Params::strict(&serde_urlencoded::to_string(pairs).unwrap_or_default());
        let mut filter = FilterUrl::take(&mut own, context).filter;
        for error in own.errors.0 {
            params.errors.add("issue", &error.code, error.message);
        }
        let says = params.one("says").unwrap_or_default();
        if let Err(wrong) = search::parse(&says, &mut filter) {
            for error in wrong.0 {
                params.errors.add("says", &error.code, error.message);
            }
        }
        Self { filter, says, tokens }
    }

    /// Whether nothing is asked, so that every theme is tested.
    pub(crate) fn is_none(&self) -> bool {
        self.filter == Filter::default()
    }

    /// The parameters that ask for it.
    pub(crate) fn pairs(&self) -> Vec<(String, String)> {
        let mut pairs: Vec<(String, String)> =
            self.tokens.iter().map(|token| ("issue".to_owned(), token.clone())).collect();
        if !self.says.is_empty() {
            pairs.push(("says".to_owned(), self.says.clone()));
        }
        pairs
    }

    /// The one choice in the form that stands for it; empty when none does.
    pub(crate) fn token(&self) -> String {
        self.tokens.first().cloned().unwrap_or_default()
    }

    /// Adds what the issue asks to a filter.
    pub(crate) fn add_to(&self, filter: &mut Filter) {
        filter.clauses.extend(self.filter.clauses.clone());
        if !self.filter.words.is_empty() {
            filter.words = self.filter.words.clone();
        }
    }

    /// Its name: "Waiting", "Negative, Very negative", "“upload”".
    pub(crate) fn name(&self, scope: &Scope) -> String {
        let mut names: Vec<String> = self.filter.clauses.iter().map(|(d, clause)| values(scope, d, clause)).collect();
        if !self.filter.words.is_empty() {
            names.push(format!("“{}”", self.filter.words));
        }
        names.join(" + ")
    }
}

fn values(scope: &Scope, dimension: &Dimension, clause: &commonweal_domain::Clause) -> String {
    let say = crate::l10n::console();
    let is = clause.is.iter().map(|v| scope.label(dimension, v));
    let is_not = clause.is_not.iter().map(|v| say.with("hit-not", &[("value", scope.label(dimension, v).into())]));
    is.chain(is_not).collect::<Vec<_>>().join(", ")
}

/// Puts rows and findings into words.
pub(crate) struct Wording<'a> {
    pub(crate) say: Say,
    pub(crate) scope: &'a Scope,
    pub(crate) issue: &'a Issue,
}

impl Wording<'_> {
    /// The finding in a sentence.
    pub(crate) fn title(&self, found: &WhoIsHit) -> String {
        if let Some(row) = found.headline() {
            return self.sentence(if row.excess > 0.0 { "hit-finding-more" } else { "hit-finding-less" }, row);
        }
        if self.issue.is_none() {
            self.say.t("hit-finding-none-themes")
        } else {
            self.say.with("hit-finding-none", &[("issue", self.issue.name(self.scope).into())])
        }
    }

    /// The figures behind the title, or what it means that there are none.
    pub(crate) fn lead(&self, found: &WhoIsHit) -> String {
        let Some(row) = found.headline() else {
            return self.say.with("hit-lead-none", &[("tested", found.tested.into())]);
        };
        let told: [(&str, FluentValue<'_>); 7] = [
            ("hit", row.group_hit.into()),
            ("of", row.group_all.into()),
            ("resthit", row.rest_hit.into()),
            ("restof", row.rest_all.into()),
            ("low", exact(row.ratio_low).into()),
            ("high", exact(row.ratio_high).into()),
            ("excess", row.excess.abs().round().into()),
        ];
        self.say.with(if row.excess > 0.0 { "hit-lead-more" } else { "hit-lead-less" }, &told)
    }

    fn sentence(&self, id: &str, row: &Hit) -> String {
        let told: [(&str, FluentValue<'_>); 3] =
            [("who", self.who(row).into()), ("does", self.does(row).into()), ("times", times(row.risk_ratio).into())];
        self.say.with(id, &told)
    }

    /// The group as people speak of it: "People aged 65+", "People on a phone".
    fn who(&self, row: &Hit) -> String {
        let group = self.group(row);
        let id = match Dimension::from_key(&row.attribute) {
            Some(Dimension::Device)
                if matches!(row.group.as_str(), "phone" | "tablet" | "computer" | "laptop" | "desktop") =>
            {
                return self.say.with("hit-who-on", &[("group", group.to_lowercase().into())]);
            }
            Some(Dimension::Channel) => "hit-who-channel",
            Some(Dimension::Language) => "hit-who-language",
            Some(Dimension::Area) => "hit-who-area",
            Some(Dimension::Attribute(name)) if matches!(name.as_str(), "age" | "age_band" | "age_group") => {
                "hit-who-aged"
            }
            _ => "hit-who-other",
        };
        let told = [("group", group.into()), ("attribute", row.attribute_label.to_lowercase().into())];
        self.say.with(id, &told)
    }

    /// What they do, as a verb: "mention “Waiting”", "leave negative feedback", "rate 1 or 2 of 5".
    fn does(&self, row: &Hit) -> String {
        let (say, scope) = (self.say, self.scope);
        let theme = |key: &str| say.with("hit-does-theme", &[("theme", scope.label(&Dimension::Theme, key).into())]);
        if !row.issue.is_empty() {
            return theme(&row.issue);
        }
        let filter = &self.issue.filter;
        let negative = Measure::Negative.counted().map(|c| c.values).unwrap_or_default();
        let mut clauses = filter.clauses.iter();
        match (clauses.next(), clauses.next(), filter.words.is_empty()) {
            (None, None, false) => say.with("hit-does-words", &[("words", filter.words.to_string().into())]),
            (Some((dimension, clause)), None, true) if clause.is_not.is_empty() => {
                let keys: Vec<&str> = clause.is.iter().map(String::as_str).collect();
                match (dimension, keys.as_slice()) {
                    (Dimension::Theme, [key]) => theme(key),
                    (Dimension::Sentiment, keys) if *keys == *negative => say.t("hit-does-negative"),
                    (Dimension::Sentiment, ["positive", "very_positive"]) => say.t("hit-does-positive"),
                    (Dimension::Rating, keys) => {
                        say.with("hit-does-rating", &[("steps", keys.join(&say.t("hit-or")).into())])
                    }
                    (Dimension::Alert, [key]) => {
                        say.with("hit-does-alert", &[("alert", scope.label(dimension, key).into())])
                    }
                    _ => say.with("hit-does-value", &[("value", values(scope, dimension, clause).into())]),
                }
            }
            _ => say.with("hit-does-value", &[("value", self.issue.name(scope).into())]),
        }
    }

    /// The name of a group.
    pub(crate) fn group(&self, row: &Hit) -> String {
        let dimension = Dimension::from_key(&row.attribute);
        dimension.map_or_else(|| row.group_label.clone(), |d| self.scope.label(&d, &row.group))
    }

    /// A row's name in the drawing.
    pub(crate) fn row_label(&self, row: &Hit) -> String {
        let group = format!("{}: {}", row.attribute_label, self.group(row));
        if row.issue.is_empty() {
            return group;
        }
        format!("{}, {group}", self.scope.label(&Dimension::Theme, &row.issue))
    }
}
