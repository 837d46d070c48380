//! Services that end, as the journal tells them: each is counted as one that may be rated, and whoever was served gets a code.

use std::collections::BTreeSet;

use domain::accounts::Party;
use domain::cases::{Fact, Origin};
use domain::halls::Ticket;
use domain::text::Text;
use domain::time::Timestamp;
use domain::voice::{FollowUpFact, Rating};
use serde::Deserialize;
use store::voice::RATING_CODE;
use store::{Change, CounterStep, PlainWrite};

use super::find::{code_key, code_of, department_of, is_staff};
use super::{month_of, order_of, rating};
use crate::city::City;
use crate::error::ServiceError;
use crate::journal::News;

/// A service that has ended, for the message that invites to rate it.
pub(crate) struct Ended {
    /// Accounts of whoever was served; never one of staff.
    pub accounts: BTreeSet<String>,
    /// The code.
    pub code: String,
    /// Number of the case or the ticket.
    pub number: String,
    /// Slug of the matter; may be empty.
    pub matter: String,
}

/// What a case says about who is invited; the rest of it is large.
#[derive(Deserialize)]
struct Brief {
    number: String,
    matter: String,
    department: String,
    origin: Origin,
    filed_by: String,
    applicant: Party,
}

fn ends(news: &News) -> bool {
    match &news.fact {
        Some(Fact::Closed | Fact::NotAccepted { .. } | Fact::Withdrawn { .. } | Fact::Terminated { .. }) => true,
        Some(Fact::Decided { decision, .. }) => !decision.granted,
        Some(_) => false,
        None => news.entry.kind == "ticket.finished",
    }
}

/// What the facts of one commit have ended: counted in the change, with a code in it for whoever was served.
pub(crate) async fn ended(city: &City, commit: &[News], change: &mut Change) -> Result<Option<Ended>, ServiceError> {
    let Some(news) = commit.iter().find(|news| ends(news)) else { return Ok(None) };
    if city.shelf().ratings().levels.is_empty() {
        return Ok(None);
    }
    let (stream, at) = (news.entry.stream.as_str(), news.entry.at);
    if let Some(id) = stream.strip_prefix("casefile/") {
        return of_case(city, id, at, change).await;
    }
    match stream.strip_prefix("ticket/") {
        Some(id) => of_ticket(city, id, at, change).await,
        None => Ok(None),
    }
}

fn count(change: &mut Change, at: Timestamp, name: &str, id: &str) {
    change.counters.push(CounterStep { name: name.into(), key: format!("{}/{id}", month_of(at.date())), by: 1 });
}

/// A fresh code for a service.
fn invite(city: &City, change: &mut Change, service: &str, at: Timestamp) -> String {
    let code = code_of(city.random());
    let columns = vec![service.into(), at.into()];
    change.plain.push(PlainWrite { table: &RATING_CODE, id: code_key(&code), columns });
    code
}

async fn of_case(city: &City, id: &str, at: Timestamp, change: &mut Change) -> Result<Option<Ended>, ServiceError> {
    let sql = "SELECT c.doc, a.id FROM casefile c LEFT JOIN account a ON a.region = c.region AND a.person = c.applicant_code \
               WHERE c.region = $1 AND c.id = $2";
    let Some(row) = city.store().query_opt(sql, &[city.region().into(), id.into()]).await? else { return Ok(None) };
    // A case that was erased meanwhile invites nobody.
    let Ok(case) = serde_json::from_str::<Brief>(row.text(0)?) else { return Ok(None) };
    count(change, at, "rateable-city", "all");
    count(change, at, "rateable-department", &case.department);
    let mut accounts: BTreeSet<String> = row.opt_text(1)?.map(str::to_owned).into_iter().collect();
    if case.origin == Origin::Web || !is_staff(city, &case.filed_by).await? {
        accounts.insert(case.filed_by);
    }
    if accounts.is_empty() || case.applicant.code.is_empty() {
        return Ok(None);
    }
    let code = invite(city, change, &format!("case.{id}"), at);
    Ok(Some(Ended { accounts, code, number: case.number, matter: case.matter }))
}

async fn of_ticket(city: &City, id: &str, at: Timestamp, change: &mut Change) -> Result<Option<Ended>, ServiceError> {
    let sql = "SELECT doc FROM ticket WHERE region = $1 AND id = $2";
    let Some(row) = city.store().query_opt(sql, &[city.region().into(), id.into()]).await? else { return Ok(None) };
    let ticket: Ticket = serde_json::from_str(row.text(0)?).map_err(ServiceError::internal)?;
    count(change, at, "rateable-city", "all");
    count(change, at, "rateable-place", &ticket.place);
    // Between two rules nobody answers for a visit without a matter; that must not stop what else follows the journal.
    if let Ok(department) = department_of(city, ticket.matter.as_deref()) {
        count(change, at, "rateable-department", &department);
    }
    let Some(account) = ticket.account.filter(|_| ticket.source.by_its_holder()) else {
        return Ok(None);
    };
    let code = invite(city, change, &format!("ticket.{id}"), at);
    let accounts = BTreeSet::from([account]);
    Ok(Some(Ended { accounts, code, number: ticket.number, matter: ticket.matter.unwrap_or_default() }))
}

/// What the rater hears of the follow-up: account, title, text, and where one may rate again.
pub(crate) async fn told_rater(
    city: &City,
    id: &str,
    fact: &FollowUpFact,
) -> Result<Option<(String, Text, Text, String)>, ServiceError> {
    if !matches!(fact, FollowUpFact::Answered { .. } | FollowUpFact::Judged { upheld: true, .. }) {
        return Ok(None);
    }
    let Some((own, _)) = rating(city, id).await? else { return Ok(None) };
    let Some((order, _)) = order_of(city, id).await? else { return Ok(None) };
    let Some(account) = own.rater.account.clone() else { return Ok(None) };
    let (title, text) = match fact {
        FollowUpFact::Answered { answer, again_until, .. } => {
            let until = domain::time::date_words(again_until.plus_seconds(-1).date());
            (
                Text::new("您的评价已答复", "Your rating was answered"),
                Text::new(
                    format!("工单 {}：{} 在{}前您可以再评价一次。", order.number, answer.text, until.zh),
                    format!("Order {}: {} You may rate once more until {}.", order.number, answer.text, until.en),
                ),
            )
        }
        FollowUpFact::Judged { upheld: true, reason, .. } => (
            Text::new("您的评价经复核不计入统计", "Your rating was reviewed and does not count"),
            Text::new(
                format!("工单 {}：{reason} 有异议请拨打 12345。", order.number),
                format!("Order {}: {reason} If you see it otherwise, call 12345.", order.number),
            ),
        ),
        _ => return Ok(None),
    };
    Ok(Some((account, title, text, address(&own))))
}

/// Where whoever was signed in rates this service.
fn address(own: &Rating) -> String {
    match own.id.split_once('.') {
        Some(("ticket", id)) => format!("/tickets/{id}/rate"),
        _ => format!("/cases/{}/rate", own.number),
    }
}
