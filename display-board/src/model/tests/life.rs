//! Calls that end otherwise than by serving, and serving without a call.

use hall_core::plan::Profile;
use hall_core::{ClassId, Destination, Event, Record, TicketId};

use super::*;

/// The first counter of the sample township, in zone A.
const FIRST: CounterNumber = CounterNumber(1);

/// What a counter shows; none while it is closed.
fn cell(board: &Watched, counter: CounterNumber) -> Option<(Doing, String)> {
    let cells = board.board.screen().counters;
    cells.into_iter().find(|cell| cell.number == counter.0).map(|cell| (cell.doing, cell.ticket))
}

/// A board of the township that has heard of one call to the first counter.
fn after_a_call() -> (Watched, String) {
    let mut board = Watched::new(Rehearsal::open("township.toml"), None);
    board.hear_snapshot();
    board.hall.call_at(FIRST.0);
    board.hear_records();
    let number = number_at(&board.hall, FIRST.0);
    (board, number)
}

#[test]
fn whoever_leaves_a_counter_is_no_longer_called_there() {
    let counter = FIRST;
    let start = Command::StartService { counter };
    let finish = Command::FinishService { counter, ends_here: false };
    let transfer = Command::Transfer { counter, to: Destination::Service("household".into()) };
    let send_on = Command::SendOn { counter, legs: vec!["household".into()], and_back: true };
    let park = Command::Park { counter, remind_after_min: Some(5) };
    for (way, commands, still_waits) in [
        ("finished", vec![start.clone(), finish], 0),
        ("missed", vec![Command::NoShow { counter, timed: false }], 0),
        ("parked when called", vec![park.clone()], 0),
        ("parked when served", vec![start.clone(), park], 0),
        ("transferred when called", vec![transfer.clone()], 1),
        ("transferred when served", vec![start.clone(), transfer], 1),
        ("sent on", vec![start, send_on], 1),
        ("abandoned", vec![Command::AbandonTicket { ticket: TicketId(1) }], 0),
    ] {
        for by_snapshot in [false, true] {
            let (mut board, number) = after_a_call();
            assert_eq!(cell(&board, counter), Some((Doing::Calling, number.clone())));
            commands.iter().for_each(|command| board.hall.run(command.clone()));
            let effects = if by_snapshot { board.hear_snapshot() } else { board.hear_records() };
            assert_eq!(effects, [], "{way}: nothing to say");
            assert_eq!(cell(&board, counter), Some((Doing::Idle, String::new())), "{way}");
            assert_eq!(board.calls(), [format!("{number}→1*")], "{way}: the call was made");
            assert_eq!(board.board.screen().waiting, still_waits, "{way}");
        }
    }
}

#[test]
fn who_is_called_elsewhere_is_not_called_here_any_more() {
    let mut board = Watched::new(Rehearsal::open("township.toml"), Some("A"));
    let mut everywhere = Watched::new(Rehearsal::new("township.toml"), None);
    board.hear_snapshot();
    board.hall.call_at(FIRST.0);
    board.hear_records();
    let number = number_at(&board.hall, FIRST.0);
    board.hall.run(Command::Transfer { counter: FIRST, to: Destination::Service("household".into()) });
    board.hall.run(Command::OpenCounter { counter: CounterNumber(5), staff: None });
    board.hear_records();
    assert_eq!(board.calls(), [format!("{number}→1*")], "until then it is the last that is known");
    board.hall.run(Command::CallNext { counter: CounterNumber(5) });
    assert_eq!(board.hear_records(), [], "the other zone's affair");
    assert_eq!(board.calls(), Vec::<String>::new());
    assert_eq!(board.board.screen().lead, Lead::Wait);
    for update in board.hall.snapshot() {
        everywhere.hear(update);
    }
    assert_eq!(everywhere.calls(), [format!("{number}→5")]);
}

#[test]
fn who_is_called_back_is_called_anew() {
    let (mut board, number) = after_a_call();
    board.hall.run(Command::Recall { counter: FIRST });
    board.hall.run(Command::Park { counter: FIRST, remind_after_min: None });
    board.hear_records();
    board.hall.run(Command::CallTicket { counter: FIRST, ticket: TicketId(1) });
    assert_eq!(names(&board.hear_records()), [format!("said {number}"), format!("shown {number}")]);
    assert_eq!(board.calls(), [format!("{number}→1*")]);
    assert_eq!(cell(&board, FIRST), Some((Doing::Calling, number)));
}

#[test]
fn who_is_served_without_a_ticket_is_not_called() {
    let serve = Command::ServeDirect {
        counter: FIRST,
        service: "general-enquiries".into(),
        class: ClassId::ordinary(),
    };
    for by_snapshot in [false, true] {
        let mut board = Watched::new(Rehearsal::open("township.toml"), None);
        board.hear_snapshot();
        board.hall.run(Command::OpenCounter { counter: FIRST, staff: None });
        board.hall.run(serve.clone());
        let effects = if by_snapshot { board.hear_snapshot() } else { board.hear_records() };
        assert_eq!(effects, []);
        assert_eq!((board.calls(), board.board.screen().lead), (vec![], Lead::Wait));
        assert_eq!(cell(&board, FIRST), Some((Doing::Serving, "Z001".into())));
        assert_eq!(board.board.screen().waiting, 0);
        board.hall.run(Command::FinishService { counter: FIRST, ends_here: false });
        assert_eq!(board.hear_records(), []);
        assert_eq!(cell(&board, FIRST), Some((Doing::Idle, String::new())));
    }
}

#[test]
fn a_closed_counter_with_a_profile_for_today_is_closed() {
    let mut board = Watched::new(Rehearsal::open("township.toml"), None);
    let profile = Profile { services: vec!["id-card".into()], ..Profile::default() };
    board.hall.run(Command::SetProfile { counter: FIRST, profile: Some(profile) });
    board.hear_snapshot();
    assert!(board.hall.view.counters.contains_key(&FIRST));
    assert_eq!((cell(&board, FIRST), board.board.screen().counter_count), (None, 0));
}

#[test]
fn what_is_withheld_from_boards_changes_nothing() {
    let (mut board, number) = after_a_call();
    let before = board.board.screen();
    let seq = board.heard_seq + 1;
    let record = Record { seq, at: board.hall.now, event: Event::Withheld };
    assert_eq!(board.hear(Update::Record(Box::new(record))), []);
    assert_eq!(board.board.screen(), before);
    let record = Record {
        seq: seq + 1,
        at: board.hall.now,
        event: Event::ServiceStarted { ticket: TicketId(1), number: number.as_str().into(), counter: FIRST },
    };
    board.hear(Update::Record(Box::new(record)));
    assert_eq!(cell(&board, FIRST), Some((Doing::Serving, number)), "the stream goes on");
}
