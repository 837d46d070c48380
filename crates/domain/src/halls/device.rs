//! The life of a registered device 终端设备: a kiosk, a screen, a locker or a printer. It is registered with a code that works once,
//! enrolled with a key that only the device has, reports what is wrong with it, and is revoked.

use serde::{Deserialize, Serialize};

use super::refusal::{HallReason, HallRefusal};
use crate::ids::DeviceId;
use crate::time::Timestamp;

/// What a device is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DeviceKind {
    /// 自助终端: people apply, look up and print at it.
    Kiosk,
    /// 叫号屏: what hangs in the hall.
    Screen,
    /// 智能文件柜: the controller of a locker.
    Locker,
    /// 打印机: prints licences and slips.
    Printer,
}

impl DeviceKind {
    /// All of them, for forms and tests.
    pub const ALL: [DeviceKind; 4] = [DeviceKind::Kiosk, DeviceKind::Screen, DeviceKind::Locker, DeviceKind::Printer];

    /// As stored and sent.
    pub fn as_str(self) -> &'static str {
        match self {
            DeviceKind::Kiosk => "kiosk",
            DeviceKind::Screen => "screen",
            DeviceKind::Locker => "locker",
            DeviceKind::Printer => "printer",
        }
    }

    /// From its stored name.
    pub fn parse(name: &str) -> Option<DeviceKind> {
        DeviceKind::ALL.into_iter().find(|kind| kind.as_str() == name)
    }
}

/// What can be wrong with a device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FaultKind {
    /// 缺纸: the printer is empty.
    Paper,
    /// 打印故障: the printer does not print.
    Printer,
    /// 柜格故障: a cell does not open or close.
    Cell,
    /// 读卡故障: the reader of identity cards or codes.
    Reader,
    /// 其他.
    Other,
}

impl FaultKind {
    /// All of them, for forms and tests.
    pub const ALL: [FaultKind; 5] =
        [FaultKind::Paper, FaultKind::Printer, FaultKind::Cell, FaultKind::Reader, FaultKind::Other];

    /// As stored and sent.
    pub fn as_str(self) -> &'static str {
        match self {
            FaultKind::Paper => "paper",
            FaultKind::Printer => "printer",
            FaultKind::Cell => "cell",
            FaultKind::Reader => "reader",
            FaultKind::Other => "other",
        }
    }

    /// From its stored name.
    pub fn parse(name: &str) -> Option<FaultKind> {
        FaultKind::ALL.into_iter().find(|kind| kind.as_str() == name)
    }
}

/// What is said to be wrong.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Reported {
    /// What.
    pub kind: FaultKind,
    /// Which part, for instance the number of a cell; empty when the device has only one. At most 20 characters.
    #[serde(default)]
    pub part: String,
}

/// A fault that is not mended yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// What is wrong.
    #[serde(flatten)]
    pub what: Reported,
    /// Since when it is known.
    pub since: Timestamp,
    /// The device said so itself, and takes it back itself; otherwise a person did.
    pub by_device: bool,
}

/// Where a device stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "kebab-case")]
pub enum DeviceState {
    /// Registered; somebody at the device types the code.
    Registered {
        /// SHA-256 of the code, hex.
        code: String,
        /// Until when it works.
        until: Timestamp,
    },
    /// Has proved its key.
    Active {
        /// SubjectPublicKeyInfo of the key, base64url.
        key: String,
        /// Since when.
        since: Timestamp,
    },
    /// Does not count any more.
    Revoked {
        /// Since when.
        at: Timestamp,
        /// Why.
        reason: String,
    },
}

impl DeviceState {
    /// The stored name.
    pub fn name(&self) -> &'static str {
        match self {
            DeviceState::Registered { .. } => "registered",
            DeviceState::Active { .. } => "active",
            DeviceState::Revoked { .. } => "revoked",
        }
    }
}

/// A device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Device {
    /// Its id.
    pub id: DeviceId,
    /// Id of the place where it stands.
    pub place: String,
    /// Id of the terminal in the place's list; empty for what the list does not name.
    pub terminal: String,
    /// What it is.
    pub kind: DeviceKind,
    /// Name for staff: 东门一号机.
    pub name: String,
    /// What is wrong with it.
    pub faults: Vec<Fault>,
    /// Since when somebody at it waits for staff.
    pub calling: Option<Timestamp>,
    /// Where it stands.
    #[serde(flatten)]
    pub state: DeviceState,
}

/// What happens to a device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fact", rename_all = "kebab-case")]
pub enum DeviceFact {
    /// It was registered.
    Registered {
        /// All of it.
        device: Box<Device>,
    },
    /// It got another code: what it had before counts no more.
    CodeIssued {
        /// SHA-256 of the code, hex.
        code: String,
        /// Until when it works.
        until: Timestamp,
    },
    /// It has proved its key.
    Enrolled {
        /// SubjectPublicKeyInfo, base64url.
        key: String,
        /// When.
        at: Timestamp,
    },
    /// Something is wrong.
    FaultReported {
        /// What.
        fault: Fault,
    },
    /// It is mended.
    FaultMended {
        /// What.
        what: Reported,
        /// When.
        at: Timestamp,
    },
    /// Somebody at it calls for staff.
    StaffCalled {
        /// When.
        at: Timestamp,
    },
    /// Staff have come.
    StaffCame {
        /// When.
        at: Timestamp,
    },
    /// Somebody has signed in at it by telephone.
    SignedIn {
        /// The account.
        account: String,
        /// When.
        at: Timestamp,
    },
    /// It counts no more.
    Revoked {
        /// When.
        at: Timestamp,
        /// Why.
        reason: String,
    },
}

impl DeviceFact {
    /// Name in the journal.
    pub fn kind(&self) -> &'static str {
        match self {
            DeviceFact::Registered { .. } => "device.registered",
            DeviceFact::CodeIssued { .. } => "device.code-issued",
            DeviceFact::Enrolled { .. } => "device.enrolled",
            DeviceFact::FaultReported { .. } => "device.fault-reported",
            DeviceFact::FaultMended { .. } => "device.fault-mended",
            DeviceFact::StaffCalled { .. } => "device.staff-called",
            DeviceFact::StaffCame { .. } => "device.staff-came",
            DeviceFact::SignedIn { .. } => "device.signed-in",
            DeviceFact::Revoked { .. } => "device.revoked",
        }
    }
}

impl Device {
    /// How the journal names it as an actor.
    pub fn label(&self) -> String {
        format!("device/{}", self.id)
    }

    /// The key of a device that counts.
    pub fn key(&self) -> Option<&str> {
        match &self.state {
            DeviceState::Active { key, .. } => Some(key),
            _ => None,
        }
    }

    /// Whether staff must look at it.
    pub fn needs_staff(&self) -> bool {
        self.calling.is_some() || !self.faults.is_empty()
    }

    /// Whether it has this fault, in whatever part.
    pub fn has(&self, kind: FaultKind) -> bool {
        self.faults.iter().any(|fault| fault.what.kind == kind)
    }

    fn refuse(&self, command: &'static str, reason: HallReason) -> HallRefusal {
        HallRefusal { state: self.state.name(), command, reason }
    }

    fn active(&self, command: &'static str) -> Result<(), HallRefusal> {
        match self.state {
            DeviceState::Active { .. } => Ok(()),
            _ => Err(self.refuse(command, HallReason::DeviceUnknown)),
        }
    }

    /// Takes the key of a device whose code was typed in time.
    ///
    /// # Errors
    /// The code was used or is too old.
    pub fn enrol(&self, key: &str, now: Timestamp) -> Result<DeviceFact, HallRefusal> {
        match &self.state {
            DeviceState::Registered { until, .. } if now < *until => {
                Ok(DeviceFact::Enrolled { key: key.to_owned(), at: now })
            }
            _ => Err(self.refuse("enrol", HallReason::CodeGone)),
        }
    }

    /// Gives it another code; a key that it has counts no more.
    ///
    /// # Errors
    /// It was revoked.
    pub fn issue_code(&self, code: &str, until: Timestamp) -> Result<DeviceFact, HallRefusal> {
        match self.state {
            DeviceState::Revoked { .. } => Err(self.refuse("issue-code", HallReason::WrongState)),
            _ => Ok(DeviceFact::CodeIssued { code: code.to_owned(), until }),
        }
    }

    /// Ends it.
    ///
    /// # Errors
    /// It was revoked before.
    pub fn revoke(&self, reason: &str, now: Timestamp) -> Result<DeviceFact, HallRefusal> {
        match self.state {
            DeviceState::Revoked { .. } => Err(self.refuse("revoke", HallReason::WrongState)),
            _ => Ok(DeviceFact::Revoked { at: now, reason: reason.to_owned() }),
        }
    }

    /// Everything that the device finds wrong with itself now: what is new is reported, what it said before and says no more is
    /// mended. What people have reported stays.
    ///
    /// # Errors
    /// It does not count.
    pub fn report(&self, all: &[Reported], now: Timestamp) -> Result<Vec<DeviceFact>, HallRefusal> {
        self.active("report")?;
        let mut facts: Vec<DeviceFact> = Vec::new();
        for what in all {
            let known = self.faults.iter().any(|fault| fault.what == *what);
            let said =
                facts.iter().any(|fact| matches!(fact, DeviceFact::FaultReported { fault } if fault.what == *what));
            if !known && !said {
                let fault = Fault { what: what.clone(), since: now, by_device: true };
                facts.push(DeviceFact::FaultReported { fault });
            }
        }
        let gone = self.faults.iter().filter(|fault| fault.by_device && !all.contains(&fault.what));
        facts.extend(gone.map(|fault| DeviceFact::FaultMended { what: fault.what.clone(), at: now }));
        Ok(facts)
    }

    /// A person at it says that something is wrong; nothing new when it is known.
    ///
    /// # Errors
    /// It does not count.
    pub fn complain(&self, what: Reported, now: Timestamp) -> Result<Option<DeviceFact>, HallRefusal> {
        self.active("complain")?;
        let known = self.faults.iter().any(|fault| fault.what == what);
        let fault = Fault { what, since: now, by_device: false };
        Ok((!known).then_some(DeviceFact::FaultReported { fault }))
    }

    /// Staff say that it is mended.
    ///
    /// # Errors
    /// There is no such fault.
    pub fn mend(&self, what: &Reported, now: Timestamp) -> Result<DeviceFact, HallRefusal> {
        match self.faults.iter().any(|fault| fault.what == *what) {
            true => Ok(DeviceFact::FaultMended { what: what.clone(), at: now }),
            false => Err(self.refuse("mend", HallReason::WrongState)),
        }
    }

    /// Somebody at it calls for staff; nothing new when somebody does already.
    ///
    /// # Errors
    /// It does not count.
    pub fn call_staff(&self, now: Timestamp) -> Result<Option<DeviceFact>, HallRefusal> {
        self.active("call-staff")?;
        Ok(self.calling.is_none().then_some(DeviceFact::StaffCalled { at: now }))
    }

    /// Staff have come.
    ///
    /// # Errors
    /// Nobody called.
    pub fn staff_came(&self, now: Timestamp) -> Result<DeviceFact, HallRefusal> {
        match self.calling {
            Some(_) => Ok(DeviceFact::StaffCame { at: now }),
            None => Err(self.refuse("staff-came", HallReason::WrongState)),
        }
    }

    /// The device after a fact; replaying its facts gives the row.
    pub fn evolve(before: Option<Device>, fact: DeviceFact) -> Option<Device> {
        match (before, fact) {
            (None, DeviceFact::Registered { device }) => Some(*device),
            (None, _) => None,
            (Some(own), fact) => Some(own.after(fact)),
        }
    }

    fn after(mut self, fact: DeviceFact) -> Device {
        match fact {
            DeviceFact::Registered { .. } | DeviceFact::SignedIn { .. } => {}
            DeviceFact::CodeIssued { code, until } => self.state = DeviceState::Registered { code, until },
            DeviceFact::Enrolled { key, at } => self.state = DeviceState::Active { key, since: at },
            DeviceFact::FaultReported { fault } => self.faults.push(fault),
            DeviceFact::FaultMended { what, .. } => self.faults.retain(|fault| fault.what != what),
            DeviceFact::StaffCalled { at } => self.calling = Some(at),
            DeviceFact::StaffCame { .. } => self.calling = None,
            DeviceFact::Revoked { at, reason } => {
                self.faults.clear();
                self.calling = None;
                self.state = DeviceState::Revoked { at, reason };
            }
        }
        self
    }
}
