//! Identity providers: a certified one in the browser, and one of ours that lies.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};

use axum::routing::{get, post};
use axum::{Json, Router};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use domain::accounts::{Account, Grant, Role};
use domain::catalog::ApplicantKind;
use domain::text::Text;
use domain::time::Timestamp;
use seal::key::{Alg, PrivateKey, raw_signature};
use serde_json::{Value, json};
use service::accounts::provider::{
    Arrival, Provider, ProviderConfig, ProviderError, RealName, Returned, Unproved, begin_at_provider,
    return_from_provider, unlink,
};
use service::accounts::{NewAccount, SignedIn, open_account, resolve, sign_in};
use service::{City, ServiceError};
use testkit::browser::{Browser, BrowserError, Launch, Screen, Tab, chromium, required};
use testkit::city::{Build, TestCity, administrator, build};

use crate::sign_in::{Person, open};

const PASSWORD: &str = "a good password";

fn config(issuer: &str) -> ProviderConfig {
    ProviderConfig {
        id: "city".to_owned(),
        name: Text::new("江城通", "Jiangcheng Pass"),
        issuer: issuer.to_owned(),
        client_id: "yichuang".to_owned(),
        secret_file: "unused".into(),
        scopes: vec!["profile".to_owned(), "identity".to_owned()],
        real_name: Some(RealName {
            claim: "level".to_owned(),
            values: vec!["real-name".to_owned()],
            code_claim: "citizen_number".to_owned(),
            name_claim: "name".to_owned(),
        }),
        ca_file: None,
    }
}

fn provider(issuer: &str) -> Provider {
    Provider::new(config(issuer), "a secret of forty characters, or nearly", None).unwrap()
}

/// A provider that says whatever a test wants.
struct Liar {
    issuer: String,
    said: Arc<Mutex<Said>>,
}

#[derive(Default)]
struct Said {
    metadata: Value,
    keys: Value,
    token: Value,
    form: String,
}

fn key(seed: u8) -> PrivateKey {
    let mut next = seed;
    PrivateKey::generate(Alg::Es256, &mut |bytes: &mut [u8]| {
        for byte in bytes {
            next = next.wrapping_mul(29).wrapping_add(11);
            *byte = next;
        }
    })
}

fn jwk(name: &str, key: &PrivateKey) -> Value {
    let point = key.public_key().point();
    let (x, y) = (BASE64.encode(&point[1..33]), BASE64.encode(&point[33..]));
    json!({ "kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": name, "x": x, "y": y })
}

fn mint(header: &Value, claims: &Value, key: &PrivateKey) -> String {
    let signed = format!("{}.{}", BASE64.encode(header.to_string()), BASE64.encode(claims.to_string()));
    let signature = raw_signature(Alg::Es256, &key.sign(signed.as_bytes()).unwrap()).unwrap();
    format!("{signed}.{}", BASE64.encode(signature))
}

impl Liar {
    async fn start() -> Liar {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let issuer = format!("http://{}", listener.local_addr().unwrap());
        let metadata = json!({
            "issuer": issuer, "authorization_endpoint": format!("{issuer}/auth"),
            "token_endpoint": format!("{issuer}/token"), "jwks_uri": format!("{issuer}/keys")
        });
        let keys = json!({ "keys": [{ "kty": "OKP", "crv": "Ed25519", "x": "AA" }, jwk("k1", &key(1))] });
        let said = Arc::new(Mutex::new(Said { metadata, keys, ..Said::default() }));
        let (a, b, c) = (said.clone(), said.clone(), said.clone());
        let token = move |body: String| async move {
            let mut said = c.lock().unwrap();
            said.form = body;
            Json(said.token.clone())
        };
        let router = Router::new()
            .route(
                "/.well-known/openid-configuration",
                get(move || async move { Json(a.lock().unwrap().metadata.clone()) }),
            )
            .route("/keys", get(move || async move { Json(b.lock().unwrap().keys.clone()) }))
            .route("/token", post(token));
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Liar { issuer, said }
    }

    fn claims(&self, now: Timestamp, nonce: &str) -> Value {
        let now = now.micros() / 1_000_000;
        json!({ "iss": self.issuer, "aud": "yichuang", "sub": "s-1", "nonce": nonce, "iat": now, "exp": now + 300 })
    }

    /// Leaves and comes back with the token that `mint` makes of honest claims.
    async fn arrive(
        &self,
        city: &City,
        provider: &Provider,
        by: Option<&SignedIn>,
        mint: impl FnOnce(Value) -> String,
    ) -> Result<Arrival, ProviderError> {
        let departure = begin_at_provider(city, provider, "/me", by).await?;
        let (state, nonce) = (part(&departure.address, "state"), part(&departure.address, "nonce"));
        self.said.lock().unwrap().token = json!({ "id_token": mint(self.claims(city.now(), &nonce)) });
        return_from_provider(city, provider, &returned(&state, &departure.browser), by).await
    }
}

fn returned<'a>(state: &'a str, browser: &'a str) -> Returned<'a> {
    Returned { state, code: "code", error: "", issuer: "", browser }
}

fn part(address: &str, name: &str) -> String {
    let query = address.split_once('?').unwrap().1;
    query.split('&').find_map(|pair| pair.strip_prefix(&format!("{name}="))).unwrap().to_owned()
}

fn honest(claims: Value) -> String {
    mint(&json!({ "alg": "ES256", "kid": "k1" }), &claims, &key(1))
}

fn with(claims: Value, more: Value) -> Value {
    let mut claims = claims;
    claims.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    claims
}

async fn session_of(city: &City, login: &str) -> SignedIn {
    let session = sign_in(city, login, PASSWORD).await.unwrap();
    resolve(city, &session.secret).await.unwrap()
}

async fn scene() -> (TestCity, Liar, Provider) {
    let test = build(Build { base_url: "http://localhost:8080".to_owned(), ..Build::default() }).await.unwrap();
    let liar = Liar::start().await;
    let provider = provider(&liar.issuer);
    (test, liar, provider)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lie_opens_nothing() {
    let (test, liar, provider) = scene().await;
    let city = &test.city;
    let header = json!({ "alg": "ES256", "kid": "k1" });
    let past = city.now().micros() / 1_000_000 - 3600;
    let changes = [
        ("nonce", json!({ "nonce": "another" })),
        ("no nonce", json!({ "nonce": null })),
        ("expired", json!({ "exp": past })),
        ("endless", json!({ "exp": null })),
        ("old", json!({ "iat": past })),
        ("of tomorrow", json!({ "iat": past + 90_000 })),
        ("issuer", json!({ "iss": "https://evil.example" })),
        ("audience", json!({ "aud": "another" })),
        ("one of several", json!({ "aud": ["yichuang", "another"] })),
        ("for another party", json!({ "azp": "another" })),
        ("nobody", json!({ "sub": "" })),
    ];
    for (name, change) in changes {
        let lie = |claims| mint(&header, &with(claims, change), &key(1));
        let answer = liar.arrive(city, &provider, None, lie).await;
        assert!(matches!(answer, Err(ProviderError::Refused(_))), "{name}: {answer:?}");
    }
    let unsigned = |claims: Value| {
        format!("{}.{}.", BASE64.encode(json!({ "alg": "none" }).to_string()), BASE64.encode(claims.to_string()))
    };
    let head = |header: Value| move |claims: Value| mint(&header, &claims, &key(1));
    type Lie = Box<dyn FnOnce(Value) -> String>;
    let lies: [(&str, Lie); 6] = [
        ("no signature", Box::new(unsigned)),
        ("a shared secret", Box::new(head(json!({ "alg": "HS256", "kid": "k1" })))),
        ("an unknown key", Box::new(head(json!({ "alg": "ES256", "kid": "k9" })))),
        ("another kind of key", Box::new(head(json!({ "alg": "RS256", "kid": "k1" })))),
        ("an extension", Box::new(head(json!({ "alg": "ES256", "kid": "k1", "crit": ["x"] })))),
        ("another key", Box::new(|claims| mint(&json!({ "alg": "ES256", "kid": "k1" }), &claims, &key(2)))),
    ];
    for (name, lie) in lies {
        let answer = liar.arrive(city, &provider, None, lie).await;
        assert!(matches!(answer, Err(ProviderError::Refused(_))), "{name}: {answer:?}");
    }
    let accounts = city.store().query("SELECT id FROM account WHERE login LIKE 'u-%'", &[]).await.unwrap();
    assert!(accounts.is_empty(), "nobody was let in");
    liar.arrive(city, &provider, None, honest).await.unwrap();
    assert!(liar.said.lock().unwrap().form.contains("code_verifier="));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_state_comes_back_once_to_the_browser_that_left() {
    let (test, liar, provider) = scene().await;
    let city = &test.city;
    let leave = async || {
        let departure = begin_at_provider(city, &provider, "/me", None).await.unwrap();
        let (state, nonce) = (part(&departure.address, "state"), part(&departure.address, "nonce"));
        liar.said.lock().unwrap().token = json!({ "id_token": honest(liar.claims(city.now(), &nonce)) });
        (state, departure.browser)
    };
    let refused = async |returned: &Returned<'_>| {
        let answer = return_from_provider(city, &provider, returned, None).await;
        assert!(matches!(answer, Err(ProviderError::Refused(_))), "{answer:?}");
    };
    let (state, browser) = leave().await;
    return_from_provider(city, &provider, &returned(&state, &browser), None).await.unwrap();
    refused(&returned(&state, &browser)).await;
    let (state, _) = leave().await;
    refused(&returned(&state, "another browser")).await;
    let (state, browser) = leave().await;
    refused(&Returned { issuer: "https://evil.example", ..returned(&state, &browser) }).await;
    let (state, browser) = leave().await;
    refused(&Returned { error: "access_denied", ..returned(&state, &browser) }).await;
    let (state, browser) = leave().await;
    test.clock.advance_seconds(301);
    refused(&returned(&state, &browser)).await;
    refused(&returned("never given out", &browser)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_may_change_and_foreign_addresses_are_not_called() {
    let (test, liar, provider) = scene().await;
    let city = &test.city;
    liar.arrive(city, &provider, None, honest).await.unwrap();
    let second = |claims: Value| mint(&json!({ "alg": "ES256", "kid": "k2" }), &claims, &key(2));
    liar.said.lock().unwrap().keys = json!({ "keys": [jwk("k2", &key(2))] });
    assert!(liar.arrive(city, &provider, None, second).await.is_err(), "the keys were read a moment ago");
    test.clock.advance_seconds(31);
    liar.arrive(city, &provider, None, second).await.unwrap();
    for (name, change) in [
        ("keys elsewhere", json!({ "jwks_uri": "http://127.0.0.1:1/keys" })),
        ("a user at the issuer's name", json!({ "token_endpoint": liar.issuer.replace("//", "//a@") })),
        ("another name", json!({ "issuer": "https://evil.example" })),
        ("endless", json!({ "more": "x".repeat(300 << 10) })),
    ] {
        let fresh = self::provider(&liar.issuer);
        let honest_metadata = liar.said.lock().unwrap().metadata.clone();
        liar.said.lock().unwrap().metadata = with(honest_metadata.clone(), change);
        let answer = begin_at_provider(city, &fresh, "/me", None).await;
        assert!(matches!(answer, Err(ProviderError::Down(_))), "{name}: {answer:?}");
        liar.said.lock().unwrap().metadata = honest_metadata;
        // It is left alone for a moment, and then serves again.
        assert!(begin_at_provider(city, &fresh, "/me", None).await.is_err(), "{name}");
        test.clock.advance_seconds(11);
        begin_at_provider(city, &fresh, "/me", None).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_is_made_or_found_and_identity_is_proved_as_at_a_window() {
    let (test, liar, provider) = scene().await;
    let city = &test.city;
    let says = |sub: &str, more: Value| {
        let more = with(json!({ "sub": sub }), more);
        move |claims: Value| honest(with(claims, more))
    };
    // Made, without identity; found again.
    let first = liar.arrive(city, &provider, None, says("a", json!({ "name": "过客" }))).await.unwrap();
    assert_eq!((first.account.name.as_str(), first.account.person.is_none()), ("过客", true));
    let again = liar.arrive(city, &provider, None, says("a", json!({}))).await.unwrap();
    assert_eq!(again.account.id, first.account.id);
    let signed_in = resolve(city, &again.session.unwrap().secret).await.unwrap();
    assert!(matches!(unlink(city, &signed_in, "city").await, Err(ServiceError::Invalid(_))), "the last way in");
    // A level that is not enough, and a number that the register does not know under the name, prove nothing.
    let person = test.invent(ApplicantKind::Person).await.unwrap().person.party();
    let real = |level: &str, name: &str| json!({ "level": level, "citizen_number": person.code, "name": name });
    let low = liar.arrive(city, &provider, None, says("a", real("password", &person.name))).await.unwrap();
    assert!(low.account.person.is_none() && low.unproved.is_none());
    let unknown = liar.arrive(city, &provider, None, says("a", real("real-name", "别人"))).await.unwrap();
    assert_eq!((unknown.unproved, unknown.account.person), (Some(Unproved::Unknown), None));
    // Enough: the same fact as at a window.
    let proved = liar.arrive(city, &provider, None, says("a", real("real-name", &person.name))).await.unwrap();
    assert_eq!(proved.account.person.as_ref(), Some(&person));
    assert_eq!(proved.account.proved_by.as_deref(), Some("provider"));
    let stream = format!("account/{}", proved.account.id);
    let journal = city.store().read_journal(city.region(), 0, 1000).await.unwrap();
    let kinds: Vec<&str> = journal.iter().filter(|fact| fact.stream == stream).map(|fact| fact.kind.as_str()).collect();
    assert_eq!(kinds, ["account.opened", "account.linked", "account.identity-proved"]);
    // Another name at the provider for the same person is the same account; another person under the old name is not.
    let other_name = liar.arrive(city, &provider, None, says("b", real("real-name", &person.name))).await.unwrap();
    assert_eq!(other_name.account.id, proved.account.id);
    let someone = test.invent(ApplicantKind::Person).await.unwrap().person.party();
    let changed = json!({ "level": "real-name", "citizen_number": someone.code, "name": someone.name });
    assert!(liar.arrive(city, &provider, None, says("b", changed)).await.is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_is_bound_by_who_is_signed_in_and_never_opens_an_office() {
    let (test, liar, provider) = scene().await;
    let city = &test.city;
    let says = |sub: &str, more: Value| {
        let more = with(json!({ "sub": sub }), more);
        move |claims: Value| honest(with(claims, more))
    };
    let own = test.invent(ApplicantKind::Person).await.unwrap();
    test.citizen(&own, "wang.fang", PASSWORD).await.unwrap();
    let other = test.invent(ApplicantKind::Person).await.unwrap();
    test.citizen(&other, "li.na", PASSWORD).await.unwrap();
    let (by, else_by) = (session_of(city, "wang.fang").await, session_of(city, "li.na").await);
    let bound = liar.arrive(city, &provider, Some(&by), says("a", json!({}))).await.unwrap();
    assert!(bound.session.is_none() && bound.account.id == by.account.id);
    let entered = liar.arrive(city, &provider, None, says("a", json!({}))).await.unwrap();
    assert_eq!(entered.account.id, by.account.id);
    assert!(liar.arrive(city, &provider, Some(&else_by), says("a", json!({}))).await.is_err(), "bound already");
    // Begun by one, brought back by another, or by nobody.
    for back in [Some(&else_by), None] {
        let departure = begin_at_provider(city, &provider, "/me", Some(&by)).await.unwrap();
        let state = part(&departure.address, "state");
        let answer = return_from_provider(city, &provider, &returned(&state, &departure.browser), back).await;
        assert!(matches!(answer, Err(ProviderError::Refused(_))), "{answer:?}");
    }
    unlink(city, &by, "city").await.unwrap();
    let made = liar.arrive(city, &provider, None, says("a", json!({}))).await.unwrap();
    assert_ne!(made.account.id, by.account.id, "bound no more");
    // An official is a person too, but the provider's word opens no office.
    let person = test.invent(ApplicantKind::Person).await.unwrap().person.party();
    let grants = vec![Grant { role: Role::Clerk, department: None, district: None }];
    let new = NewAccount {
        login: "clerk".to_owned(),
        password: Some(PASSWORD.to_owned()),
        name: person.name.clone(),
        grants,
        person: Some((person.clone(), "window".to_owned())),
    };
    open_account(city, &administrator(), new).await.unwrap();
    let real = json!({ "level": "real-name", "citizen_number": person.code, "name": person.name });
    let answer = liar.arrive(city, &provider, None, says("c", real)).await;
    assert!(matches!(answer, Err(ProviderError::Refused(_))), "{answer:?}");
    let own: Account = session_of(city, "clerk").await.account;
    assert!(own.links.is_empty());
}

#[test]
fn a_configuration_that_cannot_work_is_named() {
    let good = config("https://id.example");
    good.check().unwrap();
    for wrong in [
        ProviderConfig { id: "City Pass".to_owned(), ..good.clone() },
        ProviderConfig { issuer: "http://id.example".to_owned(), ..good.clone() },
        ProviderConfig { issuer: "https://a@id.example".to_owned(), ..good.clone() },
        ProviderConfig { issuer: "https://id.example?x".to_owned(), ..good.clone() },
        ProviderConfig { issuer: "http://127.0.0.1.evil.example".to_owned(), ..good.clone() },
        ProviderConfig { client_id: String::new(), ..good.clone() },
        ProviderConfig { name: Text::new("", "x"), ..good.clone() },
    ] {
        assert!(wrong.check().unwrap_err().contains("identity provider"), "{wrong:?}");
    }
    assert!(Provider::new(good.clone(), " \n", None).is_err());
    assert!(Provider::new(good, "secret", Some("no certificate")).is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_that_is_down_leaves_the_password() {
    if !chromium() {
        return;
    }
    let city = open(|test, _| test.city.set_providers(vec![provider("http://127.0.0.1:1")])).await;
    let browser = Browser::launch(&Launch::default()).await.unwrap();
    let tab = browser.tab(Screen::PHONE).await.unwrap();
    let person = Person { tab: &tab, home: &city.home };
    person.speaks("zh-CN").await;
    person.go("/sign-in?next=/me").await;
    person.look("provider").await;
    person.press("a[href^='/sign-in/with/city']").await;
    assert!(person.words().await.contains("“江城通”暂时没有应答"), "{}", person.words().await);
    assert!(tab.has("#f-password").await.unwrap());
    person.look("provider-down").await;
    person.sign_in("/me").await;
    person.look("provider").await;
}

/// A certified provider, which ends with the test.
struct Certified {
    child: Child,
    issuer: String,
}

impl Drop for Certified {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Starts it; `None` when node or the package is missing and nobody insists.
fn certified(redirect: &str, people: &Value) -> Option<Certified> {
    let Some(folder) = std::env::var_os("YICHUANG_OIDC") else {
        assert!(
            !required(),
            "YICHUANG_OIDC must name a folder with the npm package oidc-provider; script/test does so"
        );
        return None;
    };
    let mut child = Command::new("node")
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/provider.mjs"))
        .arg(folder)
        .args([redirect, &people.to_string()])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
    let issuer = lines.find(|line| line.starts_with("http://"));
    // It goes on talking, and would die of a pipe that nobody reads.
    std::thread::spawn(move || lines.for_each(drop));
    Some(Certified { child, issuer: issuer.expect("the provider starts") })
}

/// Waits until a script expression is true on a page that is not ours; says what is there when it never is.
async fn until(tab: &Tab, script: &str) {
    if let Err(error) = tab.wait_until(script).await {
        panic!("{error} at {}: {}", tab.address().await.unwrap(), tab.html().await.unwrap());
    }
}

/// The provider's own pages: name, password, consent. They are not ours, so a script fills them in.
async fn agree(person: &Person<'_>, login: &str) {
    let (tab, home) = (person.tab, person.home);
    let whole = |there: &str| format!("document.readyState === 'complete' && location.origin !== {home:?} && {there}");
    until(tab, &whole("!!document.querySelector('input[name=login]')")).await;
    let fill = format!(
        "document.querySelector('input[name=login]').value = {login:?}; \
         document.querySelector('input[name=password]').value = 'any'"
    );
    tab.eval(&fill).await.unwrap();
    tab.follow(submit(tab)).await.unwrap();
    until(tab, &whole("!document.querySelector('input[name=login]') && document.forms.length > 0")).await;
    tab.follow(submit(tab)).await.unwrap();
    until(tab, &format!("location.origin === {home:?} && document.readyState === 'complete'")).await;
}

/// Submits the only form of the page.
async fn submit(tab: &Tab) -> Result<(), BrowserError> {
    tab.eval("document.forms[0].requestSubmit()").await.map(|_| ())
}

#[expect(clippy::disallowed_methods, reason = "the certified provider lives in the real time")]
fn present() -> Timestamp {
    Timestamp::from_micros(jiff::Timestamp::now().as_microsecond())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_citizen_signs_in_at_a_certified_provider() {
    if !chromium() {
        return;
    }
    let city = open(|test, _| {
        test.clock.set(present());
        test.clock.run();
    })
    .await;
    let who = city.test.invent(ApplicantKind::Person).await.unwrap().person.party();
    let people = json!({
        "real": { "name": who.name, "level": "real-name", "citizen_number": who.code },
        "plain": { "name": "过客", "level": "password" }
    });
    let redirect = format!("{}/sign-in/with/city/back", city.home);
    let Some(certified) = certified(&redirect, &people) else { return };
    city.test.city.set_providers(vec![provider(&certified.issuer)]);
    let browser = Browser::launch(&Launch::default()).await.unwrap();

    let tab = browser.tab(Screen::DESKTOP).await.unwrap();
    let person = Person { tab: &tab, home: &city.home };
    person.speaks("zh-CN").await;
    person.go("/sign-in?next=/licences").await;
    person.press("a[href^='/sign-in/with/city']").await;
    agree(&person, "real").await;
    assert_eq!(person.path().await, "/licences", "proved, so the wallet opens: {}", person.words().await);
    person.go("/me").await;
    assert!(person.words().await.contains("已实名"), "{}", person.words().await);
    person.look("provider-real").await;

    // Without the level there is an account and no wallet.
    let tab = browser.tab(Screen::PHONE).await.unwrap();
    let person = Person { tab: &tab, home: &city.home };
    person.speaks("zh-CN").await;
    person.go("/sign-in?next=/licences").await;
    person.press("a[href^='/sign-in/with/city']").await;
    agree(&person, "plain").await;
    assert!(person.path().await.starts_with("/me/identity"), "{}", person.path().await);
    person.look("provider-plain").await;

    // Somebody with a password binds it, by a form and a page that says where it leads.
    let tab = browser.tab(Screen::TABLET).await.unwrap();
    let person = Person { tab: &tab, home: &city.home };
    person.speaks("zh-CN").await;
    person.sign_in("/me").await;
    person.press("form[action='/me/links/city'] button").await;
    person.look("leaving").await;
    person.press("main a.button").await;
    agree(&person, "plain").await;
    assert!(person.words().await.contains("绑定了另一个账号"), "{}", person.words().await);
    assert_eq!(tab.complaints(), Vec::<String>::new());
}
