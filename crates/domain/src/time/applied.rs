//! Where each number of the law is applied, and which day's law it is: the list behind `yichuang rules list --law`.
//!
//! A test reads the sources and compares: a number that is asked for anywhere and not listed here fails it, and so does a
//! place that no longer asks.

use serde::Serialize;

use super::{LawNumber, LawTable};
use crate::text::Text;

/// On which day a number must be in force to count for somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum GoverningDay {
    /// The day on which the application was received: a case that is underway keeps the number it began with.
    Receipt,
    /// The day on which the period itself begins; it is no part of the procedure.
    Beginning,
    /// The last day of the licence, from which it is counted back.
    Expiry,
    /// Today: how supervision looks at everything that is open.
    Today,
}

impl GoverningDay {
    /// The words for staff.
    pub fn label(self) -> Text {
        let (zh, en) = match self {
            GoverningDay::Receipt => ("以收到申请之日的规定为准", "as in force on the day of receipt"),
            GoverningDay::Beginning => ("以期间开始之日的规定为准", "as in force on the day on which it begins"),
            GoverningDay::Expiry => ("以证照届满之日的规定为准", "as in force on the licence's last day"),
            GoverningDay::Today => ("以查看当日的规定为准", "as in force today"),
        };
        Text::new(zh, en)
    }
}

/// Where one number is applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Applied {
    /// Name of the number.
    pub id: &'static str,
    /// Which day's law it is.
    pub governs: GoverningDay,
    /// The sources that ask for it, below the crates.
    pub places: &'static [&'static str],
    /// Commands, duties and documents in which it counts.
    pub counts_in: &'static [&'static str],
}

const LIFECYCLE: &str = "domain/src/cases/lifecycle.rs";
const PERIODS: &str = "domain/src/cases/periods.rs";
const RECOMPUTE: &str = "domain/src/cases/recompute.rs";
const REMEDIES: &str = "domain/src/cases/remedies.rs";
const TABLE: &str = "domain/src/time/law_table.rs";

/// Every number that the program applies.
pub const APPLIED: &[Applied] = &[
    Applied {
        id: "correction-notice",
        governs: GoverningDay::Receipt,
        places: &[PERIODS, "domain/src/cases/wording.rs", "web/src/cases/clocks.rs"],
        counts_in: &["request-correction", "decline-acceptance", "accept", "deem-accepted", "case.deem-accepted"],
    },
    Applied {
        id: "correction-supply",
        governs: GoverningDay::Receipt,
        places: &[LIFECYCLE, RECOMPUTE],
        counts_in: &["request-correction", "recompute-deadlines"],
    },
    Applied {
        id: "correction-closing",
        governs: GoverningDay::Receipt,
        places: &[LIFECYCLE, PERIODS],
        counts_in: &["request-correction", "decline-acceptance", "case.correction-over"],
    },
    Applied { id: "decision", governs: GoverningDay::Receipt, places: &[PERIODS], counts_in: &["extend"] },
    Applied { id: "decision-extension", governs: GoverningDay::Receipt, places: &[PERIODS], counts_in: &["extend"] },
    Applied {
        id: "delivery",
        governs: GoverningDay::Receipt,
        places: &["domain/src/cases/duties.rs"],
        counts_in: &["case.delivery-late"],
    },
    Applied {
        id: "human-review",
        governs: GoverningDay::Receipt,
        places: &[LIFECYCLE, RECOMPUTE],
        counts_in: &["ask-person", "case.check-due"],
    },
    Applied {
        id: "rectification",
        governs: GoverningDay::Receipt,
        places: &[LIFECYCLE, RECOMPUTE],
        counts_in: &["answer-check", "case.check-due"],
    },
    Applied {
        id: "gap-supply",
        governs: GoverningDay::Receipt,
        places: &["domain/src/cases/gaps.rs"],
        counts_in: &["accept-with-gaps", "case.gaps-over"],
    },
    Applied {
        id: "gap-reminder",
        governs: GoverningDay::Receipt,
        places: &["domain/src/cases/gaps.rs"],
        counts_in: &["remind-gaps", "case.gap-reminder"],
    },
    Applied {
        id: "reconsideration",
        governs: GoverningDay::Beginning,
        places: &[LIFECYCLE, REMEDIES],
        counts_in: &["refuse", "decline-acceptance", "terminate"],
    },
    Applied {
        id: "lawsuit",
        governs: GoverningDay::Beginning,
        places: &[LIFECYCLE, REMEDIES],
        counts_in: &["refuse", "decline-acceptance", "terminate"],
    },
    Applied {
        id: "bar-false-material",
        governs: GoverningDay::Beginning,
        places: &[LIFECYCLE],
        counts_in: &["decline-acceptance"],
    },
    Applied {
        id: "renewal-application",
        governs: GoverningDay::Expiry,
        places: &["domain/src/licences/renewal.rs"],
        counts_in: &["case.renewal-deemed", "renew"],
    },
    Applied { id: "lamp-warning", governs: GoverningDay::Today, places: &[TABLE], counts_in: &["lamp"] },
    Applied { id: "lamp-yellow", governs: GoverningDay::Today, places: &[TABLE], counts_in: &["lamp"] },
];

impl LawTable {
    /// Every number with the place where it is applied; `None` for one that is kept for what is still done by hand.
    pub fn applied(&self) -> impl Iterator<Item = (&LawNumber, Option<&'static Applied>)> {
        self.list().map(|number| (number, APPLIED.iter().find(|own| own.id == number.id)))
    }
}
