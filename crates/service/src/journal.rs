//! What follows the journal at once: counters, messages and figures, from one reading of it and in one commit, which moves the cursor of
//! each, so that nothing is counted or told twice.

use domain::cases::Fact;
use store::{Advance, Change};

use crate::city::City;
use crate::error::{Boxed, ServiceError};
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
///
/// Followers that stand apart, as after an upgrade that brought a new one, read by turns: whoever is furthest goes first, so that
/// nobody's message waits for those who catch up.
pub fn advance(city: &City) -> Boxed<'_, usize> {
    Box::pin(follow_on(city))
}

async fn follow_on(city: &City) -> Result<usize, ServiceError> {
    let counted = city.store().subscriber_position(city.region(), statistics::SUBSCRIBER).await?;
    let told = city.store().subscriber_position(city.region(), messages::SUBSCRIBER).await?;
    let figured = city.store().subscriber_position(city.region(), supervision::SUBSCRIBER).await?;
    let mut turns = vec![counted, told, figured];
    turns.sort_unstable();
    turns.dedup();
    let mut until: Option<i64> = None;
    for from in turns.into_iter().rev() {
        let limit = i64::try_from(BATCH).unwrap_or(i64::MAX);
        let mut entries = city.store().read_journal(city.region(), from, limit).await?;
        whole_commits(&mut entries);
        entries.retain(|entry| until.is_none_or(|until| entry.position <= until));
        if !entries.is_empty() {
            return follow(city, entries, from, [counted, told, figured].map(|position| position == from)).await;
        }
        until = Some(from);
    }
    Ok(0)
}

/// Hands facts to those who stand before them, in one commit.
async fn follow(
    city: &City,
    entries: Vec<store::Fact>,
    from: i64,
    [counts, tells, figures]: [bool; 3],
) -> Result<usize, ServiceError> {
    let Some(last) = entries.last().map(|entry| entry.position) else { return Ok(0) };
    let read = |entry: store::Fact| News { fact: cases::told(&entry), entry };
    let news: Vec<News> = entries.into_iter().map(read).collect();
    let mut change = Change::new(city.region(), city.now());
    let to = |subscriber: &str| Advance { subscriber: subscriber.to_owned(), from, to: last };
    if counts {
        change.cursors.push(to(statistics::SUBSCRIBER));
        statistics::count(&news, &mut change);
    }
    if tells {
        change.cursors.push(to(messages::SUBSCRIBER));
        messages::tell(city, &news, &mut change).await?;
    }
    if figures {
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
