//! Renewal 延续 (AL 50) and change 变更 (AL 49): a draft that holds what the first application said, and what the decision, or
//! silence, does to the licence that is to be renewed or changed.

use domain::accounts::{Action, Actor, Subject, may};
use domain::cases::{Amended, Case, Fact, Renewal, State};
use domain::ids::LicenceId;
use domain::licences::{Licence, LicenceFact, Recorded, latest_to_renew, renewed_until};
use domain::time::Timestamp;
use jiff::civil::Date;
use serde_json::Value;
use store::{Change, Expected};

use super::read::{LicenceView, OnFile, by_subject, view};
use super::{remind, row};
use crate::cases::{self, Draft, Submit};
use crate::catalog::Published;
use crate::city::City;
use crate::error::ServiceError;

/// What a holder can do about the end of a licence.
#[derive(Debug, Clone)]
pub struct Renewable {
    /// Slug of the matter that renews it.
    pub matter: String,
    /// Last day on which an application is in time (AL 50(1)); `None` where the calendar does not reach so far.
    pub latest: Option<Date>,
    /// Whether that day is past: one may still apply, but silence then renews nothing.
    pub is_late: bool,
}

/// Whether and by when a licence can be renewed: it has an end, lives on, and the matter that issued it is still open and issues
/// the same kind.
pub fn renewable(city: &City, view: &LicenceView, matter: &str) -> Option<Renewable> {
    let last = view.licence.valid_to.filter(|_| view.standing.lives() && view.licence.deemed.is_none())?;
    let shelf = city.shelf();
    let published = shelf.matter(matter).ok()?;
    let today = city.now().date();
    if !renews(published, &view.licence) || !published.bundle.matter.effective.covers(today) {
        return None;
    }
    let latest = latest_to_renew(last, matter, &city.calendar(), city.law());
    Some(Renewable { matter: matter.to_owned(), latest, is_late: latest.is_some_and(|day| day < today) })
}

/// Whether a matter issues what is to be renewed, for a time. What enters a register, such as a name, is kept there, not renewed.
fn renews(published: &Published, licence: &Licence) -> bool {
    let outcome = &published.bundle.matter.outcome;
    outcome.licence_type.as_deref() == Some(licence.licence_type.as_str())
        && outcome.validity_months.is_some()
        && outcome.enters.is_none()
        && !outcome.amends
}

/// Whether somebody may apply for the renewal of a licence under a matter: the holder, its legal representative, its clerk.
pub fn may_renew(actor: &Actor, licence: &Licence, matter: &str) -> bool {
    let subject = Subject { party: Some(&licence.holder), matter: Some(matter), ..Subject::default() };
    may(actor, Action::Apply, &subject).is_ok()
}

/// The matter under which a licence was issued; for one that came of a change, the matter that issues its kind anew.
pub async fn matter_of(city: &City, licence: &Licence) -> Result<String, ServiceError> {
    let matter = issuing_case(city, licence).await?.matter;
    let shelf = city.shelf();
    match shelf.matter(&matter) {
        Ok(published) if published.bundle.matter.outcome.amends => {
            let first = shelf.matters().find(|other| renews(other, licence));
            Ok(first.map_or(matter, |other| other.bundle.matter.slug.clone()))
        }
        _ => Ok(matter),
    }
}

/// The number of the application for renewal or change that is under way, if there is one.
pub async fn renewal_under_way(city: &City, licence: &Licence) -> Result<Option<String>, ServiceError> {
    let open = open_cases(city, licence).await?;
    let about = open.into_iter().find(|case| {
        let renewed = case.renews.as_ref().map(|renewal| renewal.licence);
        let amended = case.amends.as_ref().map(|amended| amended.licence);
        renewed.into_iter().chain(amended).any(|id| id == licence.id)
    });
    Ok(about.map(|case| case.number))
}

/// The open applications that are to renew a licence.
pub(super) async fn renewed_by(city: &City, licence: &Licence) -> Result<Vec<Case>, ServiceError> {
    let mut open = open_cases(city, licence).await?;
    open.retain(|case| case.renews.as_ref().is_some_and(|renewal| renewal.licence == licence.id));
    Ok(open)
}

/// What the holder of a licence has applied for and is not decided.
async fn open_cases(city: &City, licence: &Licence) -> Result<Vec<Case>, ServiceError> {
    let sql = "SELECT doc FROM casefile WHERE region = $1 AND applicant_code = $2 AND open_key IS NOT NULL";
    let params = [city.region().into(), licence.holder.code.as_str().into()];
    let rows = city.store().query(sql, &params).await?;
    rows.iter().map(|row| serde_json::from_str(row.text(0)?).map_err(ServiceError::internal)).collect()
}

async fn issuing_case(city: &City, licence: &Licence) -> Result<Case, ServiceError> {
    let sql = "SELECT doc FROM casefile WHERE region = $1 AND id = $2";
    let params = [city.region().into(), licence.case.to_string().into()];
    let row = city.store().query_opt(sql, &params).await?.ok_or(ServiceError::NotFound("case"))?;
    serde_json::from_str(row.text(0)?).map_err(ServiceError::internal)
}

/// Begins a draft that renews a licence. It holds the answers of the application that led to the licence, as far as the form
/// still asks for them; every step is looked through again.
///
/// # Errors
/// Nobody but who stands for the holder; a licence that cannot be renewed.
pub async fn renewal_draft(city: &City, actor: &Actor, id: &str) -> Result<Draft, ServiceError> {
    let found = view(city, actor, id).await?;
    let matter = matter_of(city, &found.licence).await?;
    if !may_renew(actor, &found.licence, &matter) {
        return Err(ServiceError::NotFound("licence"));
    }
    let case = issuing_case(city, &found.licence).await?;
    let offered = renewable(city, &found, &matter).ok_or_else(not_renewable)?;
    let published = city.shelf().matter(&offered.matter)?.clone();
    let mut draft = cases::create_draft(city, actor, &offered.matter).await?;
    draft.applicant.clone_from(&found.licence.holder.code);
    draft.renews = Some(found.licence.id);
    if let Value::Object(answers) = case.application.form {
        let asked = answers.into_iter().filter(|(name, _)| published.bundle.form.field(name).is_some());
        draft.form = Value::Object(asked.collect());
    }
    cases::save_draft(city, actor, draft).await
}

fn not_renewable() -> ServiceError {
    ServiceError::field(
        "/renews",
        "这份证照不能延续：已经失效、没有期限，或者不由这个事项颁发。请重新申请。",
        "This licence cannot be renewed: it has ended, has no end, or is not issued by this matter. Apply anew.",
    )
}

/// The licence that an application is to renew, checked against applicant and matter.
///
/// # Errors
/// A licence of somebody else or of another kind, or one that has ended.
pub(crate) async fn wanted(
    city: &City,
    submit: &Submit,
    published: &Published,
) -> Result<Option<Renewal>, ServiceError> {
    let Some(id) = submit.renews else { return Ok(None) };
    let found = match by_subject(city, &format!("licence/{id}")).await {
        Ok((licence, _)) => Some(licence).filter(|licence| !licence.is_erased()),
        Err(ServiceError::NotFound(_)) => None,
        Err(other) => return Err(other),
    };
    let own = found.filter(|licence| licence.holder.code == submit.applicant.code && renews(published, licence));
    let alive = own.filter(|licence| licence.standing_on(city.now().date()).lives() && licence.deemed.is_none());
    let licence = alive.ok_or_else(not_renewable)?;
    let last = licence.valid_to.ok_or_else(not_renewable)?;
    Ok(Some(Renewal { licence: licence.id, number: licence.number, last, deemed: None }))
}

/// The licence that an application is to change: of the holder's licences of the kind that live on, the one whose number stands in
/// the form, else the latest. `None` where the matter changes none, or none is on file here, such as one of another city.
pub(crate) fn amended(published: &Published, form: &Value, on_file: &[OnFile]) -> Option<Amended> {
    let outcome = &published.bundle.matter.outcome;
    let kind = outcome.licence_type.as_ref().filter(|_| outcome.amends)?;
    let lives = |own: &&OnFile| own.licence_type == *kind && (own.valid || own.suspended);
    let named = |own: &OnFile| {
        let mut answers = form.as_object().into_iter().flatten();
        answers.any(|(_, answer)| answer.as_str() == Some(own.licence.number.as_str()))
    };
    let all = || on_file.iter().filter(lives);
    let own = all().find(|own| named(own)).or_else(|| all().next())?;
    Some(Amended { licence: own.licence.id, number: own.licence.number.clone() })
}

/// What a renewed or changed licence takes over from the one before.
pub(super) struct Former {
    /// The licence that it takes the place of.
    pub licence: Licence,
    /// Last day of the new one.
    pub valid_to: Option<Date>,
}

/// What the licence of a granted case takes over; `None` where the case neither renews nor changes one.
pub(super) async fn former(
    city: &City,
    case: &Case,
    months: Option<u32>,
    today: Date,
) -> Result<Option<Former>, ServiceError> {
    if let Some(amended) = &case.amends {
        let (licence, _) = by_subject(city, &format!("licence/{}", amended.licence)).await?;
        if !matches!(licence.recorded, Recorded::Active) {
            return Err(ServiceError::field(
                "reasons",
                &format!("原证照 {} 已经失效或者正在暂扣期间，不能准予变更。", amended.number),
                &format!("Licence {} has ended or is suspended, so it cannot be changed.", amended.number),
            ));
        }
        let valid_to = licence.last_day();
        return Ok(Some(Former { licence, valid_to }));
    }
    let Some(renewal) = &case.renews else { return Ok(None) };
    let (licence, _) = by_subject(city, &format!("licence/{}", renewal.licence)).await?;
    if licence.recorded.has_ended() {
        return Err(ServiceError::field(
            "reasons",
            &format!("原证照 {} 已经失效，不能准予延续，请作出不予许可的决定。", renewal.number),
            &format!("Licence {} has ended meanwhile and cannot be renewed. Refuse the application.", renewal.number),
        ));
    }
    // The new one would count while the old one must not.
    if matches!(licence.recorded, Recorded::Suspended { .. }) {
        return Err(ServiceError::field(
            "reasons",
            &format!("原证照 {} 正在暂扣期间，恢复效力后才能准予延续。", renewal.number),
            &format!("Licence {} is suspended. It can be renewed once it is in force again.", renewal.number),
        ));
    }
    // A period that silence has granted is the one that the decision confirms, however late it comes.
    let reckoned = if licence.deemed.is_some() { renewal.last } else { today };
    let valid_to = months.and_then(|months| renewed_until(renewal.last, months, reckoned));
    Ok(Some(Former { licence, valid_to }))
}

/// Whether the licence that a case is to renew is still there to be renewed: silence brings none back that was revoked meanwhile.
pub(crate) async fn awaits_renewal(city: &City, case: &Case) -> Result<bool, ServiceError> {
    let Some(renewal) = &case.renews else { return Ok(false) };
    let (licence, _) = by_subject(city, &format!("licence/{}", renewal.licence)).await?;
    Ok(!licence.recorded.has_ended())
}

/// Adds to the change of a case what it does to the licence that it is to renew: a grant supersedes it, silence renews it, and an
/// application that ends otherwise takes back what silence has granted.
pub(crate) async fn follow(
    city: &City,
    (case, facts): (&Case, &[Fact]),
    issued: Option<LicenceId>,
    by: &str,
    change: &mut Change,
) -> Result<(), ServiceError> {
    let now = city.now();
    if let (Some(amended), Some(newer)) = (&case.amends, issued) {
        let (licence, version) = by_subject(city, &format!("licence/{}", amended.licence)).await?;
        let reason = format!("《行政许可法》第四十九条：准予变更（办件 {}），换发新证。", case.number);
        let fact = licence.supersede(newer, reason, now)?;
        return replace(city, (&licence, version), fact, by, change);
    }
    let Some(renewal) = &case.renews else { return Ok(()) };
    let silent = facts.iter().any(|fact| matches!(fact, Fact::RenewalDeemed { .. }));
    let gone = matches!(case.state, State::Refused | State::NotAccepted | State::Withdrawn | State::Terminated);
    if issued.is_none() && !silent && !gone {
        return Ok(());
    }
    let (licence, version) = by_subject(city, &format!("licence/{}", renewal.licence)).await?;
    let fact = match issued {
        Some(newer) => {
            let reason = format!("《行政许可法》第五十条：准予延续（办件 {}），换发新证。", case.number);
            Some(licence.supersede(newer, reason, now)?)
        }
        None if silent => deemed(city, case, &licence, now).await?,
        None => licence.renewal_lost(case.id, now),
    };
    let Some(fact) = fact else { return Ok(()) };
    let mut after = super::revoke::after(&licence, &fact)?;
    let mut facts = vec![fact];
    // What silence had granted is taken back after the printed last day: it has expired with that.
    if let Ok(over) = after.expire(now) {
        after = super::revoke::after(&after, &over)?;
        facts.push(over);
    }
    change.rows.push(row(city, &after, Expected::Version(version), &facts, by)?);
    change.due.push(remind::none(&after));
    if after.standing_on(now.date()).lives() {
        change.due.extend(remind::next(&after, now));
    } else {
        change.due.push(super::suspend::none(&after));
    }
    Ok(())
}

/// The former version as it is once the newer one counts in its place.
pub(super) fn replace(
    city: &City,
    (licence, version): (&Licence, i64),
    fact: LicenceFact,
    by: &str,
    change: &mut Change,
) -> Result<(), ServiceError> {
    let after = super::revoke::after(licence, &fact)?;
    change.rows.push(row(city, &after, Expected::Version(version), &[fact], by)?);
    change.due.extend([remind::none(&after), super::suspend::none(&after)]);
    Ok(())
}

async fn deemed(
    city: &City,
    case: &Case,
    licence: &Licence,
    now: Timestamp,
) -> Result<Option<LicenceFact>, ServiceError> {
    let published = crate::catalog::version(city, &case.matter, case.matter_version).await?;
    let Some(months) = published.bundle.matter.outcome.validity_months else { return Ok(None) };
    Ok(licence.deem_renewed((case.id, &case.number), months, now).ok())
}
