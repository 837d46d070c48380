//! The public answer about a licence: one huge word with its shape and colour, what was checked just now, masked fields.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use domain::catalog::Disclosure;
use domain::codes::{mask, name};
use domain::licences::Standing;
use seal::licence::{CodeKind, LicenceData, LicenceFile};
use service::ServiceError;
use service::catalog::Shelf;
use service::licences::{PublicView, public_view};
use service::log;

use super::mine::tone;
use crate::app::{Failure, Visit};
use crate::cases::download;
use crate::i18n::T;
use crate::kit::{Crumbs, Fact, Facts, Icon, Tag, Tone};
use crate::layout::{Page, Part, respond};

/// One question that was asked, and its answer.
pub(super) struct Check {
    /// The answer in words.
    pub words: String,
    /// Passed or not.
    pub tag: Tag,
}

/// The huge word with everything around it. `/v/{public_id}` and the check of files share it.
#[derive(Template)]
#[template(path = "licences/public.html")]
pub(super) struct PublicPage<'a> {
    /// Words.
    pub t: T,
    /// Layout.
    pub page: &'a Page,
    /// The trail.
    pub crumbs: Crumbs,
    /// The huge word.
    pub word: String,
    /// Its tone.
    pub tone: Tone,
    /// One sentence below it.
    pub sentence: String,
    /// What was checked.
    pub checks: Vec<Check>,
    /// When, in words.
    pub checked: String,
    /// Masked fields.
    pub facts: Option<Facts>,
    /// Identifier and SM3 of the data, with which the script compares the QR code in the address.
    pub expected: Option<(String, String)>,
    /// Address of the online answer, where this one is about a file.
    pub online: String,
    /// Address of the proof that it stands in the public log, where there is one.
    pub proof: Option<String>,
}

impl PublicPage<'_> {
    /// The shape beside the word: disc, square, triangle, diamond.
    fn icon(&self) -> Icon {
        match self.tone {
            Tone::Good => Icon::CheckCircle,
            Tone::Bad => Icon::Stop,
            Tone::Act => Icon::Alert,
            Tone::Paused => Icon::Pause,
            _ => Icon::Question,
        }
    }
}

/// The list of checks with their tags.
pub(super) fn checks(t: T, made: impl IntoIterator<Item = (domain::text::Text, bool)>) -> Vec<Check> {
    made.into_iter()
        .map(|(words, ok)| Check {
            words: t.of(&words).to_owned(),
            tag: match ok {
                true => Tag::new(Tone::Good, t.licences_check_ok()),
                false => Tag::new(Tone::Bad, t.licences_check_bad()),
            },
        })
        .collect()
}

/// What the face says to everybody. Names of organisations are public, those of persons are not; every other line is shown as
/// the licence's type declares.
pub(super) fn masked(t: T, shelf: &Shelf, data: &LicenceData) -> Facts {
    let person = data.holder.code_kind != CodeKind::Uscc;
    let holder = if person { name::mask(&data.holder.name) } else { data.holder.name.clone() };
    let code = if person { mask(&data.holder.code) } else { data.holder.code.clone() };
    let validity = match data.valid_to {
        Some(last) => t.licences_from_to(t.date(data.valid_from), t.date(last)),
        None => t.licences_from_on(t.date(data.valid_from)),
    };
    let mut facts = vec![
        Fact::new(t.licences_kind(), t.of(&data.kind.name)),
        Fact::new(t.licences_number(), data.number.as_str()),
        Fact::new(t.licences_holder(), holder.as_str()),
        Fact::new(t.licences_holder_code(), code.as_str()),
        Fact::new(t.licences_issuer(), data.issuer.name.as_str()),
        Fact::new(t.licences_validity(), validity),
    ];
    // What a natural person's licence says beyond these stays off the public page altogether.
    if !person {
        let repeated = [&data.holder.name, &data.holder.code, &data.number];
        let lines = data.surface.iter().filter(|field| !repeated.contains(&&field.value));
        facts.extend(lines.filter_map(|field| {
            let value = match shelf.disclosure(&data.kind.code, &field.key) {
                Disclosure::Public | Disclosure::Holder => field.value.clone(),
                Disclosure::Name => name::mask(&field.value),
                Disclosure::Code => mask(&field.value),
                Disclosure::Private => return None,
            };
            Some(Fact::new(t.of(&field.label), value))
        }));
    }
    facts.push(Fact::new(t.licences_identifier(), data.identifier.as_str()));
    Facts::new(t, facts)
}

/// What the script compares a QR code with.
pub(super) fn expected(file: &LicenceFile) -> Option<(String, String)> {
    let digest = file.licence.sm3().ok()?;
    Some((file.licence.identifier.clone(), hex::encode(digest)))
}

/// `GET /v/{public_id}`.
pub(super) async fn page(visit: Visit, Path(public_id): Path<String>) -> Result<Response, Failure> {
    let (t, page) = (visit.t(), visit.page().with_part(Part::Verify));
    let crumbs = Crumbs::new(t).link(t.nav_verify(), "/v");
    let now = visit.city().now();
    let checked = t.licences_checked_at(t.moment(now));
    let found = match public_view(visit.city(), &public_id).await {
        Ok(found) => found,
        Err(ServiceError::NotFound(_)) => {
            let view = PublicPage {
                t,
                page: &page,
                crumbs,
                word: t.licences_unknown().to_owned(),
                tone: Tone::Act,
                sentence: t.licences_unknown_text().to_owned(),
                checks: Vec::new(),
                checked,
                facts: None,
                expected: None,
                online: String::new(),
                proof: None,
            };
            return Ok(respond(StatusCode::NOT_FOUND, t.lang(), &view));
        }
        Err(other) => return Err(other.into()),
    };
    let (word, tone, sentence) = match found.genuine {
        true => (t.of(&found.standing.label()).to_owned(), tone(found.standing), sentence(t, &found)),
        false => (t.licences_broken().to_owned(), Tone::Bad, t.licences_broken_text().to_owned()),
    };
    let view = PublicPage {
        t,
        page: &page,
        crumbs,
        word,
        tone,
        sentence,
        checks: checks(t, found.checks),
        checked,
        facts: Some(masked(t, &visit.city().shelf(), &found.file.licence)),
        expected: expected(&found.file),
        online: String::new(),
        proof: log::public_proof(visit.city(), &public_id).await.is_ok().then(|| format!("/v/{public_id}/proof")),
    };
    Ok(respond(StatusCode::OK, t.lang(), &view))
}

/// `GET /v/{public_id}/proof`: the sidecar that proves its place in the public log, for everybody to whom the licence was given.
pub(super) async fn proof(visit: Visit, Path(public_id): Path<String>) -> Result<Response, Failure> {
    let sidecar = log::public_proof(visit.city(), &public_id).await?;
    Ok(download(&sidecar.name, "text/plain; charset=utf-8", sidecar.text.into_bytes()))
}

/// What the word means, since when and, for a suspension, until when.
fn sentence(t: T, found: &PublicView) -> String {
    let mut words = t.licences_sentence(found.standing.as_str());
    // What expired while it was suspended is not said to have ended that day.
    let since = found.since.filter(|_| found.standing != Standing::Expired);
    for more in [
        since.map(|at| t.licences_ended_on(t.date(at.date()))),
        found.suspended_until.filter(|_| since.is_some()).map(|day| t.licences_suspended_until(t.date(day))),
    ] {
        words.extend(more.map(|more| format!(" {more}")));
    }
    if let Some(deemed) = found.deemed.as_ref().filter(|_| found.standing.lives()) {
        words.push(' ');
        words.push_str(&t.licences_deemed_public(t.date(deemed.until)));
    }
    words
}
