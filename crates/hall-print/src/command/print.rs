//! `print` and `test-page`: one document on paper, and how it ended.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use hall_print::{Document, Outcome, Printer, Probe, Profile, Renderer, Setup, Template, TestPage};

use super::document::Content;
use super::{PrinterArgs, interrupts, now, say, trouble, words};

pub const EXIT_CODES: &str = "退出码 exit codes: 0 已打印 printed, 1 文件有误 the file is faulty, 2 用法 usage, 3 未确认 unconfirmed, \
                              4 未打印 not printed, 5 部分 in part";

const UNCONFIRMED: u8 = 3;
const NOT_PRINTED: u8 = 4;
const IN_PART: u8 = 5;
const LOOK_EVERY: Duration = Duration::from_millis(100);

#[derive(clap::Args)]
pub struct Args {
    /// 文档（TOML），样例在 docs/samples / the document; samples are in docs/samples
    file: PathBuf,
    #[command(flatten)]
    printer: PrinterArgs,
    #[command(flatten)]
    look: Look,
}

/// How a document is to look.
#[derive(clap::Args)]
pub struct Look {
    /// 大厅的号票模板 / the hall's slip template [default: the built-in one]
    #[arg(long, value_name = "FILE")]
    template: Option<PathBuf>,
    /// 大字版号票 / the slip in large print
    #[arg(long)]
    large: bool,
    /// 标记为第几次补打 / mark it as the how manyth reprint
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=99))]
    reprint: Option<u32>,
}

impl Look {
    pub fn template(&self) -> Result<Template, hall_print::Error> {
        self.template.as_deref().map_or_else(|| Ok(Template::default()), Template::load)
    }

    pub fn large(&self) -> bool {
        self.large
    }

    pub fn mark(&self, content: &mut Content) -> anyhow::Result<()> {
        self.reprint.map_or(Ok(()), |count| content.mark_reprint(count))
    }
}

pub fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let mut content = Content::load(&args.file)?;
    args.look.mark(&mut content)?;
    let document = content.document(args.look.large)?;
    print(document, args.look.template()?, &args.printer)
}

pub fn test_page(args: &PrinterArgs) -> anyhow::Result<ExitCode> {
    let page = TestPage { remark: args.printer.to_string(), printed_at: now() };
    print(Document::TestPage(&page), Template::default(), args)
}

fn print(document: Document, template: Template, args: &PrinterArgs) -> anyhow::Result<ExitCode> {
    let profile = args.profile.load()?;
    let job = Renderer::new(&profile, template).render(document)?;
    // Why a line cannot be opened is told only to whoever opens it.
    if let Err(error) = Probe::open(&args.printer, &profile) {
        eprintln!("未打印 / not printed: {}", trouble::opening(&args.printer, &error));
        return Ok(NOT_PRINTED.into());
    }
    let outcome = wait_for_outcome(args, profile, job)?;
    say(&words::outcome(outcome));
    Ok(match outcome {
        Outcome::Printed => ExitCode::SUCCESS,
        Outcome::Unconfirmed => UNCONFIRMED.into(),
        Outcome::FailedClean(_) => NOT_PRINTED.into(),
        Outcome::FailedPartial { .. } => IN_PART.into(),
    })
}

/// A slip under way is not broken off by Ctrl-C: half a slip is worse than a moment's wait. A second one leaves at once.
fn wait_for_outcome(args: &PrinterArgs, profile: Profile, job: hall_print::Job) -> anyhow::Result<Outcome> {
    let stop = interrupts()?;
    let printer = Printer::spawn(Setup::new(args.printer.clone(), profile), |_| {})?;
    let ending = printer.print("hall-print", job);
    let mut stops = 0;
    let outcome = loop {
        if let Ok(outcome) = ending.recv_timeout(LOOK_EVERY) {
            break outcome;
        }
        if stop.try_recv().is_ok() {
            stops += 1;
            if stops > 1 {
                return Ok(Outcome::Unconfirmed);
            }
            eprintln!(
                "正在打印，等待结果；再按一次 Ctrl-C 立即退出 / printing: waiting for how it ends; Ctrl-C again leaves at once"
            );
        }
    };
    let status = printer.finish();
    if outcome != Outcome::Printed {
        say(&format!("{}: {}", args.printer, words::status(status)));
    }
    Ok(outcome)
}
