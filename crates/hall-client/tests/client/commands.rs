//! Commands: carried out once, however often they had to be sent; refused for a reason that programs can read.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

use hall_client::{ClientError, Hub, Key, Update, follow};
use hall_core::CounterNumber;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::sync::mpsc;

use crate::hall::{COUNTER, Hall, PATIENCE, wish};
use crate::proxy::{Line, Proxy};

/// A hall, and a terminal at the end of a line that can be broken.
pub async fn hall_and_line() -> (Hall, Proxy, Hub) {
    let hall = Hall::start().await;
    let proxy = Proxy::to(hall.addr).await;
    let hub = Hub::new(&proxy.url(), None).unwrap();
    (hall, proxy, hub)
}

/// How much of a reply is lost: all, half a body, its last byte.
pub const SHORT_BY: [usize; 3] = [usize::MAX, 60, 1];

#[tokio::test]
async fn a_lost_reply_to_issue_gives_no_second_number() {
    let (hall, proxy, hub) = hall_and_line().await;
    for (given, short_by) in SHORT_BY.into_iter().enumerate() {
        proxy.cut_next_reply(short_by);
        let reply = hub.issue(&wish("id-card")).await.unwrap();
        assert_eq!(proxy.replies_cut(), given as u64 + 1);
        let view = hall.view().await;
        assert_eq!((view.tickets.len(), view.seq), (given + 1, reply.seq), "short by {short_by}");
        let ticket = &view.tickets[&reply.ticket.id];
        assert_eq!(ticket.number, reply.ticket.number);
        assert_eq!(ticket.number.as_str(), format!("S{:03}", given + 1));
    }
}

#[tokio::test]
async fn a_lost_reply_to_a_counter_calls_nobody_else_and_does_nothing_twice() {
    let (hall, proxy, hub) = hall_and_line().await;
    hall.issue("id-card", SHORT_BY.len() + 1).await;
    hub.open(COUNTER).await.unwrap();
    for (served, short_by) in SHORT_BY.into_iter().enumerate() {
        proxy.cut_next_reply(short_by);
        let call = hub.call_next(COUNTER).await.unwrap();
        let called = call.ticket.unwrap();
        assert_eq!(called.number.as_str(), format!("S{:03}", served + 1));
        let view = hall.view().await;
        assert_eq!(view.ticket_at(COUNTER).unwrap().id, called.id, "short by {short_by}");
        assert_eq!((view.calls.len(), view.seq), (served + 1, call.seq));
        proxy.cut_next_reply(short_by);
        assert_eq!(hub.recall(COUNTER).await.unwrap().ticket.unwrap().calls, 2);
        proxy.cut_next_reply(short_by);
        hub.start(COUNTER).await.unwrap();
        proxy.cut_next_reply(short_by);
        let finished = hub.finish(COUNTER).await.unwrap();
        assert_eq!(finished.seq, hall.view().await.seq);
    }
    assert_eq!(proxy.replies_cut(), 4 * SHORT_BY.len() as u64);
}

#[tokio::test]
async fn a_command_to_a_silent_hub_is_sent_again_and_carried_out_once() {
    let (hall, proxy, hub) = hall_and_line().await;
    proxy.set(Line::Silent);
    let issue = tokio::spawn(async move { hub.issue(&wish("id-card")).await });
    tokio::time::timeout(PATIENCE, proxy.asked_for(2)).await.unwrap();
    proxy.set(Line::Passing);
    let reply = issue.await.unwrap().unwrap();
    let view = hall.view().await;
    assert_eq!((view.tickets.len(), view.seq), (1, reply.seq));
}

#[tokio::test]
async fn who_asks_again_with_the_same_key_gets_the_number_that_was_given() {
    let (hall, proxy, hub) = hall_and_line().await;
    let (wish, key) = (wish("id-card"), Key::random());
    proxy.set(Line::Silent);
    let error = hub.issue_once(&wish, &key).await.unwrap_err();
    assert!(error.leaves_open(), "{error}");
    assert_eq!(hall.view().await.tickets.len(), 1);
    proxy.set(Line::Passing);
    let reply = hub.issue_once(&wish, &key).await.unwrap();
    assert_eq!(reply.ticket.number.as_str(), "S001");
    assert_eq!(hall.view().await.tickets.len(), 1);
    assert_eq!(hub.issue(&wish).await.unwrap().ticket.number.as_str(), "S002");
}

#[tokio::test]
async fn a_hub_that_stays_away_is_told_of() {
    let (hall, proxy, hub) = hall_and_line().await;
    proxy.set(Line::Refusing);
    let error = hub.issue(&wish("id-card")).await.unwrap_err();
    assert!(matches!(error, ClientError::Away(_)), "{error}");
    assert!(proxy.connections() > 3, "tried {} times", proxy.connections());
    assert!(matches!(hub.plan().await, Err(ClientError::Away(_))));
    assert!(hall.view().await.tickets.is_empty());
}

#[tokio::test]
async fn a_refusal_comes_with_its_code_and_changes_nothing() {
    let hall = Hall::start().await;
    let hub = &hall.hub;
    let before = hall.view().await.seq;
    let nowhere = CounterNumber(99);
    let refusals = [
        (hub.issue(&wish("no-such-service")).await.map(drop), 422, "unknown_service"),
        (hub.call_next(COUNTER).await.map(drop), 409, "counter_closed"),
        (hub.open(nowhere).await.map(drop), 404, "unknown_counter"),
        (hub.finish(COUNTER).await.map(drop), 409, "nothing_serving"),
    ];
    for (reply, status, code) in refusals {
        let error = reply.unwrap_err();
        assert_eq!(error.code(), Some(code), "{error}");
        let ClientError::Refused(problem) = error else { panic!("{error}") };
        assert_eq!(problem.status, status, "{code}");
        assert!(!problem.title_zh.is_ascii(), "{code}");
    }
    assert_eq!(hall.view().await.seq, before);
}

#[test]
fn what_is_no_address_is_refused_before_anything_is_sent() {
    for text in [
        "",
        "hall",
        "127.0.0.1:7900",
        "localhost:7900",
        "ftp://hall",
        "https://hall",
        "http://",
        "http://hall:79000",
    ] {
        let error = Hub::new(text, None).unwrap_err();
        assert!(matches!(error, ClientError::Address(_)), "{text:?}");
        assert!(error.to_string().contains("http://192.168.1.10:7900"), "{error}");
    }
}

#[tokio::test]
async fn what_is_no_hub_is_not_asked_again() {
    for status in ["200 OK", "404 Not Found", "502 Bad Gateway"] {
        let (addr, requests) = web_page(status).await;
        let hub = Hub::new(&format!("http://{addr}"), None).unwrap();
        let error = hub.issue(&wish("id-card")).await.unwrap_err();
        assert!(matches!(error, ClientError::Unreadable(_)), "{status}: {error}");
        assert!(matches!(hub.plan().await, Err(ClientError::Unreadable(_))), "{status}");
        assert_eq!(requests.load(SeqCst), 2, "{status}");
    }
}

#[tokio::test]
async fn who_follows_what_is_no_hub_hears_so() {
    let (addr, _) = web_page("200 OK").await;
    let (out, mut updates) = mpsc::channel(1);
    tokio::spawn(follow(Hub::new(&format!("http://{addr}"), None).unwrap(), out, |update| update));
    let Some(Update::Away(cause)) = updates.recv().await else { panic!("a web page is followed") };
    assert!(cause.contains("not a hub's") && cause.contains("text/html"), "{cause}");
}

/// Some other server, which answers everything with a page; counts what it was asked.
async fn web_page(status: &'static str) -> (SocketAddr, Arc<AtomicUsize>) {
    const PAGE: &str = "<!doctype html><title>Router</title>";
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let addr = listener.local_addr().unwrap();
    let requests = Arc::new(AtomicUsize::new(0));
    let counted = requests.clone();
    tokio::spawn(async move {
        loop {
            let (mut client, _) = listener.accept().await.unwrap();
            let mut request = Vec::new();
            while !request.windows(4).any(|window| window == b"\r\n\r\n") {
                client.read_buf(&mut request).await.unwrap();
            }
            counted.fetch_add(1, SeqCst);
            let head = format!("HTTP/1.1 {status}\r\ncontent-type: text/html\r\nconnection: close\r\n");
            let reply = format!("{head}content-length: {}\r\n\r\n{PAGE}", PAGE.len());
            client.write_all(reply.as_bytes()).await.unwrap();
            // The rest of the request is read, so that closing resets nothing.
            client.shutdown().await.unwrap();
            while client.read_buf(&mut request).await.is_ok_and(|len| len > 0) {}
        }
    });
    (addr, requests)
}
