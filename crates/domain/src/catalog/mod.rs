//! The catalogue: matters 事项 as files, their forms and materials, and the lint that keeps them honest.
//!
//! One folder per matter, `catalog/matters/<slug>/`:
//! `matter.json` (the implementation list 实施清单), `form.json` (JSON Schema 2020-12), `sample.json` (新手模板) and,
//! for a matter that may be decided without a person, `rules/{schema,table,tests}.json`.

mod matter;

pub use matter::*;
