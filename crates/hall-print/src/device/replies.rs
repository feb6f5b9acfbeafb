//! Sorts the bytes a printer sends: answers to `DLE EOT`, to `GS r`, to `GS ( H`, and automatic status (ASB) that nobody
//! asked for. They differ in fixed bits.

/// One complete answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reply {
    /// Answer to `DLE EOT n`: 0xx1xx10.
    RealTime(u8),
    /// Answer to `GS r 1`: 0xx0xxxx.
    Paper(u8),
    /// Answer to `GS ( H` function 48: 37 22 d1 d2 d3 d4 00.
    Process([u8; 4]),
    /// Told by itself after `GS a`: four bytes, the first 0xx1xx00, the others 0xx0xxxx.
    Automatic([u8; 4]),
}

/// Holds what has come of an answer longer than a byte.
#[derive(Debug, Default)]
pub struct Sorter {
    open: Vec<u8>,
}

/// Stand for the digits of a process id: none of them looks like another answer, should one of them get lost.
pub const ID_DIGITS: &[u8; 10] = b"QSUWYqsuwy";
const PROCESS_HEAD: u8 = 0x37;
const PROCESS_LEN: usize = 7;
const ASB_LEN: usize = 4;

impl Sorter {
    /// Takes the next byte; `found` gets each answer that it completes.
    pub fn take(&mut self, byte: u8, mut found: impl FnMut(Reply)) {
        self.open.push(byte);
        // A byte that cannot belong to what is open shows that it was no such answer: its bytes are read anew.
        while !self.open.is_empty() {
            match read(&self.open) {
                Read::Open => return,
                Read::Answer(reply, len) => {
                    self.open.drain(..len);
                    found(reply);
                }
                Read::Noise => _ = self.open.remove(0),
            }
        }
    }

    /// Nothing more will come of what is open: its first byte was noise.
    pub fn give_up(&mut self, mut found: impl FnMut(Reply)) {
        while !self.open.is_empty() {
            let rest = self.open.split_off(1);
            self.open.clear();
            rest.into_iter().for_each(|byte| self.take(byte, &mut found));
        }
    }
}

enum Read {
    Answer(Reply, usize),
    Open,
    Noise,
}

fn read(bytes: &[u8]) -> Read {
    match *bytes {
        [PROCESS_HEAD, ref rest @ ..] => process(rest),
        [first, ref rest @ ..] if first & 0b1001_0011 == 0b0001_0000 => automatic(first, rest),
        [byte, ..] if byte & 0b1001_0011 == 0b0001_0010 => Read::Answer(Reply::RealTime(byte), 1),
        [byte, ..] if byte & 0b1001_0000 == 0 => Read::Answer(Reply::Paper(byte), 1),
        _ => Read::Noise,
    }
}

fn process(rest: &[u8]) -> Read {
    match *rest {
        [0x22, d1, d2, d3, d4, 0, ..] => Read::Answer(Reply::Process([d1, d2, d3, d4]), PROCESS_LEN),
        [0x22, _, _, _, _, _, ..] => Read::Noise,
        [] | [0x22, ..] => Read::Open,
        _ => Read::Noise,
    }
}

fn automatic(first: u8, rest: &[u8]) -> Read {
    let fits = |byte: &u8| byte & 0b1001_0000 == 0;
    match *rest {
        _ if !rest.iter().take(ASB_LEN - 1).all(fits) => Read::Noise,
        [second, third, fourth, ..] => {
            Read::Answer(Reply::Automatic([first, second, third, fourth]), ASB_LEN)
        }
        _ => Read::Open,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Reply::*;
    use super::*;

    fn sorted(bytes: &[u8]) -> Vec<Reply> {
        let (mut sorter, mut replies) = (Sorter::default(), Vec::new());
        bytes.iter().for_each(|byte| sorter.take(*byte, |reply| replies.push(reply)));
        sorter.give_up(|reply| replies.push(reply));
        replies
    }

    #[test]
    fn answers_are_told_apart_by_their_fixed_bits() {
        let table: &[(&[u8], &[Reply])] = &[
            (&[0x12], &[RealTime(0x12)]),
            (&[0x1E, 0x7E], &[RealTime(0x1E), RealTime(0x7E)]),
            (&[0x00], &[Paper(0x00)]),
            (&[0x0F, 0x12], &[Paper(0x0F), RealTime(0x12)]),
            (&[0x37, 0x22, b'Q', b'Q', b'W', b'U', 0], &[Process(*b"QQWU")]),
            (&[0x10, 0x00, 0x00, 0x0F, 0x12], &[Automatic([0x10, 0, 0, 0x0F]), RealTime(0x12)]),
            (&[0x11, 0x13, 0xFF], &[]),
        ];
        for (bytes, expect) in table {
            assert_eq!(sorted(bytes), *expect, "{bytes:02X?}");
        }
    }

    #[test]
    fn a_digit_of_a_process_id_is_no_answer_of_its_own() {
        assert_eq!(sorted(ID_DIGITS), []);
    }

    fn answer() -> impl Strategy<Value = Reply> {
        let of = |fixed: u8, free: u8| any::<u8>().prop_map(move |byte| fixed | byte & free);
        let rest = of(0x00, 0x6F);
        prop_oneof![
            of(0x12, 0x6C).prop_map(RealTime),
            of(0x00, 0x6F).prop_map(Paper),
            prop::array::uniform4(prop::sample::select(&ID_DIGITS[..])).prop_map(Process),
            (of(0x10, 0x6C), rest.clone(), rest.clone(), rest)
                .prop_map(|(first, second, third, fourth)| Automatic([first, second, third, fourth])),
        ]
    }

    fn bytes_of(reply: &Reply) -> Vec<u8> {
        match *reply {
            RealTime(byte) | Paper(byte) => vec![byte],
            Process(id) => [&[PROCESS_HEAD, 0x22], &id[..], &[0]].concat(),
            Automatic(asb) => asb.to_vec(),
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn answers_are_heard_as_they_were_said(said in prop::collection::vec(answer(), 0..40)) {
            let bytes: Vec<u8> = said.iter().flat_map(bytes_of).collect();
            prop_assert_eq!(sorted(&bytes), said);
        }

        #[test]
        fn whatever_comes_is_sorted_within_bounds(
            noise in prop::collection::vec(any::<u8>(), 0..400),
            after in prop::collection::vec(answer(), 1..4),
        ) {
            let mut sorter = Sorter::default();
            let mut replies = Vec::new();
            for byte in noise {
                sorter.take(byte, |reply| replies.push(reply));
                prop_assert!(sorter.open.len() < PROCESS_LEN);
            }
            // A pause ends the noise; what follows is heard whole.
            sorter.give_up(|_| {});
            replies.clear();
            after.iter().flat_map(bytes_of).for_each(|byte| sorter.take(byte, |reply| replies.push(reply)));
            prop_assert_eq!(replies, after);
        }
    }

    #[test]
    fn noise_swallows_no_answer() {
        let table: &[(&[u8], &[Reply])] = &[
            (&[0x37, 0x12, 0x12], &[RealTime(0x12), RealTime(0x12)]),
            (&[0x37, 0x22, 0x12], &[Paper(0x22), RealTime(0x12)]),
            (&[0x10, 0x00, 0x12], &[Paper(0x00), RealTime(0x12)]),
            (&[0x37, 0x22, b'Q', b'S', b'U', b'W', 0xFF, 0x12], &[Paper(0x22), RealTime(0x12)]),
            (&[0x10, 0x37, 0x22, b'Q', b'Q', b'Q', b'S', 0], &[Process(*b"QQQS")]),
        ];
        for (bytes, expect) in table {
            assert_eq!(sorted(bytes), *expect, "{bytes:02X?}");
        }
    }
}
