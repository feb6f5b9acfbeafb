//! What kind of printer it is: what its manual says of its ROM, its paper, its line and its answers.

use super::rom::Rom;

/// Printable dots of 80 mm paper at 203 dpi.
pub const PAPER_80_MM_DOTS: u32 = 576;
/// Printable dots of 58 mm paper at 203 dpi.
pub const PAPER_58_MM_DOTS: u32 = 384;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Model {
    pub rom: Rom,
    pub paper_dots: u32,
    /// Off-line it takes no byte at all, so that it hears no question either (Citizen's default).
    pub busy_when_offline: bool,
    /// Obeys `DLE EOT`, `DLE ENQ` and `DLE DC4` also inside the data of another command, which then lacks those bytes.
    pub obeys_inside_data: bool,
    pub answers: Answers,
    pub native_qr: bool,
    pub barcodes: bool,
    /// Bytes it holds back while it cannot print; then it stops reading.
    pub buffer_bytes: usize,
    /// Forgets what it holds back when the paper ends.
    pub forgets_when_paper_ends: bool,
}

/// Which questions are answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Answers {
    /// `DLE EOT` 1 to 4.
    pub real_time: [bool; 4],
    /// Status by itself after `GS a`.
    pub auto_status: bool,
    /// `GS r` 1 and 2.
    pub transmit_status: bool,
    /// `GS ( H` function 48.
    pub process_id: bool,
}

impl Answers {
    pub const ALL: Self =
        Self { real_time: [true; 4], auto_status: true, transmit_status: true, process_id: true };
    /// A line of which only the sending side is wired.
    pub const NONE: Self =
        Self { real_time: [false; 4], auto_status: false, transmit_status: false, process_id: false };
}

/// 80 mm, with everything the manuals describe.
impl Default for Model {
    fn default() -> Self {
        Self {
            rom: Rom::Gb18030,
            paper_dots: PAPER_80_MM_DOTS,
            busy_when_offline: false,
            obeys_inside_data: false,
            answers: Answers::ALL,
            native_qr: true,
            barcodes: true,
            buffer_bytes: 64 * 1024,
            forgets_when_paper_ends: false,
        }
    }
}

impl Model {
    pub fn narrow() -> Self {
        Self { paper_dots: PAPER_58_MM_DOTS, ..Self::default() }
    }

    /// A Western printer: every byte of a Hanzi is a character of code page 437.
    pub fn without_chinese() -> Self {
        Self { rom: Rom::None, ..Self::default() }
    }

    /// Citizen CT-S300 as delivered: busy whenever off-line, 4 KB.
    pub fn busy_when_offline() -> Self {
        Self { busy_when_offline: true, buffer_bytes: 4096, ..Self::default() }
    }

    /// Xprinter XP-80: a GBK ROM, no process id, obeys real-time commands wherever it sees them.
    pub fn obeys_inside_data() -> Self {
        let answers = Answers { process_id: false, ..Answers::ALL };
        Self { rom: Rom::Gbk, obeys_inside_data: true, answers, ..Self::default() }
    }

    /// The poorest sold: GB2312, 58 mm, no codes of its own, no answer to anything, a buffer of a few lines.
    pub fn poor() -> Self {
        Self {
            rom: Rom::Gb2312,
            answers: Answers::NONE,
            native_qr: false,
            barcodes: false,
            buffer_bytes: 1024,
            ..Self::narrow()
        }
    }

    /// Every kind that matters to a sender, with a name for messages.
    pub fn families() -> [(&'static str, Self); 6] {
        [
            ("80 mm", Self::default()),
            ("58 mm", Self::narrow()),
            ("without Chinese", Self::without_chinese()),
            ("busy when off-line", Self::busy_when_offline()),
            ("obeys inside data", Self::obeys_inside_data()),
            ("poor", Self::poor()),
        ]
    }
}
