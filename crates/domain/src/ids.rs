//! Identifiers. Each entity has its own type, so that a case cannot be passed where a licence is meant.
//!
//! Every id is a UUIDv7: it sorts by creation time, which keeps B-trees compact. People never see one; they see
//! numbers (办件编号) or the random public id of a licence.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use uuid::Uuid;

use crate::time::Timestamp;

macro_rules! id {
    ($(#[$doc:meta] $name:ident),+ $(,)?) => {$(
        #[$doc]
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// A fresh id of the instant `now`, made unique by ten random bytes.
            pub fn new(now: Timestamp, random: [u8; 10]) -> Self {
                let millis = u64::try_from(now.micros() / 1000).unwrap_or(0);
                Self(uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;
            fn from_str(s: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(s).map(Self)
            }
        }
    )+};
}

id! {
    /// An account: one person who signs in.
    AccountId,
    /// A case 办件.
    CaseId,
    /// A sealed document 文书 of a case: notice, receipt or decision.
    DocumentId,
    /// A licence 证照.
    LicenceId,
    /// An uploaded file.
    UploadId,
    /// A message to an account.
    MessageId,
    /// A signed-in session.
    SessionId,
    /// An appointment 预约.
    AppointmentId,
    /// A ticket 号票 in the queue of a place.
    TicketId,
    /// A registered device 终端设备 of a place.
    DeviceId,
    /// A mandate 授权委托 of an organisation for its clerk.
    MandateId,
    /// Something that lies in a locker 柜内物品.
    ParcelId,
    /// A postal item 邮件.
    MailingId,
}

/// The tenant, normally a prefecture-level city, as six digits of GB/T 2260 (`370200`). First part of every key.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Region(pub String);

impl Region {
    /// The six digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
