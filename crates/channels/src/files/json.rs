//! Objects as JSON, in an array or one after another, as rows.

use std::path::Path;

use commonweal_ports::FileError;
use encoding_rs::UTF_8;
use serde_json::{Map, Value};

use super::record::{Record, Records, counted, io_error, unreadable};
use super::text::{DecodedFile, Pieces};

/// Objects whose fields together are the headings.
const LOOKED_AT: usize = 1_000;

/// Reads one object at a time, so that a file of any size takes the memory of one object.
struct Objects {
    pieces: DecodedFile,
    piece: String,
    position: usize,
    object: String,
    file: String,
    row_bytes: usize,
    count: u64,
}

impl Objects {
    fn open(path: &Path, file: &str, row_bytes: usize) -> Result<Self, FileError> {
        let pieces = DecodedFile::open(path, UTF_8).map_err(|e| io_error(file, e))?;
        let (piece, object) = (String::new(), String::new());
        Ok(Self { pieces, piece, position: 0, object, file: file.to_owned(), row_bytes, count: 0 })
    }

    /// The next object at the top or in the outermost array.
    fn next(&mut self) -> Result<Option<Map<String, Value>>, FileError> {
        self.object.clear();
        let (mut depth, mut in_string, mut escaped) = (0_u32, false, false);
        loop {
            if self.position == self.piece.len() {
                self.position = 0;
                if !self.pieces.next_piece(&mut self.piece).map_err(|e| io_error(&self.file, e))? {
                    self.piece.clear();
                    return if depth == 0 { Ok(None) } else { Err(self.wrong("it is never closed")) };
                }
            }
            let rest = &self.piece.as_bytes()[self.position..];
            let mut end = rest.len();
            for (at, &byte) in rest.iter().enumerate() {
                if depth == 0 {
                    match byte {
                        b'{' => (depth, self.position) = (1, self.position + at),
                        b'[' | b']' | b',' | b' ' | b'\t' | b'\r' | b'\n' => continue,
                        _ => {
                            self.count += 1;
                            return Err(self.wrong("something stands where an object should begin"));
                        }
                    }
                    end = 0;
                    break;
                }
                match byte {
                    _ if escaped => escaped = false,
                    b'\\' if in_string => escaped = true,
                    b'"' => in_string = !in_string,
                    _ if in_string => {}
                    // The brace with which the object begins has been counted already.
                    b'{' | b'[' if at > 0 || !self.object.is_empty() => depth += 1,
                    b'}' | b']' => depth -= 1,
                    _ => {}
                }
                if depth == 0 {
                    self.object.push_str(&self.piece[self.position..=self.position + at]);
                    self.position += at + 1;
                    self.count += 1;
                    let parsed = serde_json::from_str(&self.object);
                    return parsed.map(Some).map_err(|e| self.wrong(&e.to_string()));
                }
            }
            if depth > 0 && end > 0 {
                self.object.push_str(&self.piece[self.position..]);
                self.position = self.piece.len();
            } else if depth == 0 {
                self.position = self.piece.len();
            }
            if self.object.len() > self.row_bytes {
                self.count += 1;
                return Err(self.wrong(&format!("it is longer than {} bytes", counted(self.row_bytes))));
            }
        }
    }

    fn wrong(&self, why: &str) -> FileError {
        unreadable(format!("Object {} of “{}” cannot be read as JSON: {why}.", self.count.max(1), self.file))
    }
}

/// Rows of the objects of a file.
pub(crate) struct JsonRows {
    objects: Objects,
    fields: Vec<String>,
}

impl JsonRows {
    /// Opens a file; gives the names of the fields of its first objects too.
    pub(crate) fn open(path: &Path, file: &str, row_bytes: usize) -> Result<(Self, Vec<String>), FileError> {
        let mut objects = Objects::open(path, file, row_bytes)?;
        let mut fields: Vec<String> = Vec::new();
        for _ in 0..LOOKED_AT {
            let Some(object) = objects.next()? else { break };
            flatten(&object, "", &mut |name, _| {
                if fields.len() < 1_000 && !fields.iter().any(|f| f == name) {
                    fields.push(name.to_owned());
                }
            });
        }
        if fields.is_empty() {
            return Err(unreadable(format!("“{file}” is JSON without any objects in it.")));
        }
        let objects = Objects::open(path, file, row_bytes)?;
        Ok((Self { objects, fields: fields.clone() }, fields))
    }
}

impl Records for JsonRows {
    fn next(&mut self, record: &mut Record) -> Result<bool, FileError> {
        record.clear();
        let Some(object) = self.objects.next()? else { return Ok(false) };
        record.row = self.objects.count;
        let mut cells = vec![String::new(); self.fields.len()];
        flatten(&object, "", &mut |name, value| {
            if let Some(at) = self.fields.iter().position(|f| f == name) {
                cells[at] = value;
            }
        });
        for cell in &cells {
            record.suspect = record.suspect || cell.contains(['\0', super::record::BAD]);
            record.cell(cell);
        }
        Ok(true)
    }

    fn progress(&self) -> (u64, u64) {
        self.objects.pieces.progress()
    }
}

/// Fields within fields are called `outer.inner`; lists of values are joined.
fn flatten(object: &Map<String, Value>, before: &str, each: &mut impl FnMut(&str, String)) {
    for (key, value) in object {
        let name = if before.is_empty() { key.clone() } else { format!("{before}.{key}") };
        match value {
            Value::Object(inner) => flatten(inner, &name, each),
            Value::Array(list) => {
                let parts: Vec<String> = list.iter().map(plain).collect();
                each(&name, parts.join("; "));
            }
            other => each(&name, plain(other)),
        }
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn rows(text: &str) -> Result<(Vec<String>, Vec<Vec<String>>), FileError> {
        let mut file = tempfile::NamedTempFile::new().expect("a temporary file can be made");
        file.write_all(text.as_bytes()).expect("it can be written");
        let (mut rows, fields) = JsonRows::open(file.path(), "t.json", 10_000)?;
        let (mut all, mut record) = (Vec::new(), Record::default());
        while rows.next(&mut record)? {
            all.push(record.cells());
        }
        Ok((fields, all))
    }

    #[test]
    fn objects_are_rows_in_an_array_or_line_by_line() {
        let array = r#"[ {"a": "x {\"}]", "b": 1}, {"a": null, "c": {"d": true}} ]"#;
        let lines = "{\"a\": \"x {\\\"}]\", \"b\": 1}\n{\"a\": null, \"c\": {\"d\": true}}\n";
        for text in [array, lines] {
            let (fields, rows) = rows(text).expect("JSON");
            assert_eq!(fields, ["a", "b", "c.d"]);
            assert_eq!(rows, [["x {\"}]", "1", ""], ["", "", "true"]]);
        }
    }

    #[test]
    fn broken_json_names_the_object() {
        let wrong = |text: &str| rows(text).expect_err("it is broken").to_string();
        assert!(wrong("{\"a\": 1}\n{\"a\": }\n").contains("Object 2 of “t.json”"));
        assert!(wrong("[{\"a\": 1}, oops]").contains("where an object should begin"));
        assert!(wrong("{\"a\": [1, 2").contains("never closed"));
        assert!(wrong("[]").contains("without any objects"));
        assert!(wrong(&format!("{{\"a\": \"{}\"}}", "x".repeat(200_000))).contains("longer than 10,000 bytes"));
    }
}
