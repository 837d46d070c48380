//! What a command would have sealed, shown before anybody signs.

use domain::accounts::Actor;
use domain::cases::{DocumentKind, DocumentRef, decide};
use domain::ids::DocumentId;
use seal::document::DocumentData;

use super::read;
use super::seal_documents::document_of;
use super::submit::context;
use super::work::{Work, command, permit};
use super::write::Draughted;
use crate::city::City;
use crate::error::ServiceError;

/// The document that this command would have sealed now, word for word as the sealed one, but without number and public
/// id, which only the seal brings. `None` for a command that seals nothing. Permission, version and law are checked as
/// for the command itself; nothing is written, and no number is used up.
pub async fn preview(
    city: &City,
    actor: &Actor,
    number: &str,
    version: Option<i64>,
    work: Work,
) -> Result<Option<DocumentData>, ServiceError> {
    let found = read::case_by_number(city, actor, number).await?;
    if version.is_some_and(|version| version != found.version) {
        return Err(ServiceError::Changed);
    }
    let published = crate::catalog::version(city, &found.case.matter, found.case.matter_version).await?;
    let command = command(city, actor, &found.case, &published, work).await?;
    permit(actor, &found.case, command.name())?;
    let calendar = city.calendar();
    let ctx = context(city, &published, &calendar, &actor.name, city.now());
    let mut draughted = Draughted::on(found.case, found.version);
    draughted.add(decide(&draughted.case, command, &ctx)?);
    let Some(fact) = draughted.facts.iter().find(|fact| DocumentKind::of(fact).is_some()) else { return Ok(None) };
    let unnumbered = DocumentRef::new(DocumentId::new(city.now(), [0; 10]), "");
    let mut data = document_of(city, &draughted.case, fact, &published, &unnumbered)?;
    data.public_id.clear();
    Ok(Some(data))
}
