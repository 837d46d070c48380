//! The public log: a page for citizens, files for auditors, the proof of a licence for its holder.

use axum::body::to_bytes;
use axum::http::Method;
use domain::accounts::{Actor, Grant, Role};
use seal::tlog::checkpoint::Checkpoint;
use seal::tlog::logged::{LogTrust, verify_logged};
use service::{licences, log};

use crate::routes::Scene;

fn approver() -> Actor {
    Actor {
        account: None,
        name: "审批".into(),
        grants: vec![Grant { role: Role::Approver, department: None, district: None }],
        person: None,
        acts_for: Vec::new(),
        mandates: Vec::new(),
    }
}

async fn page(scene: &Scene, path: &str, login: Option<&str>) -> String {
    let response = scene.as_person(Method::GET, path, login, "").await;
    assert_eq!(response.status(), 200, "{path}");
    String::from_utf8(to_bytes(response.into_body(), 1 << 22).await.unwrap().to_vec()).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_log_is_explained_served_and_proves_a_licence_to_its_holder() {
    let scene = Scene::new().await;
    let (id, _) = scene.licence(true).await;
    let (own, owner) = scene.licence(false).await;
    let licence = licences::view(scene.city(), &approver(), &id).await.unwrap().licence;
    assert!(page(&scene, "/log", None).await.contains("日志还没有第一个检查点"));
    assert!(!page(&scene, &format!("/licences/{own}"), Some(&owner)).await.contains("/proof"));
    while log::advance(scene.city()).await.unwrap() > 0 {}
    log::publish(scene.city()).await.unwrap();

    let (status, headers, note) = scene.ask_raw("", "GET /log/checkpoint", &[], "").await;
    assert_eq!((status, headers["content-type"].to_str().unwrap()), (200, "text/plain; charset=utf-8"));
    assert_eq!(headers["cache-control"], "no-cache");
    let key = scene.city().keys().log.as_ref().unwrap().verifier().clone();
    let (head, _) = Checkpoint::open(std::str::from_utf8(&note).unwrap(), &key).unwrap();
    assert_eq!(head.size, 2);
    let (_, _, keys) = scene.ask_raw("", "GET /log/keys", &[], "").await;
    assert_eq!(keys, format!("{key}\n").into_bytes());
    for path in ["/log/tile/0/000.p/2", "/log/tile/entries/000.p/2"] {
        let (status, headers, bytes) = scene.ask_raw("", &format!("GET {path}"), &[], "").await;
        assert_eq!((status, headers["content-type"].to_str().unwrap()), (200, "application/octet-stream"), "{path}");
        assert!(headers["cache-control"].to_str().unwrap().contains("immutable") && !bytes.is_empty(), "{path}");
    }
    for path in ["/log/tile/0/000", "/log/tile/0/000.p/3", "/log/tile/entries/001", "/log/tile/0/0"] {
        assert_eq!(scene.ask_raw("", &format!("GET {path}"), &[], "").await.0, 404, "{path}");
    }
    let shown = page(&scene, "/log", None).await;
    assert!(shown.contains(&head.origin) && shown.contains("尚无外部见证方"), "{shown}");
    let shown = page(&scene, &format!("/v/{}", licence.public_id), None).await;
    assert!(shown.contains("已载入公开日志"), "what was checked is said");

    let request = format!("GET /api/v1/licences/{id}/proof");
    let (status, headers, text) = scene.ask_raw("owner", &request, &[], "").await;
    let disposition = headers["content-disposition"].to_str().unwrap();
    assert!(status == 200 && disposition.contains(&format!("{}.tlog-proof", licence.public_id)), "{disposition}");
    let trust = LogTrust { log: key, witnesses: Vec::new() };
    let text = String::from_utf8(text).unwrap();
    let moment = scene.city().moment();
    assert!(verify_logged(licence.signed.as_bytes(), &licence.public_id, &text, &trust, moment).valid, "{text}");
    assert_eq!(scene.ask_raw("foreign", &request, &[], "").await.0, 404);
    let shown = page(&scene, &format!("/licences/{own}"), Some(&owner)).await;
    assert!(shown.contains(&format!("/licences/{own}/proof")));
    assert!(
        page(&scene, &format!("/licences/{own}/proof"), Some(&owner)).await.starts_with("c2sp.org/tlog-proof@v1\n")
    );
}
