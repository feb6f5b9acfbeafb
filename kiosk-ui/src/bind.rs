//! The only file that touches generated code: the model's screen goes into the view, touches come back as messages.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::{Duration, Instant};

use hall_ui::change_rows;
use slint::platform::{Key, WindowEvent};
use slint::{ComponentHandle, PlatformError, SharedString, Timer, TimerMode, VecModel, Weak};

use crate::face::{DepartmentTile, Face, Notice, ServiceTile, Shown};
use crate::maintenance::{Handling, Pad, Page, Row};
use crate::model::{Effect, Errand, Model, Msg, Touch};
use crate::paper::Paper;
use crate::words::{self, Language, Words};

mod view {
    #![allow(clippy::todo, clippy::unwrap_used)]
    slint::include_modules!();
}

pub use view::KioskWindow;
use view::{DepartmentRow, MaintenanceRow, ScreenKind, ServiceRow};

/// By then the frame with the number has been drawn: timers and frames share this thread.
const FRAME: Duration = Duration::from_millis(20);

/// The view with the model behind it. Cheap to clone.
#[derive(Clone)]
pub struct Kiosk(Rc<Inner>);

struct Inner {
    window: KioskWindow,
    model: RefCell<Model>,
    send: Box<dyn Fn(Errand)>,
    departments: Rc<VecModel<DepartmentRow>>,
    services: Rc<VecModel<ServiceRow>>,
    places: Rc<VecModel<view::Words>>,
    maintenance_rows: Rc<VecModel<MaintenanceRow>>,
    slip_rows: Rc<VecModel<MaintenanceRow>>,
    seconds: Timer,
    /// The face last logged.
    logged: Cell<&'static str>,
}

impl Kiosk {
    /// Makes the view; `send` must not wait.
    pub fn open(model: Model, send: impl Fn(Errand) + 'static) -> Result<Self, PlatformError> {
        let kiosk = Self(Rc::new(Inner {
            window: KioskWindow::new()?,
            model: RefCell::new(model),
            send: Box::new(send),
            departments: Rc::default(),
            services: Rc::default(),
            places: Rc::default(),
            maintenance_rows: Rc::default(),
            slip_rows: Rc::default(),
            seconds: Timer::default(),
            logged: Cell::default(),
        }));
        let global = kiosk.global();
        global.set_departments(kiosk.0.departments.clone().into());
        global.set_services(kiosk.0.services.clone().into());
        global.set_places(kiosk.0.places.clone().into());
        global.set_maintenance_rows(kiosk.0.maintenance_rows.clone().into());
        global.set_slip_rows(kiosk.0.slip_rows.clone().into());
        kiosk.connect();
        kiosk.render();
        Ok(kiosk)
    }

    /// The window, to be shown.
    pub fn window(&self) -> &KioskWindow {
        &self.0.window
    }

    /// Takes in a message: what is to be done goes out first, then the screen follows.
    pub fn handle(&self, msg: Msg) {
        let effects = self.0.model.borrow_mut().update(msg, Instant::now());
        let mut shown = None;
        for effect in effects {
            match effect {
                Effect::Send(errand) => (self.0.send)(errand),
                Effect::RemindAfter(delay) => self.after(delay, |kiosk| kiosk.handle(Msg::TakingLong)),
                Effect::TicketShown { number, service } => shown = Some((number, service)),
            }
        }
        self.render();
        if let Some((number, service)) = shown {
            self.after(FRAME, move |_| tracing::info!(%number, %service, "ticket shown"));
        }
    }

    fn connect(&self) {
        let global = self.global();
        global.on_open_department(self.on(|id: SharedString| Touch::OpenDepartment(id.as_str().into())));
        global.on_take_number(self.on(|id: SharedString| Touch::TakeNumber(id.as_str().into())));
        global.on_turn_to(self.on(|page: i32| Touch::TurnTo(usize::try_from(page).unwrap_or(0))));
        let back = self.on(|()| Touch::Back);
        global.on_back(move || back(()));
        let switch_language = self.on(|()| Touch::SwitchLanguage);
        global.on_switch_language(move || switch_language(()));
        self.connect_maintenance();
        let window = self.0.window.as_weak();
        global.on_move_focus(move |steps| move_focus(window.clone(), steps));
        let kiosk = self.weak();
        self.0.seconds.start(TimerMode::Repeated, Duration::from_secs(1), move || {
            if let Some(kiosk) = kiosk.upgrade() {
                Kiosk(kiosk).handle(Msg::Second);
            }
        });
    }

    fn connect_maintenance(&self) {
        let global = self.global();
        let open = self.on(|()| Touch::Maintain(Handling::Open));
        global.on_open_maintenance(move || open(()));
        global.on_type_digit(
            self.on(|digit: i32| Touch::Maintain(Handling::Digit(u8::try_from(digit).unwrap_or(u8::MAX)))),
        );
        let erase = self.on(|()| Touch::Maintain(Handling::Erase));
        global.on_erase_digit(move || erase(()));
        let enter = self.on(|()| Touch::Maintain(Handling::Enter));
        global.on_enter_code(move || enter(()));
        let kiosk = self.weak();
        global.on_act(move |action| {
            if let (Some(kiosk), Ok(action)) = (kiosk.upgrade(), action.parse()) {
                Kiosk(kiosk).handle(Msg::Touch(Touch::Maintain(Handling::Act(action))));
            }
        });
    }

    /// A callback of the view that sends a touch.
    fn on<A>(&self, touch: impl Fn(A) -> Touch + 'static) -> impl Fn(A) + 'static {
        let kiosk = self.weak();
        move |argument| {
            if let Some(kiosk) = kiosk.upgrade() {
                Kiosk(kiosk).handle(Msg::Touch(touch(argument)));
            }
        }
    }

    fn after(&self, delay: Duration, then: impl FnOnce(Kiosk) + 'static) {
        let kiosk = self.weak();
        Timer::single_shot(delay, move || {
            if let Some(kiosk) = kiosk.upgrade() {
                then(Kiosk(kiosk));
            }
        });
    }

    fn weak(&self) -> std::rc::Weak<Inner> {
        Rc::downgrade(&self.0)
    }

    fn global(&self) -> view::Kiosk<'_> {
        self.0.window.global::<view::Kiosk>()
    }

    fn render(&self) {
        let shown = self.0.model.borrow().shown(Instant::now());
        let global = self.global();
        global.set_english(shown.language == Language::En);
        global.set_hall((&shown.hall).into());
        global.set_time(shown.time.as_str().into());
        global.set_date((&shown.date).into());
        global.set_hours((&shown.hours).into());
        let (printer, printer_down) = shown.printer.clone().unwrap_or_default();
        global.set_printer((&printer).into());
        global.set_printer_down(printer_down);
        let (notice, away) = match &shown.notice {
            Some(Notice::Away(words)) => (words.into(), true),
            Some(Notice::NoNumbers(words) | Notice::NoSlips(words)) => (words.into(), false),
            None => Default::default(),
        };
        global.set_notice(notice);
        global.set_away(away);
        let (taking, long) =
            shown.taking.clone().map_or(Default::default(), |(id, long)| (id.as_str().into(), long));
        global.set_taking(taking);
        global.set_taking_long(long);
        let (what, todo) = shown.message.as_ref().map(|message| (&message.what, &message.todo)).unzip();
        global.set_message(what.map(Into::into).unwrap_or_default());
        global.set_message_todo(todo.map(Into::into).unwrap_or_default());
        global.set_page(i32::try_from(shown.page).unwrap_or(0));
        self.render_face(&shown);
        let screen = shown.face.name();
        if self.0.logged.replace(screen) != screen {
            self.after(FRAME, move |_| tracing::info!(screen, "screen shown"));
        }
    }

    fn render_face(&self, shown: &Shown) {
        let global = self.global();
        match &shown.face {
            Face::Connecting => global.set_screen(ScreenKind::Connecting),
            Face::Closed { reason, when } => {
                global.set_closed(reason.into());
                global.set_closed_until(when.into());
                global.set_screen(ScreenKind::Closed);
            }
            Face::Departments(tiles) => {
                change_rows(&self.0.departments, tiles.iter().map(Into::into));
                global.set_screen(ScreenKind::Departments);
            }
            Face::Services { department, tiles } => {
                change_rows(&self.0.services, tiles.iter().map(Into::into));
                global.set_department(department.as_ref().map(Into::into).unwrap_or_default());
                global.set_screen(ScreenKind::Services);
            }
            Face::Ticket(ticket) => {
                change_rows(&self.0.places, ticket.places.iter().map(Into::into));
                global.set_ticket(view::TicketFacts {
                    number: ticket.number.as_str().into(),
                    service: (&ticket.service).into(),
                    ahead: i32::try_from(ticket.ahead).unwrap_or(i32::MAX),
                    wait: ticket.wait.as_ref().map(Into::into).unwrap_or_default(),
                });
                global.set_paper((&words::slips::paper(ticket.paper)).into());
                global.set_paper_tone(tone(ticket.paper));
                global.set_left_s(i32::try_from(shown.left_s).unwrap_or(0));
                global.set_screen(ScreenKind::Ticket);
            }
            Face::CodePad(pad) => self.render_pad(pad),
            Face::Maintenance(page) => self.render_page(page),
        }
    }

    fn render_pad(&self, Pad { typed, note, locked }: &Pad) {
        let global = self.global();
        global.set_code_dots("●".repeat(*typed).into());
        global.set_maintenance_note(note.as_ref().map(Into::into).unwrap_or_default());
        global.set_maintenance_busy(*locked);
        global.set_screen(ScreenKind::Code);
    }

    fn render_page(&self, Page { rows, slips, note, busy }: &Page) {
        let global = self.global();
        change_rows(&self.0.maintenance_rows, rows.iter().map(Into::into));
        change_rows(&self.0.slip_rows, slips.iter().map(Into::into));
        global.set_maintenance_note(note.as_ref().map(Into::into).unwrap_or_default());
        global.set_maintenance_busy(*busy);
        global.set_screen(ScreenKind::Maintenance);
    }
}

/// Presses Tab or its opposite that many times, once the key being handled is done with.
fn move_focus(window: Weak<KioskWindow>, steps: i32) {
    Timer::single_shot(Duration::ZERO, move || {
        let Some(window) = window.upgrade() else { return };
        let text = SharedString::from(if steps < 0 { Key::Backtab } else { Key::Tab });
        for _ in 0..steps.abs() {
            window.window().dispatch_event(WindowEvent::KeyPressed { text: text.clone() });
            window.window().dispatch_event(WindowEvent::KeyReleased { text: text.clone() });
        }
    });
}

fn tone(paper: Paper) -> view::Tone {
    match paper {
        Paper::NoPrinter | Paper::Printing | Paper::Unconfirmed => view::Tone::Info,
        Paper::Printed => view::Tone::Ok,
        Paper::Incomplete | Paper::Missing(_) => view::Tone::Warn,
    }
}

impl From<&Words> for view::Words {
    fn from(Words { zh, en }: &Words) -> Self {
        Self { zh: zh.as_str().into(), en: en.as_str().into() }
    }
}

impl From<&DepartmentTile> for DepartmentRow {
    fn from(tile: &DepartmentTile) -> Self {
        Self {
            id: tile.id.as_str().into(),
            name: (&tile.name).into(),
            status: (&tile.status).into(),
            open: tile.open,
        }
    }
}

impl From<&ServiceTile> for ServiceRow {
    fn from(tile: &ServiceTile) -> Self {
        Self {
            id: tile.id.as_str().into(),
            name: (&tile.name).into(),
            place: (&tile.place).into(),
            status: (&tile.status).into(),
            detail: (&tile.detail).into(),
            open: tile.open,
        }
    }
}

impl From<&Row> for MaintenanceRow {
    fn from(Row { label, value, action }: &Row) -> Self {
        let (action, id) = action.as_ref().map(|(words, action)| (words.into(), action.to_string())).unzip();
        Self {
            label: label.into(),
            value: value.into(),
            action: action.unwrap_or_default(),
            id: id.unwrap_or_default().into(),
        }
    }
}
