//! Sealing the documents that the facts of a command call for.

use domain::cases::{Around, Case, DocumentKind, DocumentRef, DocumentText, Fact, compose};
use domain::codes::mask;
use domain::ids::DocumentId;
use domain::text::Text;
use domain::time::Timestamp;
use seal::document::{Addressee, DocumentData, Item, MatterRef, Remedy, sign_document};
use seal::signed::Issuer;
use store::PlainWrite;
use store::cases::DOCUMENT;

use super::write::Draughted;
use crate::catalog::Published;
use crate::city::City;
use crate::error::ServiceError;
use crate::numbers;

/// Reserves number and id of a document before the fact that names it exists.
pub(super) async fn reserve(city: &City, kind: DocumentKind) -> Result<DocumentRef, ServiceError> {
    let now = city.now();
    let year = now.date().year();
    let sequence = city.number(&numbers::of_documents(kind, year)).await?;
    let word = &city.settings().document_word;
    let number = format!("{word}（{}）字〔{year}〕第{sequence:06}号", kind.mark());
    Ok(DocumentRef::new(DocumentId::new(now, city.random()), number))
}

/// Signs every document that the new facts call for, puts its digest into the fact that issued it, so that the journal vouches
/// for it, and returns the rows that keep them. Comes before [`Draughted::change`], which writes the facts.
pub(super) async fn seal_all(
    city: &City,
    draughted: &mut Draughted,
    published: &Published,
) -> Result<Vec<PlainWrite>, ServiceError> {
    let instant = draughted.facts.iter().any(|fact| DocumentKind::of(fact) == Some(DocumentKind::Combined));
    let mut rows = Vec::new();
    let mut sealed = Vec::new();
    for (place, fact) in draughted.facts.iter().enumerate() {
        let Some(kind) = DocumentKind::of(fact) else { continue };
        // An instant case has one combined document: no receipt and no separate acceptance.
        if instant && kind != DocumentKind::Combined {
            continue;
        }
        let mut reference = match fact.document() {
            Some(reference) => reference.clone(),
            None => reserve(city, kind).await?,
        };
        let row = seal_one(city, &draughted.case, fact, published, &mut reference)?;
        rows.push(row);
        sealed.push((place, reference));
    }
    draughted.seal(sealed)?;
    Ok(rows)
}

/// Everything that stands on the document of a fact; `case` is the case after it. What is previewed and what is sealed
/// are both made here.
pub(super) fn document_of(
    city: &City,
    case: &Case,
    fact: &Fact,
    published: &Published,
    reference: &DocumentRef,
) -> Result<DocumentData, ServiceError> {
    let shelf = city.shelf();
    let department = shelf.department(&case.department)?;
    let now = city.now();
    let calendar = city.calendar();
    let around = Around {
        matter: &published.bundle.matter,
        department: &department.name,
        remedies: (&department.reconsideration.body, &department.court),
        calendar: &calendar,
        law: city.law(),
        now,
    };
    let text = compose(case, fact, &around).ok_or_else(|| ServiceError::internal("a fact without its document"))?;
    Ok(data(city, case, published, department, text, reference, now))
}

fn seal_one(
    city: &City,
    case: &Case,
    fact: &Fact,
    published: &Published,
    reference: &mut DocumentRef,
) -> Result<PlainWrite, ServiceError> {
    let data = document_of(city, case, fact, published, reference)?;
    let now = city.now();
    let signer = city
        .keys()
        .signers
        .get(&case.department)
        .ok_or_else(|| ServiceError::Internal(format!("no signing key for department {}", case.department)))?;
    let signed = sign_document(&data, signer.as_ref(), now).map_err(ServiceError::internal)?;
    reference.sha256 = Some(seal::digest::sha256_hex(&signed));
    Ok(PlainWrite {
        table: &DOCUMENT,
        id: reference.id.to_string(),
        columns: vec![
            case.id.to_string().into(),
            data.kind.as_str().into(),
            reference.number.clone().into(),
            now.micros().into(),
            String::from_utf8(signed).map_err(ServiceError::internal)?.into(),
        ],
    })
}

fn data(
    city: &City,
    case: &Case,
    published: &Published,
    department: &domain::catalog::Department,
    text: DocumentText,
    reference: &DocumentRef,
    now: Timestamp,
) -> DocumentData {
    let basis = |b: &domain::law::Basis| {
        let words = format!("《{}》{}", b.law, b.article);
        Text::new(words.clone(), words)
    };
    let remedies = text.remedies.into_iter().map(|own| Remedy { name: own.name, body: own.body, period: own.period });
    DocumentData {
        title: text.kind.title(),
        kind: text.kind,
        number: reference.number.clone(),
        public_id: seal::digest::public_id(city.random()),
        case_number: case.number.clone(),
        matter: MatterRef { code: published.code.clone(), name: published.bundle.matter.name.clone() },
        addressee: Addressee { name: case.applicant.name.clone(), code_masked: mask(&case.applicant.code) },
        issuer: Issuer { name: department.name.zh.clone(), uscc: department.uscc.clone() },
        date: now.date(),
        paragraphs: text.paragraphs,
        items: text.items.into_iter().map(|name| Item { name, note: Text::default() }).collect(),
        findings: Vec::new(),
        bases: published.bundle.matter.basis.iter().map(basis).collect(),
        remedies: remedies.collect(),
        specimen: city.settings().demo,
    }
}
