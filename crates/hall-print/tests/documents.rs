//! Every document on every printer model, judged by the independent decoder: what stands on it, how much paper and how
//! many bytes it takes.
#![allow(clippy::unwrap_used)]

mod samples;

use hall_print::{Bilingual, CallingSheet, Document, Error, Job, Notice, Profile, Renderer, Slip, Template};
use hall_sim::printer::{self, Element};
use proptest::prelude::*;

fn renderer(profile: &str) -> Renderer {
    Renderer::new(&Profile::named(profile).unwrap(), Template::default())
}

fn job<'a>(profile: &str, document: impl Into<Document<'a>>) -> Job {
    renderer(profile).render(document).unwrap()
}

fn decoded(job: &Job) -> printer::Slip {
    printer::decode(job.bytes()).unwrap()
}

/// Paper the decoder sees used, from the first line to the last cut.
fn paper_dots(paper: &printer::Slip, to_cutter_dots: u32) -> u32 {
    let height = |element: &Element| match element {
        Element::Line(line) => line.height_dots,
        Element::Image(image) => image.rows as u32,
        Element::Feed { dots } => *dots,
        Element::Barcode(barcode) => barcode.height_dots.into(),
        Element::Qr(qr) => {
            let code = qrcode_side(qr.data.len());
            code * u32::from(qr.module_dots)
        }
        Element::Cut { .. } => to_cutter_dots,
    };
    paper.elements.iter().map(height).sum()
}

/// Modules at a side of a QR code with so many bytes of text, level M (ISO/IEC 18004, table 7).
fn qrcode_side(bytes: usize) -> u32 {
    let capacities = [14, 26, 42, 62, 84, 106, 122, 152, 180, 213];
    let version = capacities.iter().position(|capacity| bytes <= *capacity).unwrap() as u32 + 1;
    17 + 4 * version
}

fn cuts(paper: &printer::Slip) -> usize {
    paper.elements.iter().filter(|element| matches!(element, Element::Cut { .. })).count()
}

#[test]
fn every_document_can_be_printed_on_every_model() {
    let (slip, appointment) = (samples::slip(), samples::appointment());
    let (notice, sheet, page) = (samples::notice(20), samples::calling_sheet(60), samples::test_page());
    let documents: [Document; 6] = [
        (&slip).into(),
        Document::LargeSlip(&slip),
        (&appointment).into(),
        (&notice).into(),
        (&sheet).into(),
        (&page).into(),
    ];
    for name in Profile::names() {
        let profile = Profile::named(name).unwrap();
        let renderer = renderer(name);
        for document in documents {
            let job = renderer.render(document).unwrap();
            let real_time = job.bytes().windows(2).find(|pair| matches!(pair, [0x10, 4 | 5 | 0x14]));
            assert_eq!(real_time, None, "{document:?} on {name}");
            let paper = decoded(&job);
            assert_eq!(
                job.paper_dots(),
                paper_dots(&paper, profile.paper.to_cutter_dots),
                "{document:?} on {name}"
            );
            let preview = renderer.preview(document).unwrap();
            assert_eq!(preview.height(), job.paper_dots() + 64, "{document:?} on {name}");
        }
    }
}

#[test]
fn a_code_on_the_preview_can_be_scanned() {
    let slip = samples::slip();
    for name in Profile::names() {
        let paper = renderer(name).preview(&slip).unwrap();
        let (width, height) = (paper.width() as usize, paper.height() as usize);
        let mut scanner = rqrr::PreparedImage::prepare_from_greyscale(width, height, |x, y| {
            paper.get_pixel(x as u32, y as u32).0[0]
        });
        let grids = scanner.detect_grids();
        let read: Vec<String> = grids.iter().filter_map(|grid| Some(grid.decode().ok()?.1)).collect();
        assert_eq!(read, [slip.follow_code.as_deref().unwrap()], "{name}");
    }
}

#[test]
fn slips_are_as_small_as_promised() {
    // With a class, a forecast and a code to scan; marked; without all of these.
    let slips = [samples::slip(), Slip { reprint: 1, ..samples::slip() }, samples::plain_slip()];
    for (name, dots, most) in [
        ("generic-80mm", 576, 600),
        ("generic-58mm", 384, 600),
        ("generic-80mm-ascii", 576, 12_000),
        ("generic-80mm-ascii", 384, 12_000),
    ] {
        let mut profile = Profile::named(name).unwrap();
        profile.paper.dots = dots;
        let renderer = Renderer::new(&profile, Template::default());
        for slip in &slips {
            let bytes = renderer.render(slip).unwrap().bytes().len();
            assert!(bytes <= most, "{slip:?} on {name}, {dots} dots: {bytes} bytes, at most {most}");
        }
    }
}

#[test]
fn a_long_notice_has_numbered_pages_and_loses_nothing() {
    let notice = samples::notice(40);
    let paper = decoded(&job("generic-80mm", &notice));
    let text: String = paper.text().split_whitespace().collect();
    let pages = cuts(&paper);
    assert!(pages >= 3, "{pages} pages");
    for page in 1..=pages {
        assert!(text.contains(&format!("第{page}/{pages}页")), "page {page}: {text}");
    }
    assert_eq!(text.matches("一次性告知单").count(), pages);
    for (number, material) in (1..).zip(&notice.materials) {
        let name: String = material.name.split_whitespace().collect();
        assert!(text.contains(&format!("{number}.{name}原件1份")), "{name}");
    }
    assert!(text.contains("承诺时限3个工作日") && text.contains("非住宅每件550元"), "{text}");
    let one = decoded(&job("generic-80mm", &samples::notice(3)));
    assert!(cuts(&one) == 1 && !one.text().contains("第 1/1 页"), "{}", one.text());
}

#[test]
fn a_calling_sheet_has_a_box_for_each_number_in_order() {
    for (profile, numbers) in [("generic-80mm", 7), ("generic-58mm", 60), ("generic-80mm", 500)] {
        let paper = decoded(&job(profile, &samples::calling_sheet(numbers)));
        let text = paper.text();
        let seen: Vec<&str> = text.lines().flat_map(|line| line.split('□').skip(1)).map(str::trim).collect();
        assert_eq!(seen, samples::calling_sheet(numbers).numbers, "{profile}");
    }
}

#[test]
fn what_is_too_long_for_one_document_is_refused() {
    let renderer = renderer("generic-80mm");
    let notes = vec![Bilingual::new("请", ""); 21];
    let slip = Slip { notes, ..samples::slip() };
    let sheet = CallingSheet { numbers: vec!["A001".into(); 501], ..CallingSheet::default() };
    let notice = Notice { steps: vec!["x".into(); 201], ..Notice::default() };
    for document in [Document::Slip(&slip), Document::CallingSheet(&sheet), Document::Notice(&notice)] {
        assert!(matches!(renderer.render(document), Err(Error::TooMany { .. })), "{document:?}");
    }
}

#[test]
fn a_barcode_is_the_printers_own_or_drawn() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("slip.toml");
    std::fs::write(
        &path,
        "[[slip]]\nbarcode = \"{number}\"\n[[slip]]\ncut = true\n[[slip]]\ntext = \"{number}\"\n",
    )
    .unwrap();
    for (name, own) in [("generic-80mm", true), ("generic-58mm", true), ("generic-80mm-ascii", false)] {
        let profile = Profile::named(name).unwrap();
        let renderer = Renderer::new(&profile, Template::load(&path).unwrap());
        let job = renderer.render(&samples::slip()).unwrap();
        let paper = decoded(&job);
        let native: Vec<_> = paper
            .elements
            .iter()
            .filter_map(|element| match element {
                Element::Barcode(barcode) => Some(barcode.text()),
                _ => None,
            })
            .collect();
        assert_eq!(native, if own { vec!["A012"] } else { vec![] }, "{name}");
        assert_eq!(cuts(&paper), 2, "{name}");
    }
}

#[test]
fn no_bytes_of_a_job_look_like_a_real_time_command() {
    let renderers: Vec<Renderer> = Profile::names().map(renderer).collect();
    let text = "[\\x00-\\x20A-z0-9政务\u{4e00}-\u{9fff}\u{3400}-\u{4dbf}€¥]{0,24}";
    proptest!(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() }, |(
        zh in text, en in text, number in "[A-Z]{1,2}[0-9]{3,4}", code in any::<String>(), reprint in 0u32..30
    )| {
        let slip = Slip {
            service: Bilingual::new(zh, en),
            number,
            follow_code: Some(code),
            reprint,
            ..samples::slip()
        };
        for renderer in &renderers {
            let job = renderer.render(&slip).unwrap();
            let pair = job.bytes().windows(2).find(|pair| matches!(pair, [0x10, 4 | 5 | 0x14]));
            prop_assert_eq!(pair, None);
            prop_assert!(printer::decode(job.bytes()).is_ok());
        }
    });
}
