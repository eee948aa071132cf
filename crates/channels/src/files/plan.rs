//! From rows of cells to feedback, by a complete mapping.

use std::collections::{BTreeMap, HashMap, HashSet};

use commonweal_domain::feedback::limits;
use commonweal_domain::import::{DateOrder, Mapping, RatingColumn, RowProblem, Target};
use commonweal_domain::personal::{self, page_address};
use commonweal_domain::{Channel, Instant, NewComment, NewFeedback, Rating};
use commonweal_ports::{FileContext, FileError, Row};
use sha2::{Digest, Sha256};

use super::dates::{NotADate, written};
use super::names;
use super::ratings::{Answer, answer, is_no_answer, known_word};
use super::recognise::said;
use super::record::{BAD, Record, counted, listed, shortened, unreadable};
use super::values::{channel_of, device_of, language_of, no_value, no_words, plain_words, trimmed};

/// Longest value of an attribute, in characters.
const ATTRIBUTE_CHARS: usize = 200;

/// Longest stretch of a cell that a sentence repeats.
const SHOWN: usize = 60;

enum Part {
    Id,
    At,
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
                Target::At => Part::At,
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
            };
            parts.push((column, part));
            let apart = if target == Target::Comment { heading.to_lowercase() } else { String::new() };
            hashed.push((format!("{}\u{1f}{apart}", target.key()), column));
        }
        // The main rating comes first, wherever its column stands.
        parts.sort_by_key(|(_, p)| !matches!(p, Part::Rating(r) if r.name == "overall"));
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
        let usual = usual_order(context.zone);
        let order = mapping.dates.unwrap_or(usual);
        let mut plan = Self {
            headings: headings.to_vec(),
            loose,
            parts,
            hashed,
            defaults: NewFeedback::default(),
            default_question: None,
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
                    self.defaults.at =
                        Some(self.instant(value).map_err(|why| unreadable(format!("The date for all rows: {why}")))?)
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
                Part::At => new.at = Some(self.instant(cell).map_err(|why| (Some(column), why))?),
                Part::Comment { question } if !no_words(cell) => {
                    if cell.len() > limits::COMMENT_BYTES {
                        let message = format!(
                            "The comment has {} bytes; at most {} are allowed.",
                            counted(cell.len()),
                            counted(limits::COMMENT_BYTES)
                        );
                        return Err((Some(column), message));
                    }
                    new.comments.push(NewComment { question: question.clone(), text: cell.to_owned() });
                }
                Part::Comment { .. } => {}
                Part::Question => question = Some(self.short(column, cell, limits::SHORT_CHARS)?),
                Part::Rating(rating) => {
                    if let Some(value) = rating.value(cell).map_err(|why| (Some(column), why))? {
                        let (name, worst, best) = (rating.name.clone(), rating.worst, rating.best);
                        new.ratings.push(Rating { name, value, worst, best });
                    }
                }
                Part::Service => new.service = Some(self.short(column, cell, limits::SHORT_CHARS)?),
                Part::Touchpoint => new.touchpoint = Some(self.short(column, cell, limits::SHORT_CHARS)?),
                Part::Channel => new.channel = channel_of(cell).unwrap_or(Channel::Other),
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
            }
        }
        if new.comments.is_empty() && new.ratings.is_empty() {
            return Err((None, "The row has neither words nor a rating.".to_owned()));
        }
        if let Some(question) = question.or_else(|| self.default_question.clone()) {
            for comment in &mut new.comments {
                comment.question = Some(question.clone());
            }
        }
        if let Some((target, message)) = (self.context.refuse)(&new) {
            return Err((self.column_of(&target), message));
        }
        Ok(new)
    }

    fn column_of(&self, target: &Target) -> Option<usize> {
        let is = |part: &Part| match (part, target) {
            (Part::Service, Target::Service)
            | (Part::Touchpoint, Target::Touchpoint)
            | (Part::Device, Target::Device)
            | (Part::Language, Target::Language)
            | (Part::Area, Target::Area) => true,
            (Part::Attribute(name), Target::Attribute(wanted)) => name == wanted,
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

    fn instant(&self, cell: &str) -> Result<Instant, String> {
        let shown = || shortened(cell, SHOWN);
        let example = match self.order {
            DateOrder::DayFirst => "day first, for example 31/12/2024",
            DateOrder::MonthFirst => "month first, for example 12/31/2024",
            DateOrder::YearFirst => "year first, for example 2024-12-31",
        };
        let read = written(cell).and_then(|w| w.resolve(self.open_order, self.mixed, self.context.zone));
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

/// Whole numbers as spreadsheets and data frames write them: `11368.0` is `11368`.
fn whole(text: String) -> String {
    match text.strip_suffix(".0") {
        Some(digits) if !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()) => digits.to_owned(),
        _ => text,
    }
}

/// How the answers of one rating column are read.
struct RatingPlan {
    name: String,
    worst: f64,
    best: f64,
    words: HashMap<String, f64>,
    no_answer: HashSet<String>,
}

impl RatingPlan {
    fn new(name: &str, heading: &str, mapping: &Mapping) -> Option<Self> {
        let found = mapping.ratings.get(heading);
        let said_words: BTreeMap<String, f64> =
            mapping.rating_words.iter().map(|(w, v)| (w.trim().to_lowercase(), *v)).collect();
        let (worst, best) = mapping.scale.or(found.map(|f| (f.worst, f.best))).or_else(|| {
            let ends =
                said_words.values().copied().fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), v| (l.min(v), h.max(v)));
            (ends.0 < ends.1).then_some(ends)
        })?;
        if !worst.is_finite() || !best.is_finite() || worst == best {
            return None;
        }
        let none = RatingColumn::default();
        let found = found.unwrap_or(&none);
        let mut words = HashMap::new();
        for (word, value) in &found.words {
            // Words that were found on one scale keep their place on the scale that was said.
            let place =
                if found.best == found.worst { 0.5 } else { (value - found.worst) / (found.best - found.worst) };
            words.insert(word.clone(), worst + place * (best - worst));
        }
        words.extend(said_words);
        let on_scale =
            |code: &String| code.parse::<f64>().is_ok_and(|n| (worst.min(best)..=worst.max(best)).contains(&n));
        let no_answer = found.no_answer.iter().filter(|c| !on_scale(c)).cloned().collect();
        Some(Self { name: name.to_owned(), worst, best, words, no_answer })
    }

    /// The number that an answer stands for; none when it is no answer.
    fn value(&self, cell: &str) -> Result<Option<f64>, String> {
        if no_words(cell) {
            return Ok(None);
        }
        if let Ok(number) = cell.parse::<f64>() {
            let code = || if number.fract() == 0.0 { format!("{number:.0}") } else { cell.to_owned() };
            if !self.no_answer.is_empty() && self.no_answer.contains(&code()) {
                return Ok(None);
            }
            return self.on_scale(number, cell).map(Some);
        }
        let lower = cell.to_lowercase();
        if let Some(value) = self.words.get(&lower) {
            return Ok(Some(*value));
        }
        if self.no_answer.contains(&lower) {
            return Ok(None);
        }
        match answer(cell) {
            Answer::Number(n) | Answer::Stars(n) => self.on_scale(n, cell).map(Some),
            Answer::OutOf(n, of) if of == self.worst.max(self.best) => self.on_scale(n, cell).map(Some),
            Answer::OutOf(..) => Err(self.off(cell)),
            Answer::Labelled(_, words) if is_no_answer(&words) => Ok(None),
            Answer::Labelled(n, _) => self.on_scale(n, cell).map(Some),
            Answer::Words(words) if is_no_answer(&words) => Ok(None),
            Answer::Words(words) => {
                let by_plain = || self.words.iter().find(|(w, _)| plain_words(w) == words).map(|(_, v)| *v);
                by_plain().or_else(|| known_word(&words, self.worst, self.best)).map(Some).ok_or_else(|| self.off(cell))
            }
        }
    }

    fn on_scale(&self, number: f64, cell: &str) -> Result<f64, String> {
        if (self.worst.min(self.best)..=self.worst.max(self.best)).contains(&number) {
            Ok(number)
        } else {
            Err(self.off(cell))
        }
    }

    fn off(&self, cell: &str) -> String {
        let mut known: Vec<(&String, f64)> = self.words.iter().map(|(w, v)| (w, *v)).collect();
        known.sort_by(|a, b| a.1.total_cmp(&b.1).then(a.0.len().cmp(&b.0.len())));
        known.dedup_by(|a, b| a.1 == b.1);
        let words = if known.is_empty() {
            String::new()
        } else {
            format!(" In words, {} are known.", listed(known.iter().map(|(w, _)| w.as_str()), 8))
        };
        format!(
            "“{}” is not on the scale, which goes from {} (worst) to {} (best).{words}",
            shortened(cell, SHOWN),
            self.worst,
            self.best
        )
    }
}
