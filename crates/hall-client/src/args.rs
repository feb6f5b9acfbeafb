//! Which hub a terminal belongs to, and as whom.

use crate::{ClientError, Hub};

/// What every terminal is told of its hub; flatten it into the terminal's own arguments.
#[derive(Clone, clap::Args)]
pub struct HubArgs {
    /// 主机地址 Address of the hub
    #[arg(long = "hub", value_name = "URL", default_value = "http://127.0.0.1:7900")]
    url: String,
    /// 设备令牌 This device's token
    #[arg(long, env = "HALL_TOKEN", hide_env_values = true)]
    token: Option<String>,
}

impl HubArgs {
    /// The hub; nothing is sent yet. An empty token is none.
    pub fn hub(&self) -> Result<Hub, ClientError> {
        Hub::new(&self.url, self.token.as_deref().filter(|token| !token.is_empty()))
    }
}
