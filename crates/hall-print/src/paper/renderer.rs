//! Documents to jobs, for one printer model.

use image::GrayImage;

use super::brush::{Brush, MISSING};
use super::pieces::{Piece, pieces};
use super::{Document, Template, encode, preview};
use crate::{Error, Job, Profile};

/// Turns documents into jobs for one printer model. Make it once: it looks for a font and keeps what it draws.
pub struct Renderer {
    profile: Profile,
    template: Template,
    brush: Option<Brush>,
}

impl Renderer {
    pub fn new(profile: &Profile, template: Template) -> Self {
        let brush = Brush::find();
        if brush.is_none() {
            tracing::warn!(
                "no Chinese font on this machine: characters the printer lacks are printed as {MISSING}"
            );
        }
        Self { profile: profile.clone(), template, brush }
    }

    /// The document as bytes for the printer, from `ESC @` to the last cut.
    pub fn render<'a>(&self, document: impl Into<Document<'a>>) -> Result<Job, Error> {
        encode::encode(&self.pieces(document.into())?, &self.profile)
    }

    /// The paper as this printer would print it, dot for dot, with a margin around and a dashed line at each cut.
    pub fn preview<'a>(&self, document: impl Into<Document<'a>>) -> Result<GrayImage, Error> {
        let brush = self.brush.as_ref().ok_or(Error::NoFont)?;
        preview::draw(&self.pieces(document.into())?, &self.profile, brush)
    }

    fn pieces(&self, document: Document) -> Result<Vec<Piece>, Error> {
        let blocks = document.layout(&self.template, &self.profile)?;
        // A citizen stands waiting for a slip, and nobody for the other documents.
        let small = matches!(document, Document::Slip(_));
        Ok(pieces(&blocks, &self.profile, self.brush.as_ref(), small))
    }
}
