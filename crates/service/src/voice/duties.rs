//! What the clock does with follow-ups: notes what is late, and ends what nobody rated again.

use domain::accounts::Actor;
use domain::voice::{FOLLOW_UP_DUTIES, FollowUpCommand, FollowUpDuty, Terms};
use store::{Change, CounterStep, DueOp};

use super::{order_of, rules, step};
use crate::cases::claim_only;
use crate::city::City;
use crate::error::ServiceError;

/// Whether a due row is one of these.
pub(crate) fn is_duty(kind: &str) -> bool {
    FOLLOW_UP_DUTIES.iter().any(|duty| duty.kind() == kind)
}

/// Carries out a due row. What has happened meanwhile is left as it is.
pub(crate) async fn run_duty(city: &City, kind: &str, subject: &str, claim: DueOp) -> Result<(), ServiceError> {
    let id = subject.strip_prefix("rating_order/").ok_or(ServiceError::NotFound("follow-up"))?;
    let duty = FOLLOW_UP_DUTIES.into_iter().find(|duty| duty.kind() == kind);
    let (duty, (order, version)) = duty.zip(order_of(city, id).await?).ok_or(ServiceError::NotFound("follow-up"))?;
    let (now, by, shelf) = (city.now(), Actor::system().label(), city.shelf());
    let command = match duty {
        FollowUpDuty::Close => FollowUpCommand::Close,
        duty => FollowUpCommand::NoteLate { duty },
    };
    let rules = rules(shelf.ratings(), order.opened.date())?;
    let Ok(fact) = order.decide(&command, &by, &rules, order.terms, now) else {
        let step = CounterStep { name: "duty-obsolete".into(), key: kind.to_owned(), by: 1 };
        return claim_only(city, claim, step).await;
    };
    let mut change = Change::new(city.region(), now);
    change.due.push(claim);
    step(city, &mut change, (order, version), fact, &by)?;
    city.store().commit(change).await?;
    Ok(())
}

/// Computes the dates of every open follow-up anew after the calendar changed. Answers how many have others now.
pub(crate) async fn recompute(city: &City) -> Result<usize, ServiceError> {
    let mut count = 0;
    for pile in super::PILES {
        let (mut from, mut after) = (-1, String::new());
        loop {
            let sql = "SELECT deadline, id FROM rating_order WHERE region = $1 AND pile = $2 AND (deadline, id) > ($3, $4) \
                       ORDER BY deadline, id LIMIT 200";
            let params = [city.region().into(), pile.into(), from.into(), after.as_str().into()];
            let rows = city.store().query(sql, &params).await?;
            if rows.is_empty() {
                break;
            }
            for row in &rows {
                from = row.int(0)?;
                row.text(1)?.clone_into(&mut after);
                count += usize::from(move_dates(city, &after).await?);
            }
        }
    }
    Ok(count)
}

/// Whether one follow-up has other dates now. Whoever acts on it at this moment computes them anew anyway when time is taken.
async fn move_dates(city: &City, id: &str) -> Result<bool, ServiceError> {
    for _ in 0..5 {
        let Some((order, version)) = order_of(city, id).await? else { return Ok(false) };
        let complex = order.complex.is_some();
        let terms = Terms::of(city.law(), &city.calendar(), order.opened, complex).map_err(ServiceError::internal)?;
        let (now, by, shelf) = (city.now(), Actor::system().label(), city.shelf());
        let rules = rules(shelf.ratings(), order.opened.date())?;
        if terms == order.terms {
            return Ok(false);
        }
        let Ok(fact) = order.decide(&FollowUpCommand::Move { terms }, &by, &rules, terms, now) else {
            return Ok(false);
        };
        let mut change = Change::new(city.region(), now);
        step(city, &mut change, (order, version), fact, &by)?;
        match city.store().commit(change).await.map_err(ServiceError::from) {
            Ok(_) => return Ok(true),
            Err(ServiceError::Changed) => {}
            Err(other) => return Err(other),
        }
    }
    Err(ServiceError::Changed)
}
