//! What the score counts, and what it leaves out.

#![allow(clippy::unwrap_used)]

mod support;

use hall_core::{Command, CounterNumber, Destination, TicketId};
use hall_forecast::{Estimate, Tally};
use support::{Played, plan};

const TOLD: Estimate = Estimate { p50_ms: 10_000, p90_ms: 20_000 };

/// A hall with two open counters and one ticket, told what it was told.
fn told(estimate: Estimate) -> (Played, TicketId) {
    let mut played = Played::new(&plan("", &[r#"id = "a", expected_min = 8"#], &[r#"services = ["a"]"#; 2]));
    played.open([1, 2]);
    let ticket = played.issue("a", "ordinary");
    played.score.tell(ticket, played.now, estimate);
    (played, ticket)
}

#[test]
fn a_call_is_within_what_was_told_or_not() {
    // (waited, within P50, within P90)
    for (waited_ms, within_p50, within_p90) in
        [(0, 1, 1), (10_000, 1, 1), (10_001, 0, 1), (20_000, 0, 1), (20_001, 0, 0)]
    {
        let (mut played, _) = told(TOLD);
        assert_eq!(played.score.coverage_p90(), None);
        played.now = played.now.plus_ms(waited_ms);
        played.call(1);
        assert_eq!(played.score.waits(), Tally { called: 1, within_p50, within_p90 }, "after {waited_ms} ms");
        assert_eq!(played.score.coverage_p90(), Some(within_p90 as f64));
        assert_eq!(played.score.at_once(), Tally::default());
    }
}

#[test]
fn who_was_told_that_they_would_be_called_at_once_is_counted_apart() {
    let at_once = Estimate { p50_ms: 0, p90_ms: 0 };
    for (waited_ms, within) in [(0, 1), (1, 0)] {
        let (mut played, _) = told(at_once);
        played.now = played.now.plus_ms(waited_ms);
        played.call(1);
        assert_eq!(played.score.at_once(), Tally { called: 1, within_p50: within, within_p90: within });
        assert_eq!(played.score.coverage_p90(), None);
    }
}

#[test]
fn only_what_was_told_first_counts() {
    let (mut played, ticket) = told(TOLD);
    played.now = played.now.plus_ms(15_000);
    played.score.tell(ticket, played.now, TOLD);
    played.call(1);
    assert_eq!(played.score.waits(), Tally { called: 1, within_p50: 0, within_p90: 1 });
}

#[test]
fn only_the_first_call_counts() {
    let counter = CounterNumber(1);
    let (mut played, ticket) = told(TOLD);
    played.call(1);
    played.carry_out(&Command::NoShow { counter, timed: false });
    played.carry_out(&Command::Reinstate { ticket });
    played.now = played.now.plus_ms(60_000);
    played.call(1);
    let to = Destination::Counter(CounterNumber(2));
    played.carry_out(&Command::Transfer { counter, to });
    played.call(2);
    assert_eq!(played.score.waits(), Tally { called: 1, within_p50: 1, within_p90: 1 });
}

#[test]
fn who_is_never_called_does_not_count() {
    let (mut played, ticket) = told(TOLD);
    played.carry_out(&Command::CancelTicket { ticket });
    assert_eq!(played.score.waits(), Tally::default());
}

#[test]
fn who_waits_longer_than_told_and_in_vain_counts_as_told_wrongly() {
    let (mut expired, _) = told(TOLD);
    expired.next_morning();
    assert_eq!(expired.score.waits(), Tally { called: 1, within_p50: 0, within_p90: 0 });
}
