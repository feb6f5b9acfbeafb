//! The lines of an imported file of appointments, as spreadsheets write them.

use std::collections::HashMap;

use encoding_rs::GB18030;
use hall_api::BookAppointment;
use hall_core::{BusinessDay, ClassId, ServiceId, Timestamp, UtcOffset};

use super::fault::Fault;
use super::refusal::Refused;

/// Most lines of one file.
const LINES_MAX: usize = 5_000;

/// Columns that say what is wished.
const COLUMNS: [&str; 7] = ["service", "slot", "date", "time", "class", "phone", "person"];
/// Columns of an exported file that say nothing about it.
const PASSED_OVER: [&str; 2] = ["code", "service_name"];
/// Column of an exported file: only what is booked is booked again.
const STATE: &str = "state";

/// One line of the file, its cells by column.
#[derive(Debug)]
pub(super) struct Line {
    /// Counted from 1, the heading included.
    pub number: u32,
    /// Absent for a line that has not a cell for each column.
    cells: Option<HashMap<String, String>>,
}

/// A file as text: UTF-8, with or without a byte order mark, or GB18030, as spreadsheets in China write it.
pub(super) fn text_of(bytes: &[u8]) -> Option<String> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    match std::str::from_utf8(bytes) {
        Ok(text) => Some(text.to_owned()),
        Err(_) => {
            GB18030.decode_without_bom_handling_and_without_replacement(bytes).map(|text| text.into_owned())
        }
    }
}

/// The lines after the heading. Empty ones do not count.
pub(super) fn lines_of(text: &str) -> Result<Vec<Line>, Refused> {
    let mut file = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
    let heading = file.headers().map_err(|error| bad_csv(error.to_string()))?;
    let heading: Vec<String> = heading.iter().map(str::to_ascii_lowercase).collect();
    check(&heading)?;
    let mut lines = Vec::new();
    let mut counted = Counted { text: text.as_bytes(), to: 0, line: 1 };
    for record in file.records() {
        let (cells, position) = match &record {
            Ok(record) if record.iter().all(str::is_empty) => continue,
            Ok(record) => {
                let cells = heading.iter().cloned().zip(record.iter().map(str::to_owned));
                (Some(cells.collect()), record.position())
            }
            Err(error) => (None, error.position()),
        };
        let number = counted.line_at(position.map_or(0, csv::Position::byte) as usize);
        lines.push(Line { number, cells });
        if lines.len() > LINES_MAX {
            return Err(bad_csv(format!("最多 {LINES_MAX} 行 / at most {LINES_MAX} lines")));
        }
    }
    Ok(lines)
}

/// Counts lines as an editor shows them; the reader's own count is a line behind after `\r\n` and empty lines.
struct Counted<'a> {
    text: &'a [u8],
    to: usize,
    line: u32,
}

impl Counted<'_> {
    /// The line of the first cell at or after byte `from`; asked in ascending order.
    fn line_at(&mut self, from: usize) -> u32 {
        let is_between = |byte: &&u8| matches!(byte, b'\r' | b'\n');
        let begins = from + self.text[from..].iter().take_while(is_between).count();
        self.line += self.text[self.to..begins].iter().filter(|byte| **byte == b'\n').count() as u32;
        self.to = begins;
        self.line
    }
}

fn check(heading: &[String]) -> Result<(), Refused> {
    let has = |column: &str| heading.iter().any(|it| it == column);
    for (i, column) in heading.iter().enumerate() {
        let known = COLUMNS.iter().chain(&PASSED_OVER).chain([&STATE]).any(|known| known == column);
        if !known || heading[..i].contains(column) {
            let columns = COLUMNS.join(", ");
            return Err(bad_csv(format!(
                "列 {column:?} 无法识别或重复 / column {column:?} is unknown or twice there: the columns are {columns}"
            )));
        }
    }
    if !has("service") || has("slot") == (has("date") || has("time")) || has("date") != has("time") {
        return Err(bad_csv(
            "须有 service 列，以及 slot 列或 date 与 time 两列 / a column service is needed, and either slot or date and time",
        ));
    }
    Ok(())
}

fn bad_csv(detail: impl Into<String>) -> Refused {
    Refused::from(Fault::BadCsv).detail(detail)
}

impl Line {
    /// What the line wishes to be booked.
    pub fn wish(&self, offset: UtcOffset) -> Result<BookAppointment, Refused> {
        let bad = |what: &str| Refused::from(Fault::BadLine).detail(what);
        let cells = self.cells.as_ref().ok_or_else(|| bad("it has not as many cells as the heading"))?;
        let cell = |column: &str| cells.get(column).map(String::as_str).filter(|text| !text.is_empty());
        if cell(STATE).is_some_and(|state| state != "booked") {
            return Err(Fault::NotBooked.into());
        }
        // A spreadsheet has made a number of it: 1.10105E+17 could be anybody.
        if cell("person").is_some_and(|person| person.contains('+')) {
            return Err(bad("the document number is damaged: make the column text in the spreadsheet"));
        }
        let slot = match (cell("slot"), cell("date"), cell("time")) {
            (Some(slot), ..) => slot_at(slot, offset),
            (None, Some(date), Some(time)) => wall_clock(date, time, offset),
            _ => None,
        };
        Ok(BookAppointment {
            service: ServiceId::from(cell("service").ok_or_else(|| bad("no service"))?),
            slot: slot.ok_or_else(|| bad("the slot should be written 2026-11-23 09:30"))?,
            class: cell("class").map_or_else(ClassId::ordinary, ClassId::from),
            phone: cell("phone").map(str::to_owned),
            person: cell("person").map(str::to_owned),
        })
    }
}

/// A slot on the hall's wall clock, or with an offset as in RFC 3339.
fn slot_at(text: &str, offset: UtcOffset) -> Option<Timestamp> {
    let (date, time) = text.split_once([' ', 'T'])?;
    wall_clock(date, time.trim(), offset).or_else(|| text.parse().ok())
}

/// `2026-11-23` or `2026/11/23`, and `09:30`, `9:30` or `09:30:00`.
fn wall_clock(date: &str, time: &str, offset: UtcOffset) -> Option<Timestamp> {
    let mut parts = date.split(['-', '/']);
    let (year, month, day) =
        (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    let day = BusinessDay::new(year, month, day).ok().filter(|_| parts.next().is_none())?;
    let mut parts = time.split(':');
    let (hour, minute): (u16, u16) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    let seconds = parts.next().unwrap_or("00");
    let is_time = hour < 24 && minute < 60 && seconds == "00" && parts.next().is_none();
    is_time.then(|| Timestamp::at(day, hour * 60 + minute, offset))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slots_are_read_as_spreadsheets_write_them() {
        let expected: Timestamp = "2026-11-03T09:30:00+08:00".parse().unwrap();
        for (text, read) in [
            ("2026-11-03 09:30", true),
            ("2026/11/3 9:30", true),
            ("2026-11-03T09:30:00", true),
            ("2026-11-03T09:30:00+08:00", true),
            ("2026-11-03T01:30:00Z", true),
            ("2026-11-03", false),
            ("2026-11-31 09:30", false),
            ("2026-11-03 24:30", false),
            ("2026-11-03 09:30:15", false),
            ("3/11/2026 09:30", false),
            ("明天 09:30", false),
        ] {
            let slot = slot_at(text, UtcOffset::default());
            assert_eq!(slot, read.then_some(expected), "{text:?}");
        }
    }

    #[test]
    fn a_heading_says_every_column_once() {
        for (heading, taken) in [
            ("service,slot", true),
            ("Service , Slot , CLASS", true),
            ("service,date,time,class,phone,person", true),
            ("code,service,service_name,date,time,class,phone,state", true),
            ("slot,class", false),
            ("service,date", false),
            ("service,slot,date,time", false),
            ("service,slot,slot", false),
            ("service,slot,telephone", false),
            ("", false),
        ] {
            assert_eq!(lines_of(heading).is_ok(), taken, "{heading:?}");
        }
    }

    #[test]
    fn lines_keep_their_number_whatever_stands_between() {
        let text = "service,slot,phone\nid-card,2026-11-23 09:30,1234\n\n,,\nid-card\n\"id-card\",2026-11-23 10:00,\n";
        for text in [text.to_owned(), text.replace('\n', "\r\n")] {
            let lines = lines_of(&text).unwrap();
            let wishes = lines.iter().map(|line| (line.number, line.wish(UtcOffset::default()).is_ok()));
            assert_eq!(wishes.collect::<Vec<_>>(), [(2, true), (5, false), (6, true)], "{text:?}");
        }
        let too_many = "service,slot\n".to_owned() + &"id-card,2026-11-23 09:30\n".repeat(LINES_MAX + 1);
        assert!(lines_of(&too_many).is_err());
    }

    #[test]
    fn a_document_number_that_a_spreadsheet_has_damaged_is_refused() {
        for (person, taken) in [("11010519491231002X", true), ("1.10105E+17", false), ("", true)] {
            let lines =
                lines_of(&format!("service,slot,person\nid-card,2026-11-23 09:30,{person}\n")).unwrap();
            assert_eq!(lines[0].wish(UtcOffset::default()).is_ok(), taken, "{person:?}");
        }
    }

    #[test]
    fn files_in_both_encodings_are_read() {
        let text = "service,slot\n户籍,2026-11-23 09:30\n";
        let (gb18030, _, _) = GB18030.encode(text);
        let with_mark = format!("\u{feff}{text}");
        for bytes in [text.as_bytes(), with_mark.as_bytes(), &gb18030] {
            assert_eq!(text_of(bytes).as_deref(), Some(text));
        }
        assert_eq!(text_of(b"\xff\xff\xff"), None);
    }
}
