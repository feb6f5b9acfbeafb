//! The code on a slip: follows one ticket, cannot be guessed from another.

use hall_core::TicketId;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// Makes and reads codes: the ticket id, a hyphen, and 12 hexadecimal digits of HMAC-SHA256 over the id.
pub(crate) struct FollowCodes {
    mac: Hmac<Sha256>,
}

const TAG_BYTES: usize = 6;

impl FollowCodes {
    pub fn new(secret: [u8; 32]) -> Self {
        // A key shorter than a block of SHA-256 is filled up with zeros (RFC 2104, section 2).
        let mut block = [0; 64];
        block[..secret.len()].copy_from_slice(&secret);
        Self { mac: Hmac::new(&block.into()) }
    }

    pub fn code(&self, id: TicketId) -> String {
        let tag = self.over(id).finalize().into_bytes();
        let hex = |byte: &u8| format!("{byte:02X}");
        format!("{id}-{}", tag[..TAG_BYTES].iter().map(hex).collect::<String>())
    }

    /// The ticket a code was made for; none for a code this hall never made.
    pub fn ticket(&self, code: &str) -> Option<TicketId> {
        let (id, tag) = code.split_once('-')?;
        if tag.len() != 2 * TAG_BYTES || !tag.is_ascii() {
            return None;
        }
        let id = TicketId(id.parse().ok()?);
        let mut bytes = [0; TAG_BYTES];
        for (i, byte) in bytes.iter_mut().enumerate() {
            *byte = u8::from_str_radix(&tag[2 * i..2 * i + 2], 16).ok()?;
        }
        self.over(id).verify_truncated_left(&bytes).ok().map(|()| id)
    }

    fn over(&self, id: TicketId) -> Hmac<Sha256> {
        let mut mac = self.mac.clone();
        mac.update(id.to_string().as_bytes());
        mac
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_its_own_code_leads_to_a_ticket() {
        let codes = FollowCodes::new([7; 32]);
        let code = codes.code(TicketId(12));
        assert_eq!(code.len(), "12-".len() + 12);
        assert_eq!(codes.ticket(&code), Some(TicketId(12)));
        assert_eq!(codes.ticket(&code.to_lowercase()), Some(TicketId(12)));
        let of_13 = code.replacen("12-", "13-", 1);
        for wrong in ["", "12", "12-", "12-000000000000", "12-ZZZZZZZZZZZZ", "12-十二十二", of_13.as_str()]
        {
            assert_eq!(codes.ticket(wrong), None, "{wrong:?}");
        }
        assert_ne!(FollowCodes::new([8; 32]).code(TicketId(12)), code);
    }
}
