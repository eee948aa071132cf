//! How many feedback a second the store takes in, and gives back in the order of ids:
//! `cargo run --release -p commonweal-store --example intake_rate -- URL ROWS BATCH [ordered]`.
//!
//! Each feedback has about 30 words, one rating, three attributes and a dedupe key; with `ordered`
//! they come in the order of time, as exports do, otherwise at random. The database must be fresh.

use std::time::Instant;

use chrono::{DateTime, TimeDelta, Utc};
use commonweal_domain::feedback::CommentDoc;
use commonweal_domain::{
    Attributes, Capacity, Channel, Direction, FeedbackDoc, FeedbackId, Function, Rating, Reading, Sentiment, ServiceId,
};
use commonweal_store::{NewRecord, OpenOptions, Silent, Store, Trail, WriteBatch};
use uuid::{NoContext, Timestamp, Uuid};

const WORDS: &[&str] = &[
    "the",
    "upload",
    "page",
    "waited",
    "staff",
    "were",
    "kind",
    "but",
    "photo",
    "of",
    "my",
    "letter",
    "never",
    "arrived",
    "and",
    "then",
    "driver",
    "was",
    "very",
    "helpful",
    "on",
    "phone",
    "hospital",
    "appointment",
    "late",
    "again",
    "thank",
];

/// Numbers that look random and are the same each time (SplitMix64).
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: u64) -> u64 {
        self.next() % n
    }
}

struct Maker {
    numbers: Numbers,
    ids: u64,
    service: ServiceId,
    ordered: bool,
}

impl Maker {
    fn id(&mut self) -> Uuid {
        self.ids += 1;
        let (second, nanos) = (1_760_000_000 + self.ids / 100_000, (self.ids % 100_000) as u32 * 10_000);
        let stamp = Timestamp::from_unix(NoContext, second, nanos);
        let (seconds, nanos) = stamp.to_unix();
        let millis = seconds * 1000 + u64::from(nanos) / 1_000_000;
        let mut random = [0; 10];
        random[..8].copy_from_slice(&self.ids.to_be_bytes());
        uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
    }

    fn record(&mut self, n: u64) -> NewRecord {
        let words = 20 + self.numbers.below(20);
        let text =
            (0..words).map(|_| WORDS[self.numbers.below(WORDS.len() as u64) as usize]).collect::<Vec<_>>().join(" ");
        let start = DateTime::<Utc>::from_timestamp(1_700_000_000, 0).expect("a date");
        let offset = if self.ordered { n * 31_000_000 } else { self.numbers.below(31_000_000_000_000) };
        let at = start + TimeDelta::microseconds(offset as i64);
        let mut dedupe = [0; 16];
        dedupe[..8].copy_from_slice(&self.numbers.next().to_be_bytes());
        dedupe[8..].copy_from_slice(&self.numbers.next().to_be_bytes());
        let attribute =
            |name: &str, values: &[&str], at: u64| (name.to_owned(), values[at as usize % values.len()].to_owned());
        let attributes: Attributes = [
            attribute("age_band", &["18-24", "25-44", "45-64", "65+"], self.numbers.below(4)),
            attribute("tenure", &["social", "private", "owner"], self.numbers.below(3)),
            attribute("visit", &["first", "repeat"], self.numbers.below(2)),
        ]
        .into();
        let reading = Reading {
            language: Some("en".into()),
            sentiment: Some(Sentiment::Positive),
            sentiment_score: Some(0.5),
            confidence: Some(0.9),
            engine: "bench".into(),
            ..Reading::default()
        };
        let contact = self.id();
        let comment = self.id();
        NewRecord {
            contact: contact.into(),
            service: Some(self.service),
            touchpoint: None,
            dedupe: Some(dedupe),
            language_stated: false,
            comment_ids: vec![comment.into()],
            originals: vec![None],
            known_by: None,
            doc: FeedbackDoc {
                id: self.id().into(),
                at,
                received_at: at,
                service: None,
                touchpoint: None,
                channel: Channel::ALL[self.numbers.below(14) as usize],
                direction: Direction::In,
                function: Function::Serve,
                capacity: Capacity::Customer,
                language: Some("en".into()),
                device: Some("phone".into()),
                page: None,
                area: Some(format!("ward-{}", self.numbers.below(40))),
                source: "01900000-0000-7000-8000-000000000000".into(),
                import: None,
                ratings: vec![Rating {
                    name: "overall".into(),
                    value: (1 + self.numbers.below(5)) as f64,
                    worst: 1.0,
                    best: 5.0,
                }],
                comments: vec![CommentDoc { question: Some("What could we do better?".into()), text, reading }],
                attributes,
            },
        }
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let url = arguments.first().ok_or("the address of a fresh database is needed")?;
    let rows: u64 = arguments.get(1).map_or(Ok(1_000_000), |a| a.parse())?;
    let batch: u64 = arguments.get(2).map_or(Ok(2_000), |a| a.parse())?;
    let ordered = arguments.get(3).is_some_and(|a| a == "ordered");
    let store = Store::open(url, OpenOptions::default()).await?;
    let mut maker = Maker { numbers: Numbers(1), ids: 0, service: ServiceId(Uuid::nil()), ordered };
    let id = ServiceId(maker.id());
    let work = store.begin_work().await?;
    maker.service = work.services().ensure("Patient transport", id).await?.id;
    work.commit(Trail::Silent(Silent::Upkeep)).await?;

    let mut storing = 0.0;
    let mut slowest = 0.0_f64;
    let mut made = 0;
    let mut last = 0.0;
    while made < rows {
        let records = (made..rows.min(made + batch)).map(|n| maker.record(n)).collect();
        let batch = WriteBatch { records, ..WriteBatch::default() };
        let begun = Instant::now();
        let outcome = store.write(&batch).await?;
        let took = begun.elapsed().as_secs_f64();
        storing += took;
        slowest = slowest.max(took);
        made += outcome.written.len() as u64;
        if made % 100_000 == 0 {
            println!("{made}: {storing:.2} s, {:.0}/s lately", 100_000.0 / (storing - last));
            last = storing;
        }
    }
    println!(
        "written: {rows} in {storing:.2} s of store time, {:.0}/s; slowest batch {slowest:.3} s",
        rows as f64 / storing
    );

    let begun = Instant::now();
    let (mut after, mut read): (Option<FeedbackId>, usize) = (None, 0);
    loop {
        let docs = store.docs_after(after, 5_000).await?;
        let Some(last) = docs.last() else { break };
        after = Some(last.id);
        read += docs.len();
    }
    let took = begun.elapsed().as_secs_f64();
    println!("read: {read} in {took:.2} s, {:.0}/s", read as f64 / took);
    store.close().await?;
    Ok(())
}
