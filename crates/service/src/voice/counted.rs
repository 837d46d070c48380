//! Which figures a fact of a rating or of its follow-up moves. Ratings and work orders are counted apart: a misrating leaves the one
//! and not the other.

use domain::voice::{FollowUpDuty, FollowUpFact, RatingFact, Scope};

use super::month_of;

type Step = (&'static str, String, i64);

/// Counters that a fact moves: name, key (`2026-11/…`) and by how much. Nothing for other streams and erased bodies.
pub(crate) fn counted(entry: &store::Fact) -> Vec<Step> {
    let Some(body) = entry.body.as_deref() else { return Vec::new() };
    if entry.stream.starts_with("rating/") {
        return serde_json::from_str(body).map(of_rating).unwrap_or_default();
    }
    if entry.stream.starts_with("rating_order/") {
        return serde_json::from_str(body).map(of_order).unwrap_or_default();
    }
    Vec::new()
}

/// A level in every scope for which it counts.
fn level(scope: &Scope, stars: u8, by: i64) -> Vec<Step> {
    let month = month_of(scope.on);
    let mut steps = vec![
        ("ratings-city", format!("{month}/all/{stars}"), by),
        ("ratings-department", format!("{month}/{}/{stars}", scope.department), by),
    ];
    if !scope.place.is_empty() {
        steps.push(("ratings-place", format!("{month}/{}/{stars}", scope.place), by));
    }
    if !scope.window.is_empty() {
        steps.push(("ratings-window", format!("{month}/{}/{}/{stars}", scope.place, scope.window), by));
    }
    steps.extend(scope.staff.iter().map(|clerk| ("ratings-clerk", format!("{month}/{clerk}/{stars}"), by)));
    steps
}

fn of_rating(fact: RatingFact) -> Vec<Step> {
    match fact {
        RatingFact::Given { rating } => {
            let month = month_of(rating.scope.on);
            let mut steps = level(&rating.scope, rating.voice.stars, 1);
            steps.push(("ratings-received", format!("{month}/{}", rating.scope.department), 1));
            steps.push(("ratings-channel", format!("{month}/{}", rating.channel.as_str()), 1));
            steps.extend(rating.voice.tags.iter().map(|tag| ("ratings-tag", format!("{month}/{tag}"), 1)));
            steps
        }
        RatingFact::GivenAgain { scope, before, again } => {
            let month = month_of(scope.on);
            let mut steps = vec![("ratings-again", format!("{month}/{}/{}", scope.department, again.voice.stars), 1)];
            if again.replaces {
                steps.extend(level(&scope, before, -1));
                steps.extend(level(&scope, again.voice.stars, 1));
            }
            steps
        }
        RatingFact::NotCounted { scope, stars, .. } => {
            let mut steps = level(&scope, stars, -1);
            steps.push(("ratings-not-counted", format!("{}/{}", month_of(scope.on), scope.department), 1));
            steps
        }
        RatingFact::Erased => Vec::new(),
    }
}

fn of_order(fact: FollowUpFact) -> Vec<Step> {
    match fact {
        FollowUpFact::Opened { follow_up } => {
            vec![("rating-orders", format!("{}/{}", month_of(follow_up.opened.date()), follow_up.department), 1)]
        }
        FollowUpFact::Answered { in_time, department, opened, .. } => {
            let key = format!("{}/{department}", month_of(opened.date()));
            let name = if in_time { "rating-orders-in-time" } else { "rating-orders-too-late" };
            vec![(name, key, 1)]
        }
        FollowUpFact::BecameLate { duty, department, opened } => {
            let late = if duty == FollowUpDuty::Contact { "rating-late-contact" } else { "rating-late-answer" };
            vec![(late, format!("{}/{department}", month_of(opened.date())), 1)]
        }
        FollowUpFact::Judged { upheld: true, department, opened, .. } => {
            vec![("rating-orders-dismissed", format!("{}/{department}", month_of(opened.date())), 1)]
        }
        _ => Vec::new(),
    }
}
