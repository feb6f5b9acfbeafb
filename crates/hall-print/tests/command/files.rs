//! Profiles, `check` and `preview`: no printer is needed.

use super::{root, run};

#[test]
fn the_built_in_profiles_line_up() {
    insta::assert_snapshot!(run(&["profiles"]).out);
}

#[test]
fn one_profile_is_shown_whole_with_its_sources() {
    let shown = run(&["profiles", "citizen-ct-s300"]);
    assert_eq!(shown.code, 0);
    let line = |key: &str| shown.out.lines().find(|line| line.starts_with(key)).unwrap().to_owned();
    assert!(line("继承 inherits").ends_with("generic-80mm"));
    assert!(line("serial.baud").contains("19200") && line("serial.baud").contains("User Manual p. 106"));
    assert!(line("paper.dots").contains("generic-80mm"));
    let json: serde_json::Value =
        serde_json::from_str(&run(&["profiles", "citizen-ct-s300", "--json"]).out).unwrap();
    assert_eq!(json["inherits"][0], "generic-80mm");
    let all: serde_json::Value = serde_json::from_str(&run(&["profiles", "--json"]).out).unwrap();
    assert!(all.as_array().unwrap().len() >= 12);
    let unknown = run(&["profiles", "epson"]);
    assert!(unknown.code == 1 && unknown.err.contains("epson-eu-m30"), "{}", unknown.err);
}

#[test]
fn every_fault_is_named_with_its_line() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.display().to_string()
    };
    let check = |name: &str, text: &str, expect: &[(usize, &str)]| {
        let path = file(name, text);
        let checked = run(&["check", &path]);
        assert_eq!(checked.code, 1, "{}", checked.out);
        assert_eq!(checked.out.lines().count(), expect.len(), "{}", checked.out);
        for (line, part) in expect {
            let start = format!("{path}:{line}: ");
            let named = checked.out.lines().any(|fault| fault.starts_with(&start) && fault.contains(part));
            assert!(named, "{start}{part}: {}", checked.out);
        }
    };
    check(
        "profile.toml",
        "inherits = \"generic-80mm\"\n[serial]\nbuad = 9600\n[cut]\nmode = \"half\"\n[sources]\nserial = \"p. 1\"\n",
        &[(3, "unknown field `buad`"), (5, "unknown variant `half`"), (5, "cut.mode: 没有出处")],
    );
    check(
        "template.toml",
        "[[slip]]\ntext = \"{nubmer}\"\n\n[[slip]]\nsiez = 2\nrule = true\n",
        &[(1, "{nubmer}"), (5, "siez")],
    );
    check("slip.toml", "[slip]\nnumber = \"A012\"\nahead = 3\n", &[(3, "unknown field `ahead`")]);
    check("empty.toml", "[slip]\n", &[(1, "number")]);
    check("two.toml", "[slip]\nnumber = \"A\"\n[notice]\n", &[(1, "one document a file")]);
    check("broken.toml", "inherits = \"generic-80mm\"\n[serial\n", &[(2, "not valid TOML")]);
}

#[test]
fn what_the_repository_ships_is_sound() {
    let mut files = Vec::new();
    for folder in ["docs/samples", "printer-profiles"] {
        let entries = std::fs::read_dir(root().join(folder)).unwrap();
        files.extend(entries.map(|entry| entry.unwrap().path().display().to_string()));
    }
    let args: Vec<&str> = std::iter::once("check").chain(files.iter().map(String::as_str)).collect();
    let checked = run(&args);
    assert_eq!(checked.code, 0, "{}", checked.out);
    assert_eq!(checked.out.matches("无误 / sound").count(), files.len());
    let one_is_missing = run(&["check", "docs/samples/slip.toml", "none.toml"]);
    assert!(one_is_missing.code == 1 && one_is_missing.out.contains("none.toml: 无法读取"));
    assert_eq!(run(&["check"]).code, 2);
}

#[test]
fn a_preview_is_as_wide_as_the_paper() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    let out = path("slip.png");
    let drawn =
        run(&["preview", "docs/samples/slip.toml", "--large", "--profile", "generic-58mm", "--out", &out]);
    assert_eq!(drawn.code, 0, "{}", drawn.err);
    assert_eq!(image::open(&out).unwrap().width(), 384 + 64);
    let all = run(&["preview", "--all-profiles", &path("all")]);
    assert_eq!(all.code, 0, "{}", all.err);
    assert_eq!(std::fs::read_dir(path("all")).unwrap().count(), hall_print::Profile::names().count());
    assert_eq!(run(&["preview"]).code, 2);
    let wrong = run(&["preview", "docs/samples/notice.toml", "--large", "--out", &out]);
    assert!(wrong.code == 1 && wrong.err.contains("--large"), "{}", wrong.err);
}
