//! The commands of ESC/POS a slip is made of. From the Epson TM-T88III Programming Guide and the SNBC BT-T080
//! Programming Manual.

/// Why bytes are not a slip.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    #[error("unknown command {0:02X?}")]
    Unknown(Vec<u8>),
    #[error("{command}: value {value} is not allowed")]
    BadValue { command: &'static str, value: u32 },
    #[error("the bytes end inside a command")]
    Truncated,
    #[error("text that is not in the printer's ROM: {0:02X?}")]
    BadText(Vec<u8>),
    #[error("Chinese text outside Chinese mode (FS &): {0:02X?}")]
    NotInChineseMode(Vec<u8>),
    #[error("a line of {width_dots} dots does not fit the paper: {text}")]
    LineTooWide { text: String, width_dots: u32 },
    #[error("{0} in the middle of a line")]
    InsideLine(&'static str),
    #[error("a real-time command inside image data")]
    RealTimeInImage,
    #[error("a code printed before it was complete")]
    CodeIncomplete,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    Left,
    Centre,
    Right,
}

/// What a barcode is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Symbology {
    Code39,
    Code128,
}

/// Obeyed when it comes, not when its turn comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RealTime {
    /// `DLE EOT n`
    Ask(u8),
    /// `DLE ENQ 2`: recover from an error and forget what was sent.
    RecoverAndClear,
    /// `DLE DC4 8`
    Clear,
    /// A pulse to a drawer nobody has, or a recovery that needs hands.
    Nothing,
}

/// One command, or a run of text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// NUL between commands does nothing.
    Idle,
    Text(Vec<u8>),
    LineFeed,
    Initialise,
    Align(Align),
    Bold(bool),
    FeedLines(u8),
    FeedDots(u8),
    LineSpacing(u8),
    Size {
        width: u8,
        height: u8,
    },
    ChineseMode(bool),
    Cut {
        partial: bool,
    },
    QrModel(u8),
    QrModule(u8),
    QrLevel(u8),
    QrStore(Vec<u8>),
    QrPrint,
    BarcodeHeight(u8),
    BarcodeModule(u8),
    /// Whether the text stands under the bars.
    BarcodeText(bool),
    Barcode {
        symbology: Symbology,
        data: Vec<u8>,
    },
    Image {
        width_bytes: usize,
        rows: usize,
        bits: Vec<u8>,
    },
    AskPaper,
    AskDrawer,
    AutoStatus(u8),
    ProcessId([u8; 4]),
    RealTime(RealTime),
}
