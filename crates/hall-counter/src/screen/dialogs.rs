//! The open dialog.

use hall_core::plan::HelpWhen;
use hall_core::{CounterNumber, CounterState};

use super::{PrinterShown, ReprintShown};
use crate::action::Action;
use crate::dialog::{Dialog, Doubt};
use crate::model::Model;
use crate::picker::{Heading, Note, Offer, Pick};
use crate::transfer::To;

/// The open dialog.
#[derive(Clone, Debug, PartialEq)]
pub enum DialogShown {
    None,
    Menu {
        may: Vec<Action>,
    },
    Transfer {
        to: To,
        list: ListShown,
    },
    SendOn {
        list: ListShown,
        and_back: bool,
        /// The way as it would be; empty while nothing is chosen.
        way: String,
        /// What was to follow and would not any more; empty when nothing is lost.
        dropped: String,
    },
    ServeDirect {
        list: ListShown,
    },
    Profile {
        list: ListShown,
        /// Whether there is something to go back from.
        may_reset: bool,
    },
    Park {
        may_choose: bool,
    },
    Doubt {
        doubt: Doubt,
        number: String,
        may_confirm: bool,
    },
    Reprint(ReprintShown),
    Printers(Vec<PrinterShown>),
    Pause {
        /// The last reason of one's own, to be chosen again.
        own: Option<String>,
        chars: usize,
        may_confirm: bool,
        may_choose: bool,
    },
}

/// What a dialog offers.
#[derive(Clone, Debug, PartialEq)]
pub struct ListShown {
    pub lines: Vec<ListLine>,
    /// Empty when nothing is chosen.
    pub chosen_name: String,
    pub may_confirm: bool,
}

/// A line of it.
#[derive(Clone, Debug, PartialEq)]
pub enum ListLine {
    Heading(HeadingShown),
    Choice {
        pick: Pick,
        /// A prefix or a number.
        code: String,
        name: String,
        note: NoteShown,
        is_chosen: bool,
        is_free: bool,
        /// At which place of the way it is, from 1.
        place: Option<usize>,
        /// Whether the counter would serve it, and under which condition help it.
        serves: bool,
        helps: Option<HelpWhen>,
    },
}

/// What the choices below have in common.
#[derive(Clone, Debug, PartialEq)]
pub enum HeadingShown {
    Department(String),
    OpenCounters,
    ClosedCounters,
    Staff,
}

/// What to know before choosing.
#[derive(Clone, Debug, PartialEq)]
pub enum NoteShown {
    Waiting(u32),
    Counter(CounterShown),
}

/// A counter that is a choice, or where a choice is.
#[derive(Clone, Debug, PartialEq)]
pub struct CounterShown {
    pub number: CounterNumber,
    pub state: CounterState,
    /// Empty when nobody is signed in.
    pub staff: String,
}

impl DialogShown {
    /// What it offers to choose from, if anything.
    pub fn list(&self) -> Option<&ListShown> {
        match self {
            Self::Transfer { list, .. }
            | Self::SendOn { list, .. }
            | Self::ServeDirect { list }
            | Self::Profile { list, .. } => Some(list),
            _ => None,
        }
    }

    /// The lines of that; empty without one.
    pub fn lines(&self) -> &[ListLine] {
        self.list().map(|list| list.lines.as_slice()).unwrap_or_default()
    }

    /// The printers it shows; empty where it shows none.
    pub fn printers(&self) -> &[PrinterShown] {
        match self {
            Self::Reprint(reprint) => &reprint.printers,
            Self::Printers(printers) => printers,
            _ => &[],
        }
    }
}

impl Model {
    pub(super) fn dialog_shown(&self) -> DialogShown {
        let may_confirm = self.may_confirm();
        match &self.dialog {
            Dialog::None => DialogShown::None,
            Dialog::Menu => DialogShown::Menu { may: self.menu() },
            Dialog::Transfer(transfer) => {
                DialogShown::Transfer { to: transfer.to(), list: self.list_shown() }
            }
            Dialog::SendOn(send_on) => {
                let ticket = self.mirror.view().ticket_at(self.counter);
                let way = ticket.map(|ticket| send_on.way(self.counter, ticket)).unwrap_or_default();
                let onward = ticket.map(|ticket| ticket.onward.as_slice()).unwrap_or_default();
                DialogShown::SendOn {
                    list: self.list_shown(),
                    and_back: send_on.and_back,
                    way: self.way(&way),
                    dropped: if send_on.and_back { String::new() } else { self.way(onward) },
                }
            }
            Dialog::ServeDirect(_) => DialogShown::ServeDirect { list: self.list_shown() },
            Dialog::Profile(_) => DialogShown::Profile {
                list: self.list_shown(),
                may_reset: self.is_ready() && self.is_adjusted(),
            },
            Dialog::Park(_) => DialogShown::Park { may_choose: self.is_ready() },
            Dialog::Doubt(doubt) => {
                let ticket = self.mirror.view().tickets.get(&doubt.ticket());
                let number = ticket.map(|ticket| ticket.number.to_string()).unwrap_or_default();
                DialogShown::Doubt { doubt: *doubt, number, may_confirm }
            }
            Dialog::Reprint(reprint) => {
                self.reprint_shown(reprint).map_or(DialogShown::None, DialogShown::Reprint)
            }
            Dialog::Printers => DialogShown::Printers(self.printers_shown()),
            Dialog::Pause { text } => DialogShown::Pause {
                own: self.own_reason.clone(),
                chars: text.trim().chars().count(),
                may_confirm,
                may_choose: self.is_ready(),
            },
        }
    }

    fn menu(&self) -> Vec<Action> {
        Action::MENU.into_iter().filter(|action| self.may_begin(*action)).collect()
    }

    fn list_shown(&self) -> ListShown {
        let mut lines = Vec::new();
        let mut chosen_name = String::new();
        for group in self.groups() {
            lines.push(ListLine::Heading(self.heading(group.heading)));
            for offer in group.offers {
                let line = self.line(offer);
                if let ListLine::Choice { name, pick, is_chosen: true, code, .. } = &line {
                    chosen_name = if matches!(pick, Pick::Service(_)) { name.clone() } else { code.clone() };
                }
                lines.push(line);
            }
        }
        ListShown { lines, chosen_name, may_confirm: self.may_confirm() }
    }

    fn heading(&self, heading: Heading) -> HeadingShown {
        match heading {
            Heading::Department(department) => {
                HeadingShown::Department(self.either(&department.name, &department.name_en))
            }
            Heading::OpenCounters => HeadingShown::OpenCounters,
            Heading::ClosedCounters => HeadingShown::ClosedCounters,
            Heading::Staff => HeadingShown::Staff,
        }
    }

    fn line(&self, offer: Offer) -> ListLine {
        let is_free = offer.is_free();
        let note = match offer.note {
            Note::Waiting(waiting) => NoteShown::Waiting(waiting),
            Note::Counter { number, state, staff } => NoteShown::Counter(CounterShown {
                number,
                state: state.clone(),
                staff: staff.map(ToString::to_string).unwrap_or_default(),
            }),
        };
        let chosen = self.dialog.picker().and_then(|picker| picker.chosen.as_ref());
        let service = match &offer.pick {
            Pick::Service(service) => Some(service),
            Pick::Counter(_) | Pick::Staff(_) => None,
        };
        let (mut place, mut serves, mut helps) = (None, false, None);
        match (&self.dialog, service) {
            (Dialog::SendOn(send_on), Some(service)) => {
                place = send_on.legs().iter().position(|leg| leg == service).map(|at| at + 1);
            }
            (Dialog::Profile(change), Some(service)) => {
                (serves, helps) = (change.serves(service), change.helps(service));
            }
            _ => {}
        }
        ListLine::Choice {
            code: offer.code,
            name: self.either(offer.names[0], offer.names[1]),
            note,
            is_chosen: chosen == Some(&offer.pick),
            is_free,
            place,
            serves,
            helps,
            pick: offer.pick,
        }
    }
}
