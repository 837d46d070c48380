//! Figures of a month from counters: of the city, a department, a place, a window or a clerk.

use std::collections::BTreeMap;

use domain::accounts::{Action, Actor, Subject, may};
use domain::voice::{RatingRules, Tally, grade};

use super::rules;
use crate::city::City;
use crate::error::ServiceError;

/// Whose figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum About {
    /// Of the whole city; the id is `all`.
    City,
    /// By department.
    Department,
    /// By place.
    Place,
    /// By window: `place/window`.
    Window,
    /// By clerk: the account.
    Clerk,
}

impl About {
    fn counters(self) -> (&'static str, &'static str) {
        match self {
            About::City => ("ratings-city", "rateable-city"),
            About::Department => ("ratings-department", "rateable-department"),
            About::Place => ("ratings-place", "rateable-place"),
            About::Window => ("ratings-window", ""),
            About::Clerk => ("ratings-clerk", ""),
        }
    }
}

/// Counters of a name whose keys begin with a month: the rest of the key, and how many.
async fn of_month(city: &City, name: &str, month: &str) -> Result<Vec<(String, i64)>, ServiceError> {
    let sql = "SELECT key, n FROM counter WHERE region = $1 AND name = $2 AND key >= $3 AND key < $4 \
               ORDER BY key LIMIT 50000";
    let (from, to) = (format!("{month}/"), format!("{month}0"));
    let params = [city.region().into(), name.into(), from.as_str().into(), to.into()];
    let rows = city.store().query(sql, &params).await?;
    rows.iter().map(|row| Ok((row.text(0)?.trim_start_matches(&from).to_owned(), row.int(1)?))).collect()
}

/// The tallies of a month, by id.
///
/// # Errors
/// What the store says.
pub async fn tallies(city: &City, about: About, month: &str) -> Result<BTreeMap<String, Tally>, ServiceError> {
    let (rated, rateable) = about.counters();
    let mut found: BTreeMap<String, Tally> = BTreeMap::new();
    for (key, n) in of_month(city, rated, month).await? {
        if let Some((id, stars)) = key.rsplit_once('/') {
            found.entry(id.to_owned()).or_default().add(stars.parse().unwrap_or(0), n);
        }
    }
    if !rateable.is_empty() {
        for (id, n) in of_month(city, rateable, month).await? {
            found.entry(id).or_default().services += n;
        }
    }
    Ok(found)
}

/// The figures of a month that are published and reported (EV-4).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Figures {
    /// Ratings that count, by level, and the services of the month.
    pub tally: Tally,
    /// Ratings that came in, also those that do not count.
    pub received: i64,
    /// Second ratings, after an answer.
    pub again: i64,
    /// Found to be misratings.
    pub not_counted: i64,
    /// Work orders of bad ratings 差评工单.
    pub orders: i64,
    /// Answered by their date.
    pub in_time: i64,
    /// Answered after it.
    pub too_late: i64,
    /// Not contacted, or not answered, by the date.
    pub late: i64,
    /// Dismissed as misratings.
    pub dismissed: i64,
}

impl Figures {
    /// Share of the answers that came by their date, in ten thousandths of a per cent; `None` without answers.
    pub fn in_time_share(&self) -> Option<i64> {
        let all = self.in_time + self.too_late;
        (all > 0).then(|| self.in_time * 1_000_000 / all)
    }
}

/// The figures of the city (`all`), or of one department or place.
///
/// # Errors
/// What the store says.
pub async fn figures(city: &City, about: About, id: &str, month: &str) -> Result<Figures, ServiceError> {
    let tally = tallies(city, about, month).await?.remove(id).unwrap_or_default();
    let mut figures = Figures { tally, ..Figures::default() };
    // A place answers for no rating; its department does.
    if !matches!(about, About::City | About::Department) {
        return Ok(figures);
    }
    figures.received = sum(city, "ratings-received", about, id, month).await?;
    figures.again = sum(city, "ratings-again", about, id, month).await?;
    figures.not_counted = sum(city, "ratings-not-counted", about, id, month).await?;
    figures.orders = sum(city, "rating-orders", about, id, month).await?;
    figures.in_time = sum(city, "rating-orders-in-time", about, id, month).await?;
    figures.too_late = sum(city, "rating-orders-too-late", about, id, month).await?;
    figures.late = sum(city, "rating-late-contact", about, id, month).await?;
    figures.late += sum(city, "rating-late-answer", about, id, month).await?;
    figures.dismissed = sum(city, "rating-orders-dismissed", about, id, month).await?;
    Ok(figures)
}

/// A counter of a month, of the whole city or of one department.
async fn sum(city: &City, name: &str, about: About, id: &str, month: &str) -> Result<i64, ServiceError> {
    let rows = of_month(city, name, month).await?;
    let own = |key: &str| about == About::City || key.split('/').next() == Some(id);
    Ok(rows.into_iter().filter(|(key, _)| own(key)).map(|(_, n)| n).sum())
}

/// Whether so many ratings are enough to be shown without showing who rated.
pub fn may_publish(tally: &Tally, rules: &RatingRules) -> bool {
    tally.total() >= rules.publish_least
}

/// One of a star list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Starred {
    /// Department, `place/window` or account.
    pub id: String,
    /// Ratings of the month.
    pub tally: Tally,
    /// Average, in hundredths of a point.
    pub average: i64,
    /// Stars; `None` while there are too few ratings.
    pub stars: Option<u8>,
}

/// The star list of a month 星级榜, the best first. Those with too few ratings to be shown are left out.
///
/// # Errors
/// [`ServiceError::Forbidden`]: clerks are compared by their supervisors.
pub async fn starred(city: &City, actor: &Actor, about: About, month: &str) -> Result<Vec<Starred>, ServiceError> {
    may(actor, Action::Supervise, &Subject::default())?;
    let shelf = city.shelf();
    let rules = rules(shelf.ratings(), city.now().date())?;
    let mut list = Vec::new();
    for (id, tally) in tallies(city, about, month).await? {
        let counted = tally.counted(&rules);
        let Some(average) = counted.average(&rules).filter(|_| may_publish(&tally, &rules)) else { continue };
        list.push(Starred { id, tally, average, stars: grade(&counted, &rules).map(|grade| grade.stars) });
    }
    list.sort_by(|a, b| (b.average, b.tally.total(), &a.id).cmp(&(a.average, a.tally.total(), &b.id)));
    Ok(list)
}

/// A clerk's own figures of a month; `None` while so few have rated that they would show who did.
///
/// # Errors
/// What the store says.
pub async fn own_tally(city: &City, actor: &Actor, month: &str) -> Result<Option<Tally>, ServiceError> {
    let shelf = city.shelf();
    let rules = rules(shelf.ratings(), city.now().date())?;
    let own = tallies(city, About::Clerk, month).await?.remove(&actor.label());
    Ok(own.filter(|tally| may_publish(tally, &rules)))
}
