//! The printers of the hall at the counter: who needs somebody is said, and never stands in the way of calling.

use std::time::Duration;

use hall_core::{CounterState, PrinterCondition, SlipOutcome, TicketId};
use hall_counter::action::{Action, Order};
use hall_counter::dialog::Answer;
use hall_counter::list::{Step, Tab};
use hall_counter::model::Msg;
use hall_counter::printers::Urgency;
use hall_counter::screen::{DialogShown, SlipShown};
use hall_ui::{Lang, testing};
use slint::platform::Key;

use crate::clerk::Clerk;
use crate::terminal::{Terminal, USUAL};

#[test]
fn a_condition_that_needs_somebody_is_said() {
    use PrinterCondition::*;
    let check = |urgency, conditions: &[PrinterCondition]| {
        for condition in conditions {
            assert_eq!(Urgency::of(*condition), urgency, "{condition:?}");
            let mut clerk = Clerk::with_waiting(&[]);
            let reported = clerk.hall.printer("kiosk-1", *condition);
            clerk.hear(reported);
            let alert = clerk.model.screen().alert;
            assert_eq!(alert.is_some(), urgency.needs_somebody(), "{condition:?}");
        }
    };
    check(Urgency::None, &[Ready]);
    check(Urgency::Passing, &[Overheated, Busy]);
    check(Urgency::Soon, &[NearEnd]);
    check(Urgency::Now, &[PaperOut, CoverOpen, Cutter, Jam, Unrecoverable, Offline, Silent, Away]);
    let usable = PrinterCondition::ALL.into_iter().filter(|condition| condition.can_print());
    usable.for_each(|condition| assert!(matches!(Urgency::of(condition), Urgency::None | Urgency::Soon)));
}

#[test]
fn the_worst_printer_is_said_first_and_the_others_are_counted() {
    use PrinterCondition::*;
    let mut clerk = Clerk::with_waiting(&[]);
    let mut check = |printer: &str, condition, expect: Option<(&str, Option<u32>, &str, usize)>| {
        clerk.pass(Duration::from_secs(60));
        let reported = clerk.hall.printer(printer, condition);
        clerk.hear(reported);
        let alert = clerk.model.screen().alert;
        let said = alert
            .as_ref()
            .map(|alert| (alert.printer.as_str(), alert.left, alert.ends_at.as_str(), alert.others));
        assert_eq!(said, expect, "{printer} is {condition:?}");
    };
    check("kiosk-1", Ready, None);
    check("kiosk-2", NearEnd, Some(("kiosk-2", Some(38), "10:22", 0)));
    check("kiosk-4", Jam, Some(("kiosk-4", None, "", 1)));
    check("kiosk-3", PaperOut, Some(("kiosk-4", None, "", 2)));
    check("kiosk-4", Ready, Some(("kiosk-3", None, "", 1)));
    check("kiosk-3", Busy, Some(("kiosk-2", Some(38), "10:22", 0)));
    check("kiosk-2", Ready, None);
}

#[test]
fn every_printer_is_listed_with_what_it_reported() {
    use PrinterCondition::*;
    let mut clerk = Clerk::with_waiting(&[]);
    for (printer, condition) in [("a", Ready), ("b", Busy), ("c", NearEnd), ("d", Silent)] {
        let reported = clerk.hall.printer(printer, condition);
        clerk.hear(reported);
    }
    clerk.act(Msg::Press(Action::Printers));
    let DialogShown::Printers(printers) = clerk.model.screen().dialog else { panic!() };
    let listed: Vec<_> = printers.iter().map(|printer| printer.id.as_str()).collect();
    assert_eq!(listed, ["d", "c", "b", "a"]);
    let near_end = &printers[1];
    assert_eq!((near_end.left, near_end.ends_at.as_str(), near_end.sheets), (Some(38), "10:20", 412));
    assert_eq!((near_end.unconfirmed.as_str(), near_end.reported_at.as_str()), ("1.2 %", "09:30"));
}

#[test]
fn calling_stays_one_press_with_the_printers_in_front() {
    for press in [Msg::PressUsual, Msg::Press(Action::CallNext)] {
        let mut clerk = Clerk::with_waiting(&["transfer"]);
        let reported = clerk.hall.printer("kiosk-1", PrinterCondition::PaperOut);
        clerk.hear(reported);
        clerk.press(Action::Open);
        assert_eq!(clerk.act(Msg::Press(Action::Printers)), None);
        assert_ne!(clerk.model.screen().dialog, DialogShown::None);
        assert_eq!(clerk.act(press), Some(Order::CallNext));
        assert_eq!(clerk.model.screen().dialog, DialogShown::None);
    }
}

#[test]
fn the_printers_are_looked_at_while_an_order_is_under_way() {
    let mut clerk = Clerk::with_waiting(&["transfer"]);
    clerk.tell(Msg::Press(Action::Open)).unwrap();
    clerk.tell(Msg::Press(Action::Printers));
    assert_eq!(clerk.model.screen().dialog, DialogShown::Printers(vec![]));
    clerk.tell(Msg::Dialog(Answer::Dismiss));
    assert_eq!(clerk.model.screen().dialog, DialogShown::None);
}

#[test]
fn the_pill_opens_the_page_and_keys_call_over_it() {
    let mut terminal = Terminal::open_with_citizens(Lang::Zh, USUAL);
    for (printer, condition) in
        [("kiosk-1", PrinterCondition::PaperOut), ("kiosk-2", PrinterCondition::NearEnd)]
    {
        let reported = terminal.hall.printer(printer, condition);
        terminal.hear(reported);
    }
    terminal.pass(Duration::ZERO);
    terminal.click("缺纸 kiosk-1 +1");
    terminal.assert_shows("本卷已打 412 张 · 约剩 38 张 · 约 10:32 用尽");
    terminal.key(Key::Return);
    assert!(!testing::find(&terminal.window, "今日 250 次出票 · 1.2 % 未确认"), "Enter closes the page");
    assert_eq!(terminal.state(), CounterState::Idle, "and does nothing else");

    terminal.key(Key::F3);
    terminal.key("8");
    terminal.assert_shows("今日 250 次出票 · 1.2 % 未确认");
    terminal.key(Key::F5);
    assert_eq!(terminal.number(), "B002");
    assert!(!testing::find(&terminal.window, "今日 250 次出票 · 1.2 % 未确认"));

    let reported = ["kiosk-1", "kiosk-2"].map(|it| terminal.hall.printer(it, PrinterCondition::Ready));
    terminal.hear(reported.into_iter().flatten());
    terminal.pass(Duration::ZERO);
    assert!(!testing::labels(&terminal.window).iter().any(|label| label.contains("kiosk")));
}

#[test]
fn a_ticket_without_paper_is_marked_at_the_counter() {
    use SlipOutcome::*;
    let check = |outcomes: &[SlipOutcome], expect: &str| {
        let mut terminal = Terminal::new(Lang::Zh, USUAL);
        let mut news = terminal.hall.issue("transfer", "ordinary");
        news.extend(terminal.hall.printer("kiosk-1", PrinterCondition::Ready));
        for (copy, outcome) in outcomes.iter().enumerate() {
            if copy > 0 {
                let order = Order::Reprint { ticket: TicketId(1), printer: "kiosk-1".into() };
                news.extend(terminal.hall.order(&order).1);
            }
            news.extend(terminal.hall.slip(TicketId(1), "kiosk-1", copy as u32, *outcome));
        }
        terminal.hear(news);
        terminal.keys(&[Key::F2, Key::F5]);
        match expect {
            "" => assert!(!testing::labels(&terminal.window).iter().any(|label| label.contains('票'))),
            expect => terminal.assert_shows(expect),
        }
    };
    check(&[Printed], "");
    check(&[Unconfirmed], "出票未确认");
    check(&[FailedClean], "未出票");
    check(&[FailedPartial], "号票不全");
    check(&[FailedClean, Printed], "补打 1 次");
    check(&[Printed, Unconfirmed], "出票未确认 · 补打 1 次");
    check(&[Printed, Printed, FailedClean], "未出票 · 补打 2 次");
}

#[test]
fn a_ticket_without_paper_is_marked_in_every_list() {
    let mut clerk = Clerk::with_waiting(&["transfer", "transfer", "transfer"]);
    clerk.press(Action::Open);
    clerk.press(Action::CallNext);
    clerk.press(Action::NoShow);
    clerk.press(Action::CallNext);
    clerk.act(Msg::Press(Action::Park));
    clerk.answer(Answer::ParkFor(None));
    for (id, tab) in [(1, Tab::Missed), (2, Tab::Parked), (3, Tab::Waiting)] {
        clerk.step(Step::Turn(tab));
        assert_eq!(clerk.model.screen().rows[0].slip, SlipShown::default(), "nothing is known");
        for (outcome, doubt) in [
            (SlipOutcome::Unconfirmed, Some(SlipOutcome::Unconfirmed)),
            (SlipOutcome::FailedClean, Some(SlipOutcome::FailedClean)),
            (SlipOutcome::Printed, None),
        ] {
            let reported = clerk.hall.slip(TicketId(id), "kiosk-1", 0, outcome);
            clerk.hear(reported);
            assert_eq!(clerk.model.screen().rows[0].slip, SlipShown { doubt, reprints: 0 }, "{tab:?}");
        }
    }
}
