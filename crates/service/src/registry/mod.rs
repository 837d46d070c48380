//! Asking the city's registers.

pub mod names;

use std::collections::{BTreeMap, BTreeSet};

use domain::accounts::Party;
use domain::catalog::ApplicantKind;
use domain::registry::Answer;
use jiff::civil::Date;
use serde_json::Value;
use store::registry::REGISTER_ENTRY;
use store::{Change, PlainWrite};

use crate::city::City;
use crate::error::ServiceError;

/// Registers that the demo city or an operator has switched off; they answer [`Answer::Unavailable`].
pub const OUTAGE: &str = "~outage";

/// The answers that one decision was based on: `<register>/<key>` → answer.
#[derive(Debug, Clone, Default)]
pub struct Answers(BTreeMap<String, Answer>);

impl Answers {
    /// The answer of one register under one key; not asked counts as unavailable.
    pub fn get(&self, register: &str, key: &str) -> &Answer {
        self.0.get(&format!("{register}/{key}")).unwrap_or(&Answer::Unavailable)
    }

    /// Keeps an answer that was got under another key.
    pub(crate) fn keep(&mut self, register: &str, key: &str, answer: Answer) {
        self.0.insert(format!("{register}/{key}"), answer);
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = (&String, &Answer)> {
        self.0.iter()
    }
}

/// Asks several registers at once. `wanted` holds `(register, key)`.
pub async fn ask(city: &City, wanted: &[(String, String)], known: &mut Answers) -> Result<(), ServiceError> {
    // Each id once: a register may be named twice, as a waiver of a material and for the person behind a company.
    let ids: BTreeSet<String> = wanted
        .iter()
        .map(|(register, key)| format!("{register}/{key}"))
        .filter(|id| !known.0.contains_key(id))
        .collect();
    if ids.is_empty() {
        return Ok(());
    }
    // One point look-up per id through the primary key; the list is bounded by the registers that a matter names.
    let mut params = vec![city.region().into(), OUTAGE.into()];
    let mut places = vec!["$2".to_owned()];
    for id in &ids {
        params.push(id.into());
        places.push(format!("${}", params.len()));
    }
    let sql = format!("SELECT id, doc FROM register_entry WHERE region = $1 AND id IN ({})", places.join(", "));
    let rows = city.store().query(&sql, &params).await?;
    let mut outages: Vec<String> = Vec::new();
    let mut found = BTreeMap::new();
    for row in &rows {
        let (id, doc) = (row.text(0)?, row.text(1)?);
        if id == OUTAGE {
            outages = serde_json::from_str(doc).map_err(ServiceError::internal)?;
        } else {
            found.insert(id.to_owned(), serde_json::from_str::<Value>(doc));
        }
    }
    for id in ids {
        let silent = outages.iter().any(|register| id.split('/').next() == Some(register.as_str()));
        let answer = match found.remove(&id) {
            _ if silent => Answer::Unavailable,
            // What cannot be read is no answer: people look, nothing is refused and nothing approved.
            Some(Err(error)) => {
                tracing::warn!(entry = id.split('/').next(), %error, "an entry of a register cannot be read");
                Answer::Unavailable
            }
            Some(Ok(value)) if has_lapsed(&value, city.now().date()) => Answer::Absent,
            Some(Ok(value)) => Answer::Found(value),
            None => Answer::Absent,
        };
        known.0.insert(id, answer);
    }
    Ok(())
}

/// Whether an entry only kept something for a time that is over.
fn has_lapsed(doc: &Value, today: Date) -> bool {
    let text = |member: &str| doc.get(member).and_then(Value::as_str);
    let last = text("valid_to").and_then(|day| day.parse::<Date>().ok());
    text("status") == Some("reserved") && last.is_some_and(|last| last < today)
}

/// One entry.
pub async fn entry(city: &City, register: &str, key: &str) -> Result<Answer, ServiceError> {
    let mut answers = Answers::default();
    ask(city, &[(register.to_owned(), key.to_owned())], &mut answers).await?;
    Ok(answers.get(register, key).clone())
}

/// One entry to be written.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Stored name of the register.
    pub register: String,
    /// Its key.
    pub key: String,
    /// The document.
    pub doc: Value,
}

impl Entry {
    /// The row that it makes.
    pub(crate) fn write(&self) -> PlainWrite {
        PlainWrite {
            table: &REGISTER_ENTRY,
            id: format!("{}/{}", self.register, self.key),
            columns: vec![self.also().into(), self.doc.to_string().into()],
        }
    }

    /// The second key under which the entry is found: who may act for a company, the brand of a name, whose thing it is.
    fn also(&self) -> Option<String> {
        let text = |path: &str| self.doc.pointer(path).and_then(Value::as_str);
        match self.register.as_str() {
            "enterprise" => text("/legal_representative/id").map(|id| format!("person:{id}")),
            "company-name" => text("/brand").map(|brand| format!("brand:{brand}")),
            name if is_of_things(name) => text("/owner_code").map(|owner| format!("owner:{owner}")),
            _ => None,
        }
    }
}

/// Registers of things: an entry stands under the thing's own number and names its owner.
pub fn is_of_things(register: &str) -> bool {
    matches!(register, "project" | "land" | "real-estate" | "vehicle")
}

/// The first entry of a register of things about something of an owner's.
pub async fn owned(city: &City, register: &str, owner: &str) -> Result<Answer, ServiceError> {
    let sql =
        "SELECT id FROM register_entry WHERE region = $1 AND also = $2 AND id >= $3 AND id < $4 ORDER BY id LIMIT 1";
    // `0` follows `/` in ASCII, so the range holds exactly this register.
    let (first, end) = (format!("{register}/"), format!("{register}0"));
    let params = [city.region().into(), format!("owner:{owner}").into(), first.into(), end.into()];
    let rows = city.store().query(sql, &params).await?;
    let id = rows.first().map(|row| row.text(0).map(str::to_owned)).transpose()?;
    let key = id.as_deref().and_then(|id| id.split_once('/')).map_or("", |(_, key)| key);
    entry(city, register, key).await
}

/// Writes entries, as the exchange with the registers' owners does.
pub async fn put(city: &City, entries: &[Entry]) -> Result<(), ServiceError> {
    for chunk in entries.chunks(500) {
        let mut change = Change::new(city.region(), city.now());
        for entry in chunk {
            change.plain.push(entry.write());
        }
        city.store().commit(change).await?;
    }
    Ok(())
}

/// The organisations for which a person may act, by the company register (DESIGN §7).
pub async fn acts_for(city: &City, person: &str) -> Result<Vec<Party>, ServiceError> {
    let sql = "SELECT id, doc FROM register_entry WHERE region = $1 AND also = $2 ORDER BY id LIMIT 100";
    let rows = city.store().query(sql, &[city.region().into(), format!("person:{person}").into()]).await?;
    let mut parties = Vec::new();
    for row in &rows {
        let Some(code) = row.text(0)?.strip_prefix("enterprise/") else { continue };
        let doc: Value = serde_json::from_str(row.text(1)?).map_err(ServiceError::internal)?;
        parties.extend(organisation(code, &doc));
    }
    Ok(parties)
}

/// A party from its entry in the company register.
pub fn organisation(code: &str, doc: &Value) -> Option<Party> {
    let kind = match doc.get("kind")?.as_str()? {
        "individual-business" => ApplicantKind::IndividualBusiness,
        "organisation" => ApplicantKind::Organisation,
        _ => ApplicantKind::Enterprise,
    };
    let name = doc.get("name")?.as_str()?.to_owned();
    Some(Party { kind, name, id_type: "uscc".into(), code: code.to_owned() })
}
