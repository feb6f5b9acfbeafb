//! What was meant and what an independent decoder reads from the bytes are the same, for every printer model and
//! for any text.
#![allow(clippy::unwrap_used)]

use hall_print::{Bilingual, Coverage, Profile, Renderer, Slip, Template};
use hall_sim::printer::{self, Element};
use proptest::prelude::*;
use samples::slip;

mod samples;

/// The generic printer with one thing changed.
fn profile(change: impl FnOnce(&mut Profile)) -> Profile {
    let mut profile = Profile::generic();
    change(&mut profile);
    profile
}

fn renderer(profile: &Profile) -> Renderer {
    Renderer::new(profile, Template::default())
}

fn decoded(profile: &Profile, slip: &Slip) -> printer::Slip {
    printer::decode(renderer(profile).render(slip).unwrap().bytes()).unwrap()
}

#[test]
fn the_paper_says_what_the_slip_says() {
    for dots in [576, 384] {
        let paper = decoded(&profile(|profile| profile.paper.dots = dots), &slip());
        assert_eq!(paper.largest_line().as_deref(), Some("A012"));
        assert_eq!(paper.qr(), Some("http://hall.example/t/A012"));
        assert_eq!(paper.elements.last(), Some(&Element::Cut { partial: true }));
        let text: String = paper.text().split_whitespace().collect();
        for part in
            ["滨江新区政务服务中心", "不动产登记", "12人", "约12–25分钟", "老年人Elderly", "过号请到咨询台"]
        {
            assert!(text.contains(part), "{part} is missing in {text}");
        }
        assert!(text.contains("A区1楼3、4、5号窗口") && text.contains("2026-11-2309:30"), "{text}");
    }
}

#[test]
fn a_bare_code_can_be_read_without_a_phone() {
    let code = "1-5F3A9C0B12D4";
    let paper = decoded(&Profile::generic(), &Slip { follow_code: Some(code.into()), ..slip() });
    assert_eq!(paper.qr(), Some(code));
    assert!(paper.text().contains(code) && !paper.text().contains("扫码"), "{}", paper.text());
}

#[test]
fn a_printer_without_chinese_gets_nothing_but_pictures() {
    let paper = decoded(&Profile::named("generic-80mm-ascii").unwrap(), &slip());
    assert_eq!((paper.text(), paper.qr()), (String::new(), None));
    let rows: usize = images(&paper).map(|image| image.rows).sum();
    assert!(rows > 500, "only {rows} rows drawn");
}

fn images(paper: &printer::Slip) -> impl Iterator<Item = &printer::Image> {
    paper.elements.iter().filter_map(|element| match element {
        Element::Image(image) => Some(image),
        _ => None,
    })
}

#[test]
fn only_a_line_beyond_the_rom_is_drawn() {
    let rare = Slip { service: Bilingual::new("𬭚业登记", ""), ..slip() };
    let gbk = decoded(&Profile::generic(), &rare).text();
    assert!(!gbk.contains("业登记") && gbk.contains("滨江新区政务服务中心"), "{gbk}");
    let all = decoded(&profile(|profile| profile.text.coverage = Coverage::Gb18030), &rare).text();
    assert!(all.contains("𬭚业登记"), "{all}");
}

#[test]
fn no_text_breaks_the_slip() {
    let renderer = renderer(&Profile::generic());
    proptest!(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() }, |(
        hall in any::<String>(), service in any::<String>(), english in any::<String>(), place in any::<String>(),
        note in any::<String>(), number in "[A-Z]{1,2}[0-9]{3,4}", people_ahead in any::<u32>()
    )| {
        let slip = Slip {
            hall: Bilingual::new(hall, english.clone()),
            service: Bilingual::new(service, english),
            where_to_go: Bilingual::new(place.clone(), place),
            notes: vec![Bilingual::new(note.clone(), note.clone())],
            issued_at: note,
            number: number.clone(),
            people_ahead,
            ..slip()
        };
        let paper = printer::decode(renderer.render(&slip).unwrap().bytes()).unwrap();
        prop_assert_eq!(paper.largest_line(), Some(number));
    });
}
