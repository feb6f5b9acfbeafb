//! The pieces of paper nobody has taken yet. When there are too many the oldest go.

use std::collections::VecDeque;

use super::paper::Piece;

const PIECES_MAX: usize = 1000;
/// Of the bytes they were printed from.
const BYTES_MAX: usize = 16 << 20;

#[derive(Debug, Default)]
pub struct Pile {
    pieces: VecDeque<Piece>,
    bytes: usize,
}

impl Pile {
    pub fn lay(&mut self, piece: Piece) {
        self.bytes += piece.bytes.len();
        self.pieces.push_back(piece);
        while self.pieces.len() > PIECES_MAX || self.bytes > BYTES_MAX {
            self.take();
        }
    }

    /// The oldest.
    pub fn take(&mut self) -> Option<Piece> {
        let piece = self.pieces.pop_front()?;
        self.bytes -= piece.bytes.len();
        Some(piece)
    }

    pub fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }
}
