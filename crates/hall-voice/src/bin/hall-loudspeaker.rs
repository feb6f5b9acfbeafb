//! A simulated loudspeaker: takes samples from stdin as fast as a real one sounds them, and keeps what sounded as WAV.
//!
//! ALSA's `file` device over `null` takes sound as fast as a program can make it, which no audio program is prepared
//! for; piped into this program it has a real device's pace. `--conf` prints such an ALSA configuration:
//!
//! ```sh
//! hall-loudspeaker --out call.wav --conf > asound.conf
//! ALSA_CONFIG_PATH=$PWD/asound.conf hall-say A012 3
//! ```

use anyhow::{Context, ensure};
use clap::Parser;
use nix::fcntl::{FcntlArg, fcntl};
use std::io::{Read, stdin};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

const RATE_HZ: u32 = 44_100;
/// About a real device's buffer: 46 ms; a pipe's usual 64 KiB would be 0.7 s of sound not yet heard.
const PIPE_BYTES: i32 = 4096;
const CHUNK_SAMPLES: usize = RATE_HZ as usize / 100;
/// Longer silence, and silence before the first sound, is not kept.
const SILENCE_MAX_SAMPLES: usize = RATE_HZ as usize;

/// 模拟扬声器 / Simulated loudspeaker: 44 100 Hz mono 16-bit samples from stdin, in real time, into a WAV file.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// 录音文件 / what sounded, as WAV
    #[arg(long)]
    out: PathBuf,
    /// 只打印 ALSA 配置 / only print an ALSA configuration that uses this loudspeaker as the default device
    #[arg(long)]
    conf: bool,
}

fn main() -> anyhow::Result<()> {
    let Arguments { out, conf } = Arguments::parse();
    if conf {
        print!("{}", alsa_configuration(&std::env::current_exe()?, &std::path::absolute(out)?)?);
        return Ok(());
    }
    // Fails when stdin is a file, which needs no limit.
    let _ = fcntl(stdin(), FcntlArg::F_SETPIPE_SZ(PIPE_BYTES));
    keep_what_sounds(&out)
}

fn alsa_configuration(program: &Path, out: &Path) -> anyhow::Result<String> {
    let quotable = |path: &Path| -> anyhow::Result<String> {
        let path = path.to_str().context("path is not UTF-8")?;
        ensure!(
            !path.contains(['\'', '"', '\\', '%']),
            "{path}: quotes, \\ and % cannot be used in ALSA's `file`"
        );
        Ok(format!("'{path}'"))
    };
    let (program, out) = (quotable(program)?, quotable(out)?);
    Ok(format!(
        r#"pcm.!default {{
    type plug
    slave {{ pcm "loudspeaker" format S16_LE rate {RATE_HZ} channels 1 }}
}}
pcm.loudspeaker {{
    type file
    slave.pcm {{ type null }}
    format "raw"
    file "|exec {program} --out {out}"
}}
"#
    ))
}

fn keep_what_sounds(out: &Path) -> anyhow::Result<()> {
    let spec = hound::WavSpec {
        channels: 1,
        sample_rate: RATE_HZ,
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    let mut wav = hound::WavWriter::create(out, spec).with_context(|| out.display().to_string())?;
    let mut input = stdin().lock();
    let mut chunk = [0; CHUNK_SAMPLES * 2];
    let mut due = Instant::now();
    let mut silent_samples = SILENCE_MAX_SAMPLES;
    while input.read_exact(&mut chunk).is_ok() {
        for bytes in chunk.as_chunks::<2>().0 {
            let sample = i16::from_le_bytes(*bytes);
            silent_samples = if sample == 0 { silent_samples + 1 } else { 0 };
            if silent_samples <= SILENCE_MAX_SAMPLES {
                wav.write_sample(sample)?;
            }
        }
        if silent_samples < SILENCE_MAX_SAMPLES {
            wav.flush()?;
        }
        // Behind time (the program made no sound), a loudspeaker does not hurry afterwards.
        due = due.max(Instant::now() - Duration::from_millis(20)) + Duration::from_millis(10);
        std::thread::sleep(due.saturating_duration_since(Instant::now()));
    }
    Ok(wav.finalize()?)
}
