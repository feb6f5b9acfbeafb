//! The usual day on the screen, pressed by labels and keys, and how each state looks.

use std::time::Duration;

use hall_client::Update;
use hall_core::{Command, CounterNumber, CounterState};
use hall_counter::model::Msg;
use hall_ui::{Lang, testing};
use slint::platform::Key;

use crate::hall::COUNTER;
use crate::terminal::{Terminal, USUAL};

#[test]
fn a_day_by_mouse() {
    let mut terminal = Terminal::new(Lang::Zh, USUAL);
    terminal.assert_enabled(&["开窗"]);
    terminal.click("开窗");
    terminal.assert_enabled(&["暂停", "关窗"]);
    terminal.assert_shows("无人等候");
    let issued = [terminal.hall.issue("transfer", "elderly"), terminal.hall.issue("transfer", "ordinary")];
    terminal.hear(issued.into_iter().flatten());
    terminal.assert_enabled(&["叫号", "暂停", "关窗"]);

    terminal.click("叫号");
    terminal.assert_shows("A001");
    terminal.assert_shows("叫号依据：老年人, 视同提前 20 分钟到达");
    terminal.assert_enabled(&["重呼", "开始办理", "过号", "转移"]);
    terminal.click("重呼");
    terminal.click("重呼");
    terminal.assert_shows("已叫 3 / 3");
    terminal.assert_enabled(&["开始办理", "过号", "转移"]);
    terminal.click("过号");

    terminal.click("叫号");
    terminal.click("开始办理");
    terminal.assert_enabled(&["办结", "转移"]);
    terminal.click("办结");
    terminal.click("暂停");
    terminal.assert_enabled(&[]);
    terminal.click("午休");
    terminal.assert_enabled(&["开窗", "关窗"]);
    terminal.click("关窗");
    terminal.assert_enabled(&["开窗"]);
}

#[test]
fn a_day_by_keyboard() {
    let mut terminal = Terminal::open_with_citizens(Lang::Zh, USUAL);
    let mut check = |keys: &[Key], expect: fn(&CounterState) -> bool| {
        keys.iter().for_each(|key| terminal.key(*key));
        let state = terminal.state();
        assert!(expect(&state), "{keys:?} led to {state:?}");
    };
    let idle = |state: &CounterState| *state == CounterState::Idle;
    let calling = |state: &CounterState| matches!(state, CounterState::Calling { .. });
    let serving = |state: &CounterState| matches!(state, CounterState::Serving { .. });
    check(&[Key::F8, Key::F7, Key::F6], idle);
    check(&[Key::F5], calling);
    check(&[Key::F6], |state| matches!(state, CounterState::Calling { calls: 2, .. }));
    check(&[Key::F12, Key::F11, Key::F2], calling);
    check(&[Key::F7], serving);
    check(&[Key::F8], idle);
    check(&[Key::Return], calling);
    check(&[Key::Space], serving);
    check(&[Key::F10, Key::Escape], serving);
    check(&[Key::F10, Key::DownArrow, Key::Return], idle);
    check(&[Key::F5, Key::F9], idle);
    check(&[Key::F11, Key::Escape, Key::F11], idle);
    check(&[Key::F12], idle);
    terminal.key("2");
    assert_eq!(terminal.state(), CounterState::Paused { reason: "系统维护".into() });
    terminal.key(Key::F12);
    terminal.key(Key::F2);
    assert_eq!(terminal.state(), CounterState::Idle);
}

#[test]
fn the_large_button_is_where_the_hand_knows_it() {
    let mut terminal = Terminal::new(Lang::Zh, USUAL);
    let issued = terminal.hall.issue("transfer", "ordinary");
    terminal.hear(issued);
    let check = |terminal: &mut Terminal, expect: fn(&CounterState) -> bool| {
        terminal.touch(260.0, 411.0);
        assert!(expect(&terminal.state()), "{:?}", terminal.state());
    };
    check(&mut terminal, |state| *state == CounterState::Idle);
    check(&mut terminal, |state| matches!(state, CounterState::Calling { .. }));
    check(&mut terminal, |state| matches!(state, CounterState::Serving { .. }));
    check(&mut terminal, |state| *state == CounterState::Idle);
}

#[test]
fn a_focused_button_takes_the_keyboard_and_gives_it_back() {
    let mut terminal = Terminal::open_with_citizens(Lang::Zh, USUAL);
    terminal.key(Key::F5);
    terminal.key(Key::Tab);
    terminal.key(Key::Tab);
    terminal.key(Key::Space);
    assert!(matches!(terminal.state(), CounterState::Calling { calls: 2, .. }), "重呼 has the focus");
    terminal.key(Key::Space);
    terminal.key(Key::Space);
    assert!(
        matches!(terminal.state(), CounterState::Serving { .. }),
        "重呼 is over; the large button has it again"
    );
    terminal.key(Key::F8);
    assert_eq!(terminal.state(), CounterState::Idle);
}

#[test]
fn typing_finds_a_service_to_transfer_to() {
    let mut terminal = Terminal::open_with_citizens(Lang::Zh, USUAL);
    terminal.key(Key::F5);
    terminal.click("转移");
    terminal.assert_shows("税务局");
    "公积金".chars().for_each(|c| terminal.key(c));
    assert!(!testing::find(&terminal.window, "税务局"));
    terminal.click("公积金贷款");
    testing::assert_snapshot(&terminal.window, "transfer-found");
    terminal.click("确认转移");
    assert_eq!(terminal.state(), CounterState::Idle);
    let ticket = terminal.waiting_for("loan");
    assert_eq!(ticket, ["B002"]);
}

#[test]
fn a_reason_of_ones_own_is_typed() {
    let mut terminal = Terminal::open_with_citizens(Lang::Zh, USUAL);
    terminal.click("暂停");
    terminal.key(Key::Tab);
    for _ in 0..3 {
        terminal.key(Key::Tab);
    }
    terminal.key(Key::Tab);
    "第1会议室开会".chars().for_each(|c| terminal.key(c));
    terminal.click("确认暂停");
    assert_eq!(terminal.state(), CounterState::Paused { reason: "第1会议室开会".into() });
}

#[test]
fn away_says_so_and_locks_every_button() {
    let mut terminal = Terminal::open_with_citizens(Lang::Zh, USUAL);
    terminal.key(Key::F5);
    terminal.hear([Update::Away("connection refused".into())]);
    terminal.pass(Duration::from_secs(42));
    terminal.assert_enabled(&[]);
    terminal.assert_shows("与主机的连接中断，正在重连");
    terminal.assert_shows("B002");
    testing::assert_snapshot(&terminal.window, "away");
    terminal.hear(terminal.hall.greeting());
    terminal.pass(Duration::ZERO);
    terminal.assert_enabled(&["重呼", "开始办理", "过号", "转移"]);
    assert!(!testing::find(&terminal.window, "与主机的连接中断，正在重连"));
}

#[test]
fn a_counter_that_is_not_in_the_plan_says_so() {
    let terminal = Terminal::unconnected(CounterNumber(999), Lang::Zh, USUAL);
    terminal.hear(terminal.hall.greeting());
    testing::advance(Duration::ZERO);
    terminal.assert_shows("方案中没有 999 号窗口");
    terminal.assert_enabled(&[]);
    testing::assert_snapshot(&terminal.window, "not-in-plan");
}

#[test]
fn a_refusal_is_shown() {
    let mut terminal = Terminal::open_with_citizens(Lang::Zh, USUAL);
    let closed_elsewhere = terminal.hall.command(&Command::CloseCounter { counter: COUNTER }).unwrap();
    testing::click(&terminal.window, "叫号");
    let (answer, _) = terminal.hall.order(&terminal.orders.take()[0]);
    terminal.binding.handle(Msg::Answered(answer));
    terminal.hear(closed_elsewhere);
    terminal.pass(Duration::ZERO);
    terminal.assert_shows("1 号窗口未开放，请先开窗");
    terminal.assert_enabled(&["开窗"]);
    testing::assert_snapshot(&terminal.window, "refused");
}

#[test]
fn every_state_looks_as_stored() {
    let terminal = Terminal::unconnected(COUNTER, Lang::Zh, USUAL);
    testing::assert_snapshot(&terminal.window, "connecting");
    terminal.hear(terminal.hall.greeting());
    testing::assert_snapshot(&terminal.window, "closed");

    let mut terminal = Terminal::new(Lang::Zh, USUAL);
    terminal.click("开窗");
    testing::assert_snapshot(&terminal.window, "idle-nobody");

    let mut terminal = Terminal::open_with_citizens(Lang::Zh, USUAL);
    testing::assert_snapshot(&terminal.window, "idle");
    terminal.click("叫号");
    terminal.pass(Duration::from_secs(35));
    terminal.click("重呼");
    testing::assert_snapshot(&terminal.window, "calling");
    terminal.click("转移");
    testing::assert_snapshot(&terminal.window, "transfer");
    terminal.click("取消");
    terminal.click("开始办理");
    terminal.pass(Duration::from_secs(4 * 60 + 7));
    testing::assert_snapshot(&terminal.window, "serving");
    terminal.click("办结");
    terminal.click("暂停");
    testing::assert_snapshot(&terminal.window, "pause");
    terminal.click("午休");
    terminal.pass(Duration::from_secs(600));
    testing::assert_snapshot(&terminal.window, "paused");
}

#[test]
fn other_sizes_and_english_look_as_stored() {
    for (lang, size, name) in [
        (Lang::Zh, (420, 640), "calling-420x640"),
        (Lang::Zh, (1024, 768), "calling-1024x768"),
        (Lang::En, USUAL, "calling-en"),
        (Lang::En, (1024, 768), "calling-en-1024x768"),
    ] {
        let mut terminal = Terminal::open_with_citizens(lang, size);
        terminal.key(Key::F5);
        terminal.key(Key::F7);
        terminal.key(Key::F8);
        terminal.key(Key::F5);
        testing::assert_snapshot(&terminal.window, name);
        terminal.key(Key::F10);
        terminal.key(Key::DownArrow);
        testing::assert_snapshot(
            &terminal.window,
            &format!("transfer-{}", name.trim_start_matches("calling-")),
        );
    }
}
