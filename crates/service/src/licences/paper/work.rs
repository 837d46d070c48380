//! What a second person does with an entry, and how it is corrected.

use domain::accounts::{Action, Actor};
use domain::licences::PaperLicence;
use store::Change;

use super::enter::{PaperWish, commit, face};
use super::read::load;
use super::{after, hand, permit};
use crate::city::City;
use crate::error::ServiceError;

/// What is to happen.
#[derive(Debug, Clone)]
pub enum PaperChange {
    /// The original was seen and says what was typed.
    Confirm,
    /// It is not confirmed.
    Reject {
        /// Why.
        reason: String,
    },
    /// It counts no more.
    End {
        /// Why.
        reason: String,
    },
    /// It is typed anew.
    Correct {
        /// What the paper says; holder and type stay, and so does the scan.
        wish: Box<PaperWish>,
        /// What was wrong.
        reason: String,
    },
}

/// Carries it out.
///
/// # Errors
/// As for [`super::paper`]; [`ServiceError::Licence`] where the state or the person forbids it; for a correction as for
/// [`super::enter_paper`].
pub async fn work_on_paper(
    city: &City,
    actor: &Actor,
    id: &str,
    change: PaperChange,
) -> Result<PaperLicence, ServiceError> {
    let (licence, version) = load(city, id).await?;
    let action = match &change {
        PaperChange::Correct { .. } => Action::EnterPaperLicence,
        _ => Action::ConfirmPaperLicence,
    };
    permit(city, actor, action, Some(&licence.face.holder))?;
    let hand = hand(city, actor);
    let fact = match change {
        PaperChange::Confirm => licence.confirm(hand)?,
        PaperChange::Reject { reason } => licence.reject(hand, &reason)?,
        PaperChange::End { reason } => licence.end(hand, &reason)?,
        PaperChange::Correct { wish, reason } => {
            let (holder, licence_type) = (licence.face.holder.clone(), licence.face.licence_type.clone());
            let face = face(city, &PaperWish { holder, licence_type, ..*wish }, Some(&licence)).await?;
            licence.correct(face, hand, &reason)?
        }
    };
    let (after, row) = after(city, licence, version, fact, &actor.label())?;
    commit(city, Change::new(city.region(), city.now()).row(row)).await?;
    Ok(after)
}
