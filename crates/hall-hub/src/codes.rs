//! Codes that lead to one ticket or one appointment and cannot be guessed from another.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// Makes and reads codes: a letter or none, the id, a hyphen, and 12 hexadecimal digits of HMAC-SHA256 over what stands
/// before the hyphen.
#[derive(Clone)]
pub(crate) struct Codes {
    mac: Hmac<Sha256>,
    letter: &'static str,
}

const TAG_BYTES: usize = 6;

impl Codes {
    /// Codes on slips: they follow a ticket.
    pub fn of_tickets(secret: [u8; 32]) -> Self {
        Self { mac: keyed(secret), letter: "" }
    }

    /// Codes of appointments.
    pub fn of_appointments(secret: [u8; 32]) -> Self {
        Self { mac: keyed(secret), letter: "Y" }
    }

    pub fn code(&self, id: u64) -> String {
        let tag = self.over(id).finalize().into_bytes();
        let hex = |byte: &u8| format!("{byte:02X}");
        let letter = self.letter;
        format!("{letter}{id}-{}", tag[..TAG_BYTES].iter().map(hex).collect::<String>())
    }

    /// The id a code was made for; none for a code this hall never made.
    pub fn id(&self, code: &str) -> Option<u64> {
        let (id, tag) = code.split_once('-')?;
        if tag.len() != 2 * TAG_BYTES || !tag.is_ascii() || !id.is_ascii() {
            return None;
        }
        let (letter, id) = id.split_at_checked(self.letter.len())?;
        if !letter.eq_ignore_ascii_case(self.letter) {
            return None;
        }
        let id = id.parse().ok()?;
        let mut bytes = [0; TAG_BYTES];
        for (i, byte) in bytes.iter_mut().enumerate() {
            *byte = u8::from_str_radix(&tag[2 * i..2 * i + 2], 16).ok()?;
        }
        self.over(id).verify_truncated_left(&bytes).ok().map(|()| id)
    }

    fn over(&self, id: u64) -> Hmac<Sha256> {
        let mut mac = self.mac.clone();
        mac.update(format!("{}{id}", self.letter).as_bytes());
        mac
    }
}

/// HMAC-SHA256 under a key shorter than a block of SHA-256, which is filled up with zeros (RFC 2104, section 2).
pub(crate) fn keyed(secret: [u8; 32]) -> Hmac<Sha256> {
    let mut block = [0; 64];
    block[..secret.len()].copy_from_slice(&secret);
    Hmac::new(&block.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_its_own_code_leads_to_a_ticket() {
        let codes = Codes::of_tickets([7; 32]);
        let code = codes.code(12);
        assert_eq!(code.len(), "12-".len() + 12);
        assert_eq!(codes.id(&code), Some(12));
        assert_eq!(codes.id(&code.to_lowercase()), Some(12));
        let of_13 = code.replacen("12-", "13-", 1);
        for wrong in ["", "12", "12-", "12-000000000000", "12-ZZZZZZZZZZZZ", "12-十二十二", of_13.as_str()]
        {
            assert_eq!(codes.id(wrong), None, "{wrong:?}");
        }
        assert_ne!(Codes::of_tickets([8; 32]).code(12), code);
    }

    #[test]
    fn a_code_of_an_appointment_follows_no_ticket() {
        let (tickets, appointments) = (Codes::of_tickets([7; 32]), Codes::of_appointments([7; 32]));
        let code = appointments.code(12);
        assert!(code.starts_with("Y12-"), "{code}");
        assert_eq!((appointments.id(&code), tickets.id(&code)), (Some(12), None));
        assert_eq!(appointments.id(&code.to_lowercase()), Some(12));
        assert_eq!(appointments.id(&tickets.code(12)), None);
        assert_eq!(tickets.id(&code[1..]), None, "the letter is under the seal");
    }
}
