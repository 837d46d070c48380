//! Erasing a person's data at their request (PIPL 47), which leaves the journal whole: the bodies of facts go, their
//! commitments and the order of events stay.

use domain::accounts::{Account, AccountFact, Action, Actor, Subject, may};
use domain::cases::Case;
use domain::licences::{Licence, Standing};
use store::accounts::{ACCOUNT, ACCOUNT_LINK, CHALLENGE, MESSAGE, SESSION};
use store::cases::{CASEFILE, DOCUMENT, DRAFT};
use store::{Change, Erasure, Expected, PlainDelete, PlainTable};

use super::row;
use crate::cases::erased_row;
use crate::city::City;
use crate::error::ServiceError;

/// What was erased.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct Erased {
    /// Accounts.
    pub accounts: usize,
    /// Cases.
    pub cases: usize,
    /// Sealed documents, drafts, messages and sessions.
    pub others: usize,
}

/// Most cases of one person that are erased in one commit.
const MAX_CASES: i64 = 2000;

/// Erases everything here about the person of that citizen number, in one commit. Refused while a case is open or a
/// licence is in force: then the authority still needs the data to fulfil its duty (PIPL 13(3), 47).
pub async fn erase_person(city: &City, by: &Actor, code: &str) -> Result<Erased, ServiceError> {
    may(by, Action::Erase, &Subject::default())?;
    refuse_if_needed(city, code).await?;
    let mut change = Change::new(city.region(), city.now());
    let mut erased = Erased::default();
    let sql = "SELECT doc, version FROM casefile WHERE region = $1 AND applicant_code = $2 ORDER BY id LIMIT $3";
    let params = [city.region().into(), code.into(), MAX_CASES.into()];
    for found in city.store().query(sql, &params).await? {
        let case: Case = serde_json::from_str(found.text(0)?).map_err(ServiceError::internal)?;
        let id = case.id.to_string();
        erased.others += delete_where(city, &mut change, &DOCUMENT, "casefile", &id).await?;
        change.rows.push(erased_row(city, &case, found.int(1)?, &by.label())?);
        change.erasures.push(Erasure { table: &CASEFILE, id });
        erased.cases += 1;
    }
    let sql = "SELECT doc, version FROM account WHERE region = $1 AND person = $2";
    for found in city.store().query(sql, &[city.region().into(), code.into()]).await? {
        let account: Account = serde_json::from_str(found.text(0)?).map_err(ServiceError::internal)?;
        let id = account.id.to_string();
        for table in [&MESSAGE, &SESSION, &CHALLENGE, &ACCOUNT_LINK] {
            erased.others += delete_where(city, &mut change, table, "account", &id).await?;
        }
        erased.others += delete_where(city, &mut change, &DRAFT, "owner", &id).await?;
        let after = Account::evolve(Some(account), AccountFact::Erased)
            .ok_or_else(|| ServiceError::internal("an account cannot vanish"))?;
        let version = Expected::Version(found.int(1)?);
        change.rows.push(row(city, &after, version, &[AccountFact::Erased], by)?);
        change.erasures.push(Erasure { table: &ACCOUNT, id });
        erased.accounts += 1;
    }
    if !change.rows.is_empty() {
        city.store().commit(change).await?;
    }
    Ok(erased)
}

async fn refuse_if_needed(city: &City, code: &str) -> Result<(), ServiceError> {
    let open = "SELECT number FROM casefile WHERE region = $1 AND applicant_code = $2 AND open_key IS NOT NULL LIMIT 1";
    let params = [city.region().into(), code.into()];
    if let Some(row) = city.store().query_opt(open, &params).await? {
        let number = row.text(0)?;
        return Err(ServiceError::field(
            "person",
            &format!("办件 {number} 尚未办结，办结后才能删除。"),
            &format!("Case {number} is still open. Erase after it has ended."),
        ));
    }
    let held = "SELECT doc FROM licence WHERE region = $1 AND holder_code = $2";
    for row in city.store().query(held, &params).await? {
        let licence: Licence = serde_json::from_str(row.text(0)?).map_err(ServiceError::internal)?;
        if licence.standing_on(city.now().date()) == Standing::Valid {
            return Err(ServiceError::field(
                "person",
                &format!("证照 {} 仍在有效期内，注销或到期后才能删除。", licence.number),
                &format!("Licence {} is in force. Erase after it has ended.", licence.number),
            ));
        }
    }
    Ok(())
}

/// Deletes the rows of a table without journal that belong to something; answers how many.
async fn delete_where(
    city: &City,
    change: &mut Change,
    table: &'static PlainTable,
    column: &str,
    value: &str,
) -> Result<usize, ServiceError> {
    let sql = format!("SELECT id FROM {} WHERE region = $1 AND {column} = $2", table.name);
    let rows = city.store().query(&sql, &[city.region().into(), value.into()]).await?;
    for row in &rows {
        change.deletes.push(PlainDelete { table, id: row.text(0)?.to_owned() });
    }
    Ok(rows.len())
}
