//! The window's way to a real hub: on a real socket, with a real journal.

use std::future::Future;
use std::net::SocketAddr;
use std::path::Path;
use std::time::{Duration, Instant};

use hall_api::{IssueTicket, ReportSlip};
use hall_client::{Hub, Link};
use hall_core::{
    ClassId, CounterNumber, CounterState, Plan, PrinterCondition, PrinterId, PrinterReport, ServiceId,
    SlipOutcome, StaffId, TicketId,
};
use hall_counter::action::{Action, Order};
use hall_counter::backend;
use hall_counter::dialog::Answer;
use hall_counter::list::{RowAction, Step};
use hall_counter::model::{Effect, Model, Msg};
use hall_counter::notice::Notice;
use hall_counter::picker::Pick;
use hall_counter::reprint::Stage;
use hall_counter::screen::DialogShown;
use hall_counter::transfer::To;
use hall_ui::Lang;
use tokio::net::TcpListener;
use tokio::sync::mpsc;

use crate::hall::COUNTER;

/// Far longer than anything here takes.
const PATIENCE: Duration = Duration::from_secs(20);

/// A clerk whose presses go to the hub.
struct Clerk {
    model: Model,
    orders: mpsc::Sender<Order>,
    messages: mpsc::Receiver<Msg>,
}

impl Clerk {
    fn tell(&mut self, message: Msg) {
        for Effect::Ask(order) in self.model.update(message, Instant::now()) {
            self.orders.try_send(order).unwrap();
        }
    }

    /// Takes what the hub says until it is so.
    async fn until(&mut self, what: &str, is_so: impl Fn(&Model) -> bool) {
        let waiting = async {
            while !is_so(&self.model) {
                let message = self.messages.recv().await.unwrap();
                self.tell(message);
            }
        };
        tokio::time::timeout(PATIENCE, waiting).await.unwrap_or_else(|_| panic!("never: {what}"));
    }

    /// Tells the window all this at once, and waits for what comes of it.
    async fn does(&mut self, what: &str, messages: Vec<Msg>, is_so: impl Fn(&Model) -> bool) {
        self.until(&format!("ready for: {what}"), |model| model.may(Action::Profile)).await;
        messages.into_iter().for_each(|message| self.tell(message));
        self.until(what, is_so).await;
    }

    async fn press(&mut self, action: Action) {
        self.until(&format!("{action:?} allowed"), |model| model.may(action)).await;
        self.tell(Msg::Press(action));
    }
}

async fn with_clerk<F: Future<Output = ()>>(hub: Hub, act: impl FnOnce(Clerk) -> F) {
    with_clerk_named(hub, None, act).await;
}

/// The same, and `staff` signs in when the counter is opened.
async fn with_clerk_named<F: Future<Output = ()>>(
    hub: Hub,
    staff: Option<&str>,
    act: impl FnOnce(Clerk) -> F,
) {
    let (orders, orders_rx) = mpsc::channel(8);
    let (messages_tx, messages) = mpsc::channel(8);
    let model = Model::new(COUNTER, staff.map(StaffId::from), Lang::Zh, Instant::now());
    let clerk = Clerk { model, orders, messages };
    tokio::select! {
        () = backend::run(hub, COUNTER, orders_rx, messages_tx) => panic!("the backend ended"),
        () = act(clerk) => {}
    }
}

/// A hub on `address` until the task is told to end.
async fn start_hub(
    data: &Path,
    address: SocketAddr,
) -> (SocketAddr, mpsc::Sender<()>, tokio::task::JoinHandle<()>) {
    let config = hall_hub::Config {
        plan: Plan::from_toml(include_str!("hall.toml")).unwrap(),
        data: data.to_owned(),
        open_access: true,
        now: Some("2026-11-23T09:30:00+08:00".parse().unwrap()),
    };
    let listener = TcpListener::bind(address).await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, mut stopped) = mpsc::channel(1);
    let serving = tokio::spawn(async move {
        let shutdown = async move { _ = stopped.recv().await };
        hall_hub::serve(config, listener, shutdown).await.unwrap();
    });
    (address, stop, serving)
}

fn client(address: SocketAddr) -> Hub {
    Hub::new(&format!("http://{address}"), None).unwrap()
}

async fn issue(hub: &Hub, service: &str) {
    let wish = IssueTicket::new(service, ClassId::ordinary());
    hub.issue(&wish).await.unwrap();
}

#[tokio::test]
async fn a_citizen_is_called_served_and_sent_on_across_a_restart_of_the_hub() {
    let data = tempfile::tempdir().unwrap();
    let any_port = SocketAddr::from(([127, 0, 0, 1], 0));
    let (address, stop, serving) = start_hub(data.path(), any_port).await;
    let hub = client(address);
    with_clerk(hub.clone(), async |mut clerk| {
        clerk.press(Action::Open).await;
        issue(&hub, "transfer").await;
        clerk.press(Action::CallNext).await;
        clerk.press(Action::Recall).await;
        clerk
            .until("called twice", |model| matches!(model.state(), CounterState::Calling { calls: 2, .. }))
            .await;

        stop.send(()).await.unwrap();
        serving.await.unwrap();
        clerk.until("away", |model| model.screen().link == Link::Away).await;
        assert_eq!(clerk.model.screen().ticket.unwrap().number, "A001");
        let (_, _stop, _serving) = start_hub(data.path(), address).await;

        clerk.press(Action::Start).await;
        clerk.press(Action::Transfer).await;
        clerk.tell(Msg::Dialog(Answer::Find("K".into())));
        clerk.tell(Msg::Dialog(Answer::Confirm));
        clerk.press(Action::Pause).await;
        clerk.tell(Msg::Dialog(Answer::PauseFor("午休".into())));
        clerk.press(Action::Close).await;
        clerk.until("closed", |model| *model.state() == CounterState::Closed).await;
    })
    .await;
}

#[tokio::test]
async fn the_hub_refuses_what_somebody_else_made_impossible() {
    let data = tempfile::tempdir().unwrap();
    let (address, _stop, _serving) = start_hub(data.path(), SocketAddr::from(([127, 0, 0, 1], 0))).await;
    let hub = client(address);
    with_clerk(hub.clone(), async |mut clerk| {
        clerk.press(Action::Open).await;
        issue(&hub, "transfer").await;
        clerk.until("somebody waits", |model| model.may(Action::CallNext)).await;
        hub.close(COUNTER).await.unwrap();
        clerk.tell(Msg::Press(Action::CallNext));
        let refused = Notice::Refused("1 号窗口未开放，请先开窗".into());
        clerk.until("refused", |model| model.screen().notice.as_ref() == Some(&refused)).await;
        clerk.until("closed", |model| model.may(Action::Open)).await;
    })
    .await;
}

/// Chooses a ticket by its number and presses Enter.
fn enter(number: &str) -> Vec<Msg> {
    number.chars().map(|c| Msg::List(Step::Type(c))).chain([Msg::Enter]).collect()
}

/// Opens the question of an action and answers it.
fn asked(action: Action, answers: impl IntoIterator<Item = Answer>) -> Vec<Msg> {
    std::iter::once(Msg::Press(action)).chain(answers.into_iter().map(Msg::Dialog)).collect()
}

fn pick(service: &str) -> Answer {
    Answer::Choose(Pick::Service(ServiceId::from(service)))
}

#[tokio::test]
async fn the_rarer_orders_are_carried_out_too() {
    let data = tempfile::tempdir().unwrap();
    let (address, _stop, _serving) = start_hub(data.path(), SocketAddr::from(([127, 0, 0, 1], 0))).await;
    let hub = client(address);
    let counts = |expect: [usize; 3]| move |model: &Model| model.screen().counts == expect;
    let at_counter = |number: &'static str| {
        move |model: &Model| model.screen().ticket.is_some_and(|ticket| ticket.number == number)
    };
    let idle = |model: &Model| *model.state() == CounterState::Idle;
    with_clerk_named(hub.clone(), Some("1024"), async |mut clerk| {
        clerk.press(Action::Open).await;
        clerk.until("signed in", |model| model.screen().staff == "1024").await;
        for _ in 0..4 {
            issue(&hub, "transfer").await;
        }
        hub.open_as(CounterNumber(2), &StaffId::from("2002")).await.unwrap();
        clerk.until("four wait", counts([4, 0, 0])).await;

        clerk.does("A002 is called", enter("a002"), at_counter("A002")).await;
        let park = asked(Action::Park, [Answer::ParkFor(Some(10))]);
        clerk.does("A002 is set aside", park, counts([3, 1, 0])).await;
        clerk.does("A002 is called back", enter("a002"), at_counter("A002")).await;
        clerk.does("A002 is missed", vec![Msg::Press(Action::NoShow)], counts([3, 0, 1])).await;
        clerk.does("A002 is reinstated", enter("a002"), counts([4, 0, 0])).await;
        let mut cancel = enter("a004");
        cancel.pop();
        cancel.push(Msg::List(Step::Press(RowAction::Cancel)));
        cancel.push(Msg::Dialog(Answer::Confirm));
        clerk.does("A004 is cancelled", cancel, counts([3, 0, 0])).await;

        clerk.does("A001 is called", enter("a001"), at_counter("A001")).await;
        clerk
            .does("A001 is set aside", asked(Action::Park, [Answer::ParkFor(None)]), counts([2, 1, 0]))
            .await;
        let mut resume = enter("a001");
        resume.pop();
        resume.push(Msg::List(Step::Press(RowAction::Resume)));
        clerk.does("A001 waits again", resume, counts([3, 0, 0])).await;

        clerk.does("A001 is called", enter("a001"), at_counter("A001")).await;
        clerk.press(Action::Start).await;
        let answers = [pick("home-tax"), Answer::Toggle, Answer::AndBack(true), Answer::Confirm];
        clerk.until("A001 is served", |model| model.may(Action::SendOn)).await;
        clerk.does("A001 is sent on", asked(Action::SendOn, answers), counts([2, 0, 0])).await;

        clerk.does("A002 is called", enter("a002"), at_counter("A002")).await;
        let answers = [Answer::Turn(To::Counter), Answer::Find("2".into()), Answer::Confirm];
        clerk.does("A002 goes to counter 2", asked(Action::Transfer, answers), counts([1, 0, 0])).await;
        clerk.does("A003 is called", enter("a003"), at_counter("A003")).await;
        let answers = [Answer::Turn(To::Staff), Answer::Find("2002".into()), Answer::Confirm];
        clerk.does("A003 goes to 2002", asked(Action::Transfer, answers), counts([0, 0, 0])).await;

        let direct = asked(Action::ServeDirect, [pick("mortgage"), Answer::Confirm]);
        clerk.does("somebody is served without a ticket", direct, at_counter("B001")).await;
        clerk.does("B001 has left", asked(Action::Abandon, [Answer::Confirm]), idle).await;

        let change = [pick("search"), Answer::Toggle, pick("loan"), Answer::TurnHelp(1), Answer::Confirm];
        let adjusted = |model: &Model| model.screen().is_adjusted;
        clerk.does("services are changed", asked(Action::Profile, change), adjusted).await;
        let back = asked(Action::Profile, [Answer::AsPlanned]);
        clerk.does("services are as planned", back, |model| !adjusted(model)).await;
        clerk.does("closed", vec![Msg::Press(Action::Close)], |model| model.may(Action::Open)).await;
    })
    .await;
}

#[tokio::test]
async fn a_route_goes_on_or_ends_here() {
    let data = tempfile::tempdir().unwrap();
    let (address, _stop, _serving) = start_hub(data.path(), SocketAddr::from(([127, 0, 0, 1], 0))).await;
    let hub = client(address);
    with_clerk(hub.clone(), async |mut clerk| {
        clerk.press(Action::Open).await;
        for _ in 0..2 {
            let mut wish = IssueTicket::new("transfer", ClassId::ordinary());
            wish.then = vec!["mortgage".into()];
            hub.issue(&wish).await.unwrap();
        }
        for (number, action, waiting) in [("A001", Action::Finish, 2), ("A002", Action::FinishHere, 1)] {
            let called = |model: &Model| model.screen().ticket.is_some_and(|ticket| ticket.number == number);
            clerk.until("somebody waits", |model| model.may(Action::CallNext)).await;
            clerk.does(number, enter(&number.to_lowercase()), called).await;
            clerk.press(Action::Start).await;
            clerk.press(action).await;
            let is_so = |model: &Model| model.screen().counts == [waiting, 0, 0] && model.may(Action::Pause);
            clerk.until(&format!("{number} after {action:?}"), is_so).await;
        }
    })
    .await;
}

/// What the window says of the slip that is printed again.
fn reprint(model: &Model) -> Option<(Stage, u32, Option<SlipOutcome>)> {
    let DialogShown::Reprint(reprint) = model.screen().dialog else { return None };
    Some((reprint.stage, reprint.reprints, reprint.latest.and_then(|copy| copy.outcome)))
}

fn report_of(condition: PrinterCondition) -> PrinterReport {
    PrinterReport { condition, sheets: 3, roll_left: None, roll_ends_at: None, jobs: 3, unconfirmed: 0 }
}

#[tokio::test]
async fn a_lost_slip_is_printed_again_at_its_kiosk() {
    let data = tempfile::tempdir().unwrap();
    let (address, _stop, _serving) = start_hub(data.path(), SocketAddr::from(([127, 0, 0, 1], 0))).await;
    let hub = client(address);
    let (ticket, kiosk) = (TicketId(1), PrinterId::from("kiosk-1"));
    let slip = |copy, outcome| ReportSlip { printer: PrinterId::from("kiosk-1"), copy, outcome };
    with_clerk(hub.clone(), async |mut clerk| {
        hub.report_printer(&kiosk, report_of(PrinterCondition::PaperOut)).await.unwrap();
        clerk.until("no paper", |model| model.screen().alert.is_some_and(|it| it.printer == "kiosk-1")).await;
        issue(&hub, "transfer").await;
        hub.report_slip(ticket, &slip(0, SlipOutcome::FailedClean)).await.unwrap();
        let is_marked = |model: &Model| {
            model.screen().rows.iter().any(|row| row.slip.doubt == Some(SlipOutcome::FailedClean))
        };
        clerk.until("A001 has no slip", is_marked).await;
        clerk.press(Action::Open).await;
        clerk.press(Action::CallNext).await;
        clerk.until("A001 is called", |model| model.may(Action::Start)).await;

        hub.report_printer(&kiosk, report_of(PrinterCondition::Ready)).await.unwrap();
        clerk.until("paper again", |model| model.screen().alert.is_none()).await;
        hub.report_printer(&kiosk, report_of(PrinterCondition::Jam)).await.unwrap();
        for message in asked(Action::Reprint, [Answer::Confirm]) {
            clerk.tell(message);
        }
        let refused = |model: &Model| matches!(reprint(model), Some((Stage::Refused(text), 0, None)) if text.contains("卡纸"));
        clerk.until("refused, as the printer has jammed", refused).await;
        clerk.tell(Msg::Dialog(Answer::Dismiss));

        hub.report_printer(&kiosk, report_of(PrinterCondition::Ready)).await.unwrap();
        clerk.until("paper again", |model| model.screen().alert.is_none()).await;
        let ordered = |model: &Model| reprint(model) == Some((Stage::Ordered, 1, None));
        clerk.does("ordered", asked(Action::Reprint, [Answer::Confirm]), ordered).await;
        // The kiosk learns of it by the same stream.
        let told = hub.snapshot().await.unwrap().tickets.remove(&ticket).unwrap().slip;
        let latest = told.latest().unwrap();
        assert_eq!((&latest.printer, latest.outcome, told.reprints()), (&kiosk, None, 1));

        hub.report_slip(ticket, &slip(1, SlipOutcome::Unconfirmed)).await.unwrap();
        let unconfirmed = Some((Stage::Ordered, 1, Some(SlipOutcome::Unconfirmed)));
        clerk.until("unconfirmed", |model| reprint(model) == unconfirmed).await;
        hub.report_slip(ticket, &slip(1, SlipOutcome::Printed)).await.unwrap();
        let printed = Some((Stage::Ordered, 1, Some(SlipOutcome::Printed)));
        clerk.until("printed", |model| reprint(model) == printed).await;
        clerk.tell(Msg::Dialog(Answer::Confirm));
        let is_closed = |model: &Model| model.screen().dialog == DialogShown::None && model.may(Action::Start);
        clerk.until("closed", is_closed).await;
        let slip = clerk.model.screen().ticket.unwrap().slip;
        assert_eq!((slip.doubt, slip.reprints), (None, 1));
    })
    .await;
}
