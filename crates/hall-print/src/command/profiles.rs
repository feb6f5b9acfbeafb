//! `profiles`: what is built in, and all of one.

use std::process::ExitCode;

use hall_print::{Coverage, Profile};
use serde_json::{Value, json};

use super::{say, table, words};

pub fn run(name: Option<&str>, json: bool) -> anyhow::Result<ExitCode> {
    match name {
        None => list(json)?,
        Some(name) => show(name, json)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn list(json: bool) -> anyhow::Result<()> {
    let profiles = Profile::names().map(Profile::named).collect::<Result<Vec<_>, _>>()?;
    if json {
        say(&serde_json::to_string_pretty(&profiles.iter().map(entry).collect::<Vec<_>>())?);
        return Ok(());
    }
    let head = [
        "名称 name",
        "厂商 vendor",
        "型号 model",
        "纸 paper",
        "汉字 text",
        "打印证明 proof",
        "核实 verified",
    ];
    let rows = profiles.iter().map(|profile| {
        vec![
            profile.name.clone(),
            profile.meta.vendor.clone(),
            profile.meta.model.clone(),
            format!("{} mm", profile.paper.width_mm),
            coverage(profile.text.coverage).to_owned(),
            words::ack(profile.status.ack).to_owned(),
            words::verified(profile.meta.verified).to_owned(),
        ]
    });
    let rows: Vec<_> = std::iter::once(head.map(String::from).to_vec()).chain(rows).collect();
    say(&table::lines(&rows).join("\n"));
    Ok(())
}

fn entry(profile: &Profile) -> Value {
    json!({
        "name": profile.name,
        "vendor": profile.meta.vendor,
        "model": profile.meta.model,
        "paper_mm": profile.paper.width_mm,
        "coverage": coverage(profile.text.coverage),
        "ack": format!("{:?}", profile.status.ack),
        "verified": format!("{:?}", profile.meta.verified).to_lowercase(),
    })
}

fn coverage(coverage: Coverage) -> &'static str {
    match coverage {
        Coverage::Ascii => "none",
        Coverage::Gb2312 => "gb2312",
        Coverage::Gbk => "gbk",
        Coverage::Gb18030TwoByte => "gb18030-2b",
        Coverage::Gb18030 => "gb18030-4b",
    }
}

fn show(name: &str, json: bool) -> anyhow::Result<()> {
    let profile = Profile::find(name)?;
    let (facts, inherits) = Profile::facts(name)?;
    if json {
        let facts = facts.iter().map(|fact| {
            json!({ "key": fact.key, "value": fact.value, "stated_in": fact.stated_in, "source": fact.source })
        });
        let whole = json!({ "name": profile.name, "inherits": inherits, "facts": facts.collect::<Vec<_>>() });
        say(&serde_json::to_string_pretty(&whole)?);
        return Ok(());
    }
    say(&format!("{}: {} {}", profile.name, profile.meta.vendor, profile.meta.model));
    if !inherits.is_empty() {
        say(&format!("继承 inherits: {}", inherits.join(" < ")));
    }
    let head = ["键与值 key and value", "写在 stated in", "出处 source"].map(String::from).to_vec();
    let rows = facts.into_iter().map(|fact| {
        vec![format!("{} = {}", fact.key, fact.value), fact.stated_in, fact.source.unwrap_or_default()]
    });
    say(&table::lines(&std::iter::once(head).chain(rows).collect::<Vec<_>>()).join("\n"));
    Ok(())
}
