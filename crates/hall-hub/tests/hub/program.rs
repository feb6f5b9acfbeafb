//! The program itself: its messages, its exit codes, its signals, a full disk.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use futures_util::StreamExt;
use hall_core::Plan;
use hall_hub::{Config, Hub};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::harness::PATIENCE;

const PLAN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/hub/plan.toml");

fn program() -> Command {
    Command::new(env!("CARGO_BIN_EXE_hall-hub"))
}

fn serve(data: &Path) -> Command {
    let mut command = program();
    command.args(["serve", "--plan", PLAN, "--listen", "127.0.0.1:0", "--open-access"]);
    command.args(["--now", "2026-11-23T09:30:00+08:00", "--log-format", "json", "--data"]).arg(data);
    command.stderr(Stdio::piped()).stdout(Stdio::piped());
    command
}

/// A running program; killed when the test ends.
struct Running {
    child: Child,
    log: BufReader<std::process::ChildStderr>,
    url: String,
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Running {
    fn start(mut command: Command) -> Self {
        let mut child = command.spawn().unwrap();
        let log = BufReader::new(child.stderr.take().unwrap());
        // From here on the program ends with the test, whatever it says.
        let mut running = Self { child, log, url: String::new() };
        let mut line = String::new();
        running.log.read_line(&mut line).unwrap();
        let ready: Value = serde_json::from_str(&line).unwrap_or_else(|_| panic!("not ready: {line}"));
        running.url = format!("http://{}", ready["address"].as_str().unwrap_or_else(|| panic!("{ready}")));
        running
    }

    /// Waits for the end; gives the exit code and the rest of the log.
    fn ended(&mut self) -> (Option<i32>, String) {
        let deadline = Instant::now() + PATIENCE;
        let status = loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                break status;
            }
            assert!(Instant::now() < deadline, "it does not end");
            std::thread::sleep(Duration::from_millis(5));
        };
        let mut log = String::new();
        self.log.read_to_string(&mut log).unwrap();
        (status.code(), log)
    }

    fn pid(&self) -> Pid {
        Pid::from_raw(self.child.id() as i32)
    }

    async fn issue(&self, client: &reqwest::Client, key: &str) -> reqwest::Result<(u16, Value)> {
        let request = client.post(format!("{}/v1/tickets", self.url)).header("Idempotency-Key", key);
        let response = request.json(&json!({ "service": "id-card" })).send().await?;
        Ok((response.status().as_u16(), response.json().await?))
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn check_names_every_fault_with_its_line() {
    let dir = TempDir::new().unwrap();
    let sound = std::fs::read_to_string(PLAN).unwrap();
    let twice = sound.replace("prefix = \"B\"", "prefix = \"A\"").replace("[\"passport\"]", "[\"visa\"]");
    let check = |plan: &str| -> Output {
        let path = dir.path().join("plan.toml");
        std::fs::write(&path, plan).unwrap();
        program().arg("check").arg(&path).output().unwrap()
    };
    let good = check(&sound);
    assert!(good.status.success());
    assert!(text(&good.stdout).contains("2 counters, 1 departments, 1 zones, 3 services"), "{good:?}");
    let bad = check(&twice);
    assert_eq!(bad.status.code(), Some(1));
    let faults = text(&bad.stderr);
    for expected in
        ["第 20 行", "A is used twice", "第 26 行", "no service visa", "no counter serves passport"]
    {
        assert!(faults.contains(expected), "{expected} is missing: {faults}");
    }
    let unknown_key = check(&sound.replace("hall.day", "hall.dya"));
    assert_eq!(unknown_key.status.code(), Some(1));
    assert!(text(&unknown_key.stderr).contains("unknown field `dya`"), "{unknown_key:?}");
    let missing = program().args(["check", "/nowhere/plan.toml"]).output().unwrap();
    assert!(text(&missing.stderr).contains("/nowhere/plan.toml"));
}

/// Runs a hub with the plan of these tests once.
fn begin(data: &Path) {
    let mut hub = Running::start(serve(data));
    kill(hub.pid(), Signal::SIGTERM).unwrap();
    assert_eq!(hub.ended().0, Some(0));
}

#[test]
fn the_plan_in_force_is_printed_and_reads_back_the_same() {
    let dir = TempDir::new().unwrap();
    let halls = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../halls");
    let samples = ["village.toml", "township.toml", "city.toml"].map(|name| halls.join(name));
    for (i, sample) in [PLAN.into()].into_iter().chain(samples).enumerate() {
        let mut plan = Plan::from_toml(&std::fs::read_to_string(&sample).unwrap()).unwrap();
        plan.classes[0].credit_min = hall_core::plan::Credit::First;
        plan.hall.utc_offset = "-03:30".parse().unwrap();
        plan.hall.follow_url = Some("http://hall/{code}".to_owned());
        plan.hall.slip_notes = vec!["过号请到\"咨询台\"".to_owned(), "\\t'''\\n".to_owned()];
        let data = dir.path().join(i.to_string());
        let config = Config { plan: plan.clone(), ..crate::harness::config(&data) };
        Hub::start(config).unwrap().stop().unwrap();
        let printed = program().args(["plan", "--data"]).arg(&data).output().unwrap();
        assert!(printed.status.success(), "{printed:?}");
        assert_eq!(Plan::from_toml(&text(&printed.stdout)).unwrap(), plan, "{}", sample.display());
    }
}

#[test]
fn what_needs_a_journal_says_where_there_is_none() {
    let data = TempDir::new().unwrap();
    for task in [vec!["plan"], vec!["token", "--role", "kiosk", "--name", "门口"]] {
        let refused = program().args(&task).arg("--data").arg(data.path()).output().unwrap();
        assert_eq!(refused.status.code(), Some(66), "{task:?}");
        assert!(text(&refused.stderr).contains("请先在此启动一次主机"), "{refused:?}");
        assert_eq!(std::fs::read_dir(data.path()).unwrap().count(), 0, "{task:?} made something");
    }
}

#[test]
fn a_taken_port_leaves_the_journal_as_it_was() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().to_string();
    let dir = TempDir::new().unwrap();
    let (fresh, old) = (dir.path().join("fresh"), dir.path().join("old"));
    begin(&old);
    let journal = || std::fs::read(old.join("journal.db")).unwrap();
    let before = journal();
    for data in [&fresh, &old] {
        let mut next_day = program();
        next_day.args(["serve", "--plan", PLAN, "--listen", &port, "--now", "2026-11-24T09:30:00+08:00"]);
        let refused = next_day.arg("--data").arg(data).output().unwrap();
        assert_eq!(refused.status.code(), Some(69), "{refused:?}");
        assert!(text(&refused.stderr).contains(&port), "{refused:?}");
    }
    assert!(!fresh.exists() && journal() == before);
}

#[test]
fn a_second_hub_is_refused_with_a_clear_message() {
    let data = TempDir::new().unwrap();
    let _first = Running::start(serve(data.path()));
    let second = serve(data.path()).output().unwrap();
    assert_eq!(second.status.code(), Some(73));
    assert!(text(&second.stderr).contains("正被另一个 hall-hub 使用"), "{second:?}");
}

#[tokio::test]
async fn a_hub_told_to_stop_ends_its_streams_and_leaves_one_file() {
    for signal in [Signal::SIGTERM, Signal::SIGINT] {
        let data = TempDir::new().unwrap();
        let mut hub = Running::start(serve(data.path()));
        let client = reqwest::Client::new();
        let mut stream = client.get(format!("{}/v1/events", hub.url)).send().await.unwrap();
        stream.chunk().await.unwrap().unwrap();
        assert_eq!(hub.issue(&client, "k1").await.unwrap().0, 201);
        let asked = Instant::now();
        kill(hub.pid(), signal).unwrap();
        while let Ok(Some(_)) = stream.chunk().await {}
        let (code, log) = hub.ended();
        assert_eq!(code, Some(0), "{log}");
        assert!(asked.elapsed() < Duration::from_secs(2), "it took {:?}", asked.elapsed());
        assert!(!data.path().join("journal.db-wal").exists());
    }
}

#[test]
fn a_client_that_never_finishes_its_request_does_not_keep_the_hub() {
    let data = TempDir::new().unwrap();
    let mut hub = Running::start(serve(data.path()));
    let address = hub.url.strip_prefix("http://").unwrap();
    let mut half = std::net::TcpStream::connect(address).unwrap();
    std::io::Write::write_all(&mut half, b"POST /v1/tickets HTTP/1.1\r\nhost: x\r\ncontent-le").unwrap();
    kill(hub.pid(), Signal::SIGTERM).unwrap();
    let asked = Instant::now();
    let (code, log) = hub.ended();
    assert_eq!(code, Some(0), "{log}");
    assert!(asked.elapsed() < Duration::from_secs(2), "it took {:?}", asked.elapsed());
}

#[tokio::test]
async fn a_killed_hub_has_every_ticket_it_acknowledged() {
    let data = TempDir::new().unwrap();
    let mut acknowledged = std::collections::BTreeMap::<String, Value>::new();
    for round in 1..=3 {
        let hub = Running::start(serve(data.path()));
        let client = reqwest::Client::new();
        for (key, ticket) in &acknowledged {
            let (status, again) = hub.issue(&client, key).await.unwrap();
            assert_eq!((status, &again), (201, ticket), "{key}");
        }
        let keys: Vec<String> = (0..200).map(|i| format!("k{round}-{i}")).collect();
        let asked = keys.iter().map(async |key| (key, hub.issue(&client, key).await));
        let mut replies = futures_util::stream::iter(asked).buffer_unordered(32);
        let before = acknowledged.len();
        while let Some((key, reply)) = replies.next().await {
            if let Ok((201, ticket)) = reply {
                acknowledged.insert(key.clone(), ticket);
            }
            if acknowledged.len() == before + 30 * round {
                kill(hub.pid(), Signal::SIGKILL).unwrap();
            }
        }
    }
    let numbers: std::collections::BTreeSet<_> =
        acknowledged.values().map(|ticket| ticket["ticket"]["number"].to_string()).collect();
    assert_eq!(numbers.len(), acknowledged.len(), "a number was given twice");
}

#[test]
fn a_damaged_or_foreign_journal_is_refused_with_a_clear_message() {
    let insert = "INSERT INTO event VALUES (3, 0, 'ticket_called', ?1, NULL, NULL)";
    let never_issued = r#"{"type":"ticket_expired","ticket":77,"number":"A077"}"#;
    for (damage, body, expect) in [
        (insert, never_issued, "第 3 条损坏"),
        (insert, r#"{"type":"unheard_of"}"#, "第 3 条损坏"),
        ("INSERT INTO event VALUES (9, 0, ?1, '{}', NULL, NULL)", "x", "第 3 条损坏"),
        ("CREATE TABLE later AS SELECT ?1 AS x", "x", ""),
    ] {
        let data = TempDir::new().unwrap();
        let mut hub = Running::start(serve(data.path()));
        kill(hub.pid(), Signal::SIGTERM).unwrap();
        hub.ended();
        let journal = rusqlite::Connection::open(data.path().join("journal.db")).unwrap();
        journal.execute(damage, [body]).unwrap();
        if expect.is_empty() {
            journal.pragma_update(None, "user_version", 99).unwrap();
        }
        drop(journal);
        let again = serve(data.path()).output().unwrap();
        assert_eq!(again.status.code(), Some(65), "{again:?}");
        let expect = if expect.is_empty() { "版本 99" } else { expect };
        assert!(text(&again.stderr).contains(expect), "{again:?}");
    }
}

#[tokio::test]
async fn a_full_disk_stops_the_hub_and_nothing_unwritten_is_acknowledged() {
    let dir = TempDir::new().unwrap();
    let (data, kept) = (dir.path().join("small"), dir.path().join("kept"));
    for path in [&data, &kept] {
        std::fs::create_dir(path).unwrap();
    }
    let hub = format!("{:?}", serve(&data)).replace('"', "'");
    let script = format!(
        "mount -t tmpfs -o size=1m none '{0}' && {hub}; code=$?; cp -r '{0}/.' '{1}'; exit $code",
        data.display(),
        kept.display()
    );
    let mut isolated = Command::new("unshare");
    isolated.args(["--user", "--map-root-user", "--mount"]);
    let permitted = Command::new("unshare").args(["--user", "--map-root-user", "--mount", "true"]).output();
    if !permitted.is_ok_and(|output| output.status.success()) {
        eprintln!("skipped: unshare is not permitted here");
        return;
    }
    isolated.args(["sh", "-c", &script]).stderr(Stdio::piped());
    let mut hub = Running::start(isolated);
    let client = reqwest::Client::new();
    let mut acknowledged = Vec::new();
    let refused = loop {
        let key = format!("k{}", acknowledged.len());
        match hub.issue(&client, &key).await {
            Ok((201, ticket)) => acknowledged.push((key, ticket)),
            other => break other,
        }
        assert!(acknowledged.len() < 20_000, "the disk does not fill up");
    };
    if let Ok((status, problem)) = refused {
        assert_eq!((status, &problem["code"]), (503, &"hub_stopping".into()));
    }
    let (code, log) = hub.ended();
    assert_eq!(code, Some(74), "{log}");
    assert!(log.contains("磁盘已满") && log.contains(data.to_str().unwrap()), "{log}");
    let hub = Running::start(serve(&kept));
    for (key, ticket) in acknowledged.iter().rev().take(200) {
        assert_eq!(hub.issue(&client, key).await.unwrap(), (201, ticket.clone()), "{key}");
    }
}
