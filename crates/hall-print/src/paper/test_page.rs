//! The technician's test page: what the ROM prints and what is drawn, widths, sizes, codes, greys, and the profile's
//! settings.

use super::bitmap::Bitmap;
use super::sheet::{Align, Block, Sheet, Style};
use crate::Profile;

const GREY_ROWS: u32 = 48;
/// Ordered dither of 16 greys.
const BAYER: [[u32; 4]; 4] = [[0, 8, 2, 10], [12, 4, 14, 6], [3, 11, 1, 9], [15, 7, 13, 5]];
const SAMPLES: [&str; 6] = [
    "ASCII ABCxyz 0123456789 #%&*",
    "GB2312 政务服务中心 ①℃￥",
    "GBK 朱镕基 喆 堃",
    "GB18030 ¥ € 䶮",
    "CJK Ext. 𬭚 㛃 鿏",
    "ＡＢＣ１２３ “—…·”",
];

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TestPage {
    /// The port it is printed through, or what else helps the technician.
    pub remark: String,
    pub printed_at: String,
}

impl TestPage {
    pub(super) fn layout(&self, profile: &Profile) -> Vec<Block> {
        let columns = profile.columns();
        let mut sheet = Sheet::new(columns);
        sheet.text("测试页 Test page", Style::NORMAL.size(2).fit(1).bold());
        sheet.text(&profile.name, Style::NORMAL.bold());
        sheet.rule();
        self.settings(&mut sheet, profile);
        sheet.rule();
        ruler(&mut sheet);
        sheet.gap(12);
        for size in 1..=8 {
            let text = if size < 4 { format!("{size}倍 A0") } else { size.to_string() };
            sheet.text(&text, Style::NORMAL.size(size).left());
        }
        sheet.text("粗体 Bold", Style::NORMAL.bold().left());
        sheet.rule();
        for sample in SAMPLES {
            sheet.text(sample, Style::NORMAL.left());
        }
        sheet.rule();
        sheet.gap(16);
        sheet.blocks.push(Block::Qr { data: "https://example.com/A012".into() });
        sheet.gap(24);
        sheet.blocks.push(Block::Barcode { data: "A012".into() });
        sheet.text("A012", Style::NORMAL);
        sheet.gap(12);
        sheet.blocks.push(Block::Picture { bitmap: greys(profile.paper.dots), align: Align::Left });
        sheet.gap(12);
        sheet.row("打印时间 Printed", &self.printed_at, Style::NORMAL);
        sheet.text(&self.remark, Style::NORMAL);
        sheet.blocks
    }

    fn settings(&self, sheet: &mut Sheet, profile: &Profile) {
        let Profile { meta, serial, paper, text, image, cut, qr, barcode, status, .. } = profile;
        let name = |value: &dyn std::fmt::Debug| format!("{value:?}").to_lowercase();
        let rows = [
            ("model", format!("{} {}", meta.vendor, meta.model)),
            ("verified", name(&meta.verified)),
            ("serial", format!("{} {} {}", serial.baud, name(&serial.parity), name(&serial.flow))),
            ("paper", format!("{} mm, {} dots, {} dpi", paper.width_mm, paper.dots, paper.dpi)),
            ("coverage", name(&text.coverage)),
            ("image", format!("{} rows, doubles {}", image.strip_rows, image.doubles)),
            ("cut, qr, barcode", format!("{}, {}, {}", name(&cut.mode), name(&qr.mode), name(&barcode.mode))),
            ("status", format!("{:?}, asb {}", status.dle_eot, status.asb)),
            ("near end sensor", status.near_end.to_string()),
            ("ack", name(&status.ack)),
        ];
        for (label, value) in rows {
            sheet.row(label, &value, Style::NORMAL);
        }
    }
}

/// Tens over columns, from edge to edge.
fn ruler(sheet: &mut Sheet) {
    let tens: String = (1..=sheet.columns / 10).map(|ten| format!("{:>10}", ten * 10)).collect();
    let ones: String = (1..=sheet.columns).map(|column| char::from(b'0' + (column % 10) as u8)).collect();
    sheet.text(&format!(".{}", &tens[1..]), Style::NORMAL.left());
    sheet.text(&ones, Style::NORMAL.left());
}

/// From white to black in 16 steps.
fn greys(dots: u32) -> Bitmap {
    let mut bitmap = Bitmap::new(dots, GREY_ROWS);
    for y in 0..GREY_ROWS {
        for x in 0..dots {
            if x * 17 / dots > BAYER[(y % 4) as usize][(x % 4) as usize] {
                bitmap.ink(x as i32, y as i32);
            }
        }
    }
    bitmap
}
