//! Any presses at all, in any order, while the hall goes on around the window.

use std::time::Duration;

use hall_core::{
    Command, CounterNumber, Destination, PrinterCondition, PrinterId, ServiceId, SlipOutcome, StaffId,
    TicketId,
};
use hall_counter::action::{Action, Order};
use hall_counter::dialog::Answer;
use hall_counter::list::{RowAction, Step, Tab};
use hall_counter::model::Msg;
use hall_counter::picker::Pick;
use hall_counter::transfer::To;
use proptest::prelude::{Just, Strategy, prop_oneof};
use proptest::sample::select;
use proptest::test_runner::{Config, TestRunner};

use crate::clerk::Clerk;
use crate::hall::{COUNTER, command_for};

/// What may happen around a window: the clerk presses anything, citizens come, others call them away.
#[derive(Clone, Debug)]
enum Happening {
    Press(Action),
    Usual,
    Enter,
    Menu,
    List(Step),
    Dialog(Answer),
    /// Several presses that belong together and would seldom come together by chance.
    Park(Option<u32>),
    Row(Tab, RowAction),
    Citizen(&'static str),
    OtherCounter(Order),
    Printer(&'static str, PrinterCondition),
    /// A kiosk reports the last copy that was ordered.
    Slip(TicketId, SlipOutcome),
    Seconds(u64),
}

const ROW_ACTIONS: [RowAction; 5] =
    [RowAction::Call, RowAction::Resume, RowAction::Reinstate, RowAction::Cancel, RowAction::Abandon];

const PRINTERS: [&str; 3] = ["kiosk-1", "kiosk-2", "kiosk-3"];

fn service() -> impl Strategy<Value = &'static str> {
    select(&["transfer", "mortgage", "loan"][..])
}

fn answer() -> impl Strategy<Value = Answer> {
    let text = || select(&["", "午休", "一二三四五六七八九十一二三四五六七八九十一"][..]);
    prop_oneof![
        2 => select(&Action::MENU[..]).prop_map(Answer::Menu),
        1 => select(&["", "税", "gr", "2", "没有"][..]).prop_map(|text| Answer::Find(text.into())),
        3 => service().prop_map(|id| Answer::Choose(Pick::Service(ServiceId::from(id)))),
        2 => (-2..=2).prop_map(Answer::Move),
        2 => select(&PRINTERS[..]).prop_map(|printer| Answer::ChoosePrinter(PrinterId::from(printer))),
        2 => select(&To::ALL[..]).prop_map(Answer::Turn),
        3 => Just(Answer::Toggle),
        1 => Just(Answer::Shorten),
        1 => proptest::bool::ANY.prop_map(Answer::AndBack),
        1 => (-1..=1).prop_map(Answer::TurnHelp),
        1 => Just(Answer::AsPlanned),
        2 => select(vec![None, Some(1)]).prop_map(Answer::ParkFor),
        1 => text().prop_map(|text| Answer::WriteReason(text.into())),
        1 => text().prop_map(|text| Answer::PauseFor(text.into())),
        4 => Just(Answer::Confirm),
        1 => Just(Answer::Dismiss),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        2 => select(&Tab::ALL[..]).prop_map(Step::Turn),
        1 => (-1..=1).prop_map(Step::TurnBy),
        2 => (1u64..12).prop_map(|id| Step::Choose(TicketId(id))),
        3 => (-1..=1).prop_map(Step::Move),
        1 => select(vec!['a', 'B', '1', '2', '9']).prop_map(Step::Type),
        1 => Just(Step::Erase),
        4 => select(&ROW_ACTIONS[..]).prop_map(Step::Press),
        1 => Just(Step::Leave),
    ]
}

fn happening() -> impl Strategy<Value = Happening> {
    let other = vec![
        Order::Open(Some(StaffId::from("2002"))),
        Order::Close,
        Order::CallNext,
        Order::NoShow,
        Order::Transfer(Destination::Counter(COUNTER)),
    ];
    prop_oneof![
        8 => select(&Action::ALL[..]).prop_map(Happening::Press),
        4 => Just(Happening::Usual),
        1 => Just(Happening::Enter),
        1 => Just(Happening::Menu),
        6 => step().prop_map(Happening::List),
        10 => answer().prop_map(Happening::Dialog),
        3 => select(vec![None, Some(1)]).prop_map(Happening::Park),
        6 => (select(&Tab::ALL[..]), select(&ROW_ACTIONS[..])).prop_map(|(tab, action)| Happening::Row(tab, action)),
        3 => service().prop_map(Happening::Citizen),
        2 => select(other).prop_map(Happening::OtherCounter),
        2 => (select(&PRINTERS[..]), select(&PrinterCondition::ALL[..6])).prop_map(|(printer, condition)| Happening::Printer(printer, condition)),
        2 => ((1u64..12).prop_map(TicketId), select(&SlipOutcome::ALL[..])).prop_map(|(ticket, outcome)| Happening::Slip(ticket, outcome)),
        3 => (0u64..90).prop_map(Happening::Seconds),
    ]
}

/// Lets it happen; a refusal of the hub panics.
fn happen(clerk: &mut Clerk, happening: Happening) {
    let message = match happening {
        Happening::Press(action) => Msg::Press(action),
        Happening::Usual => Msg::PressUsual,
        Happening::Enter => Msg::Enter,
        Happening::Menu => Msg::OpenMenu,
        Happening::List(step) => Msg::List(step),
        Happening::Dialog(answer) => Msg::Dialog(answer),
        Happening::Park(minutes) => {
            clerk.act(Msg::Press(Action::Park));
            Msg::Dialog(Answer::ParkFor(minutes))
        }
        Happening::Row(tab, action) => {
            [Step::Turn(tab), Step::Move(1)].into_iter().for_each(|step| _ = clerk.step(step));
            Msg::List(Step::Press(action))
        }
        Happening::Citizen(service) => {
            let issued = clerk.hall.issue(service, "ordinary");
            return clerk.hear(issued);
        }
        Happening::OtherCounter(order) => {
            let other = clerk.hall.command(&command_for(CounterNumber(2), &order));
            return clerk.hear(other.unwrap_or_default());
        }
        Happening::Printer(printer, condition) => {
            let reported = clerk.hall.printer(printer, condition);
            return clerk.hear(reported);
        }
        Happening::Slip(ticket, outcome) => {
            let reported = clerk.hall.last_slip(ticket, outcome);
            return clerk.hear(reported);
        }
        Happening::Seconds(seconds) => return clerk.pass(Duration::from_secs(seconds)),
    };
    clerk.act(message);
}

#[test]
fn whatever_is_pressed_the_hub_never_has_to_refuse_and_the_next_is_known() {
    // A failure prints what happened, as little as still fails.
    let config = Config { cases: 256, failure_persistence: None, ..Config::default() };
    let outcome =
        TestRunner::new(config).run(&proptest::collection::vec(happening(), 1..160), |happenings| {
            let mut clerk = Clerk::with_waiting(&[]);
            for happening in happenings {
                happen(&mut clerk, happening);
                assert_eq!(clerk.model.screen().next, clerk.hall.next(), "whom call-next would call");
            }
            Ok(())
        });
    outcome.unwrap();
}

#[test]
fn nobody_is_lost_at_the_close_of_the_day() {
    let mut clerk = Clerk::with_waiting(&["transfer", "mortgage"]);
    [Action::Open, Action::CallNext, Action::Start].into_iter().for_each(|action| clerk.press(action));
    let closed = clerk.hall.command(&Command::CloseDay).unwrap();
    clerk.hear(closed);
    assert_eq!(clerk.model.screen().counts, [0, 0, 0]);
    clerk.press(Action::Finish);
    assert_eq!(clerk.allowed(), [Action::Pause, Action::Close]);
}
