//! `commonweal read`: the reading engine at the command line.

use std::io::{BufRead, BufWriter, Write};
use std::num::NonZeroUsize;

use anyhow::{Context, Result, bail};
use commonweal_domain::{Rating, Reading, Sentiment};
use commonweal_text::codeframe::{CodeframeTheme, coder, public_services};
use commonweal_text::{Input, Reader};
use serde::Serialize;

use crate::args::Read;

/// Longest comment that is read; what is longer is no comment, and is refused in its place.
const MAX_BYTES: usize = 1_000_000;
/// Comments handed to the processors at a time.
const BATCH: usize = 4096;

/// A comment with what is known of it.
#[derive(Debug, Default)]
struct Comment {
    text: String,
    question: Option<String>,
    score: Option<f64>,
}

/// What is printed of a comment. The names are part of the command's interface.
#[derive(Serialize)]
struct Printed {
    language: Option<String>,
    sentiment: Option<PrintedSentiment>,
    emotion: Option<String>,
    themes: Vec<String>,
    redacted: String,
    spans: Vec<commonweal_domain::reading::RedactedSpan>,
    alerts: Vec<String>,
    contradiction: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

#[derive(Serialize)]
struct PrintedSentiment {
    class: Sentiment,
    score: Option<f64>,
    confidence: Option<f64>,
    words: Vec<String>,
}

impl Printed {
    fn of(reading: Reading) -> Self {
        // Four digits say all there is to say.
        let short = |v: f64| (v * 1e4).round() / 1e4;
        Self {
            language: reading.language,
            sentiment: reading.sentiment.map(|class| PrintedSentiment {
                class,
                score: reading.sentiment_score.map(short),
                confidence: reading.confidence.map(short),
                words: reading.words,
            }),
            emotion: reading.emotion,
            themes: reading.themes,
            redacted: reading.redacted,
            spans: reading.spans,
            alerts: reading.alerts,
            contradiction: reading.contradiction,
            error: None,
        }
    }

    fn refused(bytes: usize) -> Self {
        let error = format!("This comment has {bytes} bytes; at most {MAX_BYTES} are read.");
        Self { error: Some(error), ..Self::of(Reading::default()) }
    }
}

pub(crate) fn run(args: &Read) -> Result<()> {
    let themes: Vec<CodeframeTheme> = match &args.codeframe {
        None => public_services(),
        Some(file) => {
            let text = std::fs::read_to_string(file).with_context(|| format!("{} can't be read.", file.display()))?;
            serde_json::from_str(&text).with_context(|| format!("{} is not a codeframe file.", file.display()))?
        }
    };
    let reader = Reader::default().with_themes(coder(&themes));
    let input = std::io::stdin().lock();
    let mut out = BufWriter::with_capacity(1 << 16, std::io::stdout().lock());
    let done =
        if args.csv { read_csv(args, &reader, input, &mut out) } else { read_lines(args, &reader, input, &mut out) };
    done.and_then(|()| out.flush().map_err(Into::into))
}

fn read_lines(args: &Read, reader: &Reader, mut input: impl BufRead, out: &mut impl Write) -> Result<()> {
    let mut batch = Vec::with_capacity(BATCH);
    let mut line = Vec::new();
    loop {
        line.clear();
        let ended = input.read_until(b'\n', &mut line)? == 0;
        if !ended {
            let text = String::from_utf8_lossy(&line);
            let text = text.trim_end_matches(['\n', '\r']).trim_start_matches('\u{feff}');
            batch.push(Comment { text: text.to_owned(), question: args.question.clone(), score: None });
        }
        if batch.len() == BATCH || (ended && !batch.is_empty()) {
            print(args, reader, &batch, out)?;
            batch.clear();
        }
        if ended {
            return Ok(());
        }
    }
}

fn read_csv(args: &Read, reader: &Reader, input: impl BufRead, out: &mut impl Write) -> Result<()> {
    let mut csv = csv::ReaderBuilder::new().flexible(true).from_reader(input);
    let headings: Vec<String> = csv
        .byte_headers()?
        .iter()
        .map(|h| String::from_utf8_lossy(h).trim_start_matches('\u{feff}').trim().to_owned())
        .collect();
    let column = |name: &str| -> Result<usize> {
        let place = headings.iter().position(|h| h.eq_ignore_ascii_case(name.trim()));
        place.with_context(|| format!("There is no column `{name}`. There are: {}.", headings.join(", ")))
    };
    let comment = match &args.comment {
        Some(name) => column(name)?,
        None => {
            let usual =
                ["comment", "comments", "feedback", "text", "answer", "words", "review", "message", "fft answer"];
            let found = usual.iter().find_map(|u| headings.iter().position(|h| h.eq_ignore_ascii_case(u)));
            let said =
                || format!("Say which column holds the comments with --comment. There are: {}.", headings.join(", "));
            match found.or((headings.len() == 1).then_some(0)) {
                Some(place) => place,
                None => bail!(said()),
            }
        }
    };
    let rating = args.rating.as_deref().map(column).transpose()?;
    let question = args.question_column.as_deref().map(column).transpose()?;
    let scale = args
        .scale
        .split_once(',')
        .and_then(|(a, b)| Some((a.trim().parse::<f64>().ok()?, b.trim().parse::<f64>().ok()?)));
    let Some((worst, best)) = scale.filter(|(a, b)| a != b) else {
        bail!("--scale {}: write the worst and the best rating, for example 1,5.", args.scale);
    };
    let mut batch = Vec::with_capacity(BATCH);
    let mut record = csv::ByteRecord::new();
    loop {
        let more = csv.read_byte_record(&mut record)?;
        if more {
            let cell = |n: usize| record.get(n).map(String::from_utf8_lossy).unwrap_or_default();
            let score = rating
                .and_then(|n| cell(n).trim().parse::<f64>().ok())
                .map(|value| Rating { name: String::new(), value, worst, best }.score());
            let asked = question.map(|n| cell(n).trim().to_owned()).filter(|q| !q.is_empty());
            batch.push(Comment {
                text: cell(comment).into_owned(),
                question: asked.or_else(|| args.question.clone()),
                score,
            });
        }
        if batch.len() == BATCH || (!more && !batch.is_empty()) {
            print(args, reader, &batch, out)?;
            batch.clear();
        }
        if !more {
            return Ok(());
        }
    }
}

/// Reads a batch on all processors and prints it in its order.
fn print(args: &Read, reader: &Reader, batch: &[Comment], out: &mut impl Write) -> Result<()> {
    let threads = std::thread::available_parallelism().map_or(1, NonZeroUsize::get).min(batch.len());
    let printed: Vec<Result<Vec<u8>>> = std::thread::scope(|scope| {
        let parts: Vec<_> = batch
            .chunks(batch.len().div_ceil(threads).max(1))
            .map(|part| {
                scope.spawn(move || {
                    let mut lines = Vec::with_capacity(part.len() * 256);
                    for comment in part {
                        let said = if comment.text.len() > MAX_BYTES {
                            Printed::refused(comment.text.len())
                        } else {
                            Printed::of(reader.read(Input {
                                text: &comment.text,
                                question: comment.question.as_deref(),
                                score: comment.score,
                                language: args.language.as_deref(),
                            }))
                        };
                        serde_json::to_writer(&mut lines, &said)?;
                        lines.push(b'\n');
                    }
                    Ok(lines)
                })
            })
            .collect();
        parts.into_iter().map(|p| p.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))).collect()
    });
    for lines in printed {
        out.write_all(&lines?)?;
    }
    Ok(())
}
