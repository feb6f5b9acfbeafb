//! Every text of the views has its English.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

#[test]
fn every_text_is_translated_and_none_is_left_over() {
    let crate_root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let views = fs::read_dir(crate_root.join("ui")).unwrap();
    let views: Vec<String> = views.map(|view| fs::read_to_string(view.unwrap().path()).unwrap()).collect();
    let shown: BTreeSet<&str> = views.iter().flat_map(|view| quoted_after(view, "@tr(\"")).collect();
    let english = fs::read_to_string(crate_root.join("lang/en/LC_MESSAGES/hall-counter.po")).unwrap();
    let mut translated: BTreeSet<&str> = quoted_after(&english, "msgid \"").collect();
    translated.remove("");
    assert_eq!(shown, translated);
    assert_eq!(quoted_after(&english, "msgstr \"").filter(|text| text.is_empty()).count(), 1, "the header");
}

/// What stands in quotes after each `start`, which ends with the opening one.
fn quoted_after<'a>(text: &'a str, start: &'static str) -> impl Iterator<Item = &'a str> {
    text.split(start).skip(1).filter_map(|rest| rest.split('"').next())
}
