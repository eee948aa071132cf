//! A table for a terminal: columns aligned, numbers to the right.

use std::fmt;

/// Rows of text under headings; the first `left` columns are text, the others numbers.
pub(crate) struct Table {
    headings: Vec<String>,
    left: usize,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// An empty table.
    pub(crate) fn new(headings: Vec<String>, left: usize) -> Self {
        Self { headings, left, rows: Vec::new() }
    }

    /// Adds a row.
    pub(crate) fn row(&mut self, cells: Vec<String>) {
        self.rows.push(cells);
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = |n: usize| {
            let cells = self.rows.iter().filter_map(|r| r.get(n)).chain(self.headings.get(n));
            cells.map(|c| c.chars().count()).max().unwrap_or(0)
        };
        let widths: Vec<usize> = (0..self.headings.len()).map(width).collect();
        for row in std::iter::once(&self.headings).chain(&self.rows) {
            let mut line = String::new();
            for (n, (cell, width)) in row.iter().zip(&widths).enumerate() {
                let pad = " ".repeat(width.saturating_sub(cell.chars().count()));
                if n > 0 {
                    line.push_str("  ");
                }
                if n < self.left {
                    line.push_str(cell);
                    line.push_str(&pad);
                } else {
                    line.push_str(&pad);
                    line.push_str(cell);
                }
            }
            writeln!(f, "{}", line.trim_end())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::Table;

    #[test]
    fn numbers_stand_to_the_right_whatever_the_letters() {
        let mut table = Table::new(vec!["channel".into(), "Feedback".into()], 1);
        table.row(vec!["Tŷ".into(), "12".into()]);
        assert_eq!(table.to_string(), "channel  Feedback\nTŷ             12\n");
    }
}
