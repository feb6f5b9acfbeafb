//! A screen in the words of the view.

use std::rc::Rc;

use hall_client::Link;
use hall_core::CounterState;
use hall_core::plan::HelpWhen;
use hall_ui::{Lang, change_rows};
use slint::{ModelRc, SharedString, VecModel};

use super::view::{self, CounterModel};
use super::{ACTIONS, KINDS, TABS, slips, view_of};
use crate::action::Action;
use crate::dialog::Doubt;
use crate::list::RowAction;
use crate::notice::Notice;
use crate::reach::Claim;
use crate::screen::{
    ChosenShown, DialogShown, HeadingShown, ListLine, ListShown, NoteShown, PAUSE_REASONS, RowShown, Screen,
    TicketShown,
};

/// The lists of the view: kept, so that only what changes is drawn again.
#[derive(Default)]
pub(super) struct Lists {
    rows: Rc<VecModel<view::TicketRow>>,
    lines: Rc<VecModel<view::Line>>,
}

impl Lists {
    pub fn give_to(&self, global: &CounterModel) {
        global.set_rows(self.rows.clone().into());
        global.set_lines(self.lines.clone().into());
    }

    pub fn show(&self, global: &CounterModel, screen: &Screen) {
        show_counter(global, screen);
        show_ticket(global, screen.ticket.as_ref());
        change_rows(&self.rows, screen.rows.iter().map(row));
        show_list(global, screen);
        show_actions(global, screen);
        show_notice(global, screen.notice.as_ref());
        self.show_dialog(global, &screen.dialog);
    }

    fn show_dialog(&self, global: &CounterModel, dialog: &DialogShown) {
        change_rows(&self.lines, dialog.lines().iter().map(line));
        if let Some(list) = dialog.list() {
            show_choice(global, list);
        }
        let kind = match dialog {
            DialogShown::None => view::Dialog::None,
            DialogShown::Menu { may } => {
                global.set_menu_may(menu_may(may));
                view::Dialog::Menu
            }
            DialogShown::Transfer { to, .. } => {
                global.set_to(view_of(&KINDS, *to));
                view::Dialog::Transfer
            }
            DialogShown::SendOn { and_back, way, dropped, .. } => {
                global.set_and_back(*and_back);
                global.set_way(way.into());
                global.set_dropped(dropped.into());
                view::Dialog::SendOn
            }
            DialogShown::ServeDirect { .. } => view::Dialog::ServeDirect,
            DialogShown::Profile { may_reset, .. } => {
                global.set_may_choose(*may_reset);
                view::Dialog::Profile
            }
            DialogShown::Park { may_choose } => {
                global.set_may_choose(*may_choose);
                view::Dialog::Park
            }
            DialogShown::Doubt { doubt, number, may_confirm } => {
                global.set_doubt_is_cancel(matches!(doubt, Doubt::Cancel(_)));
                global.set_doubt_number(number.into());
                global.set_may_confirm(*may_confirm);
                view::Dialog::Doubt
            }
            DialogShown::Reprint(reprint) => {
                global.set_may_confirm(reprint.may_confirm);
                view::Dialog::Reprint
            }
            DialogShown::Printers(_) => view::Dialog::Printers,
            DialogShown::Pause { own, chars, may_confirm, may_choose } => {
                global.set_own_reason(own.as_deref().unwrap_or_default().into());
                global.set_reason_chars(*chars as i32);
                global.set_may_confirm(*may_confirm);
                global.set_may_choose(*may_choose);
                view::Dialog::Pause
            }
        };
        // Last: what a dialog shows is there when it opens.
        global.set_dialog(kind);
    }
}

fn show_counter(global: &CounterModel, screen: &Screen) {
    global.set_counter(i32::from(screen.counter));
    global.set_in_plan(screen.is_in_plan);
    global.set_place((&screen.place).into());
    global.set_staff((&screen.staff).into());
    global.set_adjusted(screen.is_adjusted);
    global.set_clock((&screen.clock).into());
    global.set_contact(match screen.link {
        Link::Connecting => view::Contact::Connecting,
        Link::Connected => view::Contact::Connected,
        Link::Away => view::Contact::Away,
    });
    let pause_reason = match &screen.state {
        CounterState::Paused { reason } => reason.as_str(),
        _ => "",
    };
    global.set_state(state(&screen.state));
    global.set_pause_reason(pause_reason.into());
    global.set_since((&screen.since).into());
}

fn show_ticket(global: &CounterModel, ticket: Option<&TicketShown>) {
    global.set_has_ticket(ticket.is_some());
    let Some(ticket) = ticket else { return };
    global.set_ticket(view::TicketView {
        number: (&ticket.number).into(),
        service: (&ticket.service).into(),
        class_name: (&ticket.class).into(),
        ordinary: ticket.is_ordinary,
        direct: ticket.is_direct,
        calls: ticket.calls as i32,
        call_limit: ticket.call_limit as i32,
        waited: (&ticket.waited).into(),
        appointment: (&ticket.appointment).into(),
        needs: (&ticket.needs).into(),
        why: (&ticket.why).into(),
        onward: (&ticket.onward).into(),
        goes_on_to: (&ticket.goes_on_to).into(),
        slip: slips::mark(ticket.slip),
    });
}

fn show_list(global: &CounterModel, screen: &Screen) {
    let [waiting, parked, missed] = screen.counts.map(|count| count as i32);
    global.set_waiting_count(waiting);
    global.set_parked_count(parked);
    global.set_missed_count(missed);
    global.set_call_back_due(screen.is_call_back_due);
    global.set_tab(view_of(&TABS, screen.tab));
    global.set_next(screen.next.as_deref().unwrap_or_default().into());
    global.set_typed((&screen.typed).into());
    let chosen = screen.rows.iter().position(|row| row.is_chosen);
    global.set_chosen_row(chosen.map_or(-1, |row| row as i32));
    let Some(ChosenShown { number, may }) = &screen.chosen else { return };
    global.set_chosen_number(number.into());
    let may = |action| may.contains(&action);
    global.set_row_may(view::RowMay {
        call: may(RowAction::Call),
        resume: may(RowAction::Resume),
        reinstate: may(RowAction::Reinstate),
        cancel: may(RowAction::Cancel),
        abandon: may(RowAction::Abandon),
    });
}

fn row(row: &RowShown) -> view::TicketRow {
    view::TicketRow {
        number: (&row.number).into(),
        service: (&row.service).into(),
        class_name: (&row.class).into(),
        appointment: (&row.appointment).into(),
        needs: (&row.needs).into(),
        claim: match row.claim {
            None | Some(Claim::Own) => view::Claim::Own,
            Some(Claim::Helped) => view::Claim::Helped,
            Some(Claim::SentToCounter) => view::Claim::SentToCounter,
            Some(Claim::SentToStaff) => view::Claim::SentToStaff,
        },
        minutes: row.minutes.map_or(-1, |minutes| i32::try_from(minutes).unwrap_or(i32::MAX)),
        remind_at: (&row.remind_at).into(),
        due: row.is_due,
        called_at: (&row.called_at).into(),
        next: row.is_next,
        slip: slips::mark(row.slip),
        chosen: row.is_chosen,
    }
}

fn show_actions(global: &CounterModel, screen: &Screen) {
    let may = |action| screen.allowed.contains(&action);
    global.set_usual(view_of(&ACTIONS, screen.usual));
    global.set_may(view::May {
        usual: may(screen.usual),
        recall: may(Action::Recall),
        no_show: may(Action::NoShow),
        transfer: may(Action::Transfer),
        pause: may(Action::Pause),
        close: may(Action::Close),
        reprint: may(Action::Reprint),
    });
}

fn menu_may(allowed: &[Action]) -> view::MenuMay {
    let may = |action| allowed.contains(&action);
    view::MenuMay {
        park: may(Action::Park),
        send_on: may(Action::SendOn),
        finish_here: may(Action::FinishHere),
        serve_direct: may(Action::ServeDirect),
        abandon: may(Action::Abandon),
        profile: may(Action::Profile),
        reprint: may(Action::Reprint),
        printers: may(Action::Printers),
    }
}

fn show_notice(global: &CounterModel, notice: Option<&Notice>) {
    let said = |kind, text: String| (kind, text, String::new());
    let (kind, text, printer) = match notice {
        None => said(view::Notice::None, String::new()),
        Some(Notice::NobodyWaits) => said(view::Notice::NobodyWaits, String::new()),
        Some(Notice::Refused(text)) => said(view::Notice::Refused, text.clone()),
        Some(Notice::NoAnswer) => said(view::Notice::NoAnswer, String::new()),
        Some(Notice::CallBack(numbers)) => {
            let numbers: Vec<_> = numbers.iter().map(ToString::to_string).collect();
            said(view::Notice::CallBack, numbers.join(" "))
        }
        Some(Notice::Reprinted(reprinted)) => slips::reprinted(reprinted),
    };
    global.set_notice_printer(printer.into());
    global.set_notice(kind);
    global.set_notice_text(text.into());
}

fn show_choice(global: &CounterModel, list: &ListShown) {
    let is_chosen = |line: &ListLine| matches!(line, ListLine::Choice { is_chosen: true, .. });
    let chosen = list.lines.iter().position(is_chosen);
    global.set_chosen_line(chosen.map_or(-1, |line| line as i32));
    global.set_chosen_name((&list.chosen_name).into());
    global.set_may_confirm(list.may_confirm);
}

fn line(line: &ListLine) -> view::Line {
    match line {
        ListLine::Heading(heading) => {
            let (kind, name) = match heading {
                HeadingShown::Department(name) => (view::LineKind::Department, name.as_str()),
                HeadingShown::OpenCounters => (view::LineKind::OpenCounters, ""),
                HeadingShown::ClosedCounters => (view::LineKind::ClosedCounters, ""),
                HeadingShown::Staff => (view::LineKind::Staff, ""),
            };
            view::Line { kind, name: name.into(), ..Default::default() }
        }
        ListLine::Choice { code, name, note, is_chosen, is_free, place, serves, helps, .. } => {
            let (waiting, counter) = match note {
                NoteShown::Waiting(waiting) => (*waiting, None),
                NoteShown::Counter(counter) => (0, Some(counter)),
            };
            view::Line {
                kind: view::LineKind::Choice,
                code: code.into(),
                name: name.into(),
                waiting: waiting as i32,
                counter: counter.map_or(0, |counter| i32::from(counter.number.0)),
                state: counter.map_or(view::State::Closed, |counter| state(&counter.state)),
                staff: counter.map(|counter| (&counter.staff).into()).unwrap_or_default(),
                chosen: *is_chosen,
                free: *is_free,
                place: place.map_or(0, |place| place as i32),
                serves: *serves,
                helps: helps.is_some(),
                help_min: match helps {
                    Some(HelpWhen::WaitedOverMin(minutes)) => *minutes as i32,
                    Some(HelpWhen::OwnEmpty) | None => 0,
                },
            }
        }
    }
}

fn state(state: &CounterState) -> view::State {
    match state {
        CounterState::Closed => view::State::Closed,
        CounterState::Idle => view::State::Idle,
        CounterState::Paused { .. } => view::State::Paused,
        CounterState::Calling { .. } => view::State::Calling,
        CounterState::Serving { .. } => view::State::Serving,
    }
}

/// The usual reasons as the clerk reads them.
pub(super) fn pause_reasons(lang: Lang) -> ModelRc<SharedString> {
    let label = |(zh, en): (&str, &str)| match lang {
        Lang::Zh => SharedString::from(zh),
        Lang::En => slint::format!("{en} {zh}"),
    };
    ModelRc::new(VecModel::from_iter(PAUSE_REASONS.map(label)))
}
