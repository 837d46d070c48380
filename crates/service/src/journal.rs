//! What follows the journal at once: counters, messages and figures, from one reading of it and in one commit, which moves the cursor of
//! each, so that nothing is counted or told twice.

use domain::cases::Fact;
use store::{Advance, Change};

use crate::city::City;
use crate::error::ServiceError;
use crate::{cases, messages, statistics, supervision};

/// How many facts one commit takes at most.
const BATCH: usize = 200;

/// A fact with what it says about a case; reading that out of its words costs more than anything that is done with it.
pub(crate) struct News {
    /// As it stands in the journal.
    pub entry: store::Fact,
    /// What happened to a case; `None` for other streams and for what is erased.
    pub fact: Option<Fact>,
}

/// Reads what is new in the journal, counts it and tells whom it concerns. Answers how many facts were read.
pub async fn advance(city: &City) -> Result<usize, ServiceError> {
    let counted = city.store().subscriber_position(city.region(), statistics::SUBSCRIBER).await?;
    let told = city.store().subscriber_position(city.region(), messages::SUBSCRIBER).await?;
    let figured = city.store().subscriber_position(city.region(), supervision::SUBSCRIBER).await?;
    let stand = [counted, told, figured];
    let from = counted.min(told).min(figured);
    // Those behind read alone until they have caught up: they stood apart in cities of earlier versions.
    let until = stand.into_iter().filter(|position| *position > from).min();
    let limit = i64::try_from(BATCH).unwrap_or(i64::MAX);
    let mut entries = city.store().read_journal(city.region(), from, limit).await?;
    whole_commits(&mut entries);
    entries.retain(|entry| until.is_none_or(|until| entry.position <= until));
    let Some(last) = entries.last().map(|entry| entry.position) else { return Ok(0) };
    let read = |entry: store::Fact| News { fact: cases::told(&entry), entry };
    let news: Vec<News> = entries.into_iter().map(read).collect();
    let mut change = Change::new(city.region(), city.now());
    let to = |subscriber: &str| Advance { subscriber: subscriber.to_owned(), from, to: last };
    if counted == from {
        change.cursors.push(to(statistics::SUBSCRIBER));
        statistics::count(&news, &mut change);
    }
    if told == from {
        change.cursors.push(to(messages::SUBSCRIBER));
        messages::tell(city, &news, &mut change).await?;
    }
    if figured == from {
        change.cursors.push(to(supervision::SUBSCRIBER));
        supervision::follow(city, &news, &mut change).await?;
    }
    city.store().commit(change).await?;
    Ok(news.len())
}

/// Whether two neighbours in the journal are facts of one commit about one thing.
pub(crate) fn of_one_commit(a: &store::Fact, b: &store::Fact) -> bool {
    a.stream == b.stream && a.at == b.at
}

/// Leaves a commit that a full page has cut through to the next page, where all of it is read.
fn whole_commits(entries: &mut Vec<store::Fact>) {
    let rest = entries.chunk_by(of_one_commit).last().map_or(0, <[store::Fact]>::len);
    if entries.len() >= BATCH && rest < entries.len() {
        entries.truncate(entries.len() - rest);
    }
}
