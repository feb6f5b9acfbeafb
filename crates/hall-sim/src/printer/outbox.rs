//! What the printer says to the program: answers as they should be, or acknowledgements gone wrong.

use std::time::Duration;

use super::fault::AckFault;
use super::health::Health;

/// Beyond it nobody listens.
const ANSWERS_MAX: usize = 4096;

/// Bytes for the program, ready after a while.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    pub bytes: Vec<u8>,
    pub delay: Duration,
}

#[derive(Debug, Default)]
pub struct Outbox {
    pub silent: bool,
    pub acks: AckFault,
    waiting: Vec<Answer>,
}

impl Outbox {
    pub fn say(&mut self, bytes: &[u8]) {
        self.say_after(bytes, Duration::ZERO);
    }

    /// `GS r 1` is answered in its turn, so that it tells that all before it was done.
    pub fn acknowledge_paper(&mut self, health: Health) {
        self.acknowledge(&[if self.acks == AckFault::PaperOut { 0x0F } else { health.paper() }]);
    }

    /// `GS ( H` function 48.
    pub fn acknowledge_process(&mut self, [d1, d2, d3, d4]: [u8; 4]) {
        let wrong = if d4 == b'0' { b'1' } else { b'0' };
        let d4 = if self.acks == AckFault::OtherId { wrong } else { d4 };
        self.acknowledge(&[0x37, 0x22, d1, d2, d3, d4, 0]);
    }

    pub fn take(&mut self) -> Vec<Answer> {
        std::mem::take(&mut self.waiting)
    }

    fn acknowledge(&mut self, bytes: &[u8]) {
        match self.acks {
            AckFault::Right | AckFault::OtherId | AckFault::PaperOut => self.say(bytes),
            AckFault::LateMs(ms) => self.say_after(bytes, Duration::from_millis(ms.into())),
            AckFault::Twice => {
                self.say(bytes);
                self.say(bytes);
            }
            AckFault::Missing => {}
        }
    }

    fn say_after(&mut self, bytes: &[u8], delay: Duration) {
        if !self.silent && self.waiting.len() < ANSWERS_MAX {
            self.waiting.push(Answer { bytes: bytes.to_vec(), delay });
        }
    }
}
