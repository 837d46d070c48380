//! Licences of another city in the place of paper: two cities, the second asks the first as it would over the network.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use domain::accounts::{Actor, Grant, Party, Role};
use domain::cases::{Origin, Provided};
use domain::catalog::ApplicantKind;
use domain::ids::AccountId;
use domain::licences::{ElsewhereFact, ElsewhereLicence, MERGE_DELAY_SECONDS};
use domain::text::Text;
use domain::time::Timestamp;
use rules::{Answer, RuleSet};
use seal::cert::Certificate;
use seal::tlog::logged::LogTrust;
use seal::tlog::note::VerifierKey;
use serde_json::{Value, json};
use service::cases::{self, Knowledge, MaterialOffer, Submit, submit};
use service::demo::{self, Dice, Who};
use service::licences::{self, Abroad, Asked, Elsewhere, Exchange, Fetch, How, Peer, fetch, use_of};
use service::{City, ServiceError, log, registry};
use store::licences::ELSEWHERE_LICENCE;
use tokio::runtime::Handle;

use crate::bed::{Bed, TODAY, actor};

const GIVES_IT: &str = "investment-filing";
const NEEDS_IT: &str = "land-planning-permit";
const SLOT: &str = "project-approval";
const DRAFT: &str = "019aab00-0000-7000-8000-000000000001";

/// The account under which the first city knows the second.
fn neighbour() -> Actor {
    let grants = vec![Grant { role: Role::Integrator, department: None, district: None }];
    let account = Some(AccountId::new(Timestamp::start_of(TODAY), [7; 10]));
    Actor { account, grants, ..actor("海滨区一窗", Role::Integrator) }
}

/// What goes wrong on the way.
type Spoil = fn(Vec<u8>) -> Result<Vec<u8>, String>;

/// The first city as the second reaches it: its own use cases, and what a network or a forger may make of their answers.
struct Wire {
    city: City,
    runtime: Handle,
    asked: AtomicUsize,
    answer: Mutex<Spoil>,
    list: Mutex<Spoil>,
}

impl Wire {
    fn spoil(&self, answer: Spoil, list: Spoil) {
        (*self.answer.lock().unwrap(), *self.list.lock().unwrap()) = (answer, list);
    }
}

impl Exchange for Wire {
    fn fetch(&self, asked: &Asked) -> Result<Vec<u8>, String> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        let abroad = Some(Abroad { case: &asked.case, types: &asked.licence_types });
        let wanted = Fetch { holder: &asked.holder, matter: &asked.matter, purpose: &asked.purpose, abroad };
        let from = neighbour();
        let found = self.runtime.block_on(fetch(&self.city, &from, &wanted)).map_err(|error| error.to_string())?;
        let item = |own: &licences::FetchedLicence| {
            let proof = self.runtime.block_on(log::published_proof(&self.city, &own.licence)).unwrap();
            let (data, proof) = (&own.licence.signed, serde_json::to_string(&proof).unwrap());
            format!(r#"{{"licence":{{"data":{data},"proof":{proof}}}}}"#)
        };
        let items: Vec<String> = found.licences.iter().map(item).collect();
        let answer = format!(r#"{{"case":"x","items":[{}]}}"#, items.join(","));
        (self.answer.lock().unwrap())(answer.into_bytes())
    }

    fn status_list(&self, list: &str) -> Result<Vec<u8>, String> {
        let list = self.runtime.block_on(licences::status_list(&self.city, list)).map_err(|error| error.to_string())?;
        (self.list.lock().unwrap())(list.bytes.to_vec())
    }
}

/// Two cities with one business that both know; the first has granted it a licence that the second lacks.
struct Two {
    first: Bed,
    second: Bed,
    wire: Arc<Wire>,
    who: Who,
    /// Id of the licence in the first city.
    id: String,
}

async fn two(salt: u64) -> Two {
    let (first, second) = (Bed::new(salt).await, Bed::new(salt + 1).await);
    let who = demo::invent(&first.city, &mut Dice::new(5), ApplicantKind::Enterprise, None).await.unwrap();
    for bed in [&first, &second] {
        registry::put(&bed.city, &who.entries()).await.unwrap();
    }
    let drawn = demo::draw_for(&first.city, GIVES_IT, &who, &mut Dice::new(77)).await.unwrap();
    let done = submit(&first.city, &actor("系统", Role::Integrator), drawn.submit(Origin::Api)).await.unwrap();
    let wire = Arc::new(Wire {
        city: first.city.clone(),
        runtime: Handle::current(),
        asked: AtomicUsize::new(0),
        answer: Mutex::new(Ok),
        list: Mutex::new(Ok),
    });
    let id = done.licence.unwrap().id.to_string();
    let two = Two { first, second, wire, who, id };
    two.second.city.set_peers(vec![two.peer(two.first.city.keys().roots.clone(), None)]);
    two
}

impl Two {
    /// The first city in the configuration of another.
    fn peer(&self, roots: Vec<Certificate>, log: Option<LogTrust>) -> Peer {
        Peer {
            id: "hailan".into(),
            name: Text::new("海澜区一窗", "Hailan District"),
            base_url: "https://hailan.example".into(),
            licence_types: vec![GIVES_IT.into()],
            roots,
            log,
            exchange: self.wire.clone(),
        }
    }

    /// Time passes in both cities.
    fn advance(&self, seconds: i64) {
        self.first.clock.advance(seconds);
        self.second.clock.advance(seconds);
    }

    async fn offer(&self, reference: &str) -> MaterialOffer {
        self.offer_by(&self.second.city, reference).await
    }

    /// The same by another server of the second city.
    async fn offer_by(&self, city: &City, reference: &str) -> MaterialOffer {
        let matter = city.shelf().matter(NEEDS_IT).unwrap().bundle.matter.clone();
        let party = self.who.party();
        let held = licences::on_file(city, &party.code).await.unwrap();
        assert!(held.is_empty());
        let offers = cases::offers(city, &matter, &party, &held, reference).await.unwrap();
        offers.into_iter().find(|offer| offer.slot == SLOT).unwrap()
    }

    /// At a window, which takes an application as it is.
    async fn file(&self) -> domain::cases::Case {
        let wanted = Submit {
            matter: NEEDS_IT.into(),
            applicant: self.who.party(),
            agent: None,
            form: json!({}),
            materials: Vec::new(),
            pledge: None,
            gaps: None,
            origin: Origin::Window,
            terminal_at: None,
            pre_review: false,
            key: None,
            renews: None,
            draft: None,
            delivery: Default::default(),
        };
        let clerk = actor("窗口", Role::Clerk);
        let filed = submit(&self.second.city, &clerk, wanted).await.unwrap();
        cases::case_by_number(&self.second.city, &clerk, &filed.number).await.unwrap().case
    }

    /// What the holder reads at the issuer: who, and the words.
    async fn read(&self) -> Vec<(String, String)> {
        let party = self.who.party();
        let owner = Actor { acts_for: vec![party], ..person() };
        let view = licences::view(&self.first.city, &owner, &self.id).await.unwrap();
        let looks = licences::looks(&self.first.city, &owner, &view).await.unwrap();
        let fetched = |look: &cases::AccessEntry| {
            let own = use_of(&look.purpose).filter(|own| own.how == How::Fetch)?;
            Some((look.who.clone(), own.words.to_owned()))
        };
        looks.iter().filter_map(fetched).collect()
    }
}

fn person() -> Actor {
    let person = Party {
        kind: ApplicantKind::Person,
        name: "王芳".into(),
        id_type: "citizen-id".into(),
        code: "11010519491231002X".into(),
    };
    Actor { person: Some(person), ..actor("王芳", Role::Citizen) }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 3)]
async fn a_licence_of_another_city_stands_in_for_a_paper_from_the_draft_to_the_clerk() {
    let two = two(301).await;
    let city = &two.second.city;
    let offer = two.offer(DRAFT).await;
    let Some(Provided::Elsewhere { id, number, issuer }) = offer.ready.clone() else { panic!("{offer:?}") };
    let source = offer.source.unwrap();
    assert!(source.zh.contains("海澜区一窗") && source.zh.contains(&number), "{source:?}");
    assert_eq!(two.offer(DRAFT).await.ready, offer.ready);
    assert_eq!(two.wire.asked.load(Ordering::SeqCst), 1, "the answer is remembered with the draft");

    two.second.clock.advance(1);
    let case = two.file().await;
    let item = case.application.materials.iter().find(|item| item.slot == SLOT).unwrap();
    assert_eq!(item.provided, Provided::Elsewhere { id, number: number.clone(), issuer: issuer.clone() });
    let vouched = licences::material_licences(city, &case.application.materials).await.unwrap();
    let own = vouched.iter().find(|own| own.id == id).unwrap();
    let from = own.from.as_ref().unwrap();
    assert!(own.genuine && own.number == number && from.issuer == issuer, "{own:?}");
    assert!(from.check.starts_with("https://hailan.example/v/") && from.confirmed == city.now());

    // Kept once, with a fact for each answer, and the facts make the row.
    let row = city.store().load(city.region(), &ELSEWHERE_LICENCE, &id.to_string()).await.unwrap().unwrap();
    let kept: ElsewhereLicence = serde_json::from_str(&row.doc).unwrap();
    let view = licences::view(&two.first.city, &Actor { acts_for: vec![two.who.party()], ..person() }, &two.id).await;
    assert_eq!(kept.signed, view.unwrap().licence.signed, "byte for byte");
    assert_eq!((kept.first.reference.as_str(), kept.last.reference.as_str()), (DRAFT, case.number.as_str()));
    let stream = city.store().read_stream(city.region(), &format!("elsewhere_licence/{id}"), 0, 9).await.unwrap();
    let facts = stream.iter().map(|fact| serde_json::from_str(fact.body.as_deref().unwrap()).unwrap());
    assert_eq!(facts.fold(None, |own, fact: ElsewhereFact| ElsewhereLicence::evolve(own, fact)), Some(kept));
    assert_eq!(
        stream.iter().map(|fact| fact.kind.as_str()).collect::<Vec<_>>(),
        ["elsewhere.fetched", "elsewhere.confirmed"]
    );
    assert!(service::evidence::verify(city, None).await.unwrap().journal.is_whole());

    // The holder reads at the issuer who looked, for which draft and case, on what basis.
    let read = two.read().await;
    assert!(read.iter().all(|(who, words)| *who == neighbour().label() && words.contains('《')), "{read:?}");
    for reference in [DRAFT, case.number.as_str()] {
        assert!(read.iter().any(|(_, words)| words.starts_with(reference)), "{reference} in {read:?}");
    }
}

/// The bytes of an answer with one text in the place of another.
fn replaced(bytes: Vec<u8>, from: &str, to: &str) -> Vec<u8> {
    let text = String::from_utf8(bytes).unwrap();
    assert!(text.contains(from), "{from} in {text}");
    text.replacen(from, to, 1).into_bytes()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 3)]
async fn what_does_not_answer_or_not_verify_leaves_the_paper_to_be_handed_in() {
    let two = two(311).await;
    let silent: Spoil = |_| Err("connection refused".into());
    let spoils: [(&str, Spoil, Spoil); 9] = [
        ("silent", silent, Ok),
        ("no list", Ok, silent),
        ("no JSON", |_| Ok(b"<html>".to_vec()), Ok),
        ("endless", |_| Ok(vec![b' '; licences::MAX_ANSWER + 1]), Ok),
        ("a changed byte", |bytes| Ok(replaced(bytes, "\"number\":\"", "\"number\":\"x")), Ok),
        ("a blank within", |bytes| Ok(replaced(bytes, "\"identifier\":", "\"identifier\": ")), Ok),
        ("no signature", |bytes| Ok(replaced(bytes, "\"signature\":", "\"signatur\":")), Ok),
        ("a changed list", Ok, |bytes| Ok(replaced(bytes, "\"bits\":\"A", "\"bits\":\"B"))),
        ("a list that is none", Ok, |_| Ok(b"{}".to_vec())),
    ];
    for (place, (name, answer, list)) in spoils.into_iter().enumerate() {
        two.wire.spoil(answer, list);
        // A peer that was silent is left alone for a while.
        two.second.clock.advance(31);
        let offer = two.offer(&format!("draft-{place}")).await;
        assert_eq!(offer.ready, None, "{name}");
    }
    let asked = two.wire.asked.load(Ordering::SeqCst);
    assert_eq!(two.offer("draft-8").await.ready, None);
    assert_eq!(two.wire.asked.load(Ordering::SeqCst), asked, "what was unsound is not asked for at once again");
    let sql = "SELECT id FROM elsewhere_licence WHERE region = $1";
    let rows = two.second.city.store().query(sql, &[two.second.city.region().into()]).await.unwrap();
    assert!(rows.is_empty(), "nothing of it is kept");

    // A case goes its way without it.
    two.wire.spoil(silent, silent);
    two.second.clock.advance(31);
    let case = two.file().await;
    assert!(case.application.materials.iter().all(|item| item.slot != SLOT), "{:?}", case.application.materials);

    // And once all is well again it is there.
    two.wire.spoil(Ok, Ok);
    two.second.clock.advance(31);
    assert!(matches!(two.offer("draft-8").await.ready, Some(Provided::Elsewhere { .. })));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 3)]
async fn one_that_was_suspended_between_answer_and_list_does_not_count() {
    let two = two(321).await;
    let city = two.first.city.clone();
    let before = two.offer(DRAFT).await;
    assert!(matches!(before.ready, Some(Provided::Elsewhere { .. })));
    licences::suspend(&city, &actor("审批", Role::Approver), &two.id, None, "《行政处罚法》第九条第三项")
        .await
        .unwrap();
    two.second.clock.advance(601);
    assert_eq!(two.offer(DRAFT).await.ready, None, "its issuer does not send it any more");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 3)]
async fn other_roots_and_other_holders_do_not_count() {
    let two = two(331).await;
    let stranger = Bed::new(341).await;
    registry::put(&stranger.city, &two.who.entries()).await.unwrap();
    stranger.city.set_peers(vec![two.peer(stranger.city.keys().roots.clone(), None)]);
    let matter = stranger.city.shelf().matter(NEEDS_IT).unwrap().bundle.matter.clone();
    let offers = cases::offers(&stranger.city, &matter, &two.who.party(), &[], DRAFT).await.unwrap();
    assert!(
        offers.iter().all(|offer| !matches!(offer.ready, Some(Provided::Elsewhere { .. }))),
        "its roots are others"
    );

    let renamed = Party { name: "别的公司".into(), ..two.who.party() };
    let offers = cases::offers(&two.second.city, &matter, &renamed, &[], DRAFT).await.unwrap();
    assert!(
        offers.iter().all(|offer| !matches!(offer.ready, Some(Provided::Elsewhere { .. }))),
        "the holder is another"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 3)]
async fn after_the_merge_delay_a_licence_needs_its_place_in_the_log_of_its_issuer() {
    let two = two(371).await;
    let first = &two.first.city;
    let key = |city: &City| city.keys().log.as_ref().unwrap().verifier().clone();
    let trusting = async |salt, log: VerifierKey, witnesses: Vec<VerifierKey>| {
        let server = two.second.beside(salt).await;
        server.set_peers(vec![two.peer(first.keys().roots.clone(), Some(LogTrust { log, witnesses }))]);
        server
    };
    let place = async |city: &City, draft: &str| {
        let Some(Provided::Elsewhere { id, .. }) = two.offer_by(city, draft).await.ready else { return None };
        let row = city.store().load(city.region(), &ELSEWHERE_LICENCE, &id.to_string()).await.unwrap().unwrap();
        Some(serde_json::from_str::<ElsewhereLicence>(&row.doc).unwrap().last.log_index)
    };
    let second = trusting(373, key(first), Vec::new()).await;
    let at = async |draft: &str| place(&second, draft).await;
    assert_eq!(at("fresh").await, Some(None), "signed a moment ago, it need not be in the log yet");
    two.advance(MERGE_DELAY_SECONDS + 60);
    assert_eq!(at("late").await, None, "and now it must be");

    while log::advance(first).await.unwrap() > 0 {}
    log::publish(first).await.unwrap();
    two.advance(60);
    let index = at("logged").await.expect("it is proved").expect("with its place");
    two.wire.spoil(|bytes| Ok(replaced(bytes, "index ", "index 1")), Ok);
    assert_eq!(at("another-place").await, None, "{index} is not that place");
    two.wire.spoil(Ok, Ok);
    assert_eq!(at("again").await, Some(Some(index)));
    let fooled = trusting(374, key(&second), Vec::new()).await;
    assert_eq!(place(&fooled, "another-log").await, None, "the log of somebody else");
    let witness = second.keys().witness.as_ref().unwrap().verifier().clone();
    let strict = trusting(375, key(first), vec![witness]).await;
    assert_eq!(place(&strict, "unwitnessed").await, None, "nobody outside has countersigned");
}

#[tokio::test(flavor = "multi_thread")]
async fn another_authority_gets_only_what_it_names_for_a_case_that_it_names() {
    let two = two(351).await;
    let city = &two.first.city;
    let code = two.who.party().code;
    let types = vec![city.shelf().licence_type(GIVES_IT).unwrap().code.clone()];
    let asked = |case, types| Fetch {
        holder: &code,
        matter: NEEDS_IT,
        purpose: "用地审查",
        abroad: Some(Abroad { case, types }),
    };
    let found = fetch(city, &neighbour(), &asked("3702-1", &types)).await.unwrap();
    assert_eq!((found.case.as_str(), found.licences.len()), ("3702-1", 1));
    assert!(fetch(city, &neighbour(), &asked("3702-1", &[])).await.unwrap().licences.is_empty(), "it names no type");
    for odd in ["", "3702 1", "案件"] {
        assert!(matches!(fetch(city, &neighbour(), &asked(odd, &types)).await, Err(ServiceError::Invalid(_))), "{odd}");
    }
    let unknown = Fetch { matter: "no-such-matter", ..asked("3702-1", &types) };
    assert!(matches!(fetch(city, &neighbour(), &unknown).await, Err(ServiceError::NotFound(_))));
    let other = Fetch { matter: "food-operation", ..asked("3702-1", &types) };
    assert!(fetch(city, &neighbour(), &other).await.unwrap().licences.is_empty(), "no paper of it names the type");
    assert!(matches!(fetch(city, &person(), &asked("3702-1", &types)).await, Err(ServiceError::Forbidden(_))));
}

/// A rule that reads a licence, as the catalogue has one.
fn rule() -> RuleSet {
    let read = |name: &str| {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../catalog/matters/hr-service/rules");
        std::fs::read_to_string(root.join(name)).unwrap()
    };
    RuleSet::load(&read("schema.json"), &read("table.json"), &read("tests.json")).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn to_rules_a_licence_elsewhere_is_like_a_register() {
    let two = two(361).await;
    let Some(Provided::Elsewhere { id, .. }) = two.offer(DRAFT).await.ready else { panic!("nothing fetched") };
    let city = &two.second.city;
    let row = city.store().load(city.region(), &ELSEWHERE_LICENCE, &id.to_string()).await.unwrap().unwrap();
    let mut licence: ElsewhereLicence = serde_json::from_str(&row.doc).unwrap();
    licence.licence_type = "hr-service".into();
    let rule = rule();
    let field = rule.inputs().find(|field| format!("{:?}", field.from).contains("Licence")).unwrap();
    let (party, form) = (two.who.party(), Value::Null);
    let fact = |elsewhere: &Elsewhere| {
        let known = Knowledge {
            applicant: &party,
            agent: None,
            form: &form,
            pledge: None,
            licences: &[],
            papers: &[],
            elsewhere,
            now: city.now(),
        };
        let facts = cases::assemble(&rule, &known, &Default::default(), &Default::default());
        facts.get(&*field.code).unwrap().clone()
    };
    let nothing = fact(&Elsewhere::default());
    assert!(matches!(&nothing.value, Answer::Value(value) if *value == rules::FactValue::Bool(false)), "{nothing:?}");
    let silent = fact(&Elsewhere { silent: BTreeSet::from(["hr-service".into()]), ..Elsewhere::default() });
    assert!(matches!(silent.value, Answer::Unavailable), "silence is no answer, so a person decides: {silent:?}");
    let found = fact(&Elsewhere { found: vec![licence], silent: BTreeSet::new() });
    assert!(matches!(&found.value, Answer::Value(value) if *value == rules::FactValue::Bool(true)), "{found:?}");
    assert!(found.provenance.zh.contains("海澜区一窗"), "{found:?}");
}
