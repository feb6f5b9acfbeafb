//! A clerk at a window without a screen, in a hall of the test's own.

use std::time::{Duration, Instant};

use hall_client::Update;
use hall_counter::action::{Action, Order};
use hall_counter::dialog::Answer;
use hall_counter::list::Step;
use hall_counter::model::{Effect, Model, Msg};
use hall_ui::Lang;

use crate::hall::{COUNTER, TestHall};

/// What the clerk presses, and the hall that answers.
pub struct Clerk {
    pub hall: TestHall,
    pub model: Model,
    pub at: Instant,
}

impl Clerk {
    pub fn new(lang: Lang) -> Self {
        let at = Instant::now();
        Self { hall: TestHall::new(), model: Model::new(COUNTER, None, lang, at), at }
    }

    /// Connected, with these services waited for.
    pub fn with_waiting(services: &[&str]) -> Self {
        let mut clerk = Self::new(Lang::Zh);
        services.iter().for_each(|service| _ = clerk.hall.issue(service, "ordinary"));
        clerk.connect();
        clerk
    }

    pub fn connect(&mut self) {
        let greeting = self.hall.greeting();
        self.hear(greeting);
    }

    pub fn hear(&mut self, updates: impl IntoIterator<Item = Update>) {
        updates.into_iter().for_each(|update| assert_eq!(self.tell(Msg::Heard(update)), None));
    }

    pub fn tell(&mut self, message: Msg) -> Option<Order> {
        let mut effects = self.model.update(message, self.at);
        assert!(effects.len() <= 1, "{effects:?}");
        effects.pop().map(|Effect::Ask(order)| order)
    }

    /// Tells the model, and lets the hall answer the order that comes of it.
    pub fn act(&mut self, message: Msg) -> Option<Order> {
        let order = self.tell(message)?;
        let (answer, updates) = self.hall.order(&order);
        assert!(answer.is_ok(), "{order:?}: {answer:?}");
        self.tell(Msg::Answered(answer));
        self.hear(updates);
        Some(order)
    }

    pub fn press(&mut self, action: Action) {
        let state = self.model.state().clone();
        assert!(self.act(Msg::Press(action)).is_some(), "{action:?} did nothing in {state:?}");
    }

    pub fn pass(&mut self, time: Duration) {
        self.at += time;
        let due = self.hall.pass(time);
        self.hear(due);
        self.tell(Msg::Clock);
    }

    /// Answers the open dialog.
    pub fn answer(&mut self, answer: Answer) -> Option<Order> {
        self.act(Msg::Dialog(answer))
    }

    /// Takes a step in the lists.
    pub fn step(&mut self, step: Step) -> Option<Order> {
        self.act(Msg::List(step))
    }

    /// The numbers in the list that is shown.
    pub fn listed(&self) -> Vec<String> {
        self.model.screen().rows.into_iter().map(|row| row.number).collect()
    }

    /// Chooses the ticket with this number, as if it were typed.
    pub fn choose(&mut self, number: &str) {
        number.chars().for_each(|c| _ = self.step(Step::Type(c)));
        assert_eq!(self.model.screen().chosen.map(|chosen| chosen.number).as_deref(), Some(number));
    }

    /// What may be done, besides what always may be: change today's profile, look at the printers.
    pub fn allowed(&self) -> Vec<Action> {
        let mut allowed = self.model.screen().allowed;
        allowed.retain(|action| !matches!(action, Action::Profile | Action::Printers));
        allowed
    }
}
