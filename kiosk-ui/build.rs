//! Compiles the views.

#[path = "../crates/hall-ui/compile.rs"]
mod compile;

fn main() {
    compile::compile_view("ui/kiosk.slint");
}
