//! The shelf: every published matter, compiled once and shared by all requests.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::catalog::face::Face;
use domain::catalog::{Department, Disclosure, Front, LicenceType, MatterBundle, SearchIndex};
use domain::codes::impl_code;
use domain::halls::{Place, Places};
use domain::messages::Outgoing;
use domain::text::Lang;
use domain::voice::Ratings;
use rules::RuleSet;
use store::Premise;
use store::catalog::MATTER;

use crate::error::ServiceError;

/// One published version of a matter, ready for use.
#[derive(Debug)]
pub struct Published {
    /// Version, rising with each publication.
    pub version: i64,
    /// Definition, form and sample.
    pub bundle: MatterBundle,
    /// Rules, when the matter may be decided without a person.
    pub rules: Option<RuleSet>,
    /// 实施编码, 31 characters.
    pub code: String,
}

/// Everything published, by slug.
#[derive(Debug, Default)]
pub struct Shelf {
    pub(super) matters: BTreeMap<String, Arc<Published>>,
    pub(super) paused: BTreeMap<String, bool>,
    /// Version of each matter's row: what a decision rests on.
    pub(super) rows: BTreeMap<String, i64>,
    /// Rises with each publication, pause and resumption; 0 while nothing was loaded.
    pub(super) stamp: i64,
    pub(super) departments: BTreeMap<String, Department>,
    pub(super) licence_types: BTreeMap<String, LicenceType>,
    pub(super) faces: BTreeMap<String, Face>,
    pub(super) search: SearchIndex,
    pub(super) front: Front,
    pub(super) places: Places,
    pub(super) ratings: Ratings,
    pub(super) outgoing: Outgoing,
}

impl Shelf {
    /// The version in force.
    pub fn matter(&self, slug: &str) -> Result<&Arc<Published>, ServiceError> {
        self.matters.get(slug).ok_or(ServiceError::NotFound("matter"))
    }

    /// All of them, by slug.
    pub fn matters(&self) -> impl Iterator<Item = &Arc<Published>> {
        self.matters.values()
    }

    /// Whether rules decide this matter now: it has them, and the bureau has not paused them.
    pub fn is_automatic(&self, slug: &str) -> bool {
        self.matters.get(slug).is_some_and(|matter| matter.rules.is_some())
            && !self.paused.get(slug).copied().unwrap_or(false)
    }

    /// That a matter still stands as it does here, for the commit of a decision that rests on it.
    pub(crate) fn premise(&self, slug: &str) -> Option<Premise> {
        let version = self.rows.get(slug).copied()?;
        Some(Premise { table: &MATTER, id: slug.to_owned(), version })
    }

    /// How new it is: of two shelves of one city the one with the greater stamp is the later.
    pub(crate) fn stamp(&self) -> i64 {
        self.stamp
    }

    /// A department.
    pub fn department(&self, id: &str) -> Result<&Department, ServiceError> {
        self.departments.get(id).ok_or(ServiceError::NotFound("department"))
    }

    /// All of them.
    pub fn departments(&self) -> impl Iterator<Item = &Department> {
        self.departments.values()
    }

    /// What the first page offers before anybody has searched.
    pub fn front(&self) -> &Front {
        &self.front
    }

    /// Halls, centres and the other places, with the rules of booking.
    pub fn places(&self) -> &Places {
        &self.places
    }

    /// Levels, tags, rules and contests of rating.
    pub fn ratings(&self) -> &Ratings {
        &self.ratings
    }

    /// Words and rules of what goes out of the platform.
    pub fn outgoing(&self) -> &Outgoing {
        &self.outgoing
    }

    /// A place.
    pub fn place(&self, id: &str) -> Result<&Place, ServiceError> {
        self.places.get(id).ok_or(ServiceError::NotFound("place"))
    }

    /// A licence type.
    pub fn licence_type(&self, id: &str) -> Result<&LicenceType, ServiceError> {
        self.licence_types.get(id).ok_or(ServiceError::NotFound("licence type"))
    }

    /// What the public page shows of a line on a licence's face, by the code of its type and the line's key. A type or a line
    /// that the catalogue does not know is nobody's business.
    pub fn disclosure(&self, type_code: &str, key: &str) -> Disclosure {
        let kind = self.licence_types.values().find(|kind| kind.code == type_code);
        let line = kind.and_then(|kind| kind.surface.iter().find(|line| line.key == key));
        line.map_or(Disclosure::Private, |line| line.shown)
    }

    /// All of them.
    pub fn licence_types(&self) -> impl Iterator<Item = &LicenceType> {
        self.licence_types.values()
    }

    /// The face of an id.
    pub fn face(&self, id: &str) -> Option<&Face> {
        self.faces.get(id)
    }

    /// Matters that fit a query in people's words, best first.
    pub fn search(&self, query: &str, lang: Lang, limit: usize) -> Vec<&Arc<Published>> {
        let hits = self.search.search(query, lang, limit);
        hits.iter().filter_map(|hit| self.matters.get(&hit.slug)).collect()
    }
}

/// 实施编码: credit code of the body + level + basic code.
pub(super) fn implementing_code(bundle: &MatterBundle, department: &Department) -> String {
    let matter = &bundle.matter;
    impl_code::compose(&department.uscc, matter.level, &matter.basic_code)
        .map_or_else(|_| String::new(), |code| code.to_string())
}

/// The form of a matter as the API gives it: the JSON Schema itself.
pub fn public_form(published: &Published) -> serde_json::Value {
    published.bundle.form.schema().clone()
}
