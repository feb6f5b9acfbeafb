//! A terminal that follows its hub, and holds it to its word with every update.

use std::time::Instant;

use hall_api::View;
use hall_client::{Hub, Link, Mirror, Update, follow};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use crate::hall::{Hall, PATIENCE, timeless};
use crate::proxy::Proxy;

pub struct Follower {
    pub mirror: Mirror,
    /// How the link went.
    pub links: Vec<Link>,
    pub aways: usize,
    pub snapshots: usize,
    pub records: usize,
    /// How often hall time went back.
    pub set_back: usize,
    pub updates: mpsc::Receiver<Update>,
    pub task: JoinHandle<()>,
}

impl Follower {
    /// Follows through a channel of 64.
    pub fn start(url: &str) -> Self {
        Self::start_with(url, 64)
    }

    pub fn start_with(url: &str, channel_max: usize) -> Self {
        let (out, updates) = mpsc::channel(channel_max);
        let task = tokio::spawn(follow(Hub::new(url, None).unwrap(), out, |update| update));
        let (mirror, links) = (Mirror::default(), vec![Link::Connecting]);
        Self { mirror, links, aways: 0, snapshots: 0, records: 0, set_back: 0, updates, task }
    }

    /// Takes in one update; a record must be the next in sequence.
    pub fn take(&mut self, update: &Update) {
        match update {
            Update::Away(_) => self.aways += 1,
            Update::Snapshot(_) => self.snapshots += 1,
            Update::Record(record) => {
                assert_eq!(record.seq, self.mirror.view().seq + 1, "a gap or a repetition");
                self.records += 1;
            }
            Update::Plan(_) | Update::Tick(_) => {}
        }
        let at = Instant::now();
        let known = self.mirror.now(at);
        self.mirror.take(update, at);
        self.set_back += usize::from(self.mirror.now(at) < known);
        if self.links.last() != Some(&self.mirror.link()) {
            self.links.push(self.mirror.link());
        }
    }

    /// Takes in updates until `enough`.
    pub async fn until(&mut self, what: &str, enough: impl Fn(&Self) -> bool) {
        let waiting = async {
            while !enough(self) {
                let update = self.updates.recv().await.unwrap();
                self.take(&update);
            }
        };
        let waited = tokio::time::timeout(PATIENCE, waiting).await;
        assert!(waited.is_ok(), "{what}: at {} after {:?}", self.mirror.view().seq, self.links);
    }

    pub async fn until_link(&mut self, link: Link) {
        self.until(&format!("{link:?}"), |follower| follower.mirror.link() == link).await;
    }

    /// Follows to where the hub is now; both must then know the same.
    pub async fn catch_up(&mut self, hall: &Hall) {
        let hubs: View = timeless(&hall.view().await);
        self.until("all the hub knows", |follower| timeless(follower.mirror.view()) == hubs).await;
    }

    /// Takes in updates until so many connections were asked for in all.
    pub async fn until_tried(&mut self, proxy: &Proxy, connections: u64) {
        let trying = proxy.asked_for(connections);
        let mut trying = std::pin::pin!(tokio::time::timeout(PATIENCE, trying));
        loop {
            tokio::select! {
                biased;
                Some(update) = self.updates.recv() => self.take(&update),
                tried = &mut trying => return tried.unwrap(),
            }
        }
    }
}
