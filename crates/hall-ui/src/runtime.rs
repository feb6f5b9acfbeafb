//! The two threads of a terminal: Slint's event loop on main, tokio behind it, bounded channels between.
//! A signal, the end of the backend or the closing of the window ends both.

use std::future::Future;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use tokio::sync::{mpsc, oneshot};

/// Far more than a person can cause; a full queue means the backend stands still.
const COMMANDS_MAX: usize = 64;
/// The backend waits when the screen is this far behind.
const MESSAGES_MAX: usize = 256;
/// How long blocking work, such as a serial port, may hold up the exit.
const BLOCKING_GRACE: Duration = Duration::from_secs(2);

/// The terminal's way to its backend; clone it into every callback.
#[derive(Debug)]
pub struct Commands<C>(mpsc::Sender<C>);

/// The tokio thread and what it has to say.
pub struct Backend<M> {
    messages: mpsc::Receiver<M>,
    ended: oneshot::Receiver<()>,
    stop: oneshot::Sender<()>,
    thread: JoinHandle<()>,
}

/// Why a terminal could not start or did not end well.
#[derive(Debug, thiserror::Error)]
pub enum RuntimeError {
    /// No runtime, thread or signal handler.
    #[error("the background thread did not start: {0}")]
    Start(#[from] std::io::Error),
    #[error("the screen: {0}")]
    Screen(#[from] slint::PlatformError),
    /// The event loop takes no tasks, because no window was made yet.
    #[error("the event loop: {0}")]
    EventLoop(#[from] slint::EventLoopError),
    #[error("the background thread panicked; its message is in the log")]
    Panicked,
}

impl<C> Clone for Commands<C> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<C> Commands<C> {
    /// Hands over a command without ever blocking the screen. If the backend stands still the command is
    /// dropped and logged: the citizen or clerk can press again.
    pub fn send(&self, command: C) {
        if let Err(error) = self.0.try_send(command) {
            tracing::error!(%error, "command dropped");
        }
    }
}

/// Starts `backend` on its own thread with a current-thread tokio runtime.
///
/// It is dropped at its next await when the terminal ends, so what must survive has to be on disk before.
pub fn spawn_backend<C, M, F>(
    backend: impl FnOnce(mpsc::Receiver<C>, mpsc::Sender<M>) -> F + Send + 'static,
) -> Result<(Commands<C>, Backend<M>), RuntimeError>
where
    C: Send + 'static,
    M: Send + 'static,
    F: Future<Output = ()>,
{
    let (commands, commands_rx) = mpsc::channel(COMMANDS_MAX);
    let (messages_tx, messages) = mpsc::channel(MESSAGES_MAX);
    let (stop, stopped) = oneshot::channel();
    let (alive, ended) = oneshot::channel::<()>();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let signalled = {
        let _context = runtime.enter();
        termination()?
    };
    let thread = thread::Builder::new().name("backend".into()).spawn(move || {
        let alive = alive;
        runtime.block_on(async {
            tokio::select! {
                () = backend(commands_rx, messages_tx) => tracing::debug!("backend ended"),
                () = signalled => tracing::info!("stopping on a signal"),
                _ = stopped => tracing::debug!("window closed"),
            }
        });
        drop(alive);
        runtime.shutdown_timeout(BLOCKING_GRACE);
    })?;
    Ok((Commands(commands), Backend { messages, ended, stop, thread }))
}

impl<M: 'static> Backend<M> {
    /// Runs the event loop on this thread, giving each message to `on_message` there, until the window is
    /// closed, SIGTERM or SIGINT arrives, or the backend ends. Show the window first.
    pub fn run_screen(self, on_message: impl FnMut(M) + 'static) -> Result<(), RuntimeError> {
        let delivery = slint::spawn_local(deliver(self.messages, self.ended, on_message))?;
        let screen = slint::run_event_loop();
        delivery.abort();
        // The thread may have ended by itself; then nobody listens any more.
        let _ = self.stop.send(());
        self.thread.join().map_err(|_| RuntimeError::Panicked)?;
        Ok(screen?)
    }
}

/// However the backend's thread ends, by a panic too, the screen must not stay behind it.
async fn deliver<M>(
    mut messages: mpsc::Receiver<M>,
    mut ended: oneshot::Receiver<()>,
    mut on_message: impl FnMut(M),
) {
    loop {
        tokio::select! {
            biased;
            Some(message) = messages.recv() => on_message(message),
            _ = &mut ended => break,
        }
    }
    if let Err(error) = slint::quit_event_loop() {
        tracing::error!(%error, "the screen cannot be ended");
    }
}

#[cfg(unix)]
fn termination() -> std::io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};

    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

#[cfg(not(unix))]
fn termination() -> std::io::Result<impl Future<Output = ()>> {
    Ok(async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending().await
        }
    })
}
