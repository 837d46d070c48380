//! What pages refuse, they refuse in words, and what was sent goes into no header.

use axum::body::Body;
use axum::http::{Method, Request, Version};
use tower::ServiceExt;

use crate::routes::Scene;

async fn page(scene: &Scene, method: Method, path: &str) -> (u16, String, String) {
    let response = scene.as_person(method, path, None, "").await;
    let status = response.status().as_u16();
    let allow = response.headers().get("allow").map(|allow| allow.to_str().unwrap().to_owned()).unwrap_or_default();
    let kind = response.headers()["content-type"].to_str().unwrap().to_owned();
    assert!(kind.starts_with("text/html"), "{path}: {kind}");
    assert!(response.headers().contains_key("content-security-policy"), "{path}");
    let bytes = axum::body::to_bytes(response.into_body(), 1 << 20).await.unwrap();
    (status, allow, String::from_utf8(bytes.to_vec()).unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_broken_query_and_a_wrong_method_get_a_page() {
    let scene = Scene::new().await;
    let (status, _, text) = page(&scene, Method::GET, "/matters?q=a&q=b").await;
    assert_eq!(status, 400);
    assert!(text.contains("请检查网址参数是否重复"), "{text}");
    let (status, allow, text) = page(&scene, Method::DELETE, "/").await;
    assert_eq!(status, 405);
    assert!(allow.contains("GET") && text.contains("不支持该请求方法"), "{allow} {text}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_that_was_sent_goes_into_an_address() {
    let scene = Scene::new().await;
    let (draft, owner) = scene.draft_of_owner().await;
    for fields in
        ["do=next&from=a%0d%0aSet-Cookie:%20x=1", "do=add:a%0d%0ab&from=%C3%A9", "do=remove:%3Cb%3E:1&from=%22"]
    {
        let path = format!("/drafts/{draft}/place");
        let response = scene.as_person(Method::POST, &path, Some(&owner), fields).await;
        assert!(response.status().as_u16() < 500, "{fields}: {}", response.status());
        let place = response.headers().get("location").map_or("", |place| place.to_str().unwrap());
        for sent in ["a", "Set-Cookie", "%", "<", "\""] {
            let tail = place.split_once('?').map_or("", |(_, tail)| tail);
            assert!(!tail.split(['=', '&', '#']).any(|part| part == sent), "{place}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_names_its_host_once() {
    let city = testkit::city().await.unwrap();
    for (path, kind) in [("/", "text/html; charset=utf-8"), ("/api/v1/matters", "application/problem+json")] {
        for hosts in [&[][..], &["a.example", "b.example"]] {
            let request = hosts.iter().fold(Request::get(path), |request, host| request.header("host", *host));
            let answer = city.router().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
            assert_eq!((answer.status().as_u16(), &answer.headers()["content-type"]), (400, &kind.parse().unwrap()));
        }
        // Clients of HTTP/1.0 need not.
        let old = Request::get(path).version(Version::HTTP_10).body(Body::empty()).unwrap();
        assert_eq!(city.router().oneshot(old).await.unwrap().status(), 200, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_desk_names_every_answer_that_is_missing_and_leads_to_it() {
    let scene = Scene::new().await;
    let number = scene.filed_case().await;
    let barred = [
        ("f-decline-since", "认定虚假材料的决定日期", "Day of the decision that found false material"),
        ("f-decline-decision", "该决定的文号", "Number of that decision"),
        ("f-decline-reason", "理由", "Reasons"),
    ];
    let elsewhere = [
        ("f-decline-authority", "应当向哪个机关申请", "Which authority decides"),
        ("f-decline-reason", "理由", "Reasons"),
    ];
    let none = [("f-correct", "需要补正的内容", "What must be corrected")];
    let nothing = [("f-decline-ground", "依据", "Ground"), ("f-decline-reason", "理由", "Reasons")];
    for (command, fields, missing) in [
        ("decline-acceptance", "decline.ground=barred", &barred[..]),
        ("decline-acceptance", "decline.ground=wrong-authority", &elsewhere[..]),
        ("decline-acceptance", "", &nothing[..]),
        ("request-correction", "", &none[..]),
    ] {
        for lang in ["zh", "en"] {
            let path = format!("/desk/cases/{number}/{command}");
            let answer = scene.as_person_in(lang, Method::POST, &path, Some("clerk"), fields).await;
            assert_eq!(answer.status(), 422, "{command} {fields}");
            let bytes = axum::body::to_bytes(answer.into_body(), 1 << 20).await.unwrap();
            let page = String::from_utf8(bytes.to_vec()).unwrap();
            let summary = page.split_once("id=\"errors\"").unwrap().1.split_once("</section>").unwrap().0;
            assert_eq!(summary.matches("<li>").count(), missing.len(), "{summary}");
            for (id, zh, en) in missing {
                let words = if lang == "zh" { zh } else { en };
                let line = summary.split("<li>").find(|line| line.contains(&format!("href=\"#{id}\"")));
                assert!(line.is_some_and(|line| line.contains(words)), "{id}: {words} in {summary}");
                assert!(page.contains(&format!("id=\"{id}\"")), "{id} is nowhere on the page");
            }
        }
    }
}

/// Demo accounts are offered where the city says of itself that it is one, and nowhere else.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_a_demo_city_offers_its_accounts() {
    for demo in [true, false] {
        let city = testkit::city::build(testkit::city::Build { demo, ..Default::default() }).await.unwrap();
        for path in ["/sign-in", "/sign-in?as=li.shop"] {
            let request = Request::get(path).header("host", "127.0.0.1:8080").body(Body::empty()).unwrap();
            let answer = city.router().oneshot(request).await.unwrap();
            let bytes = axum::body::to_bytes(answer.into_body(), 1 << 20).await.unwrap();
            let page = String::from_utf8(bytes.to_vec()).unwrap();
            if path == "/sign-in" {
                assert_eq!(page.contains("li.shop"), demo, "demo: {demo}");
            }
            assert_eq!(page.contains("hailan-demo"), demo && path.contains("as="), "{path}, demo: {demo}");
        }
    }
}
