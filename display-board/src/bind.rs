//! The only file that touches generated code: puts the model's screen into the view, and reports frames back.

#[cfg(test)]
mod tests;

use std::cell::RefCell;
use std::rc::Rc;
use std::time::{Duration, Instant};

use hall_api::Call;
use hall_core::ZoneId;
use hall_ui::change_rows;
use slint::winit_030::{EventResult, WinitWindowAccessor as _, winit::event::WindowEvent};
use slint::{ComponentHandle as _, ModelRc, SharedString, Timer, TimerMode, VecModel, Weak};

use crate::model::{Board, CallLine, CounterCell, Doing, Effect, Lead, Msg, Room, Screen, Stage};
use crate::voice::Announcer;
pub use generated::Board as View;
use generated::{BoardModel, CallRow, CounterDoing, CounterRow, LeadKind, StageKind};

mod generated {
    #![allow(clippy::all, clippy::todo, clippy::unwrap_used)]
    slint::include_modules!();
}

/// How often the clock, the highlight and the pages are looked at.
const CLOCK: Duration = Duration::from_secs(1);

/// A board and its window.
pub struct Binding {
    view: Weak<View>,
    board: Board,
    screen: Screen,
    calls: Rc<VecModel<CallRow>>,
    counters: Rc<VecModel<CounterRow>>,
    zones: Rc<VecModel<SharedString>>,
    voice: Option<Announcer>,
    frame: AwaitedFrame,
    _clock: Timer,
}

/// Joins a view to a board that knows nothing yet.
pub fn bind(view: &View, zone: Option<ZoneId>, voice: Option<Announcer>) -> Rc<RefCell<Binding>> {
    let (calls, counters, zones) = (Rc::default(), Rc::default(), Rc::default());
    let model = view.global::<BoardModel>();
    model.set_calls(ModelRc::from(Rc::clone(&calls) as Rc<VecModel<_>>));
    model.set_counters(ModelRc::from(Rc::clone(&counters) as Rc<VecModel<_>>));
    model.set_zones(ModelRc::from(Rc::clone(&zones) as Rc<VecModel<_>>));
    let first_room = room(view.get_calls_room(), view.get_counters_room());
    let binding = Rc::new(RefCell::new(Binding {
        view: view.as_weak(),
        board: Board::new(zone, first_room, Instant::now()),
        screen: Screen::default(),
        calls,
        counters,
        zones,
        voice,
        frame: AwaitedFrame::of(view),
        _clock: Timer::default(),
    }));
    let weak = Rc::downgrade(&binding);
    model.on_room_changed(move |calls, counters| {
        if let Some(binding) = weak.upgrade() {
            binding.borrow_mut().handle(Msg::Room(room(calls, counters)));
        }
    });
    let weak = Rc::downgrade(&binding);
    binding.borrow()._clock.start(TimerMode::Repeated, CLOCK, move || {
        if let Some(binding) = weak.upgrade() {
            binding.borrow_mut().handle(Msg::Clock(Instant::now()));
        }
    });
    binding
}

fn room(calls: i32, counters: i32) -> Room {
    let count = |count: i32| usize::try_from(count).unwrap_or(0).max(1);
    Room { calls: count(calls), counters: count(counters) }
}

impl Binding {
    /// Takes in news: the screen first, then what else follows from it.
    pub fn handle(&mut self, message: Msg) {
        let effects = self.board.update(message);
        self.show(self.board.screen());
        effects.into_iter().for_each(|effect| self.perform(effect));
    }

    fn perform(&mut self, effect: Effect) {
        match effect {
            Effect::ReportShown(call) => self.frame.report(call),
            Effect::Announce { call, age } => {
                if let Some(voice) = &self.voice {
                    voice.announce(&call, age);
                }
            }
            Effect::ReportUnknownZone { zones } => {
                let zones = zones.iter().map(ZoneId::as_str).collect::<Vec<_>>().join(", ");
                tracing::error!(
                    zones,
                    "没有这个分区，请改 --zone / no such zone: --zone must be one of these"
                );
            }
        }
    }

    fn show(&mut self, screen: Screen) {
        let Some(view) = self.view.upgrade() else { return };
        if screen == self.screen {
            return;
        }
        if screen.stage != self.screen.stage {
            tracing::info!(screen = screen.stage.name(), "screen shown");
        }
        let model = view.global::<BoardModel>();
        show_frame(&model, &screen);
        show_lead(&model, &screen);
        model.set_counter_count(whole(screen.counter_count));
        model.set_page(whole(screen.page));
        model.set_page_count(whole(screen.page_count));
        change_rows(&self.calls, screen.calls.iter().map(call_row));
        change_rows(&self.counters, screen.counters.iter().map(counter_row));
        change_rows(&self.zones, screen.zones.iter().map(SharedString::from));
        self.screen = screen;
    }
}

fn show_frame(model: &BoardModel, screen: &Screen) {
    model.set_stage(match screen.stage {
        Stage::Connecting => StageKind::Connecting,
        Stage::UnknownZone(_) => StageKind::UnknownZone,
        Stage::Running => StageKind::Running,
    });
    if let Stage::UnknownZone(zone) = &screen.stage {
        model.set_unknown_zone(zone.into());
    }
    model.set_hall_zh((&screen.hall.zh).into());
    model.set_hall_en((&screen.hall.en).into());
    model.set_zone_zh((&screen.zone.zh).into());
    model.set_zone_en((&screen.zone.en).into());
    model.set_time((&screen.time).into());
    model.set_date_zh((&screen.date).into());
    model.set_weekday_zh((&screen.weekday.zh).into());
    model.set_weekday_en((&screen.weekday.en).into());
    model.set_away(screen.away);
    model.set_waiting(whole(screen.waiting));
    model.set_notice((&screen.notice).into());
    model.set_hours((&screen.hours).into());
}

fn show_lead(model: &BoardModel, screen: &Screen) {
    model.set_lead(match &screen.lead {
        Lead::Call(_) => LeadKind::Call,
        Lead::Wait => LeadKind::Wait,
        Lead::NotOpenYet => LeadKind::NotOpenYet,
        Lead::Closed => LeadKind::Closed,
    });
    if let Lead::Call(call) = &screen.lead {
        model.set_newest(call_row(call));
    }
}

fn call_row(call: &CallLine) -> CallRow {
    CallRow {
        ticket: (&call.ticket).into(),
        counter: call.counter.to_string().into(),
        place_zh: (&call.place.zh).into(),
        place_en: (&call.place.en).into(),
        zone: (&call.zone).into(),
        times: i32::try_from(call.times).unwrap_or(i32::MAX),
        fresh: call.fresh,
    }
}

fn counter_row(cell: &CounterCell) -> CounterRow {
    CounterRow {
        number: cell.number.to_string().into(),
        doing: match cell.doing {
            Doing::Idle => CounterDoing::Idle,
            Doing::Paused => CounterDoing::Paused,
            Doing::Calling => CounterDoing::Calling,
            Doing::Serving => CounterDoing::Serving,
        },
        ticket: (&cell.ticket).into(),
        note: (&cell.note).into(),
    }
}

fn whole(count: usize) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}

/// Calls that are on the screen once the next frame is. The software renderer has no rendering notifier; but the
/// window sees each redraw request just before the frame is drawn and presented, and what is posted to the event
/// loop then comes after it.
struct AwaitedFrame(Rc<RefCell<Vec<Call>>>);

impl AwaitedFrame {
    fn of(view: &View) -> Self {
        let awaiting: Rc<RefCell<Vec<Call>>> = Rc::default();
        let drawn = Rc::clone(&awaiting);
        view.window().on_winit_window_event(move |_, event| {
            if matches!(event, WindowEvent::RedrawRequested) && !drawn.borrow().is_empty() {
                let calls = drawn.take();
                if let Err(error) = slint::invoke_from_event_loop(move || calls.iter().for_each(log_shown)) {
                    tracing::debug!(%error, "the event loop has ended");
                }
            }
            EventResult::Propagate
        });
        Self(awaiting)
    }

    fn report(&self, call: Call) {
        self.0.borrow_mut().push(call);
    }
}

fn log_shown(call: &Call) {
    tracing::info!(seq = call.seq, number = call.number.as_str(), counter = call.counter.0, "call shown");
}
