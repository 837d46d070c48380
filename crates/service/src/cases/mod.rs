//! Cases: drafting, filing, deciding by rules, working on them, looking at them.

mod access;
mod by_rules;
mod checked;
mod credit;
mod draft;
mod facts;
mod lights;
mod materials;
mod party;
mod preview;
mod queue;
mod read;
pub(crate) mod record;
mod replay;
mod seal_documents;
mod standing;
mod submit;
pub(crate) mod surface;
mod system;
mod told;
mod uploads;
mod work;
mod write;

pub use access::{AccessEntry, note_access, who_looked};
pub use draft::{Draft, create_draft, delete_draft, draft, drafts, save_draft};
pub use facts::{Knowledge, assemble, gather};
pub use lights::{Lit, MOST_LOOKED_AT, lights};
pub use materials::{MaterialOffer, offers};
pub(crate) use party::check_party;
pub use preview::preview;
pub use queue::{Inbox, MOST_COUNTED, PILES, Precedent, Waiting, around, inbox, pile_of, precedents, waiting};
pub(crate) use read::rows_of;
pub use read::{
    CaseRow, CaseView, Page, SealedDocument, TimelineEntry, case_by_number, document, documents, filed_by, mine,
    timeline, timeline_page,
};
pub use record::{RuleRecord, rule_record};
pub use replay::{Flip, Replayed, replay};
pub use standing::{Standing, standings};
pub use submit::{GapsGiven, GivenMaterial, Outcome, PledgeGiven, RequestKey, Submit, Submitted, submit};
pub(crate) use system::{apply_system, claim_only, gaps_over, licence_ended, recompute};
pub(crate) use told::told;
pub use uploads::{
    MAX_FILE_BYTES, SPECIMEN_OWNER, Upload, begin_upload, continue_upload, open_upload, own_file, upload, whole,
};
pub(crate) use uploads::{Whose, begin_specimen, bind_file, content, file_of, give_up, sweep_uploads};
pub use work::{Changed, Work, permit, repeated, run, work};
pub(crate) use write::erased_row;
