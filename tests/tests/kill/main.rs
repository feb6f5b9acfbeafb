//! The hub is killed again and again under load: what it acknowledged is there, and no number is given twice.

#![allow(clippy::unwrap_used)]

mod clerk;

use std::collections::{HashMap, HashSet};
use std::time::{Duration, Instant};

use clerk::Clerk;
use hall_api::View;
use hall_client::Hub;
use hall_core::plan::{AppointmentRules, Slots};
use hall_core::{CounterNumber, Plan, TicketId};
use hall_sim::demo::Stage;
use hall_sim::load;
use hall_tests::sample_hall;
use rand::rngs::{StdRng, SysRng};
use rand::{RngExt, SeedableRng};
use tokio::time::sleep;

const KILLS: usize = 8;
const CITIZENS: usize = 16;
const STAFF: u16 = 40;
const CLERKS: usize = 12;

/// A hub that shares the machine with another one takes longer to come back than a command is patient.
static ONE_AT_A_TIME: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

#[tokio::test(flavor = "multi_thread")]
async fn nothing_acknowledged_is_lost() {
    let _alone = ONE_AT_A_TIME.lock().await;
    let seed: u64 = StdRng::try_from_rng(&mut SysRng).unwrap().random();
    println!("seed {seed}");
    let mut random = StdRng::seed_from_u64(seed);
    let folder = tempfile::tempdir().unwrap();
    let mut stage =
        Stage::start(&sample_hall("city.toml"), &folder.path().join("data"), folder.path()).unwrap();
    let (hub, plan) = (stage.hub.clone(), stage.plan.clone());

    let until = Instant::now() + Duration::from_secs(60);
    let (stop, stopping) = tokio::sync::watch::channel(false);
    let citizens = tokio::spawn({
        let (hub, plan, mut stopping) = (hub.clone(), plan.clone(), stopping.clone());
        async move {
            let mut all = load::LoadOutcome::default();
            while !*stopping.borrow_and_update() {
                let part = load::issue(&hub, plan.clone(), CITIZENS, 20 * CITIZENS, until).await;
                all.acknowledged.extend(part.acknowledged);
                all.failed.extend(part.failed);
            }
            all
        }
    });
    let staff = tokio::spawn(call_at_counters(hub.clone()));
    for _ in 0..KILLS {
        sleep(Duration::from_millis(random.random_range(100..600))).await;
        stage.restart(folder.path()).unwrap();
    }
    stop.send(true).unwrap();
    let calls =
        tokio::time::timeout(Duration::from_secs(60), staff).await.expect("counters waited in vain").unwrap();
    let citizens = citizens.await.unwrap();

    assert!(citizens.failed.is_empty(), "seed {seed}: {:?}", citizens.failed.first());
    let numbers: HashSet<_> = citizens.acknowledged.iter().map(|(number, _)| number.as_str()).collect();
    assert_eq!(numbers.len(), citizens.acknowledged.len(), "seed {seed}: a number was given twice");
    assert!(numbers.len() > 100, "seed {seed}: only {} numbers, too few to prove anything", numbers.len());
    assert_eq!(calls.len(), usize::from(STAFF), "seed {seed}");

    // Nobody was finished, so everyone is still in the hall.
    let view = snapshot(&stage).await;
    let in_hall: HashSet<_> = view.tickets.values().map(|ticket| ticket.number.as_str()).collect();
    assert_eq!(in_hall.len(), view.tickets.len(), "seed {seed}: two tickets with one number");
    let lost: Vec<_> = numbers.difference(&in_hall).collect();
    assert!(lost.is_empty(), "seed {seed}: acknowledged and lost: {lost:?}");
    for (counter, ticket) in calls {
        assert_eq!(
            view.ticket_at(counter).map(|ticket| ticket.id),
            Some(ticket),
            "seed {seed}: counter {counter}"
        );
    }
    println!("{} numbers, {STAFF} calls, {KILLS} kills", numbers.len());
    assert!(stage.program.end().unwrap().success());
}

/// Every command there is, by clerks who know what they were told, over as many kills.
#[tokio::test(flavor = "multi_thread")]
async fn the_full_life_of_tickets_survives() {
    let _alone = ONE_AT_A_TIME.lock().await;
    let seed: u64 = StdRng::try_from_rng(&mut SysRng).unwrap().random();
    println!("seed {seed}");
    let mut random = StdRng::seed_from_u64(seed);
    let folder = tempfile::tempdir().unwrap();
    let plan = folder.path().join("hall.toml");
    std::fs::write(&plan, toml::to_string(&lenient_city()).unwrap()).unwrap();
    let mut stage = Stage::start(&plan, &folder.path().join("data"), folder.path()).unwrap();
    let clerks = Clerk::apart(&stage.hub, &stage.plan, CLERKS, seed);
    assert_eq!(clerks.len(), CLERKS);
    let (stop, stopping) = tokio::sync::watch::channel(false);
    let mut working = tokio::task::JoinSet::new();
    for clerk in clerks {
        working.spawn(clerk.work(stopping.clone()));
    }
    for _ in 0..KILLS {
        sleep(Duration::from_millis(random.random_range(200..700))).await;
        stage.restart(folder.path()).unwrap();
    }
    stop.send(true).unwrap();
    let clerks = tokio::time::timeout(Duration::from_secs(60), working.join_all())
        .await
        .expect("clerks waited in vain");

    let view = snapshot(&stage).await;
    clerks.iter().for_each(|clerk| clerk.check(&view));
    let numbers: Vec<_> = clerks.iter().flat_map(|clerk| &clerk.numbers).collect();
    let distinct: HashSet<_> = numbers.iter().collect();
    assert_eq!(distinct.len(), numbers.len(), "seed {seed}: a number was given twice");
    let commands: usize = clerks.iter().map(|clerk| clerk.commands).sum();
    println!("{commands} commands on {} tickets, {KILLS} kills", numbers.len());
    assert!(commands > 200, "seed {seed}: only {commands} commands, too few to prove anything");
    assert!(stage.program.end().unwrap().success());
}

/// The city hall with nothing in the way of any command: appointments everywhere and all day, no limits, no timers.
fn lenient_city() -> Plan {
    let text = std::fs::read_to_string(sample_hall("city.toml")).unwrap();
    let mut plan = Plan::from_toml(&text).unwrap();
    (plan.queue.no_show_after_s, plan.queue.start_after_s, plan.queue.auto_call) = (None, None, false);
    plan.queue.closing_promise = false;
    plan.appointments = AppointmentRules { early_min: 480, until_min: 0, ..plan.appointments };
    for service in &mut plan.services {
        (service.real_name, service.quotas) = (false, Vec::new());
        service.slots = vec![Slots { hours: plan.hall.day, every_min: 60, capacity: 500 }];
    }
    plan
}

/// Opens counters and has each call one ticket, over all the kills; what was acknowledged, by counter.
async fn call_at_counters(hub: Hub) -> HashMap<CounterNumber, TicketId> {
    let mut calls = HashMap::new();
    for counter in (1..=STAFF).map(CounterNumber) {
        hub.open(counter).await.unwrap();
        let ticket = loop {
            match hub.call_next(counter).await.unwrap().ticket {
                Some(ticket) => break ticket.id,
                None => sleep(Duration::from_millis(20)).await,
            }
        };
        calls.insert(counter, ticket);
        sleep(Duration::from_millis(40)).await;
    }
    calls
}

async fn snapshot(stage: &Stage) -> View {
    reqwest::get(format!("{}/v1/snapshot", stage.url)).await.unwrap().json().await.unwrap()
}
