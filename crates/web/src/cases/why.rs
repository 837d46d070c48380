//! Why a case was decided as it was: one sentence, then every condition with the value used, its source, and whether
//! it held; the rule's version; asking a person; remedies.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use domain::cases::{Case, CheckKind};
use domain::text::Text;
use rules::{Decision, Outcome, RowView};
use service::cases;

use super::events::document_link;
use crate::accounts::Problems;
use crate::app::{Failure, Visit};
use crate::i18n::T;
use crate::kit::{CopyText, Crumbs, ErrorSummary, Field, Html, Icon, Notice, Tag, Tone};
use crate::layout::{Page, Part, respond};

struct Condition {
    sentence: String,
    value: String,
    label: String,
    source: String,
    tag: Tag,
    held: bool,
}

/// What the rules looked at.
struct Ran {
    lead: &'static str,
    conditions: Vec<Condition>,
    held: usize,
    rule: String,
    version: String,
    digest: CopyText,
    fired: String,
}

struct Remedy {
    name: &'static str,
    body: String,
    until: String,
}

#[derive(Template)]
#[template(path = "cases/why.html")]
struct WhyPage<'a> {
    t: T,
    page: &'a Page,
    crumbs: Crumbs,
    errors: ErrorSummary,
    name: &'a str,
    verdict: &'static str,
    tone: &'static str,
    sentence: String,
    by: String,
    papers: Vec<Html>,
    ran: Option<Ran>,
    ask: Option<Field>,
    action: String,
    version: i64,
    asked: Option<Notice>,
    remedies: Vec<Remedy>,
}

/// `GET /cases/{number}/why`.
pub(super) async fn page(visit: Visit, Path(number): Path<String>) -> Result<Response, Failure> {
    show(&visit, StatusCode::OK, &number, "", &Problems::default()).await
}

/// The page, also after a form on it failed.
pub(super) async fn show(
    visit: &Visit,
    status: StatusCode,
    number: &str,
    typed: &str,
    problems: &Problems,
) -> Result<Response, Failure> {
    let city = visit.city();
    let found = cases::case_by_number(city, visit.actor()?, number).await?;
    let case = &found.case;
    let shelf = city.shelf();
    let department = shelf.department(&case.department)?;
    let (t, page) = (visit.t(), visit.page().with_part(Part::Cases));
    let published = service::catalog::version(city, &case.matter, case.matter_version).await?;
    let documents = cases::documents(city, case).await?;
    let ruled = cases::rule_record(city, case).await?.and_then(|record| record.decision());
    let ask = found.possible.contains(&"ask-person").then(|| {
        Field::textarea(t, "reason", t.cases_ask_label())
            .hint(t.cases_ask_hint())
            .max_length(2000)
            .value(typed)
            .error(problems.at(t, "reason"))
    });
    let (verdict, tone) = verdict(t, case);
    let view = WhyPage {
        t,
        page: &page,
        crumbs: Crumbs::new(t).link(t.nav_cases(), "/cases").link(case.number.as_str(), format!("/cases/{number}")),
        errors: problems.summary(t, &["reason"]),
        name: t.of(&published.bundle.matter.name),
        verdict,
        tone: tone.word(),
        sentence: sentence(t, case, ruled.as_ref()),
        by: by(t, case, t.of(&department.name)),
        papers: documents
            .iter()
            .filter(|document| matches!(document.kind.as_str(), "combined" | "grant" | "refusal" | "non-acceptance"))
            .map(|document| document_link(t, document))
            .collect(),
        ran: ruled.as_ref().and_then(|ruled| ran(&page, &city.settings().district, ruled)),
        ask,
        action: format!("/cases/{number}/ask"),
        version: found.version,
        asked: asked(t, case),
        remedies: remedies(t, case, &department.reconsideration.body, &department.court),
    };
    Ok(respond(status, t.lang(), &view))
}

fn verdict(t: T, case: &Case) -> (&'static str, Tone) {
    match (&case.decision, case.state.name()) {
        (Some(decision), _) if decision.granted => (t.cases_why_granted(), Tone::Good),
        (Some(_), _) => (t.cases_why_refused(), Tone::Bad),
        (None, "not-accepted") => (t.cases_why_not_accepted(), Tone::Bad),
        (None, _) => (t.cases_why_open(), Tone::Running),
    }
}

/// The decision in one sentence. The reasons of an automatic approval repeat every condition, which stand below one by
/// one; here it is enough that all held, and what the rule adds.
fn sentence(t: T, case: &Case, ruled: Option<&Decision>) -> String {
    if case.decision.as_ref().is_some_and(|decision| decision.automatic && decision.granted) {
        let note = ruled.and_then(|ruled| ruled.note.as_ref()).map(|note| t.of(note).to_owned());
        return [t.cases_why_all_held().to_owned(), note.unwrap_or_default()].join(" ").trim().to_owned();
    }
    let reasons = case.decision.as_ref().map(|decision| t.of(&decision.reasons)).filter(|words| !words.is_empty());
    let rules = || case.rules.as_ref().map(|rules| t.of(&rules.reason));
    reasons.or_else(rules).map_or_else(|| t.cases_why_pending().to_owned(), str::to_owned)
}

fn by(t: T, case: &Case, department: &str) -> String {
    match &case.decision {
        Some(decision) if decision.automatic => t.cases_why_by_rules(department, t.moment(decision.at)),
        Some(decision) => t.cases_why_by_person(department, t.moment(decision.at)),
        None => t.cases_why_by_nobody(department),
    }
}

/// The rule's record in words. The row that approves lists every decisive condition, so it is the one that is shown;
/// among several the one that came nearest.
fn ran(page: &Page, district: &str, decision: &Decision) -> Option<Ran> {
    let t = page.t;
    // Nobody knows a division by its code.
    let value = |value: &Text| if value.zh == district { t.of(&page.city.district) } else { t.of(value) }.to_owned();
    let rows = decision.explain();
    let failed = |row: &&RowView| row.cells.iter().filter(|cell| !cell.held).count();
    let approving = rows.iter().filter(|row| row.outcome == Some(Outcome::Approve)).min_by_key(failed);
    let row = approving.or_else(|| rows.iter().find(|row| row.held))?;
    let conditions: Vec<Condition> = row
        .cells
        .iter()
        .map(|cell| Condition {
            sentence: t.of(&cell.sentence).to_owned(),
            value: value(&cell.value),
            label: t.of(&cell.label).to_owned(),
            source: decision.input(&cell.field).map_or_else(String::new, |input| t.of(&input.provenance).to_owned()),
            tag: match cell.held {
                true => Tag::new(Tone::Good, t.cases_held()),
                false => Tag::new(Tone::Act, t.cases_not_held()),
            },
            held: cell.held,
        })
        .collect();
    let lead = match decision.outcome {
        Outcome::Approve => t.cases_rules_approve(),
        Outcome::RefuseProposed => t.cases_rules_refuse(),
        Outcome::Manual => t.cases_rules_manual(),
    };
    Some(Ran {
        lead,
        held: conditions.iter().filter(|condition| condition.held).count(),
        conditions,
        rule: decision.rule.id.to_string(),
        version: decision.rule.version.to_string(),
        digest: CopyText::new(t, decision.rule.sha256.to_string()),
        fired: decision.fired.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
    })
}

/// What became of an earlier wish for a person.
fn asked(t: T, case: &Case) -> Option<Notice> {
    let check = case.checks.iter().rev().find(|check| check.kind == CheckKind::Asked)?;
    Some(match &check.result {
        None => Notice::new(Tone::Running, t.cases_asked_title()).body(t.cases_asked_text(t.date(check.last_day()))),
        Some(result) => {
            let title = if result.confirmed { t.cases_asked_confirmed() } else { t.cases_asked_changed() };
            Notice::new(Tone::Good, title).body(result.note.as_str())
        }
    })
}

/// 救济途径, with dates once there is something to turn against.
fn remedies(t: T, case: &Case, reconsideration: &Text, court: &Text) -> Vec<Remedy> {
    let Some(remedies) = case.decision.as_ref().and_then(|decision| decision.remedies.as_ref()) else {
        let against = case.decision.is_some() || case.state.name() == "not-accepted";
        return if against {
            vec![
                Remedy {
                    name: t.cases_remedy_reconsider(),
                    body: t.of(reconsideration).to_owned(),
                    until: String::new(),
                },
                Remedy { name: t.cases_remedy_sue(), body: t.of(court).to_owned(), until: String::new() },
            ]
        } else {
            Vec::new()
        };
    };
    vec![
        Remedy {
            name: t.cases_remedy_reconsider(),
            body: t.of(reconsideration).to_owned(),
            until: t.cases_until(t.date(remedies.reconsideration_until)),
        },
        Remedy {
            name: t.cases_remedy_sue(),
            body: t.of(court).to_owned(),
            until: t.cases_until(t.date(remedies.lawsuit_until)),
        },
    ]
}
