//! What is done now and then, on the screen: by keys, and by the labels of what is touched.

use std::time::Duration;

use hall_core::CounterState;
use hall_ui::{Lang, testing};
use slint::platform::Key;

use crate::terminal::{Terminal, USUAL};

/// Open, with [a mixed line](Terminal::open_with_citizens): B002, then A002, B003 …
fn open() -> Terminal {
    Terminal::open_with_citizens(Lang::Zh, USUAL)
}

fn calling() -> Terminal {
    let mut terminal = open();
    terminal.key(Key::F5);
    assert_eq!(terminal.number(), "B002");
    terminal
}

fn serving() -> Terminal {
    let mut terminal = calling();
    terminal.key(Key::F7);
    terminal
}

#[test]
fn a_row_is_touched_and_called() {
    let mut terminal = open();
    terminal.assert_shows("等候 10 人");
    terminal.click("A002");
    terminal.click("叫此号 A002");
    assert_eq!(terminal.number(), "A002");
    assert!(!testing::find(&terminal.window, "叫此号 A002"), "the choice is over");
    terminal.click("B003");
    assert!(!testing::enabled(&terminal.window, "叫此号 B003"), "somebody is at the counter");
    assert!(testing::enabled(&terminal.window, "取消此号"));
}

#[test]
fn a_row_is_chosen_by_arrows_or_by_its_number() {
    let check = |choose: fn(&mut Terminal), expect: &str| {
        let mut terminal = open();
        choose(&mut terminal);
        terminal.assert_shows(&format!("叫此号 {expect}"));
        terminal.key(Key::Return);
        assert_eq!(terminal.number(), expect);
    };
    check(|terminal| terminal.keys(&[Key::DownArrow; 3]), "B003");
    check(|terminal| terminal.keys(&[Key::UpArrow, Key::UpArrow]), "A004");
    check(|terminal| terminal.write("b001"), "B001");
    check(|terminal| terminal.write("jc2"), "JC002");
    check(|terminal| terminal.write("5"), "A005");
    check(
        |terminal| {
            terminal.write("a003");
            terminal.key(Key::Backspace);
            terminal.write("4");
        },
        "A004",
    );
}

#[test]
fn a_number_that_is_not_here_is_said_so_and_escape_forgets_it() {
    let mut terminal = open();
    terminal.write("z9");
    terminal.assert_shows("没有 Z9 号");
    terminal.key(Key::Escape);
    assert!(!testing::find(&terminal.window, "没有 Z9 号"));
    terminal.key(Key::Return);
    assert_eq!(terminal.number(), "B002", "Enter is the large button");
}

#[test]
fn a_ticket_is_set_aside_reminded_of_and_called_back() {
    let mut terminal = calling();
    terminal.click("更多");
    terminal.click("挂起");
    terminal.click("10 分钟后提醒");
    assert_eq!(terminal.state(), CounterState::Idle);
    terminal.assert_shows("挂起 1");
    terminal.pass(Duration::from_secs(601));
    terminal.assert_shows("该回呼了：B002");
    terminal.click("挂起 1");
    terminal.click("B002");
    terminal.click("回呼 B002");
    assert_eq!(terminal.number(), "B002");
    terminal.assert_shows("叫号依据：挂起后回呼");
}

#[test]
fn a_ticket_set_aside_waits_again_or_has_left() {
    let mut terminal = serving();
    terminal.key(Key::F4);
    terminal.key("5");
    terminal.keys(&[Key::RightArrow, Key::DownArrow]);
    terminal.ctrl(Key::Return);
    terminal.assert_shows("等候 10 人");

    let mut terminal = serving();
    terminal.key(Key::F4);
    terminal.key("1");
    terminal.write("b2");
    terminal.key(Key::Delete);
    terminal.assert_shows("B002 号弃号？");
    terminal.key(Key::Return);
    terminal.assert_shows("挂起 0");
    terminal.assert_shows("等候 9 人");
}

#[test]
fn a_missed_ticket_is_reinstated() {
    let mut terminal = calling();
    terminal.key(Key::F9);
    terminal.click("过号 1");
    terminal.click("B002");
    terminal.click("过号恢复 B002");
    terminal.assert_shows("今天没有过号");

    let mut terminal = calling();
    terminal.key(Key::F9);
    terminal.write("b002");
    terminal.key(Key::Return);
    terminal.assert_shows("等候 10 人");
    terminal.assert_shows("过号 0");
}

#[test]
fn a_waiting_ticket_is_cancelled_after_a_second_thought() {
    let mut terminal = open();
    terminal.click("A002");
    terminal.click("取消此号");
    terminal.click("返回");
    terminal.assert_shows("等候 10 人");
    terminal.click("取消此号");
    terminal.assert_shows("取消 A002 号？");
    terminal.click("确认取消");
    terminal.assert_shows("等候 9 人");
}

#[test]
fn a_ticket_goes_to_a_counter_or_to_somebody() {
    let mut terminal = Terminal::under_way(Lang::Zh, USUAL);
    terminal.keys(&[Key::F5, Key::F10, Key::F10]);
    terminal.assert_shows("未开窗");
    terminal.key("3");
    terminal.key(Key::Return);
    assert_eq!(terminal.state(), CounterState::Idle);
    terminal.assert_shows("等候 7 人");

    terminal.key(Key::F5);
    terminal.click("转移");
    terminal.click("人员");
    terminal.click("工号 2002");
    terminal.click("确认转移");
    assert_eq!(terminal.state(), CounterState::Idle);
    terminal.assert_shows("等候 6 人");
}

#[test]
fn a_ticket_is_sent_on_by_touch_and_by_keys() {
    let mut terminal = serving();
    terminal.click("更多");
    terminal.click("转办");
    terminal.click("房屋交易缴税");
    terminal.click("不动产查询与证明");
    terminal.click("办完返回本窗口");
    terminal.assert_shows("房屋交易缴税 → 不动产查询与证明 → 返回 1 号窗口");
    terminal.click("办结并转办");
    assert_eq!(terminal.waiting_for("home-tax"), ["B002"]);

    let mut terminal = serving();
    terminal.key(Key::F3);
    terminal.key("2");
    terminal.write("k");
    terminal.key(Key::Return);
    terminal.write("公积金 提");
    terminal.key(Key::Return);
    terminal.assert_shows("公积金贷款 → 公积金提取");
    terminal.key(Key::Backspace);
    terminal.ctrl("b");
    terminal.assert_shows("公积金贷款 → 返回 1 号窗口");
    terminal.ctrl(Key::Return);
    assert_eq!(terminal.waiting_for("loan"), ["B002"]);
}

#[test]
fn finish_says_that_the_ticket_goes_on_unless_it_ends_here() {
    for (ends_here, expect) in [(false, vec!["JC001".to_owned()]), (true, vec![])] {
        let mut terminal = Terminal::under_way(Lang::Zh, USUAL);
        terminal.write("jc001");
        terminal.keys(&[Key::Return, Key::F7]);
        terminal.assert_shows("下一步：房屋交易缴税 → 不动产查询与证明");
        if ends_here {
            terminal.click("更多");
            terminal.click("到此办结");
        } else {
            terminal.click("办结");
        }
        assert_eq!(terminal.state(), CounterState::Idle);
        assert_eq!(terminal.waiting_for("home-tax"), expect);
    }
}

#[test]
fn somebody_without_a_ticket_is_served() {
    let mut terminal = open();
    terminal.key(Key::F3);
    terminal.key("4");
    terminal.key(Key::DownArrow);
    terminal.key(Key::Return);
    assert_eq!(terminal.number(), "B004");
    terminal.assert_shows("直接办理");
    terminal.click("办结");
    assert_eq!(terminal.state(), CounterState::Idle);
}

#[test]
fn who_has_left_the_counter_is_abandoned() {
    let mut terminal = serving();
    terminal.key(Key::F3);
    terminal.key("5");
    terminal.key(Key::Escape);
    assert_eq!(terminal.number(), "B002");
    terminal.key(Key::F3);
    terminal.click("弃号");
    terminal.click("确认弃号");
    assert_eq!(terminal.state(), CounterState::Idle);
}

#[test]
fn the_keyboard_of_a_question_is_its_focused_button_s_first() {
    let mut terminal = serving();
    terminal.key(Key::F3);
    terminal.key("5");
    terminal.keys(&[Key::Tab, Key::Return]);
    assert_eq!(terminal.number(), "B002", "返回 has the focus");
    terminal.assert_shows("办结");
}

#[test]
fn today_s_services_are_changed_by_touch_and_back_to_the_plan() {
    let mut terminal = open();
    terminal.click("更多");
    terminal.click("今日业务");
    terminal.click("二手房转移登记");
    terminal.click("不动产查询与证明");
    terminal.click("支援 房屋交易缴税");
    terminal.click("支援 房屋交易缴税");
    terminal.click("确认调整");
    terminal.assert_shows("今日业务有调整");
    terminal.assert_shows("等候 5 人");
    let issued = terminal.hall.issue("search", "ordinary");
    terminal.hear(issued);
    terminal.pass(Duration::ZERO);
    terminal.assert_shows("等候 6 人");
    terminal.click("更多");
    terminal.click("今日业务");
    terminal.click("恢复方案");
    assert!(!testing::find(&terminal.window, "今日业务有调整"));
    terminal.assert_shows("等候 10 人");
}

#[test]
fn today_s_services_are_changed_by_keys() {
    let mut terminal = open();
    terminal.key(Key::F3);
    terminal.key("6");
    terminal.write("b");
    terminal.keys(&[Key::Return, Key::RightArrow]);
    terminal.ctrl(Key::Return);
    terminal.assert_shows("今日业务有调整");
    terminal.assert_shows("等候 10 人");
    assert_eq!(terminal.state(), CounterState::Idle);
    terminal.write("b001");
    assert!(testing::enabled(&terminal.window, "叫此号 B001"), "helped now");
}

#[test]
fn a_reason_of_ones_own_is_offered_again() {
    let mut terminal = open();
    terminal.click("暂停");
    terminal.keys(&[Key::Tab; 5]);
    terminal.write("第1会议室开会");
    terminal.click("确认暂停");
    terminal.click("开窗");
    terminal.key(Key::F11);
    terminal.key("5");
    assert_eq!(terminal.state(), CounterState::Paused { reason: "第1会议室开会".into() });
}
