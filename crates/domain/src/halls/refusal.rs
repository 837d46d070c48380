//! Why an appointment or a ticket does not take a command.

use jiff::civil::Date;
use serde::Serialize;

use crate::text::Text;
use crate::time::{Timestamp, date_words, moment_words};

/// A command that the state does not allow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("{command} refused in state {state}: {reason:?}")]
pub struct HallRefusal {
    /// State name.
    pub state: &'static str,
    /// Command name.
    pub command: &'static str,
    /// Why.
    pub reason: HallReason,
}

/// The reasons. Each has one sentence that says what to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum HallReason {
    /// The state does not know this command.
    WrongState,
    /// The number was called to another window.
    OtherWindow {
        /// Which one.
        window: String,
    },
    /// The number has not been called often enough to be passed over.
    CallAgain {
        /// How often it was called.
        called: u32,
        /// How often it must be.
        needed: u32,
    },
    /// The counter does not belong to this place.
    NoSuchCounter,
    /// It is there already.
    SameCounter,
    /// All places of the slot are taken.
    SlotTaken,
    /// The slot is not released yet.
    NotReleased {
        /// When it will be.
        at: Timestamp,
    },
    /// The slot has begun.
    SlotPast,
    /// It is too early or too late: the appointment is for another time.
    OtherTime {
        /// When the slot begins.
        start: Timestamp,
    },
    /// The counter does not take this matter at that time.
    NotTaken,
    /// One open appointment for a person, a matter and a day.
    AlreadyBooked,
    /// Too many appointments were missed.
    Barred {
        /// Last day on which one cannot book.
        until: Date,
    },
    /// The place is closed now.
    Closed,
    /// The code of a device was used, is too old, or never was one.
    CodeGone,
    /// What the device has signed does not fit its key.
    KeyWrong,
    /// The device is not registered here, or not any more.
    DeviceUnknown,
    /// The code opens nothing here, or not any more.
    ParcelCodeGone,
    /// Something of this case lies in a cell already.
    ParcelThere,
    /// Every cell is taken or broken.
    LockerFull,
    /// The cell does not open; staff were called.
    CellBroken {
        /// Its number.
        cell: u32,
    },
    /// The case has no result to hand over.
    NothingToHandOver,
    /// The day lies in another week than the rota.
    OtherWeek,
    /// The end is not after the beginning, or nothing is left of it.
    NoTime,
    /// The place has no such window.
    NoSuchWindow,
    /// The account does not belong to the roster of this place.
    NotOnRoster,
    /// The same member is planned at this window then already.
    PlannedAlready,
    /// The duty or swap is no more.
    NoSuchDuty,
    /// The duty or the request is somebody else's.
    NotYourDuty,
    /// One of the duties waits for the answer to another request.
    SwapWaits,
    /// The duty has begun.
    DutyBegun,
    /// Whoever would take the duty may not sit at this window.
    NotTheirWindow {
        /// Number of the window.
        window: String,
    },
    /// Whoever would take the duty is on duty at another place then.
    OnDutyElsewhere {
        /// Name of the place.
        place: Text,
    },
    /// It is more than there is, and nobody has said why.
    ReasonNeeded {
        /// How many minutes need no reason.
        minutes: i64,
    },
    /// Something of this case is under way by mail already.
    AlreadyPosted,
    /// This account waits here already, with this number.
    AlreadyWaiting {
        /// The number.
        number: String,
    },
}

impl HallReason {
    /// One sentence in both languages.
    pub fn explain(&self) -> Text {
        match self {
            HallReason::OtherWindow { window } => Text::new(
                format!("这个号由 {window} 号窗口叫到，请由该窗口处理，或先转号。"),
                format!("Window {window} has called this number. Let that window go on, or transfer the number."),
            ),
            HallReason::CallAgain { called, needed } => Text::new(
                format!("已叫 {called} 次，叫满 {needed} 次后才能过号。"),
                format!("Called {called} times so far; it may be passed over after {needed} calls."),
            ),
            HallReason::NoSuchCounter => {
                Text::new("本场所没有这个办事专区，请重新选择。", "This place has no such counter. Choose another one.")
            }
            HallReason::SameCounter => {
                Text::new("这个号已经在该专区排队，无需转号。", "The number waits at that counter already.")
            }
            HallReason::SlotTaken => Text::new(
                "这个时段刚刚约满，请选择其他时段。",
                "The last place of this slot was just taken. Choose another slot.",
            ),
            HallReason::NotReleased { at } => released_at(*at),
            HallReason::SlotPast => {
                Text::new("这个时段已经开始，请选择以后的时段。", "This slot has begun. Choose a later one.")
            }
            HallReason::OtherTime { start } => other_time(*start),
            HallReason::NotTaken => Text::new(
                "该专区在这个时段不办理这个事项，请换一个时段或场所。",
                "This counter does not take the matter at that time. Choose another time or place.",
            ),
            HallReason::AlreadyBooked => Text::new(
                "同一事项当天已有一个预约，请先取消原预约再改约。",
                "There is an appointment for this matter on that day already. Cancel it before booking another.",
            ),
            HallReason::Barred { until } => barred(*until),
            HallReason::Closed => Text::new(
                "该场所现在不在服务时间，请在开放时间内取号，或预约其他时段。",
                "The place is closed now. Take a ticket during its hours, or book a slot.",
            ),
            HallReason::AlreadyWaiting { number } => Text::new(
                format!("您已取号 {number}，请等候叫号，无需重复取号。"),
                format!("You have number {number} here already. Wait for it to be called."),
            ),
            other => other.of_machines(),
        }
    }

    /// What a terminal or a locker says; and what every state says of a command that it does not know.
    fn of_machines(&self) -> Text {
        match self {
            HallReason::CodeGone => Text::new(
                "这个登记码不对、已用过或已过期，请管理员重新发码。",
                "This code is wrong, used or too old. Ask the administrator for another one.",
            ),
            HallReason::KeyWrong => Text::new(
                "设备的签名与登记的密钥不符，请管理员核实设备后重新发码。",
                "The signature does not fit the device's key. Let the administrator look at the device and give another code.",
            ),
            HallReason::DeviceUnknown => Text::new(
                "这台设备没有登记或已停用，请联系现场工作人员。",
                "This device is not registered or no longer in use. Ask the staff.",
            ),
            HallReason::ParcelCodeGone => Text::new(
                "这个取件码不对、已用过或已过期。请在“我的存取件”页重新生成。",
                "This code is wrong, used or too old. Get another one on the page “My locker”.",
            ),
            HallReason::ParcelThere => Text::new(
                "这个办件已有一格在用，请先取出或等它到期。",
                "A cell is in use for this case already. Take out what is inside, or wait until it lapses.",
            ),
            HallReason::LockerFull => Text::new(
                "文件柜没有可用的柜格。请换一处文件柜，或到窗口办理。",
                "No cell of this locker is free. Choose another one, or come to a window.",
            ),
            HallReason::CellBroken { cell } => Text::new(
                format!("{cell} 号柜格打不开，已通知工作人员。您的物品仍在柜内，取件码继续有效。"),
                format!("Cell {cell} does not open; the staff know. What is inside is safe and the code still works."),
            ),
            HallReason::NothingToHandOver => {
                Text::new("这个办件没有待领取的结果。", "This case has no result that waits for collection.")
            }
            HallReason::AlreadyPosted => Text::new(
                "这个办件已有一件邮件在办，请先等它办完。",
                "Something of this case is under way by mail already. Wait until that has arrived.",
            ),
            other => other.of_rotas(),
        }
    }

    /// What a rota or a ledger says; and what every state says of a command that it does not know.
    fn of_rotas(&self) -> Text {
        match self {
            HallReason::OtherWeek => Text::new(
                "这一天不在本周轮值表内，请换到那一周再排。",
                "That day lies in another week. Open that week first.",
            ),
            HallReason::NoTime => Text::new(
                "时间不对：结束须晚于开始，时长须大于零。",
                "The time is wrong: the end comes after the beginning, and there must be some.",
            ),
            HallReason::NoSuchWindow => {
                Text::new("本场所没有这个窗口，请重新选择。", "This place has no such window. Choose another one.")
            }
            HallReason::NotOnRoster => Text::new(
                "这名人员不在本场所的值班名单内，请先加入名单，或另选一人。",
                "This person is not on the place's list of staff. Add them first, or choose somebody else.",
            ),
            HallReason::PlannedAlready => Text::new(
                "这名人员这个时间已排在这个窗口，无需重排。",
                "This person is planned at this window then already.",
            ),
            HallReason::NoSuchDuty => Text::new(
                "这个班次或调班申请已不在表上，请按最新的轮值表办理。",
                "That duty or request is no longer on the rota. Go on from the rota as it is now.",
            ),
            HallReason::NotYourDuty => Text::new(
                "这个班次或申请不是您的，请本人操作。",
                "That duty or request is somebody else's. They must do it themselves.",
            ),
            HallReason::SwapWaits => Text::new(
                "这个班次已有一个调班申请在等答复，请先答复或撤回。",
                "Another request about this duty waits for an answer. Answer it or take it back first.",
            ),
            HallReason::DutyBegun => Text::new(
                "这个班次已经开始，不能再调，请联系大厅负责人。",
                "This duty has begun and cannot be swapped. Ask the head of the hall.",
            ),
            HallReason::NotTheirWindow { window } => Text::new(
                format!("接班人不能承担 {window} 号窗口的业务，请换一个班次或换一人。"),
                format!("Whoever would take over may not sit at window {window}. Choose another duty or colleague."),
            ),
            HallReason::OnDutyElsewhere { place } => Text::new(
                format!("接班人这个时间在{}值班，请换一个班次或换一人。", place.zh),
                format!("Whoever would take over is on duty at {} then. Choose another duty or colleague.", place.en),
            ),
            HallReason::ReasonNeeded { minutes } => Text::new(
                format!("超过可用的 {minutes} 分钟，须写明理由。"),
                format!("That is more than the {minutes} minutes there are. Say why."),
            ),
            _ => Text::new(
                "当前状态不能进行这项操作，请刷新后按最新状态处理。",
                "This cannot be done in the present state. Reload and go on from there.",
            ),
        }
    }
}

fn released_at(at: Timestamp) -> Text {
    let words = moment_words(at);
    Text::new(
        format!("这个时段 {} 开始放号，请届时再约。", words.zh),
        format!("This slot is released on {}. Book it then.", words.en),
    )
}

fn other_time(start: Timestamp) -> Text {
    let words = moment_words(start);
    Text::new(
        format!("预约的时间是 {}，请在当天到场取号；改时间请先取消再约。", words.zh),
        format!("The appointment is for {}. Come that day, or cancel it and book another time.", words.en),
    )
}

fn barred(until: Date) -> Text {
    let words = date_words(until);
    Text::new(
        format!("多次预约未到，{} 以前（含当日）不能网上预约，仍可到现场取号办理。", words.zh),
        format!(
            "Several appointments were missed: no booking through {}. You can still come and take a ticket.",
            words.en
        ),
    )
}
