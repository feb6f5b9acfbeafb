//! Compiles the window.

#[path = "../hall-ui/compile.rs"]
mod compile;

fn main() {
    compile::compile_view("ui/counter.slint");
}
