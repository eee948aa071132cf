//! Makes feedback of any number from real comments, always the same for the same seed.
//!
//! Days come in order, as in a file that a system gives out; within a day rows are not in order.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use anyhow::{Context, Result};
use chrono::{DateTime, Datelike, Days, NaiveDate, TimeDelta, Utc, Weekday};
use commonweal_random::Random;

use crate::random::Weighted;
use crate::words::Comments;

/// First day of the data.
pub(crate) const FIRST_DAY: NaiveDate = NaiveDate::from_ymd_opt(2022, 1, 1).expect("a date");
/// Days of the data: three years.
pub(crate) const DAYS: u64 = 1_096;

/// A month that has a year of data before it, as questions name it: another one for each number, and then again.
pub(crate) fn month(n: usize) -> String {
    format!("{}-{:02}", FIRST_DAY.year() + 1 + i32::from((n / 12) % 2 == 1), n % 12 + 1)
}

/// Services, most used first.
pub(crate) const SERVICES: [&str; 12] = [
    "Council tax",
    "Bins and recycling",
    "Housing repairs",
    "Parking permits",
    "Planning",
    "School admissions",
    "Blue Badge",
    "Libraries",
    "Benefits",
    "Adult social care",
    "Streets and pavements",
    "Births and deaths",
];

/// Moments of every service, in order.
pub(crate) const TOUCHPOINTS: [&str; 5] = ["Find out", "Apply", "Wait", "Use", "Complain"];

/// Channels by their stable names, with how much they are used.
pub(crate) const CHANNELS: [(&str, f64); 14] = [
    ("web", 38.0),
    ("mobile_app", 9.0),
    ("email", 12.0),
    ("phone", 17.0),
    ("automated_phone", 2.5),
    ("sms", 6.0),
    ("live_chat", 3.0),
    ("social", 2.5),
    ("in_person", 4.0),
    ("kiosk", 1.5),
    ("letter", 2.0),
    ("paper", 1.5),
    ("event", 0.5),
    ("other", 0.5),
];

/// Age bands with their shares.
pub(crate) const AGE_BANDS: [(&str, f64); 8] = [
    ("16-24", 8.0),
    ("25-34", 15.0),
    ("35-44", 18.0),
    ("45-54", 18.0),
    ("55-64", 16.0),
    ("65-74", 14.0),
    ("75-84", 8.0),
    ("85+", 3.0),
];

/// Device classes with their shares.
pub(crate) const DEVICES: [(&str, f64); 3] = [("phone", 56.0), ("desktop", 36.0), ("tablet", 8.0)];
/// Areas.
pub(crate) const AREAS: usize = 40;
/// Pages.
pub(crate) const PAGES: usize = 2_000;
/// Share of people whose age band is known.
const AGE_KNOWN: f64 = 0.85;

/// Name of an area.
pub(crate) fn area(n: usize) -> String {
    format!("Ward {:02}", n + 1)
}

/// Address of a page; pages belong to services.
pub(crate) fn page(n: usize) -> String {
    let service = SERVICES[n % SERVICES.len()].to_lowercase().replace(' ', "-");
    format!("https://www.example.gov.uk/{service}/page-{:04}", n + 1)
}

/// One feedback.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) number: u64,
    pub(crate) at: DateTime<Utc>,
    pub(crate) service: usize,
    pub(crate) touchpoint: usize,
    pub(crate) channel: usize,
    pub(crate) rating: usize,
    pub(crate) comment: String,
    pub(crate) page: Option<usize>,
    pub(crate) device: Option<usize>,
    pub(crate) area: usize,
    pub(crate) age_band: Option<usize>,
}

/// Makes rows, one after another.
pub(crate) struct Maker<'a> {
    comments: &'a Comments,
    random: Random,
    /// How many rows end with each day.
    through: Vec<u64>,
    day: usize,
    next: u64,
    hours: Weighted,
    services: Weighted,
    touchpoints: Weighted,
    channels: Weighted,
    areas: Weighted,
    pages: Weighted,
    ages: Weighted,
    devices: Weighted,
    /// Per service, the shares of ratings: some services please more than others.
    ratings: Vec<Weighted>,
}

fn shares<const N: usize>(named: &[(&str, f64); N]) -> Weighted {
    Weighted::new(&named.map(|(_, weight)| weight))
}

impl<'a> Maker<'a> {
    pub(crate) fn new(comments: &'a Comments, rows: u64, seed: u64) -> Self {
        let mut random = Random::new(seed);
        let weights: Vec<f64> = (0..DAYS).map(|n| weight_of(FIRST_DAY + Days::new(n), &mut random)).collect();
        let all: f64 = weights.iter().sum();
        let mut reached = 0.0;
        let mut through: Vec<u64> = weights
            .iter()
            .map(|w| {
                reached += w;
                (reached / all * rows as f64).round() as u64
            })
            .collect();
        if let Some(last) = through.last_mut() {
            *last = rows;
        }
        let hours: Vec<f64> = [2, 1, 1, 1, 1, 2, 5, 12, 25, 40, 45, 42, 38, 36, 38, 36, 33, 28, 24, 22, 20, 15, 9, 4]
            .map(f64::from)
            .to_vec();
        let ratings = (0..SERVICES.len())
            .map(|s| {
                let pull = (s as f64 - 5.5) / 12.0;
                let tilted: Vec<f64> = comments
                    .ratings
                    .iter()
                    .enumerate()
                    .map(|(r, share)| (share + 0.06) * (pull * r as f64 * 0.4).exp())
                    .collect();
                Weighted::new(&tilted)
            })
            .collect();
        Self {
            comments,
            random,
            through,
            day: 0,
            next: 0,
            hours: Weighted::new(&hours),
            services: Weighted::new(&Weighted::zipf(SERVICES.len(), 0.8)),
            touchpoints: Weighted::new(&[22.0, 30.0, 18.0, 24.0, 6.0]),
            channels: shares(&CHANNELS),
            areas: Weighted::new(&Weighted::zipf(AREAS, 0.5)),
            pages: Weighted::new(&Weighted::zipf(PAGES, 0.9)),
            ages: shares(&AGE_BANDS),
            devices: shares(&DEVICES),
            ratings,
        }
    }
}

/// How much comes in on a day: less at the weekend, more in spring, a slow growth, some noise.
fn weight_of(day: NaiveDate, random: &mut Random) -> f64 {
    let week = match day.weekday() {
        Weekday::Sat => 0.45,
        Weekday::Sun => 0.35,
        Weekday::Mon => 1.25,
        _ => 1.0,
    };
    let year = 1.0 + 0.25 * ((f64::from(day.ordinal()) - 90.0) / 365.0 * std::f64::consts::TAU).cos();
    let growth = 1.0 + 0.4 * (day - FIRST_DAY).num_days() as f64 / DAYS as f64;
    week * year * growth * (0.85 + 0.3 * random.unit())
}

impl Iterator for Maker<'_> {
    type Item = Row;

    fn next(&mut self) -> Option<Row> {
        let rows = *self.through.last()?;
        if self.next >= rows {
            return None;
        }
        while self.next >= self.through[self.day] {
            self.day += 1;
        }
        let random = &mut self.random;
        let date = FIRST_DAY + Days::new(self.day as u64);
        let second = self.hours.draw(random) as i64 * 3_600 + random.below(3_600) as i64;
        let at = date.and_time(chrono::NaiveTime::MIN).and_utc() + TimeDelta::seconds(second);
        let service = self.services.draw(random);
        let channel = self.channels.draw(random);
        let rating = 1 + self.ratings[service].draw(random);
        let mut comment = String::new();
        self.comments.make(rating, random, &mut comment);
        let digital = channel < 2;
        let row = Row {
            number: self.next,
            at,
            service,
            touchpoint: self.touchpoints.draw(random),
            channel,
            rating,
            comment,
            // The table has room for 4,096 shares; the rarest half of the pages is drawn evenly.
            page: digital.then(|| if random.chance(0.15) { random.below(PAGES) } else { self.pages.draw(random) }),
            device: digital.then(|| if channel == 1 { 0 } else { self.devices.draw(random) }),
            area: self.areas.draw(random),
            age_band: random.chance(AGE_KNOWN).then(|| self.ages.draw(random)),
        };
        self.next += 1;
        Some(row)
    }
}

/// Columns of the file.
pub(crate) const HEADINGS: [&str; 11] =
    ["id", "at", "service", "touchpoint", "channel", "rating", "comment", "page", "device", "area", "age_band"];
/// What is said about the columns at the import.
pub(crate) const MAP: &str = "id=id,at=at,service=service,touchpoint=touchpoint,channel=channel,rating=rating,\
                              comment=comment,page=page,device=device,area=area,attr.age_band=age_band";

/// Writes a CSV file and tells how many words it has.
pub(crate) fn write_csv(comments: &Comments, rows: u64, seed: u64, path: &Path) -> Result<u64> {
    let part = path.with_extension("part");
    let mut out = BufWriter::with_capacity(1 << 20, File::create(&part)?);
    writeln!(out, "{}", HEADINGS.join(","))?;
    let mut words = 0;
    for row in Maker::new(comments, rows, seed) {
        words += row.comment.split_whitespace().count() as u64;
        writeln!(
            out,
            "R{:09},{},{},{},{},{},\"{}\",{},{},{},{}",
            row.number,
            row.at.format("%Y-%m-%dT%H:%M:%SZ"),
            SERVICES[row.service],
            TOUCHPOINTS[row.touchpoint],
            CHANNELS[row.channel].0,
            row.rating,
            row.comment.replace('"', "\"\""),
            row.page.map(page).unwrap_or_default(),
            row.device.map(|d| DEVICES[d].0).unwrap_or_default(),
            area(row.area),
            row.age_band.map(|a| AGE_BANDS[a].0).unwrap_or_default(),
        )?;
    }
    out.flush()?;
    drop(out);
    std::fs::rename(part, path)?;
    Ok(words)
}

/// The rows of a file that was written here, so that a comparison is on the very same rows.
pub(crate) fn read_csv(path: &Path) -> Result<impl Iterator<Item = Result<Row>> + use<>> {
    let reader = csv::Reader::from_path(path)?;
    Ok(reader.into_records().map(|record| row_of(&record?).context("A row is not as it was written.")))
}

fn place(mut of: impl Iterator<Item = &'static str>, name: &str) -> Option<usize> {
    of.position(|n| n == name)
}

fn row_of(record: &csv::StringRecord) -> Option<Row> {
    let cell = |n: usize| record.get(n);
    let numbered = |text: &str, separator| text.rsplit_once(separator)?.1.parse::<usize>().ok()?.checked_sub(1);
    let maybe = |n: usize| cell(n).filter(|c| !c.is_empty());
    Some(Row {
        number: cell(0)?.strip_prefix('R')?.parse().ok()?,
        at: cell(1)?.parse().ok()?,
        service: place(SERVICES.into_iter(), cell(2)?)?,
        touchpoint: place(TOUCHPOINTS.into_iter(), cell(3)?)?,
        channel: place(CHANNELS.iter().map(|c| c.0), cell(4)?)?,
        rating: cell(5)?.parse().ok()?,
        comment: cell(6)?.to_owned(),
        page: maybe(7).and_then(|p| numbered(p, '-')),
        device: maybe(8).and_then(|d| place(DEVICES.iter().map(|d| d.0), d)),
        area: numbered(cell(9)?, ' ')?,
        age_band: maybe(10).and_then(|a| place(AGE_BANDS.iter().map(|a| a.0), a)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_read_as_it_was_made() {
        let sample = concat!(env!("CARGO_MANIFEST_DIR"), "/../sample-data/nhs-friends-and-family.csv");
        let comments = Comments::load(&[sample.into()]).expect("the sample");
        let file = std::env::temp_dir().join(format!("commonweal-bench-{}.csv", std::process::id()));
        write_csv(&comments, 500, 3, &file).expect("written");
        let read: Vec<Row> = read_csv(&file).expect("opened").collect::<Result<_>>().expect("read");
        std::fs::remove_file(&file).expect("removed");
        let made: Vec<Row> = Maker::new(&comments, 500, 3).collect();
        assert_eq!(format!("{read:?}"), format!("{made:?}"));
    }

    #[test]
    fn rows_are_as_many_as_asked_repeatable_and_of_the_length_that_is_wanted() {
        let sample = concat!(env!("CARGO_MANIFEST_DIR"), "/../sample-data/nhs-friends-and-family.csv");
        let comments = Comments::load(&[sample.into()]).expect("the sample");
        let rows: Vec<Row> = Maker::new(&comments, 5_000, 3).collect();
        assert_eq!(rows.len(), 5_000);
        let again: Vec<String> = Maker::new(&comments, 5_000, 3).map(|r| r.comment).collect();
        assert!(rows.iter().zip(&again).all(|(a, b)| a.comment == *b));
        let mean = rows.iter().map(|r| r.comment.split_whitespace().count()).sum::<usize>() as f64 / 5_000.0;
        assert!((25.0..35.0).contains(&mean), "{mean}");
        assert!(rows.windows(2).all(|w| w[0].at.date_naive() <= w[1].at.date_naive()));
    }
}
