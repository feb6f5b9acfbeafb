//! Reports as text for a terminal, several rule sets side by side. Chinese characters are two columns wide.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use unicode_width::UnicodeWidthStr;

use super::{Overtaking, Part, Report, Tickets, Waits};

/// A report under the name of its rules.
#[derive(Clone, Debug)]
pub struct Column {
    pub name: String,
    pub name_en: String,
    pub report: Report,
}

/// The whole report; with several columns, waits are P50 and P90 only.
pub fn table(columns: &[Column]) -> String {
    let mut text = String::new();
    section(&mut text, "概况 Summary", summary(columns));
    let waits = "等候分钟 Waits in minutes: 取号或约定时间(取晚者)至首次叫号 from the number or the slot, whichever is \
                 later, to the first call";
    section(&mut text, waits, classes(columns));
    section(&mut text, "各业务等候分钟 Waits by service, in minutes", services(columns));
    text
}

/// A heading, and what stands under it.
type Row<Of, Cell> = (&'static str, fn(&Of) -> Cell);

/// Lines of cells; the first cell of each is a heading.
type Lines = Vec<Vec<String>>;

fn summary(columns: &[Column]) -> Lines {
    let mut lines = Vec::new();
    if columns.len() > 1 {
        lines.push(cells("规则 Rules", columns, |column| column.name.clone()));
        lines.push(cells("", columns, |column| column.name_en.clone()));
    }
    lines.extend(fates(columns));
    lines.extend(figures().map(|(heading, figure)| cells(heading, columns, |column| figure(&column.report))));
    let codes: BTreeSet<&String> = columns.iter().flat_map(|column| column.report.refused.keys()).collect();
    for code in codes {
        let heading = format!("未获准 refused: {code}");
        lines.push(cells(&heading, columns, |column| {
            column.report.refused.get(code).copied().unwrap_or(0).to_string()
        }));
    }
    lines
}

fn figures() -> impl Iterator<Item = Row<Report, String>> {
    let rows: [Row<Report, String>; 10] = [
        ("各段合计等候均值 mean wait, all legs", |it| format!("{:.1}", it.waits_all_legs.mean_min)),
        ("各段合计等候 P90, all legs", |it| format!("{:.1}", it.waits_all_legs.p90_min)),
        ("超前叫号次数/最多分钟 overtakes/longest lead min", |it| overtaking(&it.overtakes.all)),
        ("其中仅因类别 of these by class alone", |it| overtaking(&it.overtakes.by_class)),
        ("窗口利用率 utilisation", |it| share(it.staffing.utilisation)),
        ("高峰利用率 in the busiest hour", |it| share(it.staffing.utilisation_peak)),
        ("窗口数/小时 counters open/hours", |it| {
            format!("{}/{:.1}", it.staffing.counters, it.staffing.open_h)
        }),
        ("预测告知人数 told a forecast", |it| {
            it.forecast.map_or("—".into(), |it| it.told.to_string())
        }),
        ("预测 P50 命中 held within forecast P50", |it| {
            it.forecast.map_or("—".into(), |it| share(it.p50))
        }),
        ("预测 P90 命中 held within forecast P90", |it| {
            it.forecast.map_or("—".into(), |it| share(it.p90))
        }),
    ];
    rows.into_iter()
}

fn share(share: f64) -> String {
    format!("{:.1}%", 100.0 * share)
}

fn overtaking(it: &Overtaking) -> String {
    format!("{}/{:.1}", it.overtaking, it.lead_max_min)
}

fn fates(columns: &[Column]) -> impl Iterator<Item = Vec<String>> {
    let rows: [Row<Tickets, usize>; 18] = [
        ("取号 numbers given", |it| it.issued),
        ("办结 served", |it| it.served),
        ("直接办理 served without a number", |it| it.direct),
        ("过号未回 no-shows", |it| it.no_show),
        ("退号 cancelled", |it| it.cancelled),
        ("弃号 abandoned", |it| it.abandoned),
        ("作废 expired at close", |it| it.expired),
        ("未结 still open", |it| it.open),
        ("叫号 calls", |it| it.calls),
        ("重呼 recalls", |it| it.recalls),
        ("过号 missed calls", |it| it.missed_calls),
        ("过号恢复 reinstated", |it| it.reinstated),
        ("转移 transferred", |it| it.transferred),
        ("一票到底续办 sent on", |it| it.sent_on),
        ("挂起 parked", |it| it.parked),
        ("预约 appointments booked", |it| it.booked),
        ("预约签到 checked in", |it| it.checked_in),
        ("爽约 appointments missed", |it| it.appointments_missed),
    ];
    rows.into_iter()
        .map(|(heading, count)| cells(heading, columns, |column| count(&column.report.tickets).to_string()))
}

fn classes(columns: &[Column]) -> Lines {
    let all = |report: &Report| vec![("合计 all".to_owned(), report.waits)];
    waits(columns, |report| all(report).into_iter().chain(report.by_class.iter().map(named)).collect())
}

fn services(columns: &[Column]) -> Lines {
    waits(columns, |report| report.by_service.iter().map(named).collect())
}

fn named<Id>(part: &Part<Id>) -> (String, Waits) {
    (format!("{} {}", part.name, part.name_en), part.waits)
}

fn waits(columns: &[Column], parts: impl Fn(&Report) -> Vec<(String, Waits)>) -> Lines {
    if let [only] = columns {
        let heading = ["", "人数 count", "均值 mean", "P50", "P90", "最长 max"];
        let mut lines = vec![heading.map(str::to_owned).to_vec()];
        lines.extend(parts(&only.report).into_iter().map(|(name, waits)| {
            let minutes = [waits.mean_min, waits.p50_min, waits.p90_min, waits.max_min];
            let minutes = minutes.iter().map(|minutes| format!("{minutes:.1}"));
            [name, waits.count.to_string()].into_iter().chain(minutes).collect()
        }));
        return lines;
    }
    let mut lines = vec![cells("P50 / P90", columns, |column| column.name.clone())];
    let by_name: Vec<BTreeMap<String, Waits>> =
        columns.iter().map(|column| parts(&column.report).into_iter().collect()).collect();
    let mut names: Vec<String> = Vec::new();
    for (name, _) in columns.iter().flat_map(|column| parts(&column.report)) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    for name in names {
        let cell = |waits: &BTreeMap<String, Waits>| {
            waits.get(&name).map_or("—".to_owned(), |it| format!("{:.1} / {:.1}", it.p50_min, it.p90_min))
        };
        lines.push(std::iter::once(name.clone()).chain(by_name.iter().map(cell)).collect());
    }
    lines
}

fn cells(heading: &str, columns: &[Column], cell: impl Fn(&Column) -> String) -> Vec<String> {
    std::iter::once(heading.to_owned()).chain(columns.iter().map(cell)).collect()
}

/// Headings to the left, figures to the right, in columns as wide as their widest cell.
fn section(text: &mut String, title: &str, lines: Lines) {
    let columns = lines.iter().map(Vec::len).max().unwrap_or(0);
    let width_of = |i: usize| lines.iter().filter_map(|line| line.get(i)).map(|cell| cell.width()).max();
    let widths: Vec<usize> = (0..columns).map(|i| width_of(i).unwrap_or(0)).collect();
    _ = writeln!(text, "{title}");
    for line in lines {
        let mut row = String::from(" ");
        for (i, (cell, width)) in line.iter().zip(&widths).enumerate() {
            let space = " ".repeat(width - cell.width());
            _ = if i == 0 { write!(row, " {cell}{space}") } else { write!(row, "  {space}{cell}") };
        }
        _ = writeln!(text, "{}", row.trim_end());
    }
    _ = writeln!(text);
}

#[cfg(test)]
mod tests {
    use hall_core::Plan;

    use super::*;

    #[test]
    fn figures_stand_under_each_other_whatever_the_script() {
        let plan = Plan::from_toml(include_str!("../../../../../halls/township.toml")).unwrap();
        let report = Report::of(&[], &plan);
        let column = |name: &str, name_en: &str| Column {
            name: name.to_owned(),
            name_en: name_en.to_owned(),
            report: report.clone(),
        };
        let text = table(&[column("先到先办", "First come"), column("站位", "Standing")]);
        let sections: Vec<Vec<&str>> =
            text.split("\n\n").map(|section| section.lines().skip(1).collect()).collect();
        for section in &sections[..2] {
            let widths: BTreeSet<usize> = section.iter().map(|line| line.width()).collect();
            assert_eq!(widths.len(), 1, "lines of different width:\n{text}");
        }
        assert!(text.contains("老年人 Senior citizen"), "{text}");
    }
}
