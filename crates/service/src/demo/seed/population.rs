//! Some hundreds of people and businesses, and what the registers know about no one in particular.

use std::collections::BTreeSet;

use domain::catalog::ApplicantKind;
use jiff::civil::Date;
use serde_json::json;

use crate::city::City;
use crate::demo::people::{Who, own_entry};
use crate::demo::random::Dice;
use crate::error::ServiceError;
use crate::registry::{self, Entry};

const PEOPLE: usize = 260;
const COMPANIES: usize = 130;
const SHOPS: usize = 90;

/// How many there are.
pub(super) const COUNT: (usize, usize) = (PEOPLE + COMPANIES + SHOPS, COMPANIES + SHOPS);

/// Writes what the samples expect of catalogues that belong to nobody: device classes, industrial policy, a hospital.
pub(crate) async fn common(city: &City) -> Result<(), ServiceError> {
    let shelf = city.shelf();
    let mut entries = Vec::new();
    for matter in shelf.matters() {
        for (place, doc) in &matter.bundle.sample.registers {
            if place.contains('{') {
                continue;
            }
            if let Some((register, key)) = place.split_once('/') {
                entries.push(Entry { register: register.to_owned(), key: key.to_owned(), doc: doc.clone() });
            }
        }
    }
    registry::put(city, &entries).await
}

/// Writes the people and the businesses. About one in twenty has something against him.
pub(super) async fn settle(city: &City, dice: &mut Dice, today: Date) -> Result<(), ServiceError> {
    let kinds = [
        (ApplicantKind::Person, PEOPLE),
        (ApplicantKind::Enterprise, COMPANIES),
        (ApplicantKind::IndividualBusiness, SHOPS),
    ];
    let mut seen = BTreeSet::new();
    let mut entries = Vec::new();
    for (kind, count) in kinds {
        let mut left = count;
        while left > 0 {
            let who = Who::thrown(dice, today, kind, (kind == ApplicantKind::Person).then_some((18, 90)));
            if !seen.insert(who.person.code.clone()) || !seen.insert(who.party().code) && who.body.is_some() {
                continue;
            }
            left -= 1;
            entries.extend(marked(who.entries(), dice));
            if who.body.is_none() {
                for register in ["social-insurance", "health-insurance", "housing-fund", "tax"] {
                    entries.extend(own_entry(register, &who, dice, today));
                }
            }
        }
    }
    registry::put(city, &entries).await
}

fn marked(mut entries: Vec<Entry>, dice: &mut Dice) -> Vec<Entry> {
    let (register, member, value) = match dice.below(60) {
        0 => ("credit", "serious_dishonesty", json!(true)),
        1 => ("credit", "broken_pledges", json!(1)),
        2 => ("enterprise", "status", json!("suspended")),
        3 => ("premises", "frozen", json!(true)),
        4 => ("premises", "use", json!("residential")),
        _ => return entries,
    };
    for entry in entries.iter_mut().filter(|entry| entry.register == register) {
        if let Some(doc) = entry.doc.as_object_mut() {
            doc.insert(member.to_owned(), value.clone());
        }
    }
    entries
}
