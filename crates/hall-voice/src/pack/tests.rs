use super::*;
use crate::announcement::Announcement;
use crate::plan::Brevity;
use std::path::Path;
use std::time::Duration;

const BOTH: [Language; 2] = [Language::Zh, Language::En];

fn config(packs: Option<&Path>) -> VoiceConfig {
    let packs = packs.map(Path::to_owned);
    VoiceConfig { languages: BOTH.to_vec(), yao: true, packs, ..VoiceConfig::default() }
}

/// The built-in packs written out, to be spoilt by a test.
fn packs_on_disk() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (pack, files) in EMBEDDED {
        fs::create_dir(folder.path().join(pack)).unwrap();
        for (name, bytes) in *files {
            fs::write(folder.path().join(pack).join(name), bytes).unwrap();
        }
    }
    folder
}

fn write_wav(path: &Path, sample_rate: u32, channels: u16, samples: &[i16]) {
    let spec = hound::WavSpec {
        channels,
        sample_rate,
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    let mut wav = hound::WavWriter::create(path, spec).unwrap();
    samples.iter().for_each(|&sample| wav.write_sample(sample).unwrap());
    wav.finalize().unwrap();
}

fn fault(folder: &Path) -> PackError {
    Packs::load(&config(Some(folder))).unwrap_err()
}

#[test]
fn built_in_packs_are_complete_level_and_trimmed() {
    let packs = Packs::load(&config(None)).unwrap();
    for ((language, clip), samples) in &packs.clips {
        let duration_ms = samples.len() as u32 * 1000 / SAMPLE_RATE_HZ;
        let peak = samples.iter().fold(0.0_f32, |peak, sample| peak.max(sample.abs()));
        let rms = (samples.iter().map(|sample| sample * sample).sum::<f32>() / samples.len() as f32).sqrt();
        let loud = |sample: &f32| sample.abs() > 0.01;
        let lead_ms = samples.iter().position(loud).unwrap() as u32 * 1000 / SAMPLE_RATE_HZ;
        let tail_ms = samples.iter().rev().position(loud).unwrap() as u32 * 1000 / SAMPLE_RATE_HZ;
        let name = format!("{}/{clip}", language.code());
        assert!((150..1500).contains(&duration_ms), "{name} lasts {duration_ms} ms");
        assert!(peak < 0.95, "{name} peaks at {peak}");
        assert!((0.08..0.14).contains(&rms), "{name} has an RMS of {rms}");
        assert!(lead_ms <= 60, "{name} begins with {lead_ms} ms of silence");
        assert!(tail_ms <= 60 || *clip == Clip::Chime, "{name} ends with {tail_ms} ms of silence");
    }
    assert_eq!(packs.clips.len(), BOTH.iter().map(|&language| needed(language, true).len()).sum::<usize>());
}

#[test]
fn built_in_packs_hold_nothing_that_is_never_said() {
    for (language, (pack, files)) in BOTH.iter().rev().zip(EMBEDDED) {
        assert_eq!(*pack, language.code());
        let mut expect: Vec<_> = needed(*language, true).iter().map(|clip| format!("{clip}.wav")).collect();
        expect.push("pack.toml".to_owned());
        expect.sort();
        assert_eq!(files.iter().map(|(name, _)| (*name).to_owned()).collect::<Vec<_>>(), expect);
    }
}

#[test]
fn how_long_a_call_lasts() {
    let packs = Packs::load(&config(None)).unwrap();
    let both = config(None);
    let zh = VoiceConfig { languages: vec![Language::Zh], ..config(None) };
    let check = |config: &VoiceConfig, counter, brevity, expect_ms: std::ops::Range<usize>| {
        let call = Announcement::new(1, "A012", counter, Duration::ZERO).unwrap();
        let samples = packs.render(&VoicePlan::new(config, &call, brevity), config.volume_percent);
        let ms = samples.len() * 1000 / SAMPLE_RATE_HZ as usize;
        println!("{brevity:?} to counter {counter}: {ms} ms");
        assert!(expect_ms.contains(&ms), "{brevity:?} to counter {counter}: {ms} ms");
    };
    check(&zh, 3, Brevity::Full, 9_000..10_600);
    check(&zh, 231, Brevity::Full, 10_500..12_500);
    check(&zh, 3, Brevity::Once, 3_500..4_400);
    check(&zh, 3, Brevity::Terse, 2_500..2_900);
    check(&zh, 231, Brevity::Terse, 3_400..4_200);
    check(&both, 3, Brevity::Full, 17_000..20_000);
}

#[test]
fn every_missing_or_wrong_clip_is_named_at_once() {
    let folder = packs_on_disk();
    let zh = folder.path().join("zh");
    fs::remove_file(zh.join("qing.wav")).unwrap();
    fs::remove_file(zh.join("digit-1-yao.wav")).unwrap();
    fs::write(zh.join("letter-A.wav"), "not a sound").unwrap();
    write_wav(&zh.join("letter-B.wav"), 44_100, 2, &[1, 1]);
    write_wav(&zh.join("letter-C.wav"), SAMPLE_RATE_HZ, 1, &[]);
    let PackError::Clips { faults, .. } = fault(folder.path()) else { panic!("not about clips") };
    let names: Vec<_> = faults.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["letter-A.wav", "letter-B.wav", "letter-C.wav", "qing.wav", "digit-1-yao.wav"]);
    assert!(matches!(faults[0].1, ClipFault::Unreadable(_)));
    assert!(matches!(faults[1].1, ClipFault::Format(_)));
    assert_eq!([&faults[2].1, &faults[3].1], [&ClipFault::Length, &ClipFault::Missing]);
}

#[test]
fn a_clip_that_is_never_said_may_be_missing() {
    let folder = packs_on_disk();
    fs::remove_file(folder.path().join("zh/digit-1-yao.wav")).unwrap();
    fs::remove_dir_all(folder.path().join("en")).unwrap();
    let without_yao = VoiceConfig { yao: false, ..config(Some(folder.path())) };
    Packs::load(&without_yao).unwrap();
}

#[test]
fn a_mistyped_folder_is_not_taken_for_none() {
    let folder = tempfile::tempdir().unwrap();
    let absent = folder.path().join("absent");
    assert!(matches!(fault(&absent), PackError::NoFolder(path) if path == absent));
}

#[test]
fn a_wrong_manifest_is_refused() {
    let manifest = |language: &str, rate: u32, more: &str| {
        format!(
            "name = 'x'\nlanguage = '{language}'\nsource = 'x'\nlicence = 'x'\nsample_rate_hz = {rate}\n{more}"
        )
    };
    for (text, expect) in [
        (manifest("en", 22_050, ""), "in the folder of \"zh\""),
        (manifest("zh", 44_100, ""), "not 16000 or 22050"),
        (manifest("zh", 22_050, "speaker = 'x'"), "unknown field `speaker`"),
        ("name = 'x'".to_owned(), "missing field `language`"),
    ] {
        let folder = packs_on_disk();
        fs::write(folder.path().join("zh/pack.toml"), text).unwrap();
        let fault = fault(folder.path()).to_string();
        assert!(fault.contains(expect), "{fault}");
    }
}

#[test]
fn own_recordings_at_16_khz_last_as_long() {
    let folder = packs_on_disk();
    let zh = folder.path().join("zh");
    let manifest = fs::read_to_string(zh.join("pack.toml")).unwrap();
    fs::write(zh.join("pack.toml"), manifest.replace("22050", "16000")).unwrap();
    for clip in needed(Language::Zh, true) {
        write_wav(&zh.join(format!("{clip}.wav")), 16_000, 1, &[8_000; 8_000]);
    }
    let packs = Packs::load(&config(Some(folder.path()))).unwrap();
    let samples = &packs.clips[&(Language::Zh, Clip::Qing)];
    let half_a_second = SAMPLE_RATE_HZ as usize / 2;
    assert!(samples.len().abs_diff(half_a_second) < 10, "{} samples", samples.len());
    assert!((samples[half_a_second / 2] - 8_000.0 / 32_768.0).abs() < 0.001);
}
