//! Included by every terminal's build script: one place for style, library path and translations.

use std::collections::HashMap;
use std::env;
use std::path::{Path, PathBuf};

/// Compiles `view` (relative to the terminal's manifest) with `@hall-ui` and, where the terminal has a
/// `lang` directory, its translations (`lang/en/LC_MESSAGES/<package>.po`, no `msgctxt`).
pub fn compile_view(view: &str) {
    let manifest = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets CARGO_MANIFEST_DIR"));
    let mut config = slint_build::CompilerConfiguration::new()
        .with_style("fluent-light".into())
        .with_library_paths(HashMap::from([("hall-ui".into(), hall_ui(&manifest))]))
        .with_default_translation_context(slint_build::DefaultTranslationContext::None)
        // Tests look for controls by their label; the installed program does not need the tables.
        .with_debug_info(env::var("PROFILE").is_ok_and(|profile| profile == "debug"));
    if manifest.join("lang").is_dir() {
        config = config.with_bundled_translations("lang");
    }
    if slint_build::compile_with_config(view, config).is_err() {
        // The faults, with file and line, are on stderr by now.
        std::process::exit(1);
    }
}

fn hall_ui(manifest: &Path) -> PathBuf {
    manifest
        .ancestors()
        .map(|directory| directory.join("crates/hall-ui/ui/lib.slint"))
        .find(|entry| entry.is_file())
        .expect("the terminal lives in the workspace of hall-ui")
}
