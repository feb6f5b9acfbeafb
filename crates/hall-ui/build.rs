//! Compiles the gallery, which shows every widget and is only looked at by the tests.

#[path = "compile.rs"]
mod compile;

fn main() {
    if std::env::var_os("CARGO_FEATURE_TESTING").is_some() {
        compile::compile_view("tests/gallery.slint");
    }
}
