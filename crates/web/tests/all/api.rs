//! The API as protocol: conditional requests, repeated requests, lists by pages, bodies that do not fit.

use serde_json::{Value, json};

use crate::routes::Scene;

const JSON: (&str, &str) = ("content-type", "application/json");

fn kind(problem: &Value) -> &str {
    assert!(problem["detail"].is_string(), "RFC 9457 §3.1.4: {problem}");
    assert!(problem["text"]["zh"].is_string() && problem["text"]["en"].is_string(), "{problem}");
    problem["type"].as_str().unwrap().strip_prefix("urn:yichuang:problem:").unwrap()
}

/// A command on a case; the body is empty.
async fn command(scene: &Scene, number: &str, name: &str, key: &str, tag: Option<&str>) -> (u16, Value) {
    let mut headers = vec![("idempotency-key", key)];
    headers.extend(tag.map(|tag| ("if-match", tag)));
    let request = format!("POST /api/v1/cases/{number}/{name}");
    let (status, _, body) = scene.ask("clerk", &request, &headers, "").await;
    (status, body)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_condition_is_met_a_list_or_any_and_never_weak() {
    let scene = Scene::new().await;
    let number = scene.filed_case().await;
    let (_, headers, case) = scene.ask("clerk", &format!("GET /api/v1/cases/{number}"), &[], "").await;
    let tag = headers["etag"].to_str().unwrap().to_owned();
    assert_eq!(tag, format!("\"{}\"", case["version"]));

    let (status, problem) = command(&scene, &number, "accept", "k1", None).await;
    assert_eq!((status, kind(&problem)), (428, "version-missing"));
    for stale in ["\"0\"", "abc", &format!("W/{tag}"), "\"0\", \"99\""] {
        let (status, problem) = command(&scene, &number, "accept", "k1", Some(stale)).await;
        assert_eq!((status, kind(&problem)), (412, "changed"), "{stale}");
    }
    let list = format!("\"0\", {tag}");
    assert_eq!(command(&scene, &number, "accept", "k1", Some(&list)).await.0, 200);
    let other = scene.filed_case().await;
    assert_eq!(command(&scene, &other, "accept", "k2", Some("*")).await.0, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_stands_for_one_request_at_one_address() {
    let scene = Scene::new().await;
    let (number, other) = (scene.filed_case().await, scene.filed_case().await);
    let (status, first) = command(&scene, &number, "accept", "same", Some("*")).await;
    assert_eq!((status, first["state"].as_str()), (200, Some("in-review")));
    let (status, again) = command(&scene, &number, "accept", "same", Some("\"1\"")).await;
    assert_eq!((status, &again["version"]), (200, &first["version"]), "carried out once");
    for (number, name) in [(&other, "accept"), (&number, "resume")] {
        let (status, problem) = command(&scene, number, name, "same", Some("*")).await;
        assert_eq!((status, kind(&problem)), (422, "key-reused"), "{name}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lists_can_be_read_to_their_end() {
    let scene = Scene::new().await;
    let mut path = "/api/v1/matters?q=%E5%BC%80%E9%A5%AD%E5%BA%97&limit=200".to_owned();
    let (_, _, whole) = scene.ask("", &format!("GET {path}"), &[], "").await;
    let all: Vec<Value> = whole["items"].as_array().unwrap().clone();
    assert!(all.len() > 2 && whole["next"].is_null(), "{whole}");
    let mut one_by_one = Vec::new();
    path = path.replace("limit=200", "limit=1");
    let mut after = String::new();
    loop {
        let (_, _, page) = scene.ask("", &format!("GET {path}{after}"), &[], "").await;
        one_by_one.extend(page["items"].as_array().unwrap().iter().cloned());
        match page["next"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => break,
        }
    }
    assert_eq!(one_by_one, all);
    for list in ["/api/v1/matters?", "/api/v1/matters?q=%E5%BC%80%E9%A5%AD%E5%BA%97&", "/api/v1/cases?"] {
        for after in ["no-such-thing", "%00"] {
            let (status, _, problem) = scene.ask("owner", &format!("GET {list}after={after}"), &[], "").await;
            assert_eq!((status, kind(&problem)), (422, "invalid"), "{list} {after}");
            assert_eq!(problem["errors"][0]["field"], "after");
        }
    }

    let number = scene.filed_case().await;
    command(&scene, &number, "accept", "k", Some("*")).await;
    let path = format!("/api/v1/cases/{number}/timeline");
    let (_, _, whole) = scene.ask("clerk", &format!("GET {path}"), &[], "").await;
    let (_, _, first) = scene.ask("clerk", &format!("GET {path}?limit=1"), &[], "").await;
    let next = first["next"].as_str().unwrap();
    let (_, _, rest) = scene.ask("clerk", &format!("GET {path}?after={next}"), &[], "").await;
    let joined: Vec<&Value> = [&first, &rest].into_iter().flat_map(|page| page["items"].as_array().unwrap()).collect();
    assert_eq!(joined, whole["items"].as_array().unwrap().iter().collect::<Vec<_>>());
    let (status, _, problem) = scene.ask("clerk", &format!("GET {path}?limit=0"), &[], "").await;
    assert_eq!((status, kind(&problem)), (422, "invalid"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_body_that_does_not_fit_is_told_where_and_why() {
    let scene = Scene::new().await;
    let post = async |headers: &[(&str, &str)], body: Vec<u8>| {
        let headers: Vec<(&str, &str)> = [("idempotency-key", "k")].iter().chain(headers).copied().collect();
        let (status, _, problem) = scene.ask("owner", "POST /api/v1/cases", &headers, body).await;
        let error = problem["errors"][0].clone();
        (status, kind(&problem).to_owned(), error["field"].as_str().unwrap_or("").to_owned(), error["message"].clone())
    };
    let party = json!({"kind": "person", "name": "王芳", "id_type": "citizen-id", "code": "11010519491231002X"});
    let mut known = party.clone();
    known["nickname"] = json!("芳芳");
    for (body, field) in [
        (json!([1]), "body"),
        (json!({"matter": "x", "form": {}}), "body"),
        (json!({"matter": "x", "form": {}, "applicant": known}), "applicant.nickname"),
        (json!({"matter": 3, "form": {}, "applicant": party}), "matter"),
    ] {
        let (status, kind, at, message) = post(&[JSON], body.to_string().into_bytes()).await;
        assert_eq!((status, kind.as_str(), at.as_str()), (422, "invalid", field), "{message}");
        assert!(
            !message["zh"].as_str().unwrap().contains("struct") && !message["en"].as_str().unwrap().contains("struct")
        );
    }
    assert_eq!(post(&[JSON], b"{\"matter\": ".to_vec()).await.0, 422);
    for headers in [("content-type", "text/xml"), ("content-encoding", "gzip")] {
        assert_eq!(post(&[headers], b"{}".to_vec()).await.0, 415, "{headers:?}");
    }
    let number = scene.filed_case().await;
    let headers = [("idempotency-key", "k2"), ("if-match", "*"), JSON];
    let request = format!("POST /api/v1/cases/{number}/accept");
    let (status, _, problem) = scene.ask("clerk", &request, &headers, r#"{"x": 1}"#).await;
    assert_eq!((status, problem["errors"][0]["field"].as_str()), (422, Some("x")));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_protocol_refuses_says_what_to_do() {
    let scene = Scene::new().await;
    let (status, headers, problem) = scene.ask("", "GET /api/v1/cases", &[], "").await;
    assert_eq!((status, kind(&problem)), (401, "sign-in"));
    assert!(headers["www-authenticate"].to_str().unwrap().starts_with("Bearer"));
    let bearer = format!("bearer {}", scene.token("clerk"));
    assert_eq!(scene.ask("", "GET /api/v1/cases", &[("authorization", &bearer)], "").await.0, 200);
    for path in ["/api", "/api/v1", "/api/v2/cases", "/api/v1/nothing"] {
        let (status, _, problem) = scene.ask("", &format!("GET {path}"), &[], "").await;
        assert_eq!((status, kind(&problem)), (404, "not-found"), "{path}");
    }
    let (status, headers, problem) = scene.ask("", "DELETE /api/v1/matters", &[], "").await;
    assert_eq!((status, kind(&problem)), (405, "method"));
    assert!(headers["allow"].to_str().unwrap().contains("GET"));
    let chosen = [("accept-language", "en")];
    let (_, _, problem) = scene.ask("", "GET /api/v1/matters/none", &chosen, "").await;
    assert_eq!(problem["detail"], problem["text"]["en"]);
}

/// A file sent in pieces: every refusal says where to go on, and a file of a refused type is gone.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_upload_that_goes_on_elsewhere_is_told_where() {
    let scene = Scene::new().await;
    let begin = async |key: Option<&str>, name: &str| {
        let body = json!({ "name": name, "size": 17 }).to_string();
        let mut headers = vec![JSON];
        headers.extend(key.map(|key| ("idempotency-key", key)));
        scene.ask("owner", "POST /api/v1/uploads", &headers, body).await
    };
    let (status, headers, upload) = begin(Some("k"), "../../执照.pdf").await;
    assert_eq!((status, &upload["name"]), (201, &json!("执照.pdf")));
    let place = headers["location"].to_str().unwrap().to_owned();
    assert_eq!(begin(Some("k"), "../../执照.pdf").await.2["id"], upload["id"]);
    let (status, _, problem) = begin(Some("k"), "other.pdf").await;
    assert_eq!((status, kind(&problem)), (422, "key-reused"));
    let (status, _, problem) = begin(None, "\u{202e}/").await;
    assert_eq!((status, &problem["errors"][0]["field"]), (422, &json!("name")));

    let send = async |place: &str, offset: &str, body: &'static str| {
        scene.ask("owner", &format!("PATCH {place}"), &[("upload-offset", offset)], body).await
    };
    let (status, headers, _) = send(&place, "0", "%PDF-1.7").await;
    assert_eq!((status, headers["upload-offset"].to_str().unwrap()), (204, "8"));
    for wrong in ["0", "-1", "99"] {
        let (status, headers, problem) = send(&place, wrong, "one page!").await;
        assert_eq!((status, kind(&problem)), (409, "upload-offset"), "{wrong}");
        assert_eq!(headers["upload-offset"], "8");
        assert!(problem["text"]["zh"].as_str().unwrap().contains("8 字节"), "{problem}");
    }
    let (status, headers, _) = send(&place, "8", "one page!").await;
    assert_eq!((status, headers["upload-offset"].to_str().unwrap()), (204, "17"));
    let (status, headers, problem) = send(&place, "3", "x").await;
    assert_eq!((status, kind(&problem), headers["upload-offset"].to_str().unwrap()), (409, "upload-offset", "17"));

    let place = begin(None, "program.pdf").await.1["location"].to_str().unwrap().to_owned();
    let (status, _, problem) = send(&place, "0", "MZ\u{0}\u{0} a program...").await;
    assert_eq!((status, kind(&problem)), (422, "invalid"));
    assert_eq!(scene.ask("owner", &format!("GET {place}"), &[], "").await.0, 404);
}
