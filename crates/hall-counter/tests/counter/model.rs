//! The window without a screen, answered by the real rules of a hall.

use std::time::Duration;

use hall_client::{ClientError, Link, Update};
use hall_core::{Command, CounterNumber, CounterState, Rejection, ServiceId, TicketId};
use hall_counter::action::{Action, Circumstances, Order};
use hall_counter::model::{Model, Msg, Notice};
use hall_counter::screen::{DialogShown, ReasonShown, TransferRow};
use hall_ui::Lang;

use crate::clerk::Clerk;
use crate::hall::{COUNTER, TestHall, refusal};

fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

#[test]
fn a_state_allows_exactly_these_actions() {
    use Action::*;
    let calling = |calls| CounterState::Calling { ticket: TicketId(1), calls };
    let serving = CounterState::Serving { ticket: TicketId(1) };
    let paused = CounterState::Paused { reason: "午休".into() };
    let usual = Circumstances { waiting: 2, call_limit: 3, day_open: true };
    let empty = Circumstances { waiting: 0, ..usual };
    let evening = Circumstances { waiting: 0, day_open: false, ..usual };
    let check = |state: &CounterState, circumstances, usual: Action, expect: &[Action]| {
        let allowed = Action::ALL.into_iter().filter(|action| action.is_allowed(state, circumstances));
        assert_eq!(allowed.collect::<Vec<_>>(), expect, "{state:?}, {circumstances:?}");
        assert_eq!(Action::usual(state), usual, "{state:?}");
    };
    check(&CounterState::Closed, usual, Open, &[Open]);
    check(&CounterState::Closed, evening, Open, &[Open]);
    check(&CounterState::Idle, usual, CallNext, &[CallNext, Pause, Close]);
    check(&CounterState::Idle, empty, CallNext, &[Pause, Close]);
    check(&paused, usual, Open, &[Open, Close]);
    check(&calling(1), usual, Start, &[Recall, Start, NoShow, Transfer]);
    check(&calling(2), empty, Start, &[Recall, Start, NoShow, Transfer]);
    check(&calling(3), usual, Start, &[Start, NoShow, Transfer]);
    check(&calling(1), evening, Start, &[Recall, Start, NoShow]);
    check(&serving, usual, Finish, &[Finish, Transfer]);
    check(&serving, evening, Finish, &[Finish]);
}

#[test]
fn one_citizen_from_call_to_finish() {
    let mut clerk = Clerk::with_waiting(&["transfer", "mortgage"]);
    for order in [Order::Open, Order::CallNext, Order::Start, Order::Finish, Order::CallNext] {
        clerk.pass(secs(1));
        assert_eq!(clerk.act(Msg::PressUsual), Some(order));
    }
    assert_eq!(clerk.model.screen().ticket.unwrap().number, "B001");
}

#[test]
fn nothing_is_allowed_while_an_order_is_under_way() {
    let mut clerk = Clerk::with_waiting(&["transfer"]);
    let order = clerk.tell(Msg::Press(Action::Open)).unwrap();
    assert_eq!(clerk.allowed(), []);
    assert_eq!(clerk.tell(Msg::Press(Action::Open)), None);

    let (answer, updates) = clerk.hall.order(&order);
    clerk.tell(Msg::Answered(answer));
    assert_eq!(*clerk.model.state(), CounterState::Closed, "the answer alone moves nothing");
    assert_eq!(clerk.allowed(), [], "the stream has not told yet");
    clerk.hear(updates);
    assert_eq!(clerk.allowed(), [Action::CallNext, Action::Pause, Action::Close]);
}

#[test]
fn the_stream_may_be_faster_than_the_answer() {
    let mut clerk = Clerk::with_waiting(&["transfer"]);
    let order = clerk.tell(Msg::Press(Action::Open)).unwrap();
    let (answer, updates) = clerk.hall.order(&order);
    clerk.hear(updates);
    assert_eq!(clerk.allowed(), []);
    clerk.tell(Msg::Answered(answer));
    assert_eq!(clerk.allowed(), [Action::CallNext, Action::Pause, Action::Close]);
}

#[test]
fn the_second_half_of_a_double_click_does_not_start_the_service() {
    let mut clerk = Clerk::with_waiting(&["transfer"]);
    clerk.press(Action::Open);
    assert_eq!(clerk.act(Msg::PressUsual), Some(Order::CallNext));
    clerk.pass(Duration::from_millis(200));
    assert_eq!(clerk.act(Msg::PressUsual), None);
    assert!(clerk.model.may(Action::Start), "a key of its own is no double click");
    clerk.pass(Duration::from_millis(300));
    assert_eq!(clerk.act(Msg::PressUsual), Some(Order::Start));
}

#[test]
fn a_refusal_is_said_and_changes_nothing() {
    let rejections = [
        Rejection::DayClosed,
        Rejection::UnknownCounter(COUNTER),
        Rejection::CounterClosed(COUNTER),
        Rejection::CounterPaused(COUNTER),
        Rejection::CounterBusy(COUNTER),
        Rejection::NothingCalled(COUNTER),
        Rejection::NothingServing(COUNTER),
        Rejection::RecallLimit { counter: COUNTER, limit: 3 },
        Rejection::SameService(COUNTER),
        Rejection::PauseReason { limit: 20 },
    ];
    for (lang, text) in [(Lang::Zh, Rejection::zh as fn(&Rejection) -> String), (Lang::En, |r| r.to_string())]
    {
        for rejection in &rejections {
            let mut clerk = Clerk::new(lang);
            clerk.connect();
            clerk.tell(Msg::Press(Action::Open)).unwrap();
            clerk.tell(Msg::Answered(Err(refusal(rejection))));
            let screen = clerk.model.screen();
            assert_eq!(screen.notice, Some(Notice::Refused(text(rejection))));
            assert_eq!((screen.state, screen.allowed), (CounterState::Closed, vec![Action::Open]));
        }
    }
}

#[test]
fn a_notice_goes_with_the_next_press_or_with_time() {
    let mut clerk = Clerk::with_waiting(&[]);
    let no_answer = || Msg::Answered(Err(ClientError::Away("no route".into())));
    clerk.tell(Msg::Press(Action::Open)).unwrap();
    clerk.tell(no_answer());
    assert_eq!(clerk.model.screen().notice, Some(Notice::NoAnswer));
    clerk.press(Action::Open);
    assert_eq!(clerk.model.screen().notice, None);

    clerk.tell(Msg::Press(Action::Close)).unwrap();
    clerk.tell(no_answer());
    clerk.pass(secs(9));
    assert_eq!(clerk.model.screen().notice, Some(Notice::NoAnswer));
    clerk.pass(secs(1));
    assert_eq!(clerk.model.screen().notice, None);
}

#[test]
fn somebody_else_called_the_last_one_first() {
    let mut clerk = Clerk::with_waiting(&["transfer"]);
    clerk.press(Action::Open);
    let other = CounterNumber(2);
    let mut late = clerk.hall.command(&Command::OpenCounter { counter: other }).unwrap();
    late.extend(clerk.hall.command(&Command::CallNext { counter: other }).unwrap());

    let order = clerk.tell(Msg::Press(Action::CallNext)).unwrap();
    let (answer, updates) = clerk.hall.order(&order);
    clerk.tell(Msg::Answered(answer));
    clerk.hear(late.into_iter().chain(updates));
    let screen = clerk.model.screen();
    assert_eq!((screen.notice, screen.waiting_count), (Some(Notice::NobodyWaits), 0));
    assert_eq!(screen.allowed, [Action::Pause, Action::Close]);
}

#[test]
fn a_hub_that_is_away_leaves_everything_on_the_screen_and_nothing_to_press() {
    let mut clerk = Clerk::with_waiting(&["transfer", "mortgage"]);
    assert_eq!(Clerk::new(Lang::Zh).allowed(), [], "before the first word of the hub");
    clerk.press(Action::Open);
    clerk.press(Action::CallNext);
    clerk.tell(Msg::Heard(Update::Away("connection refused".into())));
    clerk.pass(secs(65));
    let screen = clerk.model.screen();
    assert_eq!((screen.link, screen.allowed), (Link::Away, vec![]));
    assert_eq!((screen.ticket.unwrap().number.as_str(), screen.waiting_count), ("A001", 1));
    assert_eq!((screen.since.as_str(), screen.clock.as_str()), ("01:05", "09:31"));

    clerk.connect();
    assert_eq!(clerk.allowed(), [Action::Recall, Action::Start, Action::NoShow, Action::Transfer]);
    let reason = clerk.model.screen().ticket.unwrap().reason;
    assert_eq!(reason, ReasonShown::Arrival, "a snapshot does not make it forget");
}

#[test]
fn a_hub_set_up_anew_does_not_lock_the_window() {
    let mut clerk = Clerk::with_waiting(&["transfer"]);
    let order = clerk.tell(Msg::Press(Action::Open)).unwrap();
    let (answer, _) = clerk.hall.order(&order);
    clerk.tell(Msg::Answered(answer));
    clerk.hall = TestHall::new();
    clerk.connect();
    assert_eq!(clerk.allowed(), [Action::Open]);
}

#[test]
fn a_counter_that_is_not_in_the_plan_can_do_nothing() {
    let mut clerk = Clerk::new(Lang::Zh);
    clerk.model = Model::new(CounterNumber(999), Lang::Zh, clerk.at);
    assert!(clerk.model.screen().is_in_plan, "not known yet");
    clerk.connect();
    let screen = clerk.model.screen();
    assert_eq!((screen.is_in_plan, screen.counter, screen.allowed), (false, 999, vec![]));
    assert_eq!(clerk.tell(Msg::PressUsual), None);
}

#[test]
fn a_ticket_is_called_so_often_and_says_why() {
    let check = |class: &str, lang, class_name: &str, reason: ReasonShown| {
        let mut clerk = Clerk::new(lang);
        clerk.connect();
        let issued = clerk.hall.issue("transfer", class);
        clerk.hear(issued);
        clerk.press(Action::Open);
        clerk.pass(secs(3_725));
        clerk.press(Action::CallNext);
        clerk.pass(secs(20));
        clerk.press(Action::Recall);
        clerk.press(Action::Recall);
        assert!(!clerk.model.may(Action::Recall));
        clerk.pass(secs(10));
        clerk.press(Action::Start);
        clerk.pass(secs(75));
        let screen = clerk.model.screen();
        let ticket = screen.ticket.unwrap();
        assert_eq!((ticket.calls, ticket.call_limit), (3, 3));
        assert_eq!((ticket.waited.as_str(), screen.since.as_str()), ("1:02:35", "01:15"));
        assert_eq!((ticket.class.as_str(), ticket.is_ordinary), (class_name, class == "ordinary"));
        assert_eq!(ticket.reason, reason);
    };
    check("ordinary", Lang::Zh, "普通", ReasonShown::Arrival);
    let class = "Senior citizen".to_owned();
    check("elderly", Lang::En, "Senior citizen", ReasonShown::Credit { class, credit_min: 20 });
    check("disabled", Lang::Zh, "残疾人", ReasonShown::First { class: "残疾人".into() });
}

#[test]
fn the_next_eight_are_listed_and_all_are_counted() {
    let mut clerk = Clerk::with_waiting(&["transfer"; 9]);
    clerk.pass(secs(150));
    let late = [clerk.hall.issue("mortgage", "elderly"), clerk.hall.issue("home-tax", "ordinary")];
    clerk.hear(late.into_iter().flatten());
    let screen = clerk.model.screen();
    let listed: Vec<_> = screen.waiting.iter().map(|row| (row.number.as_str(), row.waited_min)).collect();
    assert_eq!(listed[..2], [("B001", 0), ("A001", 2)], "twenty minutes of credit put B001 first");
    assert_eq!((listed.len(), screen.waiting_count), (8, 10), "home-tax is not served here");
    assert_eq!((screen.waiting[0].class.as_str(), screen.waiting[1].class.as_str()), ("老年人", ""));
}

#[test]
fn services_to_transfer_to_are_found_by_any_word() {
    let mut clerk = Clerk::with_waiting(&["transfer"]);
    clerk.press(Action::Open);
    clerk.press(Action::CallNext);
    clerk.tell(Msg::Press(Action::Transfer));
    let mut check = |text: &str, expect: &[&str], expect_chosen: Option<&str>| {
        clerk.tell(Msg::FindService(text.into()));
        let DialogShown::Transfer { rows, may_confirm, .. } = clerk.model.screen().dialog else { panic!() };
        let (mut found, mut chosen) = (Vec::new(), None);
        for row in &rows {
            match row {
                TransferRow::Department(name) => found.push(name.as_str()),
                TransferRow::Service { id, is_chosen, .. } => {
                    found.push(id.as_str());
                    chosen = if *is_chosen { Some(id.as_str()) } else { chosen };
                }
            }
        }
        assert_eq!(
            (found.as_slice(), chosen, may_confirm),
            (expect, expect_chosen, chosen.is_some()),
            "{text:?}"
        );
    };
    check("公积金", &["住房公积金管理中心", "withdrawal", "loan"], Some("withdrawal"));
    check("公积金 贷", &["住房公积金管理中心", "loan"], Some("loan"));
    check("税", &["税务局", "home-tax", "invoices", "personal-tax"], Some("home-tax"));
    check("Pension", &["人力资源和社会保障局", "pension"], Some("pension"));
    check("gr", &["税务局", "personal-tax"], Some("personal-tax"));
    check("二手房", &[], None);
    check("不存在", &[], None);
}

#[test]
fn a_transfer_goes_where_the_arrows_point_and_only_after_a_choice() {
    let mut clerk = Clerk::with_waiting(&["transfer"]);
    clerk.press(Action::Open);
    clerk.press(Action::CallNext);
    clerk.tell(Msg::Press(Action::Transfer));
    assert_eq!(clerk.allowed(), [], "the dialog stands in front");
    assert_eq!(clerk.tell(Msg::ConfirmTransfer), None, "nothing is chosen");
    clerk.tell(Msg::MoveChoice(1));
    clerk.tell(Msg::MoveChoice(1));
    clerk.tell(Msg::MoveChoice(-1));
    assert_eq!(clerk.act(Msg::ConfirmTransfer), Some(Order::Transfer(ServiceId::from("mortgage"))));
    let screen = clerk.model.screen();
    assert_eq!(
        (screen.state, screen.dialog, screen.waiting_count),
        (CounterState::Idle, DialogShown::None, 1)
    );
    assert_eq!(screen.waiting[0].number, "A001");
}

#[test]
fn a_dialog_closes_when_its_ground_is_gone() {
    let mut clerk = Clerk::with_waiting(&["transfer"]);
    clerk.press(Action::Open);
    clerk.press(Action::CallNext);
    clerk.tell(Msg::Press(Action::Transfer));
    clerk.tell(Msg::ChooseService(ServiceId::from("loan")));
    clerk.tell(Msg::Heard(Update::Away("reset".into())));
    assert_eq!(clerk.tell(Msg::ConfirmTransfer), None, "the hub is away");
    let elsewhere = clerk.hall.command(&Command::NoShow { counter: COUNTER }).unwrap();
    clerk.hear(elsewhere);
    assert_eq!(clerk.model.screen().dialog, DialogShown::None);
}

#[test]
fn a_pause_needs_a_reason_that_fits_over_the_counter() {
    let mut clerk = Clerk::with_waiting(&[]);
    clerk.press(Action::Open);
    clerk.tell(Msg::Press(Action::Pause));
    let twenty = "一二三四五六七八九十".repeat(2);
    for (text, fits) in
        [("", false), ("  ", false), ("午", true), (&twenty, true), (&format!("{twenty}一"), false)]
    {
        clerk.tell(Msg::WriteReason(text.into()));
        let DialogShown::Pause { may_confirm, .. } = clerk.model.screen().dialog else { panic!() };
        assert_eq!(may_confirm, fits, "{text:?}");
    }
    assert_eq!(clerk.tell(Msg::ConfirmPause), None);
    clerk.tell(Msg::WriteReason(" 开会 ".into()));
    assert_eq!(clerk.act(Msg::ConfirmPause), Some(Order::Pause("开会".into())));
    assert_eq!(*clerk.model.state(), CounterState::Paused { reason: "开会".into() });
}
