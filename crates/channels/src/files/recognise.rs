//! Settles what the columns of a table are for: what somebody has said, then names, then values.

use std::collections::{BTreeMap, BTreeSet};

use commonweal_domain::feedback::limits;
use commonweal_domain::import::{Mapping, RatingColumn, Target};
use commonweal_domain::personal;
use commonweal_ports::FileError;

use super::column_names::attribute_name;
use super::content::Profile;
use super::guess::{Guess, Left, Single, guess};
use super::names::{self, Named};
use super::ratings::Scale;
use super::record::{listed, unreadable};
use super::{left_out, own_export};

/// One column as it was settled.
#[derive(Clone, Debug)]
pub(crate) struct Column {
    pub(crate) target: Target,
    pub(crate) reason: String,
    pub(crate) scale: Option<Scale>,
    pub(crate) left: Option<Left>,
    /// Whether somebody said what it is for.
    pub(crate) said: bool,
}

impl Column {
    fn new(target: Target, reason: impl Into<String>) -> Self {
        Self { target, reason: reason.into(), scale: None, left: None, said: false }
    }

    fn left(left: Left, reason: impl Into<String>) -> Self {
        Self { left: Some(left), ..Self::new(Target::Ignore, reason) }
    }
}

/// The columns of a table, and sentences about them.
pub(crate) struct Settled {
    pub(crate) columns: Vec<Column>,
    pub(crate) notes: Vec<String>,
}

fn target_of(single: Single) -> Target {
    match single {
        Single::Id => Target::Id,
        Single::At => Target::At,
        Single::Question => Target::Question,
        Single::Service => Target::Service,
        Single::Touchpoint => Target::Touchpoint,
        Single::Channel => Target::Channel,
        Single::Page => Target::Page,
        Single::Device => Target::Device,
        Single::Language => Target::Language,
        Single::Area => Target::Area,
    }
}

/// The column that somebody means by a heading: as it is in the file, else without regard to case and
/// white space.
pub(crate) fn column_called(headings: &[String], name: &str) -> Option<usize> {
    let loose = |t: &str| t.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    headings.iter().position(|h| h == name).or_else(|| {
        let wanted = loose(name);
        let mut same = headings.iter().enumerate().filter(|(_, h)| loose(h) == wanted);
        let (first, _) = same.next()?;
        same.next().is_none().then_some(first)
    })
}

/// What somebody said about the columns, by column.
pub(crate) fn said(file: &str, headings: &[String], mapping: &Mapping) -> Result<BTreeMap<usize, Target>, FileError> {
    let mut said = BTreeMap::new();
    for (name, target) in &mapping.columns {
        let Some(column) = column_called(headings, name) else {
            // A column that is left out anyway may as well be missing.
            if *target == Target::Ignore {
                continue;
            }
            return Err(unreadable(format!(
                "“{file}” has no column “{name}”, which you said is the {}. Its headings are {}.",
                target.key(),
                listed(headings.iter().map(String::as_str), 25)
            )));
        };
        said.insert(column, target.clone());
    }
    let mut takers: BTreeMap<&Target, Vec<&str>> = BTreeMap::new();
    for (column, target) in &said {
        takers.entry(target).or_default().push(&headings[*column]);
    }
    for (target, names) in takers {
        if names.len() > 1 && !matches!(target, Target::Comment | Target::Ignore) {
            return Err(unreadable(format!(
                "More than one column of “{file}” is said to be the {}: {}. Only comments can be in several columns; name \
                 ratings apart (rating.name) and attributes too (attr.name).",
                target.key(),
                listed(names, 10)
            )));
        }
    }
    Ok(said)
}

/// Settles all columns.
pub(crate) fn settle(
    file: &str,
    headings: &[String],
    profiles: &[Profile],
    mapping: &Mapping,
) -> Result<Settled, FileError> {
    let said = said(file, headings, mapping)?;
    let named: Vec<Named> = headings.iter().map(|h| names::read(h)).collect();
    let guesses: Vec<Guess> = named.iter().zip(profiles).map(|(n, p)| guess(n, p)).collect();
    let mut settling =
        Settling { headings, profiles, named, guesses, columns: vec![None; headings.len()], notes: Vec::new() };
    settling.circular_a11();
    settling.take_said(&said);
    settling.own_export();
    settling.singles();
    settling.counted_ids();
    settling.comments();
    settling.ratings();
    settling.attributes();
    settling.figures();
    settling.private();
    let Settling { named, columns, mut notes, .. } = settling;
    let columns: Vec<Column> = columns
        .into_iter()
        .map(|c| c.unwrap_or_else(|| Column::left(Left::Other, "holds nothing that is needed here")))
        .collect();
    if !own_export::is_own(headings) {
        notes.extend(left_out::notes(headings, &columns, profiles, &named));
    }
    Ok(Settled { columns, notes })
}

struct Settling<'a> {
    headings: &'a [String],
    profiles: &'a [Profile],
    named: Vec<Named>,
    guesses: Vec<Guess>,
    columns: Vec<Option<Column>>,
    notes: Vec<String>,
}

impl Settling<'_> {
    fn taken(&self, matches: impl Fn(&Target) -> bool) -> Option<usize> {
        self.columns.iter().position(|c| c.as_ref().is_some_and(|c| matches(&c.target)))
    }

    fn open_columns(&self) -> Vec<usize> {
        (0..self.columns.len()).filter(|&c| self.columns[c].is_none()).collect()
    }

    fn take_said(&mut self, said: &BTreeMap<usize, Target>) {
        for (&column, target) in said {
            let mut settled = Column { said: true, ..Column::new(target.clone(), "as you said") };
            if matches!(target, Target::Rating(_)) && !self.profiles[column].overflow {
                settled.scale =
                    super::ratings::find_scale(&self.profiles[column].answers(), &self.named[column].heading);
            }
            self.columns[column] = Some(settled);
        }
    }

    /// A file that this program wrote says itself what its columns are.
    fn own_export(&mut self) {
        if !own_export::is_own(self.headings) {
            return;
        }
        let end = |name: &str| {
            let column = self.headings.iter().position(|h| h == name)?;
            self.profiles[column].answers().first()?.0.parse::<f64>().ok()
        };
        let ends = end("rating_worst").zip(end("rating_best"));
        for column in self.open_columns() {
            let target = own_export::target(&self.headings[column]);
            if self.profiles[column].rows > 0 && self.profiles[column].filled == 0 {
                self.columns[column] = Some(Column::left(Left::Other, "has no values in the rows looked at"));
                continue;
            }
            let mut settled = match target {
                Target::Ignore => Column::left(Left::Other, "is worked out anew"),
                target => Column::new(target, "as in an export of this program"),
            };
            if matches!(settled.target, Target::Rating(_)) {
                let Some((worst, best)) = ends else { continue };
                let column = RatingColumn { worst, best, ..RatingColumn::default() };
                let why = "as the columns beside it say row by row".to_owned();
                settled.scale = Some(Scale { column, why, notes: Vec::new(), certain: true });
            }
            self.columns[column] = Some(settled);
        }
    }

    /// The layout in which US agencies report feedback on services under OMB Circular A-11, section
    /// 280: question 1 is a thumb up (1) or down (0), question 4 the comment.
    fn circular_a11(&mut self) {
        let called = |name: &str| self.named.iter().position(|n| n.words == name);
        if called("positive effectiveness").is_none() || called("negative effectiveness").is_none() {
            return;
        }
        let (thumb, comment) = (called("question 1"), called("question 4"));
        if let Some(column) = thumb.filter(|c| self.profiles[*c].ticks()) {
            let ends = RatingColumn { worst: 0.0, best: 1.0, ..RatingColumn::default() };
            let why = "as in the layout of Circular A-11, section 280".to_owned();
            let scale = Box::new(Scale { column: ends, why, notes: Vec::new(), certain: true });
            self.guesses[column] = Guess::Rating { scale, sure: 95, why: "question 1 of Circular A-11" };
        }
        if let Some(column) = comment.filter(|c| self.profiles[*c].filled > 0) {
            self.guesses[column] = Guess::Comment { sure: true, why: "question 4 of Circular A-11" };
        }
    }

    /// Of the columns for one thing, the surest is taken; the first on a tie.
    fn singles(&mut self) {
        let mut best: BTreeMap<Single, (u8, usize)> = BTreeMap::new();
        for column in self.open_columns() {
            if let Guess::Single(single, sure, _) = self.guesses[column] {
                let place = best.entry(single).or_insert((sure, column));
                if sure > place.0 {
                    *place = (sure, column);
                }
            }
        }
        for column in self.open_columns() {
            let Guess::Single(single, sure, why) = self.guesses[column] else { continue };
            let target = target_of(single);
            if self.taken(|t| *t == target).is_none() && best.get(&single).is_some_and(|(_, c)| *c == column) {
                self.columns[column] = Some(Column::new(target, why));
                continue;
            }
            // The loser may still be something to group by.
            let groups = matches!(
                single,
                Single::Service
                    | Single::Touchpoint
                    | Single::Channel
                    | Single::Device
                    | Single::Language
                    | Single::Area
            );
            self.guesses[column] = if groups
                && self.profiles[column].often()
                && self.profiles[column].few(100)
                && !self.profiles[column].mostly_numbers()
            {
                Guess::Attribute { name: "", sure: sure.min(50) }
            } else {
                let key = target.key();
                let why = match self.taken(|t| *t == target).or_else(|| best.get(&single).map(|(_, c)| *c)) {
                    Some(other) if other != column => format!("“{}” is the {key} already", self.headings[other]),
                    _ => "holds nothing that is needed here".to_owned(),
                };
                Guess::Leave(Left::Other, why)
            };
        }
    }

    /// Ids that count the rows come again in the next file; only dates tell them apart then.
    fn counted_ids(&mut self) {
        if self.taken(|t| *t == Target::At).is_some() {
            return;
        }
        if let Some(column) = self.taken(|t| *t == Target::Id).filter(|c| self.profiles[*c].counts_rows()) {
            self.notes.push(format!(
                "“{}” runs 1, 2, 3 … and no column holds a date. If every file begins again at 1, later files would be taken \
                 for repeats of this one: leave the column out then.",
                self.headings[column]
            ));
        }
    }

    fn comments(&mut self) {
        if self.taken(|t| *t == Target::Comment).is_some() {
            for column in self.open_columns() {
                if matches!(self.guesses[column], Guess::Comment { .. }) {
                    self.columns[column] = Some(Column::left(Left::Other, "you named the columns with comments"));
                }
            }
            return;
        }
        let any = self.open_columns().into_iter().any(|c| matches!(self.guesses[c], Guess::Comment { .. }));
        if !any {
            self.words_alone();
        }
        let any_sure =
            self.open_columns().into_iter().any(|c| matches!(self.guesses[c], Guess::Comment { sure: true, .. }));
        let mut taken = 0;
        let mut beyond = Vec::new();
        for column in self.open_columns() {
            let Guess::Comment { sure, why } = self.guesses[column] else { continue };
            let profile = &self.profiles[column];
            if sure != any_sure {
                // Short words beside real comments: a title, or something to group by.
                self.guesses[column] = if profile.few(100) {
                    Guess::Attribute { name: "", sure: 40 }
                } else {
                    Guess::Leave(Left::Other, "looks less like words of people than other columns".to_owned())
                };
            } else if taken == limits::COMMENTS {
                beyond.push(self.headings[column].as_str());
                self.columns[column] =
                    Some(Column::left(Left::Other, "there are more comments than a feedback may have"));
            } else {
                taken += 1;
                if !sure && profile.few(300) && profile.filled >= 50 {
                    self.notes.push(format!(
                        "“{}” is taken for the comment because no other column holds more words, but it has only {} different \
                         values: people may have chosen from a list.",
                        self.headings[column],
                        profile.distinct()
                    ));
                }
                self.columns[column] = Some(Column::new(Target::Comment, why));
            }
        }
        if !beyond.is_empty() {
            let note = format!(
                "A feedback has at most {} comments, so these columns are left out: {}.",
                limits::COMMENTS,
                listed(beyond, 10)
            );
            self.notes.push(note);
        }
    }

    /// Where nothing is called a comment, short sentences under any other name are what people said: as something to
    /// group by they would be seen by everybody, and read by nobody.
    fn words_alone(&mut self) {
        for column in self.open_columns() {
            let groups = matches!(&self.guesses[column], Guess::Attribute { name, .. } if name.is_empty());
            if groups && self.named[column].hint.is_none() && self.profiles[column].some_prose() {
                self.guesses[column] =
                    Guess::Comment { sure: false, why: "the only words that people may have written" };
                self.notes.push(format!(
                    "“{}” is taken for the comment, because short sentences stand there and nothing else is called so. If it \
                     is something to group by, take it with attr.NAME.",
                    self.headings[column]
                ));
            }
        }
    }

    fn ratings(&mut self) {
        let said = self.taken(|t| matches!(t, Target::Rating(_))).is_some();
        self.batteries();
        let mut found: Vec<(u8, usize, Scale, &'static str)> = Vec::new();
        for column in self.open_columns() {
            if let Guess::Rating { scale, sure, why } = &self.guesses[column] {
                if said {
                    self.columns[column] = Some(Column::left(Left::Other, "you named the columns with ratings"));
                } else {
                    found.push((*sure, column, (**scale).clone(), why));
                }
            }
        }
        let main =
            found.iter().max_by_key(|(sure, column, ..)| (*sure, usize::MAX - column)).map(|(s, c, ..)| (*s, *c));
        let mut used = BTreeSet::new();
        let mut beyond = Vec::new();
        let several = found.len() > 1;
        for (_, column, scale, why) in found {
            if used.len() == limits::RATINGS {
                beyond.push(self.headings[column].as_str());
                self.columns[column] =
                    Some(Column::left(Left::Other, "there are more ratings than a feedback may have"));
                continue;
            }
            let overall = main.is_some_and(|(sure, c)| c == column && (!several || sure >= 85));
            let name =
                if overall { "overall".to_owned() } else { attribute_name(&self.headings[column], column, &used) };
            used.insert(name.clone());
            let mut settled = Column::new(Target::Rating(name), why);
            settled.scale = Some(scale);
            self.columns[column] = Some(settled);
        }
        if several
            && !used.contains("overall")
            && let Some(first) = self.taken(|t| matches!(t, Target::Rating(_)))
        {
            self.notes.push(format!(
                "No column looks like an overall rating, so the first, “{}”, is the main one: trends and averages use it. \
                 Say which is (rating=…) if it is another.",
                self.headings[first]
            ));
        }
        if !beyond.is_empty() {
            let note = format!(
                "A feedback has at most {} ratings, so these columns are left out: {}. Name those that matter.",
                limits::RATINGS,
                listed(beyond, 10)
            );
            self.notes.push(note);
        }
    }

    /// Columns such as q1_01, q1_02, q1_03 that hold the same scale are the items of one question.
    fn batteries(&mut self) {
        let mut groups: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for column in self.open_columns() {
            if let Guess::Battery(scale) = &self.guesses[column] {
                let ends = (scale.column.worst, scale.column.best);
                let full = ends.1 >= 5.0 && self.profiles[column].distinct() as f64 > ends.1 - ends.0;
                let stem = self.headings[column].trim_end_matches(|c: char| c.is_ascii_digit());
                if full {
                    groups.entry(format!("{stem}|{}", ends.1)).or_default().push(column);
                }
            }
        }
        let mut taken = Vec::new();
        for column in self.open_columns() {
            let Guess::Battery(scale) = &self.guesses[column] else { continue };
            self.guesses[column] = if groups.values().any(|g| g.len() >= 3 && g.contains(&column)) {
                taken.push(self.headings[column].as_str());
                Guess::Rating { scale: scale.clone(), sure: 40, why: "one of several columns with the same scale" }
            } else {
                Guess::Leave(Left::Other, "holds codes whose meaning its heading does not tell".to_owned())
            };
        }
        if !taken.is_empty() {
            let note = format!(
                "{} columns such as {} hold answers on one scale and are taken for ratings, though their headings do not \
                 say what they ask. Check them against the questionnaire.",
                taken.len(),
                listed(taken.iter().copied().take(3), 3)
            );
            self.notes.push(note);
        }
    }

    fn attributes(&mut self) {
        let mut used: BTreeSet<String> = self
            .columns
            .iter()
            .flatten()
            .filter_map(|c| if let Target::Attribute(name) = &c.target { Some(name.clone()) } else { None })
            .collect();
        let said = used.len();
        let mut wanted: Vec<(u8, usize, &'static str)> = Vec::new();
        for column in self.open_columns() {
            match &self.guesses[column] {
                Guess::Attribute { name, sure } => match self.says_the_same(column) {
                    Some(other) => {
                        let why = format!("says the same as “{}”", self.headings[other]);
                        self.columns[column] = Some(Column::left(Left::Other, why));
                    }
                    None => wanted.push((*sure, column, name)),
                },
                Guess::Leave(left, why) => self.columns[column] = Some(Column::left(*left, why.clone())),
                _ => {}
            }
        }
        wanted.sort_by_key(|(sure, column, _)| (u8::MAX - sure, *column));
        let beyond: Vec<usize> = wanted
            .split_off((limits::ATTRIBUTES - said.min(limits::ATTRIBUTES)).min(wanted.len()))
            .iter()
            .map(|w| w.1)
            .collect();
        for &column in &beyond {
            self.columns[column] =
                Some(Column::left(Left::Other, "there are more attributes than a feedback may have"));
        }
        wanted.sort_by_key(|(_, column, _)| *column);
        for (sure, column, name) in wanted {
            let known = !name.is_empty() && !used.contains(name);
            let name = if known { name.to_owned() } else { attribute_name(&self.headings[column], column, &used) };
            used.insert(name.clone());
            let why = if sure >= 60 { "by its name" } else { "has few different values" };
            self.columns[column] = Some(Column::new(Target::Attribute(name), why));
        }
    }

    /// A note here and there does not make feedback of a table of figures.
    fn figures(&mut self) {
        let is = |column: &Option<Column>, matches: fn(&Column) -> bool| column.as_ref().is_some_and(matches);
        let numbers = self.columns.iter().filter(|c| is(c, |c| c.left == Some(Left::Counts))).count();
        let rated = self
            .columns
            .iter()
            .any(|c| is(c, |c| matches!(c.target, Target::Rating(_)) || c.said && c.target == Target::Comment));
        let comments: Vec<usize> =
            (0..self.columns.len()).filter(|&c| is(&self.columns[c], |c| c.target == Target::Comment)).collect();
        let sparse = comments.iter().all(|&c| self.profiles[c].filled * 3 < self.profiles[c].rows);
        if numbers >= 5 && numbers * 2 > self.columns.len() && !rated && sparse {
            for column in comments {
                self.columns[column] =
                    Some(Column::left(Left::Other, "is a remark here and there in a table of figures"));
            }
        }
    }

    /// What may say who somebody is stays out, whatever it was taken or said to be: by the name under which
    /// it would be kept, or by what it holds.
    fn private(&mut self) {
        for (column, settled) in self.columns.iter_mut().enumerate() {
            let Some(target) = settled.as_ref().map(|c| c.target.clone()) else { continue };
            let profile = &self.profiles[column];
            let named = matches!(&target, Target::Attribute(name) if personal::is_named(name));
            if named || (groups(&target) && profile.mostly_private()) {
                *settled = Some(Column::left(Left::Private, "may say who somebody is"));
            } else if matches!(target, Target::Attribute(_)) && profile.long_text() && !profile.few(300) {
                *settled = Some(Column::left(Left::Other, "holds words, not values to group by"));
                self.notes.push(format!(
                    "“{}” is left out: an attribute is one of a few values, a number or a date, and this column holds words. \
                     Take it for a comment if people wrote them.",
                    self.headings[column]
                ));
            }
        }
    }

    /// A column that says the same and is taken, or will be: the wordier of two is.
    fn says_the_same(&self, column: usize) -> Option<usize> {
        (0..self.columns.len()).find(|&other| {
            if other == column || !self.profiles[column].says_the_same_as(&self.profiles[other]) {
                return false;
            }
            match &self.columns[other] {
                Some(settled) => settled.target != Target::Ignore,
                None => {
                    let (mine, its) = (self.profiles[column].mean_chars(), self.profiles[other].mean_chars());
                    matches!(self.guesses[other], Guess::Attribute { .. })
                        && (its > mine || (its == mine && other < column))
                }
            }
        })
    }
}

/// Whether a column of this kind is something to group by, of which everybody sees the values.
fn groups(target: &Target) -> bool {
    matches!(
        target,
        Target::Service | Target::Touchpoint | Target::Device | Target::Language | Target::Area | Target::Attribute(_)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_is_found_without_regard_to_case_and_space() {
        let headings: Vec<String> = ["Your Comment", "date", "DATE"].map(str::to_owned).to_vec();
        assert_eq!(column_called(&headings, "your  comment"), Some(0));
        assert_eq!(column_called(&headings, "DATE"), Some(2));
        assert_eq!(column_called(&headings, "Date"), None);
    }

    #[test]
    fn a_column_that_is_missing_is_said_with_the_headings_there_are() {
        let headings = vec!["a".to_owned(), "b".to_owned()];
        let mut mapping = Mapping::default();
        mapping.columns.insert("c".into(), Target::Comment);
        let error = said("f.csv", &headings, &mapping).expect_err("it is missing").to_string();
        assert_eq!(error, "“f.csv” has no column “c”, which you said is the comment. Its headings are “a” and “b”.");
        mapping.columns = [("a".into(), Target::Service), ("b".into(), Target::Service)].into();
        assert!(said("f.csv", &headings, &mapping).expect_err("two services").to_string().contains("“a” and “b”"));
    }
}
