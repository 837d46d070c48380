//! The API over HTTP, the same on both engines.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use serde_json::{Value, json};

use crate::program::{Demo, catalogue, code, out, run};

/// A matter that people decide, without an inspection.
const MANUAL: &str = "clinic-filing";
/// A matter that rules decide.
const AUTOMATIC: &str = "public-place-hygiene";

#[test]
fn on_sqlite() {
    let scratch = tempfile::tempdir().unwrap();
    everything(&scratch.path().join("city"), None);
}

#[test]
fn on_postgres() {
    let Ok(url) = std::env::var("YICHUANG_TEST_PG") else {
        assert!(std::env::var_os("YICHUANG_REQUIRE_TOOLS").is_none(), "YICHUANG_TEST_PG must name a PostgreSQL");
        return;
    };
    let scratch = tempfile::tempdir().unwrap();
    let name = format!("yichuang_binary_{}", std::process::id());
    let own = of_its_own(&url, &name);
    everything(&scratch.path().join("city"), Some(&own));
    statements(&url, &[&format!("DROP DATABASE {name}")]);
}

/// The address of a new, empty database on the same server.
fn of_its_own(url: &str, name: &str) -> String {
    statements(url, &[&format!("DROP DATABASE IF EXISTS {name}"), &format!("CREATE DATABASE {name}")]);
    let (server, query) = url.split_once('?').map_or((url, ""), |(server, query)| (server, query));
    let (server, _) = server.rsplit_once('/').unwrap();
    if query.is_empty() { format!("{server}/{name}") } else { format!("{server}/{name}?{query}") }
}

fn statements(url: &str, statements: &[&str]) {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
        let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await.unwrap();
        let connection = tokio::spawn(connection);
        for statement in statements {
            client.batch_execute(statement).await.unwrap();
        }
        drop(client);
        connection.await.unwrap().unwrap();
    });
}

fn everything(dir: &Path, database: Option<&str>) {
    let demo = Demo::start(dir, 0, database);
    health(&demo);
    contract(&demo);
    matters(&demo);
    lists(&demo);
    automatic(&demo);
    let (key, body, first) = keys(&demo);
    wrong_bodies(&demo);
    unreadable(&demo);
    let number = by_people(&demo);
    verified(&demo, &first);
    replayed(&demo);
    law_of_the_city(&demo);
    not_for_serving(&demo);
    restarted(demo, &key, &body, &first, &number);
}

/// The rules in force decide every past case as they did; asked beside the running server.
fn replayed(demo: &Demo) {
    let matter = catalogue().join("matters").join(AUTOMATIC);
    let answer = run(&["rules", "replay", matter.to_str().unwrap(), "--dir", demo.folder(), "--json"]);
    assert_eq!(code(&answer), 0, "{}", out(&answer));
    let last: Value = serde_json::from_str(out(&answer).lines().last().unwrap()).unwrap();
    assert!(last["cases"].as_u64().unwrap() > 0 && last["flips"] == 0, "{last}");
}

/// A city's own `law.json` is listed with both numbers and their days.
fn law_of_the_city(demo: &Demo) {
    let file = std::path::Path::new(demo.folder()).join("law.json");
    let number = |number: u32, days: &str| {
        format!(
            r#"{{"id":"gap-supply","number":{number},"unit":"working-day","start":"acceptance","source":"本市规则",
            "basis":"L",{days},"purpose":{{"zh":"补齐","en":"Handing in"}}}}"#
        )
    };
    let old = number(10, r#""valid_from":"2020-01-01","valid_to":"2026-12-31""#);
    let new = number(15, r#""valid_from":"2027-01-01""#);
    std::fs::write(&file, format!(r#"{{"numbers":[{old},{new}]}}"#)).unwrap();
    let answer = run(&["rules", "list", "--law", "--json", "--dir", demo.folder()]);
    std::fs::remove_file(&file).unwrap();
    assert_eq!(code(&answer), 0, "{}", out(&answer));
    let lines: Vec<Value> = out(&answer).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let own: Vec<_> = lines.iter().filter(|line| line["id"] == "gap-supply").map(|line| &line["number"]).collect();
    assert_eq!(own, [10, 15]);
    assert!(lines.iter().any(|line| line["matter"] == AUTOMATIC && line["id"] == "automation.check"));
}

fn health(demo: &Demo) {
    for path in ["/healthz", "/readyz"] {
        assert_eq!(demo.get("", path).status, 200, "{path}");
    }
    let metrics = demo.get("", "/metrics");
    assert_eq!(metrics.status, 200);
    let text = metrics.text();
    for name in ["yichuang_cases_filed_total", "yichuang_cases_granted_total", "yichuang_journal_position"] {
        let line = text.lines().find(|line| line.starts_with(name)).unwrap_or_else(|| panic!("{name} in {text}"));
        let value: i64 = line.rsplit(' ').next().unwrap().parse().unwrap();
        assert!(value > 0 || name != "yichuang_journal_position", "{line}");
    }
}

fn contract(demo: &Demo) {
    let document = demo.get("", "/openapi.json").json();
    assert_eq!(document["openapi"], "3.1.0");
    let paths = document["paths"].as_object().unwrap();
    for path in [
        "/api/v1/matters",
        "/api/v1/matters/{slug}",
        "/api/v1/uploads",
        "/api/v1/uploads/{id}",
        "/api/v1/cases",
        "/api/v1/cases/{number}",
        "/api/v1/cases/{number}/timeline",
        "/api/v1/cases/{number}/{command}",
        "/api/v1/licences/{id}",
    ] {
        assert!(paths.contains_key(path), "{path} is not described");
    }
}

fn matters(demo: &Demo) {
    let found = demo.get("", "/api/v1/matters?q=%E5%BC%80%E7%90%86%E5%8F%91%E5%BA%97&limit=3").json();
    let slugs: Vec<&str> =
        found["items"].as_array().unwrap().iter().map(|item| item["slug"].as_str().unwrap()).collect();
    assert!(slugs.contains(&AUTOMATIC), "开理发店: {slugs:?}");
    let code = |slug: &str| demo.sample(slug)["applicant"]["code"].clone();
    assert_ne!(code(AUTOMATIC), code(AUTOMATIC), "each sample has an applicant of its own");
    let definition = demo.get("", &format!("/api/v1/matters/{AUTOMATIC}")).json();
    assert_eq!(definition["sample"]["matter"], AUTOMATIC);
    assert_eq!(definition["code"].as_str().unwrap().len(), 31);
    assert_eq!(demo.get("", "/api/v1/matters/no-such-matter").problem(), "not-found");
}

/// Every item of a list, page by page.
fn all(demo: &Demo, who: &str, path: &str, limit: usize) -> Vec<Value> {
    let (mut items, mut after) = (Vec::new(), String::new());
    loop {
        let page = demo.get(who, &format!("{path}?limit={limit}{after}")).json();
        let rows = page["items"].as_array().unwrap();
        assert!(rows.len() <= limit);
        items.extend(rows.iter().cloned());
        match page["next"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => return items,
        }
    }
}

fn lists(demo: &Demo) {
    let few = all(demo, "", "/api/v1/matters", 7);
    assert!(few.len() >= 35, "{}", few.len());
    assert_eq!(few, all(demo, "", "/api/v1/matters", 200));
    for item in &few {
        let mut names: Vec<&String> = item.as_object().unwrap().keys().collect();
        names.sort();
        assert_eq!(names, ["automatic", "code", "name", "slug"]);
        assert!(item["name"]["zh"].is_string() && item["name"]["en"].is_string());
    }
    for limit in ["0", "201", "-1", "ten"] {
        for (who, path) in [("", "/api/v1/matters"), ("integrator", "/api/v1/cases")] {
            let answer = demo.get(who, &format!("{path}?limit={limit}"));
            assert_eq!(answer.status, 422, "{path} {limit}: {}", answer.text());
            assert_eq!(answer.problem(), "invalid");
            assert_eq!(answer.json()["errors"][0]["field"], "limit");
        }
    }
    let pile = demo.get("clerk", "/api/v1/cases?pile=accept&limit=5").json();
    assert!(!pile["items"].as_array().unwrap().is_empty(), "the demo's desk has work: {pile}");
    assert_eq!(demo.get("integrator", "/api/v1/cases?pile=accept").problem(), "forbidden");
    let nobody = demo.get("", "/api/v1/cases");
    assert_eq!((nobody.status, nobody.problem()), (401, "sign-in".to_owned()));
    let wrong = demo.send("", "GET", "/api/v1/cases", &[("Authorization", "Bearer yct_wrong")], "");
    assert_eq!(wrong.status, 401);
    let method = demo.send("", "DELETE", "/api/v1/matters", &[], "");
    assert_eq!((method.status, method.problem()), (405, "method".to_owned()));
    assert_eq!(demo.get("", "/api/v1/nothing-here").problem(), "not-found");
}

/// Every matter that rules decide approves its sample; no other does.
fn automatic(demo: &Demo) {
    let mut approved = 0;
    for item in all(demo, "", "/api/v1/matters", 200) {
        let slug = item["slug"].as_str().unwrap();
        let answer = demo.file(&demo.key(), &demo.sample(slug));
        assert_eq!(answer.status, 201, "{slug}: {}", answer.text());
        let body = answer.json();
        assert_eq!(answer.header("location"), format!("/api/v1/cases/{}", body["number"].as_str().unwrap()));
        if item["automatic"] == false {
            assert_eq!(body["outcome"], "manual", "{slug}");
            assert!(body["licence"].is_null(), "{slug}: {body}");
            continue;
        }
        assert_eq!(body["outcome"], "approved", "{slug}: {body}");
        assert!(!body["decision"]["fired"].as_array().unwrap().is_empty(), "{slug}");
        assert!(!body["decision"]["trace"].as_array().unwrap().is_empty(), "{slug}");
        assert!(body["decision"]["reason"]["zh"].is_string() && body["decision"]["reason"]["en"].is_string());
        assert!(body["licence"]["number"].is_string(), "{slug}: {body}");
        approved += 1;
    }
    assert!(approved >= 14, "{approved}");
}

/// Idempotency keys and duplicates. Returns a key with its body and answer.
fn keys(demo: &Demo) -> (String, Value, Value) {
    let (key, body) = (demo.key(), demo.sample(AUTOMATIC));
    let first = demo.file(&key, &body);
    assert_eq!(first.status, 201, "{}", first.text());
    let again = demo.file(&key, &body);
    assert_eq!((again.status, again.json()), (201, first.json()));

    let other = demo.file(&key, &demo.sample(AUTOMATIC));
    assert_eq!((other.status, other.problem()), (422, "key-reused".to_owned()));
    let missing = demo.send("integrator", "POST", "/api/v1/cases", &[], &body.to_string());
    assert_eq!((missing.status, missing.problem()), (422, "invalid".to_owned()));
    assert_eq!(missing.json()["errors"][0]["field"], "Idempotency-Key");

    let open = demo.sample(MANUAL);
    let held = demo.file(&demo.key(), &open);
    assert_eq!(held.json()["outcome"], "manual");
    let twin = demo.file(&demo.key(), &open);
    assert_eq!((twin.status, twin.problem()), (409, "duplicate".to_owned()));
    assert!(twin.text().contains(held.json()["number"].as_str().unwrap()), "the open case is named");
    (key, body, first.json())
}

fn wrong_bodies(demo: &Demo) {
    let before = all(demo, "integrator", "/api/v1/cases", 200).len();
    let sample = demo.sample(AUTOMATIC);
    let with = |change: &dyn Fn(&mut Value)| {
        let mut body = sample.clone();
        change(&mut body);
        body.to_string()
    };
    // One byte beyond the limit, so that the whole body has been read when it is refused.
    let named = |name: &str| with(&|body| body["form"]["manager"] = json!(name));
    let too_long = named(&"a".repeat((1 << 20) + 1 - named("").len()));
    let bodies = [
        (String::new(), 422),
        ("{".to_owned(), 422),
        ("[1, 2]".to_owned(), 422),
        (with(&|body| body["matter"] = json!("no-such-matter")), 404),
        (with(&|body| body["surprise"] = json!(1)), 422),
        (with(&|body| body["form"] = json!({})), 422),
        (with(&|body| body["form"]["surprise"] = json!(1)), 422),
        (with(&|body| body["form"]["area_sqm"] = json!("a lot")), 422),
        (too_long, 413),
    ];
    for (body, status) in bodies {
        let key = demo.key();
        let answer = demo.send("integrator", "POST", "/api/v1/cases", &[("Idempotency-Key", &key)], &body);
        let shown: String = body.chars().take(200).collect();
        assert_eq!(answer.status, status, "{shown}: {}", answer.text());
        answer.problem();
    }
    assert_eq!(all(demo, "integrator", "/api/v1/cases", 200).len(), before, "nothing is half-written");
    for who in ["clerk", "reviewer", "approver"] {
        let key = demo.key();
        let answer = demo.send(who, "POST", "/api/v1/cases", &[("Idempotency-Key", &key)], &sample.to_string());
        assert_eq!(answer.status == 201, who == "clerk", "{who}: {}", answer.text());
    }
}

/// What cannot even be read as a request gets a sentence that says what to do, as a page or as a problem document.
fn unreadable(demo: &Demo) {
    let long = format!("?q={}", "a".repeat(70_000));
    let many = vec![("X-One", "1"); 120];
    for (method, tail, more, status, kind, words) in [
        ("G(T", "", &[][..], 400, "bad-request", "The request is malformed"),
        ("GET", long.as_str(), &[][..], 414, "address-too-long", "The address is too long"),
        ("GET", "", many.as_slice(), 431, "headers-too-large", "There are too many"),
    ] {
        let headers: Vec<(&str, &str)> = [("Accept-Language", "en")].iter().chain(more).copied().collect();
        let answer = demo.send("", method, &format!("/api/v1/matters{tail}"), &headers, "");
        assert_eq!((answer.status, answer.problem()), (status, kind.to_owned()));
        assert!(answer.json()["detail"].as_str().unwrap().starts_with(words), "{}", answer.text());
        let page = demo.send("", method, &format!("/matters{tail}"), &headers, "");
        assert_eq!((page.status, page.header("content-type")), (status, "text/html; charset=utf-8"));
        assert!(page.text().contains(words) && page.text().contains("lang=\"en\""), "{}", page.text());
        assert!(!page.header("content-security-policy").is_empty());
    }
}

/// What rules cannot decide: correction, resubmission, acceptance, opinions, decision, licence.
fn by_people(demo: &Demo) -> String {
    let sample = demo.sample(MANUAL);
    let number = demo.file(&demo.key(), &sample).json()["number"].as_str().unwrap().to_owned();
    let slot = "premises";
    let points = json!({ "points": [{ "about": slot, "text": "房屋证明缺少第二页，请补交。" }] });

    let bare = demo.command("clerk", &number, "request-correction", &[], &points);
    assert_eq!(bare.status, 428, "{}", bare.text());
    bare.problem();
    let stale = demo.command("clerk", &number, "request-correction", &[("If-Match", "\"1\"")], &points);
    assert_eq!((stale.status, stale.problem()), (412, "changed".to_owned()));
    let unknown = demo.command("clerk", &number, "set-on-fire", &[("If-Match", "\"2\"")], &json!({}));
    assert_eq!((unknown.status, unknown.problem()), (422, "invalid".to_owned()));

    let case = demo.work("clerk", &number, "request-correction", &points);
    assert_eq!(case["state"], "correction");
    assert!(case["correction"]["document"]["number"].is_string(), "a numbered notice: {}", case["correction"]);
    let (_, tag) = demo.case("approver", &number);
    let early = demo.command("approver", &number, "grant", &[("If-Match", &tag)], &json!({}));
    assert_eq!((early.status, early.problem()), (409, "refused".to_owned()));
    let refusal = &early.json()["refusal"];
    assert_eq!((&refusal["state"], &refusal["command"]), (&json!("correction"), &json!("grant")));

    let anew: Vec<Value> =
        sample["materials"].as_array().unwrap().iter().filter(|item| item["slot"] == slot).cloned().collect();
    assert_eq!(anew.len(), 1, "{}", sample["materials"]);
    let anew = json!([{ "slot": slot, "uploads": [anew[0]["upload"]] }]);
    let case = demo.work(
        "integrator",
        &number,
        "resubmit",
        &json!({ "changed": { "form": sample["form"], "materials": anew } }),
    );
    assert_eq!(case["state"], "filed");
    let case = demo.work("clerk", &number, "accept", &json!({}));
    assert!(case["state"].as_str().unwrap().starts_with("in-review"), "{}", case["state"]);
    assert!(case["promised"].is_object() || case["promised"].is_number(), "a clock runs: {}", case["promised"]);

    let (_, tag) = demo.case("clerk", &number);
    for who in ["clerk", "reviewer", "integrator"] {
        let answer = demo.command(who, &number, "grant", &[("If-Match", &tag)], &json!({ "reasons": "x" }));
        assert_eq!((answer.status, answer.problem()), (403, "forbidden".to_owned()), "{who}");
    }
    let opinion = json!({ "favourable": true, "text": "材料齐全，符合法定条件。" });
    demo.work("reviewer", &number, "give-opinion", &opinion);
    for _ in 0..3 {
        // What may be done is told to each role for itself.
        let (case, _) = demo.case("approver", &number);
        if case["commands"].as_array().unwrap().contains(&json!("grant")) {
            break;
        }
        demo.work("approver", &number, "give-opinion", &opinion);
    }
    let case = demo.work("approver", &number, "grant", &json!({ "reasons": "符合法定条件，准予许可。" }));
    assert!(case["licence"]["number"].is_string(), "{case}");
    let timeline = demo.get("integrator", &format!("/api/v1/cases/{number}/timeline")).json();
    let kinds: Vec<&str> =
        timeline["items"].as_array().unwrap().iter().map(|item| item["kind"].as_str().unwrap()).collect();
    let order = ["case.filed", "case.correction-requested", "case.resubmitted", "case.accepted", "case.decided"];
    let mut rest = kinds.iter();
    for wanted in order {
        assert!(rest.any(|kind| *kind == wanted), "{wanted} in this order in {kinds:?}");
    }
    let licence = demo.get("integrator", &format!("/api/v1/licences/{}", case["licence"]["id"].as_str().unwrap()));
    assert_eq!(licence.status, 200);
    number
}

/// The licence of an answer verifies under its city's roots, under no other, and not with one byte changed.
fn verified(demo: &Demo, answer: &Value) {
    let id = answer["licence"]["id"].as_str().unwrap();
    let licence = demo.get("integrator", &format!("/api/v1/licences/{id}"));
    let scratch = tempfile::tempdir().unwrap();
    let file = scratch.path().join("licence.json");
    let verify = |bytes: &[u8], arguments: &[&str]| {
        std::fs::write(&file, bytes).unwrap();
        let mut all = vec!["licence", "verify", file.to_str().unwrap()];
        all.extend_from_slice(arguments);
        let output = run(&all);
        (code(&output), out(&output))
    };
    let own = ["--dir", demo.folder()];
    let (exit, words) = verify(&licence.body, &own);
    assert_eq!(exit, 0, "{words}");
    assert!(words.starts_with("valid 有效"), "{words}");
    let roots = demo.dir.join("roots.pem");
    assert_eq!(verify(&licence.body, &["--roots", roots.to_str().unwrap()]).0, 0);
    assert_eq!(verify(&licence.body, &[]).0, 2, "a certificate inside the file is no anchor");
    assert_eq!(verify(b"nothing that was ever signed", &own).0, 1);
    assert_eq!(verify(b"", &own).0, 1);

    let foreign = scratch.path().join("foreign.pem");
    std::fs::write(&foreign, foreign_root()).unwrap();
    let (exit, words) = verify(&licence.body, &["--roots", foreign.to_str().unwrap()]);
    assert_eq!(exit, 1, "{words}");

    let number = answer["licence"]["number"].as_str().unwrap();
    let changed = licence.text().replacen(number, &number.replacen("第", "弟", 1), 1);
    assert_ne!(changed, licence.text());
    assert_eq!(verify(changed.as_bytes(), &own).0, 1);
    for place in (0..licence.body.len()).step_by(licence.body.len() / 12 + 1) {
        let mut bytes = licence.body.clone();
        bytes[place] ^= 1;
        let (exit, words) = verify(&bytes, &own);
        assert_eq!(exit, 1, "byte {place}: {words}");
    }
    for form in ["pdf", "ofd"] {
        let file = demo.get("integrator", &format!("/api/v1/licences/{id}/{form}"));
        assert_eq!(file.status, 200, "{form}: {}", file.text());
        let (exit, words) = verify(&file.body, &own);
        assert_eq!(exit, 0, "{form}: {words}");
        assert!(words.starts_with("valid 有效"), "{form}: {words}");
        for place in [12, file.body.len() / 2, file.body.len() - 1] {
            let mut bytes = file.body.clone();
            bytes[place] ^= 1;
            let (exit, words) = verify(&bytes, &own);
            assert_eq!(exit, 1, "{form}, byte {place}: {words}");
        }
    }
    let url = answer["licence"]["verify_url"].as_str().unwrap();
    let public = demo.get("", &url[url.find("/v/").unwrap()..]);
    assert_eq!(public.status, 200, "{url}");
    assert!(public.text().contains("有效"));
    assert_eq!(demo.get("", &format!("/v/{}", "0".repeat(26))).status, 404);
}

/// A root of another city, of the same form.
fn foreign_root() -> String {
    use domain::time::Timestamp;
    use seal::cert::{Request, Subject, self_sign};
    let mut seed = 0_u8;
    let mut random = |bytes: &mut [u8]| {
        bytes.iter_mut().for_each(|byte| (seed, *byte) = (seed.wrapping_mul(73).wrapping_add(41), seed))
    };
    let key = seal::key::PrivateKey::generate(seal::key::Alg::Sm2Sm3, &mut random);
    let subject =
        Subject { common_name: "别的城市根证书".into(), organisation: "别的城市".into(), code: None };
    let start = Timestamp::start_of(jiff::civil::date(2020, 1, 1));
    let request = Request { subject, not_before: start, not_after: start.plus_seconds(20 * 366 * 86_400) };
    let root = self_sign(&key, &request, &mut random).unwrap();
    root.to_pem().unwrap()
}

fn not_for_serving(demo: &Demo) {
    let output = run(&["serve", "--dir", demo.folder(), "--listen", "127.0.0.1:0"]);
    assert_eq!(code(&output), 2);
    assert!(crate::program::err(&output).contains("demo city"), "{}", crate::program::err(&output));
}

/// Tokens, answers and cases outlive a restart, also one by a power cut.
fn restarted(demo: Demo, key: &str, body: &Value, first: &Value, number: &str) {
    let tokens = demo.dir.join("demo-tokens.json");
    let mode = std::fs::metadata(&tokens).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let (text, dir, port) = (std::fs::read_to_string(&tokens).unwrap(), demo.dir.clone(), demo.port);
    let case = demo.case("integrator", number);
    let filed = all(&demo, "integrator", "/api/v1/cases", 200).len();
    demo.kill();
    let demo = Demo::start(&dir, port, None);
    assert_eq!(std::fs::read_to_string(&tokens).unwrap(), text);
    assert_eq!(demo.case("integrator", number), case);
    assert_eq!(all(&demo, "integrator", "/api/v1/cases", 200).len(), filed);
    let again = demo.file(key, body);
    assert_eq!((again.status, &again.json()), (201, first));
    assert_eq!(demo.case("integrator", number), case);
    let whole = run(&["journal", "verify", "--dir", demo.folder()]);
    assert_eq!(code(&whole), 0, "{}", out(&whole));
}
