//! Licences as files, whether they still count, and what anybody finds out about a file. Set `YICHUANG_PAGES_DIR` to a folder to look
//! at the pages of the life of a licence.

use axum::body::to_bytes;
use axum::http::{HeaderMap, Method};
use domain::accounts::{Actor, Grant, Role};
use seal::render::{ofd, pdf};
use seal::report::CheckName;
use seal::status::{Status, open_compact, verify_status_list};
use serde_json::Value;
use service::licences::{self, Ending};
use store::licences::STATUS_LIST;
use store::{Change, PlainWrite};

use crate::routes::Scene;

const FORMS: [(&str, &str, &str); 4] = [
    ("pdf", "application/pdf", "pdf"),
    ("ofd", "application/ofd", "ofd"),
    ("svg", "image/svg+xml", "svg"),
    ("data", "application/json", "json"),
];

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

async fn revoke(scene: &Scene, id: &str) {
    licences::end(scene.city(), &approver(), id, Ending::Revoke, "《行政许可法》第六十九条").await.unwrap();
}

fn is_download(headers: &HeaderMap, kind: &str, name: &str) {
    assert_eq!(headers["content-type"], kind);
    let disposition = headers["content-disposition"].to_str().unwrap();
    assert!(disposition.starts_with("attachment;") && disposition.contains(name), "{disposition}");
}

/// That a file is what its form says.
fn is_whole(scene: &Scene, form: &str, bytes: &[u8]) {
    let (roots, at) = (&scene.city().keys().roots, scene.city().moment());
    let (valid, checks) = match form {
        "pdf" => {
            let report = pdf::verify(bytes, roots, at);
            (report.valid, report.checks)
        }
        "ofd" => {
            let report = ofd::verify(bytes, roots, at);
            (report.valid, report.checks)
        }
        "svg" => (bytes.starts_with(b"<svg"), Vec::new()),
        _ => {
            let report = seal::licence::verify_licence(bytes, roots, at);
            (report.valid, report.checks)
        }
    };
    assert!(valid, "{form}: {checks:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_licence_is_downloaded_in_every_form_by_whom_it_concerns() {
    let scene = Scene::new().await;
    let (id, _) = scene.licence(true).await;
    let public_id = licences::view(scene.city(), &approver(), &id).await.unwrap().licence.public_id;
    for (form, kind, ending) in FORMS {
        let request = format!("GET /api/v1/licences/{id}/{form}");
        let (status, headers, bytes) = scene.ask_raw("owner", &request, &[], "").await;
        assert_eq!(status, 200, "{form}");
        is_download(&headers, kind, &format!("{public_id}.{ending}"));
        is_whole(&scene, form, &bytes);
        assert_eq!(scene.ask("foreign", &request, &[], "").await.0, 404, "{form}");
        assert_eq!(scene.ask("", &request, &[], "").await.0, 401, "{form}");
    }
    let (_, _, shown) = scene.ask_raw("owner", &format!("GET /api/v1/licences/{id}"), &[], "").await;
    let (_, _, data) = scene.ask_raw("owner", &format!("GET /api/v1/licences/{id}/data"), &[], "").await;
    assert_eq!(shown, data);

    let (id, owner) = scene.licence(false).await;
    for (form, kind, ending) in FORMS {
        let path = format!("/licences/{id}/{form}");
        let answer = scene.as_person(Method::GET, &path, Some(&owner), "").await;
        assert_eq!(answer.status(), 200, "{form}");
        is_download(answer.headers(), kind, &format!(".{ending}"));
        is_whole(&scene, form, &to_bytes(answer.into_body(), 1 << 22).await.unwrap());
        assert_eq!(scene.as_person(Method::GET, &path, Some("stranger"), "").await.status(), 404, "{form}");
    }
    let page = scene.as_person(Method::GET, &format!("/licences/{id}"), Some(&owner), "").await;
    let page = String::from_utf8(to_bytes(page.into_body(), 1 << 22).await.unwrap().to_vec()).unwrap();
    for (form, ..) in FORMS {
        assert!(page.contains(&format!("href=\"/licences/{id}/{form}\"")), "{form}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_status_list_is_fetched_again_only_when_something_ended() {
    let scene = Scene::new().await;
    let (id, _) = scene.licence(true).await;
    let status = async || scene.ask("owner", &format!("GET /api/v1/licences/{id}/status"), &[], "").await.2;
    let first = status().await;
    assert_eq!((&first["status"], &first["label"]["zh"]), (&"valid".into(), &"有效".into()), "{first}");
    let (list, place) = (first["status_list"].as_str().unwrap(), first["status_index"].as_u64().unwrap());
    let request = format!("GET /api/v1/status-list/{list}");
    let (code, headers, before) = scene.ask_raw("", &request, &[], "").await;
    assert_eq!((code, &headers["content-type"]), (200, &"application/json".parse().unwrap()));
    let tag = headers["etag"].to_str().unwrap().to_owned();
    let state = |bytes: &[u8]| {
        let report = verify_status_list(bytes, &scene.city().keys().roots, scene.city().moment());
        assert!(report.valid, "{:?}", report.checks);
        report.content.unwrap().status_list.states().unwrap().get(place as u32).unwrap()
    };
    assert_eq!(state(&before), Status::Valid);
    for at_hand in [tag.as_str(), &format!("W/{tag}"), &format!("\"other\", {tag}"), "*"] {
        let (code, headers, body) = scene.ask_raw("", &request, &[("if-none-match", at_hand)], "").await;
        assert_eq!((code, body.len(), &headers["etag"]), (304, 0, &tag.parse().unwrap()), "{at_hand}");
    }
    let other = [("if-none-match", "\"other\"")];
    assert_eq!(scene.ask_raw("", &request, &other, "").await.2, before);

    licences::suspend(scene.city(), &approver(), &id, None, "《行政处罚法》第九条第三项").await.unwrap();
    let (code, _, during) = scene.ask_raw("", &request, &[("if-none-match", &tag)], "").await;
    assert_eq!((code, state(&during)), (200, Status::Suspended));
    let suspended = status().await;
    assert_eq!((&suspended["status"], &suspended["label"]["zh"]), (&"suspended".into(), &"已暂扣".into()));
    let public = licences::view(scene.city(), &approver(), &id).await.unwrap().licence.public_id;
    let (code, _, page) = scene.ask_raw("", &format!("GET /v/{public}"), &[("cookie", "display=zh")], "").await;
    let page = String::from_utf8(page).unwrap();
    assert!(code == 200 && page.contains("已暂扣") && page.contains("verdict--paused") && !page.contains("目前有效"));
    licences::resume(scene.city(), &approver(), &id, "《行政处罚法》第二十八条").await.unwrap();
    assert_eq!(state(&scene.ask_raw("", &request, &[], "").await.2), Status::Valid);

    revoke(&scene, &id).await;
    let (code, headers, after) = scene.ask_raw("", &request, &[("if-none-match", &tag)], "").await;
    assert_eq!((code, state(&after)), (200, Status::Ended));
    assert_ne!(headers["etag"], tag.as_str());
    let second = status().await;
    assert_eq!((&second["status"], &second["label"]["zh"]), (&"revoked".into(), &"已撤销".into()), "{second}");

    // A list that was kept for more than a day says nothing any more; a fresh one is there to be had.
    scene.advance(24 * 3600 + 1);
    let report = verify_status_list(&after, &scene.city().keys().roots, scene.city().moment());
    assert_eq!((report.valid, report.failed()), (false, vec![CheckName::Fresh]));
    assert_eq!(state(&scene.ask_raw("", &request, &[], "").await.2), Status::Ended);
    assert_eq!(scene.ask("", "GET /api/v1/status-list/999", &[], "").await.0, 404);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_status_lists_are_read_page_by_page() {
    let scene = Scene::new().await;
    scene.licence(true).await;
    let mut change = Change::new(scene.city().region(), scene.city().now());
    for list in ["2", "3"] {
        let columns = vec![list.into(), vec![7_u8; 16].into()];
        change.plain.push(PlainWrite { table: &STATUS_LIST, id: format!("list-{list}"), columns });
    }
    scene.city().store().commit(change).await.unwrap();
    let (mut names, mut after) = (Vec::new(), String::new());
    loop {
        let (status, _, page) = scene.ask("", &format!("GET /api/v1/status-list?limit=2{after}"), &[], "").await;
        assert_eq!(status, 200, "{page}");
        let items = page["items"].as_array().unwrap();
        assert!(items.len() <= 2, "{page}");
        names.extend(items.iter().map(|item| item["list"].as_str().unwrap().to_owned()));
        assert_eq!(
            items[0]["url"],
            format!("http://127.0.0.1:8080/api/v1/status-list/{}", names[names.len() - items.len()])
        );
        match &page["next"] {
            Value::Null => break,
            next => after = format!("&after={}", next.as_str().unwrap()),
        }
    }
    assert_eq!(names, ["1", "2", "3"]);
}

/// The public answer about a file: status and page.
async fn look_up(scene: &Scene, name: &str, bytes: &[u8]) -> (u16, String) {
    let mut body =
        format!("--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n").into_bytes();
    body.extend(bytes);
    body.extend(b"\r\n--b--\r\n");
    let headers = [("content-type", "multipart/form-data; boundary=b"), ("cookie", "display=zh")];
    let (status, _, page) = scene.ask_raw("", "POST /v", &headers, body).await;
    (status, String::from_utf8(page).unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn anybody_checks_a_file_in_any_form_that_is_signed() {
    let scene = Scene::new().await;
    let (id, _) = scene.licence(true).await;
    let view = licences::view(scene.city(), &approver(), &id).await.unwrap();
    for form in ["pdf", "ofd", "data"] {
        let request = format!("GET /api/v1/licences/{id}/{form}");
        let (_, _, bytes) = scene.ask_raw("owner", &request, &[], "").await;
        let (status, page) = look_up(&scene, form, &bytes).await;
        assert_eq!(status, 200, "{form}");
        assert!(page.contains("文件真实完整") && page.contains(&view.licence.identifier), "{form}");
        assert!(page.contains(&format!("/v/{}", view.licence.public_id)), "{form}: the online answer");

        let mut changed = bytes.clone();
        let middle = changed.len() / 2;
        changed[middle] ^= 1;
        let (status, page) = look_up(&scene, form, &changed).await;
        assert!(!page.contains("文件真实完整"), "{form}");
        assert!(status == 200 && page.contains("不真实"), "{form}: {status}");
        // The report says what was found, check by check, however broken the file is.
        assert!(page.contains("核验了什么") && page.contains("未通过"), "{form}");
        let (status, page) = look_up(&scene, form, &bytes[1..]).await;
        assert!(status == 422 && page.contains("不是本平台的证照文件"), "{form}: {status}");
    }
    let (_, _, kept) = scene.ask_raw("owner", &format!("GET /api/v1/licences/{id}/ofd"), &[], "").await;
    revoke(&scene, &id).await;
    let (_, page) = look_up(&scene, "kept.ofd", &kept).await;
    assert!(page.contains("已撤销"), "an old file is genuine, and told that it counts no more");
}

/// A page that somebody opens, in Chinese.
async fn opened(scene: &Scene, path: &str, login: &str) -> String {
    let page = scene.as_person(Method::GET, path, Some(login), "").await;
    assert_eq!(page.status(), 200, "{path}");
    String::from_utf8(to_bytes(page.into_body(), 1 << 22).await.unwrap().to_vec()).unwrap()
}

fn keep(name: &str, page: &str) {
    if let Ok(folder) = std::env::var("YICHUANG_PAGES_DIR") {
        std::fs::write(format!("{folder}/{name}.html"), page).unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_holder_sees_what_became_of_a_licence_and_renews_it() {
    let scene = Scene::new().await;
    let (id, owner) = scene.licence(false).await;
    let path = format!("/licences/{id}");
    let page = opened(&scene, &path, &owner).await;
    keep("licence", &page);
    assert!(page.contains("<svg xmlns") && page.contains("证照经历") && page.contains(&format!("{path}/renew")));
    // The form is that of the first application, and the page before sending names the licence.
    let answer = scene.as_person(Method::POST, &format!("{path}/renew"), Some(&owner), "").await;
    assert_eq!(answer.status(), 303);
    let draft = answer.headers()["location"].to_str().unwrap().to_owned();
    let number = licences::view(scene.city(), &approver(), &id).await.unwrap().licence.number;
    let check = opened(&scene, &format!("{draft}/check"), &owner).await;
    assert!(check.contains("延续的证照") && check.contains(&number));
    let stranger = scene.as_person(Method::POST, &format!("{path}/renew"), Some("stranger"), "").await;
    assert_eq!(stranger.status(), 404);

    licences::suspend(scene.city(), &approver(), &id, None, "《行政处罚法》第九条第三项：暂扣。").await.unwrap();
    let page = opened(&scene, &path, &owner).await;
    assert!(
        page.contains("暂扣期间不得") && page.matches("《行政处罚法》第九条第三项").count() == 2,
        "notice and history"
    );
    let wallet = opened(&scene, "/licences", &owner).await;
    keep("wallet", &wallet);
    let public_id = licences::view(scene.city(), &approver(), &id).await.unwrap().licence.public_id;
    keep("public", &opened(&scene, &format!("/v/{public_id}"), &owner).await);
    assert!(wallet.contains("已暂扣") && !wallet.contains("已失效的证照"));
}

/// A list in the form that pages check: what it says, under the keys that pages trust.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_gets_the_list_in_a_form_that_browsers_check() {
    let scene = Scene::new().await;
    let (id, _) = scene.licence(true).await;
    let licence = licences::view(scene.city(), &approver(), &id).await.unwrap().licence;
    let address = format!("GET /trust/status/{}", licence.status_list);
    let trust = licences::qr_trust(scene.city()).await.unwrap();
    let (status, headers, bytes) = scene.ask_raw("", &address, &[], "").await;
    assert_eq!((status, &headers["content-type"]), (200, &"application/cose".parse().unwrap()));
    assert_eq!(headers["cache-control"], "no-cache");
    let list = open_compact(&bytes, &trust).unwrap();
    assert_eq!(list.bits.get(licence.status_index), Some(Status::Valid));
    assert_eq!(list.next_update.micros() - list.issued_at.micros(), 24 * 3_600_000_000);
    let tag = headers["etag"].to_str().unwrap().to_owned();
    assert_eq!(scene.ask_raw("", &address, &[("if-none-match", &tag)], "").await.0, 304);
    revoke(&scene, &id).await;
    let (status, _, bytes) = scene.ask_raw("", &address, &[("if-none-match", &tag)], "").await;
    assert_eq!(status, 200, "at once");
    assert_eq!(open_compact(&bytes, &trust).unwrap().bits.get(licence.status_index), Some(Status::Ended));
    assert_eq!(scene.ask_raw("", "GET /trust/status/none", &[], "").await.0, 404);

    // What devices keep names nobody.
    let page = opened(&scene, "/v/offline", "owner").await;
    assert!(page.contains("没有网络时查验") && !page.contains("/sign-out"));
    let (_, headers, script) = scene.ask_raw("", "GET /verify-worker.js", &[], "").await;
    assert_eq!(headers["content-type"], "text/javascript; charset=utf-8");
    assert!(String::from_utf8(script).unwrap().starts_with("self.assets = {"));
}
