//! Printer families: a profile, and a virtual printer that is what the profile says.

use hall_print::{Ack, CodeMode, Coverage, Profile};
use hall_sim::printer::{Answers, Model};

/// One kind of printer.
pub struct Family {
    pub name: &'static str,
    pub profile: Profile,
    pub model: Model,
    pub networked: bool,
}

impl Family {
    /// Whether it can prove that it printed.
    pub fn proves(&self) -> bool {
        self.profile.status.ack != Ack::None
    }
}

/// All of them.
pub fn families() -> Vec<Family> {
    let family = |name, profile: &str, model: Model| Family {
        name,
        profile: hurried(Profile::named(profile).unwrap()),
        model,
        networked: false,
    };
    let mut mute = family("mute", "generic-58mm", Model { answers: Answers::NONE, ..Model::poor() });
    mute.profile.text.coverage = Coverage::Gb2312;
    mute.profile.qr.mode = CodeMode::Raster;
    mute.profile.status.dle_eot.clear();
    mute.profile.status.ack = Ack::None;
    let mut forgetful = family("forgets when the paper ends", "snbc-btp-r880np", Model::default());
    forgetful.model.forgets_when_paper_ends = true;
    let mut network = family("network", "generic-80mm", Model::default());
    network.networked = true;
    let mut network_by_id = family("network, by id", "epson-eu-m30", Model::default());
    network_by_id.networked = true;
    vec![
        family("in order", "generic-80mm", Model::default()),
        family("by id", "epson-eu-m30", Model::default()),
        family("narrow", "generic-58mm", Model::narrow()),
        family("without Chinese", "generic-80mm-ascii", Model::without_chinese()),
        family("busy when off-line", "citizen-ct-s300", Model::busy_when_offline()),
        family("obeys inside data", "xprinter-xp-80", Model::obeys_inside_data()),
        family("told by itself", "snbc-bt-t080", Model::default()),
        mute,
        forgetful,
        network,
        network_by_id,
    ]
}

/// Deadlines as short as a loaded machine allows, so that thousands of runs take minutes.
fn hurried(mut profile: Profile) -> Profile {
    profile.serial.baud = 921_600;
    profile.serial.write_ms = 800;
    profile.status.reply_ms = 400;
    profile.status.ack_ms = 2000;
    profile
}
