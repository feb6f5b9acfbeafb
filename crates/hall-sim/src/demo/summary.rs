//! What one citizen's way through the hall came to.

use anyhow::{Result, bail};
use serde::Serialize;

/// Written as `summary.json`. Times are from the pointer's press to what a person would notice.
#[derive(Clone, Debug, Serialize)]
pub struct Summary {
    pub ticket_number: String,
    pub service: String,
    pub counter: u16,
    /// The number as an independent decoder reads it from the slip's bytes.
    pub slip_number: String,
    /// The number the board says it shows.
    pub board_number: String,
    /// What the voice said.
    pub voice_text: String,
    pub hall: String,
    /// From touching the service to the first byte of the slip on the serial line.
    pub touch_to_first_byte_ms: f64,
    /// From pressing the counter's button to changed pixels among the board's calls.
    pub call_to_board_ms: f64,
    /// From pressing the counter's button to the first samples given to the sound device.
    pub call_to_voice_ms: f64,
    /// The same to sound in the recording: with the buffers of the simulated loudspeaker, up to a second more.
    pub call_to_recording_ms: f64,
    /// Largest sample of the recording, 0 to 1.
    pub voice_peak: f64,
}

impl Summary {
    /// The number is one and the same on paper, board and in the voice.
    pub fn check(&self) -> Result<()> {
        let same = self.slip_number == self.ticket_number
            && self.board_number == self.ticket_number
            && says(&self.voice_text, &self.ticket_number);
        if !same {
            bail!("the number is not the same everywhere: {self:?}");
        }
        if self.voice_peak < 0.05 {
            bail!("the recording is silent: {self:?}");
        }
        Ok(())
    }
}

/// Whether the words contain the number, with or without spaces between its letters and digits.
fn says(text: &str, number: &str) -> bool {
    let letters = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
    letters(text).contains(&letters(number))
}
