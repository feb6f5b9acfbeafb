//! Which journal a stream goes on in: sequence numbers alone do not tell when a hub's data was replaced meanwhile.

use std::path::Path;
use std::time::Instant;

use hall_client::Link;
use tempfile::TempDir;

use crate::follower::Follower;
use crate::hall::{Hall, timeless};
use crate::proxy::{Line, Proxy};

const MORNING: &str = "2026-11-23T09:30:00+08:00";
const EARLIER: &str = "2026-11-23T09:00:00+08:00";

/// A follower that saw `tickets` records after its snapshot and lost the line then.
async fn lost_after(hall: &Hall, tickets: usize) -> (Proxy, Follower) {
    let proxy = Proxy::to(hall.addr).await;
    let mut follower = Follower::start(&proxy.url());
    follower.catch_up(hall).await;
    hall.issue("id-card", tickets).await;
    follower.catch_up(hall).await;
    assert_eq!((follower.snapshots, follower.records), (1, tickets));
    proxy.set(Line::Refusing);
    proxy.cut();
    follower.until_link(Link::Away).await;
    (proxy, follower)
}

/// Gives the line back to a follower, which must come to know what the hub knows, by so many snapshots in all.
async fn found_again(proxy: &Proxy, follower: &mut Follower, hall: &Hall, snapshots: usize, case: &str) {
    proxy.lead_to(hall.addr);
    proxy.set(Line::Passing);
    follower.catch_up(hall).await;
    hall.issue("homestead", 2).await;
    follower.catch_up(hall).await;
    assert_eq!(follower.mirror.link(), Link::Connected, "{case}");
    assert_eq!((follower.snapshots, follower.aways), (snapshots, 1), "{case}");
}

#[tokio::test]
async fn a_restarted_hub_is_followed_on_without_a_snapshot() {
    let hall = Hall::start().await;
    let (proxy, mut follower) = lost_after(&hall, 3).await;
    let hall = Hall::start_in(hall.stop().await, MORNING).await;
    hall.issue("household", 5).await;
    found_again(&proxy, &mut follower, &hall, 1, "restarted").await;
    assert_eq!(follower.records, 3 + 5 + 2);
}

#[tokio::test]
async fn who_is_too_far_behind_gets_a_snapshot_and_goes_on() {
    let hall = Hall::start().await;
    let (proxy, mut follower) = lost_after(&hall, 3).await;
    hall.issue("household", 4200).await;
    found_again(&proxy, &mut follower, &hall, 2, "too far behind").await;
    assert_eq!(follower.records, 3 + 2);
}

#[tokio::test]
async fn a_hub_that_begins_a_new_journal_is_not_taken_for_the_old_one() {
    // The old journal ended with record 5; a new one begins with two records.
    for (seen, tickets, case) in [
        (3, 0, "shorter"),
        (3, 2, "one record shorter"),
        (3, 3, "as long"),
        (3, 9, "longer"),
        (0, 9, "longer, and only a snapshot was seen of the old one"),
    ] {
        let hall = Hall::start().await;
        let (proxy, mut follower) = lost_after(&hall, seen).await;
        hall.stop().await;
        let hall = Hall::start_in(TempDir::new().unwrap(), EARLIER).await;
        hall.issue("household", tickets).await;
        found_again(&proxy, &mut follower, &hall, 2, case).await;
        let (hubs, at) = (hall.view().await.now.unwrap(), Instant::now());
        let ahead_ms = follower.mirror.now(at).unwrap().as_ms() - hubs.as_ms();
        assert!(ahead_ms.abs() < 5_000, "{case}: {ahead_ms} ms ahead of the hub");
    }
}

#[tokio::test]
async fn a_hub_restored_from_a_backup_is_not_mixed_with_what_it_was() {
    for (tickets, case) in [(0, "nothing new"), (2, "one record fewer"), (8, "more records")] {
        let hall = Hall::start().await;
        hall.issue("id-card", 1).await;
        let data = hall.stop().await;
        let backup = copy_of(data.path());
        let hall = Hall::start_in(data, MORNING).await;
        let (proxy, mut follower) = lost_after(&hall, 3).await;
        hall.stop().await;
        let hall = Hall::start_in(backup, MORNING).await;
        hall.issue("id-card", tickets).await;
        let lost = timeless(follower.mirror.view());
        assert_ne!(lost, timeless(&hall.view().await), "{case}");
        found_again(&proxy, &mut follower, &hall, 2, case).await;
    }
}

fn copy_of(data: &Path) -> TempDir {
    let copy = TempDir::new().unwrap();
    for file in std::fs::read_dir(data).unwrap() {
        let file = file.unwrap();
        std::fs::copy(file.path(), copy.path().join(file.file_name())).unwrap();
    }
    copy
}
