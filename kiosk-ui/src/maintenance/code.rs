//! The code of the maintenance page. Never written anywhere, not even wrong ones.

use std::fmt;
use std::str::FromStr;

/// 4 to 12 digits.
#[derive(Clone, PartialEq, Eq)]
pub struct Code(String);

/// Not a code; it does not say what it is.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("维护码须为 4–12 位数字 / the maintenance code must be 4 to 12 digits")]
pub struct BadCode;

impl Code {
    pub(crate) const LEN_MAX: usize = 12;
    const LEN_MIN: usize = 4;

    pub(crate) fn is(&self, typed: &str) -> bool {
        self.0 == typed
    }
}

impl FromStr for Code {
    type Err = BadCode;

    fn from_str(text: &str) -> Result<Self, BadCode> {
        let fits = (Self::LEN_MIN..=Self::LEN_MAX).contains(&text.len());
        if fits && text.bytes().all(|byte| byte.is_ascii_digit()) {
            Ok(Self(text.to_owned()))
        } else {
            Err(BadCode)
        }
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Code")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_a_few_digits_and_is_not_told() {
        for text in ["", "123", "1234567890123", "12a4", "１２３４", "12 34"] {
            assert_eq!(text.parse::<Code>(), Err(BadCode), "{text}");
        }
        let code: Code = "204813".parse().unwrap();
        assert!(code.is("204813") && !code.is("204814") && !code.is("20481"));
        assert_eq!(format!("{code:?}"), "Code");
    }
}
