//! `hall-sim printer`: the printer's model and faults as options of the command line.

use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::{Args, ValueEnum};

use hall_sim::printer::{
    self, Answers, Fault, Model, PAPER_58_MM_DOTS, PAPER_80_MM_DOTS, Rom, VirtualPrinter,
};

#[derive(Args)]
pub struct PrinterArgs {
    /// 串口的固定路径 A stable path for the serial port
    #[arg(long, value_name = "PATH", required_unless_present = "tcp")]
    link: Option<PathBuf>,
    /// 改为网络打印机：本机的 TCP 端口，0 为任意 A network printer instead: a TCP port of this computer, 0 for any
    #[arg(long, value_name = "PORT", conflicts_with = "link")]
    tcp: Option<u16>,
    /// 每张号票存为 .bin、.png 与 .json Each slip is kept as .bin, .png and .json
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// 汉字字库 The Chinese characters in its ROM
    #[arg(long, default_value = "gb18030")]
    rom: RomArg,
    /// 纸宽，毫米 Width of the paper in mm
    #[arg(long, value_name = "MM", default_value = "80")]
    paper: PaperArg,
    /// 脱机时不收任何字节 Takes no bytes while off-line, as Citizen printers do
    #[arg(long)]
    busy_when_offline: bool,
    /// 图像数据中的实时命令也会执行 Obeys real-time commands inside image data too, as some Xprinters do
    #[arg(long)]
    obeys_inside_data: bool,
    /// 缺纸时清空缓冲区 Forgets what it holds back when the paper ends
    #[arg(long)]
    forgets_when_paper_ends: bool,
    /// 不能自行绘制二维码 Has no QR codes of its own
    #[arg(long)]
    no_qr: bool,
    /// 没有条码命令 Has no barcode command
    #[arg(long)]
    no_barcodes: bool,
    /// 回答哪些询问，逗号分隔，none 为一概不答 Which questions it answers, by commas; none for no answer at all
    #[arg(
        long,
        value_name = "LIST",
        value_delimiter = ',',
        default_value = "eot1,eot2,eot3,eot4,asb,gsr,id"
    )]
    answers: Vec<AnswerArg>,
    /// 缓冲区字节数 Bytes it can hold back
    #[arg(long, value_name = "BYTES", default_value_t = 65536, value_parser = clap::value_parser!(u32).range(64..=1 << 20))]
    buffer: u32,
    /// 故障，可多次；@N 为收到 N 字节后，@cut 为切纸时；运行中可逐行输入 A fault, may be given several times: paper-out,
    /// paper-out@200 (after 200 bytes of a slip), cutter-jammed@cut, baud:9600; while it runs, type more, one a line
    #[arg(long, value_name = "FAULT")]
    fault: Vec<Fault>,
}

#[derive(Clone, Copy, ValueEnum)]
enum RomArg {
    None,
    Gb2312,
    Gbk,
    #[value(name = "gb18030-2b")]
    Gb18030TwoByte,
    Gb18030,
}

#[derive(Clone, Copy, ValueEnum)]
enum PaperArg {
    #[value(name = "80")]
    Mm80,
    #[value(name = "58")]
    Mm58,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum AnswerArg {
    None,
    Eot1,
    Eot2,
    Eot3,
    Eot4,
    Asb,
    Gsr,
    Id,
}

pub fn run(args: PrinterArgs) -> Result<()> {
    let model = args.model();
    let printer = match args.tcp {
        Some(port) => VirtualPrinter::listen(model, port).with_context(|| format!("127.0.0.1:{port}"))?,
        None => VirtualPrinter::plug(model, args.link.as_deref())
            .with_context(|| args.link.clone().unwrap_or_default().display().to_string())?,
    };
    for fault in &args.fault {
        printer.happen(*fault);
    }
    Ok(printer::run(printer, &args.out)?)
}

impl PrinterArgs {
    fn model(&self) -> Model {
        let answers = |answer| self.answers.contains(&answer);
        Model {
            rom: match self.rom {
                RomArg::None => Rom::None,
                RomArg::Gb2312 => Rom::Gb2312,
                RomArg::Gbk => Rom::Gbk,
                RomArg::Gb18030TwoByte => Rom::Gb18030TwoByte,
                RomArg::Gb18030 => Rom::Gb18030,
            },
            paper_dots: match self.paper {
                PaperArg::Mm80 => PAPER_80_MM_DOTS,
                PaperArg::Mm58 => PAPER_58_MM_DOTS,
            },
            busy_when_offline: self.busy_when_offline,
            obeys_inside_data: self.obeys_inside_data,
            answers: Answers {
                real_time: [AnswerArg::Eot1, AnswerArg::Eot2, AnswerArg::Eot3, AnswerArg::Eot4].map(answers),
                auto_status: answers(AnswerArg::Asb),
                transmit_status: answers(AnswerArg::Gsr),
                process_id: answers(AnswerArg::Id),
            },
            native_qr: !self.no_qr,
            barcodes: !self.no_barcodes,
            buffer_bytes: self.buffer as usize,
            forgets_when_paper_ends: self.forgets_when_paper_ends,
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        args: PrinterArgs,
    }

    #[test]
    fn options_make_a_model() {
        let table = [
            ("", Model::default()),
            ("--rom none", Model::without_chinese()),
            ("--paper 58", Model::narrow()),
            ("--busy-when-offline --buffer 4096", Model::busy_when_offline()),
            (
                "--rom gbk --obeys-inside-data --answers eot1,eot2,eot3,eot4,asb,gsr",
                Model::obeys_inside_data(),
            ),
            ("--rom gb2312 --paper 58 --no-qr --no-barcodes --buffer 1024 --answers none", Model::poor()),
        ];
        for (options, expect) in table {
            let line = format!("printer --tcp 0 --out slips {options}");
            let parsed =
                Line::try_parse_from(line.split_whitespace()).unwrap_or_else(|error| panic!("{error}"));
            assert_eq!(parsed.args.model(), expect, "{options}");
        }
    }

    #[test]
    fn an_option_that_means_nothing_is_refused() {
        for options in
            ["", "--link p --tcp 0", "--link p --fault fire", "--link p --paper 76", "--link p --buffer 1"]
        {
            let line = format!("printer --out slips {options}");
            assert!(Line::try_parse_from(line.split_whitespace()).is_err(), "{options}");
        }
    }
}
