//! The permission matrix: role × action × scope.

use serde::{Deserialize, Serialize};

use super::role::{Actor, Grant, Party, Role};
use crate::text::Text;

/// Everything that anyone may do. A use case names exactly one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// Begin or change one's own draft, file it, resubmit it, withdraw, ask a person.
    Apply,
    /// File for someone else: a walk-in at a window or a system that passes an application on.
    ApplyForOther,
    /// See a case with all its contents.
    ViewCase,
    /// Feedback, correction notice, acceptance, non-acceptance, verdicts 收件、受理.
    Accept,
    /// Opinions, inspection results 审核.
    Review,
    /// Grant, refuse, return, extend 决定.
    Decide,
    /// Carry out the check that falls due after an automatic or pledged decision 事后核查.
    Check,
    /// Hand over the result 送达.
    Deliver,
    /// Suspend, resume, revoke or cancel a licence.
    RevokeLicence,
    /// Type a paper licence at a window, or correct what was typed.
    EnterPaperLicence,
    /// Confirm having seen the original of what somebody else has typed, refuse to, or end it.
    ConfirmPaperLicence,
    /// See a licence with all its contents.
    ViewLicence,
    /// Let others see one's licence: a use code, a link, a marked copy.
    ShareLicence,
    /// Let a person act for an organisation, and end that: its legal representative alone.
    GrantMandate,
    /// Take a holder's use code.
    UseLicence,
    /// Fetch the licences that the matter of an open case needs, from another system.
    FetchLicence,
    /// See figures and lamps of cases.
    Supervise,
    /// Publish or pause matters, rules and calendars.
    ManageCatalogue,
    /// Create staff accounts and tokens.
    ManageAccounts,
    /// Confirm someone's identity at a window.
    ProveIdentity,
    /// Give out a code for a forgotten password, against an identity document.
    ResetPassword,
    /// Erase a person's data.
    Erase,
    /// Book an appointment or take a ticket, for oneself or for whom one stands.
    Visit,
    /// Call, serve and transfer the numbers of a queue.
    ServeQueue,
    /// See a place's rota, and ask for or answer a swap of one's own duties 调班.
    WorkRota,
    /// Plan a place's rota, confirm swaps, grant time off in lieu 排班.
    PlanRota,
    /// Rate a service 好差评. Staff rate nothing in the name of others: they may not interfere.
    Rate,
    /// Work on the follow-up of a bad rating 差评工单.
    FollowRating,
    /// Decide, as a second person, whether a rating was a misrating.
    JudgeRating,
    /// See who gave a rating.
    SeeRater,
    /// Acts that only the clock may do: deemed acceptance, expiry.
    RunDuty,
}

impl Action {
    /// All of them, for tables and tests.
    pub const ALL: &[Action] = &[
        Action::Apply,
        Action::ApplyForOther,
        Action::ViewCase,
        Action::Accept,
        Action::Review,
        Action::Decide,
        Action::Check,
        Action::Deliver,
        Action::RevokeLicence,
        Action::EnterPaperLicence,
        Action::ConfirmPaperLicence,
        Action::ViewLicence,
        Action::ShareLicence,
        Action::GrantMandate,
        Action::UseLicence,
        Action::FetchLicence,
        Action::Supervise,
        Action::ManageCatalogue,
        Action::ManageAccounts,
        Action::ProveIdentity,
        Action::ResetPassword,
        Action::Erase,
        Action::Visit,
        Action::ServeQueue,
        Action::WorkRota,
        Action::PlanRota,
        Action::Rate,
        Action::FollowRating,
        Action::JudgeRating,
        Action::SeeRater,
        Action::RunDuty,
    ];
}

/// What an action is about. Absent parts do not narrow the scope.
#[derive(Debug, Clone, Default)]
pub struct Subject<'a> {
    /// The party whose case or licence it is.
    pub party: Option<&'a Party>,
    /// The matter that it is about, by its slug.
    pub matter: Option<&'a str>,
    /// Whoever filed it.
    pub filed_by: Option<&'a str>,
    /// The department that decides.
    pub department: Option<&'a str>,
    /// The district in which it is decided.
    pub district: Option<&'a str>,
    /// Accounts of the staff whose service was rated.
    pub rated: &'a [String],
}

/// The actor may not do it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{actor} may not {action:?}")]
pub struct Forbidden {
    /// Who.
    pub actor: String,
    /// What.
    pub action: Action,
}

impl Forbidden {
    /// The sentence for the person.
    pub fn explain(&self) -> Text {
        Text::new(
            "您的账号没有办理这项操作的权限。请换用有权限的账号登录，或联系本部门管理员。",
            "Your account may not do this. Sign in with an account that may, or ask your department's administrator.",
        )
    }
}

/// Whether `role` may ever do `action`, before scope is looked at.
fn role_may(role: Role, action: Action) -> bool {
    use Action as A;
    match role {
        Role::Citizen => {
            matches!(
                action,
                A::Apply
                    | A::ViewCase
                    | A::ViewLicence
                    | A::ShareLicence
                    | A::GrantMandate
                    | A::UseLicence
                    | A::Visit
                    | A::Rate
            )
        }
        Role::Clerk => {
            matches!(
                action,
                A::ApplyForOther
                    | A::ViewCase
                    | A::Accept
                    | A::Deliver
                    | A::ViewLicence
                    | A::UseLicence
                    | A::EnterPaperLicence
                    | A::ConfirmPaperLicence
                    | A::ProveIdentity
                    | A::ResetPassword
                    | A::Visit
                    | A::ServeQueue
                    | A::WorkRota
            )
        }
        Role::Reviewer => matches!(
            action,
            A::ViewCase | A::Review | A::Check | A::ViewLicence | A::UseLicence | A::FollowRating | A::SeeRater
        ),
        Role::Approver => {
            matches!(
                action,
                A::ViewCase
                    | A::Review
                    | A::Decide
                    | A::Check
                    | A::ViewLicence
                    | A::UseLicence
                    | A::RevokeLicence
                    | A::ConfirmPaperLicence
                    | A::FollowRating
                    | A::JudgeRating
                    | A::SeeRater
            )
        }
        Role::Supervisor => matches!(action, A::ViewCase | A::Supervise | A::JudgeRating | A::SeeRater),
        Role::Administrator => matches!(action, A::ManageCatalogue | A::ManageAccounts | A::Supervise | A::Erase),
        Role::HallHead => matches!(action, A::WorkRota | A::PlanRota),
        Role::Integrator => matches!(
            action,
            A::ApplyForOther | A::ViewCase | A::ViewLicence | A::UseLicence | A::FetchLicence | A::Visit | A::Rate
        ),
        Role::System => matches!(action, A::RunDuty),
    }
}

/// Whether a grant's scope covers the subject.
fn scope_covers(grant: &Grant, actor: &Actor, action: Action, subject: &Subject<'_>) -> bool {
    let within = |limit: &Option<String>, actual: Option<&str>| match (limit, actual) {
        (Some(limit), Some(actual)) => limit == actual,
        _ => true,
    };
    match grant.role {
        Role::Citizen => {
            let own =
                |party: &Party| actor.stands_for(party) || actor.mandate_for(action, party, subject.matter).is_some();
            subject.party.is_none_or(own) && actor.person.is_some()
        }
        // A system sees only what it passed on itself; the account that filed is the proof. What it may use of licences, a code of
        // the holder or an open case says, which the use case asks for.
        Role::Integrator => {
            matches!(action, Action::ApplyForOther | Action::UseLicence | Action::FetchLicence)
                || subject.filed_by.is_some_and(|by| actor.account.is_some_and(|own| own.to_string() == by))
        }
        // Any window of the city takes any matter (无差别综合受理), so a clerk is not tied to a department.
        Role::Clerk => within(&grant.district, subject.district),
        _ => within(&grant.department, subject.department) && within(&grant.district, subject.district),
    }
}

/// 回避: who stands for the applicant, or is its clerk, takes no part in what the authority does about the application. Handing over
/// the result decides nothing.
fn is_own_affair(actor: &Actor, action: Action, subject: &Subject<'_>) -> bool {
    let official = matches!(
        action,
        Action::Accept
            | Action::Review
            | Action::Decide
            | Action::Check
            | Action::RevokeLicence
            | Action::EnterPaperLicence
            | Action::ConfirmPaperLicence
    );
    official && subject.party.is_some_and(|party| actor.is_tied_to(party))
}

/// Whoever was rated, and whoever rated, takes no part in what follows; the rated do not learn who rated them.
fn is_own_rating(actor: &Actor, action: Action, subject: &Subject<'_>) -> bool {
    let follows = matches!(action, Action::FollowRating | Action::JudgeRating | Action::SeeRater);
    let label = actor.label();
    follows && (subject.rated.contains(&label) || subject.party.is_some_and(|party| actor.is_tied_to(party)))
}

/// May this actor do this to that? The one place that answers.
pub fn may(actor: &Actor, action: Action, subject: &Subject<'_>) -> Result<(), Forbidden> {
    let granted =
        actor.grants.iter().any(|grant| role_may(grant.role, action) && scope_covers(grant, actor, action, subject));
    let allowed = granted && !is_own_affair(actor, action, subject) && !is_own_rating(actor, action, subject);
    if allowed { Ok(()) } else { Err(Forbidden { actor: actor.label(), action }) }
}
