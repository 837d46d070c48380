//! The catalogue: matters 事项 as files, their forms and materials, and the lint that keeps them honest.
//!
//! One folder per matter, `catalog/matters/<slug>/`:
//! `matter.json` (the implementation list 实施清单), `form.json` (JSON Schema 2020-12), `sample.json` (新手模板) and,
//! for a matter that may be decided without a person, `rules/{schema,table,tests}.json`. Beside them
//! `departments.json`, `licence-types/<id>.json`, `synonyms.json` and `home.json`.
//!
//! [`Catalogue::load`] reads them, [`lint`] says what is wrong with them, [`Form`] asks and validates, [`Ref`] points
//! at what is already known, [`SearchIndex`] finds a matter in people's own words.

pub mod face;
mod finding;
mod form;
mod front;
mod lint;
mod load;
mod matter;
mod refs;
mod search;
pub(crate) mod source;

pub use finding::*;
pub use form::*;
pub use front::Front;
pub use lint::*;
pub use load::{
    Catalogue, Department, Disclosure, Files, LicenceType, MatterBundle, Reconsideration, RulesFiles, Sample,
    SampleApplicant, SurfaceLine,
};
pub use matter::*;
pub use refs::{Party, Ref, RefContext, RefError, fill, placeholders, required_registers, resolve};
pub use search::*;
