//! What the terminals share: theme and widgets (`ui/`), start-up, the bridge to tokio, and the test harness.
//! It knows nothing of the hub, of tickets or of printers.
//!
//! # A terminal in five steps
//! 1. `build.rs`, with `slint-build` in `[build-dependencies]`:
//!    ```ignore
//!    #[path = "../crates/hall-ui/compile.rs"]
//!    mod compile;
//!
//!    fn main() {
//!        compile::compile_view("ui/kiosk.slint");
//!    }
//!    ```
//!    Texts are `@tr("中文")`; English goes to `lang/en/LC_MESSAGES/<package>.po` (`msgid "中文"`, no `msgctxt`).
//! 2. The view, `ui/kiosk.slint`. The root inherits `HallWindow`, which scales type and spacing to the screen;
//!    a board adds `dark: true;`. Do not choose a layout by `root.width`: that is a binding loop. Let Rust set
//!    a `portrait` property, and give columns of a fixed share an explicit `x`, `y`, `width` and `height` in a
//!    `Rectangle` (`tests/gallery.slint` does). A button grows with its text; its label is its `text`. What Rust
//!    reads and writes is one exported global:
//!    ```text
//!    import { HallWindow, Theme, TouchButton, Banner, Tone } from "@hall-ui";
//!    export global KioskModel { in property <[ServiceRow]> services; callback choose(id: string); }
//!    export component Kiosk inherits HallWindow { … }
//!    ```
//! 3. `view_model.rs`: `fn update(&mut self, message: Msg) -> Vec<Effect>`, no Slint types, tested as plain Rust.
//! 4. `bind.rs`, the only file that touches generated code. Globals are per window; keep one `VecModel` for a
//!    list and change its rows (`set_row_data`, `push`, `remove`), a new model would redraw and scroll back:
//!    ```ignore
//!    mod view {
//!        #![allow(clippy::all, clippy::todo, clippy::unwrap_used)] // Generated code.
//!        slint::include_modules!();
//!    }
//!
//!    pub struct Binding {
//!        kiosk: slint::Weak<Kiosk>,
//!        model: ViewModel,
//!        services: Rc<VecModel<ServiceRow>>,
//!        commands: Commands<Command>,
//!    }
//!
//!    impl Binding {
//!        pub fn handle(&mut self, message: Msg) {
//!            let effects = self.model.update(message);
//!            self.render();
//!            effects.into_iter().for_each(|effect| self.perform(effect)); // commands.send(..), timers
//!        }
//!    }
//!    ```
//!    Callbacks of the view call `handle` as well: keep the binding in an `Rc<RefCell<_>>`.
//! 5. `main.rs`; the view has to exist before [`ScreenArgs::open`], and SIGTERM ends the program with code 0:
//!    ```ignore
//!    let args = Args::parse(); // #[command(flatten)] screen: ScreenArgs
//!    init_logging(args.screen.log_format);
//!    require_cjk_font()?;
//!    let (commands, backend) = spawn_backend(move |commands, messages| backend::run(config, commands, messages))?;
//!    let kiosk = Kiosk::new()?;
//!    let binding = bind::bind(&kiosk, commands);
//!    args.screen.open(&kiosk)?;
//!    backend.run_screen(move |message| binding.borrow_mut().handle(message))?;
//!    ```
//!
//! Tests: `hall-ui = { workspace = true, features = ["testing"] }` in `[dev-dependencies]`, see the module
//! `testing`. A binary's tests that need the view live in its own `bind.rs` or `main.rs`.

mod fonts;
mod keyboard;
mod log;
mod runtime;
mod screen;
#[cfg(feature = "testing")]
pub mod testing;

pub use fonts::{NoCjkFont, require_cjk_font};
pub use log::{LogFormat, init_logging};
pub use runtime::{Backend, Commands, RuntimeError, spawn_backend};
pub use screen::{BadScreenSize, Lang, ScreenArgs, ScreenSize};
