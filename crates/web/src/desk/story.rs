//! What happened to a case, as colleagues read it: with names, opinions and documents. The latest comes first.

use std::collections::BTreeMap;

use domain::cases::{Case, Fact, NonAcceptance, Point};
use domain::catalog::special_name;
use service::City;
use service::cases::{SealedDocument, TimelineEntry};
use service::{accounts, statistics};

use super::forms::check_name;
use crate::i18n::T;
use crate::kit::{Event, EventState, Html};

/// A link to a document by its title and number.
pub(super) fn document_link(t: T, document: &SealedDocument) -> Html {
    let words = format!("{} {}", t.cases_document(&document.kind), document.number);
    Html::link(&format!("/documents/{}", document.id), &words)
}

/// Names of everybody who acted, by account.
async fn names(t: T, city: &City, case: &Case, entries: &[TimelineEntry]) -> BTreeMap<String, String> {
    let mut names: BTreeMap<String, String> = BTreeMap::new();
    for entry in entries {
        if names.contains_key(&entry.actor) {
            continue;
        }
        let name = match accounts::load(city, &entry.actor).await {
            Ok((account, _)) if account.person.as_ref() == Some(&case.applicant) => t.desk_who_applicant().to_owned(),
            Ok((account, _)) if !account.name.is_empty() => account.name,
            _ => t.cases_who_system().to_owned(),
        };
        names.insert(entry.actor.clone(), name);
    }
    names
}

/// The events of a case.
pub(super) async fn events(
    t: T,
    city: &City,
    case: &Case,
    entries: &[TimelineEntry],
    documents: &[SealedDocument],
) -> Vec<Event> {
    let names = names(t, city, case, entries).await;
    entries
        .iter()
        .rev()
        .map(|entry| {
            let kind = entry.kind.strip_prefix("case.").unwrap_or("other");
            let (state, title, text) = match &entry.fact {
                None => (EventState::Done, t.desk_event("erased"), String::new()),
                Some(fact) => words(t, fact, kind),
            };
            // Documents of a command are sealed in the same commit, so they bear its very instant.
            let papers = documents.iter().filter(|document| document.at == entry.at && belongs(kind, &document.kind));
            let body = papers.fold(Html::text(text), |body, document| {
                let space = if body.is_empty() { "" } else { " " };
                body.then(space).then(document_link(t, document))
            });
            let who = names.get(&entry.actor).cloned().unwrap_or_default();
            Event::new(state, title).at(t, entry.at).who(who).body(body)
        })
        .collect()
}

/// Whether a sealed document belongs to a kind of fact.
fn belongs(kind: &str, document: &str) -> bool {
    matches!(
        (kind, document),
        ("filed", "receipt")
            | ("correction-requested", "correction-notice")
            | ("not-accepted", "non-acceptance")
            | ("accepted", "acceptance" | "gap-acceptance" | "deemed-acceptance")
            | ("paused", "special-procedure")
            | ("extended", "extension")
            | ("terminated", "termination")
            | ("decided", "grant" | "refusal" | "combined")
    )
}

fn joined(points: &[Point]) -> String {
    points.iter().enumerate().map(|(at, point)| format!("{}. {}", at + 1, point.text)).collect::<Vec<_>>().join(" ")
}

/// State, title and text of a fact.
fn words(t: T, fact: &Fact, kind: &str) -> (EventState, String, String) {
    let title = match fact {
        Fact::Decided { decision, .. } if decision.automatic => t.desk_event("granted-by-rules"),
        Fact::Decided { decision, .. } if decision.granted => t.desk_event("granted"),
        Fact::Decided { .. } => t.desk_event("refused"),
        Fact::Accepted { deemed: true, .. } => t.desk_event("deemed"),
        Fact::BecameLate { duty, .. } => t.desk_event(statistics::lateness(*duty)),
        _ => t.desk_event(kind),
    };
    let state = match fact {
        Fact::NotAccepted { .. } | Fact::Terminated { .. } | Fact::BecameLate { .. } => EventState::Bad,
        Fact::Decided { decision, .. } if !decision.granted => EventState::Bad,
        Fact::Paused { .. } => EventState::Paused,
        _ => EventState::Done,
    };
    let text = match fact {
        Fact::FeedbackGiven { points } if points.is_empty() => t.desk_feedback_fine().to_owned(),
        Fact::FeedbackGiven { points } => joined(points),
        Fact::CorrectedOnSpot { note, .. } => note.clone(),
        Fact::VerdictsGiven { verdicts } => {
            t.desk_verdicts(verdicts.len(), verdicts.iter().filter(|(_, verdict)| !verdict.in_order).count())
        }
        Fact::CorrectionRequested { notice, .. } => {
            format!("{} {}", joined(&notice.points), t.cases_event_until(t.date(notice.until)))
        }
        Fact::NotAccepted { ground: NonAcceptance::StillLacking { points }, reasons, .. } => {
            format!("{reasons} {}", joined(points))
        }
        Fact::NotAccepted { ground: NonAcceptance::WrongAuthority { authority }, reasons, .. } => {
            format!("{reasons} {}", t.cases_event_authority(authority))
        }
        Fact::NotAccepted { reasons, .. } => reasons.clone(),
        Fact::OpinionGiven { opinion, .. } => {
            let word = if opinion.favourable { t.desk_favourable() } else { t.desk_unfavourable() };
            format!("{word}：{}（{}）", opinion.text, opinion.by)
        }
        Fact::Returned { reason, .. } | Fact::Extended { reason, .. } | Fact::Withdrawn { reason } => reason.clone(),
        Fact::Terminated { reason, .. } => reason.clone(),
        Fact::Paused { procedure, working_days, .. } => {
            t.cases_event_paused_text(t.of(&special_name(*procedure)), *working_days)
        }
        Fact::Decided { decision, .. } => t.of(&decision.reasons).to_owned(),
        Fact::CheckOrdered { check } => {
            format!("{} {}", t.desk_check(check_name(check.kind)), t.cases_event_until(t.date(check.last_day())))
        }
        Fact::CheckDone { result, .. } => {
            let word = if result.confirmed { t.desk_check_stands() } else { t.desk_check_wrong() };
            format!("{word}：{}", result.note)
        }
        Fact::Accepted { gap_notice: Some(notice), .. } => t.cases_event_until(t.date(notice.until)),
        Fact::GapChecked { verdict, .. } if verdict.in_order => t.desk_in_order().to_owned(),
        Fact::GapChecked { verdict, .. } => verdict.note.clone(),
        Fact::LicenceIssued { licence } => licence.number.clone(),
        Fact::Delivered { method } if method == "window" => t.desk_by_window().to_owned(),
        Fact::Delivered { method } if method == "mail" => t.post_way("mail"),
        Fact::Delivered { method } if method == "locker" => t.post_way("locker"),
        Fact::Delivered { .. } => t.desk_by_download().to_owned(),
        _ => String::new(),
    };
    (state, title, text)
}
