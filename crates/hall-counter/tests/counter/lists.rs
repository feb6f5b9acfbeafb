//! The lists of tickets: who is in them, in which order, and what is done about a chosen one.

use std::time::Duration;

use hall_client::Update;
use hall_core::plan::{Help, HelpWhen, Profile};
use hall_core::{Command, CounterNumber, CounterState, Destination, SlipOutcome, StaffId, TicketId, Wish};
use hall_counter::action::{Action, Order};
use hall_counter::dialog::Answer;
use hall_counter::list::{RowAction, Step, Tab};
use hall_counter::model::{Model, Msg};
use hall_counter::notice::Notice;
use hall_counter::reach::Claim;
use hall_counter::screen::{DialogShown, RowShown, SlipShown};
use hall_ui::Lang;

use crate::clerk::Clerk;
use crate::hall::COUNTER;

fn mins(minutes: u64) -> Duration {
    Duration::from_secs(minutes * 60)
}

/// An open counter, and somebody called to it.
fn calling(services: &[&str]) -> Clerk {
    let mut clerk = Clerk::with_waiting(services);
    clerk.press(Action::Open);
    clerk.press(Action::CallNext);
    clerk
}

/// Parks the ticket at the counter.
fn park(clerk: &mut Clerk, minutes: Option<u32>) {
    assert_eq!(clerk.act(Msg::Press(Action::Park)), None);
    assert_eq!(clerk.answer(Answer::ParkFor(minutes)), Some(Order::Park { remind_after_min: minutes }));
}

#[test]
fn everybody_the_counter_serves_is_listed_by_standing() {
    let mut clerk = Clerk::with_waiting(&["transfer"; 9]);
    clerk.pass(Duration::from_secs(150));
    let late = [clerk.hall.issue("mortgage", "elderly"), clerk.hall.issue("home-tax", "ordinary")];
    clerk.hear(late.into_iter().flatten());
    let screen = clerk.model.screen();
    let listed: Vec<_> = screen.rows.iter().map(|row| (row.number.as_str(), row.minutes)).collect();
    assert_eq!(
        listed[..2],
        [("B001", Some(0)), ("A001", Some(2))],
        "twenty minutes of credit put B001 first"
    );
    assert_eq!((listed.len(), screen.counts), (10, [10, 0, 0]), "home-tax is not served here");
    assert_eq!((screen.rows[0].class.as_str(), screen.rows[1].class.as_str()), ("老年人", ""));
    assert!(screen.rows[0].is_next && !screen.rows[1].is_next, "the counter is closed, but would call B001");
}

#[test]
fn a_row_says_what_sets_a_ticket_apart() {
    let mut clerk = Clerk::new(Lang::Zh);
    clerk.connect();
    let news = clerk.hall.check_in("mortgage", "09:45", "writes");
    clerk.hear(news);
    let row = clerk.model.screen().rows.remove(0);
    assert_eq!((row.appointment.as_str(), row.needs.as_str()), ("09:45", "需书写交流"));
    clerk.press(Action::Open);
    clerk.press(Action::CallNext);
    let ticket = clerk.model.screen().ticket.unwrap();
    assert_eq!((ticket.appointment.as_str(), ticket.needs.as_str()), ("09:45", "需书写交流"));
}

#[test]
fn who_was_sent_here_and_whom_it_helps_are_listed_and_marked() {
    let mut clerk = Clerk::new(Lang::Zh);
    clerk.model = Model::new(COUNTER, Some(StaffId::from("1024")), Lang::Zh, clerk.at);
    clerk.connect();
    clerk.press(Action::Open);
    // Two of another counter's, sent to this one and to who has opened it; one this counter helps.
    let other = CounterNumber(3);
    clerk.hall.open_other(3, "3003");
    for to in [Destination::Counter(COUNTER), Destination::Staff(StaffId::from("1024"))] {
        clerk.hall.issue("home-tax", "ordinary");
        clerk.hall.command(&Command::CallNext { counter: other }).unwrap();
        clerk.hall.command(&Command::Transfer { counter: other, to }).unwrap();
    }
    clerk.hall.issue("withdrawal", "ordinary");
    let help = Command::HelpService {
        counter: COUNTER,
        service: "withdrawal".into(),
        when: HelpWhen::WaitedOverMin(10),
    };
    clerk.hall.command(&help).unwrap();
    clerk.hall.issue("transfer", "ordinary");
    clerk.connect();
    let claims = |clerk: &Clerk| {
        let rows = clerk.model.screen().rows;
        rows.into_iter().map(|row| (row.number, row.claim.unwrap())).collect::<Vec<_>>()
    };
    let expect = [
        ("S001", Claim::SentToCounter),
        ("S002", Claim::SentToStaff),
        ("D001", Claim::Helped),
        ("A001", Claim::Own),
    ];
    assert_eq!(claims(&clerk), expect.map(|(number, claim)| (number.to_owned(), claim)));

    for number in ["S001", "S002", "A001"] {
        assert_eq!(clerk.model.screen().next.as_deref(), Some(number));
        [Action::CallNext, Action::Start, Action::Finish].into_iter().for_each(|action| clerk.press(action));
    }
    let screen = clerk.model.screen();
    assert_eq!((screen.next, screen.counts), (None, [1, 0, 0]), "D001 has not waited ten minutes");
    clerk.pass(mins(11));
    assert_eq!(clerk.model.screen().next.as_deref(), Some("D001"));
}

#[test]
fn the_chosen_ticket_is_called_and_no_other() {
    let mut clerk = Clerk::with_waiting(&["transfer", "mortgage", "transfer"]);
    clerk.step(Step::Move(1));
    assert_eq!(clerk.model.screen().chosen.unwrap().may, [RowAction::Cancel], "the counter is closed");
    clerk.press(Action::Open);
    assert_eq!(clerk.model.screen().chosen, None, "an order lets go of the choice");
    clerk.step(Step::Move(1));
    clerk.step(Step::Move(1));
    assert_eq!(clerk.model.screen().chosen.unwrap().number, "B001");
    assert_eq!(clerk.act(Msg::Enter), Some(Order::CallTicket(TicketId(2))));
    let ticket = clerk.model.screen().ticket.unwrap();
    assert_eq!((ticket.number.as_str(), ticket.why.as_str()), ("B001", "窗口人员选定"));
    assert_eq!(clerk.act(Msg::Enter), None, "the second half of a double press");
    clerk.pass(Duration::from_secs(1));
    assert_eq!(clerk.act(Msg::Enter), Some(Order::Start), "with nobody chosen, Enter is the large button");

    clerk.step(Step::Choose(TicketId(3)));
    assert_eq!(clerk.act(Msg::Enter), None, "nobody can be called while somebody is served");
    clerk.pass(Duration::from_secs(1));
    assert_eq!(clerk.act(Msg::PressUsual), Some(Order::Finish), "the large button does not mind a choice");
}

#[test]
fn a_typed_number_is_found_in_whichever_list_it_is() {
    let mut clerk = calling(&["transfer", "mortgage", "transfer", "inheritance"]);
    clerk.press(Action::NoShow);
    clerk.press(Action::CallNext);
    park(&mut clerk, None);
    let mut check = |typed: &str, tab, expect: Option<&str>| {
        clerk.step(Step::Leave);
        typed.chars().for_each(|c| _ = clerk.step(Step::Type(c)));
        let screen = clerk.model.screen();
        let chosen = screen.chosen.map(|chosen| chosen.number);
        assert_eq!((screen.tab, chosen.as_deref()), (tab, expect), "{typed:?}");
        assert_eq!(screen.typed, typed.to_uppercase());
    };
    check("A002", Tab::Waiting, Some("A002"));
    check("2", Tab::Waiting, Some("A002"));
    check("a02", Tab::Waiting, Some("A002"));
    check("jc1", Tab::Waiting, Some("JC001"));
    check("jc", Tab::Waiting, Some("JC001"));
    check("b001", Tab::Parked, Some("B001"));
    check("a001", Tab::Missed, Some("A001"));
    check("Z9", Tab::Missed, None);
    clerk.pass(Duration::from_secs(5));
    assert_eq!(clerk.model.screen().typed, "", "typed so long ago, it is another one's");
}

#[test]
fn a_choice_goes_with_its_ticket() {
    let mut clerk = Clerk::with_waiting(&["transfer", "transfer"]);
    clerk.press(Action::Open);
    clerk.choose("A002");
    let cancelled = clerk.hall.command(&Command::CancelTicket { ticket: TicketId(2) }).unwrap();
    clerk.hear(cancelled);
    assert_eq!(clerk.model.screen().chosen, None);
    assert_eq!(clerk.act(Msg::Enter), Some(Order::CallNext), "Enter is the large button again");
}

#[test]
fn a_parked_ticket_is_reminded_of_and_called_back() {
    let mut clerk = calling(&["transfer", "mortgage"]);
    park(&mut clerk, Some(10));
    clerk.pass(mins(9));
    clerk.step(Step::Turn(Tab::Parked));
    let row = clerk.model.screen().rows.remove(0);
    assert_eq!((row.number.as_str(), row.minutes, row.remind_at.as_str()), ("A001", Some(9), "09:40"));
    assert!(!row.is_due);
    let (printer, outcome) = ("kiosk-1".into(), SlipOutcome::Unconfirmed);
    let report = Command::ReportSlip { ticket: TicketId(1), printer, copy: 0, outcome };
    let reported = clerk.hall.command(&report).unwrap();
    clerk.hear(reported);
    let screen = clerk.model.screen();
    let slip = SlipShown { doubt: Some(outcome), reprints: 0 };
    assert_eq!(screen.rows, [RowShown { slip, ..row }], "set aside as before, whatever is said of the slip");
    assert_eq!((screen.notice, screen.is_call_back_due, screen.counts), (None, false, [1, 1, 0]));

    clerk.pass(mins(1));
    let screen = clerk.model.screen();
    assert!(screen.rows[0].is_due && screen.rows[0].remind_at.is_empty());
    assert_eq!((screen.notice, screen.is_call_back_due), (None, true), "the list says so");
    clerk.step(Step::Turn(Tab::Waiting));
    let call_back = Some(Notice::CallBack(vec!["A001".into()]));
    assert_eq!(clerk.model.screen().notice, call_back);
    clerk.press(Action::CallNext);
    clerk.pass(mins(1));
    assert_eq!(clerk.model.screen().notice, None, "not while somebody is at the counter");
    assert!(clerk.model.screen().is_call_back_due);
    clerk.press(Action::NoShow);
    assert_eq!(clerk.model.screen().notice, call_back);

    clerk.choose("A001");
    assert_eq!(clerk.act(Msg::Enter), Some(Order::CallTicket(TicketId(1))));
    let screen = clerk.model.screen();
    assert_eq!((screen.counts, screen.notice), ([0, 0, 1], None));
    assert_eq!(screen.tab, Tab::Waiting, "a call brings back the list of those who wait");
    assert_eq!(screen.ticket.unwrap().why, "挂起后回呼");
}

#[test]
fn who_is_to_be_called_back_comes_first_and_then_who_is_next_to_be() {
    let mut clerk = calling(&["transfer"; 4]);
    for minutes in [None, Some(20), Some(5), Some(10)] {
        park(&mut clerk, minutes);
        if clerk.model.may(Action::CallNext) {
            clerk.press(Action::CallNext);
        }
    }
    clerk.step(Step::Turn(Tab::Parked));
    assert_eq!(clerk.listed(), ["A003", "A004", "A002", "A001"]);
    clerk.pass(mins(11));
    assert_eq!(clerk.listed(), ["A003", "A004", "A002", "A001"]);
    let due: Vec<_> = clerk.model.screen().rows.iter().map(|row| row.is_due).collect();
    assert_eq!(due, [true, true, false, false]);
}

#[test]
fn a_reminder_that_came_while_the_hub_was_away_is_not_lost() {
    let mut clerk = calling(&["transfer"]);
    park(&mut clerk, Some(5));
    clerk.tell(Msg::Heard(Update::Away("reset".into())));
    clerk.at += mins(6);
    clerk.hall.pass(mins(6));
    clerk.connect();
    let screen = clerk.model.screen();
    assert!(screen.is_call_back_due);
    assert_eq!(screen.notice, Some(Notice::CallBack(vec!["A001".into()])));
    clerk.step(Step::Turn(Tab::Parked));
    assert_eq!(clerk.model.screen().rows[0].minutes, Some(6), "a snapshot does not make it forget");
}

#[test]
fn what_is_done_about_a_row_is_what_is_ordered() {
    let ticket = TicketId(1);
    let check = |make: fn(&mut Clerk), action, expect: Order, counts| {
        let mut clerk = calling(&["transfer", "mortgage"]);
        make(&mut clerk);
        clerk.choose("A001");
        let mut order = clerk.step(Step::Press(action));
        if matches!(action, RowAction::Cancel | RowAction::Abandon) {
            assert_eq!(order, None);
            let DialogShown::Doubt { number, may_confirm, .. } = clerk.model.screen().dialog else {
                panic!()
            };
            assert_eq!((number.as_str(), may_confirm), ("A001", true));
            order = clerk.answer(Answer::Confirm);
        }
        assert_eq!((order, clerk.model.screen().counts), (Some(expect), counts), "{action:?}");
    };
    let parked = |clerk: &mut Clerk| park(clerk, None);
    let missed = |clerk: &mut Clerk| clerk.press(Action::NoShow);
    let waiting = |clerk: &mut Clerk| {
        clerk.press(Action::NoShow);
        clerk.choose("A001");
        clerk.step(Step::Press(RowAction::Reinstate));
    };
    check(parked, RowAction::Resume, Order::Resume(ticket), [2, 0, 0]);
    check(parked, RowAction::Abandon, Order::Abandon(ticket), [1, 0, 0]);
    check(parked, RowAction::Call, Order::CallTicket(ticket), [1, 0, 0]);
    check(missed, RowAction::Reinstate, Order::Reinstate(ticket), [2, 0, 0]);
    check(waiting, RowAction::Cancel, Order::Cancel(ticket), [1, 0, 0]);
}

#[test]
fn who_did_not_come_is_listed_where_they_would_be_called_the_last_first() {
    let mut clerk = calling(&["transfer", "mortgage", "search", "home-tax"]);
    clerk.press(Action::NoShow);
    clerk.pass(mins(2));
    clerk.press(Action::CallNext);
    clerk.press(Action::NoShow);
    for (counter, staff) in [(2, "2002"), (3, "3003")] {
        let mut news = clerk.hall.open_other(counter, staff);
        let counter = CounterNumber(counter);
        news.extend(clerk.hall.command(&Command::CallNext { counter }).unwrap());
        news.extend(clerk.hall.command(&Command::NoShow { counter, timed: false }).unwrap());
        clerk.hear(news);
    }
    clerk.step(Step::TurnBy(1));
    clerk.step(Step::TurnBy(1));
    clerk.step(Step::TurnBy(1));
    let screen = clerk.model.screen();
    assert_eq!(screen.tab, Tab::Missed, "the last list, on the right");
    let listed: Vec<_> =
        screen.rows.iter().map(|row| (row.number.as_str(), row.called_at.as_str())).collect();
    assert_eq!(listed, [("B001", "09:32"), ("A001", "09:30")], "search and home-tax are for others");
    clerk.step(Step::Turn(Tab::Waiting));
    assert_eq!(clerk.listed(), [""; 0]);
}

#[test]
fn today_s_profile_decides_what_is_listed() {
    let mut clerk = Clerk::with_waiting(&["transfer", "mortgage", "search", "loan"]);
    assert_eq!(clerk.listed(), ["A001", "B001"]);
    let profile = Profile {
        services: vec!["search".into()],
        helps: vec![Help { service: "loan".into(), when: HelpWhen::OwnEmpty }],
        auto_call: None,
    };
    let command = Command::SetProfile { counter: COUNTER, profile: Some(profile) };
    let set = clerk.hall.command(&command).unwrap();
    clerk.hear(set);
    assert_eq!(clerk.listed(), ["C001", "K001"]);
    assert!(clerk.model.screen().is_adjusted);
    let reset = clerk.hall.command(&Command::SetProfile { counter: COUNTER, profile: None }).unwrap();
    clerk.hear(reset);
    assert_eq!(clerk.listed(), ["A001", "B001"]);
    assert!(!clerk.model.screen().is_adjusted);
}

#[test]
fn the_card_says_where_the_ticket_goes_on_to() {
    let mut clerk = Clerk::new(Lang::Zh);
    clerk.hall.issue_wish(Wish {
        then: vec!["home-tax".into(), "search".into()],
        ..Wish::new("transfer", "ordinary")
    });
    clerk.connect();
    clerk.press(Action::Open);
    clerk.press(Action::CallNext);
    assert_eq!(clerk.model.screen().ticket.unwrap().onward, "房屋交易缴税 → 不动产查询与证明");
    clerk.press(Action::Start);
    clerk.press(Action::Finish);
    assert_eq!(*clerk.model.state(), CounterState::Idle);
    assert_eq!(clerk.hall.waiting_for("home-tax"), ["A001"]);
}
