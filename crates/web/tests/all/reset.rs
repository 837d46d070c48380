//! A forgotten password, from the window to the new one, as both people see it: at three widths, in both languages, and
//! without scripts.

use domain::accounts::Role;
use service::accounts::find_by_login;
use testkit::browser::{Browser, Launch, Screen, Tab, chromium};

use crate::sign_in::{LOGIN, Open, Person, open};

const CLERK: &str = "clerk";
const CLERKS: &str = "a clerk's password";

/// The clerk gives out a code; answers it as it stands on the slip.
async fn give_out(city: &Open, tab: &Tab, language: &str, name: &str, scripts: bool) -> String {
    let person = Person { tab, home: &city.home };
    person.speaks(language).await;
    person.go("/sign-in?next=/desk/reset").await;
    tab.fill("#f-login", CLERK).await.unwrap();
    tab.fill("#f-password", CLERKS).await.unwrap();
    person.press("form[action='/sign-in'] button").await;
    assert_eq!(person.path().await, "/desk/reset");
    let look = async |what: &str| {
        if scripts {
            person.look(&format!("{name}-{what}")).await;
        }
    };
    look("empty").await;
    person.press("form[action='/desk/reset'] button").await;
    look("wrong").await;
    let (account, _) = find_by_login(&city.test.city, LOGIN).await.unwrap();
    tab.click("input[name=document][value=citizen-id]").await.unwrap();
    tab.fill("input[name=code]", &account.person.unwrap().code).await.unwrap();
    tab.click("input[name=seen]").await.unwrap();
    person.press("form[action='/desk/reset'] button").await;
    look("slip").await;
    assert!(person.words().await.contains(LOGIN), "the slip names the account: {}", person.words().await);
    tab.text(".slip__code").await.unwrap()
}

/// The citizen sets a new password and signs in with it.
async fn set(city: &Open, tab: &Tab, language: &str, name: &str, code: &str, scripts: bool) {
    let person = Person { tab, home: &city.home };
    let look = async |what: &str| {
        if scripts {
            person.look(&format!("{name}-{what}")).await;
        }
    };
    person.speaks(language).await;
    person.go("/sign-in").await;
    person.press("a[href='/sign-in/reset']").await;
    look("own").await;
    let fill = async |code: &str, password: &str| {
        tab.fill("#f-login", LOGIN).await.unwrap();
        tab.fill("#f-reset_code", code).await.unwrap();
        tab.fill("#f-password", password).await.unwrap();
        person.press("form[action='/sign-in/reset'] button").await;
    };
    fill("00000-00000", "a new password").await;
    assert_eq!(person.path().await, "/sign-in/reset");
    look("own-wrong").await;
    fill(&code.to_lowercase(), "a new password").await;
    assert_eq!(person.path().await, "/sign-in?reset=done", "{}", person.words().await);
    look("own-done").await;
    tab.fill("#f-login", LOGIN).await.unwrap();
    tab.fill("#f-password", "a new password").await.unwrap();
    person.press("form[action='/sign-in'] button").await;
    assert_eq!(person.path().await, "/", "{}", person.words().await);
    person.go("/me/access").await;
    look("looks").await;
    let words = person.words().await;
    assert!(words.contains(if language == "en" { "Password reset" } else { "重设密码" }), "{words}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forgotten_password_is_reset_at_a_window() {
    if !chromium() {
        return;
    }
    let browser = Browser::launch(&Launch::default()).await.unwrap();
    for (screen, language, scripts) in [
        (Screen::PHONE, "zh-CN", true),
        (Screen::TABLET, "en", true),
        (Screen::DESKTOP, "zh-CN", true),
        (Screen::PHONE, "en", false),
    ] {
        let city = open(|_, _| {}).await;
        city.test.staff(Role::Clerk, None, CLERK, CLERKS).await.unwrap();
        let name = format!("{language}-{}", screen.width);
        let mut tabs = Vec::new();
        for _ in 0..2 {
            let tab = browser.tab(screen).await.unwrap();
            tab.javascript(scripts).await.unwrap();
            tabs.push(tab);
        }
        let code = give_out(&city, &tabs[0], language, &name, scripts).await;
        set(&city, &tabs[1], language, &name, &code, scripts).await;
        assert_eq!(tabs[1].complaints(), Vec::<String>::new());
    }
}
