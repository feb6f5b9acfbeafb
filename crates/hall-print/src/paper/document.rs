//! Everything that can be printed, and how each becomes blocks.

use super::fill::{Filling, Values, fill};
use super::sheet::Block;
use super::{Appointment, CallingSheet, Notice, Slip, Template, TestPage};
use crate::{Error, Profile};

const NOTES_MAX: usize = 20;

/// What is to be printed.
#[derive(Debug, Clone, Copy)]
pub enum Document<'a> {
    Slip(&'a Slip),
    /// The same slip for a citizen who sees badly.
    LargeSlip(&'a Slip),
    Appointment(&'a Appointment),
    Notice(&'a Notice),
    CallingSheet(&'a CallingSheet),
    TestPage(&'a TestPage),
}

macro_rules! document_from {
    ($($name:ident),*) => {
        $(impl<'a> From<&'a $name> for Document<'a> {
            fn from(document: &'a $name) -> Self {
                Document::$name(document)
            }
        })*
    };
}

document_from!(Slip, Appointment, Notice, CallingSheet, TestPage);

impl Document<'_> {
    pub(super) fn layout(self, template: &Template, profile: &Profile) -> Result<Vec<Block>, Error> {
        let columns = profile.columns();
        let filled = |items, filling: Filling| {
            let count = filling.notes.len();
            if count > NOTES_MAX {
                return Err(Error::TooMany { what: "notes", count, max: NOTES_MAX });
            }
            Ok(fill(items, &filling, columns))
        };
        match self {
            Document::Slip(slip) => filled(&template.slip, slip.filling()),
            Document::LargeSlip(slip) => filled(&template.large, slip.filling()),
            Document::Appointment(appointment) => filled(&template.appointment, appointment.filling()),
            Document::Notice(notice) => notice.layout(columns, profile.fonts),
            Document::CallingSheet(sheet) => sheet.layout(columns, profile.fonts),
            Document::TestPage(page) => Ok(page.layout(profile)),
        }
    }
}

impl Slip {
    fn filling(&self) -> Filling<'_> {
        let mut values = Values::default();
        values.set_both(["hall", "hall_en"], &self.hall);
        values.set_both(["service", "service_en"], &self.service);
        values.set_both(["where", "where_en"], &self.where_to_go);
        values.set("number", &self.number);
        values.set("ahead", &self.people_ahead.to_string());
        values.set("issued_at", &self.issued_at);
        if let Some(wait) = &self.expected_wait {
            values.set_both(["wait", "wait_en"], wait);
        }
        if let Some(class) = &self.class {
            values.set_both(["class", "class_en"], class);
        }
        if let Some(code) = &self.follow_code {
            values.set("follow_code", code);
            // A phone makes nothing of a bare code; whoever asks at a desk reads it out.
            values.set(if code.contains("://") { "follow_url" } else { "ticket_code" }, code);
        }
        Filling { values, notes: &self.notes, reprint: self.reprint }
    }
}

impl Appointment {
    fn filling(&self) -> Filling<'_> {
        let mut values = Values::default();
        values.set_both(["hall", "hall_en"], &self.hall);
        values.set_both(["service", "service_en"], &self.service);
        values.set_both(["where", "where_en"], &self.where_to_go);
        values.set("date", &self.date);
        values.set("time", &self.time);
        values.set("code", &self.code);
        values.set("issued_at", &self.issued_at);
        Filling { values, notes: &self.notes, reprint: self.reprint }
    }
}
