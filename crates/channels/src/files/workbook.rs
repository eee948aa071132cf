//! Workbooks: their sheets, and the rows of one sheet.
//!
//! calamine's readers borrow the workbook they read, so a workbook lives on a thread of its own and
//! hands its rows over in batches. That also keeps a damaged file from taking more down than
//! itself.

use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::thread;

use calamine::{Cell, Data, DataRef, ExcelDateTime, Reader, SheetType, Xls, Xlsb, Xlsx};
use commonweal_ports::FileError;

use super::kind::Kind;
use super::ods::{self, Next};
use super::record::{Record, Records, unreadable};

/// Rows of each sheet that are looked at to choose the sheet.
pub(crate) const PEEK_ROWS: usize = 60;

/// Rows handed over at a time, and how many such batches may wait.
const BATCH: usize = 256;
const WAITING: usize = 4;

/// Columns that a spreadsheet program can hold.
const MAX_COLUMNS: usize = 16_384;

/// The first rows of a sheet.
pub(crate) struct Peek {
    pub(crate) name: String,
    pub(crate) rows: Vec<Record>,
    /// Rows that the sheet says it has, when it says so.
    pub(crate) declared: u64,
}

enum Sent {
    /// The names of the sheets, and a look at those that may be wanted.
    Sheets(Vec<String>, Vec<Peek>),
    Rows(Vec<Record>),
    End,
    Failed(String),
}

/// An opened workbook whose sheets are known.
pub(crate) struct Workbook {
    file: String,
    bytes: u64,
    choose: Sender<String>,
    sent: Receiver<Sent>,
}

impl Workbook {
    /// Opens a workbook; gives the names of its sheets and a look at them, or only at the sheet
    /// `only` if there is one.
    pub(crate) fn open(
        path: &Path,
        file: &str,
        kind: Kind,
        only: Option<&str>,
        row_bytes: usize,
    ) -> Result<(Self, Vec<String>, Vec<Peek>), FileError> {
        let bytes = std::fs::metadata(path).map(|m| m.len()).unwrap_or(0);
        let (choose, chosen) = channel();
        let (send, sent) = sync_channel(WAITING);
        let work = Work { path: path.to_owned(), only: only.map(str::to_owned), row_bytes, chosen, send };
        thread::Builder::new()
            .name("workbook".to_owned())
            .spawn(move || work.run(kind))
            .map_err(|e| super::record::io_error(file, e))?;
        let workbook = Self { file: file.to_owned(), bytes, choose, sent };
        match workbook.sent.recv() {
            Ok(Sent::Sheets(names, peeks)) => Ok((workbook, names, peeks)),
            Ok(Sent::Failed(why)) => Err(workbook.damaged(&why)),
            _ => Err(workbook.damaged("its contents make no sense")),
        }
    }

    /// The rows of a sheet from its first.
    pub(crate) fn rows(self, sheet: &str, declared: u64) -> SheetRows {
        // When the thread is gone, the first batch says so.
        let _ = self.choose.send(sheet.to_owned());
        SheetRows { workbook: self, batch: Vec::new().into_iter(), at: 0, declared, ended: false }
    }

    fn damaged(&self, why: &str) -> FileError {
        unreadable(format!(
            "“{}” looks like a workbook but cannot be read: {why}. Open it in a spreadsheet program, save it again as \
             XLSX or CSV, and hand that in.",
            self.file
        ))
    }
}

/// The rows of one sheet.
pub(crate) struct SheetRows {
    workbook: Workbook,
    batch: std::vec::IntoIter<Record>,
    at: u64,
    declared: u64,
    ended: bool,
}

impl Records for SheetRows {
    fn next(&mut self, record: &mut Record) -> Result<bool, FileError> {
        loop {
            if let Some(next) = self.batch.next() {
                *record = next;
                self.at = record.row;
                return Ok(true);
            }
            if self.ended {
                return Ok(false);
            }
            match self.workbook.sent.recv() {
                Ok(Sent::Rows(rows)) => self.batch = rows.into_iter(),
                Ok(Sent::End) => self.ended = true,
                Ok(Sent::Failed(why)) => {
                    let why = format!("{why} (after row {})", self.at);
                    return Err(self.workbook.damaged(&why));
                }
                Ok(Sent::Sheets(..)) | Err(_) => {
                    return Err(self.workbook.damaged(&format!("it breaks off after row {}", self.at)));
                }
            }
        }
    }

    fn progress(&self) -> (u64, u64) {
        let total = self.workbook.bytes;
        if self.ended {
            return (total, total);
        }
        // Parts of a workbook are packed in any order, so rows tell better than bytes how far it is.
        let at = self.at as f64;
        // Some programs declare one row whatever there is: then the share only creeps up.
        let share = if self.declared > self.at { at / self.declared as f64 } else { at / (at + 5_000.0) };
        ((total as f64 * share) as u64, total)
    }
}

/// What the workbook's own thread does.
struct Work {
    path: PathBuf,
    only: Option<String>,
    row_bytes: usize,
    chosen: Receiver<String>,
    send: SyncSender<Sent>,
}

/// The other side has gone away: nothing left to do.
struct Gone;

/// Looks at the sheets of a workbook, then reads the chosen one cell by cell. A macro, because the
/// readers of the formats have the same methods but no trait in common.
macro_rules! streamed {
    ($work:ident, $book:ty) => {{
        let mut book: $book = $work.open()?;
        let (names, wanted) = $work.wanted(book.sheets_metadata());
        let mut peeks = Vec::new();
        for name in wanted {
            // A chart on a sheet of its own, for example.
            let Ok(mut cells) = book.worksheet_cells_reader(&name) else { continue };
            let declared = u64::from(cells.dimensions().end.0) + 1;
            peeks.push(Peek { name, rows: $work.first_rows(|| next(cells.next_cell()))?, declared });
        }
        let Some(sheet) = $work.offer(names, peeks) else { return Ok(()) };
        let mut cells = book.worksheet_cells_reader(&sheet).map_err(|e| e.to_string())?;
        $work.all_rows(|| next(cells.next_cell()))
    }};
}

impl Work {
    fn run(self, kind: Kind) {
        let result = match kind {
            Kind::Xlsx => self.xlsx(),
            Kind::Xlsb => self.xlsb(),
            Kind::Xls => self.xls(),
            Kind::Ods => self.ods(),
            Kind::Text | Kind::Json => Err("it is not a workbook".to_owned()),
        };
        // Nobody may be listening any more, which is fine.
        let _ = match result {
            Ok(()) => self.send.send(Sent::End),
            Err(why) => self.send.send(Sent::Failed(why)),
        };
    }

    /// Names of the sheets that people can see (all, if they can see none), and those to look at: the
    /// one asked for, be it hidden, else all of them.
    fn wanted(&self, sheets: &[calamine::Sheet]) -> (Vec<String>, Vec<String>) {
        let worksheets = || sheets.iter().filter(|s| s.typ == SheetType::WorkSheet);
        let seen = |s: &&calamine::Sheet| s.visible == calamine::SheetVisible::Visible;
        let mut names: Vec<String> = worksheets().filter(seen).map(|s| s.name.clone()).collect();
        if names.is_empty() {
            names = worksheets().map(|s| s.name.clone()).collect();
        }
        match self.only.as_ref().filter(|o| worksheets().any(|s| s.name == **o)) {
            Some(only) => {
                if !names.contains(only) {
                    names.push(only.clone());
                }
                (names, vec![only.clone()])
            }
            None => (names.clone(), names),
        }
    }

    fn open<R: Reader<BufReader<File>>>(&self) -> Result<R, String>
    where
        R::Error: std::fmt::Display,
    {
        let file = File::open(&self.path).map_err(|e| e.to_string())?;
        R::new(BufReader::with_capacity(64 * 1024, file)).map_err(|e| e.to_string())
    }

    /// Hands the looks over and waits for the choice.
    fn offer(&self, names: Vec<String>, peeks: Vec<Peek>) -> Option<String> {
        self.send.send(Sent::Sheets(names, peeks)).ok()?;
        self.chosen.recv().ok()
    }

    fn xlsx(&self) -> Result<(), String> {
        streamed!(self, Xlsx<_>)
    }

    fn xlsb(&self) -> Result<(), String> {
        streamed!(self, Xlsb<_>)
    }

    fn first_rows<'a>(&self, mut cells: impl FnMut() -> NextCell<'a>) -> Result<Vec<Record>, String> {
        let mut rows = RowBuilder::new(self.row_bytes);
        let mut seen = Vec::new();
        while seen.len() < PEEK_ROWS {
            match cells()? {
                Some(cell) => seen.extend(rows.add(cell.get_position(), cell.get_value())?),
                None => {
                    seen.extend(rows.finish());
                    break;
                }
            }
        }
        Ok(seen)
    }

    fn all_rows<'a>(&self, mut cells: impl FnMut() -> NextCell<'a>) -> Result<(), String> {
        let mut sender = Batches::new(&self.send);
        let mut rows = RowBuilder::new(self.row_bytes);
        while let Some(cell) = cells()? {
            if let Some(row) = rows.add(cell.get_position(), cell.get_value())?
                && sender.add(row).is_err()
            {
                return Ok(());
            }
        }
        sender.close(rows.finish());
        Ok(())
    }

    fn xls(&self) -> Result<(), String> {
        let mut book: Xls<_> = self.open()?;
        let mut peeks = Vec::new();
        let records = |book: &mut Xls<_>, name: &str, most: usize| -> Result<(Vec<Record>, u64), String> {
            let range = book.worksheet_range(name).map_err(|e| e.to_string())?;
            let (first_row, first_column) = range.start().unwrap_or_default();
            let declared = u64::from(range.end().map_or(0, |e| e.0)) + 1;
            let mut rows = RowBuilder::new(self.row_bytes);
            let mut seen = Vec::new();
            for (row, column, value) in range.used_cells() {
                let at = (first_row + row as u32, first_column + column as u32);
                seen.extend(rows.add(at, &as_reference(value))?);
                if seen.len() == most {
                    return Ok((seen, declared));
                }
            }
            seen.extend(rows.finish());
            Ok((seen, declared))
        };
        let (names, wanted) = self.wanted(book.sheets_metadata());
        for name in wanted {
            let (rows, declared) = records(&mut book, &name, PEEK_ROWS)?;
            peeks.push(Peek { name, rows, declared });
        }
        let Some(sheet) = self.offer(names, peeks) else { return Ok(()) };
        let mut sender = Batches::new(&self.send);
        for row in records(&mut book, &sheet, usize::MAX)?.0 {
            if sender.add(row).is_err() {
                return Ok(());
            }
        }
        sender.close(None);
        Ok(())
    }

    fn ods(&self) -> Result<(), String> {
        let mut names = Vec::new();
        ods::read(
            &self.path,
            self.row_bytes,
            |name| {
                names.push(name.to_owned());
                Next::Sheet
            },
            |_| Next::Sheet,
        )?;
        let wanted = match self.only.as_ref().filter(|o| names.contains(o)) {
            Some(only) => vec![only.clone()],
            None => names.clone(),
        };
        let peeks = std::cell::RefCell::new(Vec::<Peek>::new());
        ods::read(
            &self.path,
            self.row_bytes,
            |name| {
                if !wanted.iter().any(|n| n == name) {
                    return Next::Sheet;
                }
                peeks.borrow_mut().push(Peek { name: name.to_owned(), rows: Vec::new(), declared: 0 });
                Next::Row
            },
            |row| {
                let mut peeks = peeks.borrow_mut();
                let Some(peek) = peeks.last_mut() else { return Next::Sheet };
                peek.rows.push(row.clone());
                if peek.rows.len() < PEEK_ROWS { Next::Row } else { Next::Sheet }
            },
        )?;
        let Some(sheet) = self.offer(names, peeks.into_inner()) else { return Ok(()) };
        let mut sender = Batches::new(&self.send);
        let found = std::cell::Cell::new(false);
        ods::read(
            &self.path,
            self.row_bytes,
            |name| {
                if found.get() {
                    Next::Stop
                } else if name == sheet {
                    found.set(true);
                    Next::Row
                } else {
                    Next::Sheet
                }
            },
            |row| if sender.add(row.clone()).is_ok() { Next::Row } else { Next::Stop },
        )?;
        sender.close(None);
        Ok(())
    }
}

type NextCell<'a> = Result<Option<Cell<DataRef<'a>>>, String>;

fn next<'a>(cell: Result<Option<Cell<DataRef<'a>>>, impl std::fmt::Display>) -> NextCell<'a> {
    cell.map_err(|e| e.to_string())
}

fn as_reference(value: &Data) -> DataRef<'_> {
    match value {
        Data::Int(v) => DataRef::Int(*v),
        Data::Float(v) => DataRef::Float(*v),
        Data::String(v) => DataRef::SharedString(v),
        Data::Bool(v) => DataRef::Bool(*v),
        Data::DateTime(v) => DataRef::DateTime(*v),
        Data::DateTimeIso(v) => DataRef::DateTimeIso(v.clone()),
        Data::DurationIso(v) => DataRef::DurationIso(v.clone()),
        Data::Error(v) => DataRef::Error(v.clone()),
        _ => DataRef::Empty,
    }
}

/// Hands rows over in batches.
struct Batches<'a> {
    send: &'a SyncSender<Sent>,
    batch: Vec<Record>,
}

impl<'a> Batches<'a> {
    fn new(send: &'a SyncSender<Sent>) -> Self {
        Self { send, batch: Vec::with_capacity(BATCH) }
    }

    fn add(&mut self, row: Record) -> Result<(), Gone> {
        self.batch.push(row);
        if self.batch.len() < BATCH {
            return Ok(());
        }
        let full = std::mem::replace(&mut self.batch, Vec::with_capacity(BATCH));
        self.send.send(Sent::Rows(full)).map_err(|_| Gone)
    }

    fn close(mut self, last: Option<Record>) {
        self.batch.extend(last);
        // If nobody listens any more, nothing is lost.
        let _ = self.send.send(Sent::Rows(self.batch));
    }
}

/// Puts cells that come one by one, in order, together to rows.
struct RowBuilder {
    record: Record,
    row_bytes: usize,
    scratch: String,
}

impl RowBuilder {
    fn new(row_bytes: usize) -> Self {
        Self { record: Record::default(), row_bytes, scratch: String::new() }
    }

    /// Adds a cell; gives the row before when the cell begins another.
    fn add(&mut self, (row, column): (u32, u32), value: &DataRef<'_>) -> Result<Option<Record>, String> {
        let (row, column) = (u64::from(row) + 1, column as usize);
        let done = if self.record.row == row { None } else { self.finish() };
        if matches!(value, DataRef::Empty) {
            return Ok(done);
        }
        self.record.row = row;
        if column >= MAX_COLUMNS {
            return Err(format!("row {row} has more than {MAX_COLUMNS} cells"));
        }
        // A second cell at the same place, which no program writes, is left out.
        if column < self.record.len() {
            return Ok(done);
        }
        while self.record.len() < column {
            self.record.cell("");
        }
        self.scratch.clear();
        write_value(value, &mut self.scratch);
        self.record.suspect = self.record.suspect || self.scratch.contains(['\0', super::record::BAD]);
        self.record.cell(&self.scratch);
        if self.record.bytes() > self.row_bytes {
            return Err(format!("row {row} is longer than {} bytes", self.row_bytes));
        }
        Ok(done)
    }

    fn finish(&mut self) -> Option<Record> {
        let record = std::mem::take(&mut self.record);
        (!record.is_blank()).then_some(record)
    }
}

fn write_value(value: &DataRef<'_>, out: &mut String) {
    use std::fmt::Write as _;
    // Writing to a string cannot fail.
    let _ = match value {
        DataRef::Empty => Ok(()),
        DataRef::Int(v) => write!(out, "{v}"),
        DataRef::Float(v) => write_number(*v, out),
        DataRef::String(v) => out.write_str(v),
        DataRef::SharedString(v) => out.write_str(v),
        DataRef::Bool(v) => out.write_str(if *v { "TRUE" } else { "FALSE" }),
        DataRef::DateTime(v) => write_date(*v, out),
        DataRef::DateTimeIso(v) | DataRef::DurationIso(v) => out.write_str(v),
        DataRef::Error(v) => write!(out, "{v}"),
    };
}

fn write_number(value: f64, out: &mut String) -> std::fmt::Result {
    use std::fmt::Write as _;
    if value.fract() == 0.0 && value.abs() < 1e15 {
        write!(out, "{}", value as i64)
    } else {
        // Spreadsheet programs keep 15 digits; more would show 0.30000000000000004 for 0.3.
        let rounded: f64 = format!("{value:.14e}").parse().unwrap_or(value);
        write!(out, "{rounded}")
    }
}

fn write_date(value: ExcelDateTime, out: &mut String) -> std::fmt::Result {
    use std::fmt::Write as _;
    let (year, month, day, hour, minute, second, milli) = value.to_ymd_hms_milli();
    let serial = value.as_f64();
    if value.is_duration() || (0.0..1.0).contains(&serial) {
        let seconds = (serial * 86_400.0).round() as i64;
        return write!(out, "{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
    }
    write!(out, "{year:04}-{month:02}-{day:02}")?;
    if (hour, minute, second, milli) != (0, 0, 0, 0) {
        write!(out, "T{hour:02}:{minute:02}:{second:02}")?;
        if milli != 0 {
            write!(out, ".{milli:03}")?;
        }
    }
    Ok(())
}
