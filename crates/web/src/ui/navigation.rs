//! The console's navigation: sections across the top, the pages of the current one at the side. Put together
//! from what each capability brings; whoever is signed in sees only what they may open.

use commonweal_domain::Permission;

use crate::http::capability::{Entry, Section};
use crate::http::error::WebResult;
use crate::l10n::{self, Say};
use crate::ui::format;
use crate::ui::frame::Visit;

/// Most links of somebody's own in the navigation; the rest is one click further.
const MAX_OWN: usize = 8;

/// What the layout shows of it.
#[derive(Default)]
pub(crate) struct Navigation {
    pub(crate) sections: Vec<NavSection>,
    /// Pages of the current section.
    pub(crate) groups: Vec<NavGroup>,
    /// The name of the current section; empty on pages of none.
    pub(crate) section: String,
    /// Section and page together, where there is more than one; empty on pages of no section.
    pub(crate) here: String,
}

/// A part of the console, by its first page.
pub(crate) struct NavSection {
    pub(crate) href: String,
    pub(crate) text: String,
    pub(crate) current: bool,
    /// Whether the page is the section's first itself.
    pub(crate) here: bool,
    /// How much waits behind all of its links; empty for nothing.
    pub(crate) count: String,
    /// Whether it stands apart, at the end.
    pub(crate) apart: bool,
}

/// Links of the navigation under one heading.
pub(crate) struct NavGroup {
    pub(crate) heading: String,
    pub(crate) items: Vec<NavItem>,
}

/// One link of the navigation.
pub(crate) struct NavItem {
    pub(crate) href: String,
    pub(crate) text: String,
    pub(crate) current: bool,
    /// How much waits there; empty for nothing.
    pub(crate) count: String,
}

impl Navigation {
    /// The navigation on a page.
    pub(crate) async fn of(visit: &Visit) -> WebResult<Self> {
        let say = l10n::console();
        let mut nav = Self::default();
        let now = current(visit);
        for section in Section::ALL {
            let entries: Vec<&Entry> = entries(visit).filter(|e| e.section == section).collect();
            let Some(first) = entries.first() else { continue };
            let mut waiting = 0;
            let mut items = Vec::new();
            for entry in &entries {
                let count = match entry.badge {
                    Some(badge) => visit.state.badges.of(entry.address, badge, visit.app(), &visit.actor).await?,
                    None => 0,
                };
                waiting += count;
                items.push(NavItem {
                    href: entry.address.to_owned(),
                    text: say.t(entry.words),
                    current: now.is_some_and(|(_, at)| at == Some(entry.address)),
                    count: shown(count),
                });
            }
            let current = now.is_some_and(|(at, _)| at == section);
            nav.sections.push(NavSection {
                href: first.address.to_owned(),
                text: say.t(section.words()),
                current,
                here: visit.path == first.address,
                count: shown(waiting),
                apart: section == Section::Settings,
            });
            if current {
                nav.section = say.t(section.words());
                nav.here = match items.iter().find(|i| i.current).filter(|_| items.len() > 1) {
                    Some(page) => say.with(
                        "frame-here",
                        &[("section", nav.section.as_str().into()), ("page", page.text.as_str().into())],
                    ),
                    None => nav.section.clone(),
                };
                nav.groups.push(NavGroup { heading: String::new(), items });
                nav.groups.extend(own(visit, section, say).await?);
            }
        }
        Ok(nav)
    }

    /// Whether there is more than one page to choose from.
    pub(crate) fn has_pages(&self) -> bool {
        self.groups.iter().map(|group| group.items.len()).sum::<usize>() > 1
    }
}

fn shown(count: u64) -> String {
    if count > 0 { format::count(count) } else { String::new() }
}

/// The links that this visitor may follow.
fn entries(visit: &Visit) -> impl Iterator<Item = &Entry> {
    let all = visit.state.capabilities.iter().flat_map(|capability| capability.navigation);
    let may = move |needs: Permission| visit.may(needs.somewhere());
    all.filter(move |entry| may(entry.needs) || entry.or.is_some_and(may))
}

/// The section that the page belongs to, and the address of the link in it: the longest, where one lies below another.
fn current(visit: &Visit) -> Option<(Section, Option<&'static str>)> {
    let all = visit.state.capabilities.iter().flat_map(|c| c.navigation);
    let linked = all.filter(|entry| entry.holds(&visit.path)).max_by_key(|entry| entry.address.len());
    let own = || visit.state.capabilities.iter().filter_map(|c| c.own_links.as_ref()).find(|o| o.all.0 == visit.path);
    linked.map(|entry| (entry.section, Some(entry.address))).or_else(|| own().map(|o| (o.section, None)))
}

/// The links of the visitor's own in a section.
async fn own(visit: &Visit, section: Section, say: Say) -> WebResult<Option<NavGroup>> {
    let mut links = visit.state.capabilities.iter().filter_map(|c| c.own_links.as_ref());
    let Some(own) = links.find(|own| own.section == section && visit.may(Permission::ReadFeedback)) else {
        return Ok(None);
    };
    let found = (own.find)(visit.app().clone(), visit.actor.clone()).await?;
    if found.is_empty() {
        return Ok(None);
    }
    let here = format!("{}?{}", visit.path, visit.query());
    let mut items: Vec<NavItem> = found
        .into_iter()
        .take(MAX_OWN)
        .map(|own| NavItem { current: own.href == here, text: own.text, href: own.href, count: String::new() })
        .collect();
    items.push(NavItem {
        href: own.all.0.to_owned(),
        text: say.t(own.all.1),
        current: visit.path == own.all.0,
        count: String::new(),
    });
    Ok(Some(NavGroup { heading: say.t(own.heading), items }))
}
