//! From rows of cells to feedback, by a complete mapping.

use std::collections::HashMap;

use commonweal_domain::feedback::limits;
use commonweal_domain::import::{DateOrder, KnownBy, Mapping, RowProblem, Target};
use commonweal_domain::person::{BY_EMAIL, BY_PHONE, MAX_HANDLE, MAX_SOURCE};
use commonweal_domain::personal::{self, page_address};
use commonweal_domain::{Channel, Instant, KnownAs, NewComment, NewFeedback, Rating};
use commonweal_ports::{FileContext, FileError, Row};
use sha2::{Digest, Sha256};

use super::channel_words::{channel_of, help_desk_channel_of, is_help_desk};
use super::dates::{HeadingZone, NotADate, Written, is_placeholder, written, zone_in_heading};
use super::no_answers::NoAnswers;
use super::rating_plan::{RatingPlan, questions};
use super::recognise::said;
use super::record::{BAD, Record, counted, shortened, unreadable};
use super::shapes::is_person;
use super::values::{device_of, language_of, no_comment, no_value, plain_words, trimmed};
use super::{markup, names, own_export};

/// Longest value of an attribute, in characters.
const ATTRIBUTE_CHARS: usize = 200;

/// Longest stretch of a cell that a sentence repeats.
pub(crate) const SHOWN: usize = 60;

enum Part {
    Id,
    At(Option<HeadingZone>),
    Comment { question: Option<String> },
    Question,
    Rating(RatingPlan),
    Service,
    Touchpoint,
    Channel,
    Page,
    Device,
    Language,
    Area,
    Attribute(String),
    Person(KnownBy),
}

/// What rows of one file become.
pub(crate) struct Plan {
    headings: Vec<String>,
    loose: bool,
    parts: Vec<(usize, Part)>,
    /// Columns over which rows are compared, with what they are, in an order that does not depend on
    /// where they stand in the file.
    hashed: Vec<(String, usize)>,
    defaults: NewFeedback,
    default_question: Option<String>,
    /// In a file with one row for each answer: the ratings that questions ask for.
    by_question: HashMap<String, RatingPlan>,
    /// Where the file comes from, if somebody has said so.
    source: String,
    no_answers: NoAnswers,
    /// Columns that say who it was, which are left out: their names are taken out of the words of the row too.
    people: Vec<usize>,
    help_desk: bool,
    /// In an export of this program: the columns with the ends of each row's scale.
    own_ends: Option<(usize, usize)>,
    /// How dates are said to be written.
    order: DateOrder,
    /// How those are read that can be read in two ways.
    open_order: DateOrder,
    mixed: bool,
    context: FileContext,
    earliest: Instant,
    latest: Instant,
}

/// What is wrong with a row: the column to blame and a sentence.
type Wrong = (Option<usize>, String);

/// The order of day and month where nothing tells: month first only where people write so.
pub(crate) fn usual_order(zone: chrono_tz::Tz) -> DateOrder {
    const MONTH_FIRST: &[&str] = &[
        "America/New_York",
        "America/Detroit",
        "America/Chicago",
        "America/Denver",
        "America/Boise",
        "America/Phoenix",
        "America/Los_Angeles",
        "America/Anchorage",
        "America/Juneau",
        "America/Sitka",
        "America/Nome",
        "America/Adak",
        "America/Menominee",
        "America/Puerto_Rico",
        "Pacific/Honolulu",
        "Pacific/Guam",
    ];
    const MONTH_FIRST_REGIONS: &[&str] = &["US/", "America/Indiana/", "America/Kentucky/", "America/North_Dakota/"];
    let name = zone.name();
    if MONTH_FIRST.contains(&name) || MONTH_FIRST_REGIONS.iter().any(|r| name.starts_with(r)) {
        DateOrder::MonthFirst
    } else {
        DateOrder::DayFirst
    }
}

impl Plan {
    /// Makes a plan of a mapping in which every column is settled. In a `loose` table cells beyond the
    /// headings are left out; else they send their row back.
    pub(crate) fn new(
        file: &str,
        headings: &[String],
        loose: bool,
        mapping: &Mapping,
        context: FileContext,
    ) -> Result<Self, FileError> {
        let targets = said(file, headings, mapping)?;
        let comments = targets.values().filter(|t| **t == Target::Comment).count();
        let mut parts = Vec::new();
        let mut hashed = Vec::new();
        for (column, target) in targets {
            let heading = &headings[column];
            let part = match &target {
                Target::Ignore => continue,
                // A mapping of before may still say so.
                Target::Attribute(name) if personal::is_named(name) => continue,
                Target::Id => Part::Id,
                Target::At => Part::At(zone_in_heading(heading)),
                Target::Comment => {
                    // "Comment" over the only comments is no question anybody was asked.
                    let generic = comments == 1 && names::is_generic_comment(&names::heading_words(heading));
                    Part::Comment { question: (!generic).then(|| heading.clone()) }
                }
                Target::Question => Part::Question,
                Target::Rating(name) => Part::Rating(RatingPlan::new(name, heading, mapping).ok_or_else(|| {
                    unreadable(format!(
                        "“{heading}” of “{file}” is said to be a rating, but its answers are on no known scale. Say the \
                         scale, or what the answers in words mean as numbers."
                    ))
                })?),
                Target::Service => Part::Service,
                Target::Touchpoint => Part::Touchpoint,
                Target::Channel => Part::Channel,
                Target::Page => Part::Page,
                Target::Device => Part::Device,
                Target::Language => Part::Language,
                Target::Area => Part::Area,
                Target::Attribute(name) => Part::Attribute(name.clone()),
                Target::Person(KnownBy::Reference) if mapping.source.is_none() => {
                    return Err(unreadable(format!(
                        "“{heading}” of “{file}” is said to be a reference by which its source knows people. Say where the file \
                         comes from: a reference means somebody together with that."
                    )));
                }
                Target::Person(column) => Part::Person(*column),
            };
            parts.push((column, part));
            let apart = if target == Target::Comment { heading.to_lowercase() } else { String::new() };
            hashed.push((format!("{}\u{1f}{apart}", target.key()), column));
        }
        // The main rating comes first, wherever its column stands.
        parts.sort_by_key(|(_, p)| !matches!(p, Part::Rating(r) if r.name() == "overall"));
        hashed.sort();
        let too_many = |what: &str, most: usize| {
            unreadable(format!(
                "“{file}” is mapped to more than {most} {what} in one row, which is the most there can be."
            ))
        };
        let count = |is: fn(&Part) -> bool| parts.iter().filter(|(_, p)| is(p)).count();
        if count(|p| matches!(p, Part::Comment { .. })) > limits::COMMENTS {
            return Err(too_many("comments", limits::COMMENTS));
        }
        if count(|p| matches!(p, Part::Rating(_))) > limits::RATINGS {
            return Err(too_many("ratings", limits::RATINGS));
        }
        if count(|p| matches!(p, Part::Attribute(_))) > limits::ATTRIBUTES {
            return Err(too_many("attributes", limits::ATTRIBUTES));
        }
        if count(|p| matches!(p, Part::Person(_))) > 1 {
            return Err(unreadable(format!(
                "Several columns of “{file}” are said to tell who it was. Choose the one that tells it best."
            )));
        }
        let own = own_export::is_own(headings);
        let by_question = if parts.iter().any(|(_, p)| matches!(p, Part::Question)) && !own {
            questions(headings, mapping)
        } else {
            HashMap::new()
        };
        let left_out = |c: &usize| !parts.iter().any(|(column, _)| column == c);
        let says_who = |c: &usize| {
            matches!(names::read(&headings[*c]).hint, Some((names::Hint::Private | names::Hint::Person, _)))
        };
        let people: Vec<usize> = (0..headings.len()).filter(left_out).filter(says_who).collect();
        let plain: Vec<String> = headings.iter().map(|h| plain_words(h)).collect();
        let usual = usual_order(context.zone);
        let order = mapping.dates.unwrap_or(usual);
        let mut plan = Self {
            headings: headings.to_vec(),
            loose,
            parts,
            hashed,
            defaults: NewFeedback::default(),
            default_question: None,
            by_question,
            source: mapping.source.clone().unwrap_or_default(),
            no_answers: NoAnswers::new(headings),
            people,
            help_desk: is_help_desk(plain.iter().map(String::as_str)),
            own_ends: own.then(|| own_export::ends(headings)).flatten(),
            order,
            open_order: if order == DateOrder::YearFirst { usual } else { order },
            mixed: mapping.mixed_dates,
            context,
            earliest: Instant::UNIX_EPOCH - chrono::Duration::days(25_567),
            latest: context.now + chrono::Duration::days(1),
        };
        plan.take_defaults(mapping)?;
        Ok(plan)
    }

    /// Whether rows can become anything at all.
    pub(crate) fn says_something(&self) -> bool {
        self.parts.iter().any(|(_, p)| matches!(p, Part::Comment { .. } | Part::Rating(_)))
    }

    fn take_defaults(&mut self, mapping: &Mapping) -> Result<(), FileError> {
        for (key, value) in &mapping.defaults {
            let value = trimmed(value);
            if value.is_empty() {
                continue;
            }
            let text = || Some(value.to_owned());
            match Target::from_key(key) {
                Some(Target::At) => {
                    self.defaults.at = Some(
                        self.instant(value, None).map_err(|why| unreadable(format!("The date for all rows: {why}")))?,
                    )
                }
                Some(Target::Question) => self.default_question = text(),
                Some(Target::Service) => self.defaults.service = text(),
                Some(Target::Touchpoint) => self.defaults.touchpoint = text(),
                Some(Target::Channel) => {
                    self.defaults.channel = channel_of(value).ok_or_else(|| {
                        let known: Vec<&str> = Channel::ALL.iter().map(|c| c.key()).collect();
                        unreadable(format!("There is no channel “{value}”. There are {}.", known.join(", ")))
                    })?;
                }
                Some(Target::Page) => self.defaults.page = Some(page_address(value)).filter(|p| !p.is_empty()),
                Some(Target::Device) => self.defaults.device = Some(device_of(value)),
                Some(Target::Language) => self.defaults.language = Some(language_of(value)),
                Some(Target::Area) => self.defaults.area = text(),
                Some(Target::Attribute(name)) if personal::is_named(&name) => {
                    return Err(unreadable(format!(
                        "“{key}” would say who somebody is, and everybody could see it. Attributes can't hold that."
                    )));
                }
                Some(Target::Attribute(name)) => {
                    self.defaults.attributes.insert(name, value.to_owned());
                }
                _ => {
                    return Err(unreadable(format!(
                        "“{key}” cannot have one value for all rows. What can is at, question, service, touchpoint, channel, \
                         page, device, language, area and attr.NAME."
                    )));
                }
            }
        }
        Ok(())
    }

    /// What a row becomes in the store. Files of one source number their rows from 1 each month, and ids of people
    /// come again: the id is that of the same feedback on the same date only. The date stands first, as it is
    /// written, so that ids that follow each other still end so and a date that is read otherwise makes no other id.
    pub(crate) fn row_to_keep(&self, record: &Record) -> Row {
        let mut row = self.row(record);
        if self.own_ends.is_some() {
            return row;
        }
        if let Ok(NewFeedback { source_id: Some(id), .. }) = &mut row.outcome {
            let dated = self.parts.iter().find(|(_, p)| matches!(p, Part::At(_))).map(|(c, _)| trimmed(record.get(*c)));
            if let Some(date) = dated.filter(|d| !no_value(d) && !is_placeholder(d) && d.len() <= 100) {
                *id = format!("{date}\u{1f}{id}");
            }
        }
        row
    }

    /// What a row becomes.
    pub(crate) fn row(&self, record: &Record) -> Row {
        let outcome = self.convert(record).map_err(|(column, message)| RowProblem {
            row: record.row,
            column: column.and_then(|c| self.headings.get(c).cloned()),
            message,
        });
        let cells = if outcome.is_err() { record.cells() } else { Vec::new() };
        Row { row: record.row, outcome, cells, content_hash: self.hash(record) }
    }

    fn hash(&self, record: &Record) -> [u8; 16] {
        let mut hash = Sha256::new();
        for (key, column) in &self.hashed {
            let cell = trimmed(record.get(*column));
            // A column that is empty here and missing next month makes no difference.
            if !cell.is_empty() {
                hash.update((key.len() as u64).to_le_bytes());
                hash.update(key.as_bytes());
                hash.update((cell.len() as u64).to_le_bytes());
                hash.update(cell.as_bytes());
            }
        }
        let mut short = [0; 16];
        short.copy_from_slice(&hash.finalize()[..16]);
        short
    }

    fn convert(&self, record: &Record) -> Result<NewFeedback, Wrong> {
        self.sound(record)?;
        if let Some(why) = self.no_answers.why(record) {
            return Err((None, why.to_owned()));
        }
        let mut new = self.defaults.clone();
        let mut question = None;
        for (column, part) in &self.parts {
            let column = *column;
            let cell = trimmed(record.get(column));
            if no_value(cell) {
                continue;
            }
            match part {
                Part::Id => new.source_id = Some(self.short(column, cell, limits::SHORT_CHARS)?),
                // A date that only says that none was kept is none.
                Part::At(_) if is_placeholder(cell) => {}
                Part::At(zone) => new.at = Some(self.instant(cell, *zone).map_err(|why| (Some(column), why))?),
                Part::Comment { question } => {
                    let text = markup::plain(cell);
                    if text.len() > limits::COMMENT_BYTES {
                        let message = format!(
                            "The comment has {} bytes; at most {} are allowed.",
                            counted(text.len()),
                            counted(limits::COMMENT_BYTES)
                        );
                        return Err((Some(column), message));
                    }
                    if !no_comment(&text) {
                        let text = self.without_people(record, text.into_owned());
                        new.comments.push(NewComment { question: question.clone(), text });
                    }
                }
                // In an export of this program the line between two questions tells them apart.
                Part::Question if self.own_ends.is_some() => question = Some(cell.to_owned()),
                Part::Question => question = Some(self.short(column, cell, limits::SHORT_CHARS)?),
                Part::Rating(rating) => {
                    let read = match self.own_rating(record, cell) {
                        Some(own) => Some(own),
                        None => rating.rating(cell).map_err(|why| (Some(column), why))?,
                    };
                    new.ratings.extend(read);
                }
                Part::Service => new.service = Some(self.short(column, cell, limits::SHORT_CHARS)?),
                Part::Touchpoint => new.touchpoint = Some(self.short(column, cell, limits::SHORT_CHARS)?),
                Part::Channel => {
                    let known = if self.help_desk { help_desk_channel_of(cell) } else { channel_of(cell) };
                    new.channel = known.unwrap_or(Channel::Other);
                }
                Part::Page => {
                    new.page =
                        Some(self.short(column, &page_address(cell), limits::SHORT_CHARS)?).filter(|p| !p.is_empty());
                }
                Part::Device => new.device = Some(device_of(&self.short(column, cell, limits::SHORT_CHARS)?)),
                Part::Language => new.language = Some(language_of(&self.short(column, cell, limits::SHORT_CHARS)?)),
                Part::Area => new.area = Some(whole(self.short(column, cell, limits::SHORT_CHARS)?)),
                Part::Attribute(name) => {
                    new.attributes.insert(name.clone(), whole(self.short(column, cell, ATTRIBUTE_CHARS)?));
                }
                Part::Person(by) => {
                    let source = match by {
                        KnownBy::Email => BY_EMAIL,
                        KnownBy::Phone => BY_PHONE,
                        KnownBy::Reference => &self.source,
                    };
                    let key =
                        self.short(column, cell, if *by == KnownBy::Reference { MAX_SOURCE } else { MAX_HANDLE })?;
                    new.person = Some(KnownAs { source: source.to_owned(), key });
                }
            }
        }
        if self.own_ends.is_some() {
            as_it_was(&mut new, question.as_deref());
        } else if let Some(question) = question.or_else(|| self.default_question.clone()) {
            self.take_answers(&question, &mut new);
            for comment in &mut new.comments {
                comment.question = Some(question.clone());
            }
        }
        let answered = !new.ratings.is_empty();
        self.keep_main_apart(&mut new);
        if new.comments.is_empty() && !answered {
            return Err((None, "The row has neither words nor a rating.".to_owned()));
        }
        if let Some((target, message)) = (self.context.refuse)(&new, self.context.zone) {
            return Err((self.column_of(&target), message));
        }
        Ok(new)
    }

    /// Words without the full names that other columns of the row say are those of the people in it.
    fn without_people(&self, record: &Record, text: String) -> String {
        self.people
            .iter()
            .map(|&c| trimmed(record.get(c)))
            .filter(|cell| is_person(cell))
            .fold(text, |text, name| if text.contains(name) { text.replace(name, "[name]") } else { text })
    }

    /// Answers that are on the scale of their question are ratings, not words.
    fn take_answers(&self, question: &str, new: &mut NewFeedback) {
        let Some(rating) = self.by_question.get(question) else { return };
        let ratings = &mut new.ratings;
        new.comments.retain(|comment| match rating.rating(trimmed(&comment.text)) {
            Ok(read) => {
                ratings.extend(read);
                false
            }
            Err(_) => true,
        });
    }

    /// The first rating of a feedback is its main one. Where the overall question has no answer, another must not
    /// take its place in every figure: those answers are kept as attributes.
    fn keep_main_apart(&self, new: &mut NewFeedback) {
        let overall = self.parts.iter().any(|(_, p)| matches!(p, Part::Rating(r) if r.name() == "overall"));
        if !overall || new.ratings.first().is_none_or(|r| r.name == "overall") {
            return;
        }
        for rating in std::mem::take(&mut new.ratings) {
            if new.attributes.len() < limits::ATTRIBUTES {
                new.attributes.entry(rating.name).or_insert_with(|| rating.value.to_string());
            }
        }
    }

    /// The rating of a row that carries its own scale.
    fn own_rating(&self, record: &Record, cell: &str) -> Option<Rating> {
        let (worst, best) = self.own_ends?;
        let number = |text: &str| trimmed(text).parse::<f64>().ok().filter(|n| n.is_finite());
        let (value, worst, best) = (number(cell)?, number(record.get(worst))?, number(record.get(best))?);
        let within = (worst.min(best)..=worst.max(best)).contains(&value) && worst != best;
        within.then(|| Rating { name: "overall".to_owned(), value, worst, best })
    }

    fn column_of(&self, target: &Target) -> Option<usize> {
        let is = |part: &Part| match (part, target) {
            (Part::Service, Target::Service)
            | (Part::Touchpoint, Target::Touchpoint)
            | (Part::Device, Target::Device)
            | (Part::Language, Target::Language)
            | (Part::Area, Target::Area) => true,
            (Part::Attribute(name), Target::Attribute(wanted)) => name == wanted,
            (Part::Person(by), Target::Person(wanted)) => by == wanted,
            _ => false,
        };
        self.parts.iter().find(|(_, part)| is(part)).map(|(column, _)| *column)
    }

    /// Refuses rows whose cells are not where the headings say, or hold what text cannot.
    fn sound(&self, record: &Record) -> Result<(), Wrong> {
        if !self.loose && record.len() > self.headings.len() && record.width() > self.headings.len() {
            let extra = (self.headings.len()..record.width()).map(|c| record.get(c)).find(|c| !c.trim().is_empty());
            return Err((
                None,
                format!(
                    "The row has {} cells where there are {} headings; “{}” is beyond the last. Perhaps a text with a \
                     delimiter in it has no quotes.",
                    record.width(),
                    self.headings.len(),
                    shortened(extra.unwrap_or(""), SHOWN)
                ),
            ));
        }
        let repeats = |(c, _): &(usize, Part)| trimmed(record.get(*c)) == self.headings[*c];
        if self.parts.len() > 1 && self.parts.first().is_some_and(repeats) && self.parts.iter().all(repeats) {
            return Err((None, "The row repeats the headings.".to_owned()));
        }
        if record.suspect {
            for (column, _) in &self.parts {
                let cell = record.get(*column);
                if cell.contains('\0') {
                    return Err((Some(*column), "The cell has a NUL character, which text cannot have.".to_owned()));
                }
                if cell.contains(BAD) {
                    let shown = shortened(&cell.replace(BAD, "\u{FFFD}"), SHOWN);
                    return Err((
                        Some(*column),
                        format!(
                            "“{shown}” has bytes that are not valid in the encoding of the file. Save it as UTF-8."
                        ),
                    ));
                }
            }
        }
        Ok(())
    }

    /// A short text with its white space put in order.
    fn short(&self, column: usize, cell: &str, most: usize) -> Result<String, Wrong> {
        let tidy = if cell.contains(|c: char| c.is_whitespace() && c != ' ') || cell.contains("  ") {
            cell.split_whitespace().collect::<Vec<_>>().join(" ")
        } else {
            cell.to_owned()
        };
        if tidy.len() > most {
            let chars = tidy.chars().count();
            if chars > most {
                let shown = shortened(&tidy, SHOWN);
                return Err((
                    Some(column),
                    format!("“{shown}” has {} characters; at most {most} are allowed.", counted(chars)),
                ));
            }
        }
        Ok(tidy)
    }

    fn instant(&self, cell: &str, heading: Option<HeadingZone>) -> Result<Instant, String> {
        let shown = || shortened(cell, SHOWN);
        let example = match self.order {
            DateOrder::DayFirst => "day first, for example 31/12/2024",
            DateOrder::MonthFirst => "month first, for example 12/31/2024",
            DateOrder::YearFirst => "year first, for example 2024-12-31",
        };
        let read = written(cell).and_then(|w| self.resolve(w, cell, heading));
        let at = read.map_err(|e| match e {
            NotADate::Other => format!("“{}” is not a date. Dates here are written {example}.", shown()),
            NotADate::Impossible(why) => {
                format!("“{}” is not a date: {why}. Dates here are written {example}.", shown())
            }
        })?;
        if at > self.latest {
            return Err(format!(
                "“{}” lies in the future. The latest that is allowed is {}.",
                shown(),
                self.latest.with_timezone(&self.context.zone).format("%-d %B %Y")
            ));
        }
        if at < self.earliest {
            return Err(format!("“{}” is before 1900, which is the earliest that is allowed.", shown()));
        }
        Ok(at)
    }
}

impl Plan {
    /// The instant of a date. The zone in the heading is that of times; a date alone is a day wherever it was.
    fn resolve(&self, date: Written, cell: &str, heading: Option<HeadingZone>) -> Result<Instant, NotADate> {
        let timed = cell.contains(':') || matches!(date, Written::Serial(days) if days.fract() != 0.0);
        let (date, zone) = match heading.filter(|_| timed) {
            Some(HeadingZone::Offset(seconds)) => (date.or_offset(seconds), self.context.zone),
            Some(HeadingZone::Place(zone)) => (date, zone),
            None => (date, self.context.zone),
        };
        date.resolve(self.open_order, self.mixed, zone)
    }
}

/// Puts back what an export of this program did to a row.
fn as_it_was(new: &mut NewFeedback, question: Option<&str>) {
    let guarded = |text: &mut String| {
        let plain = own_export::unguarded(text);
        if plain.len() < text.len() {
            *text = plain.to_owned();
        }
    };
    let comments = std::mem::take(&mut new.comments);
    for mut comment in comments {
        guarded(&mut comment.text);
        new.comments.extend(own_export::comments(&comment.text, question.map(own_export::unguarded)));
    }
    new.attributes.values_mut().for_each(guarded);
    [&mut new.service, &mut new.area, &mut new.device].into_iter().flatten().for_each(guarded);
    if let Some(touchpoint) = &mut new.touchpoint {
        *touchpoint = own_export::touchpoint(new.service.as_deref(), touchpoint).to_owned();
    }
}

/// Whole numbers as spreadsheets and data frames write them: `11368.0` is `11368`.
fn whole(text: String) -> String {
    match text.strip_suffix(".0") {
        Some(digits) if !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()) => digits.to_owned(),
        _ => text,
    }
}
