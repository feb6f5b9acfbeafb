use std::fs;

use tempfile::TempDir;

use super::*;

fn job(text: &str) -> Job {
    Job { bytes: text.into(), longest_command: 24, paper_dots: 1_000 }
}

fn open(folder: &TempDir) -> (Journal, Recovered) {
    Journal::open(folder.path()).unwrap()
}

fn queue(journal: &mut Journal, key: &str) -> HandedIn {
    journal.queue(key, &job(key))
}

fn print(journal: &mut Journal, key: &str, outcome: Outcome) {
    assert_eq!(queue(journal, key), HandedIn::New);
    journal.sending(key).unwrap();
    journal.end(key, outcome);
}

fn keys(ended: Vec<Ended>) -> Vec<String> {
    ended.into_iter().map(|ended| ended.key).collect()
}

#[test]
fn a_job_that_was_being_sent_comes_back_unconfirmed_and_one_that_was_not_is_printed() {
    let folder = tempfile::tempdir().unwrap();
    let (mut journal, _) = open(&folder);
    print(&mut journal, "A001", Outcome::Printed);
    queue(&mut journal, "A002");
    journal.sending("A002").unwrap();
    queue(&mut journal, "A003");
    drop(journal);
    let (mut journal, recovered) = open(&folder);
    assert_eq!(recovered.to_print, [("A003".to_owned(), job("A003"))]);
    assert_eq!(recovered.torn, Some(24), "the printer may hold an open command");
    assert_eq!(queue(&mut journal, "A001"), HandedIn::Known(Some(Outcome::Printed)));
    assert_eq!(queue(&mut journal, "A002"), HandedIn::Known(Some(Outcome::Unconfirmed)));
    assert_eq!(queue(&mut journal, "A003"), HandedIn::Known(None));
    assert_eq!(keys(journal.unreported()), ["A001", "A002"]);
    drop(journal);
    let (_, again) = open(&folder);
    assert_eq!(again.torn, None, "what was torn is told once");
}

#[test]
fn a_job_that_waited_too_long_is_not_printed_any_more() {
    let folder = tempfile::tempdir().unwrap();
    let (mut journal, _) = open(&folder);
    // The clock may have been set back meanwhile.
    for (key, age_ms) in [("A001", FRESH_MS + 1_000), ("A002", -FRESH_MS - 1_000)] {
        journal.write(&Entry::queued(key, &job(key), now_ms() - age_ms)).unwrap();
    }
    drop(journal);
    let (mut journal, recovered) = open(&folder);
    assert_eq!(recovered.to_print, []);
    let outcome = Outcome::FailedClean(Failure::TooLate);
    for key in ["A001", "A002"] {
        assert_eq!(queue(&mut journal, key), HandedIn::Known(Some(outcome)), "{key}");
    }
}

#[test]
fn a_file_that_cannot_be_written_anew_is_used_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    print(&mut open(&folder).0, "A001", Outcome::Printed);
    fs::create_dir(folder.path().join("slips.new")).unwrap();
    let (mut journal, _) = open(&folder);
    assert_eq!(queue(&mut journal, "A001"), HandedIn::Known(Some(Outcome::Printed)));
    print(&mut journal, "A002", Outcome::Printed);
    drop(journal);
    assert_eq!(keys(open(&folder).0.latest(2)), ["A002", "A001"]);
}

#[test]
fn wherever_the_file_ends_no_job_is_forgotten_that_was_sent() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("slips.jsonl");
    let (mut journal, _) = open(&folder);
    queue(&mut journal, "A001");
    journal.sending("A001").unwrap();
    let sent = fs::metadata(&path).unwrap().len() as usize;
    journal.end("A001", Outcome::Printed);
    queue(&mut journal, "A002");
    drop(journal);
    let whole = fs::read(&path).unwrap();
    for end in sent..=whole.len() {
        fs::write(&path, &whole[..end]).unwrap();
        let (mut journal, recovered) = open(&folder);
        let HandedIn::Known(Some(outcome)) = queue(&mut journal, "A001") else {
            panic!("A001 is forgotten at {end} of {}", whole.len())
        };
        assert_eq!(outcome == Outcome::Printed, recovered.torn.is_none(), "cut at {end}");
        print(&mut journal, "A009", Outcome::Printed);
        drop(journal);
        let (mut journal, _) = open(&folder);
        assert_eq!(queue(&mut journal, "A009"), HandedIn::Known(Some(Outcome::Printed)), "cut at {end}");
    }
}

#[test]
fn rubbish_in_the_middle_costs_its_line_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("slips.jsonl");
    let (mut journal, _) = open(&folder);
    print(&mut journal, "A001", Outcome::Printed);
    drop(journal);
    let mut bytes = fs::read(&path).unwrap();
    bytes.extend([0; 512]);
    bytes.extend(b"\n{\"type\":\"something_later\"}\n");
    fs::write(&path, bytes).unwrap();
    let (mut journal, _) = open(&folder);
    assert_eq!(queue(&mut journal, "A001"), HandedIn::Known(Some(Outcome::Printed)));
}

#[test]
fn what_was_reported_is_not_reported_again() {
    let folder = tempfile::tempdir().unwrap();
    let (mut journal, _) = open(&folder);
    for key in ["A001", "A002", "A003"] {
        print(&mut journal, key, Outcome::Printed);
    }
    journal.reported("A002");
    drop(journal);
    let (journal, _) = open(&folder);
    assert_eq!(keys(journal.unreported()), ["A001", "A003"]);
    assert_eq!(keys(journal.latest(2)), ["A003", "A002"]);
}

#[test]
fn the_file_stays_short_and_the_roll_keeps_counting() {
    let folder = tempfile::tempdir().unwrap();
    let (mut journal, _) = open(&folder);
    let large = Job { bytes: vec![0x55; 100_000], longest_command: 24, paper_dots: 1_000 };
    for n in 0..100 {
        let key = format!("A{n:03}");
        journal.queue(&key, &large);
        journal.sending(&key).unwrap();
        journal.end(&key, if n < 3 { Outcome::Unconfirmed } else { Outcome::Printed });
    }
    assert_eq!((journal.roll().sheets, journal.unconfirmed_of_last(100)), (100, (100, 3)));
    let length_bytes = fs::metadata(folder.path().join("slips.jsonl")).unwrap().len();
    assert!(length_bytes < 5 * 1024 * 1024, "{length_bytes} bytes");
    drop(journal);
    let (mut journal, _) = open(&folder);
    assert_eq!((journal.roll().sheets, journal.unconfirmed_of_last(100)), (100, (100, 3)));
    journal.change_roll(true);
    drop(journal);
    assert_eq!(open(&folder).0.roll().sheets, 0);
}

#[test]
fn no_more_jobs_are_remembered_than_may_be() {
    let mut journal = Journal::in_memory();
    for n in 0..=JOBS_MAX {
        print(&mut journal, &format!("{n}"), Outcome::Printed);
    }
    assert_eq!(journal.latest(usize::MAX).len(), JOBS_MAX);
    assert_eq!(queue(&mut journal, "0"), HandedIn::New, "the oldest is forgotten");
}

#[test]
fn two_programs_cannot_use_one_journal() {
    let folder = tempfile::tempdir().unwrap();
    let (_journal, _) = open(&folder);
    assert!(matches!(Journal::open(folder.path()), Err(JournalError::InUse(_))));
}
