//! The life of a case as a parcel's: what happened, who did it, what comes next and by when.

use domain::cases::{Case, CheckKind, DutyKind, Fact, NonAcceptance, Origin, Point, State};
use domain::catalog::{StepKind, special_name};
use service::City;
use service::cases::{SealedDocument, TimelineEntry};

use super::check::lines;
use super::clocks;
use crate::i18n::T;
use crate::kit::{Event, EventState, Html};

/// What the events of one case are drawn from.
pub(super) struct Story<'a> {
    /// Words.
    pub t: T,
    /// The running city.
    pub city: &'a City,
    /// The case.
    pub case: &'a Case,
    /// Its sealed documents.
    pub documents: &'a [SealedDocument],
    /// Name of the deciding department.
    pub department: &'a str,
}

/// A link to a document by its title.
pub(super) fn document_link(t: T, document: &SealedDocument) -> Html {
    Html::link(&format!("/documents/{}", document.id), &t.cases_document(&document.kind))
}

/// Points of a notice as a list of lines.
fn points(points: &[Point]) -> Html {
    let text: Vec<String> =
        points.iter().enumerate().map(|(at, point)| format!("{}. {}", at + 1, point.text)).collect();
    lines(&text.join("\n"))
}

impl Story<'_> {
    /// What is expected first, then what happened, the latest first.
    pub(super) fn events(&self, entries: &[TimelineEntry]) -> Vec<Event> {
        let mut past: Vec<Event> = entries.iter().filter_map(|entry| self.event(entry)).collect();
        past.reverse();
        let mut events = self.ahead();
        events.extend(past);
        events
    }

    fn who(&self, entry: &TimelineEntry) -> String {
        let t = self.t;
        // What rules decide stands in the same commit as the filing and carries its actor; it was still the platform.
        let own_act = matches!(
            entry.fact,
            Some(
                Fact::Opened { .. }
                    | Fact::Filed { .. }
                    | Fact::Revised { .. }
                    | Fact::Resubmitted { .. }
                    | Fact::GapsSupplied { .. }
                    | Fact::Withdrawn { .. }
            )
        );
        let by_filer = entry.actor == self.case.filed_by;
        match (entry.actor.as_str(), self.case.origin) {
            ("system", _) => t.cases_who_system().to_owned(),
            (_, Origin::Window) if by_filer => t.cases_who_window().to_owned(),
            _ if by_filer && own_act => t.cases_who_you().to_owned(),
            _ if by_filer => t.cases_who_system().to_owned(),
            _ => self.department.to_owned(),
        }
    }

    /// Decided by rules in the moment of filing: the steps in between are one.
    fn instant(&self) -> bool {
        self.case.decision.as_ref().is_some_and(|decision| decision.automatic)
    }

    /// The document of that stored kind, the one nearest in time to the fact.
    fn document(&self, kind: &str, entry: &TimelineEntry) -> Html {
        let own = self.documents.iter().filter(|document| document.kind == kind);
        let nearest = own.min_by_key(|document| document.at.micros().abs_diff(entry.at.micros()));
        nearest.map_or_else(Html::default, |document| document_link(self.t, document))
    }

    fn event(&self, entry: &TimelineEntry) -> Option<Event> {
        let t = self.t;
        let Some(fact) = &entry.fact else {
            return Some(Event::new(EventState::Done, t.cases_event_erased()).at(t, entry.at));
        };
        let (state, title, body) = self.words(fact, entry)?;
        Some(Event::new(state, title).at(t, entry.at).who(self.who(entry)).body(body))
    }

    /// State, title and text of a fact; `None` for what concerns only the office.
    fn words(&self, fact: &Fact, entry: &TimelineEntry) -> Option<(EventState, String, Html)> {
        let t = self.t;
        let done = |title: &str, body: Html| Some((EventState::Done, title.to_owned(), body));
        match fact {
            Fact::Opened { .. } if self.case.received_at == Some(entry.at) => None,
            Fact::Opened { .. } => done(t.cases_event_opened(), Html::default()),
            Fact::FeedbackGiven { points: own } if own.is_empty() => {
                done(t.cases_event_feedback(), Html::text(t.cases_event_feedback_fine()))
            }
            Fact::FeedbackGiven { points: own } => done(t.cases_event_feedback(), points(own)),
            Fact::Revised { .. } => done(t.cases_event_revised(), Html::default()),
            Fact::Filed { .. } => done(t.cases_event_filed(), self.document("receipt", entry)),
            Fact::CorrectedOnSpot { note, .. } => done(t.cases_event_corrected(), lines(note)),
            Fact::CorrectionRequested { notice, .. } => {
                let until = clocks::marked(t, t.cases_event_until(t.date(notice.until)), notice.provisional);
                let body = points(&notice.points).then(lines(&until)).then(self.document("correction-notice", entry));
                done(t.cases_event_correction(), body)
            }
            Fact::Resubmitted { .. } => done(t.cases_event_resubmitted(), Html::default()),
            Fact::Accepted { deemed: true, .. } => {
                let body = lines(t.cases_event_deemed_text()).then(self.document("deemed-acceptance", entry));
                done(t.cases_event_deemed(), body)
            }
            Fact::Accepted { .. } if self.instant() => None,
            Fact::Accepted { gap_notice: Some(notice), .. } => {
                let until = clocks::marked(t, t.cases_event_until(t.date(notice.until)), notice.provisional);
                let body = lines(&until).then(self.document("gap-acceptance", entry));
                done(t.cases_event_gaps(), body)
            }
            Fact::GapsSupplied { .. } => done(t.cases_event_supplied(), Html::default()),
            Fact::GapChecked { verdict, .. } if verdict.in_order => done(t.cases_event_gap_closed(), Html::default()),
            Fact::GapChecked { verdict, .. } => {
                Some((EventState::Bad, t.cases_event_gap_open().to_owned(), lines(&verdict.note)))
            }
            Fact::GapsReminded { until, .. } => {
                done(t.cases_event_gap_reminded(), lines(&t.cases_event_until(t.date(*until))))
            }
            Fact::Accepted { .. } => done(t.cases_event_accepted(), self.document("acceptance", entry)),
            Fact::RulesRan { .. } => {
                let why = Html::link(&format!("/cases/{}/why", self.case.number), t.cases_why_link());
                done(t.cases_event_rules(), why)
            }
            Fact::OpinionGiven { opinion, .. } if opinion.step == StepKind::Inspect => {
                done(t.cases_event_inspected(), Html::default())
            }
            Fact::OpinionGiven { .. } => done(t.cases_event_reviewed(), Html::default()),
            Fact::Returned { .. } => done(t.cases_event_returned(), Html::default()),
            _ => self.later_words(fact, entry),
        }
    }

    /// As [`Story::words`], from the special procedures to the end.
    fn later_words(&self, fact: &Fact, entry: &TimelineEntry) -> Option<(EventState, String, Html)> {
        let t = self.t;
        let done = |title: &str, body: Html| Some((EventState::Done, title.to_owned(), body));
        match fact {
            Fact::Paused { procedure, working_days, .. } => {
                let name = special_name(*procedure);
                let text = t.cases_event_paused_text(t.of(&name), *working_days);
                let body = lines(&text).then(self.document("special-procedure", entry));
                Some((EventState::Paused, t.cases_event_paused().to_owned(), body))
            }
            Fact::BecameLate { duty: DutyKind::PromiseBroken, .. } => {
                Some((EventState::Bad, t.cases_event_late_promise().to_owned(), Html::default()))
            }
            Fact::BecameLate { duty: DutyKind::LimitBroken, .. } => {
                let body = lines(t.cases_event_late_limit_text());
                Some((EventState::Bad, t.cases_event_late_limit().to_owned(), body))
            }
            Fact::RenewalDeemed { .. } => {
                done(t.cases_event_renewal_deemed(), lines(t.cases_event_renewal_deemed_text()))
            }
            Fact::Resumed { .. } => done(t.cases_event_resumed(), Html::default()),
            Fact::Extended { reason, .. } => {
                done(t.cases_event_extended(), lines(reason).then(self.document("extension", entry)))
            }
            Fact::Decided { decision, .. } if decision.granted => {
                let kind = if decision.automatic { "combined" } else { "grant" };
                let title = if decision.automatic { t.cases_event_granted_auto() } else { t.cases_event_granted() };
                done(title, self.document(kind, entry))
            }
            Fact::Decided { decision, .. } => {
                let body = lines(t.of(&decision.reasons)).then(self.document("refusal", entry));
                Some((EventState::Bad, t.cases_event_refused().to_owned(), body))
            }
            Fact::NotAccepted { ground, reasons, .. } => {
                let body = match ground {
                    NonAcceptance::WrongAuthority { authority } => lines(&t.cases_event_authority(authority)),
                    NonAcceptance::StillLacking { points: own } => points(own),
                    _ => Html::default(),
                };
                let body = body.then(lines(reasons)).then(self.document("non-acceptance", entry));
                Some((EventState::Bad, t.cases_event_not_accepted().to_owned(), body))
            }
            Fact::LicenceIssued { licence } => {
                done(t.cases_event_licence(), Html::link(&format!("/licences/{}", licence.id), &licence.number))
            }
            Fact::Delivered { method } => done(&t.cases_event_delivered(method), Html::default()),
            Fact::Closed => done(t.cases_event_closed(), Html::default()),
            Fact::Withdrawn { reason } => done(t.cases_event_withdrawn(), lines(reason)),
            Fact::Terminated { reason, .. } => {
                let body = lines(reason).then(self.document("termination", entry));
                Some((EventState::Bad, t.cases_event_terminated().to_owned(), body))
            }
            // Which cases the office draws for its own checks is the office's business.
            Fact::CheckOrdered { check } if check.kind == CheckKind::Sample => None,
            Fact::CheckOrdered { check } => done(
                &t.cases_event_check_ordered(check_kind(check.kind)),
                lines(&t.cases_event_until(t.date(check.last_day()))),
            ),
            Fact::CheckDone { result, .. } => {
                let state = if result.confirmed { EventState::Done } else { EventState::Bad };
                Some((state, t.cases_event_check_done().to_owned(), lines(&result.note)))
            }
            _ => None,
        }
    }

    /// What is expected next, the farthest first, as it stands above the past.
    fn ahead(&self) -> Vec<Event> {
        let t = self.t;
        let next = |title: &str, when: String| Event::new(EventState::Next, title).when(when);
        let decision = || next(t.cases_ahead_decision(), self.promised());
        match &self.case.state {
            State::PreReview => vec![
                next(t.cases_ahead_file(), String::new()),
                Event::new(EventState::Now, t.cases_ahead_feedback()).who(self.department),
            ],
            State::Feedback => vec![Event::new(EventState::Act, t.cases_ahead_revise())],
            State::Filed => {
                let by = clocks::answer_due(self.city, self.case).map(|(deadline, _)| clocks::due(t, &deadline));
                let now = Event::new(EventState::Now, t.cases_ahead_accept()).who(self.department);
                vec![decision(), now.when(by.unwrap_or_default())]
            }
            State::Correction => {
                let until = clocks::correction_until(t, self.case);
                let now = Event::new(EventState::Act, t.cases_ahead_correct()).when(until.unwrap_or_default());
                vec![decision(), next(t.cases_ahead_accept(), String::new()), now]
            }
            State::InReview { step } => {
                let paused = self.case.clocks.as_ref().is_some_and(|clocks| clocks.is_paused());
                let state = if paused { EventState::Paused } else { EventState::Now };
                let title = match step {
                    StepKind::Inspect => t.cases_ahead_inspect(),
                    StepKind::Decide => t.cases_ahead_decide(),
                    _ => t.cases_ahead_review(),
                };
                let now = Event::new(state, title).who(self.department);
                if *step == StepKind::Decide { vec![now.when(self.promised())] } else { vec![decision(), now] }
            }
            State::Granted | State::Issued => {
                vec![Event::new(EventState::Now, t.cases_ahead_deliver()).who(self.department)]
            }
            _ => Vec::new(),
        }
    }

    /// By when the decision is promised, as far as it is known.
    fn promised(&self) -> String {
        let t = self.t;
        let deadline = self.case.clocks.as_ref().and_then(|c| c.promised.deadline(&self.city.calendar()).ok());
        deadline.map_or_else(String::new, |deadline| clocks::due(t, &deadline))
    }
}

fn check_kind(kind: CheckKind) -> &'static str {
    match kind {
        CheckKind::Pledge => "pledge",
        CheckKind::Sample => "sample",
        CheckKind::Asked => "asked",
        CheckKind::FollowUp => "follow-up",
    }
}
