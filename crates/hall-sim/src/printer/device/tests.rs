use std::time::Duration;

use super::super::fault::AckFault;
use super::super::model::Answers;
use super::super::rom::Rom;
use super::*;

const SLIP: &[u8] = b"\x1B@\x1C&A012\n\n\x1DVB\0";
const ASK_ALL: &[u8] = &[0x10, 4, 1, 0x10, 4, 2, 0x10, 4, 3, 0x10, 4, 4];

fn device() -> Device {
    Device::new(Model::default())
}

fn said(device: &mut Device) -> Vec<u8> {
    device.take_answers().into_iter().flat_map(|answer| answer.bytes).collect()
}

fn answers(device: &mut Device, bytes: &[u8]) -> Vec<u8> {
    device.receive(bytes, Instant::now());
    said(device)
}

fn after(bytes: usize, what: Condition) -> Fault {
    Fault { what, when: When::AfterBytes(bytes) }
}

/// What each piece says, with a mark on those that were not cut.
fn paper(device: &mut Device) -> Vec<String> {
    let mark = |piece: Piece| if piece.is_whole() { piece.text() } else { piece.text() + " ~" };
    device.take_paper().into_iter().map(mark).collect()
}

#[test]
fn slips_are_split_at_the_cut_and_begin_at_their_initialisation() {
    let mut device = device();
    device.receive(b"\x1B@\x1C&", Instant::now());
    let later = Instant::now();
    for byte in [SLIP, SLIP].concat() {
        device.receive(&[byte], later);
    }
    let slips: Vec<_> = device.take_paper().into_iter().map(|slip| (slip.bytes, slip.first_byte)).collect();
    assert_eq!(slips, [(SLIP.to_vec(), later), (SLIP.to_vec(), later)]);
}

#[test]
fn off_line_it_answers_and_holds_the_rest_back() {
    let mut device = device();
    device.happen(after(6, Condition::PaperOut));
    let bytes = [SLIP, b"\x1Dr\x01", &[0x10, 4, 1]].concat();
    assert_eq!(answers(&mut device, &bytes), [0x1E]);
    assert!(!device.has_piece());
    device.set(Condition::PaperFull);
    assert_eq!(said(&mut device), [0x00]);
    assert_eq!(device.take_piece().unwrap().bytes, SLIP);
}

#[test]
fn what_was_printed_before_a_fault_stays_on_paper() {
    const TWO_LINES: &[u8] = b"\x1B@A012\nsecond\n\x1DVB\0";
    let forgets = Model { forgets_when_paper_ends: true, ..Model::default() };
    let table = [
        (Model::default(), 3, Condition::PaperOut, Condition::PaperFull, vec!["A012\nsecond"]),
        (Model::default(), 10, Condition::CoverOpen, Condition::CoverClosed, vec!["A012\nsecond"]),
        (Model::default(), 10, Condition::PaperJammed, Condition::JamCleared, vec!["A012\nsecond"]),
        // What came after the end of the paper is held back and printed on the new roll.
        (forgets.clone(), 10, Condition::PaperOut, Condition::PaperFull, vec!["A012\nond"]),
        (forgets, 4, Condition::PaperOut, Condition::PaperFull, vec!["12\nsecond"]),
        (Model::default(), 10, Condition::PoweredOff, Condition::PoweredOn, vec!["A012 ~"]),
        (Model::default(), 10, Condition::Unplugged, Condition::Plugged, vec!["A012 ~"]),
        (Model::default(), 3, Condition::PoweredOff, Condition::PoweredOn, vec![]),
    ];
    for (model, bytes, bad, good, expect) in table {
        let mut device = Device::new(model);
        device.happen(after(bytes, bad));
        device.receive(TWO_LINES, Instant::now());
        assert!(!device.has_piece(), "{bad:?}");
        device.set(good);
        assert_eq!(paper(&mut device), expect, "{bad:?} after {bytes}");
    }
}

#[test]
fn a_blade_that_jams_has_not_cut() {
    let mut device = device();
    device.happen(Fault { what: Condition::CutterJammed, when: When::AtCut });
    device.receive(&[SLIP, SLIP].concat(), Instant::now());
    assert_eq!(answers(&mut device, ASK_ALL), [0x1E, 0x52, 0x1A, 0x12]);
    assert!(!device.has_piece());
    device.set(Condition::CutterFree);
    assert_eq!(paper(&mut device), ["A012", "A012"]);
}

#[test]
fn an_error_can_be_left_by_forgetting() {
    let mut device = device();
    device.happen(Fault { what: Condition::CutterJammed, when: When::AtCut });
    device.receive(&[SLIP, &[0x10, 5, 2]].concat(), Instant::now());
    device.set(Condition::CutterFree);
    assert_eq!(paper(&mut device), ["A012 ~"]);
}

#[test]
fn pulled_in_the_middle_it_keeps_what_came() {
    for (bytes, expect) in [(8, "A012"), (7, "A01")] {
        let mut device = device();
        device.happen(after(bytes, Condition::Unplugged));
        device.receive(SLIP, Instant::now());
        device.set(Condition::Plugged);
        device.receive(b"\n\x1DVB\0", Instant::now());
        assert_eq!(paper(&mut device), [expect]);
    }
}

#[test]
fn it_takes_no_more_than_it_can_hold() {
    let small = Model { buffer_bytes: 8, ..Model::default() };
    let busy = Model { busy_when_offline: true, ..Model::default() };
    let out = Condition::PaperOut;
    for (model, condition, room) in
        [(small, out, 8), (busy, out, 0), (Model::default(), Condition::Stopped, 0)]
    {
        let mut device = Device::new(model);
        device.set(condition);
        assert_eq!(device.receive(SLIP, Instant::now()), room, "{condition:?}");
        assert_eq!(device.receive(ASK_ALL, Instant::now()), 0, "{condition:?}");
        device.set(Condition::PaperFull);
        device.set(Condition::Reading);
        assert_eq!(device.receive(&SLIP[room..], Instant::now()), SLIP.len() - room);
        assert_eq!(paper(&mut device), ["A012"], "{condition:?}");
    }
}

#[test]
fn busy_it_takes_nothing_from_the_byte_on_at_which_it_went_off_line() {
    let mut device = Device::new(Model::busy_when_offline());
    device.happen(after(6, Condition::PaperOut));
    assert_eq!(device.receive(SLIP, Instant::now()), 6);
}

#[test]
fn acknowledgements_can_go_wrong() {
    let id: &[u8] = b"\x1D(H\x06\x00\x30\x300042";
    let paper: &[u8] = b"\x1Dr\x01";
    let right: &[u8] = b"\x37\x220042\0";
    let table = [
        (AckFault::Right, id, right.to_vec()),
        (AckFault::Right, paper, vec![0]),
        (AckFault::OtherId, id, b"\x37\x220040\0".to_vec()),
        (AckFault::PaperOut, paper, vec![0x0F]),
        (AckFault::PaperOut, id, right.to_vec()),
        (AckFault::Twice, id, right.repeat(2)),
        (AckFault::Missing, id, vec![]),
        (AckFault::Missing, paper, vec![]),
    ];
    for (ack, question, expect) in table {
        let mut device = device();
        device.set(Condition::Acks(ack));
        assert_eq!(answers(&mut device, question), expect, "{ack:?}");
        assert_eq!(answers(&mut device, &[0x10, 4, 1]), [0x16], "only acknowledgements go wrong");
    }
    let mut device = device();
    device.set(Condition::Acks(AckFault::LateMs(500)));
    device.receive(id, Instant::now());
    let late = Answer { bytes: right.to_vec(), delay: Duration::from_millis(500) };
    assert_eq!(device.take_answers(), [late]);
}

#[test]
fn a_model_answers_what_it_was_built_to() {
    let questions = [ASK_ALL, b"\x1Da\x0F\x1Dr\x01\x1Dr\x02\x1D(H\x06\x00\x30\x300042"].concat();
    let real_time = Answers { real_time: [true, false, false, true], ..Answers::NONE };
    let table = [
        (Answers::ALL, b"\x16\x12\x12\x12\x10\0\0\x0F\0\0\x37\x220042\0".to_vec()),
        (Answers::NONE, vec![]),
        (real_time, vec![0x16, 0x12]),
        (Answers { process_id: true, ..Answers::NONE }, b"\x37\x220042\0".to_vec()),
    ];
    for (answers_of_model, expect) in table {
        let mut device = Device::new(Model { answers: answers_of_model, ..Model::default() });
        assert_eq!(answers(&mut device, &questions), expect, "{answers_of_model:?}");
    }
}

#[test]
fn changes_are_told_by_themselves_once_asked_for() {
    let mut device = device();
    device.set(Condition::PaperNearEnd);
    assert_eq!(said(&mut device), b"", "nobody asked");
    assert_eq!(answers(&mut device, b"\x1Da\x0E"), [0x10, 0, 3, 0x0F]);
    let table = [
        (Condition::PaperNearEnd, vec![]),
        (Condition::CoverOpen, vec![0x38, 0, 3, 0x0F]),
        (Condition::CoverClosed, vec![0x10, 0, 3, 0x0F]),
        (Condition::Silent, vec![]),
        (Condition::PaperFull, vec![]),
        (Condition::Answering, vec![]),
        (Condition::StatusSent, vec![0x10, 0, 0, 0x0F]),
        (Condition::Noise(0xFF), vec![0xFF]),
        (Condition::PoweredOff, vec![]),
        (Condition::PoweredOn, vec![]),
        (Condition::PaperOut, vec![]),
    ];
    for (condition, expect) in table {
        device.set(condition);
        assert_eq!(said(&mut device), expect, "{condition:?}");
    }
}

#[test]
fn real_time_commands_inside_a_picture_spoil_it_on_some_models() {
    let picture = b"\x1Dv0\0\x02\0\x03\0\xFF\x10\x04\x01\xFF\xFF\n\x1DVB\0";
    let careful = |device: &mut Device| answers(device, picture);
    assert_eq!(careful(&mut device()), b"");

    let mut hasty = Device::new(Model::obeys_inside_data());
    assert_eq!(careful(&mut hasty), [0x16], "it answers at once");
    // The three bytes are gone from the picture, which takes the line feed and the cut for dots.
    assert_eq!(paper(&mut hasty), [" ~"]);
    let mut hasty = Device::new(Model::obeys_inside_data());
    hasty.receive(b"\x1Dv0\0\x01\0\x05\0\x10\x14\x01\x00\x05\x01\x02\x03\x04\x05\x1DVB\0", Instant::now());
    let piece = hasty.take_piece().unwrap();
    assert!(
        matches!(&piece.slip.elements[0], super::super::Element::Image(image) if image.bits == [1, 2, 3, 4, 5])
    );
}

#[test]
fn the_rom_shows_on_paper() {
    let bytes = b"\x1B@\x1C&\xC7\xEB\x99\x30\xE8\x30\n\x1DVB\0";
    for (rom, expect) in [(Rom::Gb18030, "请"), (Rom::Gbk, "请?0?0"), (Rom::None, "╟δÖ0Φ0")] {
        let mut device = Device::new(Model { rom, ..Model::default() });
        device.receive(bytes, Instant::now());
        let piece = device.take_piece().unwrap();
        assert!(piece.text().starts_with(expect), "{} on {rom:?}", piece.text());
        assert_eq!(piece.has_rubbish(), piece.decode().is_err() || rom != Rom::Gb18030, "{rom:?}");
    }
}

#[test]
fn paper_without_end_falls_off() {
    let mut device = device();
    for _ in 0..5_000 {
        device.receive(b"A\n\x1BJ\xFF", Instant::now());
    }
    let pieces = device.take_paper();
    assert!(pieces.len() > 10 && pieces.iter().all(|piece| !piece.is_whole()), "{} pieces", pieces.len());
}
