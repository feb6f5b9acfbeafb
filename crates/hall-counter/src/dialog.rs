//! Questions in front of everything else: what each asks, and the order that its answer makes.

use hall_core::{PAUSE_REASON_CHARS_MAX, Place, PrinterId, ServiceId, TicketId};

use crate::action::{Action, Order};
use crate::model::Model;
use crate::picker::{self, Group, Pick, Picker};
use crate::profile::ProfileChange;
use crate::reprint::Reprint;
use crate::send_on::SendOn;
use crate::transfer::{To, Transfer};

/// What is asked.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Dialog {
    #[default]
    None,
    /// Which of the rarer actions.
    Menu,
    Transfer(Transfer),
    SendOn(SendOn),
    /// When to be reminded of this ticket.
    Park(TicketId),
    /// What to serve somebody without a ticket for.
    ServeDirect(Picker),
    Doubt(Doubt),
    Profile(ProfileChange),
    /// Where to print a slip again.
    Reprint(Reprint),
    /// Nothing is asked: how the printers are.
    Printers,
    /// The reason, as far as it was written.
    Pause {
        text: String,
    },
}

/// Something that cannot be undone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doubt {
    Cancel(TicketId),
    Abandon(TicketId),
}

/// A step in the open dialog; one that does not belong to it does nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// One of the rarer actions.
    Menu(Action),
    /// What was typed to find something.
    Find(String),
    Choose(Pick),
    /// Where a slip is to be printed again.
    ChoosePrinter(PrinterId),
    /// Up or down.
    Move(i32),
    /// Offer another kind to transfer to.
    Turn(To),
    /// The chosen service joins the way or the profile, or leaves it.
    Toggle,
    /// The last service leaves the way.
    Shorten,
    /// The ticket is to return here, or not.
    AndBack(bool),
    /// The next condition for helping the chosen service, or the one before.
    TurnHelp(i32),
    /// What the plan says counts again.
    AsPlanned,
    /// Set aside, with a reminder after so many minutes.
    ParkFor(Option<u32>),
    /// One of the reasons offered.
    PauseFor(String),
    /// What was typed as a reason of its own.
    WriteReason(String),
    Confirm,
    /// Close the dialog.
    Dismiss,
}

impl Doubt {
    /// The ticket this is about.
    pub fn ticket(self) -> TicketId {
        match self {
            Self::Cancel(ticket) | Self::Abandon(ticket) => ticket,
        }
    }
}

impl Dialog {
    pub(crate) fn picker(&self) -> Option<&Picker> {
        match self {
            Self::Transfer(transfer) => Some(&transfer.picker),
            Self::SendOn(send_on) => Some(&send_on.picker),
            Self::ServeDirect(picker) => Some(picker),
            Self::Profile(change) => Some(&change.picker),
            _ => None,
        }
    }

    /// Whether it must be answered before anything else is done.
    pub(crate) fn is_question(&self) -> bool {
        !matches!(self, Self::None | Self::Printers)
    }

    fn picker_mut(&mut self) -> Option<&mut Picker> {
        match self {
            Self::Transfer(transfer) => Some(&mut transfer.picker),
            Self::SendOn(send_on) => Some(&mut send_on.picker),
            Self::ServeDirect(picker) => Some(picker),
            Self::Profile(change) => Some(&mut change.picker),
            _ => None,
        }
    }
}

impl Model {
    pub(crate) fn open_menu(&mut self) -> Option<Order> {
        if !self.dialog.is_question() && self.is_connected() {
            self.dialog = Dialog::Menu;
        }
        None
    }

    /// The question that comes before an action, if there is one.
    pub(crate) fn question(&self, action: Action) -> Option<Dialog> {
        let ticket = || self.mirror.view().ticket_at(self.counter);
        match action {
            Action::Transfer => Some(Dialog::Transfer(Transfer::of(ticket()?))),
            Action::SendOn => Some(Dialog::SendOn(SendOn::of(ticket()?))),
            Action::Park => Some(Dialog::Park(ticket()?.id)),
            Action::Abandon => Some(Dialog::Doubt(Doubt::Abandon(ticket()?.id))),
            Action::Pause => Some(Dialog::Pause { text: String::new() }),
            Action::ServeDirect => {
                let first = self.reach()?.profile().services.first()?.clone();
                Some(Dialog::ServeDirect(Picker { chosen: Some(Pick::Service(first)), ..Picker::default() }))
            }
            Action::Profile => {
                Some(Dialog::Profile(ProfileChange::of(self.reach()?.profile(), self.plan()?)))
            }
            Action::Reprint => self.reprint_question(),
            Action::Printers => Some(Dialog::Printers),
            _ => None,
        }
    }

    pub(crate) fn doubt(&mut self, doubt: Doubt) -> Option<Order> {
        self.dialog = Dialog::Doubt(doubt);
        None
    }

    pub(crate) fn answer(&mut self, answer: Answer) -> Option<Order> {
        match answer {
            Answer::Menu(action) => return self.press_in_menu(action),
            Answer::ParkFor(minutes) => return self.park_for(minutes),
            Answer::PauseFor(reason) => return self.pause_for(&reason),
            Answer::Confirm => return self.confirm(),
            Answer::AsPlanned => return self.back_to_plan(),
            Answer::Dismiss => self.dialog = Dialog::None,
            Answer::Find(text) => self.find(text),
            Answer::Choose(pick) => self.choose(&pick),
            Answer::ChoosePrinter(printer) => self.choose_printer(printer),
            Answer::Move(by) if matches!(self.dialog, Dialog::Reprint(_)) => self.move_printer(by),
            Answer::Move(by) => {
                let offered = self.offered();
                self.dialog.picker_mut().into_iter().for_each(|picker| picker.move_choice(by, &offered));
            }
            Answer::Toggle => self.toggle_chosen(),
            _ => self.answer_in_place(answer),
        }
        None
    }

    /// What only the open dialog itself takes notice of.
    fn answer_in_place(&mut self, answer: Answer) {
        match (&mut self.dialog, answer) {
            (Dialog::Transfer(transfer), Answer::Turn(to)) => transfer.turn(to),
            (Dialog::SendOn(send_on), Answer::Shorten) => send_on.shorten(),
            (Dialog::SendOn(send_on), Answer::AndBack(and_back)) => send_on.and_back = and_back,
            (Dialog::Profile(change), Answer::TurnHelp(by)) => {
                if let Some(service) = change.picker.service().cloned() {
                    change.turn_help(&service, by);
                }
            }
            (Dialog::Pause { text }, Answer::WriteReason(written)) => *text = written,
            _ => {}
        }
    }

    /// What the open dialog offers to choose from, as far as it matches what was typed.
    pub(crate) fn groups(&self) -> Vec<Group<'_>> {
        let Some((plan, picker)) = self.plan().zip(self.dialog.picker()) else { return Vec::new() };
        let view = self.mirror.view();
        let held = view.ticket_at(self.counter).map(|ticket| &ticket.service);
        let others = || picker::services(plan, view, None, |service| Some(&service.id) != held);
        let groups = match &self.dialog {
            Dialog::Transfer(transfer) => match transfer.to() {
                To::Service => others(),
                To::Counter => picker::counters(plan, view, self.counter),
                To::Staff => picker::staff(plan, view, self.counter),
            },
            Dialog::SendOn(_) => others(),
            Dialog::ServeDirect(_) => {
                let reach = self.reach();
                let serves = |id: &ServiceId| {
                    reach.as_ref().is_some_and(|reach| {
                        let profile = reach.profile();
                        profile.services.contains(id) || profile.helps.iter().any(|help| help.service == *id)
                    })
                };
                picker::services(plan, view, None, |service| serves(&service.id))
            }
            Dialog::Profile(_) => {
                let own = self.planned().map(|counter| &counter.department);
                picker::services(plan, view, own, |_| true)
            }
            _ => Vec::new(),
        };
        picker::found(groups, &picker.text)
    }

    /// Whether the open dialog has all it asks for, and the hub can be asked.
    pub(crate) fn may_confirm(&self) -> bool {
        let is_complete = match &self.dialog {
            Dialog::Transfer(transfer) => transfer.destination().is_some(),
            Dialog::SendOn(send_on) => !send_on.legs().is_empty(),
            Dialog::ServeDirect(picker) => picker.service().is_some(),
            Dialog::Profile(change) => !change.profile().services.is_empty(),
            Dialog::Pause { text } => is_reason(text),
            Dialog::Doubt(_) => true,
            Dialog::Reprint(reprint) if self.is_reprint_over(reprint) => return true,
            Dialog::Reprint(reprint) => self.is_reprint_complete(reprint),
            Dialog::None | Dialog::Menu | Dialog::Park(_) | Dialog::Printers => false,
        };
        is_complete && self.is_ready()
    }

    /// Closes the dialog when what it asks about is gone, and lets go of what is offered no longer.
    pub(crate) fn settle_dialog(&mut self) {
        if self.is_dialog_void() {
            self.dialog = Dialog::None;
        }
        self.settle_reprint();
        let offered = self.offered();
        self.dialog.picker_mut().into_iter().for_each(|picker| picker.settle(&offered));
    }

    fn is_dialog_void(&self) -> bool {
        let view = self.mirror.view();
        let ticket = view.ticket_at(self.counter);
        self.planned().is_none()
            || match &self.dialog {
                Dialog::None | Dialog::Menu | Dialog::Profile(_) | Dialog::Printers => false,
                Dialog::Reprint(reprint) => self.reprint_ticket(reprint).is_none(),
                Dialog::Transfer(transfer) => !self.is_allowed(Action::Transfer) || !transfer.is_of(ticket),
                Dialog::SendOn(send_on) => !self.is_allowed(Action::SendOn) || !send_on.is_of(ticket),
                Dialog::Park(id) => {
                    !self.is_allowed(Action::Park) || ticket.is_none_or(|ticket| ticket.id != *id)
                }
                Dialog::ServeDirect(_) => !self.is_allowed(Action::ServeDirect),
                Dialog::Pause { .. } => !self.is_allowed(Action::Pause),
                Dialog::Doubt(doubt) => {
                    let place = view.tickets.get(&doubt.ticket()).map(|ticket| ticket.place);
                    match doubt {
                        Doubt::Cancel(_) => place != Some(Place::Waiting),
                        Doubt::Abandon(_) => !matches!(
                            place,
                            Some(Place::Parked { counter, .. } | Place::AtCounter(counter)) if counter == self.counter
                        ),
                    }
                }
            }
    }

    /// What can be chosen in the open dialog, in the order of the list, and its codes.
    fn offered(&self) -> Vec<(Pick, String)> {
        let offers = self.groups().into_iter().flat_map(|group| group.offers);
        offers.filter(|offer| offer.is_free()).map(|offer| (offer.pick, offer.code)).collect()
    }

    fn find(&mut self, text: String) {
        let Some(picker) = self.dialog.picker_mut() else { return };
        picker.text = text;
        let offered = self.offered();
        self.dialog.picker_mut().into_iter().for_each(|picker| picker.choose_found(&offered));
    }

    fn choose(&mut self, pick: &Pick) {
        let offered = self.offered();
        self.dialog.picker_mut().into_iter().for_each(|picker| picker.choose(pick, &offered));
    }

    /// The chosen service joins, or leaves; on a way, what was typed has done its duty.
    fn toggle_chosen(&mut self) {
        let chosen = self.dialog.picker().and_then(Picker::service).cloned();
        match (&mut self.dialog, chosen) {
            (Dialog::SendOn(send_on), Some(service)) => {
                send_on.toggle(&service);
                send_on.picker = Picker::default();
            }
            (Dialog::Profile(change), Some(service)) => change.toggle(&service),
            _ => {}
        }
    }

    fn press_in_menu(&mut self, action: Action) -> Option<Order> {
        if self.dialog != Dialog::Menu || !self.may_begin(action) {
            return None;
        }
        self.dialog = Dialog::None;
        self.press(action)
    }

    fn park_for(&mut self, minutes: Option<u32>) -> Option<Order> {
        let asked = matches!(self.dialog, Dialog::Park(_)) && self.is_ready();
        asked.then(|| self.ask(Order::Park { remind_after_min: minutes }))
    }

    fn pause_for(&mut self, reason: &str) -> Option<Order> {
        let asked = matches!(self.dialog, Dialog::Pause { .. }) && self.is_ready() && is_reason(reason);
        asked.then(|| self.ask(Order::Pause(reason.trim().to_owned())))
    }

    fn back_to_plan(&mut self) -> Option<Order> {
        let asked = matches!(self.dialog, Dialog::Profile(_)) && self.is_ready();
        asked.then(|| self.ask(Order::ResetProfile))
    }

    fn confirm(&mut self) -> Option<Order> {
        if !self.may_confirm() {
            return None;
        }
        let order = match &self.dialog {
            Dialog::Transfer(transfer) => Order::Transfer(transfer.destination()?),
            Dialog::SendOn(send_on) => {
                Order::SendOn { legs: send_on.legs().to_vec(), and_back: send_on.and_back }
            }
            Dialog::ServeDirect(picker) => Order::ServeDirect(picker.service()?.clone()),
            Dialog::Profile(change) if change.is_as_planned(self.planned()?) => Order::ResetProfile,
            Dialog::Profile(change) => Order::SetProfile(change.profile().clone()),
            Dialog::Pause { text } => Order::Pause(text.trim().to_owned()),
            Dialog::Doubt(Doubt::Cancel(ticket)) => Order::Cancel(*ticket),
            Dialog::Doubt(Doubt::Abandon(ticket)) => Order::Abandon(*ticket),
            Dialog::Reprint(_) => return self.confirm_reprint(),
            Dialog::None | Dialog::Menu | Dialog::Park(_) | Dialog::Printers => return None,
        };
        Some(self.ask(order))
    }
}

/// Whether a reason can be given to the hub.
fn is_reason(text: &str) -> bool {
    (1..=PAUSE_REASON_CHARS_MAX).contains(&text.trim().chars().count())
}
