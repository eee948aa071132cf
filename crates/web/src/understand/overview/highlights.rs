//! In short: the few sentences that say what the data show. A sentence is only said when it is beyond
//! chance and beyond rounding; each has its way to the comments.

use commonweal_app::Journey;
use commonweal_app::understand::journey::{Estimate, JourneyFigures};
use commonweal_domain::filter::NONE;
use commonweal_domain::question::{Answer, Figures, Value};
use commonweal_domain::{Dimension, TimeRange};

use crate::l10n::console;
use crate::ui::asked::Asked;
use crate::ui::format;
use crate::understand::change::{self, Change, LEAST_BASE, Share};

/// Most sentences.
const MOST: usize = 4;
/// Standard errors for "the most changed of many themes": who looks at many finds some by chance.
const OF_MANY: f64 = 3.5;

/// What the data show, with the way to its comments.
#[derive(Debug)]
pub(super) struct Sentence {
    pub(super) text: String,
    pub(super) link: String,
    pub(super) href: String,
}

/// What the sentences are made from.
pub(super) struct Shown<'a> {
    pub(super) asked: &'a Asked,
    /// All over time; the second value is the share satisfied.
    pub(super) answer: &'a Answer,
    pub(super) journey: &'a Journey,
    /// Feedback with words by theme; the first value is the share satisfied.
    pub(super) themes: &'a Answer,
    pub(super) names: &'a commonweal_app::Labels,
    /// Whether the data begin within the period before: then it may be another mix of services.
    pub(super) partly: bool,
    /// The change that matters most, in words.
    pub(super) change: Option<Sentence>,
}

/// A theme with how satisfied those are who write about it, and the others who write.
struct Weighed<'a> {
    theme: &'a str,
    own: Share,
    others: Share,
}

impl Weighed<'_> {
    /// How many more (or fewer) of them are satisfied than of the others.
    fn difference(&self) -> f64 {
        (self.own.value - self.others.value) * self.own.base as f64
    }
}

/// The sentences, the weightiest first.
pub(super) fn sentences(shown: Shown<'_>) -> Vec<Sentence> {
    let mut all: Vec<Sentence> = Vec::new();
    all.extend(shown.satisfaction());
    all.extend(shown.weak_place());
    all.extend(shown.weak_theme());
    let unusual = shown.moved_theme();
    let praised = shown.praised_theme();
    // What is new comes before what is so anyway.
    let at = all.len().min(1);
    for news in shown.change.into_iter().chain(unusual).take(2) {
        all.insert(at, news);
    }
    if all.len() < MOST {
        all.extend(praised);
    }
    all.truncate(MOST);
    all
}

impl Shown<'_> {
    fn satisfaction(&self) -> Option<Sentence> {
        let say = console();
        let now = share(self.answer.total.values.get(1)?).filter(|s| s.base >= LEAST_BASE)?;
        let before = self.answer.total_before.as_ref().and_then(|b| share(b.values.get(1)?));
        let text = format::percent(now.value);
        let told =
            |was: &str| [("now", text.clone().into()), ("before", was.to_owned().into()), ("base", now.base.into())];
        let text = match before.map(|b| (change::of_shares(now, b), format::percent(b.value))) {
            Some((Change::Rose, was)) if was != text => say.with("overview-short-rose", &told(&was)),
            Some((Change::Fell, was)) if was != text => say.with("overview-short-fell", &told(&was)),
            Some((Change::Rose | Change::Fell, _)) => say.with("overview-short-steady", &told("")),
            Some((Change::NotClear, was)) => say.with("overview-short-unclear", &told(&was)),
            Some((Change::TooFew, _)) | None => say.with("overview-short-satisfied", &told("")),
        };
        let href = self.asked.only(&Dimension::HasWords, &["yes"]).explorer();
        Some(Sentence { text, link: say.t("overview-short-read-all"), href })
    }

    /// The touchpoint (or service, where no touchpoints are known) with the lowest satisfaction, when it
    /// is below the rest beyond chance.
    fn weak_place(&self) -> Option<Sentence> {
        let (dimension, place) = weakest(self.journey)?;
        let name = self.names.value(&dimension, &place.key);
        let say = console();
        let told = [
            ("place", name.clone().into()),
            ("share", format::percent(place.own.value).into()),
            ("base", place.own.base.into()),
            ("rest", format::percent(place.rest.value).into()),
        ];
        Some(Sentence {
            text: say.with("overview-short-weak", &told),
            link: say.with("overview-short-why", &[("what", name.into())]),
            href: unhappy(&self.asked.only(&dimension, &[&place.key])).explorer(),
        })
    }

    fn weighed(&self) -> Vec<Weighed<'_>> {
        let asked = self.asked.filter().clauses.get(&Dimension::Theme);
        let Some(all) = self.themes.total.values.first().and_then(share).filter(|_| asked.is_none()) else {
            return Vec::new();
        };
        let themes = self.themes.groups.iter().filter(|g| g.keys[0] != NONE);
        let weighed = themes.filter_map(|group| {
            let own = share(group.figures.values.first()?).filter(|s| s.base >= LEAST_BASE)?;
            Some(Weighed { theme: &group.keys[0], own, others: without(all, own)? })
        });
        weighed.collect()
    }

    /// The theme that costs most satisfaction: how many fewer are satisfied among those who write about it
    /// than if they were as satisfied as the others.
    fn weak_theme(&self) -> Option<Sentence> {
        let weighed = self.weighed();
        let low = weighed.iter().filter(|w| change::stands_below(w.own, w.others));
        let worst = low.min_by(|a, b| a.difference().total_cmp(&b.difference()))?;
        let href = unhappy(&self.asked.only(&Dimension::Theme, &[worst.theme])).explorer();
        Some(self.about_theme("overview-short-theme-weak", "overview-short-why", worst, href))
    }

    fn praised_theme(&self) -> Option<Sentence> {
        let weighed = self.weighed();
        let high = weighed.iter().filter(|w| change::stands_below(w.others, w.own));
        let best = high.max_by(|a, b| a.difference().total_cmp(&b.difference()))?;
        let href = self.asked.only(&Dimension::Theme, &[best.theme]).only(&Dimension::Rating, &["4", "5"]).explorer();
        Some(self.about_theme("overview-short-theme-strong", "overview-short-praise", best, href))
    }

    fn about_theme(&self, id: &str, link: &str, weighed: &Weighed<'_>, href: String) -> Sentence {
        let say = console();
        let name = self.names.value(&Dimension::Theme, weighed.theme);
        let told = [
            ("theme", name.clone().into()),
            ("share", format::percent(weighed.own.value).into()),
            ("base", weighed.own.base.into()),
            ("others", format::percent(weighed.others.value).into()),
        ];
        Sentence { text: say.with(id, &told), link: say.with(link, &[("what", name.into())]), href }
    }

    /// The theme whose share of the comments changed most since the period before.
    fn moved_theme(&self) -> Option<Sentence> {
        let now = self.themes.total.count.filter(|_| !self.partly)?;
        let before = self.themes.total_before.as_ref()?.count?;
        let of = |figures: &Figures, base: u64| Some(Share { value: figures.count? as f64 / base.max(1) as f64, base });
        let themes = self.themes.groups.iter().filter(|g| g.keys[0] != NONE);
        let moved = themes.filter_map(|group| {
            let (now, before) = (of(&group.figures, now)?, of(group.before.as_ref()?, before)?);
            let clear = matches!(change::beyond(now, before, OF_MANY), Change::Rose | Change::Fell);
            let said = format::percent(now.value) != format::percent(before.value);
            (clear && said).then_some((&group.keys[0], now, before))
        });
        let (theme, now, before) =
            moved.max_by(|a, b| (a.1.value - a.2.value).abs().total_cmp(&(b.1.value - b.2.value).abs()))?;
        let say = console();
        let name = self.names.value(&Dimension::Theme, theme);
        let told = [
            ("theme", name.clone().into()),
            ("now", format::percent(now.value).into()),
            ("before", format::percent(before.value).into()),
        ];
        let id = if now.value > before.value { "overview-short-theme-more" } else { "overview-short-theme-less" };
        Some(Sentence {
            text: say.with(id, &told),
            link: say.with("overview-short-read", &[("what", name.into())]),
            href: self.asked.only(&Dimension::Theme, &[theme]).explorer(),
        })
    }
}

/// A place that stands below the rest.
pub(super) struct Weakest {
    pub(super) key: String,
    pub(super) own: Share,
    pub(super) rest: Share,
}

/// The weakest touchpoint, or service where no touchpoint has enough ratings.
pub(super) fn weakest(journey: &Journey) -> Option<(Dimension, Weakest)> {
    let all = estimate(&journey.total.satisfied)?;
    let lowest = |places: Vec<(&String, &JourneyFigures)>| {
        let rated = places.into_iter().filter_map(|(key, figures)| Some((key, estimate(&figures.satisfied)?)));
        let enough = rated.filter(|(_, share)| share.base >= LEAST_BASE);
        let (key, own) = enough.min_by(|a, b| a.1.value.total_cmp(&b.1.value))?;
        let rest = without(all, own)?;
        let apart = format::percent(own.value) != format::percent(rest.value);
        (change::stands_below(own, rest) && apart).then(|| Weakest { key: key.clone(), own, rest })
    };
    let touchpoints = journey.services.iter().flat_map(|s| &s.touchpoints).map(|t| (&t.key, &t.figures));
    let services = || journey.services.iter().map(|s| (&s.key, &s.figures));
    let in_touchpoints = lowest(touchpoints.collect()).map(|w| (Dimension::Touchpoint, w));
    in_touchpoints.or_else(|| lowest(services().collect()).map(|w| (Dimension::Service, w)))
}

/// Those who rated and are not satisfied, with words.
fn unhappy(asked: &Asked) -> Asked {
    asked.only(&Dimension::Rating, &["1", "2", "3"]).only(&Dimension::HasWords, &["yes"])
}

/// The same question in the steps of a change.
pub(super) fn within(asked: &Asked, filter: &commonweal_domain::Filter) -> Asked {
    let range: TimeRange = filter.range;
    let clauses = filter.clauses.clone();
    asked.during(range, None).with(|f| f.clauses = clauses)
}

pub(super) fn share(value: &Value) -> Option<Share> {
    Some(Share { value: value.value?, base: value.base.filter(|b| *b > 0)? })
}

fn estimate(value: &Estimate) -> Option<Share> {
    Some(Share { value: value.value?, base: value.base.filter(|b| *b > 0)? })
}

/// The share of all others.
fn without(all: Share, part: Share) -> Option<Share> {
    let base = all.base.checked_sub(part.base).filter(|b| *b > 0)?;
    let satisfied = all.value * all.base as f64 - part.value * part.base as f64;
    Some(Share { value: (satisfied / base as f64).clamp(0.0, 1.0), base })
}
