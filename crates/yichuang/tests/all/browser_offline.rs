//! Without a network: after one visit the browser checks codes and states itself, and says amber where it cannot know.

use std::net::SocketAddr;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use domain::accounts::{Actor, Role};
use domain::cases::Origin;
use domain::catalog::ApplicantKind;
use domain::time::Timestamp;
use service::cases;
use service::demo::{Dice, draw_for};
use service::licences::{self, Ending};
use testkit::browser::{Browser, Launch, Screen, Tab};
use testkit::city::{Build, TestCity};
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};

use crate::browser::{axe, chromium};

const PASSWORD: &str = "a-long-password";
const DAY_AND_AN_HOUR: u32 = 25 * 3_600;

/// The way to the city, which can be cut: every connection ends, and nobody answers any more.
struct Cable {
    port: u16,
    city: SocketAddr,
    way: Option<JoinHandle<()>>,
}

impl Cable {
    async fn new(listener: TcpListener, city: SocketAddr) -> Cable {
        let port = listener.local_addr().unwrap().port();
        let mut cable = Cable { port, city, way: None };
        cable.carry(listener);
        cable
    }

    fn carry(&mut self, listener: TcpListener) {
        let city = self.city;
        self.way = Some(tokio::spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((mut here, _)) = listener.accept().await {
                connections.spawn(async move {
                    if let Ok(mut there) = TcpStream::connect(city).await {
                        let _ = copy_bidirectional(&mut here, &mut there).await;
                    }
                });
            }
        }));
    }

    async fn pull(&mut self) {
        if let Some(way) = self.way.take() {
            way.abort();
            let _ = way.await;
        }
        assert!(TcpStream::connect(("127.0.0.1", self.port)).await.is_err(), "still connected");
    }

    async fn plug(&mut self) {
        self.carry(TcpListener::bind(("127.0.0.1", self.port)).await.unwrap());
    }
}

async fn city(tab: &Tab) -> (TestCity, Cable, String) {
    let front = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let home = format!("http://{}", front.local_addr().unwrap());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let cable = Cable::new(front, listener.local_addr().unwrap()).await;
    let now = tab.eval("Date.now()").await.unwrap().as_f64().unwrap();
    let start = Timestamp::from_micros(now as i64 * 1_000);
    let city = testkit::city::build(Build { base_url: home.clone(), start, ..Build::default() }).await.unwrap();
    city.clock.run();
    let service = city.router().into_make_service_with_connect_info::<SocketAddr>();
    tokio::spawn(async move { axum::serve(listener, service).await });
    (city, cable, home)
}

/// A licence of a new owner: its id, and the path of its code.
async fn licence(city: &TestCity, login: &str) -> (String, String) {
    let who = city.invent(ApplicantKind::IndividualBusiness).await.unwrap();
    let owner = city.citizen(&who, login, PASSWORD).await.unwrap();
    let drawn = draw_for(&city.city, "public-place-hygiene", &who, &mut Dice::new(4)).await.unwrap();
    cases::submit(&city.city, &owner, drawn.submit(Origin::Web)).await.unwrap();
    let view = licences::mine(&city.city, &owner).await.unwrap().remove(0);
    let url = view.file.qr.unwrap().url;
    (view.licence.id.to_string(), url[url.find("/v/").unwrap()..].to_owned())
}

/// Anybody with a telephone.
struct Passer<'t> {
    tab: &'t Tab,
    home: &'t str,
    looks: u32,
}

impl Passer<'_> {
    /// Scans a code; answers the state that the page shows, and its words.
    async fn scan(&mut self, code: &str) -> (String, String) {
        self.looks += 1;
        // Another address each time, so that the page is opened anew.
        let address = format!("{}{}", self.home, code.replacen('#', &format!("?look={}#", self.looks), 1));
        self.tab.goto(&address).await.unwrap();
        self.tab.wait_for("[data-qr-check][data-state]").await.unwrap();
        let state = self.tab.eval("document.querySelector('[data-qr-check]').dataset.state").await.unwrap();
        (state.as_str().unwrap().to_owned(), self.tab.text("[data-qr-check]").await.unwrap())
    }

    async fn expect(&mut self, code: &str, state: &str, words: &str) {
        let (found, said) = self.scan(code).await;
        assert!(found == state && said.contains(words), "{state}, {words}: {found}, {said}");
    }
}

/// Drops a file of these bytes on the form of the page for checks, as a hand with a mouse does.
async fn drop_file(tab: &Tab, name: &str, bytes: &[u8]) {
    let content = STANDARD.encode(bytes);
    let script = format!(
        "(() => {{ const bytes = Uint8Array.from(atob('{content}'), (c) => c.charCodeAt(0)); \
         const carried = new DataTransfer(); carried.items.add(new File([bytes], '{name}')); \
         const form = document.querySelector('form[data-qr-form]'); \
         const fire = (kind) => form.dispatchEvent(new DragEvent(kind, {{ dataTransfer: carried, bubbles: true, cancelable: true }})); \
         fire('dragover'); const seen = form.classList.contains('form--drop'); fire('drop'); return seen; }})()"
    );
    tab.follow(async {
        assert_eq!(tab.eval(&script).await?, true, "the form does not show that it takes the file");
        Ok(())
    })
    .await
    .unwrap();
}

#[test]
fn a_file_that_is_dropped_is_checked_like_one_that_was_chosen() {
    if !chromium() {
        return;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let browser = Browser::launch(&Launch::default()).await.unwrap();
        let tab = browser.tab(Screen::DESKTOP).await.unwrap();
        let (city, _cable, home) = city(&tab).await;
        let (id, _) = licence(&city, "first").await;
        let approver: Actor = city.staff(Role::Approver, None, "approver", PASSWORD).await.unwrap();
        let made = licences::render(&city.city, &approver, &id, licences::Form::named("pdf").unwrap()).await.unwrap();
        tab.goto(&format!("{home}/display?set=zh&back=/v")).await.unwrap();
        tab.wait_until("navigator.serviceWorker.controller !== null").await.unwrap();
        drop_file(&tab, "licence.pdf", &made.bytes).await;
        assert_eq!(tab.text("main h1").await.unwrap(), "有效");
        let mut broken = made.bytes.to_vec();
        let last = broken.len() / 2;
        broken[last] ^= 1;
        tab.goto(&format!("{home}/v")).await.unwrap();
        drop_file(&tab, "licence.pdf", &broken).await;
        let word = tab.text("main h1").await.unwrap();
        assert!(word != "有效" && tab.has(".verdict--bad").await.unwrap(), "{word}");
    });
}

#[test]
fn without_a_network_a_code_is_green_red_or_amber_but_never_wrong() {
    if !chromium() {
        return;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let browser = Browser::launch(&Launch::default()).await.unwrap();
        let tab = browser.tab(Screen::PHONE).await.unwrap();
        let (city, mut cable, home) = city(&tab).await;
        let (id, code) = licence(&city, "first").await;
        let (_, other) = licence(&city, "second").await;
        let approver: Actor = city.staff(Role::Approver, None, "approver", PASSWORD).await.unwrap();

        // One visit, to neither of the two licences. The choice of a language goes along with what the worker fetches.
        tab.goto(&format!("{home}/display?set=zh&back=/v")).await.unwrap();
        tab.wait_until("navigator.serviceWorker.controller !== null").await.unwrap();
        cable.pull().await;
        let mut passer = Passer { tab: &tab, home: &home, looks: 0 };
        passer.expect(&code, "good", "真实有效").await;
        assert_eq!(tab.text("main h1").await.unwrap(), "没有网络时查验");
        if axe() {
            assert_eq!(tab.axe().await.unwrap(), []);
        }
        if let Ok(folder) = std::env::var("YICHUANG_LOOK") {
            tab.screenshot(&std::path::Path::new(&folder).join("offline.png"), true).await.unwrap();
        }
        let (front, payload) = code.split_once('#').unwrap();
        let other_letter = if payload.as_bytes()[200] == b'A' { 'B' } else { 'A' };
        let forged = format!("{front}#{}{other_letter}{}", &payload[..200], &payload[201..]);
        assert_ne!(forged, code);
        passer.expect(&forged, "bad", "不真实").await;

        // Revoked: without a network nobody can know yet; with one the page knows at its next look, and keeps what it knows.
        licences::end(&city.city, &approver, &id, Ending::Revoke, "《行政许可法》第六十九条").await.unwrap();
        passer.expect(&code, "good", "状态截至").await;
        cable.plug().await;
        passer.expect(&code, "ended", "已失效").await;
        assert_eq!(tab.text("main h1").await.unwrap(), "已撤销", "the public page, at once");
        cable.pull().await;
        passer.expect(&code, "ended", "已失效").await;
        passer.expect(&other, "good", "真实有效").await;

        // A day later the list has run out: amber, but what has ended stays ended.
        tab.ahead(DAY_AND_AN_HOUR).await.unwrap();
        passer.expect(&other, "stale", "现在是否有效未知").await;
        assert!(passer.scan(&other).await.1.contains("已经过期"));
        if let Ok(folder) = std::env::var("YICHUANG_LOOK") {
            tab.screenshot(&std::path::Path::new(&folder).join("stale.png"), true).await.unwrap();
        }
        passer.expect(&code, "ended", "已失效").await;
    });
}
