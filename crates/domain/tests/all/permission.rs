//! The permission matrix: role × action × department × district, and who must keep out of their own affairs.

use domain::accounts::{Action, Actor, Grant, Party, Role, Subject, may};
use domain::catalog::ApplicantKind;
use domain::ids::AccountId;
use domain::time::Timestamp;

/// Rows are actions; a role stands in a row when it may ever do that.
const MATRIX: &[(Action, &[Role])] = {
    use Role as R;
    &[
        (Action::Apply, &[R::Citizen]),
        (Action::ApplyForOther, &[R::Clerk, R::Integrator]),
        (Action::ViewCase, &[R::Citizen, R::Clerk, R::Reviewer, R::Approver, R::Supervisor, R::Integrator]),
        (Action::Accept, &[R::Clerk]),
        (Action::Review, &[R::Reviewer, R::Approver]),
        (Action::Decide, &[R::Approver]),
        (Action::Check, &[R::Reviewer, R::Approver]),
        (Action::Deliver, &[R::Clerk]),
        (Action::RevokeLicence, &[R::Approver]),
        (Action::EnterPaperLicence, &[R::Clerk]),
        (Action::ConfirmPaperLicence, &[R::Clerk, R::Approver]),
        (Action::ViewLicence, &[R::Citizen, R::Clerk, R::Reviewer, R::Approver, R::Integrator]),
        (Action::Supervise, &[R::Supervisor, R::Administrator]),
        (Action::ManageCatalogue, &[R::Administrator]),
        (Action::ManageAccounts, &[R::Administrator]),
        (Action::ProveIdentity, &[R::Clerk]),
        (Action::ResetPassword, &[R::Clerk]),
        (Action::Erase, &[R::Administrator]),
        (Action::WorkRota, &[R::Clerk, R::HallHead]),
        (Action::PlanRota, &[R::HallHead]),
        (Action::Rate, &[R::Citizen, R::Integrator]),
        (Action::FollowRating, &[R::Reviewer, R::Approver]),
        (Action::JudgeRating, &[R::Approver, R::Supervisor]),
        (Action::SeeRater, &[R::Reviewer, R::Approver, R::Supervisor]),
        (Action::RunDuty, &[R::System]),
    ]
};
/// Roles whose department narrows what they may do. A clerk of any window takes any matter.
const TIED: [Role; 4] = [Role::Reviewer, Role::Approver, Role::Supervisor, Role::HallHead];

fn account() -> AccountId {
    AccountId::new(Timestamp::from_micros(1), [7; 10])
}

fn party(code: &str) -> Party {
    Party { kind: ApplicantKind::Person, name: "王芳".into(), id_type: "citizen-id".into(), code: code.into() }
}

fn actor(role: Role, department: Option<&str>, district: Option<&str>, person: Option<Party>) -> Actor {
    let grant = Grant { role, department: department.map(str::to_owned), district: district.map(str::to_owned) };
    Actor { account: Some(account()), name: "某人".into(), grants: vec![grant], person, acts_for: Vec::new() }
}

#[test]
fn each_role_may_do_what_the_matrix_says_and_nothing_else() {
    let (own, by) = (party("110105194912310021"), account().to_string());
    for (action, roles) in MATRIX.iter().copied() {
        for role in Role::ALL {
            // Only a citizen and a system are asked whose subject it is; it is theirs.
            let person = (role == Role::Citizen).then(|| own.clone());
            let subject = Subject { party: person.as_ref().map(|_| &own), filed_by: Some(&by), ..Subject::default() };
            let answer = may(&actor(role, None, None, person.clone()), action, &subject);
            assert_eq!(answer.is_ok(), roles.contains(&role), "{role:?} {action:?}");
        }
        let nobody = Actor { grants: Vec::new(), ..actor(Role::Clerk, None, None, None) };
        assert!(may(&nobody, action, &Subject::default()).is_err(), "without a role {action:?}");
    }
}

#[test]
fn department_and_district_narrow_what_a_role_may_do() {
    let other = party("110105194912310021");
    for (action, roles) in MATRIX.iter().copied() {
        for role in
            roles.iter().copied().filter(|role| !matches!(role, Role::Citizen | Role::Integrator | Role::System))
        {
            for (department, district) in [("approval", "370211"), ("approval", "370212"), ("planning", "370211")] {
                let subject = Subject {
                    party: Some(&other),
                    department: Some(department),
                    district: Some(district),
                    ..Subject::default()
                };
                let ask =
                    |own: Option<&str>, place: Option<&str>| may(&actor(role, own, place, None), action, &subject);
                let what = format!("{role:?} {action:?} {department} {district}");
                assert!(ask(None, None).is_ok(), "{what}: no limit");
                assert_eq!(ask(None, Some("370211")).is_ok(), district == "370211", "{what}: one district");
                let tied = TIED.contains(&role) || role == Role::Administrator;
                assert_eq!(ask(Some("approval"), None).is_ok(), !tied || department == "approval", "{what}");
            }
        }
    }
}

#[test]
fn a_citizen_sees_only_what_is_theirs_and_a_system_what_it_passed_on() {
    let (own, other) = (party("110105194912310021"), party("440308199001010017"));
    let company = Party { kind: ApplicantKind::Enterprise, id_type: "uscc".into(), ..party("91350100M000100Y43") };
    let citizen = Actor { acts_for: vec![company.clone()], ..actor(Role::Citizen, None, None, Some(own.clone())) };
    let unproved = actor(Role::Citizen, None, None, None);
    for action in [Action::Apply, Action::ViewCase, Action::ViewLicence] {
        for (whose, allowed) in [(&own, true), (&company, true), (&other, false)] {
            let subject = Subject { party: Some(whose), ..Subject::default() };
            assert_eq!(may(&citizen, action, &subject).is_ok(), allowed, "{action:?} {}", whose.code);
            assert!(may(&unproved, action, &subject).is_err(), "identity comes first");
        }
        // The same number on another kind of document is somebody else's.
        let passport = Party { id_type: "passport".into(), ..own.clone() };
        assert!(may(&citizen, action, &Subject { party: Some(&passport), ..Subject::default() }).is_err());
    }
    let system = actor(Role::Integrator, None, None, None);
    for (by, allowed) in [(account().to_string(), true), ("another".to_owned(), false)] {
        let subject = Subject { party: Some(&own), filed_by: Some(&by), ..Subject::default() };
        assert_eq!(may(&system, Action::ViewCase, &subject).is_ok(), allowed);
    }
}

/// 回避.
#[test]
fn nobody_takes_part_in_deciding_their_own_application() {
    let own = party("110105194912310021");
    let subject = Subject { party: Some(&own), ..Subject::default() };
    for (action, roles) in MATRIX.iter().copied() {
        let paper = matches!(action, Action::EnterPaperLicence | Action::ConfirmPaperLicence);
        let official = paper
            || matches!(
                action,
                Action::Accept | Action::Review | Action::Decide | Action::Check | Action::RevokeLicence
            );
        for role in roles.iter().copied().filter(|_| official) {
            assert!(may(&actor(role, None, None, Some(own.clone())), action, &subject).is_err(), "{role:?} {action:?}");
            let stranger = actor(role, None, None, Some(party("440308199001010017")));
            assert!(may(&stranger, action, &subject).is_ok(), "{role:?} {action:?}");
        }
    }
}

/// The rated do not learn who rated them, whatever else they may be; nor does anybody follow up their own rating.
#[test]
fn nobody_handles_a_rating_of_their_own_work_or_of_their_own() {
    let (rater, rated) = (party("110105194912310021"), [account().to_string()]);
    let others = ["somebody-else".to_owned()];
    for action in [Action::FollowRating, Action::JudgeRating, Action::SeeRater] {
        for role in Role::ALL {
            for department in [None, Some("approval"), Some("planning")] {
                let staff = actor(role, department, None, None);
                let of = |rated| Subject { department: Some("approval"), rated, ..Subject::default() };
                assert!(may(&staff, action, &of(&rated)).is_err(), "{role:?} {action:?}: one's own work");
                let listed = MATRIX.iter().any(|(own, roles)| *own == action && roles.contains(&role));
                let allowed = listed && department != Some("planning");
                assert_eq!(may(&staff, action, &of(&others)).is_ok(), allowed, "{role:?} {action:?} {department:?}");
                let themselves = actor(role, department, None, Some(rater.clone()));
                let own = Subject { party: Some(&rater), ..of(&others) };
                assert!(may(&themselves, action, &own).is_err(), "{role:?} {action:?}: one's own rating");
            }
        }
    }
}
