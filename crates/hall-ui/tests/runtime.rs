//! The bridge between screen and backend. The event loop belongs to the process, hence one test.
#![allow(clippy::unwrap_used)]

use std::cell::RefCell;
use std::process::Command;
use std::rc::Rc;

use hall_ui::{RuntimeError, spawn_backend};
use tokio::sync::mpsc;

#[test]
fn commands_go_out_messages_come_back_and_every_end_is_clean() {
    i_slint_backend_testing::init_integration_test_with_system_time();
    the_screen_ends_with_its_backend();
    the_window_ends_the_backend();
    a_signal_ends_both();
    a_panic_is_reported();
}

fn the_screen_ends_with_its_backend() {
    let (commands, backend) = spawn_backend(|mut commands: mpsc::Receiver<u32>, messages| async move {
        for _ in 0..3 {
            let Some(number) = commands.recv().await else { return };
            messages.send(number * 2).await.unwrap();
        }
    })
    .unwrap();
    commands.send(1);
    let seen = Rc::new(RefCell::new(Vec::new()));
    let log = Rc::clone(&seen);
    backend
        .run_screen(move |doubled: u32| {
            log.borrow_mut().push(doubled);
            commands.send(doubled);
        })
        .unwrap();
    assert_eq!(*seen.borrow(), [2, 4, 8]);
}

fn the_window_ends_the_backend() {
    let (_commands, backend) = spawn_backend(|_: mpsc::Receiver<()>, messages| async move {
        messages.send(()).await.unwrap();
        std::future::pending().await
    })
    .unwrap();
    backend.run_screen(|()| slint::quit_event_loop().unwrap()).unwrap();
}

#[cfg(unix)]
fn a_signal_ends_both() {
    for signal in ["-TERM", "-INT"] {
        let (_commands, backend) = spawn_backend(|_: mpsc::Receiver<()>, messages| async move {
            messages.send(()).await.unwrap();
            std::future::pending().await
        })
        .unwrap();
        let kill = move |()| {
            let own_id = std::process::id().to_string();
            assert!(Command::new("kill").args([signal, &own_id]).status().unwrap().success());
        };
        backend.run_screen(kill).unwrap();
    }
}

fn a_panic_is_reported() {
    let (_commands, backend) =
        spawn_backend(|_: mpsc::Receiver<()>, messages: mpsc::Sender<()>| async move {
            drop(messages);
            panic!("this panic belongs to the test");
        })
        .unwrap();
    assert!(matches!(backend.run_screen(|()| ()), Err(RuntimeError::Panicked)));
}
