//! `preview`: the paper as a picture, on one printer model or on all.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use hall_print::{Profile, Renderer, TestPage};

use super::document::Content;
use super::print::Look;
use super::{ProfileArg, now, say};

#[derive(clap::Args)]
pub struct Args {
    /// 文档（TOML）；缺省为测试页 / the document [default: the test page]
    file: Option<PathBuf>,
    #[command(flatten)]
    profile: ProfileArg,
    /// 图片文件 / the picture
    #[arg(long, value_name = "PNG", required_unless_present = "all_profiles")]
    out: Option<PathBuf>,
    /// 改为每个内置型号一张，存入此文件夹 / instead one for each built-in profile, into this folder
    #[arg(long, value_name = "DIR", conflicts_with_all = ["out", "profile"])]
    all_profiles: Option<PathBuf>,
    #[command(flatten)]
    look: Look,
}

pub fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let mut content = match &args.file {
        Some(file) => Content::load(file)?,
        None => Content::TestPage(TestPage { remark: String::new(), printed_at: now() }),
    };
    args.look.mark(&mut content)?;
    let draw = |profile: &Profile, out: &Path| draw(&content, args, profile, out);
    if let Some(folder) = &args.all_profiles {
        std::fs::create_dir_all(folder)
            .with_context(|| format!("{}: 无法建立 / cannot be made", folder.display()))?;
        for name in Profile::names() {
            draw(&Profile::named(name)?, &folder.join(format!("{name}.png")))?;
        }
    } else if let Some(out) = &args.out {
        draw(&args.profile.load()?, out)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn draw(content: &Content, args: &Args, profile: &Profile, out: &Path) -> anyhow::Result<()> {
    let renderer = Renderer::new(profile, args.look.template()?);
    let picture = renderer.preview(content.document(args.look.large())?)?;
    picture.save_with_format(out, image::ImageFormat::Png).with_context(|| out.display().to_string())?;
    say(&format!("{}: {}, {}", out.display(), content.name(), profile.name));
    Ok(())
}
