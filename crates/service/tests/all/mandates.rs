//! Mandates: what a clerk may do, from when on, and that nothing is left of it once it has ended, in sessions that are open either.

use std::collections::BTreeSet;

use domain::accounts::{Account, Actor, MandateRefusal, Power, Role};
use domain::cases::Origin;
use domain::catalog::ApplicantKind;
use domain::licences::ShareKind;
use domain::time::Timestamp;
use jiff::civil::{Date, date};
use service::accounts::{
    Answer, MandateWish, NewAccount, answer_mandate, erase_person, given_mandates, grant_mandate, is_clerk_of,
    my_mandates, open_account, resolve, revoke_mandate, sign_in,
};
use service::cases::{self, Submitted, Work, case_by_number, submit};
use service::demo::{self, Dice, Who};
use service::licences::{self, ShareWish};
use service::{City, ServiceError, jobs, registry};
use store::registry::REGISTER_ENTRY;
use store::{Change, PlainDelete};

use crate::bed::{Bed, TODAY, actor, administrator, told};

/// Decided by rules.
const AUTOMATIC: &str = "public-place-hygiene";
/// Decided by people.
const MANUAL: &str = "device-class3";
const PASSWORD: &str = "a-long-password";
const LAST: Date = date(2027, 2, 28);

/// A company, its legal representative and another person, each with an open session.
struct Scene {
    bed: Bed,
    who: Who,
    clerk: Who,
    head_session: String,
    clerk_session: String,
}

async fn open(city: &City, who: &Who, login: &str) -> String {
    let person = who.person.party();
    let new = NewAccount {
        login: login.into(),
        password: Some(PASSWORD.into()),
        name: person.name.clone(),
        grants: Account::citizen(),
        person: Some((person, "window".into())),
    };
    open_account(city, &administrator(), new).await.unwrap();
    sign_in(city, login, PASSWORD).await.unwrap().secret
}

impl Scene {
    async fn new(salt: u64) -> Scene {
        let bed = Bed::new(salt).await;
        let mut dice = Dice::new(salt);
        let who = demo::invent(&bed.city, &mut dice, ApplicantKind::Enterprise, None).await.unwrap();
        let clerk = demo::invent(&bed.city, &mut dice, ApplicantKind::Person, None).await.unwrap();
        for own in [&who, &clerk] {
            registry::put(&bed.city, &own.entries()).await.unwrap();
        }
        let head_session = open(&bed.city, &who, "head").await;
        let clerk_session = open(&bed.city, &clerk, "clerk").await;
        Scene { bed, who, clerk, head_session, clerk_session }
    }

    fn city(&self) -> &City {
        &self.bed.city
    }

    /// As the next request of the session finds it.
    async fn head(&self) -> Actor {
        resolve(self.city(), &self.head_session).await.unwrap().actor
    }

    async fn clerk(&self) -> Actor {
        resolve(self.city(), &self.clerk_session).await.unwrap().actor
    }

    fn wish(&self, powers: &[Power]) -> MandateWish {
        MandateWish {
            principal: self.who.party().code,
            name: self.clerk.person.name.clone(),
            code: self.clerk.person.code.clone(),
            powers: powers.iter().copied().collect::<BTreeSet<Power>>(),
            matters: Vec::new(),
            first: Some(TODAY),
            last: Some(LAST),
            key: None,
        }
    }

    async fn granted(&self, powers: &[Power]) -> String {
        grant_mandate(self.city(), &self.head().await, self.wish(powers)).await.unwrap()
    }

    async fn accepted(&self, powers: &[Power]) -> String {
        let id = self.granted(powers).await;
        answer_mandate(self.city(), &self.clerk().await, &id, Answer::Accept).await.unwrap();
        id
    }

    async fn file(&self, actor: &Actor, slug: &str) -> Result<Submitted, ServiceError> {
        let drawn = demo::draw_for(self.city(), slug, &self.who, &mut Dice::new(5)).await.unwrap();
        submit(self.city(), actor, drawn.submit(Origin::Web)).await
    }

    async fn licence(&self) -> String {
        self.file(&self.head().await, AUTOMATIC).await.unwrap().licence.unwrap().id.to_string()
    }

    async fn facts(&self, id: &str) -> Vec<String> {
        let facts = self.city().store().read_stream(self.city().region(), &format!("mandate/{id}"), 0, 20).await;
        facts.unwrap().into_iter().map(|fact| fact.kind).collect()
    }

    /// Titles of what an account was told, without invitations to rate.
    async fn inbox(&self, actor: &Actor) -> Vec<String> {
        while service::journal::advance(self.city()).await.unwrap() > 0 {}
        let mut titles: Vec<String> =
            service::messages::mine(self.city(), actor).await.unwrap().into_iter().map(|own| own.title.zh).collect();
        titles.retain(|title| !title.ends_with("请您评价"));
        titles.reverse();
        titles
    }
}

fn is_unknown<T: std::fmt::Debug>(answer: &Result<T, ServiceError>) -> bool {
    matches!(answer, Err(ServiceError::NotFound(_)))
}

fn wrong(error: &ServiceError) -> Vec<&str> {
    match error {
        ServiceError::Invalid(fields) => fields.iter().map(|field| field.field.as_str()).collect(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clerk_acts_as_far_as_the_mandate_says_and_the_organisation_sees_it() {
    let scene = Scene::new(301).await;
    let city = scene.city();
    let id = scene.licence().await;
    assert!(is_unknown(&licences::view(city, &scene.clerk().await, &id).await));
    let mandate = scene.granted(&[Power::Look, Power::Apply]).await;
    assert!(is_unknown(&licences::view(city, &scene.clerk().await, &id).await), "it is not accepted");
    assert_eq!(my_mandates(city, &scene.clerk().await).await.unwrap().len(), 1);
    assert_eq!(scene.inbox(&scene.clerk().await).await, ["有单位授权您为经办人"]);
    answer_mandate(city, &scene.clerk().await, &mandate, Answer::Accept).await.unwrap();

    let (head, clerk) = (scene.head().await, scene.clerk().await);
    assert!(scene.inbox(&head).await.contains(&"经办人已接受授权".to_owned()));
    licences::view(city, &clerk, &id).await.unwrap();
    licences::render(city, &clerk, &id, licences::Form::Data).await.unwrap();
    assert_eq!(licences::mine(city, &clerk).await.unwrap().len(), 1);
    let wish = ShareWish { kind: ShareKind::Link, user: "海澜银行", purpose: "开立账户", last: Some(TODAY) };
    let refused = licences::give_share(city, &clerk, &id, &wish).await;
    assert!(matches!(refused, Err(ServiceError::Forbidden(_))), "sharing was not granted: {refused:?}");
    let view = licences::view(city, &head, &id).await.unwrap();
    let looks = licences::looks(city, &head, &view).await.unwrap();
    assert!(!looks.is_empty() && looks.iter().all(|look| look.who == clerk.label()), "{looks:?}");
    assert!(is_clerk_of(city, &head, &scene.clerk.person.party()).await.unwrap());
    assert!(!is_clerk_of(city, &head, &scene.who.person.party()).await.unwrap());
    let seen = cases::who_looked(city, &head).await.unwrap();
    assert!(seen.iter().any(|look| look.purpose == "list-licences" && look.who == clerk.label()));

    // Filed by the clerk, as agent, with the mandate as the ground.
    let number = scene.file(&clerk, MANUAL).await.unwrap().number;
    let case = case_by_number(city, &head, &number).await.unwrap().case;
    assert_eq!(case.agent, clerk.person);
    assert_eq!(case.mandate.map(|own| own.id.to_string()), Some(mandate.clone()));
    assert_eq!((case.filed_by, case.applicant), (clerk.label(), scene.who.party()));
    assert_eq!(cases::mine(city, &clerk, None, 20).await.unwrap().items.len(), 2, "the earlier one too");
    assert!(city.store().due_of(city.region(), &format!("mandate/{mandate}")).await.unwrap().len() == 1);
    assert!(service::evidence::verify(city, None).await.unwrap().journal.is_whole());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mandate_that_is_taken_back_gives_nothing_at_once_in_open_sessions_too() {
    let scene = Scene::new(302).await;
    let city = scene.city();
    let id = scene.licence().await;
    let mandate = scene.accepted(&Power::ALL).await;
    let number = scene.file(&scene.clerk().await, MANUAL).await.unwrap().number;
    let window = actor("窗口", Role::Clerk);
    let before = scene.inbox(&scene.clerk().await).await;
    cases::work(city, &window, &number, None, Work::Accept, None).await.unwrap();
    assert_eq!(scene.inbox(&scene.clerk().await).await.len(), before.len() + 1, "the clerk follows the case");

    revoke_mandate(city, &scene.head().await, &mandate).await.unwrap();
    let clerk = scene.clerk().await;
    assert!(clerk.mandates.is_empty());
    assert!(is_unknown(&licences::view(city, &clerk, &id).await));
    assert!(is_unknown(&case_by_number(city, &clerk, &number).await));
    assert!(licences::mine(city, &clerk).await.unwrap().is_empty());
    assert!(cases::mine(city, &clerk, None, 20).await.unwrap().items.is_empty());
    let refused = scene.file(&clerk, AUTOMATIC).await;
    assert!(matches!(refused, Err(ServiceError::Forbidden(_))), "{refused:?}");
    // What happens to the case from now on is told to the legal representative, who did not file it.
    let (told_clerk, told_head) = (scene.inbox(&clerk).await, scene.inbox(&scene.head().await).await);
    assert!(told_clerk.iter().any(|title| title.contains("撤回")), "{told_clerk:?}");
    let approver = actor("审批", Role::Approver);
    let work = Work::Terminate { ground: domain::cases::Termination::ALL[0], reason: "申请人已终止。".into() };
    cases::work(city, &approver, &number, None, work, None).await.unwrap();
    assert_eq!(scene.inbox(&clerk).await, told_clerk);
    assert_eq!(scene.inbox(&scene.head().await).await.len(), told_head.len() + 1);
    assert_eq!(scene.facts(&mandate).await, ["mandate.granted", "mandate.accepted", "mandate.revoked"]);
    let again = revoke_mandate(city, &scene.head().await, &mandate).await;
    assert!(matches!(again, Err(ServiceError::Mandate(MandateRefusal::Ended))), "{again:?}");
    assert!(city.store().due_of(city.region(), &format!("mandate/{mandate}")).await.unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mandate_ends_with_its_last_day_whether_or_not_that_is_on_record() {
    let scene = Scene::new(303).await;
    let city = scene.city();
    let id = scene.licence().await;
    let mandate = scene.accepted(&[Power::Look]).await;
    let over = Timestamp::end_of(LAST);
    scene.bed.clock.advance((over.micros() - city.now().micros()) / 1_000_000 - 1);
    let person = scene.clerk.person.party();
    assert_eq!(service::accounts::in_force(city, &person).await.unwrap().len(), 1);
    scene.bed.clock.advance(1);
    assert!(service::accounts::in_force(city, &person).await.unwrap().is_empty(), "before anything is recorded");
    while jobs::run_due(city).await.unwrap() > 0 {}
    assert_eq!(scene.facts(&mandate).await, ["mandate.granted", "mandate.accepted", "mandate.ended"]);
    let titles = told(city).await;
    assert_eq!(
        titles.iter().filter(|title| *title == "经办人授权已到期").count(),
        2,
        "clerk and representative: {titles:?}"
    );
    let clerk = Actor { person: Some(person), ..actor("经办人", Role::Citizen) };
    assert!(is_unknown(&licences::view(city, &clerk, &id).await));
    assert!(service::evidence::verify(city, None).await.unwrap().journal.is_whole());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_organisation_that_has_left_the_register_has_no_clerks() {
    let scene = Scene::new(304).await;
    let city = scene.city();
    scene.accepted(&Power::ALL).await;
    assert_eq!(scene.clerk().await.mandates.len(), 1);
    let mut change = Change::new(city.region(), city.now());
    change.deletes.push(PlainDelete { table: &REGISTER_ENTRY, id: format!("enterprise/{}", scene.who.party().code) });
    city.store().commit(change).await.unwrap();
    assert!(scene.clerk().await.mandates.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_but_the_representative_grants_and_nobody_but_the_clerk_accepts() {
    let scene = Scene::new(305).await;
    let city = scene.city();
    let head = scene.head().await;
    let faulty = async |change: fn(&mut MandateWish)| {
        let mut wish = scene.wish(&[Power::Look]);
        change(&mut wish);
        wrong(&grant_mandate(city, &head, wish).await.unwrap_err()).into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(faulty(|wish| wish.name = "王不对".into()).await, ["name"]);
    assert_eq!(faulty(|wish| wish.code = "110105194912310021".into()).await, ["code"]);
    assert_eq!(faulty(|wish| wish.last = date(2027, 11, 20).into()).await, ["last"], "a year and a day");
    assert_eq!(faulty(|wish| wish.powers.clear()).await, ["powers"]);
    assert_eq!(faulty(|wish| wish.matters = vec!["company-change".into()]).await, ["matters"]);
    assert_eq!(faulty(|wish| wish.matters = vec!["no-such-matter".into()]).await, ["matters"]);
    let oneself = MandateWish {
        name: scene.who.person.name.clone(),
        code: scene.who.person.code.clone(),
        ..scene.wish(&[Power::Look])
    };
    assert_eq!(wrong(&grant_mandate(city, &head, oneself).await.unwrap_err()), ["code"]);

    // Sent twice with one key: one mandate. Another one for the same person has to wait for the end of the first.
    let key = Some((head.label(), "once".to_owned(), [1; 32]));
    let wish = MandateWish { key, ..scene.wish(&Power::ALL) };
    let id = grant_mandate(city, &head, wish.clone()).await.unwrap();
    assert_eq!(grant_mandate(city, &head, wish).await.unwrap(), id);
    assert_eq!(wrong(&grant_mandate(city, &head, scene.wish(&[Power::Look])).await.unwrap_err()), ["code"]);
    assert_eq!(given_mandates(city, &head).await.unwrap().len(), 1);

    assert!(is_unknown(&answer_mandate(city, &head, &id, Answer::Accept).await), "it is for another person");
    let clerk = scene.clerk().await;
    let namesake = Actor {
        person: clerk.person.clone().map(|own| domain::accounts::Party { name: "同号".into(), ..own }),
        ..clerk.clone()
    };
    assert!(is_unknown(&answer_mandate(city, &namesake, &id, Answer::Accept).await));
    answer_mandate(city, &clerk, &id, Answer::Accept).await.unwrap();
    let again = answer_mandate(city, &clerk, &id, Answer::Accept).await;
    assert!(matches!(again, Err(ServiceError::Mandate(MandateRefusal::Accepted))), "{again:?}");
    // A clerk with every power grants nothing, and takes nothing back but by giving up their own.
    let clerk = scene.clerk().await;
    let wish = MandateWish { name: "王芳".into(), code: "11010519491231002X".into(), ..scene.wish(&Power::ALL) };
    assert!(is_unknown(&grant_mandate(city, &clerk, wish).await));
    assert!(is_unknown(&revoke_mandate(city, &clerk, &id).await));
    assert!(given_mandates(city, &clerk).await.unwrap().is_empty());
    answer_mandate(city, &clerk, &id, Answer::Resign).await.unwrap();
    assert!(scene.clerk().await.mandates.is_empty());
    assert!(scene.inbox(&head).await.contains(&"经办人已辞去授权".to_owned()));
    scene.granted(&[Power::Look]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn erasing_a_clerk_ends_the_mandate_and_leaves_no_name() {
    let scene = Scene::new(306).await;
    let city = scene.city();
    let id = scene.accepted(&[Power::Look]).await;
    let (name, code) = (scene.clerk.person.name.clone(), scene.clerk.person.code.clone());
    scene.inbox(&scene.head().await).await;
    erase_person(city, &administrator(), &code).await.unwrap();
    for (table, text) in [("mandate", "doc || person"), ("fact_body", "body"), ("message", "doc")] {
        for words in [&name, &code] {
            let sql = format!("SELECT CAST(count(*) AS BIGINT) FROM {table} WHERE region = $1 AND ({text}) LIKE $2");
            let rows = city.store().query(&sql, &[city.region().into(), format!("%{words}%").into()]).await.unwrap();
            assert_eq!(rows[0].int(0).unwrap(), 0, "{words} in {table}");
        }
    }
    assert_eq!(scene.facts(&id).await.last().map(String::as_str), Some("erased"));
    assert!(given_mandates(city, &scene.head().await).await.unwrap().is_empty());
    assert!(city.store().due_of(city.region(), &format!("mandate/{id}")).await.unwrap().is_empty());
    assert!(service::evidence::verify(city, None).await.unwrap().journal.is_whole());
}
