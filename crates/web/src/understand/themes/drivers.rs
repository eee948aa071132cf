//! What drives satisfaction: how much of the main rating other ratings, or the themes people speak of,
//! explain. Many answers are read, so only when asked for.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use commonweal_app::understand::drivers::{DriverFigures, MAX_READ};
use commonweal_app::{DriversAnswer, Error};
use commonweal_domain::Dimension;
use commonweal_domain::filter::NONE;
use commonweal_ports::BarChart;

use crate::http::error::WebResult;
use crate::l10n::Say;
use crate::ui::empty::{Empty, no_data};
use crate::ui::form::Errors;
use crate::ui::format;
use crate::ui::frame::{Frame, Visit};
use crate::ui::page::Page;
use crate::ui::params::Params;
use crate::ui::scope::{self, Scope, ScopeView};
use crate::understand::impact::add;

/// Widths of the drawings, in CSS pixels.
const WIDE: u32 = 640;
const NARROW: u32 = 250;

#[derive(Template)]
#[template(path = "understand/drivers.html")]
struct DriversPage {
    frame: Frame,
    say: Say,
    what: String,
    scope: ScopeView,
    errors: Errors,
    empty: Option<Empty>,
    /// How much would be read, and where to say so.
    ask: Option<(String, String)>,
    found: Option<DriversView>,
    as_of: String,
}

struct DriversView {
    title: String,
    lead: String,
    wide: String,
    narrow: String,
    themes: bool,
    rows: Vec<DriverRow>,
    notes: Vec<String>,
}

struct DriverRow {
    name: String,
    here: String,
    share: String,
    interval: String,
    goes_with: String,
    mean: String,
    base: String,
    href: String,
}

/// The page.
pub(crate) async fn show(visit: Visit) -> WebResult<Response> {
    if let Some(tidy) = scope::tidy_address(&visit, "/understand/drivers", false) {
        return Ok(Redirect::to(&tidy).into_response());
    }
    let mut params = Params::parse(visit.query());
    let asked = scope::filter(&visit, &mut params);
    let read = params.one("read").is_some();
    scope::accept(params, ", read")?;
    let scope = Scope::of(&visit, asked, "/understand/drivers", &[], false).await?;
    let say = scope.view.say;
    let rated = scope.asked.with(|filter| add(filter, Dimension::Rating, NONE, false));
    let question = commonweal_app::Question { filter: rated.filter().clone(), ..Default::default() };
    let count = visit.app().answer(&visit.actor, &question).await?.total.count.unwrap_or(0);
    let mut page = DriversPage {
        frame: visit.frame(say.t("drivers-title")).await?,
        say,
        what: scope.counted("drivers-what", &visit, count),
        scope: scope.view.clone(),
        errors: Errors::default(),
        empty: None,
        ask: None,
        found: None,
        as_of: visit.as_of(visit.app().as_of()),
    };
    if scope.periods.is_none() {
        page.empty = Some(if scope.asked.is_everything() { no_data(&visit) } else { scope.no_match() });
        return Ok(Page(page).into_response());
    }
    if !read {
        let own = [("read".to_owned(), "yes".to_owned())];
        let most = say.count("drivers-ask", count.min(MAX_READ as u64));
        page.ask = Some((most, scope::address(&scope.asked, "/understand/drivers", &own)));
        return Ok(Page(page).into_response());
    }
    match visit.app().drivers(&visit.actor, scope.asked.filter()).await {
        Ok(found) => {
            page.as_of = visit.as_of(found.as_of);
            page.found = Some(view(&visit, say, &scope, &found));
            Ok(Page(page).into_response())
        }
        Err(Error::Invalid(errors)) => {
            page.errors = Errors::of_no_field(errors);
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

fn view(visit: &Visit, say: Say, scope: &Scope, found: &DriversAnswer) -> DriversView {
    let themes = found.kind == "themes";
    let name = |d: &DriverFigures| match themes {
        true => scope.label(&Dimension::Theme, &d.name),
        false => format::capital(&d.name.replace('_', " ")),
    };
    let title = match found.drivers.first() {
        None => say.t("drivers-none"),
        Some(first) => {
            let told = [("driver", name(first).into()), ("share", format::percent(first.share).into())];
            say.with("drivers-finding", &told)
        }
    };
    let chart = |size: &str, width: u32| {
        let bar = |d: &DriverFigures| (name(d), Some(d.share), format::percent(d.share));
        visit.app().charts().bars(&BarChart {
            id: format!("drivers-{size}"),
            title: say.t("drivers-chart"),
            description: title.clone(),
            bars: found.drivers.iter().map(bar).collect(),
            width,
        })
    };
    let mut notes = vec![say.t("drivers-note-share"), say.t("drivers-note-cause")];
    if found.dropped > 0 {
        notes.push(say.count("drivers-note-dropped", found.dropped));
    }
    if found.capped {
        notes.push(say.t("words-note-capped"));
    }
    let row = |d: &DriverFigures| {
        let of = scope.asked.with(|filter| {
            add(filter, Dimension::Rating, NONE, false);
            if themes {
                add(filter, Dimension::Theme, &d.name, true);
            }
        });
        DriverRow {
            name: name(d),
            here: if themes { scope.asked.at(&format!("/understand/themes/{}", d.name)) } else { String::new() },
            share: format::percent(d.share),
            interval: match (d.share_low, d.share_high) {
                (Some(low), Some(high)) => say.with(
                    "hit-interval",
                    &[("low", format::percent(low).into()), ("high", format::percent(high).into())],
                ),
                _ => String::new(),
            },
            goes_with: say.t(if d.correlation < 0.0 { "drivers-worse" } else { "drivers-better" }),
            mean: format::mean(d.mean_rating),
            base: format::count(d.base),
            href: of.explorer(),
        }
    };
    DriversView {
        lead: say.with(
            if themes { "drivers-lead-themes" } else { "drivers-lead-ratings" },
            &[("part", format::percent(found.r_squared).into()), ("cases", found.cases.into())],
        ),
        wide: chart("wide", WIDE),
        narrow: chart("narrow", NARROW),
        themes,
        rows: found.drivers.iter().map(row).collect(),
        notes,
        title,
    }
}
