//! Persons as keyed hashes. For tickets the key is made when a business day opens and destroyed when it closes, so that
//! afterwards nobody can tell who had which; for appointments there is one key, since they are counted over weeks.

use std::sync::{PoisonError, RwLock};

use hall_core::PersonHash;
use hmac::Mac;

use crate::codes::keyed;

/// Bytes of a hash that are kept.
const HASH_BYTES: usize = 16;
/// Longest number of a document.
const CHARS_MAX: usize = 64;

/// The keys of a running hub.
pub(crate) struct Persons {
    of_the_day: RwLock<Option<[u8; 32]>>,
    of_appointments: [u8; 32],
}

/// Why a person cannot be told from others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NoPerson {
    /// The text is empty or longer than 64 characters.
    Unreadable,
    /// No business day is open.
    DayClosed,
}

impl Persons {
    pub fn new(of_the_day: Option<[u8; 32]>, of_appointments: [u8; 32]) -> Self {
        Self { of_the_day: RwLock::new(of_the_day), of_appointments }
    }

    /// The key of the open day, or none from now on.
    pub fn set_key_of_the_day(&self, key: Option<[u8; 32]>) {
        *self.of_the_day.write().unwrap_or_else(PoisonError::into_inner) = key;
    }

    /// Somebody who takes a number today.
    pub fn today(&self, document: &str) -> Result<PersonHash, NoPerson> {
        let key = *self.of_the_day.read().unwrap_or_else(PoisonError::into_inner);
        hash(key.ok_or(NoPerson::DayClosed)?, document)
    }

    /// Somebody who books.
    pub fn booking(&self, document: &str) -> Result<PersonHash, NoPerson> {
        hash(self.of_appointments, document)
    }
}

/// The same document gives the same hash however it is typed: spaces within and letters' case count for nothing.
fn hash(key: [u8; 32], document: &str) -> Result<PersonHash, NoPerson> {
    let text: String = document.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_uppercase).collect();
    if !(1..=CHARS_MAX).contains(&text.chars().count()) {
        return Err(NoPerson::Unreadable);
    }
    let mut mac = keyed(key);
    mac.update(text.as_bytes());
    let hash = mac.finalize().into_bytes();
    let hex: String = hash[..HASH_BYTES].iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(PersonHash::from(hex.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_is_the_same_within_a_day_and_another_under_another_key() {
        let persons = Persons::new(Some([1; 32]), [2; 32]);
        let typed = ["11010519491231002x", " 110105 19491231 002X ", "11010519491231002X"];
        let hashes = typed.map(|text| persons.today(text).unwrap());
        assert!(hashes.iter().all(|hash| *hash == hashes[0] && hash.as_str().len() == 32), "{hashes:?}");
        assert_ne!(persons.today("11010519491231003X").unwrap(), hashes[0]);
        assert_ne!(persons.booking(typed[0]).unwrap(), hashes[0]);
        persons.set_key_of_the_day(Some([3; 32]));
        assert_ne!(persons.today(typed[0]).unwrap(), hashes[0]);
        persons.set_key_of_the_day(None);
        assert_eq!(persons.today(typed[0]), Err(NoPerson::DayClosed));
        for unreadable in ["", "  ", &"1".repeat(65)] {
            assert_eq!(persons.booking(unreadable), Err(NoPerson::Unreadable));
        }
    }
}
