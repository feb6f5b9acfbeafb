//! The window without a screen, answered by the real rules of a hall.

use std::time::Duration;

use hall_client::{ClientError, Link, Update};
use hall_core::{Command, CounterNumber, CounterState, Rejection, StaffId, TicketId};
use hall_counter::action::{Action, Circumstances, Order};
use hall_counter::model::{Model, Msg};
use hall_counter::notice::Notice;
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
    let usual =
        Circumstances { has_next: true, goes_on: false, call_limit: 3, day_open: true, has_slip: false };
    let nobody = Circumstances { has_next: false, ..usual };
    let on_route = Circumstances { goes_on: true, ..usual };
    let evening =
        Circumstances { has_next: false, goes_on: true, call_limit: 3, day_open: false, has_slip: true };
    let check = |state: &CounterState, circumstances, usual: Action, expect: &[Action]| {
        let allowed = Action::ALL.into_iter().filter(|action| action.is_allowed(state, circumstances));
        let allowed: Vec<_> = allowed.filter(|action| !matches!(action, Profile | Printers)).collect();
        assert_eq!(allowed, expect, "{state:?}, {circumstances:?}");
        assert_eq!(Action::usual(state), usual, "{state:?}");
        for action in [Profile, Printers] {
            assert!(action.is_allowed(state, circumstances), "{action:?} in {state:?}");
        }
    };
    check(&CounterState::Closed, usual, Open, &[Open]);
    check(&CounterState::Closed, evening, Open, &[Open, Reprint]);
    check(&CounterState::Idle, usual, CallNext, &[CallNext, Pause, Close, ServeDirect]);
    check(&CounterState::Idle, nobody, CallNext, &[Pause, Close, ServeDirect]);
    check(&CounterState::Idle, evening, CallNext, &[Pause, Close, Reprint]);
    check(&paused, usual, Open, &[Open, Close]);
    check(&calling(1), usual, Start, &[Recall, Start, NoShow, Transfer, Park, Abandon]);
    check(&calling(2), nobody, Start, &[Recall, Start, NoShow, Transfer, Park, Abandon]);
    check(&calling(3), on_route, Start, &[Start, NoShow, Transfer, Park, Abandon]);
    check(&calling(1), evening, Start, &[Recall, Start, NoShow, Abandon, Reprint]);
    check(&serving, usual, Finish, &[Finish, Transfer, Park, SendOn, Abandon]);
    check(&serving, on_route, Finish, &[Finish, Transfer, Park, SendOn, FinishHere, Abandon]);
    check(&serving, evening, Finish, &[Finish, Abandon, Reprint]);
}

#[test]
fn who_was_named_signs_in_on_opening() {
    let mut clerk = Clerk::new(Lang::Zh);
    let staff = StaffId::from("1024");
    clerk.model = Model::new(COUNTER, Some(staff.clone()), Lang::Zh, clerk.at);
    clerk.connect();
    assert_eq!(clerk.act(Msg::PressUsual), Some(Order::Open(Some(staff))));
    assert_eq!(clerk.model.screen().staff, "1024");
    clerk.press(Action::Close);
    assert_eq!(clerk.model.screen().staff, "");
}

#[test]
fn one_citizen_from_call_to_finish() {
    let mut clerk = Clerk::with_waiting(&["transfer", "mortgage"]);
    for order in [Order::Open(None), Order::CallNext, Order::Start, Order::Finish, Order::CallNext] {
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
    assert_eq!(clerk.allowed(), [Action::CallNext, Action::Pause, Action::Close, Action::ServeDirect]);
}

#[test]
fn the_stream_may_be_faster_than_the_answer() {
    let mut clerk = Clerk::with_waiting(&["transfer"]);
    let order = clerk.tell(Msg::Press(Action::Open)).unwrap();
    let (answer, updates) = clerk.hall.order(&order);
    clerk.hear(updates);
    assert_eq!(clerk.allowed(), []);
    clerk.tell(Msg::Answered(answer));
    assert_eq!(clerk.allowed(), [Action::CallNext, Action::Pause, Action::Close, Action::ServeDirect]);
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
            assert_eq!(screen.state, CounterState::Closed);
            assert_eq!(clerk.allowed(), [Action::Open]);
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
    let mut late = clerk.hall.command(&Command::OpenCounter { counter: other, staff: None }).unwrap();
    late.extend(clerk.hall.command(&Command::CallNext { counter: other }).unwrap());

    let order = clerk.tell(Msg::Press(Action::CallNext)).unwrap();
    let (answer, updates) = clerk.hall.order(&order);
    clerk.tell(Msg::Answered(answer));
    clerk.hear(late.into_iter().chain(updates));
    let screen = clerk.model.screen();
    assert_eq!((screen.notice, screen.counts), (Some(Notice::NobodyWaits), [0, 0, 0]));
    assert_eq!(clerk.allowed(), [Action::Pause, Action::Close, Action::ServeDirect]);
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
    assert_eq!((screen.ticket.unwrap().number.as_str(), screen.counts), ("A001", [1, 0, 0]));
    assert_eq!((screen.since.as_str(), screen.clock.as_str()), ("01:05", "09:31"));

    clerk.connect();
    use Action::{Abandon, NoShow, Park, Recall, Reprint, Start, Transfer};
    assert_eq!(clerk.allowed(), [Recall, Start, NoShow, Transfer, Park, Abandon, Reprint]);
    let why = clerk.model.screen().ticket.unwrap().why;
    assert_eq!(why, "按到达先后", "a snapshot does not make it forget");
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
    clerk.model = Model::new(CounterNumber(999), None, Lang::Zh, clerk.at);
    assert!(clerk.model.screen().is_in_plan, "not known yet");
    clerk.connect();
    let screen = clerk.model.screen();
    assert_eq!((screen.is_in_plan, screen.counter, screen.allowed), (false, 999, vec![]));
    assert_eq!(clerk.tell(Msg::PressUsual), None);
}

#[test]
fn a_ticket_is_called_so_often_and_says_why() {
    let check = |class: &str, lang, class_name: &str, why: &str| {
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
        assert_eq!(ticket.why, why);
    };
    check("ordinary", Lang::Zh, "普通", "按到达先后");
    check("elderly", Lang::En, "Senior citizen", "Senior citizen, counted as 20 min earlier");
    check("disabled", Lang::Zh, "残疾人", "残疾人, 始终优先");
}
