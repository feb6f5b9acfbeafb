//! A board follows a real hall through good connections and bad.

mod life;

use std::time::{Duration, Instant};

use hall_client::Update;
use hall_core::{Command, CounterNumber, ZoneId};

use super::*;
use crate::rehearsal::Rehearsal;

const ROOM: Room = Room { calls: 4, counters: 6 };

/// A board at the far end of a connection that can be cut.
struct Watched {
    hall: Rehearsal,
    board: Board,
    start: Instant,
    heard_seq: u64,
    second: u64,
}

impl Watched {
    fn new(hall: Rehearsal, zone: Option<&str>) -> Self {
        let start = Instant::now();
        let board = Board::new(zone.map(ZoneId::from), ROOM, start);
        Self { hall, board, start, heard_seq: 0, second: 0 }
    }

    fn hear(&mut self, update: Update) -> Vec<Effect> {
        let at = self.start + Duration::from_secs(self.second);
        self.board.update(Msg::Hub { update, at })
    }

    fn hear_snapshot(&mut self) -> Vec<Effect> {
        self.heard_seq = self.hall.view.seq;
        self.hall.snapshot().into_iter().flat_map(|update| self.hear(update)).collect()
    }

    fn hear_records(&mut self) -> Vec<Effect> {
        let records = self.hall.records_after(self.heard_seq);
        self.heard_seq = self.hall.view.seq;
        records.into_iter().flat_map(|update| self.hear(update)).collect()
    }

    fn pass(&mut self, seconds: u64) {
        self.second += seconds;
        self.hall.now = self.hall.now.plus_ms(seconds as i64 * 1000);
        self.board.update(Msg::Clock(self.start + Duration::from_secs(self.second)));
    }

    /// All calls on the screen, newest first: `AC001→3`, with `*` when it stands out and `×2` when repeated.
    fn calls(&self) -> Vec<String> {
        let screen = self.board.screen();
        let newest = match screen.lead {
            Lead::Call(call) => Some(call),
            Lead::Wait | Lead::NotOpenYet | Lead::Closed => None,
        };
        let mark = |call: CallLine| {
            let times = if call.times > 1 { format!("×{}", call.times) } else { String::new() };
            format!("{}→{}{times}{}", call.ticket, call.counter, if call.fresh { "*" } else { "" })
        };
        newest.into_iter().chain(screen.calls).map(mark).collect()
    }

    fn counters(&self) -> Vec<u16> {
        self.board.screen().counters.iter().map(|cell| cell.number).collect()
    }
}

/// `said A001` and `shown A001`, in order.
fn names(effects: &[Effect]) -> Vec<String> {
    let name = |effect: &Effect| match effect {
        Effect::Announce { call, .. } => format!("said {}", call.number),
        Effect::ReportShown(call) => format!("shown {}", call.number),
        Effect::ReportUnknownZone { zones } => format!("zones {zones:?}"),
    };
    effects.iter().map(name).collect()
}

fn number_at(hall: &Rehearsal, counter: u16) -> String {
    hall.view.ticket_at(CounterNumber(counter)).unwrap().number.to_string()
}

/// A zone and the numbers of its counters, from the sample city.
fn counters_of(hall: &Rehearsal, zone: &str) -> Vec<u16> {
    let of_zone = hall.plan.counters.iter().filter(|counter| counter.zone.as_str() == zone);
    of_zone.map(|counter| counter.number.0).collect()
}

#[test]
fn the_first_snapshot_is_history_and_what_follows_is_news() {
    let mut board = Watched::new(Rehearsal::open("city.toml"), None);
    assert_eq!(board.board.screen().stage, Stage::Connecting);
    board.hall.call_at(1);
    assert_eq!(board.hear_snapshot(), []);
    let first = number_at(&board.hall, 1);
    assert_eq!(board.calls(), [format!("{first}→1")]);

    board.hall.call_at(2);
    let second = number_at(&board.hall, 2);
    assert_eq!(names(&board.hear_records()), [format!("said {second}"), format!("shown {second}")]);
    assert_eq!(board.calls(), [format!("{second}→2*"), format!("{first}→1")]);
    board.pass(11);
    assert_eq!(board.calls(), [format!("{second}→2"), format!("{first}→1")]);
}

#[test]
fn a_zone_board_shows_and_says_only_its_zone() {
    for zone in ["A", "B", "C", "D"] {
        let mut board = Watched::new(Rehearsal::open("city.toml"), Some(zone));
        board.hear_snapshot();
        let own = counters_of(&board.hall, zone)[0];
        for other in ["A", "B", "C", "D"] {
            let counter = counters_of(&board.hall, other)[0];
            board.hall.call_at(counter);
        }
        let number = number_at(&board.hall, own);
        assert_eq!(names(&board.hear_records()), [format!("said {number}"), format!("shown {number}")]);
        assert_eq!(board.calls(), [format!("{number}→{own}*")]);
        assert_eq!(board.counters(), [own]);
    }
}

#[test]
fn a_busy_zone_does_not_push_out_the_calls_of_a_quiet_one() {
    let mut board = Watched::new(Rehearsal::open("city.toml"), Some("D"));
    board.hear_snapshot();
    let (own, busy) = (counters_of(&board.hall, "D")[0], counters_of(&board.hall, "A")[0]);
    board.hall.call_at(own);
    let number = number_at(&board.hall, own);
    for _ in 0..100 {
        board.hall.call_at(busy);
        board.hall.serve_at(busy);
    }
    board.hear_records();
    assert_eq!(board.calls(), [format!("{number}→{own}*")]);
}

#[test]
fn a_recall_comes_to_the_front_and_stands_out_again() {
    let mut board = Watched::new(Rehearsal::open("city.toml"), None);
    board.hear_snapshot();
    board.hall.call_at(1);
    board.hall.call_at(2);
    board.hear_records();
    board.pass(20);
    board.hall.run(Command::Recall { counter: CounterNumber(1) });
    let (first, second) = (number_at(&board.hall, 1), number_at(&board.hall, 2));
    assert_eq!(names(&board.hear_records()), [format!("said {first}"), format!("shown {first}")]);
    assert_eq!(board.calls(), [format!("{first}→1×2*"), format!("{second}→2")]);
}

/// What is heard after an absence, either way the hub may bring a board up to date.
#[test]
fn a_reconnect_misses_no_call_and_repeats_none() {
    let by_snapshot: fn(&mut Watched) -> Vec<Effect> = Watched::hear_snapshot;
    for (way, catch_up) in [("snapshot", by_snapshot), ("records", Watched::hear_records)] {
        for (absence_s, mark) in [(5, "*"), (600, "")] {
            let mut board = Watched::new(Rehearsal::open("city.toml"), None);
            board.hear_snapshot();
            board.hall.call_at(1);
            board.hear_records();
            board.hear(Update::Away("cable".into()));
            assert!(board.board.screen().away, "{way}");
            let before = board.calls();

            board.hall.call_at(2);
            board.hall.call_at(3);
            board.pass(absence_s);
            let old_mark = if absence_s < 10 { "*" } else { "" };
            let first = number_at(&board.hall, 1);
            assert_eq!(board.calls(), [format!("{first}→1{old_mark}")], "{way}: kept while away");
            assert_eq!(before, [format!("{first}→1*")]);

            let tick = board.hall.now;
            board.hear(Update::Tick(tick));
            let (second, third) = (number_at(&board.hall, 2), number_at(&board.hall, 3));
            let effects = catch_up(&mut board);
            let expect =
                ["said", "shown"].map(|what| [&second, &third].map(|number| format!("{what} {number}")));
            let mut heard = names(&effects);
            heard.sort();
            assert_eq!(heard, expect.concat(), "{way}");
            let expect =
                [format!("{third}→3{mark}"), format!("{second}→2{mark}"), format!("{first}→1{old_mark}")];
            assert_eq!(board.calls(), expect, "{way} after {absence_s} s");
            assert!(!board.board.screen().away, "{way}");

            assert_eq!(board.hear_snapshot(), [], "{way}: nothing is news twice");
            let oldest = effects.iter().find_map(|effect| match effect {
                Effect::Announce { age, .. } => Some(age.as_secs()),
                _ => None,
            });
            assert_eq!(oldest, Some(absence_s), "{way}: the voice learns how old a call is");
        }
    }
}

#[test]
fn another_journal_is_history_again() {
    let mut board = Watched::new(Rehearsal::open("city.toml"), None);
    board.hall.call_at(1);
    board.hall.call_at(2);
    board.hear_snapshot();
    board.hall = Rehearsal::open("city.toml");
    board.hall.call_at(3);
    assert_eq!(board.hear_snapshot(), []);
    assert_eq!(board.calls(), [format!("{}→3", number_at(&board.hall, 3))]);
}

#[test]
fn a_burst_reports_only_what_is_on_the_screen() {
    let mut board = Watched::new(Rehearsal::open("city.toml"), None);
    board.hear_snapshot();
    (1..=9).for_each(|counter| board.hall.call_at(counter));
    let effects = board.hear_snapshot();
    let shown = effects.iter().filter(|effect| matches!(effect, Effect::ReportShown(_))).count();
    assert_eq!((shown, effects.len() - shown), (1 + ROOM.calls, 9));
    assert_eq!(board.calls().len(), 1 + ROOM.calls);
}

#[test]
fn counters_that_do_not_fit_are_paged() {
    let mut board = Watched::new(Rehearsal::open("city.toml"), Some("A"));
    let own = counters_of(&board.hall, "A");
    for counter in &own[..14] {
        board.hall.run(Command::OpenCounter { counter: CounterNumber(*counter), staff: None });
    }
    board.hear_snapshot();
    let page = |board: &Watched| (board.board.screen().page, board.counters());
    board.pass(1);
    for (after_s, expect) in [(0, 1), (7, 1), (1, 2), (8, 3), (8, 1), (8, 2), (8, 3)] {
        board.pass(after_s);
        let from = (expect - 1) * ROOM.counters;
        let cells = own[from..14.min(from + ROOM.counters)].to_vec();
        assert_eq!(page(&board), (expect, cells), "after {} s", board.second);
    }
    assert_eq!(board.board.screen().page_count, 3);

    // Two counters close: the page that is shown is gone.
    for counter in &own[12..14] {
        board.hall.run(Command::CloseCounter { counter: CounterNumber(*counter) });
    }
    board.hear_records();
    assert_eq!(page(&board), (2, own[6..12].to_vec()));
    board.board.update(Msg::Room(Room { counters: 20, ..ROOM }));
    assert_eq!(page(&board), (1, own[..12].to_vec()));
}

#[test]
fn counters_say_what_they_do() {
    let mut board = Watched::new(Rehearsal::open("city.toml"), Some("A"));
    let own = counters_of(&board.hall, "A");
    board.hall.call_at(own[0]);
    board.hall.call_at(own[1]);
    board.hall.run(Command::StartService { counter: CounterNumber(own[1]) });
    board.hall.run(Command::OpenCounter { counter: CounterNumber(own[2]), staff: None });
    board.hall.run(Command::OpenCounter { counter: CounterNumber(own[3]), staff: None });
    board.hall.run(Command::PauseCounter { counter: CounterNumber(own[3]), reason: "系统维护".into() });
    board.hear_snapshot();
    let cells: Vec<_> = board
        .board
        .screen()
        .counters
        .iter()
        .map(|cell| (cell.number, cell.doing, cell.ticket.clone()))
        .collect();
    let (first, second) = (number_at(&board.hall, own[0]), number_at(&board.hall, own[1]));
    let expect = [
        (Doing::Calling, first),
        (Doing::Serving, second),
        (Doing::Idle, String::new()),
        (Doing::Paused, String::new()),
    ];
    let expect: Vec<_> =
        own.iter().zip(expect).map(|(number, (doing, ticket))| (*number, doing, ticket)).collect();
    assert_eq!(cells, expect);
    assert_eq!(board.board.screen().counters[3].note, "系统维护");
}

#[test]
fn only_those_who_wait_for_this_zone_are_counted() {
    let mut hall = Rehearsal::open("city.toml");
    for (zone, count) in [("A", 3), ("B", 5)] {
        let counter = CounterNumber(counters_of(&hall, zone)[0]);
        let service = hall.plan.counter(counter).unwrap().services[0].clone();
        hall.issue(service.as_str(), count);
    }
    for (zone, expect) in [(None, 8), (Some("A"), 3), (Some("B"), 5), (Some("C"), 0)] {
        let mut board = Watched::new(Rehearsal::new("village.toml"), zone);
        for update in hall.snapshot() {
            board.hear(update);
        }
        assert_eq!(board.board.screen().waiting, expect, "{zone:?}");
    }
}

#[test]
fn the_lead_follows_the_day() {
    let mut board = Watched::new(Rehearsal::new("village.toml"), None);
    board.hear_snapshot();
    let lead = |board: &Watched| board.board.screen().lead;
    assert_eq!(lead(&board), Lead::NotOpenYet);
    let day = board.hall.plan.date(board.hall.now);
    board.hall.run(Command::OpenDay { day });
    board.hear_records();
    assert_eq!(lead(&board), Lead::Wait);
    board.hall.call_at(1);
    board.hear_records();
    assert!(matches!(lead(&board), Lead::Call(_)));
    board.pass(60);
    board.hall.run(Command::CloseDay);
    board.hear_records();
    assert_eq!(lead(&board), Lead::Closed);
    assert_eq!(board.board.screen().calls.len(), 1);
    board.pass(24 * 3600);
    assert_eq!(lead(&board), Lead::NotOpenYet, "yesterday's close says nothing of today");
    let day = board.hall.plan.date(board.hall.now);
    board.hall.run(Command::OpenDay { day });
    board.hear_records();
    assert_eq!((lead(&board), board.calls()), (Lead::Wait, vec![]));
}

#[test]
fn an_unknown_zone_names_those_there_are() {
    let mut board = Watched::new(Rehearsal::open("city.toml"), Some("Z"));
    let effects = board.hear_snapshot();
    let zones = ["A", "B", "C", "D"].map(ZoneId::from).to_vec();
    assert_eq!(effects, [Effect::ReportUnknownZone { zones }]);
    let screen = board.board.screen();
    assert_eq!(screen.stage, Stage::UnknownZone("Z".into()));
    assert!(screen.zones[0].contains("A区 1楼"), "{:?}", screen.zones);
    board.hall.call_at(1);
    assert_eq!(board.hear_records(), []);
}

#[test]
fn date_and_time_are_the_halls() {
    let mut board = Watched::new(Rehearsal::open("city.toml"), None);
    board.hear_snapshot();
    let screen = board.board.screen();
    assert_eq!((screen.time.as_str(), screen.date.as_str()), ("09:30", "2026年11月23日"));
    assert_eq!((screen.weekday.zh.as_str(), screen.weekday.en.as_str()), ("星期一", "Mon"));
    board.pass(60);
    assert_eq!(board.board.screen().time, "09:31");
}
