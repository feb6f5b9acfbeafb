//! A call, said aloud: call → phrase → clips → loudspeaker. Knows nothing of the hub; a missing or lost
//! loudspeaker never stops who uses it.
//!
//! ```no_run
//! use hall_voice::{Announcement, Voice, VoiceConfig};
//! use std::time::Duration;
//!
//! let voice = Voice::start(&VoiceConfig::default(), |report| println!("{report:?}"))?;
//! voice.announce(Announcement::new(17, "A012", 3, Duration::ZERO)?);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! **Under load.** An announcement with chime, read twice, lasts about ten seconds; a zone may get twenty calls a
//! minute. So what waits decides how the next one is said: see [`Brevity::for_waiting`]. What waited longer than
//! `stale_after_ms` is not said at all, a recall replaces the waiting call of the same ticket, and at most
//! [`WAITING_MAX`] wait.

mod announcement;
mod clip;
mod config;
mod pack;
mod phrase;
mod plan;
mod queue;
mod speaker;
mod voice;

pub use announcement::{Announcement, AnnouncementError, CallKey, CounterNumber, TicketNumber};
pub use config::{ConfigError, Language, VoiceConfig};
pub use pack::{ClipFault, PackError};
pub use plan::{Brevity, VoicePlan};
pub use queue::{DropReason, WAITING_MAX};
pub use voice::{Report, Voice, VoiceError};
