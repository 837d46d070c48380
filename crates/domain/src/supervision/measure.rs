//! What is counted of cases, and by what it is told apart.

use crate::text::Text;

/// How an application came in 申报渠道.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Channel {
    /// The pages, on a device of the applicant's own.
    Web,
    /// The pages, on a terminal of a place 自助终端.
    Kiosk,
    /// A window, typed by a clerk.
    Window,
    /// Another system.
    Api,
}

impl Channel {
    /// All of them, in the order of tables.
    pub const ALL: [Channel; 4] = [Channel::Web, Channel::Kiosk, Channel::Window, Channel::Api];

    /// As stored and sent.
    pub fn as_str(self) -> &'static str {
        match self {
            Channel::Web => "web",
            Channel::Kiosk => "kiosk",
            Channel::Window => "window",
            Channel::Api => "api",
        }
    }

    /// From the stored name.
    pub fn parse(name: &str) -> Option<Channel> {
        Channel::ALL.into_iter().find(|own| own.as_str() == name)
    }

    /// The words.
    pub fn label(self) -> Text {
        let (zh, en) = match self {
            Channel::Web => ("网上", "Web"),
            Channel::Kiosk => ("自助终端", "Terminal"),
            Channel::Window => ("窗口", "Window"),
            Channel::Api => ("其他系统", "Other systems"),
        };
        Text::new(zh, en)
    }
}

/// How an applicant was served. Each case is of one kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// 线上办件: filed without a window, on a page or a terminal or through another system.
    Online,
    /// 预约即办: taken at a window from somebody who came with an appointment.
    Appointment,
    /// 帮办代办: typed at a window for somebody who came without one.
    Assisted,
}

impl Kind {
    /// All of them, in the order of tables.
    pub const ALL: [Kind; 3] = [Kind::Online, Kind::Appointment, Kind::Assisted];

    /// As stored and sent.
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::Online => "online",
            Kind::Appointment => "appointment",
            Kind::Assisted => "assisted",
        }
    }

    /// From the stored name.
    pub fn parse(name: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|own| own.as_str() == name)
    }

    /// The words.
    pub fn label(self) -> Text {
        let (zh, en) = match self {
            Kind::Online => ("线上办件", "Online"),
            Kind::Appointment => ("预约即办", "By appointment"),
            Kind::Assisted => ("帮办代办", "Assisted"),
        };
        Text::new(zh, en)
    }

    /// Whether cases of this kind come by that channel.
    pub fn comes_by(self, channel: Channel) -> bool {
        (self == Kind::Online) != (channel == Channel::Window)
    }
}

/// What is counted of the cases that were received in a week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Measure {
    /// 收件.
    Received,
    /// 受理, of those received.
    Accepted,
    /// 办结, of those accepted: closed, refused, withdrawn or terminated.
    Closed,
    /// Decided, or past the promised limit: what the on-time rate of that clock is a share of.
    SettledPromise,
    /// Past the promised limit without a decision.
    LatePromise,
    /// The same on the statutory clock, of cases that have one.
    SettledLimit,
    /// Past the statutory limit without a decision.
    LateLimit,
}

impl Measure {
    /// All of them.
    pub const ALL: [Measure; 7] = [
        Measure::Received,
        Measure::Accepted,
        Measure::Closed,
        Measure::SettledPromise,
        Measure::LatePromise,
        Measure::SettledLimit,
        Measure::LateLimit,
    ];

    /// As stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Measure::Received => "received",
            Measure::Accepted => "accepted",
            Measure::Closed => "closed",
            Measure::SettledPromise => "settled-promise",
            Measure::LatePromise => "late-promise",
            Measure::SettledLimit => "settled-limit",
            Measure::LateLimit => "late-limit",
        }
    }

    /// From the stored name.
    pub fn parse(name: &str) -> Option<Measure> {
        Measure::ALL.into_iter().find(|own| own.as_str() == name)
    }
}
