//! What the terminals share: theme and widgets (`ui/`), start-up, the bridge to tokio, and the test harness.
//! It knows nothing of the hub, of tickets or of printers.
//!
//! # A terminal
//! - `build.rs` includes `compile.rs` and calls `compile_view`. Texts are `@tr("中文")`; English, if translated, is in
//!   `lang/en/LC_MESSAGES/<package>.po` (`msgid "中文"`, no `msgctxt`).
//! - `ui/`: the root inherits `HallWindow` from `@hall-ui`, which scales type and spacing to the screen. A layout chosen
//!   by `root.width` is a binding loop: Rust sets a property instead. What Rust reads and writes is one exported global.
//! - `model.rs`: `update(Msg) -> Vec<Effect>`, without Slint types, tested as plain Rust.
//! - `bind.rs`: the only file that touches generated code. A list keeps its `VecModel`, see [`change_rows`].
//! - `main.rs`: [`init_logging`], [`require_cjk_font`], [`spawn_backend`], the view, [`ScreenArgs::open`] once the view
//!   exists, [`Backend::run_screen`]. SIGTERM ends the program with code 0.
//!
//! Tests: the feature `testing`, in `[dev-dependencies]`.

mod fonts;
mod keyboard;
mod log;
mod rows;
mod runtime;
mod screen;
#[cfg(feature = "testing")]
pub mod testing;

pub use fonts::{NoCjkFont, require_cjk_font};
pub use log::{LogFormat, init_logging};
pub use rows::change_rows;
pub use runtime::{Backend, Commands, RuntimeError, spawn_backend};
pub use screen::{BadScreenSize, Lang, ScreenArgs, ScreenSize};
