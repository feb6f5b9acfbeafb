//! How long a slip takes from its text to bytes: at most 2 ms as text, 15 ms as images. First, what it adds to memory.
//! `cargo bench -p hall-print --bench render`

use criterion::{Criterion, criterion_group, criterion_main};
use hall_print::{Document, Profile, Renderer, Template};

#[path = "../tests/samples/mod.rs"]
mod samples;

/// What drawing a slip adds to this process (Linux): afterwards, and at its peak, while the font file is mapped.
fn memory(_: &mut Criterion) {
    let resident = |key: &str| -> Option<u64> {
        let status = std::fs::read_to_string("/proc/self/status").ok()?;
        status.lines().find_map(|line| line.strip_prefix(key))?.split_whitespace().nth(1)?.parse().ok()
    };
    let profile = Profile::named("generic-80mm-ascii").unwrap_or_else(|error| panic!("{error}"));
    let before = resident("VmRSS");
    let renderer = Renderer::new(&profile, Template::default());
    let made = resident("VmRSS");
    let job = renderer.render(&samples::slip());
    if let (Some(before), Some(made), Some(after), Some(peak)) =
        (before, made, resident("VmRSS"), resident("VmHWM"))
    {
        let bytes = job.map_or(0, |job| job.bytes().len());
        println!(
            "a raster slip of {bytes} bytes: {before} kB before, {made} kB with a renderer, {after} kB after it, \
             {peak} kB at most"
        );
    }
}

fn render(criterion: &mut Criterion) {
    let slip = samples::slip();
    for (name, profile, limit_ms) in
        [("text slip", "generic-80mm", 2), ("raster slip", "generic-80mm-ascii", 15)]
    {
        let profile = Profile::named(profile).unwrap_or_else(|error| panic!("{error}"));
        let renderer = || Renderer::new(&profile, Template::default());
        let known = renderer();
        criterion.bench_function(&format!("{name}, limit {limit_ms} ms"), |bencher| {
            bencher.iter(|| known.render(&slip));
        });
        // The first slip after the start: no glyph is drawn yet.
        criterion.bench_function(&format!("first {name}, limit {limit_ms} ms"), |bencher| {
            bencher.iter_batched(renderer, |new| new.render(&slip), criterion::BatchSize::PerIteration);
        });
    }
}

/// The other documents as text: nobody waits for them at a kiosk, so they have no limit.
fn others(criterion: &mut Criterion) {
    let (plain, appointment) = (samples::plain_slip(), samples::appointment());
    let (notice, sheet, page) = (samples::notice(40), samples::calling_sheet(60), samples::test_page());
    let renderer = Renderer::new(&Profile::generic(), Template::default());
    let documents: [(&str, Document); 6] = [
        ("plain slip", (&plain).into()),
        ("large slip", Document::LargeSlip(&plain)),
        ("appointment", (&appointment).into()),
        ("notice of 40 materials", (&notice).into()),
        ("calling sheet of 60 numbers", (&sheet).into()),
        ("test page", (&page).into()),
    ];
    for (name, document) in documents {
        criterion.bench_function(name, |bencher| bencher.iter(|| renderer.render(document)));
    }
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(20);
    targets = memory, render, others
}
criterion_main!(benches);
