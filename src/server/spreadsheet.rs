//! Writes lists as CSV and as JSON lines, and reads CSV.

use serde::Serializer;
use serde::ser::{Serialize, SerializeMap};

/// A value in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    Blank,
    Number(i64),
    Text(String),
}

impl Cell {
    /// A text, or nothing.
    pub fn text(text: Option<impl Into<String>>) -> Self {
        text.map_or(Self::Blank, |text| Self::Text(text.into()))
    }
}

impl Serialize for Cell {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Blank => serializer.serialize_none(),
            Self::Number(number) => serializer.serialize_i64(*number),
            Self::Text(text) => serializer.serialize_str(text),
        }
    }
}

/// How a list is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::EnumString, strum::IntoStaticStr, strum::VariantArray)]
#[strum(serialize_all = "kebab-case", const_into_str)]
pub enum Format {
    /// Comma-separated values (RFC 4180), for spreadsheet programs.
    Csv,
    /// One JSON object in each line.
    #[strum(serialize = "jsonl")]
    JsonLines,
}

impl Format {
    /// For the header `Content-Type`.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8; header=present",
            Self::JsonLines => "application/jsonl",
        }
    }

    /// The bytes before the first row.
    pub fn head(self, columns: &[&str]) -> Vec<u8> {
        match self {
            Self::Csv => {
                let names = columns.iter().map(|name| (*name).to_owned());
                [BYTE_ORDER_MARK, &csv_lines(std::iter::once(names))].concat()
            }
            Self::JsonLines => Vec::new(),
        }
    }

    /// Some rows.
    pub fn rows(self, columns: &[&str], rows: &[Vec<Cell>]) -> Vec<u8> {
        match self {
            Self::Csv => csv_lines(rows.iter().map(|cells| {
                cells.iter().map(|cell| match cell {
                    Cell::Blank => String::new(),
                    Cell::Number(number) => number.to_string(),
                    Cell::Text(text) => harmless(text),
                })
            })),
            Self::JsonLines => rows.iter().flat_map(|cells| json_line(columns, cells)).collect(),
        }
    }
}

/// Without it, spreadsheet programs take UTF-8 for something older.
const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

fn csv_lines(mut rows: impl Iterator<Item = impl Iterator<Item = String>>) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    let written = rows.try_for_each(|cells| writer.write_record(cells.map(String::into_bytes)));
    match written
        .map_err(std::io::Error::from)
        .and_then(|()| writer.into_inner().map_err(csv::IntoInnerError::into_error))
    {
        Ok(lines) => lines,
        Err(error) => unreachable!("rows of one length, written into memory: {error}"),
    }
}

fn json_line(columns: &[&str], cells: &[Cell]) -> Vec<u8> {
    struct Row<'a>(&'a [&'a str], &'a [Cell]);
    impl Serialize for Row<'_> {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            let mut map = serializer.serialize_map(Some(self.0.len()))?;
            for (column, cell) in self.0.iter().zip(self.1) {
                map.serialize_entry(column, cell)?;
            }
            map.end()
        }
    }
    match serde_json::to_vec(&Row(columns, cells)) {
        Ok(mut line) => {
            line.push(b'\n');
            line
        }
        Err(error) => unreachable!("texts and numbers are JSON: {error}"),
    }
}

/// A text that no spreadsheet program runs as a formula: an apostrophe is put before what could begin one, wherever a cell
/// may begin, also for programs that separate at semicolons or tabs (OWASP, "CSV Injection").
fn harmless(text: &str) -> String {
    let mut safe = String::with_capacity(text.len() + 1);
    let mut may_begin = true;
    for symbol in text.chars() {
        if may_begin && begins_formula(symbol) {
            safe.push('\'');
        }
        safe.push(symbol);
        may_begin = matches!(symbol, ';' | ',' | '"' | '\t' | '\r' | '\n');
    }
    safe
}

/// The wide ones are read like the others in East Asian editions.
fn begins_formula(symbol: char) -> bool {
    matches!(symbol, '=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '＝' | '＋' | '－' | '＠')
}

/// The most cells of a line that are read.
const MAX_CELLS: usize = 100;

/// A CSV file as it was read.
#[derive(Debug, PartialEq, Eq)]
pub struct Sheet {
    /// The first line; `None` if that is not UTF-8.
    pub columns: Option<Vec<String>>,
    /// The others.
    pub rows: Vec<Row>,
}

/// A line of it that is not blank.
#[derive(Debug, PartialEq, Eq)]
pub struct Row {
    /// The number of the line in the file, as editors count.
    pub line: u64,
    /// Its cells, without the blanks around them; `None` if the line is not UTF-8.
    pub cells: Option<Vec<String>>,
}

impl Sheet {
    /// Reads a file, separated at commas or at semicolons, as its first line shows. What [`Format::Csv`] put before
    /// formulas is removed. Of the rows, `most` are read, and no more.
    pub fn read(file: &[u8], most: usize) -> Self {
        let file = file.strip_prefix(BYTE_ORDER_MARK).unwrap_or(file);
        let first_line = file.split(|byte| matches!(byte, b'\r' | b'\n')).next().unwrap_or_default();
        let separator = if first_line.contains(&b';') && !first_line.contains(&b',') { b';' } else { b',' };
        let mut reader =
            csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(separator).from_reader(file);
        let mut lines = Lines { file, place: 0, before: 0 };
        let mut rows = reader.byte_records().filter_map(Result::ok).map(|record| {
            let line = lines.of_row(record.position().map_or(0, csv::Position::byte));
            let cells = record.iter().take(MAX_CELLS).map(|cell| std::str::from_utf8(cell).ok().map(plain)).collect();
            Row { line, cells }
        });
        let columns = rows.next().map_or(Some(Vec::new()), |row| row.cells);
        let is_blank = |row: &Row| row.cells.as_ref().is_some_and(|cells| cells.iter().all(String::is_empty));
        Self { columns, rows: rows.filter(|row| !is_blank(row)).take(most).collect() }
    }
}

/// Counts the lines of a file up to its rows.
struct Lines<'a> {
    file: &'a [u8],
    /// Up to where it was counted.
    place: usize,
    /// How many lines end before that.
    before: u64,
}

impl Lines<'_> {
    /// The line of the row that was read from there on; for the reader, ends of lines and blank ones belong to the next row.
    #[expect(clippy::naive_bytecount, reason = "reading the rows takes much longer")]
    fn of_row(&mut self, from: u64) -> u64 {
        let from = usize::try_from(from).unwrap_or(usize::MAX).min(self.file.len());
        let ends = self.file[from..].iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        let row = from + ends;
        let passed = &self.file[self.place.min(row)..row];
        let ends = passed.iter().filter(|byte| **byte == b'\n').count()
            + passed.windows(2).filter(|pair| pair[0] == b'\r' && pair[1] != b'\n').count()
            + usize::from(passed.last() == Some(&b'\r'));
        self.before += ends as u64;
        self.place = row;
        self.before + 1
    }
}

fn plain(cell: &str) -> String {
    let cell = cell.trim();
    match cell.strip_prefix('\'') {
        Some(formula) if formula.starts_with(begins_formula) => formula.to_owned(),
        _ => cell.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Cell {
        Cell::Text(text.to_owned())
    }

    fn csv(cell: &str) -> String {
        String::from_utf8(Format::Csv.rows(&["a"], &[vec![text(cell)]])).unwrap()
    }

    #[test]
    fn no_cell_can_be_run_as_a_formula() {
        assert_eq!(csv("+79123456789"), "'+79123456789\r\n");
        assert_eq!(csv("=HYPERLINK(\"evil\")"), "\"'=HYPERLINK(\"\"evil\"\")\"\r\n");
        for begin in ["=", "+", "-", "@", "\t=", "\r=", "＝", "＠"] {
            assert!(csv(&format!("{begin}1+1")).trim_start_matches('"').starts_with('\''), "{begin:?}");
        }
        // Where semicolons separate, this would be three cells.
        assert_eq!(csv("a;=1+1;b"), "a;'=1+1;b\r\n");
        assert_eq!(csv("a-b = c + d"), "a-b = c + d\r\n");
    }

    #[test]
    fn a_list_is_written_as_csv_and_as_json_lines() {
        let columns = ["id", "name", "gone"];
        let rows = [vec![Cell::Number(-17), text("a \"b\", c"), Cell::Blank]];
        assert_eq!(Format::Csv.head(&columns), "\u{feff}id,name,gone\r\n".as_bytes());
        assert_eq!(Format::Csv.rows(&columns, &rows), b"-17,\"a \"\"b\"\", c\",\r\n");
        assert_eq!(Format::JsonLines.head(&columns), b"");
        let json = Format::JsonLines.rows(&columns, &rows);
        assert_eq!(String::from_utf8(json).unwrap(), "{\"id\":-17,\"name\":\"a \\\"b\\\", c\",\"gone\":null}\n");
    }

    #[test]
    fn what_was_written_is_read_again() {
        let mut file = Format::Csv.head(&["phone", "reason"]);
        file.extend(Format::Csv.rows(&["phone", "reason"], &[vec![text("+79123456789"), text("two\nlines")]]));
        file.extend(b"\r\n'tis,\xff\r\n , \r\n\"'=x\",'y\r\n");
        let sheet = Sheet::read(&file, 9);
        assert_eq!(sheet.columns.as_deref(), Some(&["phone".to_owned(), "reason".to_owned()][..]));
        let row =
            |line, cells: Option<[&str; 2]>| Row { line, cells: cells.map(|cells| cells.map(str::to_owned).to_vec()) };
        let expected = [row(2, Some(["+79123456789", "two\nlines"])), row(5, None), row(7, Some(["=x", "'y"]))];
        assert_eq!(sheet.rows, expected);
    }

    #[test]
    fn semicolons_separate_where_the_first_line_has_no_commas() {
        let sheet = Sheet::read(b"a;b\n1,5;2\n", 9);
        assert_eq!(sheet.rows[0].cells.as_deref(), Some(&["1,5".to_owned(), "2".to_owned()][..]));
        assert_eq!(Sheet::read(b"", 9), Sheet { columns: Some(Vec::new()), rows: Vec::new() });
    }

    #[test]
    fn lines_are_counted_as_editors_do_however_they_end() {
        for end in ["\n", "\r\n", "\r"] {
            let file = ["a,b", "1,2", "", "\"3", "3\",4", "5,6"].join(end);
            let lines: Vec<_> = Sheet::read(file.as_bytes(), 9).rows.iter().map(|row| row.line).collect();
            assert_eq!(lines, [2, 4, 6], "{end:?}");
        }
    }

    #[test]
    fn no_more_is_read_than_is_wanted() {
        let sheet = Sheet::read(format!("a\n1\n2\n{}\n4\n", "x,".repeat(1000)).as_bytes(), 3);
        assert_eq!(sheet.rows.iter().map(|row| row.cells.as_ref().unwrap().len()).collect::<Vec<_>>(), [1, 1, 100]);
        assert_eq!(Sheet::read(b"\xff,b\n1,2\n", 3).columns, None);
    }
}
