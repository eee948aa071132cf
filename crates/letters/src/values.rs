//! A letter as values: what the page that describes a letter is given. All of it is text, cleaned and in pieces that fit their lines.

use std::ops::Range;

use commonweal_messages::{Block, Inline, link_as_text};
use serde::Serialize;

use crate::Letter;
use crate::page::{AT, DIGIT_WIDTH, MARKER_WIDTH, MIN_WIDTH, Page, WORDS_WIDTH};
use crate::problem::Problem;
use crate::text::{Pieces, cut, fitted, tidy, wide_words};
use crate::words::Words;

/// Letters of the text, in points.
const SIZE: f64 = 11.0;
/// Letters of headings and titles, at most.
const LARGE: f64 = 14.0;
/// Columns that a table may have; the rows of a wider one are written as points.
const MAX_COLUMNS: usize = 4;
/// The highest number that a list begins with, as in Markdown.
const MAX_NUMBER: u64 = 999_999_999;
/// A letter with more is longer than any that is printed: not worth setting.
const MAX_LINES: usize = 1_000;
/// The same of its characters.
const MAX_CHARS: usize = 100_000;

/// What the page is given.
#[derive(Serialize)]
pub(crate) struct Values {
    page: Page,
    language: String,
    title: Pieces,
    office: Office,
    address: Vec<String>,
    opening: Vec<Pieces>,
    numbers: (&'static str, &'static str),
    blocks: Vec<Piece>,
}

#[derive(Serialize)]
struct Office {
    name: Pieces,
    lines: Vec<Pieces>,
}

#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum Piece {
    Paragraph { parts: Vec<Part> },
    Heading { level: u8, parts: Vec<Part> },
    Points { tight: bool, items: Vec<Vec<Piece>> },
    Steps { tight: bool, start: u64, items: Vec<Vec<Piece>> },
    Table { head: Vec<Vec<Part>>, rows: Vec<Vec<Vec<Part>>> },
    Inset { blocks: Vec<Piece> },
    Rule,
}

#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum Part {
    Text { pieces: Pieces },
    Strong { parts: Vec<Part> },
    Emphasis { parts: Vec<Part> },
    Break,
}

/// The values of a letter whose address is printed like this.
pub(crate) fn values(letter: &Letter<'_>, address: &[String]) -> Result<Values, Problem> {
    let words = Words::of(letter.language);
    let title = fitted(letter.subject, WORDS_WIDTH, LARGE)?;
    if title.concat().trim().is_empty() {
        return Err(Problem::NoSubject);
    }
    let name = fitted(&letter.office.name, AT.office_width, SIZE)?;
    if name.concat().trim().is_empty() {
        return Err(Problem::NoOffice);
    }
    let office_line = |line: &String| fitted(line, AT.office_width, SIZE);
    let lines = letter.office.lines.iter().map(office_line).collect::<Result<Vec<_>, _>>()?;
    let mut opening = vec![vec![words.date(letter.date)]];
    if let Some(reference) = letter.reference {
        opening.push(fitted(&format!("{} {reference}", words.reference), WORDS_WIDTH, SIZE)?);
    }
    let mut setter = Setter::default();
    let blocks = setter.blocks(letter.blocks, WORDS_WIDTH)?;
    if !setter.has_words {
        return Err(Problem::NoWords);
    }
    Ok(Values {
        page: AT,
        language: words.language,
        title,
        office: Office { name, lines: lines.into_iter().filter(|line| !line.concat().trim().is_empty()).collect() },
        address: address.iter().map(|line| tidy(line)).collect::<Result<_, _>>()?,
        opening,
        numbers: words.numbers,
        blocks,
    })
}

/// What was met so far.
#[derive(Default)]
struct Setter {
    lines: usize,
    chars: usize,
    heading: u8,
    has_words: bool,
}

impl Setter {
    fn line(&mut self) -> Result<(), Problem> {
        self.lines += 1;
        if self.lines > MAX_LINES { Err(Problem::TooManyPages) } else { Ok(()) }
    }

    fn blocks(&mut self, blocks: &[Block], wide: f64) -> Result<Vec<Piece>, Problem> {
        if wide < MIN_WIDTH {
            return Err(Problem::TooDeep);
        }
        let mut pieces = Vec::new();
        for block in blocks {
            pieces.extend(self.block(block, wide)?);
        }
        Ok(pieces)
    }

    /// Nothing of a block in which nothing stands.
    fn block(&mut self, block: &Block, wide: f64) -> Result<Option<Piece>, Problem> {
        self.line()?;
        Ok(match block {
            Block::Paragraph(content) => self.parts(content, wide, SIZE)?.map(|parts| Piece::Paragraph { parts }),
            Block::Heading { level, content } => match self.parts(content, wide, LARGE)? {
                None => None,
                // No level is left out, or whoever hears the letter would look for it (PDF/UA).
                Some(parts) => {
                    self.heading = (*level).clamp(1, self.heading.saturating_add(1)).min(3);
                    Some(Piece::Heading { level: self.heading, parts })
                }
            },
            Block::List { start, items } => {
                let start = start.map(|start| start.min(MAX_NUMBER));
                let digits = start.map_or(0, |start| start.saturating_add(items.len() as u64).to_string().len());
                let room = wide - MARKER_WIDTH - DIGIT_WIDTH * digits as f64;
                let tight = items.iter().all(|item| item.len() <= 1);
                let items = items.iter().map(|item| self.blocks(item, room)).collect::<Result<Vec<_>, _>>()?;
                let items: Vec<_> = items.into_iter().filter(|item| !item.is_empty()).collect();
                match (items.is_empty(), start) {
                    (true, _) => None,
                    (false, None) => Some(Piece::Points { tight, items }),
                    (false, Some(start)) => Some(Piece::Steps { tight, start, items }),
                }
            }
            Block::Table { head, rows } => self.table(head, rows, wide)?,
            Block::Quote(blocks) => {
                let blocks = self.blocks(blocks, wide - AT.inset)?;
                (!blocks.is_empty()).then_some(Piece::Inset { blocks })
            }
            Block::Rule => Some(Piece::Rule),
        })
    }

    /// A table, or where it has too many columns for a page a point for each row.
    fn table(&mut self, head: &[Vec<Inline>], rows: &[Vec<Vec<Inline>>], wide: f64) -> Result<Option<Piece>, Problem> {
        if head.is_empty() {
            return Ok(None);
        }
        let columns = head.len().max(rows.iter().map(Vec::len).max().unwrap_or(0));
        if columns > MAX_COLUMNS {
            let items = rows.iter().map(|row| self.row(head, row, wide)).collect::<Result<Vec<_>, _>>()?;
            let items: Vec<_> = items.into_iter().filter(|item| !item.is_empty()).collect();
            return Ok((!items.is_empty()).then_some(Piece::Points { tight: false, items }));
        }
        let room = wide / columns as f64 - 2.0 * AT.cell_inset;
        let mut filled = |row: &[Vec<Inline>]| {
            self.line()?;
            let cell =
                |n: usize| Ok(self.parts(row.get(n).map_or(&[][..], Vec::as_slice), room, SIZE)?.unwrap_or_default());
            (0..columns).map(cell).collect::<Result<Vec<_>, Problem>>()
        };
        let head = filled(head)?;
        let rows = rows.iter().map(|row| filled(row)).collect::<Result<Vec<_>, _>>()?;
        Ok(Some(Piece::Table { head, rows }))
    }

    /// A row as one paragraph: what stands above each cell, and the cell.
    fn row(&mut self, head: &[Vec<Inline>], row: &[Vec<Inline>], wide: f64) -> Result<Vec<Piece>, Problem> {
        let mut all = Vec::new();
        for (n, cell) in row.iter().enumerate() {
            let Some(cell) = self.written(cell)? else { continue };
            if !all.is_empty() {
                all.push(Part::Break);
            }
            if let Some(name) = self.written(head.get(n).map_or(&[][..], Vec::as_slice))? {
                all.extend(name);
                all.push(Part::Text { pieces: vec![": ".to_owned()] });
            }
            all.extend(cell);
        }
        let parts = fit(all, wide - MARKER_WIDTH, SIZE);
        Ok(if parts.is_empty() { Vec::new() } else { vec![Piece::Paragraph { parts }] })
    }

    /// A line that fits, or nothing if nothing can be read in it.
    fn parts(&mut self, line: &[Inline], wide: f64, size: f64) -> Result<Option<Vec<Part>>, Problem> {
        Ok(self.written(line)?.map(|parts| fit(parts, wide, size)))
    }

    /// A line whose words are not broken yet, or nothing if nothing can be read in it.
    fn written(&mut self, line: &[Inline]) -> Result<Option<Vec<Part>>, Problem> {
        let chars = self.chars;
        let parts = self.inline(line)?;
        let is_there = self.chars > chars;
        self.has_words |= is_there;
        Ok(is_there.then_some(parts))
    }

    fn inline(&mut self, line: &[Inline]) -> Result<Vec<Part>, Problem> {
        let mut parts = Vec::new();
        for one in line {
            parts.extend(match one {
                Inline::Text(text) => self.text(text)?,
                Inline::Strong(line) => nested(self.inline(line)?, |parts| Part::Strong { parts }),
                Inline::Emphasis(line) => nested(self.inline(line)?, |parts| Part::Emphasis { parts }),
                // On paper an address is only there if it is read.
                Inline::Link { to, content } => self.text(&link_as_text(content, to))?,
                // It is elsewhere, and a letter is set without asking anybody.
                Inline::Image { alternative, .. } => self.text(&format!("[{alternative}]"))?,
                Inline::LineBreak => {
                    self.line()?;
                    Some(Part::Break)
                }
            });
        }
        Ok(parts)
    }

    fn text(&mut self, text: &str) -> Result<Option<Part>, Problem> {
        let text = tidy(text)?;
        self.chars += text.chars().filter(|c| !c.is_whitespace()).count();
        if self.chars > MAX_CHARS {
            return Err(Problem::TooManyPages);
        }
        Ok((!text.is_empty()).then(|| Part::Text { pieces: vec![text] }))
    }
}

fn nested(parts: Vec<Part>, of: impl FnOnce(Vec<Part>) -> Part) -> Option<Part> {
    (!parts.is_empty()).then(|| of(parts))
}

/// Breaks words that are wider than the line, wherever their parts stand.
fn fit(mut parts: Vec<Part>, wide: f64, size: f64) -> Vec<Part> {
    let mut line = String::new();
    read(&parts, &mut line);
    let words = wide_words(&line, wide, size);
    if !words.is_empty() {
        cut_all(&mut parts, &mut 0, &words);
    }
    parts
}

fn read(parts: &[Part], line: &mut String) {
    for part in parts {
        match part {
            Part::Text { pieces } => line.extend(pieces.iter().map(String::as_str)),
            Part::Strong { parts } | Part::Emphasis { parts } => read(parts, line),
            Part::Break => line.push('\n'),
        }
    }
}

fn cut_all(parts: &mut [Part], at: &mut usize, words: &[Range<usize>]) {
    for part in parts {
        match part {
            Part::Text { pieces } => {
                let text = pieces.concat();
                *pieces = cut(&text, *at, words);
                *at += text.len();
            }
            Part::Strong { parts } | Part::Emphasis { parts } => cut_all(parts, at, words),
            Part::Break => *at += '\n'.len_utf8(),
        }
    }
}
