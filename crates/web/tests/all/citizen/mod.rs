//! The citizen's main pages in both languages, as text to review: what is on them, in what order, under which words.
//! The clock stands still and the people come from fixed dice, so a difference is a change of a page.

mod outline;

use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use axum::response::Response;
use domain::accounts::{Actor, Role};
use domain::cases::Point;
use domain::catalog::{ApplicantKind, SpecialKind};
use service::accounts::{resolve, sign_in};
use service::cases::{Changed, GivenMaterial, Work, work};
use service::demo::{Dice, Who, draw_for};
use testkit::city::{Build, TestCity};
use tower::ServiceExt;

use outline::outline;

const LOGIN: &str = "owner";
const PASSWORD: &str = "a-long-password";

/// A shop owner with an account, at home in a city of their own.
struct Owner {
    city: TestCity,
    who: Who,
    actor: Actor,
    secret: String,
    csrf: String,
}

impl Owner {
    async fn new() -> Owner {
        let city = testkit::city().await.unwrap();
        let who = city.invent(ApplicantKind::IndividualBusiness).await.unwrap();
        Owner::at_home(city, who).await
    }

    async fn at_home(city: TestCity, who: Who) -> Owner {
        let actor = city.citizen(&who, LOGIN, PASSWORD).await.unwrap();
        let secret = sign_in(&city.city, LOGIN, PASSWORD).await.unwrap().secret;
        let csrf = resolve(&city.city, &secret).await.unwrap().csrf;
        Owner { city, who, actor, secret, csrf }
    }

    async fn send(&self, lang: &str, signed_in: bool, path: &str, form: Option<&str>) -> Response {
        let session = if signed_in { format!("; yichuang={}", self.secret) } else { String::new() };
        let request = Request::builder()
            .method(if form.is_some() { "POST" } else { "GET" })
            .uri(path)
            .header("host", "127.0.0.1:8080")
            .header("cookie", format!("display={lang}{session}"))
            .header("content-type", "application/x-www-form-urlencoded");
        let body = form.map_or_else(String::new, |form| format!("csrf={}&{form}", self.csrf));
        self.city.router().oneshot(request.body(Body::from(body)).unwrap()).await.unwrap()
    }

    /// Where a post leads.
    async fn post(&self, path: &str, form: &str) -> String {
        let answer = self.send("zh", true, path, Some(form)).await;
        assert_eq!(answer.status(), StatusCode::SEE_OTHER, "{path}");
        answer.headers()["location"].to_str().unwrap().to_owned()
    }

    async fn html(&self, lang: &str, signed_in: bool, path: &str) -> String {
        let answer = self.send(lang, signed_in, path, None).await;
        String::from_utf8(to_bytes(answer.into_body(), usize::MAX).await.unwrap().to_vec()).unwrap()
    }

    /// A page in both languages.
    async fn snapshot(&self, name: &str, signed_in: bool, path: &str, root: &str) {
        for lang in ["zh", "en"] {
            let html = self.html(lang, signed_in, path).await;
            insta::assert_snapshot!(format!("{name}_{lang}"), outline(&html, root));
        }
    }

    /// Files the sample of a matter and says under which number.
    async fn file(&self, slug: &str) -> String {
        let drawn = draw_for(&self.city.city, slug, &self.who, &mut Dice::new(5)).await.unwrap();
        let wanted = drawn.submit(domain::cases::Origin::Web);
        service::cases::submit(&self.city.city, &self.actor, wanted).await.unwrap().number
    }

    async fn staff(&self, role: Role) -> Actor {
        self.city.staff(role, None, role.as_str(), PASSWORD).await.unwrap()
    }
}

#[tokio::test]
async fn before_applying() {
    let owner = Owner::new().await;
    owner.snapshot("home", false, "/", "body").await;
    owner.snapshot("guide", false, "/matters/public-place-hygiene", "main").await;
    owner.snapshot("sample", false, "/matters/public-place-hygiene/sample", "main").await;
    owner.snapshot("not_found", false, "/nowhere", "main").await;
}

#[tokio::test]
async fn from_the_task_list_to_the_public_check() {
    let owner = Owner::new().await;
    let applicant = owner.who.party().code;
    let draft = owner.post("/apply/public-place-hygiene", &format!("applicant={applicant}")).await;
    owner.post(&format!("{draft}/sample"), "").await;
    owner.snapshot("task_list", true, &draft, "main").await;
    owner.post(&format!("{draft}/pledge"), "how=pledge&accepted=true&version=2025-1").await;
    let receipt = owner.post(&format!("{draft}/check"), "do=send").await;
    owner.snapshot("receipt_granted", true, &receipt, "main").await;
    let mine = service::licences::mine(&owner.city.city, &owner.actor).await.unwrap();
    let licence = mine.first().unwrap();
    owner.snapshot("licence", true, &format!("/licences/{}", licence.licence.id), "main").await;
    let public = format!("/v/{}", licence.licence.public_id);
    owner.snapshot("public_check", false, &public, "main").await;
    // Who runs the shop stands on the licence and is nobody else's business.
    let name = &owner.who.person.name;
    assert!(licence.licence.signed.contains(name.as_str()) && !owner.html("zh", false, &public).await.contains(name));
}

#[tokio::test]
async fn what_people_decide() {
    let owner = Owner::new().await;
    let number = owner.file("food-operation").await;
    let case = format!("/cases/{number}");
    owner.snapshot("receipt", true, &format!("{case}/receipt"), "main").await;
    let city = &owner.city.city;
    let clerk = owner.staff(Role::Clerk).await;
    let points =
        vec![Point {
            about: "layout".to_owned(), text: "请在平面图上标明面积。".to_owned(), new_defect: None
        }];
    work(city, &clerk, &number, None, Work::RequestCorrection { points }, None).await.unwrap();
    owner.snapshot("tracking_correction", true, &case, "main").await;
    let form = service::cases::case_by_number(city, &owner.actor, &number).await.unwrap().case.application.form;
    let uploads = vec![service::demo::specimens(city).await.unwrap().pdf];
    let materials = vec![GivenMaterial { slot: "layout".to_owned(), uploads, paper: None }];
    let changed = Changed { form, materials, pledge: None };
    work(city, &owner.actor, &number, None, Work::Resubmit { changed }, None).await.unwrap();
    work(city, &clerk, &number, None, Work::Accept, None).await.unwrap();
    owner.snapshot("my_cases", true, "/cases", "main").await;
}

#[tokio::test]
async fn a_clock_that_stands_still_says_so() {
    let city = testkit::city().await.unwrap();
    let who = city.invent(ApplicantKind::Enterprise).await.unwrap();
    let owner = Owner::at_home(city, who).await;
    let number = owner.file("project-planning-permit").await;
    let city = &owner.city.city;
    work(city, &owner.staff(Role::Clerk).await, &number, None, Work::Accept, None).await.unwrap();
    let pause = Work::Pause { procedure: SpecialKind::ExpertReview, working_days: 10 };
    work(city, &owner.staff(Role::Reviewer).await, &number, None, pause, None).await.unwrap();
    owner.snapshot("tracking_paused", true, &format!("/cases/{number}"), "main").await;
    for (path, words) in [("/cases", "计时暂停"), ("/", "计时已暂停")] {
        assert!(owner.html("zh", true, path).await.contains(words), "{path}");
    }
}

#[tokio::test]
async fn registers_of_things_fill_forms_and_are_named() {
    let city = testkit::city().await.unwrap();
    let who = city.invent(ApplicantKind::Enterprise).await.unwrap();
    let owner = Owner::at_home(city, who).await;
    let drawn = draw_for(&owner.city.city, "land-planning-permit", &owner.who, &mut Dice::new(5)).await.unwrap();
    let applicant = owner.who.party().code;
    let draft = owner.post("/apply/land-planning-permit", &format!("applicant={applicant}")).await;
    for (step, field, source) in
        [("project", "project_code", "投资项目在线审批监管平台"), ("land", "land_contract", "土地供应合同库")]
    {
        let html = owner.html("zh", true, &format!("{draft}/{step}")).await;
        let value = drawn.form[field].as_str().unwrap();
        assert!(html.contains(&format!("value=\"{value}\"")), "{field} is filled in");
        assert!(html.contains(source), "{field} names {source}");
    }
}

#[tokio::test]
async fn the_sample_brings_its_files_in_a_demo_city_and_nowhere_else() {
    for demo in [true, false] {
        let city = testkit::city::build(Build { demo, ..Build::default() }).await.unwrap();
        let person = Who::thrown(&mut Dice::new(3), city.city.now().date(), ApplicantKind::Person, None);
        let owner = Owner::at_home(city, person).await;
        let applicant = owner.who.party().code;
        let draft = owner.post("/apply/clinic-filing", &format!("applicant={applicant}")).await;
        owner.post(&format!("{draft}/sample"), "").await;
        let drafts = service::cases::drafts(&owner.city.city, &owner.actor).await.unwrap();
        assert_eq!(drafts[0].materials.is_empty(), !demo);
        let page = owner.html("zh", true, &format!("{draft}/materials")).await;
        assert_eq!(page.contains("演示样本 SPECIMEN.pdf"), demo);
        assert_eq!(owner.html("zh", true, &draft).await.contains("演示城市会"), demo);
    }
}

#[tokio::test]
async fn what_cannot_be_seen_is_refused_where_it_is_typed() {
    let owner = Owner::new().await;
    let applicant = owner.who.party().code;
    let draft = owner.post("/apply/public-place-hygiene", &format!("applicant={applicant}")).await;
    let form = owner.city.city.shelf().matter("public-place-hygiene").unwrap().bundle.form.clone();
    let step = format!("{draft}/{}", form.step_of("sign_name").unwrap().id);
    // Control, direction, private use, never given out.
    for hidden in ["%00", "%01%02", "%E2%80%AEabc", "%EE%80%80", "%EF%BF%BE"] {
        let answer = owner.send("en", true, &step, Some(&format!("sign_name={hidden}&shown=sign_name"))).await;
        assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY, "{hidden}");
        let page = String::from_utf8(to_bytes(answer.into_body(), usize::MAX).await.unwrap().to_vec()).unwrap();
        assert!(page.contains("href=\"#f-sign_name\""), "{hidden}: the error names its field");
    }
}
