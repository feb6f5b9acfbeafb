//! Any presses at all, in any order, while the hall goes on around the window.

use std::time::Duration;

use hall_core::{CounterNumber, ServiceId};
use hall_counter::action::{Action, Order};
use hall_counter::model::Msg;
use proptest::prelude::{Just, Strategy, prop_oneof};
use proptest::test_runner::{Config, TestRunner};

use crate::clerk::Clerk;
use crate::hall::command_for;

/// What may happen around a window: the clerk presses anything, citizens come, others call them away.
#[derive(Clone, Debug)]
enum Step {
    Press(Action),
    Usual,
    Choose(&'static str),
    Find(&'static str),
    Arrow(i32),
    ConfirmTransfer,
    Write(&'static str),
    ConfirmPause,
    Reason(&'static str),
    Dismiss,
    Citizen(&'static str),
    OtherCounter(Order),
    Seconds(u64),
}

fn step() -> impl Strategy<Value = Step> {
    let service = || proptest::sample::select(&["transfer", "mortgage", "loan"][..]);
    let text = || proptest::sample::select(&["", "午休", "一二三四五六七八九十一二三四五六七八九十一"][..]);
    prop_oneof![
        8 => proptest::sample::select(&Action::ALL[..]).prop_map(Step::Press),
        4 => Just(Step::Usual),
        2 => service().prop_map(Step::Choose),
        1 => proptest::sample::select(&["", "税", "gr", "没有"][..]).prop_map(Step::Find),
        1 => (-2..=2).prop_map(Step::Arrow),
        2 => Just(Step::ConfirmTransfer),
        1 => text().prop_map(Step::Write),
        1 => Just(Step::ConfirmPause),
        1 => text().prop_map(Step::Reason),
        1 => Just(Step::Dismiss),
        3 => service().prop_map(Step::Citizen),
        2 => proptest::sample::select(vec![Order::Open, Order::CallNext, Order::NoShow]).prop_map(Step::OtherCounter),
        3 => (0u64..3).prop_map(Step::Seconds),
    ]
}

#[test]
fn whatever_is_pressed_the_hub_never_has_to_refuse() {
    // A failure prints the steps, as few as still fail.
    let config = Config { cases: 256, failure_persistence: None, ..Config::default() };
    let outcome = TestRunner::new(config).run(&proptest::collection::vec(step(), 1..120), |steps| {
        let mut clerk = Clerk::with_waiting(&[]);
        for step in steps {
            let message = match step {
                Step::Press(action) => Msg::Press(action),
                Step::Usual => Msg::PressUsual,
                Step::Choose(service) => Msg::ChooseService(ServiceId::from(service)),
                Step::Find(text) => Msg::FindService(text.into()),
                Step::Arrow(by) => Msg::MoveChoice(by),
                Step::ConfirmTransfer => Msg::ConfirmTransfer,
                Step::Write(text) => Msg::WriteReason(text.into()),
                Step::ConfirmPause => Msg::ConfirmPause,
                Step::Reason(text) => Msg::PauseFor(text.into()),
                Step::Dismiss => Msg::Dismiss,
                Step::Citizen(service) => {
                    let issued = clerk.hall.issue(service, "ordinary");
                    clerk.hear(issued);
                    continue;
                }
                Step::OtherCounter(order) => {
                    let other = clerk.hall.command(&command_for(CounterNumber(2), &order));
                    clerk.hear(other.unwrap_or_default());
                    continue;
                }
                Step::Seconds(seconds) => {
                    clerk.pass(Duration::from_secs(seconds));
                    continue;
                }
            };
            // Panics on a refusal.
            clerk.act(message);
        }
        Ok(())
    });
    outcome.unwrap();
}
