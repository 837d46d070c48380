//! Issuing licences, showing them to their holders, suspending and ending them, and answering anyone who asks whether one is valid.

mod correct;
mod elsewhere;
mod fetch;
mod guard;
mod issue;
mod life;
mod lists;
mod looks;
mod paper;
mod qr;
mod read;
mod remind;
mod render;
mod renew;
mod revoke;
mod seals;
mod share;
mod stamper;
mod suspend;
mod uses;
mod verify;

pub use correct::{correct, correctable_lines};
pub use elsewhere::{Asked, Elsewhere, Exchange, MAX_ANSWER, Need, Peer};
pub(crate) use elsewhere::{Memory, ask as ask_elsewhere, asked_for, erase as erase_elsewhere};
pub use fetch::{Abroad, Fetch, Fetched, FetchedLicence, fetch};
pub(crate) use guard::{Seen, refuse_taken, was_overtaken};
pub(crate) use issue::{Issued, add, issue};
pub use life::life;
pub(crate) use lists::Lists;
pub use lists::{PublishedList, status_list, status_lists};
pub use looks::{looks, note_offers};
pub use paper::{
    PaperChange, PaperWish, enter_paper, my_papers, paper, paper_scan, papers_found, papers_waiting, work_on_paper,
};
pub(crate) use paper::{erase as erase_papers, of_holder as papers_of};
pub use qr::{qr_trust, symbol};
use read::is_on_record;
pub use read::{LicenceView, OnFile, find, mine, on_file, view};
pub(crate) use remind::{EXPIRING, remind};
pub(crate) use render::forget as forget_renderings;
use render::refuse_unprintable;
pub use render::{CopyForm, Form, Rendering, face, render};
pub use renew::{Renewable, matter_of, may_renew, renewable, renewal_draft, renewal_under_way};
pub(crate) use renew::{amended, awaits_renewal, follow, wanted};
pub use revoke::{Ending, end};
pub use seals::{SealUse, seal_uses, seals};
pub(crate) use share::erased as erased_shares;
pub use share::{
    GivenShare, ShareWish, Shown, UseCode, copy_of_link, copy_of_own, copy_of_shown, copy_of_used, give_share,
    open_link, open_shares, use_code, withdraw_share,
};
pub use stamper::HttpAuthority;
pub(crate) use suspend::{SUSPENSION_OVER, term_over};
pub use suspend::{resume, suspend};
pub(crate) use uses::note_materials;
pub use uses::{How, LicenceUse, MaterialLicence, Provenance, material_licences, use_of};
pub use verify::{PublicView, is_document_on_record, public_view, recorded};

use domain::licences::{Licence, LicenceFact};
use domain::time::Timestamp;
use store::licences::LICENCE;
use store::{Expected, RowWrite};

use crate::city::City;
use crate::error::ServiceError;

/// The row of a licence that has ended and whose holder is erased (PIPL 47). The bodies of its facts go with the same
/// commit; its place in the status list stays taken, so that no later licence is told apart wrongly.
pub(crate) fn erased_row(city: &City, licence: Licence, version: i64, actor: &str) -> Result<RowWrite, ServiceError> {
    let after = Licence::evolve(Some(licence), LicenceFact::Erased);
    let after = after.ok_or_else(|| ServiceError::internal("a licence cannot vanish"))?;
    row(city, &after, Expected::Version(version), &[LicenceFact::Erased], actor)
}

/// The stream of a licence, which its due rows name as their subject.
fn subject(licence: &Licence) -> String {
    format!("licence/{}", licence.id)
}

/// The row that a licence and its facts make.
fn row(
    city: &City,
    licence: &Licence,
    expected: Expected,
    facts: &[LicenceFact],
    actor: &str,
) -> Result<RowWrite, ServiceError> {
    let facts = city.facts(actor, facts, LicenceFact::kind)?;
    Ok(RowWrite {
        table: &LICENCE,
        id: licence.id.to_string(),
        expected,
        columns: vec![
            licence.public_id.clone().into(),
            licence.identifier.clone().into(),
            licence.holder.code.clone().into(),
            licence.licence_type.clone().into(),
            licence.department.clone().into(),
            licence.recorded.as_str().into(),
            licence.last_day().map(|day| Timestamp::end_of(day).micros()).into(),
            licence.status_list.clone().into(),
            i64::from(licence.status_index).into(),
            Some(licence.holder_serial).filter(|serial| *serial > 0).into(),
            licence.claim.clone().into(),
        ],
        doc: serde_json::to_string(licence).map_err(ServiceError::internal)?,
        facts,
    })
}
