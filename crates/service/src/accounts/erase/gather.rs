//! What there is about a person, as the rows that erasing writes and deletes. Each reads at most one more than is allowed, so
//! that the limit is noticed.

use domain::accounts::{Account, AccountFact, Actor};
use domain::cases::Case;
use domain::licences::Licence;
use store::accounts::{ACCOUNT, ACCOUNT_LINK, CHALLENGE, MESSAGE, OUTBOX, SECRET, SESSION, TOKEN};
use store::cases::{CASEFILE, DOCUMENT, DRAFT, RULE_RECORD};
use store::licences::LICENCE;
use store::log::LOG_SALT;
use store::{Change, Erasure, Expected, Forget, PlainDelete, PlainTable};

use super::{Erased, MAX_OTHERS, MAX_SUBJECTS};
use crate::accounts::row;
use crate::cases::{Whose, erased_row, give_up};
use crate::city::City;
use crate::error::ServiceError;
use crate::licences;

/// One more than the limit.
fn beyond(most: usize) -> i64 {
    i64::try_from(most).unwrap_or(i64::MAX - 1) + 1
}

/// Cases with their documents and files.
pub(super) async fn cases(
    city: &City,
    by: &Actor,
    code: &str,
    change: &mut Change,
    erased: &mut Erased,
) -> Result<(), ServiceError> {
    let sql = "SELECT doc, version FROM casefile WHERE region = $1 AND applicant_code = $2 ORDER BY id LIMIT $3";
    let params = [city.region().into(), code.into(), beyond(MAX_SUBJECTS).into()];
    for found in city.store().query(sql, &params).await? {
        let case: Case = serde_json::from_str(found.text(0)?).map_err(ServiceError::internal)?;
        let id = case.id.to_string();
        erased.others += delete_where(city, change, &DOCUMENT, "casefile", &id).await?;
        erased.others += rule_records(city, change, &id).await?;
        erased.files += give_up(city, change, Whose::Case(&id), beyond(MAX_OTHERS)).await?;
        change.rows.push(erased_row(city, &case, found.int(1)?, &by.label())?);
        change.erasures.push(Erasure { table: &CASEFILE, id });
        erased.cases += 1;
    }
    Ok(())
}

/// Appointments, open ones too: they are given back.
pub(super) async fn appointments(
    city: &City,
    by: &Actor,
    code: &str,
    change: &mut Change,
    erased: &mut Erased,
) -> Result<(), ServiceError> {
    let most = beyond(MAX_SUBJECTS);
    erased.appointments = crate::halls::erase_appointments(city, &by.label(), code, most, change).await?;
    Ok(())
}

/// Ratings with their follow-ups; levels and answers stay.
pub(super) async fn ratings(
    city: &City,
    by: &Actor,
    code: &str,
    change: &mut Change,
    erased: &mut Erased,
) -> Result<(), ServiceError> {
    let most = beyond(MAX_SUBJECTS);
    erased.ratings = crate::voice::erase_ratings(city, &by.label(), code, most, change).await?;
    Ok(())
}

/// Postal items, with name and address.
pub(super) async fn mailings(
    city: &City,
    by: &Actor,
    code: &str,
    change: &mut Change,
    erased: &mut Erased,
) -> Result<(), ServiceError> {
    let most = beyond(MAX_SUBJECTS);
    erased.others += crate::post::erase_mailings(city, &by.label(), code, most, change).await?;
    Ok(())
}

/// Mandates to act for organisations; open ones end by it.
pub(super) async fn mandates(
    city: &City,
    by: &Actor,
    code: &str,
    change: &mut Change,
    erased: &mut Erased,
) -> Result<(), ServiceError> {
    erased.others += crate::accounts::mandates::erase(city, &by.label(), code, beyond(MAX_SUBJECTS), change).await?;
    Ok(())
}

/// Licences; all of them have ended.
pub(super) async fn licences(
    city: &City,
    by: &Actor,
    code: &str,
    change: &mut Change,
    erased: &mut Erased,
) -> Result<(), ServiceError> {
    erased.others += licences::erased_shares(city, by, code, beyond(MAX_SUBJECTS), change).await?;
    erased.others += licences::erase_papers(city, by, code, beyond(MAX_SUBJECTS), change).await?;
    erased.others += licences::erase_elsewhere(city, by, code, beyond(MAX_SUBJECTS), change).await?;
    let sql = "SELECT doc, version FROM licence WHERE region = $1 AND holder_code = $2 ORDER BY id LIMIT $3";
    let params = [city.region().into(), code.into(), beyond(MAX_SUBJECTS).into()];
    for found in city.store().query(sql, &params).await? {
        let licence: Licence = serde_json::from_str(found.text(0)?).map_err(ServiceError::internal)?;
        let id = licence.id.to_string();
        change.rows.push(licences::erased_row(city, licence, found.int(1)?, &by.label())?);
        // Without the salt nothing in the public log can be tied to the person any more.
        change.deletes.push(PlainDelete { table: &LOG_SALT, id: id.clone() });
        change.erasures.push(Erasure { table: &LICENCE, id });
        erased.licences += 1;
    }
    Ok(())
}

/// Accounts with everything that leads into them, what was begun and never filed, and what they were told.
pub(super) async fn accounts(
    city: &City,
    by: &Actor,
    code: &str,
    change: &mut Change,
    erased: &mut Erased,
) -> Result<(), ServiceError> {
    let sql = "SELECT doc, version FROM account WHERE region = $1 AND person = $2";
    for found in city.store().query(sql, &[city.region().into(), code.into()]).await? {
        let account: Account = serde_json::from_str(found.text(0)?).map_err(ServiceError::internal)?;
        let id = account.id.to_string();
        let first = change.deletes.len();
        for table in [&MESSAGE, &OUTBOX, &SESSION, &CHALLENGE, &ACCOUNT_LINK, &TOKEN] {
            erased.others += delete_where(city, change, table, "account", &id).await?;
        }
        let tokens = change.deletes.iter().skip(first).filter(|own| own.table.name == TOKEN.name);
        let senders: Vec<String> = tokens.map(|own| own.id.clone()).chain([id.clone()]).collect();
        change.forgets.extend(senders.into_iter().map(|token| Forget::Answers { token }));
        erased.others += delete_where(city, change, &DRAFT, "owner", &id).await?;
        erased.files += give_up(city, change, Whose::Unfiled(&id), beyond(MAX_OTHERS)).await?;
        change.deletes.push(PlainDelete { table: &SECRET, id: id.clone() });
        crate::halls::rota::erase_lieu(city, &by.label(), &id, change).await?;
        let after = Account::evolve(Some(account), AccountFact::Erased)
            .ok_or_else(|| ServiceError::internal("an account cannot vanish"))?;
        let version = Expected::Version(found.int(1)?);
        change.rows.push(row(city, &after, version, &[AccountFact::Erased], by)?);
        change.erasures.push(Erasure { table: &ACCOUNT, id });
        erased.accounts += 1;
    }
    Ok(())
}

/// Deletes what rules were shown about a case; its rows lie together, because their ids begin with the case's.
async fn rule_records(city: &City, change: &mut Change, case: &str) -> Result<usize, ServiceError> {
    let sql = "SELECT id FROM rule_record WHERE region = $1 AND id > $2 AND id < $3 ORDER BY id LIMIT $4";
    let (from, to) = (format!("{case}/"), format!("{case}0"));
    let params = [city.region().into(), from.into(), to.into(), beyond(MAX_OTHERS).into()];
    let rows = city.store().query(sql, &params).await?;
    for row in &rows {
        change.deletes.push(PlainDelete { table: &RULE_RECORD, id: row.text(0)?.to_owned() });
    }
    Ok(rows.len())
}

/// Deletes the rows of a table without journal that belong to something; answers how many.
async fn delete_where(
    city: &City,
    change: &mut Change,
    table: &'static PlainTable,
    column: &str,
    value: &str,
) -> Result<usize, ServiceError> {
    let sql = format!("SELECT id FROM {} WHERE region = $1 AND {column} = $2 ORDER BY id LIMIT $3", table.name);
    let params = [city.region().into(), value.into(), beyond(MAX_OTHERS).into()];
    let rows = city.store().query(&sql, &params).await?;
    for row in &rows {
        change.deletes.push(PlainDelete { table, id: row.text(0)?.to_owned() });
    }
    Ok(rows.len())
}
