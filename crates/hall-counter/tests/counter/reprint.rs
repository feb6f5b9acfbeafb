//! A slip printed again: what is offered, what is ordered, and what is said until the kiosk has spoken.

use std::time::Duration;

use hall_client::{ClientError, Update};
use hall_core::{Command, PrinterCondition, PrinterId, Rejection, SlipOutcome, TicketId};
use hall_counter::action::{Action, Order};
use hall_counter::dialog::Answer;
use hall_counter::list::{Step, Tab};
use hall_counter::model::Msg;
use hall_counter::notice::Notice;
use hall_counter::reprint::Stage;
use hall_counter::screen::{DialogShown, ReprintShown};
use hall_ui::{Lang, testing};
use slint::platform::Key;

use crate::clerk::Clerk;
use crate::hall::{TestHall, refusal};
use crate::terminal::{Terminal, USUAL};

const A001: TicketId = TicketId(1);
use PrinterCondition::{NearEnd, PaperOut, Ready};

/// A001 is at the counter, printed at kiosk-2; these printers have reported.
fn calling(printers: &[(&str, PrinterCondition)]) -> Clerk {
    let mut clerk = Clerk::with_waiting(&["transfer", "mortgage"]);
    let mut news = clerk.hall.slip(A001, "kiosk-2", 0, SlipOutcome::Printed);
    printers.iter().for_each(|(printer, condition)| news.extend(clerk.hall.printer(printer, *condition)));
    clerk.hear(news);
    clerk.press(Action::Open);
    clerk.press(Action::CallNext);
    clerk
}

/// The same, with the question open.
fn asked(printers: &[(&str, PrinterCondition)]) -> Clerk {
    let mut clerk = calling(printers);
    assert_eq!(clerk.act(Msg::Press(Action::Reprint)), None, "it asks first");
    clerk
}

#[track_caller]
fn shown(clerk: &Clerk) -> ReprintShown {
    match clerk.model.screen().dialog {
        DialogShown::Reprint(reprint) => reprint,
        other => panic!("{other:?}"),
    }
}

fn chosen(clerk: &Clerk) -> Option<String> {
    let chosen = shown(clerk).printers.into_iter().find(|printer| printer.is_chosen);
    chosen.map(|printer| printer.id.to_string())
}

fn order_at(printer: &str) -> Option<Order> {
    Some(Order::Reprint { ticket: A001, printer: printer.into() })
}

fn refuse(clerk: &mut Clerk, rejection: &Rejection) {
    clerk.tell(Msg::Answered(Err(refusal(rejection))));
}

#[test]
fn the_own_printer_comes_first_and_only_a_clear_choice_is_made() {
    let check = |printers: &[(&str, PrinterCondition)], expect: &[&str], expect_chosen: Option<&str>| {
        let clerk = asked(printers);
        let reprint = shown(&clerk);
        let listed: Vec<_> = reprint.printers.iter().map(|printer| printer.id.as_str()).collect();
        assert_eq!(listed, expect);
        assert_eq!(chosen(&clerk).as_deref(), expect_chosen, "{printers:?}");
        assert_eq!(reprint.may_confirm, expect_chosen.is_some(), "{printers:?}");
        assert!(reprint.printers.iter().all(|it| it.is_own == (it.id.as_str() == "kiosk-2")));
    };
    check(&[], &[], None);
    check(&[("kiosk-1", Ready)], &["kiosk-1"], Some("kiosk-1"));
    check(&[("kiosk-1", Ready), ("kiosk-2", NearEnd)], &["kiosk-2", "kiosk-1"], Some("kiosk-2"));
    check(&[("kiosk-1", Ready), ("kiosk-2", PaperOut)], &["kiosk-2", "kiosk-1"], Some("kiosk-1"));
    check(&[("kiosk-1", Ready), ("kiosk-3", Ready)], &["kiosk-1", "kiosk-3"], None);
    check(
        &[("kiosk-1", PaperOut), ("kiosk-2", PaperOut), ("kiosk-3", Ready), ("kiosk-4", Ready)],
        &["kiosk-2", "kiosk-3", "kiosk-4", "kiosk-1"],
        None,
    );
    check(&[("kiosk-2", PaperOut)], &["kiosk-2"], None);
}

#[test]
fn a_reprint_is_ordered_and_followed_until_it_is_printed() {
    let mut clerk = asked(&[("kiosk-2", Ready)]);
    let first = shown(&clerk).first.unwrap();
    assert_eq!((first.printer.as_str(), first.outcome), ("kiosk-2", Some(SlipOutcome::Printed)));
    assert_eq!(first.at, "09:30");

    let order = clerk.tell(Msg::Dialog(Answer::Confirm));
    assert_eq!(order, order_at("kiosk-2"));
    assert_eq!(shown(&clerk).stage, Stage::UnderWay { before: 0 });
    assert_eq!(clerk.tell(Msg::Dialog(Answer::Confirm)), None, "the second half of a double press");
    let (answer, updates) = clerk.hall.order(&order.unwrap());
    clerk.tell(Msg::Answered(answer));
    assert_eq!(shown(&clerk).latest, None, "the answer alone moves nothing");

    clerk.hear(updates);
    let reprint = shown(&clerk);
    assert_eq!((&reprint.stage, reprint.reprints, reprint.is_over), (&Stage::Ordered, 1, true));
    assert_eq!(reprint.latest.unwrap().outcome, None);

    clerk.pass(Duration::from_secs(60));
    let printed = clerk.hall.slip(A001, "kiosk-2", 1, SlipOutcome::Printed);
    clerk.hear(printed);
    let latest = shown(&clerk).latest.unwrap();
    assert_eq!((latest.outcome, latest.at.as_str()), (Some(SlipOutcome::Printed), "09:31"));
    assert_eq!(clerk.answer(Answer::Confirm), None, "nothing is left to order");
    let screen = clerk.model.screen();
    assert_eq!((screen.dialog, screen.notice), (DialogShown::None, None));
    assert_eq!(screen.ticket.unwrap().slip.reprints, 1);
}

#[test]
fn what_was_not_printed_is_ordered_again_elsewhere() {
    for outcome in [SlipOutcome::FailedClean, SlipOutcome::FailedPartial, SlipOutcome::Unconfirmed] {
        let mut clerk = asked(&[("kiosk-1", Ready), ("kiosk-2", Ready)]);
        assert_eq!(clerk.answer(Answer::Confirm), order_at("kiosk-2"));
        let mut news = clerk.hall.slip(A001, "kiosk-2", 1, outcome);
        news.extend(clerk.hall.printer("kiosk-2", PaperOut));
        clerk.hear(news);
        let reprint = shown(&clerk);
        assert_eq!((reprint.is_over, reprint.may_confirm), (false, false), "kiosk-2 cannot print now");
        clerk.answer(Answer::Move(1));
        assert_eq!(chosen(&clerk).as_deref(), Some("kiosk-1"));
        assert_eq!(clerk.answer(Answer::Confirm), order_at("kiosk-1"), "{outcome:?}");
        assert_eq!(shown(&clerk).reprints, 2);
    }
}

#[test]
fn another_printer_may_be_chosen_and_one_that_cannot_print_may_not() {
    let mut clerk = asked(&[("kiosk-1", Ready), ("kiosk-2", Ready), ("kiosk-3", PaperOut)]);
    clerk.answer(Answer::ChoosePrinter(PrinterId::from("kiosk-3")));
    assert_eq!(chosen(&clerk).as_deref(), Some("kiosk-2"));
    clerk.answer(Answer::ChoosePrinter(PrinterId::from("kiosk-1")));
    let gone = clerk.hall.printer("kiosk-1", PaperOut);
    clerk.hear(gone);
    assert_eq!(chosen(&clerk), None, "nothing else is chosen by itself");
    [1, 1].into_iter().for_each(|by| _ = clerk.answer(Answer::Move(by)));
    assert_eq!(clerk.answer(Answer::Confirm), order_at("kiosk-2"));
}

#[test]
fn refusals_are_said_where_they_were_caused() {
    let number = || "A001".into();
    let rejections = [
        Rejection::PrinterNotReady { printer: "kiosk-2".into(), condition: PaperOut },
        Rejection::UnknownPrinter("kiosk-2".into()),
        Rejection::ReprintLimit { number: number(), limit: 5 },
        Rejection::Settled(number()),
    ];
    for rejection in rejections {
        let mut clerk = asked(&[("kiosk-2", Ready)]);
        clerk.tell(Msg::Dialog(Answer::Confirm)).unwrap();
        refuse(&mut clerk, &rejection);
        assert_eq!(shown(&clerk).stage, Stage::Refused(rejection.zh()));
        assert_eq!(clerk.model.screen().notice, None, "said once");
        assert_eq!(clerk.tell(Msg::Dialog(Answer::Confirm)), order_at("kiosk-2"), "it may be tried again");
        clerk.tell(Msg::Dialog(Answer::Dismiss));
        refuse(&mut clerk, &rejection);
        assert_eq!(
            clerk.model.screen().notice,
            Some(Notice::Refused(rejection.zh())),
            "the dialog is closed"
        );
    }
}

#[test]
fn without_an_answer_the_stream_tells_whether_it_was_ordered() {
    let no_answer = || Msg::Answered(Err(ClientError::Away("no route".into())));
    let mut clerk = asked(&[("kiosk-2", Ready)]);
    let order = clerk.tell(Msg::Dialog(Answer::Confirm)).unwrap();
    clerk.tell(no_answer());
    assert_eq!(shown(&clerk).stage, Stage::NoAnswer { before: 0 });
    let (_, updates) = clerk.hall.order(&order);
    clerk.hear(updates);
    assert_eq!(shown(&clerk).stage, Stage::Ordered);

    let mut clerk = asked(&[("kiosk-2", Ready)]);
    let order = clerk.tell(Msg::Dialog(Answer::Confirm)).unwrap();
    let (answer, _) = clerk.hall.order(&order);
    clerk.tell(Msg::Answered(answer));
    clerk.connect();
    assert_eq!(shown(&clerk).stage, Stage::Ordered, "by a snapshot, too");

    let mut clerk = asked(&[("kiosk-2", Ready)]);
    clerk.tell(Msg::Dialog(Answer::Confirm)).unwrap();
    clerk.tell(no_answer());
    clerk.tell(Msg::Dialog(Answer::Dismiss));
    clerk.tell(Msg::Press(Action::Reprint));
    clerk.tell(Msg::Dialog(Answer::Confirm)).unwrap();
    clerk.tell(Msg::Dialog(Answer::Dismiss));
    clerk.tell(no_answer());
    assert_eq!(clerk.model.screen().notice, Some(Notice::NoAnswer));
}

#[test]
fn five_reprints_are_enough() {
    let mut clerk = asked(&[("kiosk-2", Ready)]);
    for copy in 1..=5 {
        assert_eq!(clerk.answer(Answer::Confirm), order_at("kiosk-2"), "{copy}");
        let failed = clerk.hall.slip(A001, "kiosk-2", copy, SlipOutcome::FailedClean);
        clerk.hear(failed);
    }
    let reprint = shown(&clerk);
    assert_eq!((reprint.reprints, reprint.limit, reprint.may_confirm), (5, 5, false));
    assert_eq!(clerk.answer(Answer::Confirm), None);
}

#[test]
fn what_comes_of_a_reprint_is_said_when_its_dialog_is_closed() {
    let check = |meanwhile: fn(&mut Clerk), outcome| {
        let mut clerk = asked(&[("kiosk-2", Ready)]);
        clerk.answer(Answer::Confirm).unwrap();
        clerk.answer(Answer::Dismiss);
        let reported = clerk.hall.slip(A001, "kiosk-2", 1, outcome);
        meanwhile(&mut clerk);
        clerk.hear(reported);
        let notice = clerk.model.screen().notice;
        let Some(Notice::Reprinted(reprinted)) = notice else { panic!("{notice:?}") };
        assert_eq!((reprinted.ticket, reprinted.outcome), (A001, outcome));
        assert_eq!((reprinted.number.as_str(), reprinted.printer.as_str()), ("A001", "kiosk-2"));
    };
    for outcome in SlipOutcome::ALL {
        check(|_| {}, outcome);
        let away_and_back = |clerk: &mut Clerk| {
            clerk.tell(Msg::Heard(Update::Away("reset".into())));
            clerk.connect();
        };
        check(away_and_back, outcome);
    }
    let mut clerk = calling(&[("kiosk-2", Ready)]);
    let (printer, counter) = (PrinterId::from("kiosk-2"), None);
    let mut news = clerk.hall.command(&Command::Reprint { ticket: A001, printer, counter }).unwrap();
    news.extend(clerk.hall.slip(A001, "kiosk-2", 1, SlipOutcome::Printed));
    clerk.hear(news);
    assert_eq!(clerk.model.screen().notice, None, "ordered at the kiosk itself");
}

#[test]
fn the_slip_of_any_listed_ticket_is_printed_again() {
    let check = |tab, set_aside: fn(&mut Clerk)| {
        let mut clerk = calling(&[("kiosk-1", Ready)]);
        set_aside(&mut clerk);
        clerk.step(Step::Turn(tab));
        clerk.choose("A001");
        clerk.act(Msg::Press(Action::Reprint));
        assert_eq!(shown(&clerk).number, "A001");
        assert_eq!(clerk.answer(Answer::Confirm), order_at("kiosk-1"), "{tab:?}");
    };
    check(Tab::Missed, |clerk| clerk.press(Action::NoShow));
    check(Tab::Parked, |clerk| {
        clerk.act(Msg::Press(Action::Park));
        clerk.answer(Answer::ParkFor(None));
    });
    let mut clerk = calling(&[("kiosk-1", Ready)]);
    clerk.choose("B001");
    clerk.act(Msg::Press(Action::Reprint));
    assert_eq!(shown(&clerk).number, "B001", "the chosen one, not the one at the counter");
    let cancelled = clerk.hall.command(&Command::CancelTicket { ticket: TicketId(2) }).unwrap();
    clerk.hear(cancelled);
    assert_eq!(clerk.model.screen().dialog, DialogShown::None, "it goes with its ticket");
}

#[test]
fn the_question_opens_while_the_hub_is_slow_and_waits_for_its_answer() {
    let mut clerk = calling(&[("kiosk-2", Ready)]);
    let recall = clerk.tell(Msg::Press(Action::Recall)).unwrap();
    clerk.tell(Msg::Press(Action::Reprint));
    assert_eq!(clerk.tell(Msg::Dialog(Answer::Confirm)), None);
    let (answer, updates) = clerk.hall.order(&recall);
    clerk.tell(Msg::Answered(answer));
    clerk.hear(updates);
    assert_eq!(clerk.answer(Answer::Confirm), order_at("kiosk-2"));
}

#[test]
fn a_hub_set_up_anew_leaves_nothing_under_way() {
    let mut clerk = asked(&[("kiosk-2", Ready)]);
    let order = clerk.tell(Msg::Dialog(Answer::Confirm)).unwrap();
    let (answer, _) = clerk.hall.order(&order);
    clerk.tell(Msg::Answered(answer));
    clerk.hall = TestHall::new();
    clerk.connect();
    assert_eq!(clerk.model.screen().dialog, DialogShown::None);
    assert!(clerk.model.may(Action::Open));
}

/// B002 at the counter, failed at kiosk-1; kiosk-1 and kiosk-2 can print, kiosk-3 cannot.
fn terminal() -> Terminal {
    let mut terminal = Terminal::open_with_citizens(Lang::Zh, USUAL);
    let ticket = terminal.hall.id_of("B002");
    let mut news = terminal.hall.slip(ticket, "kiosk-1", 0, SlipOutcome::FailedClean);
    for (printer, condition) in [("kiosk-1", Ready), ("kiosk-2", Ready), ("kiosk-3", PaperOut)] {
        news.extend(terminal.hall.printer(printer, condition));
    }
    terminal.hear(news);
    terminal.key(Key::F5);
    terminal
}

#[test]
fn it_is_ordered_by_two_keys() {
    let mut terminal = terminal();
    terminal.keys(&[Key::F1, Key::Return]);
    terminal.assert_shows("已通知 kiosk-1，等待打印");
    let ticket = terminal.hall.id_of("B002");
    let printed = terminal.hall.slip(ticket, "kiosk-1", 1, SlipOutcome::Printed);
    terminal.hear(printed);
    terminal.pass(Duration::ZERO);
    terminal.assert_shows("kiosk-1 已打印，请到取号机取");
    terminal.key(Key::Return);
    assert!(!testing::find(&terminal.window, "完成"));
    terminal.assert_shows("补打 1 次");
    terminal.key(Key::F7);
    assert_eq!(terminal.number(), "B002", "the keys are the counter's again");
}

#[test]
fn it_is_ordered_by_touch() {
    let mut terminal = terminal();
    terminal.click("更多");
    terminal.click("补打号票");
    terminal.assert_shows("B002 补打号票");
    assert!(!testing::enabled(&terminal.window, "kiosk-3"), "it has no paper");
    terminal.click("kiosk-2");
    terminal.click("补打");
    terminal.assert_shows("已通知 kiosk-2，等待打印");
    terminal.click("关闭");
    let ticket = terminal.hall.id_of("B002");
    let failed = terminal.hall.slip(ticket, "kiosk-2", 1, SlipOutcome::FailedPartial);
    terminal.hear(failed);
    terminal.pass(Duration::ZERO);
    terminal.assert_shows("B002 的补打号票没有打好（kiosk-2），请再补打");

    terminal.click("A002");
    terminal.click("补打");
    terminal.assert_shows("A002 补打号票");
    terminal.key(Key::Escape);
    assert!(!testing::find(&terminal.window, "A002 补打号票"));
}
