//! Instead of paper: from the wizard over the clerk's screen to what the holder reads; use codes, links and fetches as people and
//! systems meet them. Set `YICHUANG_PAGES_DIR` to a folder to look at the pages.

use axum::body::{Body, to_bytes};
use axum::http::{Method, Request, StatusCode};
use domain::cases::Origin;
use domain::text::Text;
use serde_json::{Value, json};
use service::cases::{self, GivenMaterial};
use service::demo::{self, Dice, Who};
use tower::ServiceExt;
use web::app::{App, Limits, Options};

use crate::routes::Scene;

/// Decided by rules; what it grants stands in the place of a paper of [`NEEDS_IT`].
const GIVES_IT: &str = "investment-filing";
const NEEDS_IT: &str = "land-planning-permit";
const BANK: &str = "海澜银行江城支行";
const WHY: &str = "办理单位开户";

async fn page(scene: &Scene, path: &str, login: Option<&str>) -> (StatusCode, String) {
    let answer = scene.as_person(Method::GET, path, login, "").await;
    text(path, answer).await
}

async fn post(scene: &Scene, path: &str, login: &str, fields: &[(&str, &str)]) -> (StatusCode, String) {
    let mut body = form_urlencoded::Serializer::new(String::new());
    body.extend_pairs(fields);
    let answer = scene.as_person(Method::POST, path, Some(login), &body.finish()).await;
    text(path, answer).await
}

async fn text(path: &str, answer: axum::response::Response) -> (StatusCode, String) {
    let status = answer.status();
    let bytes = to_bytes(answer.into_body(), 1 << 24).await.unwrap();
    let text = String::from_utf8_lossy(&bytes).into_owned();
    if let (Ok(folder), true) = (std::env::var("YICHUANG_PAGES_DIR"), text.starts_with("<!")) {
        let name: String = path.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).take(40).collect();
        std::fs::write(format!("{folder}/sharing{name}.html"), &text).unwrap();
    }
    (status, text)
}

async fn drawn(scene: &Scene, slug: &str, who: &Who) -> demo::Drawn {
    demo::draw_for(scene.city(), slug, who, &mut Dice::new(7)).await.unwrap()
}

/// Done when: a licence issued in the demo city waives a material in another matter, from the wizard to the clerk's screen, and
/// the holder sees the look-up.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_licence_stands_in_for_a_paper_from_the_wizard_to_the_clerk_and_the_holder_sees_it() {
    let scene = Scene::new().await;
    let (who, actor, login) = scene.business().await;
    let city = scene.city();
    let first = drawn(&scene, GIVES_IT, &who).await;
    let shelf = city.shelf();
    let matter = &shelf.matter(NEEDS_IT).unwrap().bundle.matter;
    let material = matter.materials.iter().find(|own| own.waived_by.as_deref() == Some(GIVES_IT)).unwrap();

    let mut draft = cases::create_draft(city, &actor, NEEDS_IT).await.unwrap();
    draft.applicant = who.party().code;
    let wanted = drawn(&scene, NEEDS_IT, &who).await;
    draft.form = wanted.form.clone();
    let draft = cases::save_draft(city, &actor, draft).await.unwrap();
    let materials = format!("/drafts/{}/materials", draft.id);
    let (_, before) = page(&scene, &materials, Some(&login)).await;
    assert!(!before.contains("电子证照库"), "there is none yet");
    let licence = cases::submit(city, &actor, first.submit(Origin::Web)).await.unwrap().licence.unwrap();
    let (status, wizard) = page(&scene, &materials, Some(&login)).await;
    assert_eq!(status, 200);
    let source = format!("电子证照库：{} {}", shelf.licence_type(GIVES_IT).unwrap().name.zh, licence.number);
    assert!(wizard.contains(&source) && wizard.contains(&material.name.zh), "the wizard shows it with its source");
    assert!(wizard.contains("type=\"file\""), "it asks for other papers");
    assert!(!wizard.contains(&format!("name=\"{}\"", material.slot)), "and for no upload of this one");

    let mut filing = wanted.submit(Origin::Web);
    filing.materials.retain(|item: &GivenMaterial| item.slot != material.slot);
    filing.draft = Some(draft.id);
    let number = cases::submit(city, &actor, filing).await.unwrap().number;
    let (status, desk) = page(&scene, &format!("/desk/cases/{number}"), Some("clerk")).await;
    assert_eq!(status, 200);
    for words in [licence.number.as_str(), "签名核验通过", "有效", &format!("/v/{}", licence.public_id)] {
        assert!(desk.contains(words), "{words} on the clerk's screen");
    }
    let office = shelf.department(&matter.department).unwrap().name.zh.clone();
    for path in [format!("/licences/{}", licence.id), "/me/access".to_owned()] {
        let (status, read) = page(&scene, &path, Some(&login)).await;
        assert_eq!(status, 200, "{path}");
        assert!(read.contains("代替纸质材料") && read.contains(&number) && read.contains(&office), "{path}");
    }
    let (status, _) = page(&scene, &format!("/licences/{}", licence.id), Some("stranger")).await;
    assert_eq!(status, 404);
}

/// What stands between two parts of a page.
fn between<'a>(page: &'a str, from: &str, to: &str) -> &'a str {
    page.split_once(from).unwrap_or_else(|| panic!("no {from}")).1.split_once(to).unwrap().0
}

async fn code(scene: &Scene, id: &str, owner: &str) -> String {
    let fields = [("user", BANK), ("purpose", WHY), ("do", "code")];
    let (status, made) = post(scene, &format!("/licences/{id}/share"), owner, &fields).await;
    assert_eq!(status, 200);
    between(&made, "slip__code num\">", "<").to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_person_takes_a_use_code_on_a_page_once() {
    let scene = Scene::new().await;
    let (id, owner) = scene.licence(false).await;
    let (status, _) = page(&scene, &format!("/licences/{id}/share"), Some("stranger")).await;
    assert_eq!(status, 404);
    let path = format!("/licences/{id}/share");
    let (status, refused) = post(&scene, &path, &owner, &[("user", ""), ("purpose", WHY), ("do", "code")]).await;
    assert!(status == 422 && refused.contains(WHY) && refused.contains("请写明使用者"), "{status}");
    let code = code(&scene, &id, &owner).await;

    let enter = format!("/use?code={code}");
    let asked = scene.as_person(Method::GET, &enter, None, "").await;
    assert!(asked.status() == 303 && asked.headers()["location"].to_str().unwrap().contains("/sign-in?next="));
    assert_eq!(scene.as_person(Method::GET, &enter, Some("newcomer"), "").await.status(), 303, "known by name first");
    let (status, form) = page(&scene, &enter, Some("stranger")).await;
    assert!(status == 200 && form.contains(&code));
    let (status, refused) = post(&scene, "/use", "stranger", &[("code", &code), ("verifier", "别人")]).await;
    assert!(status == 422 && refused.contains("用证码不对") && refused.contains("别人"));
    let (status, shown) = post(&scene, "/use", "stranger", &[("code", &code), ("verifier", BANK)]).await;
    assert_eq!(status, 200);
    for words in [BANK, WHY, "由持证人出示", "加注件 COPY", "<svg"] {
        assert!(shown.contains(words), "{words}");
    }
    let copy = format!("/use/{}/pdf", between(&shown, "href=\"/use/", "/pdf"));
    let answer = scene.as_person(Method::GET, &copy, Some("stranger"), "").await;
    assert!(answer.status() == 200 && answer.headers()["content-type"] == "application/pdf");
    assert_eq!(scene.as_person(Method::GET, &copy, Some(&owner), "").await.status(), 404);
    let (status, _) = post(&scene, "/use", "stranger", &[("code", &code), ("verifier", BANK)]).await;
    assert_eq!(status, 422, "once");
    let (_, read) = page(&scene, &format!("/licences/{id}"), Some(&owner)).await;
    assert!(read.contains(&format!("用证码 {BANK}：{WHY}")) && read.contains("个人账号"), "the holder reads it");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_link_is_opened_by_anybody_until_it_is_taken_back() {
    let scene = Scene::new().await;
    let (id, owner) = scene.licence(false).await;
    let path = format!("/licences/{id}/share");
    let last = scene.city().now().date().to_string();
    let fields = [("user", BANK), ("purpose", WHY), ("last", last.as_str()), ("do", "link")];
    let (status, made) = post(&scene, &path, &owner, &fields).await;
    assert_eq!(status, 200);
    let link = format!("/s/{}", between(&made, "http://127.0.0.1:8080/s/", "<"));
    let (status, shown) = page(&scene, &link, None).await;
    assert!(status == 200 && shown.contains(BANK) && shown.contains(WHY) && shown.contains("加注件 COPY"));
    let answer = scene.as_person(Method::GET, &format!("{link}/pdf"), None, "").await;
    assert!(answer.status() == 200 && answer.headers()["content-type"] == "application/pdf");
    assert_eq!(scene.as_person(Method::GET, &format!("{link}/ofd"), None, "").await.status(), 404);
    let (_, read) = page(&scene, &format!("/licences/{id}"), Some(&owner)).await;
    assert!(read.contains("持有分享链接的人"));

    let (_, open) = page(&scene, &path, Some(&owner)).await;
    let withdraw = format!("/licences/{id}/shares/{}/withdraw", between(&open, "/shares/", "/withdraw"));
    assert_eq!(post(&scene, &withdraw, "stranger", &[]).await.0, 404);
    assert_eq!(post(&scene, &withdraw, &owner, &[]).await.0, 303);
    let (status, over) = page(&scene, &link, None).await;
    assert!(status == 409 && over.contains("收回"), "{status}");
    assert_eq!(page(&scene, &format!("{link}/pdf"), None).await.0, 409);

    let answer = scene.as_person(Method::POST, &path, Some(&owner), "user=ab&purpose=cd&do=copy").await;
    assert!(answer.status() == 200 && answer.headers()["content-type"] == "application/pdf");
}

async fn ask(scene: &Scene, system: &str, path: &str, key: &str, body: &Value) -> (u16, Value) {
    let headers = [("content-type", "application/json"), ("idempotency-key", key)];
    let (status, _, answer) = scene.ask(system, &format!("POST {path}"), &headers, body.to_string()).await;
    (status, answer)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_system_takes_a_use_code_over_the_api() {
    const USES: &str = "/api/v1/licence-uses";
    let scene = Scene::new().await;
    let (id, owner) = scene.licence(false).await;
    let code = code(&scene, &id, &owner).await;
    let body = json!({"code": code, "verifier": BANK, "copy": "pdf"});
    for (system, status) in [("", 401), ("reader", 403), ("foreign", 403), ("clerk", 403)] {
        assert_eq!(ask(&scene, system, USES, "k", &body).await.0, status, "{system}");
    }
    let odd = json!({"code": code, "verifier": BANK, "copy": "ofd"});
    let (status, refused) = ask(&scene, "bank", USES, "k0", &odd).await;
    assert_eq!((status, &refused["errors"][0]["field"]), (422, &"copy".into()), "before the code is used up");
    let (status, first) = ask(&scene, "bank", USES, "k1", &body).await;
    assert_eq!(status, 201, "{first}");
    assert_eq!((&first["purpose"], &first["licence"]["status"]), (&WHY.into(), &"valid".into()));
    let data = serde_json::to_vec(&first["licence"]["data"]).unwrap();
    let report = seal::licence::verify_licence(&data, &scene.city().keys().roots, scene.city().moment());
    assert!(report.valid, "{:?}", report.checks);
    assert_eq!(first["copy"]["media_type"], "application/pdf");
    let (status, again) = ask(&scene, "bank", USES, "k1", &body).await;
    assert_eq!((status, &again["licence"]), (201, &first["licence"]), "the same request");
    let (status, refused) = ask(&scene, "bank", USES, "k2", &body).await;
    assert_eq!((status, &refused["errors"][0]["field"]), (422, &"code".into()), "another request");
    let (_, read) = page(&scene, &format!("/licences/{id}"), Some(&owner)).await;
    assert!(read.contains("系统 bank") && read.contains(WHY));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_that_guesses_codes_waits_and_the_others_do_not() {
    let scene = Scene::new().await;
    let options = Options {
        place: web::layout::City {
            name: Text::new("江城市", "Jiangcheng"),
            district: Text::new("海澜区", "Hailan District"),
            hotline: "12345".to_owned(),
        },
        client_header: None,
        secure_cookies: false,
        limits: Limits::default(),
    };
    // One program that keeps count; the scene's own requests each get a fresh one.
    let app = App::new(scene.city().clone(), options);
    let guess = async |system: &str, key: u32| {
        let request = Request::post("/api/v1/licence-uses")
            .header("host", "127.0.0.1:8080")
            .header("authorization", format!("Bearer {}", scene.token(system)))
            .header("content-type", "application/json")
            .header("idempotency-key", key.to_string());
        let body = json!({"code": "00000-00000", "verifier": BANK}).to_string();
        let answer = web::router(app.clone()).oneshot(request.body(Body::from(body)).unwrap()).await.unwrap();
        (answer.status().as_u16(), answer.headers().contains_key("retry-after"))
    };
    let most = scene.city().settings().operation.licence_calls_per_minute;
    for key in 0..most {
        assert_eq!(guess("bank", key).await, (422, false), "guess {key}");
    }
    assert_eq!(guess("bank", most).await, (429, true));
    assert_eq!(guess("foreign", 0).await.0, 403, "not allowed at all, and not counted with the other");
    scene.advance(61);
    assert_eq!(guess("bank", most).await, (422, false));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_system_fetches_for_an_open_case_over_the_api() {
    const FETCHES: &str = "/api/v1/licence-fetches";
    let scene = Scene::new().await;
    let (who, actor, login) = scene.business().await;
    let first = drawn(&scene, GIVES_IT, &who).await;
    let licence = cases::submit(scene.city(), &actor, first.submit(Origin::Web)).await.unwrap().licence.unwrap();
    let body = json!({"holder": who.party().code, "matter": NEEDS_IT, "purpose": "用地审查"});
    assert_eq!(ask(&scene, "bank", FETCHES, "k", &body).await.0, 404, "no open case");
    let filing = drawn(&scene, NEEDS_IT, &who).await.submit(Origin::Web);
    let number = cases::submit(scene.city(), &actor, filing).await.unwrap().number;
    for (system, status) in [("", 401), ("reader", 403), ("foreign", 403), ("approver", 403)] {
        assert_eq!(ask(&scene, system, FETCHES, "k", &body).await.0, status, "{system}");
    }
    let (status, fetched) = ask(&scene, "bank", FETCHES, "k", &body).await;
    assert_eq!(status, 200, "{fetched}");
    assert_eq!((&fetched["case"], fetched["items"].as_array().unwrap().len()), (&number.into(), 1));
    let item = &fetched["items"][0];
    assert_eq!(item["licence"]["id"], licence.id.to_string());
    assert!(item["basis"].as_str().unwrap().starts_with('《'));
    let (_, read) = page(&scene, &format!("/licences/{}", licence.id), Some(&login)).await;
    assert!(read.contains("其他系统调取") && read.contains("用地审查") && read.contains("系统 bank"));
}
