//! Granting a mandate.

use std::collections::BTreeSet;

use domain::accounts::{
    Action, Actor, MAX_MANDATE_MATTERS, Mandate, MandateFact, MandateRefusal, Party, Power, Subject, latest_end, may,
};
use domain::catalog::ApplicantKind;
use domain::codes::document::{self, IdKind};
use domain::codes::{citizen_id, name};
use domain::ids::MandateId;
use domain::registry::Answer;
use domain::text::Text;
use jiff::civil::Date;
use store::{Change, Expected, Idempotency, StoreError};

use super::duties::due;
use super::read::{MandateTerms, open_of};
use super::row;
use crate::cases::RequestKey;
use crate::city::City;
use crate::error::{FieldError, ServiceError};
use crate::registry;

/// Most open mandates of one organisation.
const MOST_OPEN: usize = 100;

/// What the legal representative wants.
#[derive(Debug, Clone)]
pub struct MandateWish {
    /// Code of the organisation.
    pub principal: String,
    /// Name of the person.
    pub name: String,
    /// Number of the person's identity card.
    pub code: String,
    /// What the person may do.
    pub powers: BTreeSet<Power>,
    /// Slugs of the only matters; all when empty.
    pub matters: Vec<String>,
    /// First day.
    pub first: Option<Date>,
    /// Last day.
    pub last: Option<Date>,
    /// Key of the request.
    pub key: Option<RequestKey>,
}

/// The days among which a mandate that is granted today may lie.
pub fn mandate_terms(city: &City) -> MandateTerms {
    let today = city.now().date();
    let months = city.settings().operation.mandate_months;
    MandateTerms { today, latest: latest_end(today, months).unwrap_or(today), months }
}

/// Lets a person act for an organisation, once that person has accepted it. Answers with the id.
///
/// # Errors
/// [`ServiceError::NotFound`] where the actor is not the legal representative of that organisation;
/// [`ServiceError::Invalid`] for names and numbers that cannot be, an empty or contradictory scope, a term that is past or too
/// long, and a person who has an open mandate of the organisation already.
pub async fn grant_mandate(city: &City, actor: &Actor, wish: MandateWish) -> Result<String, ServiceError> {
    let principal = actor.acts_for.iter().find(|own| own.code == wish.principal);
    let principal = principal.ok_or(ServiceError::NotFound("organisation"))?.clone();
    may(actor, Action::GrantMandate, &Subject { party: Some(&principal), ..Subject::default() })?;
    if let Some((token, key, body)) = &wish.key
        && let Some(id) = city.store().lookup(city.region(), token, key, body).await?
    {
        return Ok(id);
    }
    let now = city.now();
    let own = wanted(city, actor, principal, &wish).await?;
    if open_of(city, &own.principal.code).await?.len() >= MOST_OPEN {
        return Err(ServiceError::field(
            "code",
            "这家单位的授权太多，请先撤回不再需要的。",
            "This organisation has too many mandates. Take back what is not needed.",
        ));
    }
    let (id, timer) = (own.id.to_string(), due(&own));
    let fact = own.clone().grant(city.settings().operation.mandate_months, now).map_err(refused)?;
    let MandateFact::Granted { mandate } = &fact else { return Err(ServiceError::internal("no mandate")) };
    let row = row(city, mandate, Expected::New, std::slice::from_ref(&fact), &actor.label())?;
    let mut change = Change::new(city.region(), now).row(row);
    change.due.push(timer);
    if let Some((token, key, body_hash)) = wish.key {
        change.idempotency = Some(Idempotency { token, key, body_hash, result: id.clone() });
    }
    match city.store().commit(change).await {
        Ok(_) => Ok(id),
        Err(StoreError::IdempotencyReplay { result }) => Ok(result),
        Err(StoreError::Duplicate { columns, .. }) if columns.contains("open_key") => Err(ServiceError::field(
            "code",
            "这个人已有一份没有结束的授权。要改变内容，请先撤回原来的。",
            "This person has an open mandate already. Take that one back to change it.",
        )),
        Err(error) => Err(error.into()),
    }
}

/// Where on the form a refusal belongs.
fn refused(refusal: MandateRefusal) -> ServiceError {
    let field = match refusal {
        MandateRefusal::NoPower => "powers",
        MandateRefusal::MattersWithoutApply | MandateRefusal::TooManyMatters => "matters",
        MandateRefusal::Term => "last",
        MandateRefusal::Oneself => "code",
        MandateRefusal::Ended | MandateRefusal::Accepted | MandateRefusal::NotOver => return refusal.into(),
    };
    ServiceError::Invalid(vec![FieldError::new(field, refusal.explain())])
}

/// The mandate that is wished for, with all that is wrong with it at once.
async fn wanted(city: &City, actor: &Actor, principal: Party, wish: &MandateWish) -> Result<Mandate, ServiceError> {
    let now = city.now();
    let mut errors = Vec::new();
    let clerk = Party {
        kind: ApplicantKind::Person,
        name: name::normalise(&wish.name),
        id_type: IdKind::CitizenId.as_str().to_owned(),
        code: citizen_id::normalise(&wish.code),
    };
    if let Err(wrong) = name::check_person(&clerk.name) {
        errors.push(FieldError::new("name", wrong.explain()));
    }
    match document::parse(IdKind::CitizenId, &clerk.code, now.date()) {
        Err(wrong) => errors.push(FieldError::new("code", wrong.explain())),
        Ok(_) if actor.person.as_ref().is_some_and(|own| own.code == clerk.code) => {
            errors.push(FieldError::new("code", MandateRefusal::Oneself.explain()));
        }
        // A register that is silent or knows nobody stops nothing: the person has to prove who they are before they accept.
        Ok(_) => {
            if let Answer::Found(doc) = registry::entry(city, "person", &clerk.code).await?
                && doc.get("name").and_then(|name| name.as_str()) != Some(clerk.name.as_str())
            {
                let text = Text::new(
                    "姓名与身份证号码不一致，请核对后重新填写。",
                    "Name and identity number do not belong together. Check both.",
                );
                errors.push(FieldError::new("name", text));
            }
        }
    }
    if wish.powers.is_empty() {
        errors.push(FieldError::new("powers", MandateRefusal::NoPower.explain()));
    }
    if wish.matters.len() > MAX_MANDATE_MATTERS {
        errors.push(FieldError::new("matters", MandateRefusal::TooManyMatters.explain()));
    }
    let shelf = city.shelf();
    if wish.matters.iter().any(|slug| shelf.matter(slug).is_err()) {
        let text = Text::new("限定的事项不存在，请从列表中选择。", "There is no such matter. Choose from the list.");
        errors.push(FieldError::new("matters", text));
    }
    let (first, last) = (wish.first, wish.last);
    for (field, day) in [("first", first), ("last", last)] {
        if day.is_none() {
            errors.push(FieldError::new(field, Text::new("请填写日期。", "Give the day.")));
        }
    }
    match (first, last) {
        (Some(first), Some(last)) if errors.is_empty() => Ok(Mandate {
            id: MandateId::new(now, city.random()),
            principal,
            clerk,
            powers: wish.powers.clone(),
            matters: wish.matters.clone(),
            first,
            last,
            by: actor.label(),
            at: now,
            accepted: None,
            ended: None,
        }),
        _ => Err(ServiceError::Invalid(errors)),
    }
}
