//! A case of the demo city, taken to pieces so that copies of it can be made: its row and facts, its sealed documents, its
//! licence, its timers.

use anyhow::{Context, Result};
use domain::cases::{Case, Fact};
use domain::catalog::ApplicantKind;
use domain::codes::licence_id;
use domain::ids::{CaseId, DocumentId, LicenceId};
use domain::licences::{Licence, LicenceFact};
use domain::time::Timestamp;
use jiff::civil::Date;
use service::City;
use store::cases::{CASEFILE, DOCUMENT, RULE_RECORD};
use store::licences::LICENCE;
use store::{Change, DueOp, Expected, NewFact, PlainTable, PlainWrite, RowWrite, Table, Value};

use super::script::{Copy, DAY_MICROS, Script};

/// Who applies in a copy, which copy it is, and by how many days it moves.
pub struct Place<'a> {
    /// Name of the applicant.
    pub name: &'a str,
    /// Code of the applicant.
    pub code: &'a str,
    /// Which copy it is, from 0; makes its numbers unique.
    pub serial: u64,
    /// Whole weeks keep the weekdays of the clocks.
    pub days: i64,
    /// Random bytes for ids.
    pub salt: [u8; 16],
}

/// A value of a promoted column.
#[derive(Debug)]
enum Cell {
    Text(Script),
    Moment(i64),
    /// The copy's word at this place, as text.
    Word(usize),
    /// The copy's word at this place, as a number.
    Number(usize),
    Other(Value),
}

/// An aggregate row with its facts.
#[derive(Debug)]
struct Sheet {
    table: &'static Table,
    /// Place of its id among the words.
    id: usize,
    cells: Vec<Cell>,
    doc: Script,
    facts: Vec<(&'static str, Script, Script)>,
}

/// What a fact names by its digest: a sealed document, or the record of a run of rules.
#[derive(Debug)]
struct Paper {
    table: &'static PlainTable,
    /// Place of its words.
    place: usize,
    /// The digested text is the last.
    cells: Vec<Cell>,
}

/// One case to be copied.
#[derive(Debug)]
pub struct Template {
    /// Kind of its applicant.
    pub kind: ApplicantKind,
    /// When it was received.
    pub received: Timestamp,
    /// Somebody still has to act.
    pub open: bool,
    /// Bytes that one copy stores, without keys and indexes.
    pub bytes: usize,
    /// What happened, for the counters: fact and day on which it happened.
    pub story: Vec<(Fact, Date)>,
    licence: Option<(Licence, String)>,
    papers: Vec<String>,
    case_number: String,
    sheets: Vec<Sheet>,
    documents: Vec<Paper>,
    due: Vec<(Timestamp, String)>,
}

/// Deadlines beyond this are "no date" and do not move.
const NO_DATE: i64 = i64::MAX / 8;

impl Template {
    /// Takes a case to pieces.
    pub async fn read(city: &City, id: &str) -> Result<Template> {
        let (store, region) = (city.store(), city.region());
        let stored = store.load(region, &CASEFILE, id).await?.context("the case has gone")?;
        let case: Case = serde_json::from_str(&stored.doc)?;
        let received = case.received_at.unwrap_or_else(|| city.now());
        let sql =
            "SELECT id, casefile, kind, number, at, doc FROM document WHERE region = $1 AND casefile = $2 ORDER BY id";
        let documents = store.query(sql, &[region.into(), id.into()]).await?;
        let licence = match &case.licence {
            Some(reference) => store.load(region, &LICENCE, &reference.id.to_string()).await?,
            None => None,
        };
        let granted: Option<Licence> = licence.as_ref().map(|own| serde_json::from_str(&own.doc)).transpose()?;
        let record = service::cases::rule_record(city, &case).await?;
        let mut papers: Vec<String> = documents.iter().map(|row| Ok(row.text(3)?.to_owned())).collect::<Result<_>>()?;
        let mut needles = words_of(&case, granted.as_ref());
        for row in &documents {
            let digest = seal::digest::sha256_hex(row.text(5)?.as_bytes());
            needles.extend([row.text(0)?.to_owned(), row.text(3)?.to_owned(), digest]);
        }
        if let Some(record) = &record {
            // It has no number, and its id consists of words that are there already.
            papers.push(String::new());
            needles.extend([String::new(), String::new(), record.sha256()]);
        }
        let cutter = Cutter { city, needles: &needles, since: received.date() };
        let mut sheets = vec![cutter.sheet(&CASEFILE, CASE, stored.columns, &stored.doc).await?];
        if let Some(stored) = licence {
            sheets.push(cutter.sheet(&LICENCE, LICENCE_ID, stored.columns, &stored.doc).await?);
        }
        let rows = documents.into_iter().map(|row| (&DOCUMENT, row.into_values().split_off(1)));
        let rows = rows.chain(record.iter().map(|record| (&RULE_RECORD, vec![record.text().into()])));
        let documents = rows.zip(0..).map(|((table, values), place)| Paper {
            table,
            place: FIRST_PAPER + PAPER_WORDS * place,
            cells: values.into_iter().map(|value| cutter.cell(value)).collect(),
        });
        let documents: Vec<Paper> = documents.collect();
        let due = store.due_of(region, &format!("casefile/{id}")).await?;
        let issuer = granted.map(|own| {
            let shelf = city.shelf();
            let uscc = shelf.department(&own.department).map(|department| department.uscc.clone());
            let code = shelf.licence_type(&own.licence_type).map(|kind| kind.code.clone());
            Ok::<_, service::ServiceError>((own, format!("{}/{}", code?, uscc?)))
        });
        let mut template = Template {
            kind: case.applicant.kind,
            received,
            open: !case.state.is_final() || !due.is_empty(),
            bytes: 0,
            story: story(city, id).await?,
            licence: issuer.transpose()?,
            papers,
            case_number: case.number.clone(),
            sheets,
            documents,
            due: due.into_iter().map(|due| (due.at, due.kind)).collect(),
        };
        template.bytes = template.measure();
        Ok(template)
    }

    /// Everything that one copy writes, added to a change; answers its number.
    pub fn copy(&self, place: &Place<'_>, change: &mut Change) -> Result<String> {
        let mut words = self.words(place)?;
        self.papers_into(&mut words, place.days, change);
        let copy = Copy { words: &words, days: place.days };
        let word = |at: usize| words.get(at).cloned().unwrap_or_default();
        for sheet in &self.sheets {
            let facts = sheet.facts.iter().zip(0u8..).map(|((kind, actor, body), at)| {
                let mut salt = place.salt;
                salt.rotate_left(usize::from(at) % 16);
                NewFact { kind, actor: actor.fill(&copy), body: body.fill(&copy), salt }
            });
            change.rows.push(RowWrite {
                table: sheet.table,
                id: word(sheet.id),
                expected: Expected::New,
                columns: sheet.cells.iter().map(|cell| cell.fill(&copy)).collect(),
                doc: sheet.doc.fill(&copy),
                facts: facts.collect(),
            });
        }
        for (at, kind) in &self.due {
            let (at, subject) = (at.plus_seconds(place.days * 86_400), format!("casefile/{}", word(CASE)));
            change.due.push(DueOp::Add { at, kind: kind.clone(), subject });
        }
        Ok(word(NUMBER))
    }

    /// Adds the copied documents to a change, and their digests, which the facts name, to the words.
    fn papers_into(&self, words: &mut [String], days: i64, change: &mut Change) {
        for paper in &self.documents {
            let copy = Copy { words, days };
            let columns: Vec<Value> = paper.cells.iter().map(|cell| cell.fill(&copy)).collect();
            let digest = match columns.last() {
                Some(Value::Text(text)) => seal::digest::sha256_hex(text.as_bytes()),
                _ => String::new(),
            };
            let id = match paper.table.name == RULE_RECORD.name {
                true => format!("{}/{digest}", words.get(CASE).map_or("", String::as_str)),
                false => words.get(paper.place).cloned().unwrap_or_default(),
            };
            if let Some(word) = words.get_mut(paper.place + DIGEST) {
                *word = digest;
            }
            change.plain.push(PlainWrite { table: paper.table, id, columns });
        }
    }

    /// The words of a copy, in the order of the needles. The digests of its documents are still empty.
    fn words(&self, place: &Place<'_>) -> Result<Vec<String>> {
        let at = self.received.plus_seconds(place.days * 86_400);
        let date = at.date();
        let random = |turn: usize| {
            let mut bytes = place.salt;
            bytes.rotate_left(turn % 16);
            let mut ten = [0; 10];
            ten.copy_from_slice(bytes.get(..10).unwrap_or(&[0; 10]));
            if let Some(first) = ten.first_mut() {
                *first ^= u8::try_from(turn % 251).unwrap_or(0);
            }
            ten
        };
        let day = format!("{:04}{:02}{:02}", date.year(), date.month(), date.day());
        let district = self.case_number.get(..6).unwrap_or_default();
        let mut words = vec![
            CaseId::new(at, random(0)).to_string(),
            format!("{district}{day}{:06}", 500_000 + place.serial),
            place.name.to_owned(),
            place.code.to_owned(),
            seal::digest::sha256_hex(&place.salt),
        ];
        words.extend(self.licence_words(place, at, random(1))?);
        for (paper, turn) in self.papers.iter().zip(2..) {
            words.push(DocumentId::new(at, random(turn)).to_string());
            words.push(numbered(paper, date.year(), 10_000_000 + place.serial * 8 + turn as u64));
            words.push(String::new());
        }
        Ok(words)
    }

    fn licence_words(&self, place: &Place<'_>, at: Timestamp, random: [u8; 10]) -> Result<Vec<String>> {
        let Some((licence, issuer)) = &self.licence else { return Ok(vec![String::new(); FIRST_PAPER - LICENCE_ID]) };
        let (code, uscc) = issuer.split_once('/').context("an issuer is a type and a body")?;
        let serial = format!("{}{:08}", at.date().year(), 10_000_000 + place.serial);
        // Lists of their own; the odd factor spreads the places over the list and meets none twice.
        let (list, index) = (1_000 + place.serial / 65_536, place.serial % 65_536 * 40_503 % 131_072);
        let digits = licence.number.trim_end_matches(|c: char| c.is_ascii_digit());
        Ok(vec![
            LicenceId::new(at, random).to_string(),
            seal::digest::public_id(place.salt),
            licence_id::compose(code, uscc, &serial, 1)?.to_string(),
            format!("{digits}{:08}", 10_000_000 + place.serial),
            format!(r#""status_list":"{list}""#),
            format!(r#""status_index":{index}"#),
            format!(r#"\"list\":\"{list}\""#),
            format!(r#"\"index\":{index}"#),
            list.to_string(),
            index.to_string(),
        ])
    }

    fn measure(&self) -> usize {
        let words: Vec<String> = vec!["0123456789abcdef".into(); FIRST_PAPER + PAPER_WORDS * self.papers.len()];
        let copy = Copy { words: &words, days: 0 };
        let cells = |cells: &[Cell]| cells.iter().map(|cell| size(&cell.fill(&copy))).sum::<usize>();
        let sheets = self.sheets.iter().map(|sheet| {
            let facts: usize = sheet.facts.iter().map(|(_, _, body)| body.fill(&copy).len() + 300).sum();
            facts + sheet.doc.fill(&copy).len() + cells(&sheet.cells)
        });
        sheets.sum::<usize>() + self.documents.iter().map(|own| cells(&own.cells)).sum::<usize>()
    }
}

fn size(value: &Value) -> usize {
    match value {
        Value::Text(text) => text.len(),
        Value::Bytes(bytes) => bytes.len(),
        Value::Int(_) | Value::Null => 8,
    }
}

/// Places of the words of every template.
const CASE: usize = 0;
const NUMBER: usize = 1;
const OPEN_KEY: usize = 4;
const LICENCE_ID: usize = 5;
const LIST: usize = 13;
const INDEX: usize = 14;
const FIRST_PAPER: usize = 15;
/// Words of each sealed document: its id, its number, its digest.
const PAPER_WORDS: usize = 3;
const DIGEST: usize = 2;

/// The words of a case that differ in its copies, in the order of [`Template::words`].
fn words_of(case: &Case, licence: Option<&Licence>) -> Vec<String> {
    let (name, code) = (case.applicant.name.clone(), case.applicant.code.clone());
    let mut words = vec![case.id.to_string(), case.number.clone(), name, code, String::new()];
    match licence {
        Some(own) => words.extend([
            own.id.to_string(),
            own.public_id.clone(),
            own.identifier.clone(),
            own.number.clone(),
            format!(r#""status_list":"{}""#, own.status_list),
            format!(r#""status_index":{}"#, own.status_index),
            format!(r#"\"list\":\"{}\""#, own.status_list),
            format!(r#"\"index\":{}"#, own.status_index),
            String::new(),
            String::new(),
        ]),
        None => words.extend(vec![String::new(); FIRST_PAPER - LICENCE_ID]),
    }
    words
}

/// `海澜政务（准）字〔2026〕第000066号` with another year and number.
fn numbered(paper: &str, year: i16, number: u64) -> String {
    let (head, _) = paper.split_once('〔').unwrap_or((paper, ""));
    format!("{head}〔{year}〕第{number}号")
}

async fn story(city: &City, id: &str) -> Result<Vec<(Fact, Date)>> {
    let entries = city.store().read_stream(city.region(), &format!("casefile/{id}"), 0, 1_000).await?;
    let facts =
        entries.iter().filter_map(|entry| Some((serde_json::from_str(entry.body.as_deref()?).ok()?, entry.at.date())));
    Ok(facts.collect())
}

struct Cutter<'a> {
    city: &'a City,
    needles: &'a [String],
    since: Date,
}

impl Cutter<'_> {
    fn cut(&self, text: &str) -> Script {
        Script::cut(text, self.needles, self.since)
    }

    fn cell(&self, value: Value) -> Cell {
        match value {
            Value::Text(text) => Cell::Text(self.cut(&text)),
            Value::Int(micros) if (1_000_000_000_000_000..NO_DATE).contains(&micros) => Cell::Moment(micros),
            other => Cell::Other(other),
        }
    }

    async fn sheet(&self, table: &'static Table, id: usize, columns: Vec<Value>, doc: &str) -> Result<Sheet> {
        let stream = table.stream(self.needles.get(id).map_or("", String::as_str));
        let entries = self.city.store().read_stream(self.city.region(), &stream, 0, 1_000).await?;
        let facts = entries.iter().map(|entry| {
            let body = entry.body.as_deref().context("a fact without its body")?;
            Ok((kind(&entry.kind, body)?, self.cut(&entry.actor), self.cut(body)))
        });
        let facts = facts.collect::<Result<Vec<_>>>()?;
        let mut cells: Vec<Cell> = columns.into_iter().map(|value| self.cell(value)).collect();
        // Columns hold bare what a script finds only by the words around it.
        for (cell, column) in cells.iter_mut().zip(table.columns) {
            match column.name {
                "status_list" => *cell = Cell::Word(LIST),
                "status_index" => *cell = Cell::Number(INDEX),
                // What guards decisions under way; copies are nobody's decision, and empty as in rows from before.
                "holder_serial" | "claim" => *cell = Cell::Other(Value::Null),
                "open_key" if !matches!(cell, Cell::Other(Value::Null)) => *cell = Cell::Word(OPEN_KEY),
                _ => {}
            }
        }
        Ok(Sheet { table, id, cells, doc: self.cut(doc), facts })
    }
}

/// The stored kind as the program's own word.
fn kind(stored: &str, body: &str) -> Result<&'static str> {
    let known = if stored.starts_with("licence.") {
        serde_json::from_str::<LicenceFact>(body)?.kind()
    } else {
        serde_json::from_str::<Fact>(body)?.kind()
    };
    anyhow::ensure!(known == stored, "{stored} is stored under another name than {known}");
    Ok(known)
}

impl Cell {
    fn fill(&self, copy: &Copy<'_>) -> Value {
        match self {
            Cell::Text(script) => Value::Text(script.fill(copy)),
            Cell::Moment(micros) => Value::Int(micros + copy.days * DAY_MICROS),
            Cell::Word(place) => copy.words.get(*place).map_or("", String::as_str).into(),
            Cell::Number(place) => copy.words.get(*place).and_then(|word| word.parse::<i64>().ok()).into(),
            Cell::Other(value) => value.clone(),
        }
    }
}
