//! The questions: what they offer, what they order, and when they close by themselves.

use hall_client::Update;
use hall_core::plan::{Help, HelpWhen, Profile};
use hall_core::{Command, CounterNumber, CounterState, Destination, ServiceId, StaffId, TicketId};
use hall_counter::action::{Action, Order};
use hall_counter::dialog::Answer;
use hall_counter::model::Msg;
use hall_counter::picker::Pick;
use hall_counter::screen::{DialogShown, HeadingShown, ListLine};
use hall_counter::transfer::To;

use crate::clerk::Clerk;
use crate::hall::COUNTER;

/// At a counter that was opened, has called, and serves.
fn serving(services: &[&str]) -> Clerk {
    let mut clerk = Clerk::with_waiting(services);
    [Action::Open, Action::CallNext, Action::Start].into_iter().for_each(|action| clerk.press(action));
    clerk
}

/// Presses what asks a question first.
fn ask(clerk: &mut Clerk, action: Action) {
    assert_eq!(clerk.act(Msg::Press(action)), None, "{action:?} asks first");
    assert_ne!(clerk.model.screen().dialog, DialogShown::None, "{action:?}");
}

fn pick(service: &str) -> Answer {
    Answer::Choose(Pick::Service(ServiceId::from(service)))
}

/// What the open dialog offers, headings included, and the code of what is chosen.
fn offered(clerk: &Clerk) -> (Vec<String>, Option<String>) {
    let (mut found, mut chosen) = (Vec::new(), None);
    for line in clerk.model.screen().dialog.lines() {
        match line {
            ListLine::Heading(HeadingShown::Department(name)) => found.push(name.clone()),
            ListLine::Heading(heading) => found.push(format!("{heading:?}")),
            ListLine::Choice { code, is_chosen, .. } => {
                found.push(code.clone());
                chosen = is_chosen.then(|| code.clone()).or(chosen);
            }
        }
    }
    (found, chosen)
}

#[test]
fn services_to_transfer_to_are_found_by_any_word() {
    let mut clerk = serving(&["transfer"]);
    ask(&mut clerk, Action::Transfer);
    let mut check = |text: &str, expect: &[&str], expect_chosen: Option<&str>| {
        clerk.answer(Answer::Find(text.into()));
        let (found, chosen) = offered(&clerk);
        assert_eq!(
            (found, chosen.as_deref()),
            (expect.iter().map(ToString::to_string).collect(), expect_chosen),
            "{text:?}"
        );
        let may_confirm = clerk.model.screen().dialog.list().unwrap().may_confirm;
        assert_eq!(may_confirm, expect_chosen.is_some(), "{text:?}");
    };
    check("公积金", &["住房公积金管理中心", "D", "K"], Some("D"));
    check("公积金 贷", &["住房公积金管理中心", "K"], Some("K"));
    check("税", &["税务局", "S", "F", "GR"], Some("S"));
    check("Pension", &["人力资源和社会保障局", "L"], Some("L"));
    check("gr", &["税务局", "GR"], Some("GR"));
    check("二手房", &[], None);
    check("不存在", &[], None);
}

#[test]
fn a_transfer_goes_where_the_arrows_point_and_only_after_a_choice() {
    let mut clerk = serving(&["transfer"]);
    ask(&mut clerk, Action::Transfer);
    assert_eq!(clerk.allowed(), [], "the dialog stands in front");
    assert_eq!(clerk.answer(Answer::Confirm), None, "nothing is chosen");
    [1, 1, -1].into_iter().for_each(|by| _ = clerk.answer(Answer::Move(by)));
    let to = Destination::Service(ServiceId::from("mortgage"));
    assert_eq!(clerk.answer(Answer::Confirm), Some(Order::Transfer(to)));
    let screen = clerk.model.screen();
    assert_eq!((screen.state, screen.dialog), (CounterState::Idle, DialogShown::None));
    assert_eq!(clerk.listed(), ["A001"]);
}

#[test]
fn a_ticket_is_transferred_to_an_open_counter_or_to_somebody_there() {
    let check = |kind, find: &str, offers: &[&str], to: Destination| {
        let mut clerk = serving(&["transfer"]);
        for (counter, staff) in [(2, "2002"), (4, "4004")] {
            let opened = clerk.hall.open_other(counter, staff);
            clerk.hear(opened);
        }
        ask(&mut clerk, Action::Transfer);
        clerk.answer(Answer::Find("税".into()));
        clerk.answer(Answer::Turn(kind));
        assert_eq!(offered(&clerk), (offers.iter().map(ToString::to_string).collect(), None), "{kind:?}");
        let closed = Answer::Choose(Pick::Counter(CounterNumber(3)));
        clerk.answer(closed);
        assert_eq!(clerk.answer(Answer::Confirm), None, "counter 3 is closed");
        clerk.answer(Answer::Find(find.into()));
        assert_eq!(clerk.answer(Answer::Confirm), Some(Order::Transfer(to)), "{kind:?}");
    };
    let counters = ["OpenCounters", "2", "4", "ClosedCounters", "3", "5"];
    check(To::Counter, "4", &counters, Destination::Counter(CounterNumber(4)));
    check(To::Counter, "公积金", &counters, Destination::Counter(CounterNumber(4)));
    check(To::Staff, "2002", &["Staff", "2002", "4004"], Destination::Staff(StaffId::from("2002")));
}

#[test]
fn a_choice_that_is_gone_is_let_go() {
    let mut clerk = serving(&["transfer"]);
    let opened = clerk.hall.open_other(2, "2002");
    clerk.hear(opened);
    ask(&mut clerk, Action::Transfer);
    clerk.answer(Answer::Turn(To::Staff));
    clerk.answer(Answer::Move(1));
    assert_eq!(offered(&clerk).1.as_deref(), Some("2002"));
    let closed = clerk.hall.command(&Command::CloseCounter { counter: CounterNumber(2) }).unwrap();
    clerk.hear(closed);
    assert_eq!(offered(&clerk), (vec![], None));
    assert_eq!(clerk.answer(Answer::Confirm), None);
}

#[test]
fn a_dialog_closes_when_its_ground_is_gone() {
    let check = |action: Action, elsewhere: Command| {
        let mut clerk = serving(&["transfer", "mortgage"]);
        ask(&mut clerk, action);
        clerk.tell(Msg::Heard(Update::Away("reset".into())));
        clerk.answer(pick("loan"));
        assert_eq!(clerk.tell(Msg::Dialog(Answer::Confirm)), None, "{action:?}: the hub is away");
        assert_eq!(clerk.tell(Msg::Dialog(Answer::ParkFor(None))), None, "{action:?}: the hub is away");
        let news = clerk.hall.command(&elsewhere).unwrap();
        clerk.hear(news);
        assert_eq!(clerk.model.screen().dialog, DialogShown::None, "{action:?}");
    };
    let finish = || Command::FinishService { counter: COUNTER, ends_here: false };
    for action in [Action::Transfer, Action::SendOn, Action::Park, Action::Abandon] {
        check(action, finish());
        if action != Action::Abandon {
            check(action, Command::CloseDay);
        }
    }
}

#[test]
fn the_menu_does_what_its_numbers_say_and_closes() {
    let mut clerk = serving(&["transfer"]);
    clerk.act(Msg::OpenMenu);
    let DialogShown::Menu { may } = clerk.model.screen().dialog else { panic!() };
    use Action::{Abandon, Park, Printers, Profile, Reprint, SendOn};
    assert_eq!(may, [Park, SendOn, Abandon, Profile, Reprint, Printers]);
    assert_eq!(clerk.answer(Answer::Menu(Action::FinishHere)), None, "nothing follows");
    clerk.answer(Answer::Menu(Action::Park));
    assert_eq!(clerk.model.screen().dialog, DialogShown::Park { may_choose: true });
    clerk.answer(Answer::Dismiss);
    assert_eq!(clerk.answer(Answer::Menu(Action::Park)), None, "the menu is closed");
    assert_eq!(clerk.model.screen().dialog, DialogShown::None);
}

#[test]
fn a_ticket_is_sent_on_to_services_in_order_and_back() {
    let mut clerk = serving(&["transfer"]);
    ask(&mut clerk, Action::SendOn);
    assert_eq!(clerk.answer(Answer::Confirm), None, "nowhere to go yet");
    for service in ["home-tax", "loan", "search"] {
        clerk.answer(pick(service));
        clerk.answer(Answer::Toggle);
    }
    clerk.answer(pick("loan"));
    clerk.answer(Answer::Toggle);
    clerk.answer(pick("invoices"));
    clerk.answer(Answer::Toggle);
    clerk.answer(Answer::Shorten);
    clerk.answer(Answer::AndBack(true));
    let DialogShown::SendOn { way, and_back, dropped, .. } = clerk.model.screen().dialog else { panic!() };
    assert_eq!(way, "房屋交易缴税 → 不动产查询与证明 → 返回 1 号窗口");
    assert_eq!((and_back, dropped.as_str()), (true, ""));
    let legs = vec![ServiceId::from("home-tax"), ServiceId::from("search")];
    assert_eq!(clerk.answer(Answer::Confirm), Some(Order::SendOn { legs, and_back: true }));
    assert_eq!(clerk.hall.waiting_for("home-tax"), ["A001"]);
}

#[test]
fn a_route_may_end_here_or_go_another_way() {
    let on_route = || {
        let mut clerk = serving(&["transfer"]);
        ask(&mut clerk, Action::SendOn);
        clerk.answer(pick("search"));
        clerk.answer(Answer::Toggle);
        clerk.answer(Answer::AndBack(true));
        clerk.answer(Answer::Confirm);
        let other = CounterNumber(2);
        let mut news = clerk.hall.open_other(2, "2002");
        for command in [
            Command::CallNext { counter: other },
            Command::StartService { counter: other },
            Command::Transfer { counter: other, to: Destination::Counter(COUNTER) },
        ] {
            news.extend(clerk.hall.command(&command).unwrap());
        }
        clerk.hear(news);
        clerk.press(Action::CallNext);
        clerk.press(Action::Start);
        assert_eq!(clerk.model.screen().ticket.unwrap().onward, "返回 1 号窗口");
        clerk
    };
    let mut clerk = on_route();
    clerk.press(Action::FinishHere);
    assert_eq!((clerk.listed(), clerk.model.state()), (vec![], &CounterState::Idle));

    let mut clerk = on_route();
    ask(&mut clerk, Action::SendOn);
    clerk.answer(pick("loan"));
    clerk.answer(Answer::Toggle);
    let DialogShown::SendOn { way, dropped, .. } = clerk.model.screen().dialog else { panic!() };
    assert_eq!((way.as_str(), dropped.as_str()), ("公积金贷款", "返回 1 号窗口"));
}

#[test]
fn somebody_without_a_ticket_is_served_at_once() {
    let mut clerk = Clerk::with_waiting(&["transfer"]);
    clerk.press(Action::Open);
    ask(&mut clerk, Action::ServeDirect);
    assert_eq!(
        offered(&clerk),
        (["不动产登记中心", "A", "B", "JC"].map(String::from).to_vec(), Some("A".into()))
    );
    clerk.answer(pick("loan"));
    clerk.answer(Answer::Move(1));
    assert_eq!(clerk.answer(Answer::Confirm), Some(Order::ServeDirect(ServiceId::from("mortgage"))));
    let ticket = clerk.model.screen().ticket.unwrap();
    assert_eq!((ticket.number.as_str(), ticket.is_direct, ticket.waited.as_str()), ("B001", true, "00:00"));
    assert_eq!(*clerk.model.state(), CounterState::Serving { ticket: TicketId(2) });
}

#[test]
fn who_has_left_is_abandoned_after_a_second_thought() {
    let mut clerk = serving(&["transfer"]);
    ask(&mut clerk, Action::Abandon);
    clerk.answer(Answer::Dismiss);
    assert_eq!(clerk.answer(Answer::Confirm), None);
    ask(&mut clerk, Action::Abandon);
    assert_eq!(clerk.answer(Answer::Confirm), Some(Order::Abandon(TicketId(1))));
    assert_eq!(*clerk.model.state(), CounterState::Idle);
}

#[test]
fn a_profile_is_put_together_and_given_up_again() {
    let mut clerk = Clerk::with_waiting(&[]);
    ask(&mut clerk, Action::Profile);
    assert_eq!(offered(&clerk).0[..5], ["不动产登记中心", "A", "B", "JC", "C"], "its own department first");
    for service in ["transfer", "inheritance", "search"] {
        clerk.answer(pick(service));
        clerk.answer(Answer::Toggle);
    }
    for (service, turns) in [("home-tax", 1), ("loan", 3), ("pension", -1), ("invoices", 5), ("mortgage", 1)]
    {
        clerk.answer(pick(service));
        (0..i32::abs(turns)).for_each(|_| _ = clerk.answer(Answer::TurnHelp(i32::signum(turns))));
    }
    let help = |service: &str, when| Help { service: service.into(), when };
    let profile = Profile {
        services: vec!["mortgage".into(), "search".into()],
        helps: vec![
            help("home-tax", HelpWhen::OwnEmpty),
            help("loan", HelpWhen::WaitedOverMin(20)),
            help("pension", HelpWhen::WaitedOverMin(30)),
        ],
        auto_call: None,
    };
    assert_eq!(clerk.answer(Answer::Confirm), Some(Order::SetProfile(profile)));
    assert!(clerk.model.screen().is_adjusted);

    ask(&mut clerk, Action::Profile);
    assert_eq!(clerk.answer(Answer::AsPlanned), Some(Order::ResetProfile));
    assert!(!clerk.model.screen().is_adjusted);
}

#[test]
fn a_profile_that_is_the_plan_s_is_none_and_an_empty_one_is_refused() {
    let mut clerk = Clerk::with_waiting(&[]);
    let plan = ["transfer", "mortgage", "inheritance"];
    ask(&mut clerk, Action::Profile);
    let toggle = |clerk: &mut Clerk, service| {
        clerk.answer(pick(service));
        clerk.answer(Answer::Toggle);
    };
    plan.iter().for_each(|service| toggle(&mut clerk, service));
    assert_eq!(clerk.answer(Answer::Confirm), None, "a counter serves something");
    plan.iter().rev().for_each(|service| toggle(&mut clerk, service));
    assert_eq!(clerk.answer(Answer::Confirm), Some(Order::ResetProfile));
}

#[test]
fn a_pause_needs_a_reason_that_fits_over_the_counter() {
    let mut clerk = Clerk::with_waiting(&[]);
    clerk.press(Action::Open);
    ask(&mut clerk, Action::Pause);
    let twenty = "一二三四五六七八九十".repeat(2);
    for (text, fits) in
        [("", false), ("  ", false), ("午", true), (&twenty, true), (&format!("{twenty}一"), false)]
    {
        clerk.answer(Answer::WriteReason(text.into()));
        let DialogShown::Pause { may_confirm, .. } = clerk.model.screen().dialog else { panic!() };
        assert_eq!(may_confirm, fits, "{text:?}");
    }
    assert_eq!(clerk.answer(Answer::Confirm), None);
    clerk.answer(Answer::WriteReason(" 开会 ".into()));
    assert_eq!(clerk.answer(Answer::Confirm), Some(Order::Pause("开会".into())));
    assert_eq!(*clerk.model.state(), CounterState::Paused { reason: "开会".into() });
}

#[test]
fn the_last_reason_of_one_s_own_is_offered_again_until_the_day_is_over() {
    let own = |clerk: &mut Clerk| {
        clerk.press(Action::Open);
        ask(clerk, Action::Pause);
        let DialogShown::Pause { own, .. } = clerk.model.screen().dialog else { panic!() };
        own
    };
    let mut clerk = Clerk::with_waiting(&[]);
    assert_eq!(own(&mut clerk), None);
    clerk.answer(Answer::PauseFor("开会".into()));
    assert_eq!(own(&mut clerk).as_deref(), Some("开会"));
    clerk.answer(Answer::PauseFor("午休".into()));
    assert_eq!(own(&mut clerk).as_deref(), Some("开会"), "a usual reason is offered anyway");
    clerk.answer(Answer::Dismiss);
    let tomorrow = Command::OpenDay { day: "2026-11-24".parse().unwrap() };
    let opened = clerk.hall.command(&tomorrow).unwrap();
    clerk.hear(opened);
    assert_eq!(own(&mut clerk), None);
}
