//! What was taken from the carrier, or collected after all, is served: the case is handed over.

use domain::accounts::Actor;
use domain::cases::{Case, Command};
use domain::post::MailState;
use store::{CounterStep, DueOp};

use super::load;
use crate::cases::{apply_system, claim_only};
use crate::city::City;
use crate::error::ServiceError;

pub(super) const SERVED: &str = "mailing.served";

/// Whether a due row is one of these.
pub(crate) fn is_duty(kind: &str) -> bool {
    kind == SERVED
}

/// Carries out the due row. A case that was handed over in another way meanwhile stays as it is (AL 44).
pub(crate) async fn run_duty(city: &City, kind: &str, subject: &str, claim: DueOp) -> Result<(), ServiceError> {
    let id = subject.strip_prefix("mailing/").ok_or(ServiceError::NotFound("mailing"))?;
    let (own, _) = load(city, id).await?;
    let method = if matches!(own.state, MailState::Collected { .. }) { "window" } else { "mail" };
    let sql = "SELECT doc, version FROM casefile WHERE region = $1 AND number = $2";
    let row = city.store().query_opt(sql, &[city.region().into(), own.case.as_str().into()]).await?;
    let row = row.ok_or(ServiceError::NotFound("case"))?;
    let case: Case = serde_json::from_str(row.text(0)?).map_err(ServiceError::internal)?;
    let command = Command::Deliver { method: method.into() };
    match apply_system(city, &Actor::system(), case, row.int(1)?, command, claim.clone()).await {
        Err(ServiceError::Refused(_)) => {
            let step = CounterStep { name: "duty-obsolete".into(), key: kind.to_owned(), by: 1 };
            claim_only(city, claim, step).await
        }
        other => other,
    }
}
