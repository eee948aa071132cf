//! Themes: how often each is mentioned and how that changed, which costs most satisfaction, where one is
//! mentioned most.

use commonweal_domain::filter::NONE;
use commonweal_domain::question::{Answer, AsOf, Figures, Grouping, Measure, Value};
use commonweal_domain::{Actor, Dimension, Filter};

use super::super::periods::{PeriodBefore, Periods};
use super::super::thresholds::Rules;
use super::{
    Baseline, FigureKind, Finding, FindingKind, Framed, Outcome, Share, Subject, dissatisfied, only, share,
    visibly_apart, with_words,
};
use crate::{App, Error, Question, Result};

/// Most themes.
const MAX_THEMES: usize = 500;
/// What is measured of each, behind the count.
const MEASURES: [Measure; 3] = [Measure::Comments, Measure::Satisfied, Measure::Negative];

/// How often one theme is mentioned, how that changed, and how people feel who mention it.
#[derive(Clone, Debug, PartialEq)]
pub struct ThemeFigures {
    /// Key of the theme.
    pub key: String,
    /// Feedback that mentions it; absent when suppressed.
    pub count: Option<u64>,
    /// Share of all feedback with words.
    pub share: Option<Share>,
    /// The same in the period before.
    pub before: Option<Share>,
    /// What can be said of the change, among many themes.
    pub change: Outcome,
    /// Share satisfied of those who mention it and rated.
    pub satisfied: Value,
    /// Share read as negative of those who mention it.
    pub negative: Value,
}

impl ThemeFigures {
    /// By how much its share of the comments changed.
    pub fn difference(&self) -> Option<f64> {
        Some(self.share?.value - self.before?.value)
    }
}

/// All themes under a filter.
#[derive(Clone, Debug, PartialEq)]
pub struct ThemesAnswer {
    /// The themes, the most frequent first.
    pub themes: Vec<ThemeFigures>,
    /// Feedback with words; absent when suppressed.
    pub total: Option<u64>,
    /// The same in the period before, where there is any.
    pub total_before: Option<u64>,
    /// The period before.
    pub before: Option<PeriodBefore>,
    /// How many more themes there are.
    pub others: u64,
    /// Up to when the index had followed the store.
    pub as_of: AsOf,
    /// Share satisfied of all who wrote and rated.
    satisfied: Value,
    filter: Filter,
    rules: Rules,
}

impl App {
    /// When figures under a filter are said to differ.
    pub fn rules(&self, filter: &Filter) -> Rules {
        Rules::under(filter, self.settings().minimum_group)
    }

    /// How often each theme is mentioned under a filter, and how that changed since the period before.
    pub async fn themes(&self, actor: &Actor, filter: &Filter, periods: &Periods) -> Result<ThemesAnswer> {
        let before = periods.before(filter.range);
        let question = Question {
            filter: with_words(filter),
            group_by: vec![Grouping::Dimension(Dimension::Theme)],
            measures: MEASURES.to_vec(),
            compare: before.map(|_| PeriodBefore::COMPARE),
            limit: MAX_THEMES,
        };
        let answer = match self.answer(actor, &question).await {
            // Of those who wrote, the filter may name too few, whatever it names of all.
            Err(Error::Invalid(errors)) if self.is_protected_under(actor, filter) => {
                self.answer(actor, &Question { filter: filter.clone(), ..Question::default() })
                    .await
                    .map_err(|_| errors)?;
                self.nothing_told()
            }
            other => other?,
        };
        Ok(ThemesAnswer::of(answer, filter, before, self.rules(filter)))
    }
}

/// A theme with how satisfied those are who write about it, and the others who write.
struct Weighed<'a> {
    theme: &'a ThemeFigures,
    own: Share,
    others: Share,
}

impl ThemesAnswer {
    fn of(answer: Answer, filter: &Filter, before: Option<PeriodBefore>, rules: Rules) -> Self {
        let total = answer.total.count;
        let total_before = answer.total_before.as_ref().and_then(|b| b.count).filter(|n| *n > 0);
        let part = |figures: &Figures, of: Option<u64>| {
            let (count, base) = (figures.count?, of.filter(|n| *n > 0)?);
            Some(Share { value: (count as f64 / base as f64).min(1.0), base })
        };
        let theme = |group: commonweal_domain::question::Group| {
            let now = part(&group.figures, total);
            let then = group.before.as_ref().and_then(|b| part(b, total_before));
            let value = |place: usize| group.figures.values.get(place).copied().unwrap_or_default();
            ThemeFigures {
                count: group.figures.count,
                share: now,
                before: then,
                change: now.zip(then).map_or(Outcome::TooFew, |(now, then)| rules.of_many().shares(now, then)),
                satisfied: value(1),
                negative: value(2),
                key: group.keys.into_iter().next().unwrap_or_default(),
            }
        };
        let satisfied = answer.total.values.get(1).copied().unwrap_or_default();
        Self {
            total,
            total_before,
            before,
            others: answer.others,
            as_of: answer.as_of,
            satisfied,
            themes: answer.groups.into_iter().map(theme).filter(|theme| theme.key != NONE).collect(),
            filter: filter.clone(),
            rules,
        }
    }

    /// The theme that is mentioned most.
    pub fn most_mentioned(&self) -> Option<&ThemeFigures> {
        self.themes.iter().max_by_key(|theme| theme.count.unwrap_or(0))
    }

    /// The theme whose share of the comments changed most; of two alike the one that rose. Nothing where
    /// the data begin within the period before.
    pub fn most_changed(&self) -> Option<Finding> {
        let before = self.before.filter(|before| !before.partly)?;
        let clear = |theme: &&ThemeFigures| {
            let apart = theme.share.zip(theme.before).is_some_and(|(now, was)| visibly_apart(now.value, was.value));
            theme.change.is_clear() && apart && only(&self.filter, &Dimension::Theme, &theme.key).is_some()
        };
        let by = |theme: &ThemeFigures| {
            let difference = theme.difference().unwrap_or(0.0);
            difference.abs() + if difference > 0.0 { 1e-9 } else { 0.0 }
        };
        let theme = self.themes.iter().filter(clear).max_by(|a, b| by(a).total_cmp(&by(b)))?;
        let of = with_words(&self.filter);
        let framed = Framed {
            range: Some(before.range),
            since: self.filter.range.from,
            filter: only(&self.filter, &Dimension::Theme, &theme.key)?,
            ..self.framed(theme, of)
        };
        let against = (theme.before?, Baseline::PeriodBefore);
        Some(Finding::of_shares(FindingKind::ThemeChange, FigureKind::Mentioned, theme.share?, Some(against), framed))
    }

    /// The theme that costs most satisfaction: how many fewer are satisfied among those who write about it
    /// than if they were as satisfied as the others.
    pub fn costliest(&self) -> Option<Finding> {
        let weighed = self.weighed();
        let low = weighed.iter().filter(|w| self.rules.of_many().shares(w.own, w.others) == Outcome::Lower);
        let worst = low.min_by(|a, b| super::excess(a.own, a.others).total_cmp(&super::excess(b.own, b.others)))?;
        self.weighs(FindingKind::CostliestTheme, worst, dissatisfied)
    }

    /// What people praise most: the opposite.
    pub fn praised(&self) -> Option<Finding> {
        let weighed = self.weighed();
        let high = weighed.iter().filter(|w| self.rules.of_many().shares(w.own, w.others) == Outcome::Higher);
        let best = high.max_by(|a, b| super::excess(a.own, a.others).total_cmp(&super::excess(b.own, b.others)))?;
        self.weighs(FindingKind::PraisedTheme, best, |filter| Measure::Satisfied.filter(filter))
    }

    /// The themes that enough people write about who rated; none where the filter asks for themes.
    fn weighed(&self) -> Vec<Weighed<'_>> {
        let asked = self.filter.clauses.contains_key(&Dimension::Theme);
        let Some(all) = share(self.satisfied).filter(|_| !asked) else { return Vec::new() };
        let weighed = self.themes.iter().filter_map(|theme| {
            let own = share(theme.satisfied).filter(|own| own.base >= self.rules.min_base())?;
            Some(Weighed { theme, own, others: all.without(own)? })
        });
        weighed.collect()
    }

    fn weighs(&self, kind: FindingKind, weighed: &Weighed<'_>, read: impl Fn(&Filter) -> Filter) -> Option<Finding> {
        let of = only(&self.filter, &Dimension::Theme, &weighed.theme.key)?;
        let framed = Framed { filter: read(&of), ..self.framed(weighed.theme, of) };
        let against = Some((weighed.others, Baseline::Others));
        Some(Finding::of_shares(kind, FigureKind::Satisfied, weighed.own, against, framed))
    }

    fn framed(&self, theme: &ThemeFigures, of: Filter) -> Framed {
        Framed {
            rule: self.rules.of_many(),
            about: vec![Subject { dimension: Dimension::Theme, value: theme.key.clone() }],
            range: None,
            since: None,
            filter: of.clone(),
            of,
            as_of: self.as_of,
        }
    }
}

/// Those who mention one theme against everyone else, where their satisfaction differs beyond chance.
/// `filter` and `all` do not know the theme, `here` is the figure of those who mention it.
pub fn theme_satisfaction(
    theme: &str,
    here: Value,
    all: Value,
    filter: &Filter,
    rules: Rules,
    as_of: AsOf,
) -> Option<Finding> {
    let own = share(here)?;
    let rest = share(all)?.without(own)?;
    let of = only(filter, &Dimension::Theme, theme)?;
    let framed = Framed {
        rule: rules.single(),
        about: vec![Subject { dimension: Dimension::Theme, value: theme.to_owned() }],
        range: None,
        since: None,
        filter: with_words(&of),
        of,
        as_of,
    };
    let against = Some((rest, Baseline::Others));
    let found = Finding::of_shares(FindingKind::ThemeSatisfaction, FigureKind::Satisfied, own, against, framed);
    found.outcome.is_clear().then_some(found)
}

/// Where a theme is mentioned, along one dimension.
#[derive(Clone, Debug, PartialEq)]
pub struct ThemePlaces {
    /// Places with enough comments: key, how many mention it, share of the comments there. The highest
    /// share first.
    pub places: Vec<(String, u64, Share)>,
    /// The first of them, where it stands out from the rest.
    pub finding: Option<Finding>,
}

/// In which places the share of comments that mention a theme is highest; nothing where there is no choice
/// of places. `here` counts those that mention it, `there` all with its first measure the comments.
pub fn theme_places(
    theme: &str,
    dimension: &Dimension,
    here: &Answer,
    there: &Answer,
    filter: &Filter,
    rules: Rules,
) -> Option<ThemePlaces> {
    let comments = |figures: &Figures| figures.values.first().and_then(|v| v.value).map(|v| v.round().max(0.0) as u64);
    let of = |group: &commonweal_domain::question::Group| {
        let found = here.groups.iter().find(|h| h.keys == group.keys);
        // Where figures are protected, what is not there may be small as well as nothing.
        let count = found.map_or(here.protection.is_none().then_some(0), |h| h.figures.count)?;
        let base = comments(&group.figures).filter(|base| *base >= rules.min_base())?;
        Some((group.keys.first()?.clone(), count, Share { value: (count as f64 / base as f64).min(1.0), base }))
    };
    let named = there.groups.iter().filter(|g| g.keys.first().is_some_and(|key| key != NONE));
    let mut places: Vec<_> = named.filter_map(of).collect();
    if places.len() < 2 {
        return None;
    }
    places.sort_by(|a, b| b.2.value.total_cmp(&a.2.value).then_with(|| a.0.cmp(&b.0)));
    let (key, count, own) = &places[0];
    let rest_base = comments(&there.total).unwrap_or(0).saturating_sub(own.base);
    let rest = here.total.count.unwrap_or(0).saturating_sub(*count);
    let rest = Share { value: (rest as f64 / rest_base.max(1) as f64).min(1.0), base: rest_base };
    let finding = only(&with_words(filter), dimension, key).and_then(|of| {
        let subject =
            |dimension: &Dimension, value: &str| Subject { dimension: dimension.clone(), value: value.to_owned() };
        let framed = Framed {
            rule: rules.of_many(),
            about: vec![subject(&Dimension::Theme, theme), subject(dimension, key)],
            range: None,
            since: None,
            filter: only(&only(filter, dimension, key)?, &Dimension::Theme, theme)?,
            of,
            as_of: there.as_of,
        };
        let against = Some((rest, Baseline::Others));
        let found = Finding::of_shares(FindingKind::ThemePlace, FigureKind::Mentioned, *own, against, framed);
        (found.outcome == Outcome::Higher).then_some(found)
    });
    Some(ThemePlaces { places, finding })
}
