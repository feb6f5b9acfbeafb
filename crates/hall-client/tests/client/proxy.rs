//! A line that can be broken: passes bytes between a terminal and its hub, until told otherwise.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering::SeqCst};
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// What the line does with connections and replies.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Line {
    Passing,
    /// New connections are closed at once.
    Refusing,
    /// Requests go through; nothing comes back until the line passes again.
    Silent,
}

pub struct Proxy {
    addr: SocketAddr,
    state: Arc<State>,
}

struct State {
    hub: Mutex<SocketAddr>,
    line: watch::Sender<Line>,
    cuts: watch::Sender<u64>,
    /// The next reply ends so many bytes early, and its connection with it.
    short_by: Mutex<Option<usize>>,
    replies_cut: AtomicU64,
    connections: watch::Sender<u64>,
}

impl Proxy {
    pub async fn to(hub: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let addr = listener.local_addr().unwrap();
        let state = Arc::new(State {
            hub: Mutex::new(hub),
            line: watch::Sender::new(Line::Passing),
            cuts: watch::Sender::new(0),
            short_by: Mutex::default(),
            replies_cut: AtomicU64::new(0),
            connections: watch::Sender::new(0),
        });
        tokio::spawn(accept(listener, state.clone()));
        Self { addr, state }
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.addr)
    }

    /// Leads new connections to another hub.
    pub fn lead_to(&self, hub: SocketAddr) {
        *self.state.hub.lock().unwrap() = hub;
    }

    pub fn set(&self, line: Line) {
        self.state.line.send_replace(line);
    }

    /// Ends every connection.
    pub fn cut(&self) {
        self.state.cuts.send_modify(|cuts| *cuts += 1);
    }

    /// Lets the next request through, and its reply too but for the last `short_by` bytes; then closes.
    pub fn cut_next_reply(&self, short_by: usize) {
        *self.state.short_by.lock().unwrap() = Some(short_by);
    }

    pub fn replies_cut(&self) -> u64 {
        self.state.replies_cut.load(SeqCst)
    }

    /// How many connections were asked for, refused ones included.
    pub fn connections(&self) -> u64 {
        *self.state.connections.borrow()
    }

    /// Waits until so many connections were asked for in all.
    pub async fn asked_for(&self, connections: u64) {
        self.state.connections.subscribe().wait_for(|asked| *asked >= connections).await.unwrap();
    }
}

async fn accept(listener: TcpListener, state: Arc<State>) {
    loop {
        let (terminal, _) = listener.accept().await.unwrap();
        state.connections.send_modify(|connections| *connections += 1);
        if *state.line.borrow() != Line::Refusing {
            tokio::spawn(carry(terminal, state.clone()));
        }
    }
}

/// Carries one connection until either side, or the proxy, ends it.
async fn carry(terminal: TcpStream, state: Arc<State>) {
    let mut cuts = state.cuts.subscribe();
    let hub = *state.hub.lock().unwrap();
    let Ok(hub) = TcpStream::connect(hub).await else { return };
    let (from_terminal, to_terminal) = terminal.into_split();
    let (from_hub, to_hub) = hub.into_split();
    tokio::select! {
        _ = cuts.changed() => {}
        _ = pass_requests(from_terminal, to_hub) => {}
        _ = pass_replies(from_hub, to_terminal, &state) => {}
    }
}

async fn pass_requests(mut from: OwnedReadHalf, mut to: OwnedWriteHalf) -> std::io::Result<()> {
    tokio::io::copy(&mut from, &mut to).await.map(drop)
}

async fn pass_replies(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, state: &State) -> std::io::Result<()> {
    let mut line = state.line.subscribe();
    let mut buffer = vec![0; 16 * 1024];
    loop {
        let len = from.read(&mut buffer).await?;
        if len == 0 || line.wait_for(|line| *line != Line::Silent).await.is_err() {
            return Ok(());
        }
        let short_by = state.short_by.lock().unwrap().take();
        if let Some(short_by) = short_by {
            state.replies_cut.fetch_add(1, SeqCst);
            return to.write_all(&buffer[..len.saturating_sub(short_by)]).await;
        }
        to.write_all(&buffer[..len]).await?;
    }
}
