//! A forgotten password: a code of a window sets a new one, once, and everybody concerned learns of it.

use domain::accounts::{Account, Actor, Grant, Party, Role, SeenDocument};
use domain::catalog::ApplicantKind;
use service::accounts::{
    NewAccount, ResetCode, issue_reset, open_account, resolve, set_forgotten_password, sign_in, sign_up,
};
use service::{City, ServiceError, cases, journal, messages};

use crate::bed::Bed;

const OLD: &str = "a good password";
const NEW: &str = "another password";
const CODE: &str = "370211199001011233";

fn staff(role: Role) -> Actor {
    let grants = vec![Grant { role, department: None, district: None }];
    Actor { account: None, name: String::new(), grants, person: None, acts_for: Vec::new(), mandates: Vec::new() }
}

/// A citizen whose identity is proved, and a clerk.
async fn scene(city: &City) -> (Account, Actor) {
    let person = |code: &str, name: &str| Party {
        kind: ApplicantKind::Person,
        name: name.to_owned(),
        id_type: "citizen-id".to_owned(),
        code: code.to_owned(),
    };
    let new = |login: &str, grants, person| NewAccount {
        login: login.to_owned(),
        password: Some(OLD.to_owned()),
        name: "王芳".to_owned(),
        grants,
        person,
    };
    let administrator = staff(Role::Administrator);
    let proved = Some((person(CODE, "王芳"), "window".to_owned()));
    let citizen = open_account(city, &administrator, new("wang.fang", Account::citizen(), proved)).await.unwrap();
    let clerk = new("clerk", staff(Role::Clerk).grants, None);
    let clerk = open_account(city, &administrator, clerk).await.unwrap();
    (citizen, clerk.actor(Vec::new()))
}

async fn give(city: &City, clerk: &Actor) -> ResetCode {
    issue_reset(city, clerk, CODE, SeenDocument::CitizenId).await.unwrap()
}

/// The fields that a refusal names.
fn fields<T>(result: Result<T, ServiceError>) -> Vec<String> {
    match result {
        Err(ServiceError::Invalid(fields)) => fields.into_iter().map(|field| field.field).collect(),
        Err(other) => panic!("{other}"),
        Ok(_) => panic!("accepted"),
    }
}

#[tokio::test]
async fn a_code_sets_the_password_once_and_ends_every_session() {
    let Bed { city, .. } = &Bed::new(41).await;
    let (citizen, clerk) = scene(city).await;
    let (first, second) =
        (sign_in(city, "wang.fang", OLD).await.unwrap(), sign_in(city, "wang.fang", OLD).await.unwrap());
    let given = give(city, &clerk).await;
    assert_eq!(given.login, "wang.fang");
    assert_eq!(given.until, city.now().plus_seconds(30 * 60));
    // Neither the code nor anything it follows from is kept.
    let rows =
        city.store().query("SELECT doc FROM challenge WHERE region = $1", &[city.region().into()]).await.unwrap();
    let kept = rows[0].text(0).unwrap();
    assert!(kept.starts_with("$argon2id$") && !kept.contains(&given.code.replace('-', "")));
    // As typed from paper.
    let typed = given.code.replace('-', " ").to_lowercase();
    assert_eq!(fields(set_forgotten_password(city, "wang.fang", &typed, "short").await), ["password"]);
    set_forgotten_password(city, "Wang.Fang ", &typed, NEW).await.unwrap();
    for session in [first, second] {
        assert!(matches!(resolve(city, &session.secret).await, Err(ServiceError::SignInNeeded)));
    }
    assert!(matches!(sign_in(city, "wang.fang", OLD).await, Err(ServiceError::SignInNeeded)));
    let again = sign_in(city, "wang.fang", NEW).await.unwrap();
    assert_eq!(fields(set_forgotten_password(city, "wang.fang", &typed, OLD).await), ["reset_code"]);

    // Journal, record of looks, messages.
    let journal = city.store().read_journal(city.region(), 0, 1000).await.unwrap();
    let own: Vec<_> = journal.iter().filter(|fact| fact.stream == format!("account/{}", citizen.id)).collect();
    let kinds: Vec<&str> = own.iter().map(|fact| fact.kind.as_str()).collect();
    assert_eq!(kinds, ["account.opened", "account.reset-issued", "account.password-changed"]);
    assert_eq!(own[1].actor, clerk.label());
    assert!(own[1].body.as_deref().unwrap().contains("citizen-id"));
    let actor = resolve(city, &again.secret).await.unwrap().actor;
    let looks = cases::who_looked(city, &actor).await.unwrap();
    assert_eq!((looks.len(), looks[0].who.as_str(), looks[0].purpose.as_str()), (1, &*clerk.label(), "reset-password"));
    while journal::advance(city).await.unwrap() > 0 {}
    let told: Vec<String> = messages::mine(city, &actor).await.unwrap().into_iter().map(|own| own.title.en).collect();
    assert_eq!(told, ["Your password was set anew", "A window gave out a code for a new password"]);
}

#[tokio::test]
async fn five_wrong_codes_half_an_hour_or_a_newer_code_end_a_code() {
    let Bed { city, clock, .. } = &Bed::new(42).await;
    let (_, clerk) = scene(city).await;
    let wrong = async |code: &str| {
        assert_eq!(fields(set_forgotten_password(city, "wang.fang", code, NEW).await), ["reset_code"]);
    };
    wrong("00000-00000").await;
    let given = give(city, &clerk).await;
    for _ in 0..5 {
        wrong("00000-00000").await;
    }
    wrong(&given.code).await;
    let older = give(city, &clerk).await;
    let newer = give(city, &clerk).await;
    wrong(&older.code).await;
    clock.advance(30 * 60);
    wrong(&newer.code).await;
    // Nobody's name is told apart from a wrong code.
    assert_eq!(fields(set_forgotten_password(city, "nobody", "x", NEW).await), ["reset_code"]);
    let last = give(city, &clerk).await;
    clock.advance(30 * 60 - 1);
    set_forgotten_password(city, "wang.fang", &last.code, NEW).await.unwrap();
    sign_in(city, "wang.fang", NEW).await.unwrap();
}

#[tokio::test]
async fn only_a_clerk_gives_codes_and_only_for_citizens_with_proved_identity() {
    let Bed { city, .. } = &Bed::new(43).await;
    let (citizen, clerk) = scene(city).await;
    sign_up(city, "newcomer", OLD, "李娜").await.unwrap();
    for role in [Role::Citizen, Role::Reviewer, Role::Approver, Role::Supervisor, Role::Administrator, Role::Integrator]
    {
        let refused = issue_reset(city, &staff(role), CODE, SeenDocument::CitizenId).await;
        assert!(matches!(refused, Err(ServiceError::Forbidden(_))), "{role:?}");
    }
    let own = citizen.actor(Vec::new());
    let refused = issue_reset(city, &own, CODE, SeenDocument::CitizenId).await;
    assert!(matches!(refused, Err(ServiceError::Forbidden(_))));
    for code in ["", "1", "370211198001010017", &CODE.replace("1990", "1991")] {
        assert_eq!(fields(issue_reset(city, &clerk, code, SeenDocument::CitizenId).await), ["code"], "{code}");
    }
    // A clerk who is a citizen too, under the same account: an office is never reset at a window.
    let official = NewAccount {
        login: "official".to_owned(),
        password: Some(OLD.to_owned()),
        name: "赵强".to_owned(),
        grants: staff(Role::Clerk).grants,
        person: Some((
            Party { code: "370211198505055614".to_owned(), ..citizen.person.clone().unwrap() },
            "window".into(),
        )),
    };
    open_account(city, &staff(Role::Administrator), official).await.unwrap();
    let refused = issue_reset(city, &clerk, "370211198505055614", SeenDocument::CitizenId).await;
    assert_eq!(fields(refused), ["code"]);
    assert!(city.store().query("SELECT id FROM challenge", &[]).await.unwrap().is_empty());
}
