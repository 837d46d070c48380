//! The series of printed numbers, and how a restored city avoids giving one of them twice.

use std::collections::BTreeSet;

use domain::cases::DocumentKind;
use jiff::civil::Date;

use crate::city::City;
use crate::error::ServiceError;

/// Places in status lists, counted over all lists.
pub(crate) const STATUS_LIST: &str = "status-list";

/// Postal items.
pub(crate) const POST_ITEMS: &str = "post-items";

/// 办件编号 of a day.
pub(crate) fn of_cases(day: Date) -> String {
    format!("case/{:04}{:02}{:02}", day.year(), day.month(), day.day())
}

/// Documents of a kind in a year; kinds that share their mark share their numbers.
pub(crate) fn of_documents(kind: DocumentKind, year: i16) -> String {
    format!("document/{}/{year}", kind.mark())
}

/// Licences of a type in a year.
pub(crate) fn of_licences(kind: &str, year: i16) -> String {
    format!("licence/{kind}/{year}")
}

/// Leaves out the next `margin` numbers of every series from which a number may be given today. After a restore they may
/// stand on papers that were signed after the backup was made: also those of series that the backup does not know
/// yet, because they began later. Answers how many series there are.
///
/// # Errors
/// What the store says. Repeating it leaves out `margin` numbers more.
pub async fn skip(city: &City, margin: i64) -> Result<usize, ServiceError> {
    let today = city.now().date();
    let mut series = BTreeSet::from([STATUS_LIST.to_owned(), POST_ITEMS.to_owned(), of_cases(today)]);
    let mut types: BTreeSet<String> = city.shelf().licence_types().map(|kind| kind.id.clone()).collect();
    for name in city.store().series(city.region()).await? {
        let name = name.as_str();
        if let Some((kind, _)) = name.strip_prefix("licence/").and_then(|rest| rest.rsplit_once('/')) {
            types.insert(kind.to_owned());
        }
        // A day that is over gives no more numbers.
        let is_over = name.strip_prefix("case/").is_some_and(|_| name < of_cases(today).as_str());
        if !is_over {
            series.insert(name.to_owned());
        }
    }
    series.extend(DocumentKind::ALL.map(|kind| of_documents(kind, today.year())));
    series.extend(types.iter().map(|kind| of_licences(kind, today.year())));
    for name in &series {
        city.store().reserve(city.region(), name, margin).await?;
    }
    Ok(series.len())
}
