//! From a call to what comes out of a loudspeaker, with the real programs and ALSA.

#![allow(clippy::unwrap_used)]

mod support;

use std::time::{Duration, Instant};
use support::{Recording, Sound, loudspeaker_configuration};

#[test]
fn a_call_sounds_with_chime_and_twice() {
    let sound = Sound::loudspeaker();
    let began = Instant::now();
    let say = sound.say(&["A012", "3"]);
    let started = say.report();
    assert!(started.starts_with("started 1 after "), "{started}");
    assert!(started.ends_with(": 请 A012 号到 3 号窗口"), "{started}");
    assert_eq!(say.report(), "finished 1");
    let took_s = began.elapsed().as_secs_f32();
    let (success, log) = say.end();
    assert!(success, "{log}");

    let recording = Recording::read(&sound.wav_path());
    let duration_s = recording.duration_s();
    assert!((9.0..11.0).contains(&duration_s), "{duration_s} s");
    assert!(took_s > duration_s - 1.0, "{duration_s} s of sound within {took_s} s: not in real time");
    assert!(recording.peak() < 0.98, "clipped: {}", recording.peak());
    chime(&recording);
    for second in 2..9 {
        let rms = recording.rms(second as f32, second as f32 + 1.0);
        assert!(rms > 0.03, "silent from second {second}: {rms}");
    }
}

/// 叮 E5 659 Hz, then 咚 C5 523 Hz over its fading.
fn chime(recording: &Recording) {
    for (from_s, to_s, sounds_hz, not_hz) in [(0.05, 0.35, 659.26, 523.25), (0.8, 1.1, 523.25, 659.26)] {
        let sounds = recording.share_at(from_s, to_s, sounds_hz);
        let other = recording.share_at(from_s, to_s, not_hz);
        assert!(sounds > 0.5, "{sounds_hz} Hz has {sounds} of the energy from {from_s} s");
        assert!(sounds > 2.0 * other, "{sounds_hz} Hz {sounds}, {not_hz} Hz {other}");
    }
    let speech = recording.share_at(3.0, 3.3, 659.26) + recording.share_at(3.0, 3.3, 523.25);
    assert!(speech < 0.3, "the chime goes on through the speech: {speech}");
}

#[test]
fn without_a_device_calls_are_dropped_and_it_is_said_once() {
    let sound = Sound::with_configuration(|_| "pcm.!default { type hw card 31 }\n".to_owned());
    let mut say = sound.say(&[]);
    for (key, line) in (1..).zip(["A001 1", "A002 2", "A003 3"]) {
        say.call(line);
        assert_eq!(say.report(), format!("dropped {key}: NoDevice"));
    }
    let (success, log) = say.end();
    assert!(!success);
    assert_eq!(log.matches("no loudspeaker").count(), 1, "{log}");
    assert!(!log.contains("ALSA lib"), "alsa-lib's own messages get out: {log}");
}

#[test]
fn a_lost_device_is_found_again() {
    // The first one to open the device gets a loudspeaker that breaks after two seconds' worth of samples.
    let sound = Sound::with_configuration(|folder| {
        let broken = folder.join("broken").display().to_string();
        let breaks = format!("\"|if mkdir '{broken}'; then exec head -c 100000 >/dev/null; fi; exec ");
        loudspeaker_configuration(folder).replace("\"|exec ", &breaks)
    });
    let mut say = sound.say(&["--times", "1"]);
    let (mut key, deadline) = (0, Instant::now() + Duration::from_secs(30));
    loop {
        assert!(Instant::now() < deadline, "the loudspeaker was not found again");
        key += 1;
        say.call(&format!("A{key:03} 7"));
        let mut report = say.report();
        if report.starts_with("started") {
            report = say.report();
        }
        if report == format!("finished {key}") {
            break;
        }
        assert_eq!(report, format!("dropped {key}: NoDevice"));
    }
    let (_, log) = say.end();
    assert!(key > 1, "the device was never lost: {log}");
    assert_eq!(log.matches("no loudspeaker").count(), 1, "{log}");
    assert!(Recording::read(&sound.wav_path()).duration_s() > 4.0);
}

#[test]
fn a_device_that_hangs_is_given_up() {
    // Nobody reads: once the pipe is full, the audio thread hangs in a write.
    let sound = Sound::with_configuration(|folder| {
        let configuration = loudspeaker_configuration(folder);
        let command = configuration.find("\"|exec ").unwrap();
        format!("{}\"|exec sleep 15 2>/dev/null\"\n}}\n", &configuration[..command])
    });
    let mut say = sound.say(&["--times", "1"]);
    say.call("A001 1");
    // Silence may have filled the pipe before the call came.
    let mut report = say.report();
    if report.starts_with("started 1 ") {
        report = say.report();
    }
    assert_eq!(report, "dropped 1: NoDevice");
    let (success, log) = say.end();
    assert!(!success);
    assert!(log.contains("it takes no sound"), "{log}");
}
