//! The stream of one hub: every record once, whatever happens to the line and however slowly it is read.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::time::{Duration, Instant};

use hall_client::Link;
use rand::rngs::{StdRng, SysRng};
use rand::{RngExt, SeedableRng};

use crate::follower::Follower;
use crate::hall::{COUNTER, Hall, wish};
use crate::proxy::{Line, Proxy};

const CUTS: usize = 30;

#[tokio::test]
async fn no_record_is_missed_or_repeated_over_many_cuts() {
    let seed: u64 = StdRng::try_from_rng(&mut SysRng).unwrap().random();
    println!("seed {seed}");
    let mut rng = StdRng::seed_from_u64(seed);
    let hall = Hall::start().await;
    let proxy = Proxy::to(hall.addr).await;
    let mut follower = Follower::start(&proxy.url());
    let closing = Arc::new(AtomicBool::new(false));
    let day = tokio::spawn(busy_counter(hall.hub.clone(), closing.clone()));
    follower.until("a first record", |follower| follower.records > 0).await;
    for _ in 0..CUTS {
        let until = follower.mirror.view().seq + rng.random_range(0..80);
        follower.until("more records", |follower| follower.mirror.view().seq >= until).await;
        // Whole connections, and the stream in the middle of a frame.
        match rng.random_range(0..3) {
            0 => proxy.cut(),
            1 => proxy.cut_next_reply(rng.random_range(0..400)),
            _ => {
                proxy.cut_next_reply(rng.random_range(0..400));
                proxy.cut();
            }
        }
    }
    closing.store(true, SeqCst);
    day.await.unwrap();
    follower.catch_up(&hall).await;
    println!(
        "{} records, {} times away, {} replies cut",
        follower.records,
        follower.aways,
        proxy.replies_cut()
    );
    assert_eq!((follower.snapshots, follower.set_back), (1, 0));
    assert!(follower.aways > CUTS / 4, "only {} times away", follower.aways);
}

/// Numbers are given, and a counter serves some, for as long as the hall is open.
async fn busy_counter(hub: hall_client::Hub, closing: Arc<AtomicBool>) {
    hub.open(COUNTER).await.unwrap();
    while !closing.load(SeqCst) {
        for service in ["id-card", "household", "social-security"] {
            hub.issue(&wish(service)).await.unwrap();
        }
        hub.call_next(COUNTER).await.unwrap();
        hub.start(COUNTER).await.unwrap();
        hub.finish(COUNTER).await.unwrap();
    }
}

#[tokio::test]
async fn while_the_hub_is_away_what_was_known_stays_and_time_runs_on() {
    let hall = Hall::start().await;
    hall.issue("id-card", 3).await;
    let proxy = Proxy::to(hall.addr).await;
    let mut follower = Follower::start(&proxy.url());
    follower.catch_up(&hall).await;
    hall.issue("household", 2).await;
    follower.catch_up(&hall).await;
    let known = follower.mirror.view().clone();

    let connections = proxy.connections();
    proxy.set(Line::Refusing);
    proxy.cut();
    follower.until_link(Link::Away).await;
    follower.until_tried(&proxy, connections + 4).await;
    assert_eq!(*follower.mirror.view(), known);
    assert_eq!(follower.mirror.plan().unwrap().services.len(), 14);
    let at = Instant::now();
    let time = |at| follower.mirror.now(at).unwrap();
    assert_eq!(time(at + Duration::from_secs(90)), time(at).plus_ms(90_000));

    hall.issue("id-card", 2).await;
    proxy.set(Line::Passing);
    follower.catch_up(&hall).await;
    assert_eq!(follower.links, [Link::Connecting, Link::Connected, Link::Away, Link::Connected]);
    assert_eq!((follower.aways, follower.snapshots, follower.set_back), (1, 1, 0));
}

#[tokio::test]
async fn a_quiet_hall_is_back_at_once_when_the_line_is() {
    let hall = Hall::start().await;
    let proxy = Proxy::to(hall.addr).await;
    let mut follower = Follower::start(&proxy.url());
    follower.catch_up(&hall).await;
    hall.issue("id-card", 1).await;
    follower.catch_up(&hall).await;
    proxy.cut();
    follower.until_link(Link::Away).await;
    let began = Instant::now();
    follower.until_link(Link::Connected).await;
    assert!(began.elapsed() < Duration::from_secs(3), "not only with the next tick");
    assert_eq!((follower.aways, follower.snapshots, follower.set_back), (1, 1, 0));
}

#[tokio::test]
async fn a_hub_that_is_away_from_the_start_is_still_being_connected_to() {
    let hall = Hall::start().await;
    let proxy = Proxy::to(hall.addr).await;
    proxy.set(Line::Refusing);
    let mut follower = Follower::start(&proxy.url());
    follower.until_tried(&proxy, 4).await;
    assert_eq!((follower.aways, follower.mirror.now(Instant::now())), (1, None));
    proxy.set(Line::Passing);
    follower.catch_up(&hall).await;
    assert_eq!(follower.links, [Link::Connecting, Link::Connected]);
}

#[tokio::test]
async fn a_hub_that_falls_silent_is_away() {
    let hall = Hall::start().await;
    let proxy = Proxy::to(hall.addr).await;
    let mut follower = Follower::start(&proxy.url());
    follower.catch_up(&hall).await;
    proxy.set(Line::Silent);
    follower.until_link(Link::Away).await;
    hall.issue("id-card", 2).await;
    proxy.set(Line::Passing);
    follower.catch_up(&hall).await;
    assert_eq!((follower.aways, follower.set_back), (1, 0));
}

#[tokio::test]
async fn follow_ends_when_nobody_receives() {
    for line in [Line::Passing, Line::Refusing, Line::Silent] {
        let hall = Hall::start().await;
        let proxy = Proxy::to(hall.addr).await;
        let mut follower = Follower::start(&proxy.url());
        follower.catch_up(&hall).await;
        let connections = proxy.connections();
        proxy.set(line);
        if line != Line::Passing {
            proxy.cut();
            follower.until_tried(&proxy, connections + 1).await;
        }
        drop(follower.updates);
        let ended = tokio::time::timeout(Duration::from_secs(2), follower.task).await;
        assert!(ended.is_ok(), "{line:?}: still following");
    }
}

#[tokio::test]
async fn a_slow_receiver_loses_nothing() {
    let hall = Hall::start().await;
    let mut follower = Follower::start_with(&format!("http://{}", hall.addr), 1);
    for tickets in [1500, 1, 1500] {
        hall.issue("id-card", tickets).await;
        let update = follower.updates.recv().await.unwrap();
        follower.take(&update);
    }
    follower.catch_up(&hall).await;
    assert_eq!(follower.mirror.view().tickets.len(), 3001);
    assert_eq!((follower.aways, follower.set_back), (0, 0));
}
