//! Applications that have not been sent. They live on the server from the first field on, so that another device can
//! go on and nothing typed is lost.

use domain::accounts::Actor;
use domain::ids::{CaseId, LicenceId};
use domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::cases::DRAFT;
use store::{Change, PlainDelete, PlainWrite};

use super::submit::GivenMaterial;
use crate::city::City;
use crate::error::ServiceError;

/// A draft.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Draft {
    /// Its id.
    pub id: String,
    /// Slug of the matter.
    pub matter: String,
    /// Code of the party that applies; empty until chosen.
    pub applicant: String,
    /// The form as far as it is filled in; may hold raw text that is not valid yet.
    pub form: Value,
    /// Steps that were completed.
    pub done: Vec<String>,
    /// Materials given so far.
    pub materials: Vec<GivenMaterial>,
    /// The applicant chose the pledge, by the version that was shown.
    pub pledge: Option<String>,
    /// Slots of what is to follow later 容缺.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub later: Vec<String>,
    /// The licence that it is to renew.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub renews: Option<LicenceId>,
    /// When it was last saved.
    pub updated: Timestamp,
}

fn owner(actor: &Actor) -> Result<String, ServiceError> {
    if actor.account.is_none() {
        return Err(ServiceError::SignInNeeded);
    }
    Ok(actor.label())
}

/// Begins a draft.
pub async fn create_draft(city: &City, actor: &Actor, matter: &str) -> Result<Draft, ServiceError> {
    city.shelf().matter(matter)?;
    let now = city.now();
    let draft = Draft {
        id: CaseId::new(now, city.random()).to_string(),
        matter: matter.to_owned(),
        applicant: String::new(),
        form: Value::Object(serde_json::Map::new()),
        done: Vec::new(),
        materials: Vec::new(),
        pledge: None,
        later: Vec::new(),
        renews: None,
        updated: now,
    };
    save_draft(city, actor, draft).await
}

/// Saves a draft as it is.
pub async fn save_draft(city: &City, actor: &Actor, mut draft: Draft) -> Result<Draft, ServiceError> {
    let owner = owner(actor)?;
    draft.updated = city.now();
    let mut change = Change::new(city.region(), draft.updated);
    change.plain.push(PlainWrite {
        table: &DRAFT,
        id: draft.id.clone(),
        columns: vec![
            owner.into(),
            draft.matter.clone().into(),
            draft.updated.micros().into(),
            serde_json::to_string(&draft).map_err(ServiceError::internal)?.into(),
        ],
    });
    city.store().commit(change).await?;
    Ok(draft)
}

/// One draft of the actor's own.
pub async fn draft(city: &City, actor: &Actor, id: &str) -> Result<Draft, ServiceError> {
    let sql = "SELECT doc FROM draft WHERE region = $1 AND id = $2 AND owner = $3";
    let rows = city.store().query(sql, &[city.region().into(), id.into(), owner(actor)?.into()]).await?;
    let row = rows.first().ok_or(ServiceError::NotFound("draft"))?;
    serde_json::from_str(row.text(0)?).map_err(ServiceError::internal)
}

/// The actor's drafts, newest first, at most 50.
pub async fn drafts(city: &City, actor: &Actor) -> Result<Vec<Draft>, ServiceError> {
    let sql = "SELECT doc FROM draft WHERE region = $1 AND owner = $2 ORDER BY id DESC LIMIT 50";
    let rows = city.store().query(sql, &[city.region().into(), owner(actor)?.into()]).await?;
    rows.iter().map(|row| serde_json::from_str(row.text(0)?).map_err(ServiceError::internal)).collect()
}

/// Throws a draft away.
pub async fn delete_draft(city: &City, actor: &Actor, id: &str) -> Result<(), ServiceError> {
    draft(city, actor, id).await?;
    let mut change = Change::new(city.region(), city.now());
    change.deletes.push(PlainDelete { table: &DRAFT, id: id.to_owned() });
    city.store().commit(change).await?;
    Ok(())
}
