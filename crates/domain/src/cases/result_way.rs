//! How somebody wants to get the result of a case.

use serde::{Deserialize, Serialize};

/// How the result of a case is handed over 结果送达方式.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ResultWay {
    /// 网上下载: at once when it is ready.
    #[default]
    Download,
    /// 窗口领取.
    Window,
    /// 智能文件柜.
    Locker,
    /// 邮寄.
    Mail,
}

impl ResultWay {
    /// All of them, for forms.
    pub const ALL: [ResultWay; 4] = [ResultWay::Download, ResultWay::Window, ResultWay::Locker, ResultWay::Mail];

    /// As stored and sent.
    pub fn as_str(self) -> &'static str {
        match self {
            ResultWay::Download => "download",
            ResultWay::Window => "window",
            ResultWay::Locker => "locker",
            ResultWay::Mail => "mail",
        }
    }

    /// From its stored name.
    pub fn parse(name: &str) -> Option<ResultWay> {
        ResultWay::ALL.into_iter().find(|own| own.as_str() == name)
    }

    /// For `serde`: what is not said is left out.
    pub fn is_download(&self) -> bool {
        *self == ResultWay::Download
    }
}
