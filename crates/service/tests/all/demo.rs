//! Samples that pass their rules, facts whose falsehood stops an approval, and a city that the seed makes the same.

use std::collections::BTreeSet;

use domain::accounts::Role;
use domain::cases::Origin;
use domain::licences::Standing;
use domain::time::Timestamp;
use jiff::civil::{Date, date};
use rules::{Function, Origin as From, RuleSet};
use serde_json::{Value, json};
use service::cases::{Outcome, Submitted, Work};
use service::demo::{self, Dice, Drawn, DrawnMaterial};
use service::registry::{self, Entry, OUTAGE};
use service::{City, ServiceError};
use store::registry::REGISTER_ENTRY;
use store::{Change, PlainDelete, PlainWrite};

use crate::bed::{Bed, TODAY, actor};

async fn submit(city: &City, drawn: &Drawn) -> Result<Submitted, ServiceError> {
    service::cases::submit(city, &actor("测试系统", Role::Integrator), drawn.submit(Origin::Api)).await
}

fn approved(answer: &Result<Submitted, ServiceError>) -> bool {
    answer.as_ref().is_ok_and(|submitted| submitted.outcome == Outcome::Approved)
}

fn automatic(city: &City) -> Vec<String> {
    let shelf = city.shelf();
    let slugs = shelf.matters().map(|matter| matter.bundle.matter.slug.clone());
    slugs.filter(|slug| shelf.is_automatic(slug)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_company_finds_a_name_when_every_short_brand_is_taken() {
    let bed = Bed::new(47).await;
    let city = &bed.city;
    let characters: Vec<&str> =
        include_str!("../../data/names/brand_chars.csv").lines().skip(1).map(str::trim).collect();
    let brands = characters.iter().flat_map(|first| characters.iter().map(move |second| format!("{first}{second}")));
    let taken = |brand: String| Entry {
        register: "company-name".into(),
        key: format!("江城市海澜区{brand}海洋科技有限公司"),
        doc: json!({"brand": brand, "industry": "海洋科技", "status": "registered", "since": "2020-01-01"}),
    };
    let entries: Vec<Entry> = brands.map(taken).collect();
    registry::put(city, &entries).await.unwrap();
    let drawn = demo::draw(city, "company-name").await.unwrap();
    assert!(approved(&submit(city, &drawn).await), "{}", drawn.form);
}

#[tokio::test(flavor = "multi_thread")]
async fn new_companies_drawn_before_any_is_founded_have_names_of_their_own() {
    let bed = Bed::new(48).await;
    let mut brands = BTreeSet::new();
    for _ in 0..400 {
        let drawn = demo::draw(&bed.city, "company-name").await.unwrap();
        assert!(brands.insert(drawn.form["brand"].to_string()), "drawn twice: {}", drawn.form);
    }
}

/// What an approving row reads, down to registers and licences.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Leaf {
    /// Register, key as a Ref, path.
    Register(String, String, String),
    /// Licence type and path.
    Licence(String, String),
    /// The list of registered names.
    Names,
}

fn leaves(rule: &RuleSet, code: &str, found: &mut BTreeSet<Leaf>) {
    let Some(field) = rule.inputs().find(|field| &*field.code == code) else {
        // An argument that is a Ref: `enterprise.address` is the applicant's own entry.
        if let Some((name, path)) = code.split_once('.')
            && domain::registry::register(name).is_some()
        {
            found.insert(Leaf::Register(name.into(), "applicant.code".into(), path.into()));
        }
        return;
    };
    match &field.from {
        From::Registry { register, key, path } => {
            found.insert(Leaf::Register(register.clone(), key.clone(), path.clone()));
        }
        From::Licence { licence_type, path } => {
            found.insert(Leaf::Licence(licence_type.clone(), path.clone()));
        }
        From::Computed { function, args } => {
            if *function == Function::NameCheck {
                found.insert(Leaf::Names);
            }
            args.iter().for_each(|arg| leaves(rule, arg, found));
        }
        From::Request { .. } | From::Claim { .. } | From::Pledge { .. } | From::Table(_) => {}
    }
}

/// Everything that the row which approved this case reads.
fn read_by(city: &City, slug: &str, approved: &Submitted) -> BTreeSet<Leaf> {
    let shelf = city.shelf();
    let rule = shelf.matter(slug).unwrap().rules.as_ref().unwrap();
    let decision = approved.decision.as_ref().unwrap();
    let record: Value = serde_json::from_str(approved.record.as_ref().unwrap().text()).unwrap();
    let mut found = BTreeSet::new();
    for table in record["trace"].as_array().unwrap() {
        for row in table["rows"].as_array().unwrap() {
            if row["held"] == json!(true) && decision.fired.iter().any(|fired| row["row"] == json!(fired)) {
                for cell in row["cells"].as_array().unwrap() {
                    leaves(rule, cell["field"].as_str().unwrap(), &mut found);
                }
            }
        }
    }
    assert!(!found.is_empty(), "{slug}: nothing found in {}", record["trace"]);
    found
}

/// The key that a Ref names in this application.
async fn key_of(city: &City, drawn: &Drawn, reference: &str) -> String {
    match reference.split_once('.').unwrap() {
        ("applicant", "code") => drawn.applicant.code.clone(),
        ("form", field) => drawn.form[field].as_str().unwrap().to_owned(),
        (register, path) => {
            let answer = registry::entry(city, register, &drawn.applicant.code).await.unwrap();
            answer.at(path).unwrap().as_str().unwrap().to_owned()
        }
    }
}

/// Values that a register could wrongly hold instead.
fn lies(value: Option<&Value>) -> Vec<Value> {
    match value {
        Some(Value::Bool(truth)) => vec![json!(!truth)],
        Some(Value::Number(_)) => vec![json!(-1), json!(999_999_999)],
        Some(Value::Array(_)) => vec![json!([])],
        Some(Value::String(text)) if text.parse::<jiff::civil::Date>().is_ok() => {
            vec![json!("1900-01-01"), json!(TODAY.to_string())]
        }
        Some(Value::String(_)) => vec![json!("370299"), json!("deregistered"), json!("III"), json!("prohibited")],
        _ => vec![json!("别的")],
    }
}

async fn read(city: &City, register: &str, key: &str) -> Option<Value> {
    match registry::entry(city, register, key).await.unwrap() {
        domain::registry::Answer::Found(doc) => Some(doc),
        _ => None,
    }
}

async fn write(city: &City, register: &str, key: &str, doc: Value) {
    let entry = Entry { register: register.into(), key: key.into(), doc };
    registry::put(city, &[entry]).await.unwrap();
}

async fn strike_out(city: &City, register: &str, key: &str) {
    let mut change = Change::new(city.region(), city.now());
    change.deletes.push(PlainDelete { table: &REGISTER_ENTRY, id: format!("{register}/{key}") });
    city.store().commit(change).await.unwrap();
}

fn set(doc: &mut Value, path: &str, value: Value) {
    let pointer = format!("/{}", path.replace('.', "/"));
    match doc.pointer_mut(&pointer) {
        Some(place) => *place = value,
        None => doc[path] = value,
    }
}

/// Whether some falsehood of this fact stops the approval.
async fn a_lie_stops(city: &City, slug: &str, leaf: &Leaf) -> bool {
    match leaf {
        Leaf::Register(register, key, path) => {
            let drawn = demo::draw(city, slug).await.unwrap();
            let place = key_of(city, &drawn, key).await;
            let doc = read(city, register, &place).await;
            if path == "exists" {
                match doc {
                    Some(_) => strike_out(city, register, &place).await,
                    None => write(city, register, &place, json!({"insured": true, "status": "active"})).await,
                }
                return !approved(&submit(city, &drawn).await);
            }
            let doc = doc.unwrap();
            let told = lies(doc.pointer(&format!("/{}", path.replace('.', "/"))));
            for lie in told {
                let drawn = demo::draw(city, slug).await.unwrap();
                let place = key_of(city, &drawn, key).await;
                let mut doc = read(city, register, &place).await.unwrap();
                set(&mut doc, path, lie);
                write(city, register, &place, doc).await;
                if !approved(&submit(city, &drawn).await) {
                    return true;
                }
            }
            false
        }
        Leaf::Licence(_, path) if path == "valid" || path == "exists" => licence_lie(city, slug, leaf).await,
        // What is printed on a signed licence cannot be changed; that the licence is gone stops the approval.
        Leaf::Licence(_, _) => true,
        Leaf::Names => {
            let drawn = demo::draw(city, slug).await.unwrap();
            let (brand, trade) = (&drawn.form["brand"], &drawn.form["industry_word"]);
            let doc = json!({"brand": brand, "industry": trade, "status": "registered", "since": "2020-01-01"});
            write(city, "company-name", "一家已经登记的公司", doc).await;
            !approved(&submit(city, &drawn).await)
        }
    }
}

/// A licence that was there is revoked; one that was not there has been issued by then.
async fn licence_lie(city: &City, slug: &str, leaf: &Leaf) -> bool {
    let Leaf::Licence(kind, _) = leaf else { return false };
    let sample = city.shelf().matter(slug).unwrap().bundle.sample.applicant.clone();
    let mut dice = Dice::new(u64::from_le_bytes(city.random()));
    let who = demo::invent(city, &mut dice, sample.kind, sample.age).await.unwrap();
    let drawn = demo::draw_for(city, slug, &who, &mut dice).await.unwrap();
    let held = service::licences::on_file(city, &drawn.applicant.code).await.unwrap();
    match held.iter().find(|own| own.licence_type == *kind) {
        Some(own) => {
            let id = own.licence.id.to_string();
            let approver = actor("测试审批人", Role::Approver);
            let ending = service::licences::Ending::Revoke;
            service::licences::end(city, &approver, &id, ending, "《行政许可法》第六十九条").await.unwrap();
        }
        None => {
            let issuer = issuer_of(city, kind);
            let before = demo::draw_for(city, &issuer, &who, &mut dice).await.unwrap();
            if submit(city, &before).await.unwrap().outcome != Outcome::Approved {
                decide(city, &drawn.applicant.code).await;
            }
            let held = service::licences::on_file(city, &drawn.applicant.code).await.unwrap();
            assert!(held.iter().any(|own| own.licence_type == *kind && own.valid), "{slug}: no {kind} was issued");
        }
    }
    !approved(&submit(city, &drawn).await)
}

fn issuer_of(city: &City, kind: &str) -> String {
    let shelf = city.shelf();
    let matter = shelf.matters().find(|matter| matter.bundle.matter.outcome.licence_type.as_deref() == Some(kind));
    matter.unwrap().bundle.matter.slug.clone()
}

/// The bureau takes the applicant's open case to its end.
async fn decide(city: &City, applicant: &str) {
    let sql = "SELECT number FROM casefile WHERE region = $1 AND applicant_code = $2 AND open_key IS NOT NULL";
    let rows = city.store().query(sql, &[city.region().into(), applicant.into()]).await.unwrap();
    let number = rows[0].text(0).unwrap().to_owned();
    let mut desk = actor("测试窗口", Role::Clerk);
    desk.grants.extend([Role::Reviewer, Role::Approver].map(|role| actor("", role).grants.remove(0)));
    loop {
        let view = service::cases::case_by_number(city, &desk, &number).await.unwrap();
        let work = match &view.possible {
            possible if possible.contains(&"accept") => Work::Accept,
            possible if possible.contains(&"give-opinion") => {
                Work::GiveOpinion {
                    favourable: true, text: "同意".into(), officers: vec!["甲".into(), "乙".into()]
                }
            }
            possible if possible.contains(&"grant") => Work::Grant { reasons: String::new() },
            _ => return,
        };
        service::cases::work(city, &desk, &number, None, work, None).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_automatic_matter_approves_its_sample() {
    let bed = Bed::new(1).await;
    let city = &bed.city;
    let slugs = automatic(city);
    assert!(slugs.len() >= 14, "{slugs:?}");
    for slug in slugs {
        let (first, second) = (demo::draw(city, &slug).await.unwrap(), demo::draw(city, &slug).await.unwrap());
        assert_ne!(first.applicant.code, second.applicant.code, "{slug}: the same applicant was drawn twice");
        for drawn in [first, second] {
            let answer = submit(city, &drawn).await.unwrap_or_else(|error| panic!("{slug}: {error}"));
            let decision = answer.decision.as_ref().map(|decision| (&decision.fired, &decision.reason.zh));
            assert_eq!(answer.outcome, Outcome::Approved, "{slug}: {decision:?}");
            assert_eq!(answer.state, "closed", "{slug}");
            let issues = city.shelf().matter(&slug).unwrap().bundle.matter.outcome.licence_type.is_some();
            assert_eq!(answer.licence.is_some(), issues, "{slug}");
            if let Some(licence) = answer.licence {
                let view = service::licences::public_view(city, &licence.public_id).await.unwrap();
                assert!(view.genuine && view.standing == Standing::Valid, "{slug}: {:?}", view.checks);
                assert!(view.file.licence.specimen, "{slug}: a demo licence must say that it is a specimen");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_other_sample_can_be_filed() {
    let bed = Bed::new(2).await;
    let city = &bed.city;
    let slugs: Vec<String> = city.shelf().matters().map(|matter| matter.bundle.matter.slug.clone()).collect();
    for slug in slugs.iter().filter(|slug| !city.shelf().is_automatic(slug)) {
        let drawn = demo::draw(city, slug).await.unwrap();
        let answer = submit(city, &drawn).await.unwrap_or_else(|error| panic!("{slug}: {error}"));
        assert_eq!((answer.outcome, answer.state.as_str()), (Outcome::Manual, "filed"), "{slug}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_approval_survives_a_false_or_silent_register() {
    let bed = Bed::new(3).await;
    let city = &bed.city;
    let mut facts = 0;
    for slug in automatic(city) {
        let approved = submit(city, &demo::draw(city, &slug).await.unwrap()).await.unwrap();
        assert_eq!(approved.outcome, Outcome::Approved, "{slug}");
        let leaves = read_by(city, &slug, &approved);
        let registers: BTreeSet<&String> = leaves
            .iter()
            .filter_map(|leaf| match leaf {
                Leaf::Register(register, _, _) => Some(register),
                _ => None,
            })
            .collect();
        for register in registers {
            let drawn = demo::draw(city, &slug).await.unwrap();
            write_outage(city, json!([register])).await;
            let answer = submit(city, &by_hand(city, drawn).await).await.unwrap_or_else(|e| panic!("{slug}: {e}"));
            assert_eq!(answer.outcome, Outcome::Manual, "{slug} approved while {register} was silent");
            assert_eq!(answer.state, "filed");
            write_outage(city, json!([])).await;
        }
        for leaf in &leaves {
            assert!(a_lie_stops(city, &slug, leaf).await, "{slug}: no falsehood of {leaf:?} stops the approval");
            facts += 1;
        }
    }
    assert!(facts >= 80, "only {facts} facts were falsified");
}

async fn write_outage(city: &City, registers: Value) {
    let mut change = Change::new(city.region(), city.now());
    change.plain.push(PlainWrite {
        table: &REGISTER_ENTRY,
        id: OUTAGE.into(),
        columns: vec![None::<String>.into(), registers.to_string().into()],
    });
    city.store().commit(change).await.unwrap();
}

/// The same application with every material handed in as a file, because a silent register waives none.
async fn by_hand(city: &City, mut drawn: Drawn) -> Drawn {
    let pdf = demo::specimens(city).await.unwrap().pdf;
    let shelf = city.shelf();
    for material in &shelf.matter(&drawn.matter).unwrap().bundle.matter.materials {
        if !drawn.materials.iter().any(|given| given.slot == material.slot) {
            let uploads = vec![pdf.clone()];
            drawn.materials.push(DrawnMaterial { slot: material.slot.clone(), uploads });
        }
    }
    drawn
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_seed_and_day_make_the_same_city() {
    let (one, two) = (Bed::new(10).await, Bed::new(20).await);
    let first = demo::seed(&one.city, 42, TODAY).await.unwrap();
    let second = demo::seed(&two.city, 42, TODAY).await.unwrap();
    assert_eq!(first.cases, second.cases);
    assert_eq!(dump(&one.city).await, dump(&two.city).await);
    assert_ne!(secrets(&one.city).await, secrets(&two.city).await, "secrets may not come from the seed");
    assert!(matches!(demo::seed(&one.city, 42, TODAY).await, Err(ServiceError::Changed)));
    lived_in(&one.city, &first, TODAY).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_city_can_be_seeded_in_the_night_of_a_holiday_and_after_it() {
    // The Sunday of the National Day holiday, half a minute after midnight; and the first working day of 2027, whose
    // calendar is provisional.
    for (day, seconds) in [(date(2026, 10, 4), 30), (date(2027, 1, 4), 9 * 3600)] {
        let bed = Bed::at(30, Timestamp::start_of(day).plus_seconds(seconds)).await;
        let seeded = demo::seed(&bed.city, 7, day).await.unwrap_or_else(|error| panic!("{day}: {error}"));
        let later = format!("37021120{:02}{:02}{:02}", day.year() % 100, day.month(), day.day() + 1);
        assert!(seeded.cases.iter().all(|case| case.number < later), "{day}: a case of tomorrow");
        lived_in(&bed.city, &seeded, day).await;
    }
}

/// Everything that people see: accounts, cases with their applicants and dates, licences, entries of the registers.
async fn dump(city: &City) -> Vec<String> {
    let queries = [
        "SELECT id || ' ' || login FROM account WHERE region = $1 ORDER BY id LIMIT 1000",
        "SELECT id || ' ' || number || ' ' || state || ' ' || applicant_name || ' ' || CAST(deadline AS TEXT) \
         FROM casefile WHERE region = $1 ORDER BY id LIMIT 5000",
        "SELECT id || ' ' || identifier || ' ' || holder_code || ' ' || recorded FROM licence WHERE region = $1 ORDER BY id LIMIT 5000",
        "SELECT id || doc FROM register_entry WHERE region = $1 ORDER BY id LIMIT 20000",
        "SELECT casefile || ' ' || number || ' ' || CAST(at AS TEXT) FROM document WHERE region = $1 ORDER BY number LIMIT 20000",
    ];
    let mut lines = Vec::new();
    for sql in queries {
        let rows = city.store().query(sql, &[city.region().into()]).await.unwrap();
        assert!(!rows.is_empty(), "{sql}");
        lines.extend(rows.iter().map(|row| row.text(0).unwrap().to_owned()));
    }
    lines
}

async fn secrets(city: &City) -> Vec<String> {
    let sql = "SELECT public_id FROM licence WHERE region = $1 ORDER BY id LIMIT 20";
    let rows = city.store().query(sql, &[city.region().into()]).await.unwrap();
    rows.iter().map(|row| row.text(0).unwrap().to_owned()).collect()
}

/// Cases in every state a case can rest in, lamps of every colour, licences of every standing, and somebody to sign in as.
async fn lived_in(city: &City, seeded: &demo::Seeded, today: Date) {
    let states: BTreeSet<&str> = seeded.cases.iter().map(|case| case.state.as_str()).collect();
    let wanted = [
        "pre-review",
        "feedback",
        "filed",
        "correction",
        "in-review",
        "issued",
        "closed",
        "not-accepted",
        "refused",
        "withdrawn",
        "terminated",
    ];
    assert_eq!(states, BTreeSet::from(wanted));
    let clerk = actor("测试窗口", Role::Clerk);
    let mut lights = BTreeSet::new();
    let (mut deemed, mut resubmitted, mut remedies) = (0, 0, 0);
    for seeded in &seeded.cases {
        let view = service::cases::case_by_number(city, &clerk, &seeded.number).await.unwrap();
        if view.case.state.name() == "in-review" {
            lights.extend(view.light.map(|light| format!("{light:?}")));
        }
        deemed += i32::from(view.case.accepted.as_ref().is_some_and(|accepted| accepted.deemed));
        resubmitted += i32::from(view.case.resubmitted_at.is_some() && seeded.state == "filed");
        remedies += i32::from(view.case.decision.as_ref().is_some_and(|decision| decision.remedies.is_some()));
    }
    let colours = ["Paused", "Green", "Warning", "Yellow", "Red"].map(str::to_owned);
    assert_eq!(lights, BTreeSet::from(colours));
    assert!(deemed > 0 && resubmitted > 0 && remedies > 0, "{deemed} {resubmitted} {remedies}");
    let sql = "SELECT public_id FROM licence WHERE region = $1 ORDER BY id LIMIT 2000";
    let mut standings = BTreeSet::new();
    let mut soon = 0;
    for row in city.store().query(sql, &[city.region().into()]).await.unwrap() {
        let view = service::licences::public_view(city, row.text(0).unwrap()).await.unwrap();
        assert!(view.genuine, "{:?}", view.checks);
        standings.insert(format!("{:?}", view.standing));
        let left = view.file.licence.valid_to.map(|day| today.until(day).unwrap().get_days());
        soon += i32::from(left.is_some_and(|days| (15..=25).contains(&days)));
    }
    assert_eq!(standings, BTreeSet::from(["Expired", "Revoked", "Superseded", "Valid"].map(str::to_owned)));
    assert!(soon > 0, "no licence expires in about twenty days");
    for account in demo::accounts() {
        let session = service::accounts::sign_in(city, account.login, account.password).await;
        assert!(session.is_ok(), "{} cannot sign in", account.login);
    }
    let officer = service::accounts::find_by_login(city, "zhang.officer").await.unwrap().0;
    assert!(!service::messages::mine(city, &officer.actor(Vec::new())).await.unwrap().is_empty());
}
