//! The permission matrix: role × action × department × district, and who must keep out of their own affairs.

use std::collections::BTreeSet;

use domain::accounts::{Action, Actor, Grant, Mandate, Party, Power, Role, Subject, may};
use domain::catalog::ApplicantKind;
use domain::ids::{AccountId, MandateId};
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
        (Action::GrantMandate, &[R::Citizen]),
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
    Actor {
        account: Some(account()),
        name: "某人".into(),
        grants: vec![grant],
        person,
        acts_for: Vec::new(),
        mandates: Vec::new(),
    }
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

/// What a clerk may do, by power: everything that does not stand here is refused, granting mandates first of all.
const POWERS: &[(Power, &[Action])] = &[
    (Power::Look, &[Action::ViewLicence]),
    (Power::Share, &[Action::ViewLicence, Action::ShareLicence]),
    (Power::Apply, &[Action::Apply, Action::ViewCase, Action::Visit, Action::Rate]),
];

fn mandate(principal: &Party, powers: &[Power], matters: &[&str]) -> Mandate {
    let day = jiff::civil::date(2026, 11, 20);
    Mandate {
        id: MandateId::new(Timestamp::from_micros(1), [3; 10]),
        principal: principal.clone(),
        clerk: party("440308199001010017"),
        powers: powers.iter().copied().collect::<BTreeSet<Power>>(),
        matters: matters.iter().map(|slug| (*slug).to_owned()).collect(),
        first: day,
        last: day,
        by: "somebody".into(),
        at: Timestamp::start_of(day),
        accepted: Some((Timestamp::start_of(day), "clerk".into())),
        ended: None,
    }
}

fn clerk(of: &Party, powers: &[Power], matters: &[&str]) -> Actor {
    let person = Some(party("440308199001010017"));
    Actor { mandates: vec![mandate(of, powers, matters)], ..actor(Role::Citizen, None, None, person) }
}

#[test]
fn a_clerk_may_do_what_the_mandate_says_and_nothing_else() {
    let company = Party { kind: ApplicantKind::Enterprise, id_type: "uscc".into(), ..party("91350100M000100Y43") };
    let other = Party { code: "92370211MA0000000B".into(), ..company.clone() };
    // What a citizen may do that is about nobody in particular, such as taking a code, asks for no mandate.
    let about = |whose| Subject { party: Some(whose), matter: Some("food-operation"), ..Subject::default() };
    for powers in [&[Power::Look][..], &[Power::Share], &[Power::Apply], &Power::ALL] {
        let own = clerk(&company, powers, &[]);
        for action in Action::ALL {
            let stated = POWERS.iter().any(|(power, allows)| powers.contains(power) && allows.contains(action));
            assert_eq!(may(&own, *action, &about(&company)).is_ok(), stated, "{powers:?} {action:?}");
            assert!(may(&own, *action, &about(&other)).is_err(), "another organisation: {powers:?} {action:?}");
        }
        assert!(may(&own, Action::GrantMandate, &about(&company)).is_err(), "a clerk appoints no clerks");
        assert!(!own.stands_for(&company), "looks of a clerk are recorded");
    }
    let head = Actor {
        acts_for: vec![company.clone()],
        ..actor(Role::Citizen, None, None, Some(party("110105194912310021")))
    };
    assert!(may(&head, Action::GrantMandate, &about(&company)).is_ok());
    assert!(may(&head, Action::GrantMandate, &about(&other)).is_err());
}

#[test]
fn named_matters_narrow_what_a_clerk_applies_for() {
    let company = Party { kind: ApplicantKind::Enterprise, id_type: "uscc".into(), ..party("91350100M000100Y43") };
    let own = clerk(&company, &Power::ALL, &["food-operation"]);
    for (matter, allowed) in [(Some("food-operation"), true), (Some("company-change"), false), (None, false)] {
        let subject = Subject { party: Some(&company), matter, ..Subject::default() };
        for action in [Action::Apply, Action::ViewCase, Action::Visit, Action::Rate] {
            assert_eq!(may(&own, action, &subject).is_ok(), allowed, "{action:?} {matter:?}");
        }
        assert!(may(&own, Action::ViewLicence, &subject).is_ok(), "licences are not narrowed");
    }
    assert_eq!(own.matters_for(Action::ViewCase, &company), Some(BTreeSet::from(["food-operation"])));
    assert_eq!(own.parties_for(Action::Apply, Some("company-change")).count(), 1, "only the person");
    assert_eq!(clerk(&company, &Power::ALL, &[]).matters_for(Action::ViewCase, &company), None);
}

/// 回避: in office a clerk keeps out of the organisation's affairs like its legal representative.
#[test]
fn an_official_keeps_out_of_the_affairs_of_the_organisation_whose_clerk_they_are() {
    let company = Party { kind: ApplicantKind::Enterprise, id_type: "uscc".into(), ..party("91350100M000100Y43") };
    let subject = Subject { party: Some(&company), ..Subject::default() };
    for (role, action) in
        [(Role::Approver, Action::Decide), (Role::Clerk, Action::Accept), (Role::Reviewer, Action::Review)]
    {
        let official = actor(role, None, None, Some(party("440308199001010017")));
        assert!(may(&official, action, &subject).is_ok());
        let tied = Actor { mandates: vec![mandate(&company, &[Power::Look], &[])], ..official };
        assert!(may(&tied, action, &subject).is_err(), "{role:?} {action:?}");
    }
}
