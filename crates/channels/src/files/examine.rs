//! A first look at a file: what it is, what its columns mean, what rows would become, and what
//! somebody should know before going on.

use std::path::Path;

use commonweal_domain::import::{ColumnPreview, DateOrder, Mapping, Preview, RatingColumn, RowPreview, Target};
use commonweal_ports::{FileContext, FileError};

use super::Limits;
use super::channel_words::{channel_of, help_desk_channel_of, is_help_desk};
use super::content::Profile;
use super::dates::{HeadingZone, zone_in_heading};
use super::guess::Left;
use super::no_answers::NoAnswers;
use super::plan::{Plan, usual_order};
use super::recognise::{self, Column, column_called};
use super::record::{Record, counted, listed, unreadable};
use super::table::{self, Table};
use super::values::{marker_meaning, plain_words};
use super::{contradiction, names, own_export, per_answer};

/// Rows whose values decide what a column is, and the most text among them.
const LOOKED_AT_ROWS: usize = 20_000;
const LOOKED_AT_BYTES: usize = 32 * 1024 * 1024;

/// Rows that are tried out, and of which the first are shown.
const TRIED: usize = 1_000;
const TRIED_BYTES: usize = 8 * 1024 * 1024;
const SHOWN: usize = 10;

/// What was found out about a file.
pub(crate) struct Examined {
    headings: Vec<String>,
    format: String,
    sheets: Vec<String>,
    profiles: Vec<Profile>,
    columns: Vec<Column>,
    first: Vec<Record>,
    notes: Vec<String>,
    loose: bool,
    /// What was said, and everything that was found.
    pub(crate) mapping: Mapping,
}

/// Looks at a file.
pub(crate) fn examine(
    path: &Path,
    file: &str,
    said: &Mapping,
    context: FileContext,
    limits: &Limits,
) -> Result<Examined, FileError> {
    let mut table = table::open(path, file, said, context.zone, limits)?;
    let mut profiles = vec![Profile::default(); table.headings.len()];
    let (mut first, mut record) = (Vec::new(), Record::default());
    let (mut rows, mut bytes, mut short) = (0, 0, 0);
    let no_answers = NoAnswers::new(&table.headings);
    while rows < LOOKED_AT_ROWS && bytes < LOOKED_AT_BYTES && table.next(&mut record)? {
        rows += 1;
        bytes += record.bytes();
        short += usize::from(record.len() < table.headings.len());
        // A total below the column would make the column one of totals.
        if no_answers.why(&record).is_none() {
            for (column, profile) in profiles.iter_mut().enumerate() {
                profile.add(record.get(column));
            }
        }
        if first.len() < TRIED && bytes < TRIED_BYTES {
            first.push(record.clone());
        }
    }
    if rows == 0 {
        return Err(unreadable(format!(
            "“{file}” has headings ({}) but no rows below them.",
            listed(table.headings.iter().map(String::as_str), 30)
        )));
    }
    let settled = recognise::settle(file, &table.headings, &profiles, said)?;
    let mut mapping = said.clone();
    table.fill(&mut mapping);
    let Table { headings, format, sheets, mut notes, loose, .. } = table;
    notes.extend(settled.notes);
    // Workbooks do not write empty cells at the end of a row; text tables do.
    if short > 0 && short < rows && !loose {
        notes.push(format!(
            "{} of the {} rows looked at have fewer cells than there are headings; what is missing counts as empty. If a comment \
             goes on in the row below it, its line break has no quotes around it: export the file again with quotes.",
            counted(short),
            counted(rows)
        ));
    }
    let columns = settled.columns;
    let mut examined = Examined { headings, format, sheets, profiles, columns, first, notes, loose, mapping };
    examined.fill_mapping();
    examined.settle_questions();
    if examined.says_something() {
        examined.settle_dates(context);
        examined.settle_ratings();
        examined.other_notes();
    } else {
        let nothing = examined.nothing_said(file);
        examined.notes.insert(0, nothing);
        examined.marker_note();
    }
    Ok(examined)
}

impl Examined {
    fn column(&self, target: &Target) -> Option<usize> {
        self.columns.iter().position(|c| c.target == *target)
    }

    /// Whether any column holds words or a rating.
    pub(crate) fn says_something(&self) -> bool {
        self.columns.iter().any(|c| matches!(c.target, Target::Comment | Target::Rating(_)))
    }

    /// The sentence for a table that holds no feedback.
    pub(crate) fn nothing_said(&self, file: &str) -> String {
        let counts: Vec<&str> = self
            .columns
            .iter()
            .zip(&self.headings)
            .filter(|(c, _)| c.left == Some(Left::Counts))
            .map(|(_, h)| h.as_str())
            .collect();
        let about = if counts.is_empty() {
            String::new()
        } else {
            format!(
                " It looks like a table of counts or other figures ({}), not of what single people said.",
                listed(counts, 3)
            )
        };
        format!(
            "Nothing in “{file}” looks like feedback: no column holds words of people or ratings.{about} Its headings are {}. \
             If one of them does, say which is the comment or the rating.",
            listed(self.headings.iter().map(String::as_str), 25)
        )
    }

    fn fill_mapping(&mut self) {
        let headings = &self.headings;
        self.mapping.columns.retain(|name, _| column_called(headings, name).is_none());
        for (heading, column) in self.headings.iter().zip(&self.columns) {
            self.mapping.columns.insert(heading.clone(), column.target.clone());
        }
    }

    /// In a file with one row for each answer, the scales of its questions.
    fn settle_questions(&mut self) {
        let (Some(question), Some(answer)) = (self.column(&Target::Question), self.column(&Target::Comment)) else {
            return;
        };
        if own_export::is_own(&self.headings) {
            return;
        }
        let found = per_answer::scales(&self.first, question, answer);
        if !found.is_empty() {
            self.notes.push(format!(
                "Some questions in “{}” are answered on a scale. Their answers in “{}” are taken as ratings: {}.",
                self.headings[question],
                self.headings[answer],
                listed(found.keys().map(String::as_str), 4)
            ));
        }
        for (asked, scale) in found {
            self.mapping.ratings.entry(asked).or_insert(scale);
        }
        self.notes.extend(per_answer::note(&self.first, &self.headings, question));
    }

    /// The order of day and month, decided by the whole column.
    fn settle_dates(&mut self, context: FileContext) {
        let Some(column) = self.column(&Target::At) else {
            if !self.mapping.defaults.contains_key("at") {
                self.notes.push(
                    "No column holds the date of the feedback, so each gets the time at which it is taken in. Say a date for \
                     all rows if you know it."
                        .to_owned(),
                );
                let unread = (0..self.headings.len()).find(|&c| {
                    self.profiles[c].mostly_stamps()
                        || self.profiles[c].filled > 0
                            && matches!(names::read(&self.headings[c]).hint, Some((names::Hint::At, sure)) if sure >= 80)
                });
                if let Some(column) = unread {
                    self.notes.push(format!(
                        "“{}” looks like that date, but its values, such as “{}”, are written in a way that is not read here. \
                         Put them as 2024-12-31 and import the file then, if the dates matter.",
                        self.headings[column],
                        self.profiles[column].samples.first().map_or("", String::as_str)
                    ));
                }
            }
            return;
        };
        let heading = &self.headings[column];
        let profile = &self.profiles[column];
        let dates = &profile.dates;
        let example = |e: &Option<String>| e.clone().unwrap_or_default();
        let (day, month) = (dates.day_first, dates.month_first);
        let order_words = |order: DateOrder| if order == DateOrder::MonthFirst { "month first" } else { "day first" };
        match self.mapping.dates {
            Some(order) => {
                let (against, shown) = match order {
                    DateOrder::MonthFirst => (day, &dates.day_first_example),
                    _ => (month, &dates.month_first_example),
                };
                if against > 0 && !self.mapping.mixed_dates {
                    self.notes.push(format!(
                        "{} of the values looked at in “{heading}”, such as “{}”, are no dates when read {}. Those rows are \
                         sent back.",
                        counted(against),
                        example(shown),
                        order_words(order)
                    ));
                }
            }
            None if day > 0 || month > 0 => {
                let order = if month > day { DateOrder::MonthFirst } else { DateOrder::DayFirst };
                self.mapping.dates = Some(order);
                let (fewer, shown) =
                    if month > day { (day, &dates.day_first_example) } else { (month, &dates.month_first_example) };
                // A single one among thousands is a slip of the pen, not another way of writing.
                if fewer >= 2 && fewer * 500 >= day + month {
                    self.mapping.mixed_dates = true;
                    self.notes.push(format!(
                        "“{heading}” mixes two ways of writing dates: most are {}, but {} of those looked at, such as “{}”, only \
                         make sense the other way round and are read so. A date that fits both ways is read {}; some of those \
                         may be wrong by months.",
                        order_words(order),
                        counted(fewer),
                        example(shown),
                        order_words(order)
                    ));
                }
            }
            None if dates.both > 0 => {
                let order = usual_order(context.zone);
                self.notes.push(format!(
                    "Dates such as “{}” in “{heading}” can be read day first or month first, and no date in the rows looked at \
                     tells which. They are read {}, as is usual in the time zone {}; say the order if that is wrong.",
                    example(&dates.both_example),
                    order_words(order),
                    context.zone.name()
                ));
            }
            None if dates.year_first > 0 => self.mapping.dates = Some(DateOrder::YearFirst),
            None => {}
        }
        if let Some(zone) = zone_in_heading(heading) {
            let words = match zone {
                HeadingZone::Place(zone) => zone.name().to_owned(),
                HeadingZone::Offset(0) => "UTC".to_owned(),
                HeadingZone::Offset(seconds) => format!("UTC{:+}:{:02}", seconds / 3600, seconds / 60 % 60),
            };
            self.notes.push(format!("Times in “{heading}” are taken as those of {words}, as the heading says."));
        }
        if dates.placeholders > 0 {
            self.notes.push(format!(
                "“{heading}” holds {} {} times, which programs write where no date was kept. Those rows get the time at which \
                 they are taken in; say a date for all rows if you know it.",
                example(&dates.placeholder_example),
                counted(dates.placeholders)
            ));
        }
        let bad = profile.filled - (dates.good + dates.numeric + dates.placeholders).min(profile.filled);
        if bad > 0 {
            self.notes.push(format!(
                "{} of {} values looked at in “{heading}” are not dates, for example “{}”. Those rows are sent back.",
                counted(bad),
                counted(profile.filled),
                example(&dates.bad_example)
            ));
        }
    }

    fn settle_ratings(&mut self) {
        let mut alike: Vec<(String, Vec<String>)> = Vec::new();
        for (column, settled) in self.columns.iter_mut().enumerate() {
            if !matches!(settled.target, Target::Rating(_)) {
                continue;
            }
            let heading = &self.headings[column];
            let kept = self.mapping.ratings.get(heading).cloned();
            let mut found = settled.scale.as_ref().map(|s| s.column.clone());
            if let (Some(found), Some(_)) = (&mut found, self.mapping.scale) {
                // A code is used again and again; a single number off the scale that was said is a slip.
                let answers = self.profiles[column].answers();
                found.no_answer.retain(|code| {
                    let times = answers.iter().find(|(v, _)| v == code).map_or(0, |(_, n)| *n);
                    let number = code.parse::<f64>().is_ok();
                    if number && times > 1 {
                        self.notes.push(format!(
                            "“{heading}” has {code} {} times, which lies off the scale you said. It is taken as “no answer”.",
                            counted(times)
                        ));
                    }
                    !number || times > 1
                });
            }
            let merged = match (kept, found) {
                (Some(mut kept), Some(found)) => {
                    // A scale that somebody turned round keeps the numbers of its words.
                    let same =
                        [(found.worst, found.best), (found.best, found.worst)].contains(&(kept.worst, kept.best));
                    for (word, value) in found.words.into_iter().filter(|_| same) {
                        kept.words.entry(word).or_insert(value);
                    }
                    kept.no_answer.extend(found.no_answer);
                    Some(kept)
                }
                (kept, found) => kept.or(found),
            };
            let ends = self.mapping.scale.or(merged.as_ref().map(|m: &RatingColumn| (m.worst, m.best)));
            if let Some(merged) = merged {
                self.mapping.ratings.insert(heading.clone(), merged);
            }
            let Some((worst, best)) = ends else { continue };
            let scale = format!("a scale from {worst} (worst) to {best} (best)");
            settled.reason = format!("{}; {scale}", settled.reason);
            let why = match (&settled.scale, self.mapping.scale) {
                (_, Some(_)) => "as you said".to_owned(),
                (Some(found), None) if (found.column.worst, found.column.best) == (worst, best) => found.why.clone(),
                _ => "as it was before".to_owned(),
            };
            let words = format!("read on {scale}, {why}");
            match alike.iter_mut().find(|(w, _)| *w == words) {
                Some((_, headings)) => headings.push(heading.clone()),
                None => alike.push((words, vec![heading.clone()])),
            }
            if self.mapping.scale.is_none() {
                let notes = settled.scale.iter().flat_map(|s| &s.notes);
                self.notes.extend(notes.map(|n| format!("“{heading}” {n}")));
            }
        }
        // Forty columns of one questionnaire do not need forty times the same remark.
        fold_alike(&mut self.notes);
        for (words, headings) in alike {
            let (verb, names) =
                (if headings.len() == 1 { "is" } else { "are" }, listed(headings.iter().map(String::as_str), 4));
            self.notes.push(format!("{names} {verb} {words}."));
        }
    }

    fn other_notes(&mut self) {
        if let Some(column) = self.column(&Target::Channel) {
            let plain: Vec<String> = self.headings.iter().map(|h| plain_words(h)).collect();
            let answers = self.profiles[column].answers();
            let mail = answers.iter().find(|(v, _)| channel_of(v) != help_desk_channel_of(v));
            if let Some((mail, _)) = mail.filter(|_| is_help_desk(plain.iter().map(String::as_str))) {
                self.notes
                    .push(format!("“{mail}” in “{}” is taken as email, as help desks mean it.", self.headings[column]));
            }
            let unknown: Vec<String> = answers.into_iter().map(|a| a.0).filter(|v| channel_of(v).is_none()).collect();
            if !unknown.is_empty() {
                self.notes.push(format!(
                    "“{}” names channels that are not known and are taken as “other”: {}.",
                    self.headings[column],
                    listed(unknown.iter().map(String::as_str), 5)
                ));
            }
        }
        self.marker_note();
        let left = |kind: Left| -> Vec<&str> {
            let columns = self.columns.iter().zip(&self.headings);
            columns.filter(|(c, _)| c.left == Some(kind) && !c.said).map(|(_, h)| h.as_str()).collect()
        };
        let ticks = left(Left::Ticks);
        let private = left(Left::Private);
        let mut notes = Vec::new();
        if ticks.len() > 2 {
            notes.push(format!(
                "{} columns only tick something ({}), as labels of somebody who read the comments do. They are left out.",
                ticks.len(),
                listed(ticks, 3)
            ));
        } else if !ticks.is_empty() {
            notes.push(format!(
                "Left out because only something is ticked there: {}. If people answered so, take it with attr.NAME.",
                listed(ticks, 3)
            ));
        }
        if !private.is_empty() {
            notes.push(format!(
                "Left out because they may say who somebody is or where exactly: {}.",
                listed(private, 12)
            ));
        }
        self.notes.extend(notes);
    }

    /// Says which cells were taken for "no value", when they are words or marks.
    fn marker_note(&mut self) {
        let mut markers: Vec<(String, usize)> = Vec::new();
        for profile in &self.profiles {
            for (marker, times) in &profile.markers {
                match markers.iter_mut().find(|(m, _)| m.eq_ignore_ascii_case(marker)) {
                    Some((_, n)) => *n += times,
                    None => markers.push((marker.clone(), *times)),
                }
            }
        }
        if markers.is_empty() {
            return;
        }
        markers.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        let shown: Vec<String> = markers
            .iter()
            .take(8)
            .map(|(marker, n)| match marker_meaning(marker) {
                Some(meaning) => format!("“{marker}” ({meaning}; {} times)", counted(*n)),
                None => format!("“{marker}” ({} times)", counted(*n)),
            })
            .collect();
        self.notes.push(format!("Taken as “no value”: {}.", shown.join(", ")));
    }

    /// Says when most comments speak against the main rating, unless somebody has said the scale.
    fn contradicted(&mut self, rated: &[(f64, String)]) {
        let main = self
            .column(&Target::Rating("overall".to_owned()))
            .or_else(|| self.columns.iter().position(|c| matches!(c.target, Target::Rating(_))));
        let Some(column) = main.filter(|_| self.mapping.scale.is_none()) else { return };
        let heading = &self.headings[column];
        let Some(scale) = self.mapping.ratings.get(heading) else { return };
        let counts = contradiction::against(rated.iter().map(|(score, text)| (*score, text.as_str())));
        self.notes.extend(contradiction::note(heading, counts, scale.worst, scale.best));
    }

    /// The preview: what was found, and what the first rows would become.
    pub(crate) fn preview(mut self, file: &str, context: FileContext) -> Result<Preview, FileError> {
        let plan = Plan::new(file, &self.headings, self.loose, &self.mapping, context)?;
        let mut rows = Vec::new();
        let mut sent_back: Vec<(Option<String>, String, usize)> = Vec::new();
        let mut rated: Vec<(f64, String)> = Vec::new();
        for record in &self.first {
            let row = plan.row(record);
            if let Ok(new) = &row.outcome
                && let (Some(rating), false) = (new.ratings.first(), new.comments.is_empty())
            {
                rated
                    .push((rating.score(), new.comments.iter().map(|c| c.text.as_str()).collect::<Vec<_>>().join(" ")));
            }
            if let Err(problem) = &row.outcome {
                match sent_back.iter_mut().find(|(column, ..)| *column == problem.column) {
                    Some((.., times)) => *times += 1,
                    None => sent_back.push((problem.column.clone(), problem.message.clone(), 1)),
                }
            }
            if rows.len() < SHOWN {
                rows.push(RowPreview { row: row.row, outcome: row.outcome });
            }
        }
        self.contradicted(&rated);
        if plan.says_something() && !sent_back.is_empty() {
            let all: usize = sent_back.iter().map(|(.., n)| n).sum();
            sent_back.sort_by_key(|(.., n)| usize::MAX - n);
            let (column, message, _) = &sent_back[0];
            let place = column.as_ref().map(|c| format!("in “{c}”: ")).unwrap_or_default();
            self.notes.push(format!(
                "Of the first {} rows {} would be sent back, most often {place}{message}",
                counted(self.first.len()),
                counted(all)
            ));
        }
        let columns = self.headings.iter().zip(&self.columns).zip(&self.profiles);
        Ok(Preview {
            format: format!("{}, {} columns", self.format, self.headings.len()),
            sheets: self.sheets,
            columns: columns
                .map(|((heading, column), profile)| ColumnPreview {
                    heading: heading.clone(),
                    target: column.target.clone(),
                    reason: column.reason.clone(),
                    samples: profile.samples.clone(),
                })
                .collect(),
            mapping: self.mapping,
            rows,
            warnings: self.notes,
        })
    }
}

/// Puts remarks that only differ in the heading they begin with together.
fn fold_alike(notes: &mut Vec<String>) {
    let rest_of = |note: &str| note.strip_prefix('“').and_then(|n| n.split_once("” ")).map(|(_, rest)| rest.to_owned());
    let kind_of = |rest: &str| rest.split(['(', ':']).next().unwrap_or("").to_owned();
    let mut out: Vec<String> = Vec::new();
    let mut more: Vec<(usize, String, usize)> = Vec::new();
    for note in notes.drain(..) {
        let kind = rest_of(&note).map(|r| kind_of(&r)).filter(|k| k.starts_with("has answers that lie off"));
        match kind {
            Some(kind) => match more.iter_mut().find(|(_, k, _)| *k == kind) {
                Some((_, _, n)) => *n += 1,
                None => {
                    more.push((out.len(), kind, 0));
                    out.push(note);
                }
            },
            None => out.push(note),
        }
    }
    for (at, _, n) in more.into_iter().filter(|(.., n)| *n > 0) {
        out[at].push_str(&format!(" So {} {} other columns.", if n == 1 { "does" } else { "do" }, counted(n)));
    }
    *notes = out;
}
