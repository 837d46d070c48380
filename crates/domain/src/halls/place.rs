//! A place: what it is, where, what it takes.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::hours::Opening;
use crate::text::Text;

/// What a place is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PlaceKind {
    /// 政务服务大厅: the hall of a city or district.
    Hall,
    /// 便民服务中心: the centre of a town or street.
    Centre,
    /// 微窗口: a small window inside an industrial park.
    MicroWindow,
    /// 银行网点: a bank branch with a terminal.
    Bank,
    /// 智能文件柜: lockers that are open day and night.
    Locker,
}

impl PlaceKind {
    /// As stored and sent.
    pub fn as_str(self) -> &'static str {
        match self {
            PlaceKind::Hall => "hall",
            PlaceKind::Centre => "centre",
            PlaceKind::MicroWindow => "micro-window",
            PlaceKind::Bank => "bank",
            PlaceKind::Locker => "locker",
        }
    }
}

/// Appointments of a counter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Booking {
    /// Length of a slot, in minutes, 5 to 240.
    pub minutes: u16,
    /// How many people a slot takes, 1 to 1,000.
    pub capacity: u16,
}

/// A group of windows with one queue: 综合窗口, 不动产专区.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Counter {
    /// Name in addresses, unique in its place.
    pub id: String,
    /// Printed name.
    pub name: Text,
    /// The capital letter that its tickets begin with.
    pub letter: String,
    /// Numbers of its windows 窗口号.
    pub windows: Vec<String>,
    /// Slugs of the matters that it takes; empty = any matter of the city (无差别综合受理).
    #[serde(default)]
    pub matters: Vec<String>,
    /// Appointments; absent = none.
    #[serde(default)]
    pub booking: Option<Booking>,
    /// How long one person usually takes, in minutes: the estimate until enough people have been served today.
    pub usual_minutes: u16,
}

impl Counter {
    /// Whether a matter is taken here.
    pub fn takes(&self, matter: &str) -> bool {
        self.matters.is_empty() || self.matters.iter().any(|own| own == matter)
    }
}

/// What a terminal does besides filing applications: look-ups and prints, each with where it is done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TerminalService {
    /// In a few words.
    pub name: Text,
    /// Where it is done.
    pub at: ServiceAt,
}

/// Where a service of a terminal is done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ServiceAt {
    /// As this matter, by its slug: what is issued at once is printed at once.
    Matter(String),
    /// In the wallet: the person's licences.
    Licences,
    /// Among the person's cases.
    Cases,
    /// By the number of a case, without signing in.
    Track,
}

/// A self-service terminal 自助终端.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Terminal {
    /// Name in the files.
    pub id: String,
    /// Printed name.
    pub name: Text,
    /// What it can do.
    pub services: Vec<TerminalService>,
    /// 特色清单: slugs of the matters that it offers beyond the city's standard list.
    #[serde(default)]
    pub matters: Vec<String>,
}

/// Days on which a place is closed in spite of its openings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Closure {
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
    /// Why, for the public.
    pub reason: Text,
}

/// A place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// Name in addresses.
    pub id: String,
    /// What it is.
    pub kind: PlaceKind,
    /// Printed name.
    pub name: Text,
    /// District, six digits of GB/T 2260.
    pub district: String,
    /// Town or street, or the park.
    pub area: Text,
    /// Street and number.
    pub address: Text,
    /// 咨询电话, with area code.
    pub phone: String,
    /// 标准清单: what every place of its kind offers.
    #[serde(default)]
    pub standard: Vec<Text>,
    /// 特色清单: what this place offers beyond that.
    #[serde(default)]
    pub feature: Vec<Text>,
    /// Its counters, each with one queue.
    #[serde(default)]
    pub counters: Vec<Counter>,
    /// Its terminals.
    #[serde(default)]
    pub terminals: Vec<Terminal>,
    /// How many locker cells it has.
    #[serde(default)]
    pub cells: u32,
    /// When it is open.
    pub openings: Vec<Opening>,
    /// When it is not, in spite of that.
    #[serde(default)]
    pub closed: Vec<Closure>,
}

impl Place {
    /// A counter.
    pub fn counter(&self, id: &str) -> Option<&Counter> {
        self.counters.iter().find(|counter| counter.id == id)
    }

    /// The counters that take a matter.
    pub fn counters_for<'p>(&'p self, matter: &'p str) -> impl Iterator<Item = &'p Counter> {
        self.counters.iter().filter(move |counter| counter.takes(matter))
    }

    /// The counter that a window belongs to.
    pub fn counter_of_window(&self, window: &str) -> Option<&Counter> {
        self.counters.iter().find(|counter| counter.windows.iter().any(|own| own == window))
    }

    /// Whether anybody can book here.
    pub fn books(&self) -> bool {
        self.counters.iter().any(|counter| counter.booking.is_some())
    }
}
