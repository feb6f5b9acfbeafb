//! One citizen's way through the real programs: the demo of the README, in the smallest hall.

use hall_sim::demo::headless;
use hall_tests::sample_hall;

#[tokio::test(flavor = "multi_thread")]
async fn touch_slip_call_board_and_voice_agree() {
    let out = tempfile::tempdir().unwrap();
    let summary = headless(&sample_hall("village.toml"), out.path()).await.unwrap();
    println!("{summary:?}");
    for (picture, size) in
        [("kiosk.png", (1080, 1920)), ("ticket.png", (1080, 1920)), ("board.png", (1920, 1080))]
    {
        assert_eq!(image::image_dimensions(out.path().join(picture)).unwrap(), size, "{picture}");
    }
    for file in ["slip.bin", "slip.png", "counter.png", "call.wav", "summary.json"] {
        assert!(out.path().join(file).metadata().unwrap().len() > 0, "{file} is empty");
    }
}
