//! The public log of licences: what comes into it and when, what it proves, and what an auditor sees of an administrator who writes
//! the database.

use domain::accounts::Role;
use domain::cases::Origin;
use domain::licences::{Licence, LogEntry};
use domain::merkle::leaf;
use seal::tlog::checkpoint::Checkpoint;
use seal::tlog::logged::{LogTrust, verify_logged};
use seal::tlog::note::{NoteSigner, Use, VerifierKey};
use seal::tlog::tile::{self, Edge};
use seal::tlog::tree::root_of;
use seal::tlog::witness::{AddCheckpoint, Refused};
use service::accounts::erase_person;
use service::licences::{self, Ending, public_view};
use service::log::{self, Asked, Audited, Source, State};
use service::{City, ServiceError, demo};
use store::log::{LOG_CHECKPOINT, LOG_ENTRY, LOG_TILE};
use store::{Change, PlainDelete, PlainWrite};

use crate::bed::{Bed, actor, administrator};

const MATTER: &str = "public-place-hygiene";

async fn issue_of(city: &City, matter: &str) -> Licence {
    let drawn = demo::draw(city, matter).await.unwrap();
    let system = actor("测试系统", Role::Integrator);
    let id = service::cases::submit(city, &system, drawn.submit(Origin::Api)).await.unwrap().licence.unwrap().id;
    licences::view(city, &actor("审批", Role::Approver), &id.to_string()).await.unwrap().licence
}

async fn issue(city: &City) -> Licence {
    issue_of(city, MATTER).await
}

async fn end(city: &City, licence: &Licence, ending: Ending) {
    let reason = "《行政许可法》第六十九条：隐瞒情况";
    licences::end(city, &actor("审批", Role::Approver), &licence.id.to_string(), ending, reason).await.unwrap();
}

/// What the job does.
async fn keep_log(city: &City) {
    while log::advance(city).await.unwrap() > 0 {}
    log::publish(city).await.unwrap();
}

async fn proof(city: &City, licence: &Licence) -> Result<String, ServiceError> {
    log::proof(city, &actor("审批", Role::Approver), &licence.id.to_string()).await.map(|sidecar| sidecar.text)
}

async fn entries(city: &City) -> Vec<String> {
    let sql = "SELECT entry FROM log_entry WHERE region = $1 ORDER BY place";
    let rows = city.store().query(sql, &[city.region().into()]).await.unwrap();
    rows.iter().map(|row| row.text(0).unwrap().to_owned()).collect()
}

fn parsed(entries: &[String]) -> Vec<LogEntry> {
    entries.iter().map(|entry| serde_json::from_str(entry).unwrap()).collect()
}

fn key(city: &City) -> VerifierKey {
    city.keys().log.as_ref().unwrap().verifier().clone()
}

/// The published files, without a network in between.
struct Inside(City);

impl Source for Inside {
    fn get(&mut self, path: &str) -> Result<Option<Vec<u8>>, String> {
        let read = log::file(&self.0, path);
        match tokio::task::block_in_place(|| tokio::runtime::Handle::current().block_on(read)) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(ServiceError::NotFound(_)) => Ok(None),
            Err(error) => Err(error.to_string()),
        }
    }
}

fn visit(city: &City, held: Option<&State>) -> Audited {
    log::audit(&mut Inside(city.clone()), held, &Asked::default(), city.now()).unwrap()
}

/// Name and place of what an auditor finds wrong.
fn wrong(audited: &Audited) -> Vec<(&'static str, String)> {
    assert_eq!(audited.whole, audited.findings.iter().all(|finding| finding.ok));
    assert_eq!(audited.state.is_some(), audited.whole, "the evidence of before is kept");
    let failed = audited.findings.iter().filter(|finding| !finding.ok);
    failed.map(|finding| (finding.name, finding.place.clone().unwrap())).collect()
}

/// What an administrator does who can write everything and has the keys: the log is written anew as if it had always been so, and
/// the checkpoint is gone, so that another one is signed.
async fn rewrite(city: &City, wanted: &[String], with_checkpoint: bool) {
    let mut change = Change::new(city.region(), city.now());
    let sql = "SELECT id, licence FROM log_entry WHERE region = $1 ORDER BY place";
    let rows = city.store().query(sql, &[city.region().into()]).await.unwrap();
    let licence = rows[0].text(1).unwrap().to_owned();
    for row in rows.iter().skip(wanted.len()) {
        change.deletes.push(PlainDelete { table: &LOG_ENTRY, id: row.text(0).unwrap().to_owned() });
    }
    let mut edge = Edge::default();
    let mut tiles = Vec::new();
    for (place, entry) in wanted.iter().enumerate() {
        let licence = rows.get(place).map_or(licence.clone(), |row| row.text(1).unwrap().to_owned());
        let columns = vec![(place as i64).into(), licence.into(), entry.as_str().into()];
        change.plain.push(PlainWrite { table: &LOG_ENTRY, id: format!("{place:012}"), columns });
        tiles.extend(edge.push(leaf(entry.as_bytes())));
    }
    tiles.extend(edge.partial());
    for (place, hashes) in tiles {
        let id = format!("{:02}/{:016}", place.level, place.index);
        change.plain.push(PlainWrite { table: &LOG_TILE, id, columns: vec![tile::to_bytes(&hashes).into()] });
    }
    if with_checkpoint {
        let sql = "SELECT id FROM log_checkpoint WHERE region = $1";
        for row in city.store().query(sql, &[city.region().into()]).await.unwrap() {
            change.deletes.push(PlainDelete { table: &LOG_CHECKPOINT, id: row.text(0).unwrap().to_owned() });
        }
    }
    city.store().commit(change).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn every_issue_and_every_change_of_status_is_entered_and_proved() {
    let bed = Bed::new(701).await;
    let city = &bed.city;
    let (first, second) = (issue(city).await, issue(city).await);
    assert!(log::head(city).await.unwrap().is_none());
    assert!(matches!(proof(city, &first).await, Err(ServiceError::NotFound(_))));
    keep_log(city).await;
    end(city, &first, Ending::Revoke).await;
    keep_log(city).await;
    let texts = entries(city).await;
    let found = parsed(&texts);
    let events: Vec<&str> = found.iter().map(|entry| entry.event.as_str()).collect();
    assert_eq!(events, ["issued", "issued", "revoked"]);
    assert_eq!(found[2].licence, found[0].licence, "the revocation is about the first");
    assert_ne!(found[1].licence, found[0].licence);
    assert_eq!(found[0].open.as_ref().unwrap().identifier, first.identifier);
    assert!(found[2].detail.is_some() && found[2].data.is_none() && found[0].data.is_some());
    // Nothing about the holder, and no reason.
    for text in &texts {
        for word in [&first.holder.name, &first.holder.code, &first.public_id, &first.number, &second.holder.name] {
            assert!(!text.contains(word.as_str()), "{word} in {text}");
        }
        assert!(!text.contains("隐瞒"), "{text}");
    }
    let trust = LogTrust { log: key(city), witnesses: Vec::new() };
    let sidecar = proof(city, &first).await.unwrap();
    let public = log::public_proof(city, &first.public_id).await.unwrap();
    assert_eq!((public.text.as_str(), public.name.starts_with(&first.public_id)), (sidecar.as_str(), true));
    let check = |data: &str, public_id: &str, sidecar: &str| {
        verify_logged(data.as_bytes(), public_id, sidecar, &trust, city.moment()).valid
    };
    assert!(check(&first.signed, &first.public_id, &sidecar));
    assert!(!check(&second.signed, &second.public_id, &sidecar), "a proof is about one licence");
    assert!(!check(&first.signed, &second.public_id, &sidecar));
    assert!(!check(&first.signed, &first.public_id, &sidecar.replace("index 0", "index 1")));
    let stranger = NoteSigner::new(trust.log.name(), Use::Note, &[9; 32]).unwrap().verifier().clone();
    let other = LogTrust { log: stranger, witnesses: Vec::new() };
    assert!(!verify_logged(first.signed.as_bytes(), &first.public_id, &sidecar, &other, city.moment()).valid);
    let watched =
        LogTrust { log: key(city), witnesses: vec![city.keys().witness.as_ref().unwrap().verifier().clone()] };
    let report = verify_logged(first.signed.as_bytes(), &first.public_id, &sidecar, &watched, city.moment());
    assert!(!report.valid, "nobody has countersigned, and somebody was asked for");
    assert_eq!(visit(city, None).size, 3);
    assert!(visit(city, None).whole);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_sensitive_type_nothing_is_clear_whoever_holds_it() {
    let bed = Bed::new(708).await;
    let city = &bed.city;
    let licence = issue_of(city, "employer-social-insurance").await;
    assert_eq!(licence.holder.id_type, "uscc");
    keep_log(city).await;
    let texts = entries(city).await;
    assert_eq!(parsed(&texts)[0].open, None);
    assert!(!texts[0].contains(&licence.identifier));
    assert!(proof(city, &licence).await.is_ok(), "it is proved like any other");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_committed_before_a_crash_is_entered_after_it_once_and_in_order() {
    let bed = Bed::new(702).await;
    let licence = issue(&bed.city).await;
    keep_log(&bed.city).await;
    let later = issue(&bed.city).await;
    end(&bed.city, &licence, Ending::Cancel).await;
    // The program is gone; another one opens the same database. Two of them do the work at once.
    let (one, two) = (bed.beside(1702).await, bed.beside(2702).await);
    let work = async |city: &City| loop {
        match log::advance(city).await {
            Ok(0) => break,
            Ok(_) | Err(ServiceError::Changed) => {}
            Err(error) => panic!("{error}"),
        }
    };
    tokio::join!(work(&one), work(&two));
    log::publish(&one).await.unwrap();
    assert!(!log::publish(&two).await.unwrap() || log::head(&two).await.unwrap().is_some());
    let events: Vec<String> = parsed(&entries(&one).await).into_iter().map(|entry| entry.event).collect();
    assert_eq!(events, ["issued", "issued", "cancelled"]);
    assert!(visit(&two, None).whole);
    assert!(proof(&two, &later).await.is_ok());
    assert_eq!(log::advance(&one).await.unwrap(), 0, "nothing is entered twice");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_auditor_catches_what_was_changed_removed_or_dated_back() {
    let bed = Bed::new(703).await;
    let city = &bed.city;
    for _ in 0..4 {
        issue(city).await;
        bed.clock.advance(3_600);
    }
    keep_log(city).await;
    let before = visit(city, None).state.unwrap();
    let whole = entries(city).await;
    bed.clock.advance(3_600);
    issue(city).await;
    keep_log(city).await;
    let second = visit(city, Some(&before));
    assert!(second.whole, "{:?}", second.findings);
    let grown = entries(city).await;
    let held = second.state.unwrap();
    let found = async |wanted: &[String]| {
        rewrite(city, wanted, true).await;
        log::publish(city).await.unwrap();
        (wrong(&visit(city, Some(&held))), visit(city, None).whole)
    };
    let consistency = |place: &str| vec![("consistency", place.to_owned())];
    let mut changed = grown.clone();
    changed[2] = changed[2].replace("\"event\":\"issued\"", "\"event\":\"revoked\"");
    assert_eq!(
        found(&changed).await,
        (consistency("entry 2"), true),
        "whoever sees it for the first time sees nothing"
    );
    let mut removed = grown.clone();
    removed.remove(1);
    assert_eq!(found(&removed).await.0, consistency("entry 1"));
    assert_eq!(found(&grown[..3]).await.0, consistency("entry 3"), "cut off");
    // Put in afterwards with an old date: at the end, where the order of times tells, also at a first visit; …
    let mut dated = grown.clone();
    dated.push(whole[0].clone());
    let (findings, first_visit) = found(&dated).await;
    assert_eq!(findings, [("order", "entry 5".to_owned()), ("lateness", "entry 5".to_owned())]);
    assert!(!first_visit);
    // … with a date after the last one but before the last visit; …
    let at = parsed(&grown)[4].instant().unwrap();
    let between = |seconds: i64| grown[4].replace(&at.rfc3339(), &at.plus_seconds(seconds).rfc3339());
    bed.clock.advance(7_200);
    keep_log(city).await;
    rewrite(city, &grown, true).await;
    log::publish(city).await.unwrap();
    let later = visit(city, Some(&held)).state.unwrap();
    let mut dated = grown.clone();
    dated.push(between(60));
    rewrite(city, &dated, true).await;
    log::publish(city).await.unwrap();
    assert_eq!(wrong(&visit(city, Some(&later))), [("lateness", "entry 5".to_owned())]);
    // … and in the middle, where it belongs by its date.
    let mut inserted = grown.clone();
    inserted.insert(2, whole[1].clone());
    assert_eq!(found(&inserted).await.0[0], ("consistency", "entry 2".to_owned()));
    rewrite(city, &grown, true).await;
    log::publish(city).await.unwrap();
    assert!(visit(city, Some(&later)).whole);
}

#[tokio::test(flavor = "multi_thread")]
async fn clumsier_changes_are_seen_at_a_first_visit_and_the_log_itself_refuses_to_sign_a_fork() {
    let bed = Bed::new(704).await;
    let city = &bed.city;
    for _ in 0..3 {
        issue(city).await;
    }
    keep_log(city).await;
    let texts = entries(city).await;
    let put = async |place: usize, entry: Option<&str>| {
        let mut change = Change::new(city.region(), city.now());
        let id = format!("{place:012}");
        match entry {
            Some(entry) => {
                let columns = vec![(place as i64).into(), "somebody".into(), entry.into()];
                change.plain.push(PlainWrite { table: &LOG_ENTRY, id, columns });
            }
            None => change.deletes.push(PlainDelete { table: &LOG_ENTRY, id }),
        }
        city.store().commit(change).await.unwrap();
    };
    put(1, Some(texts[1].replace("issued", "revoked").as_str())).await;
    assert_eq!(wrong(&visit(city, None)), [("entries", "entry 1".to_owned())]);
    put(1, None).await;
    assert_eq!(wrong(&visit(city, None)), [("entries", "tile/entries/000.p/3".to_owned())]);
    put(1, Some(texts[1].as_str())).await;
    assert!(visit(city, None).whole);
    // The tiles as well, but not the checkpoint.
    let mut changed = texts.clone();
    changed[0] = changed[0].replace("issued", "revoked");
    rewrite(city, &changed, false).await;
    assert_eq!(wrong(&visit(city, None)), [("tree", "checkpoint".to_owned())]);
    issue(city).await;
    while log::advance(city).await.unwrap() > 0 {}
    let refused = log::publish(city).await;
    assert!(matches!(&refused, Err(ServiceError::Internal(why)) if why.contains("nothing is signed")), "{refused:?}");
    // Another key under the same name.
    let mut held = bed.city.keys().clone();
    held.log = Some(std::sync::Arc::new(NoteSigner::new(key(city).name(), Use::Note, &[3; 32]).unwrap()));
    let thief = bed.beside_with(4, held).await;
    let asked = Asked { log: Some(key(&thief)), witnesses: Vec::new() };
    rewrite(city, &texts, true).await;
    log::publish(city).await.unwrap();
    let audited = log::audit(&mut Inside(city.clone()), None, &asked, city.now()).unwrap();
    assert_eq!(wrong(&audited), [("checkpoint", "checkpoint".to_owned())]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_of_several_tiles_is_served_and_proved() {
    let bed = Bed::new(705).await;
    let city = &bed.city;
    let licence = issue(city).await;
    keep_log(city).await;
    let first = entries(city).await.remove(0);
    let state = visit(city, None).state.unwrap();
    let many: Vec<String> = (0..600).map(|_| first.clone()).collect();
    rewrite(city, &many, true).await;
    let latest = issue(city).await;
    keep_log(city).await;
    let audited = visit(city, Some(&state));
    assert!(audited.whole && audited.size == 601, "{:?}", audited.findings);
    let trust = LogTrust { log: key(city), witnesses: Vec::new() };
    for own in [&licence, &latest] {
        let text = proof(city, own).await.unwrap();
        assert!(verify_logged(own.signed.as_bytes(), &own.public_id, &text, &trust, city.moment()).valid);
    }
    for (path, length) in [
        ("tile/0/000", Some(8192)),
        ("tile/0/002.p/89", Some(89 * 32)),
        ("tile/1/000.p/2", Some(64)),
        ("tile/0/002", None),
        ("tile/0/003.p/1", None),
        ("tile/2/000.p/1", None),
        ("tile/0/0", None),
        ("other", None),
    ] {
        let found = log::file(city, path).await;
        assert_eq!(found.as_ref().map(Vec::len).ok(), length, "{path}: {:?}", found.err());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_public_page_refuses_a_licence_that_is_not_in_the_log_after_ten_minutes() {
    let bed = Bed::new(706).await;
    let city = &bed.city;
    let first = issue(city).await;
    let before = public_view(city, &first.public_id).await.unwrap();
    assert!(before.genuine, "a city whose log has not begun asks for none");
    keep_log(city).await;
    let genuine = async |licence: &Licence| {
        let view = public_view(city, &licence.public_id).await.unwrap();
        (view.genuine, view.checks.last().unwrap().0.en.clone())
    };
    let (good, words) = genuine(&first).await;
    assert!(good && words.contains("entry 0 of 1"), "{words}");
    let second = issue(city).await;
    let (good, words) = genuine(&second).await;
    assert!(good && words.contains("need not be"), "{words}");
    bed.clock.advance(601);
    let (good, words) = genuine(&second).await;
    assert!(!good && words.contains("no proof"), "{words}");
    keep_log(city).await;
    assert!(genuine(&second).await.0);
    // Another file under the same number is not what was entered.
    let other = log::holds(city, &second.public_id, first.signed.as_bytes()).await.unwrap().unwrap();
    assert!(!other.1, "{other:?}");
    assert!(log::holds(city, &second.public_id, second.signed.as_bytes()).await.unwrap().unwrap().1);
    assert_eq!(log::holds(city, "00000000000000000000000000", b"").await.unwrap(), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn erasing_a_person_leaves_the_log_whole_and_silent() {
    let bed = Bed::new(707).await;
    let city = &bed.city;
    let company = issue(city).await;
    let person = issue_of(city, "old-age-allowance").await;
    keep_log(city).await;
    let state = visit(city, None).state.unwrap();
    let found = parsed(&entries(city).await);
    assert!(found[0].open.is_some() && found[1].open.is_none(), "of a natural person nothing is clear");
    assert!(!entries(city).await[1].contains(&person.identifier));
    end(city, &person, Ending::Cancel).await;
    // Not entered yet when the person is erased; the log says that something was cancelled, and no more.
    erase_person(city, &administrator(), &person.holder.code).await.unwrap();
    keep_log(city).await;
    let audited = visit(city, Some(&state));
    assert!(audited.whole && audited.size == 3, "{:?}", audited.findings);
    let found = parsed(&entries(city).await);
    assert_eq!((found[2].event.as_str(), &found[2].detail), ("cancelled", &None));
    assert_ne!(found[2].licence, found[1].licence, "without the salt nothing ties the two");
    let salts = city.store().query("SELECT id FROM log_salt WHERE region = $1", &[city.region().into()]).await.unwrap();
    let kept: Vec<&str> = salts.iter().map(|row| row.text(0).unwrap()).collect();
    assert_eq!(kept, [company.id.to_string()]);
    assert!(matches!(proof(city, &person).await, Err(ServiceError::NotFound(_))));
    assert!(proof(city, &company).await.is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_witness_countersigns_one_history_only() {
    let (own, other) = (Bed::new(708).await, Bed::new(709).await);
    let (city, witness) = (&own.city, &other.city);
    witness.set_log_peers(log::Peers::new(&[], &[key(city).to_string()]).unwrap());
    issue(city).await;
    keep_log(city).await;
    let note = async || log::head(city).await.unwrap().unwrap().note;
    let request = |old, path, checkpoint: String| AddCheckpoint { old, path, checkpoint }.text();
    let first = note().await;
    let line = log::add_checkpoint(witness, &request(0, vec![], first.clone())).await.unwrap().unwrap();
    let keys = [witness.keys().witness.as_ref().unwrap().verifier().clone()];
    let whole = format!("{first}{line}");
    let (checkpoint, read) = Checkpoint::open(&whole, &key(city)).unwrap();
    assert_eq!(checkpoint.size, 1);
    let seen = seal::tlog::checkpoint::witnesses(&read, &keys);
    assert_eq!(seen.len(), 1, "{line}");
    issue(city).await;
    keep_log(city).await;
    let texts = entries(city).await;
    let leaves: Vec<_> = texts.iter().map(|text| leaf(text.as_bytes())).collect();
    let honest = request(1, vec![leaves[1]], note().await);
    // A fork of the same length, signed with the log's own key.
    let forked = [leaf(b"back-dated"), leaves[1]];
    let fork = Checkpoint { origin: key(city).name().to_owned(), size: 2, root: root_of(&forked) };
    let fork = city.keys().log.as_ref().unwrap().sign(&fork.text()).unwrap().to_string();
    for (body, refused) in [
        (request(1, vec![leaves[1]], fork.clone()), Refused::Inconsistent),
        (request(0, vec![], fork), Refused::Conflict(1)),
        ("old 1".to_owned(), Refused::Malformed),
    ] {
        assert_eq!(log::add_checkpoint(witness, &body).await.unwrap(), Err(refused));
    }
    assert!(log::add_checkpoint(witness, &honest).await.unwrap().is_ok());
    assert!(log::add_checkpoint(witness, &honest).await.unwrap() == Err(Refused::Conflict(2)), "it moved on");
    let nobody = log::add_checkpoint(city, &honest).await.unwrap();
    assert_eq!(nobody, Err(Refused::UnknownLog), "a city watches only the logs that it was told to");
    assert!(service::evidence::verify(witness, None).await.unwrap().journal.is_whole());
}
