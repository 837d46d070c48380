//! What goes out of the platform: addresses, quiet hours, repeated tries, and what the lint of `messages.json` refuses.

use std::collections::BTreeMap;

use domain::accounts::{Channel, Contact, contact_code, masked};
use domain::messages::{MESSAGES, MessageRules, Occasion, Outgoing, fill, lint_messages};
use domain::text::Lang;
use domain::time::Timestamp;
use jiff::civil::date;

const FILE: &str = include_str!("../../../../catalog/messages.json");

fn files(text: &str) -> BTreeMap<String, String> {
    BTreeMap::from([(MESSAGES.to_owned(), text.to_owned())])
}

fn rules() -> MessageRules {
    Outgoing::load(&files(FILE)).unwrap().rules_on(date(2026, 11, 23)).unwrap().clone()
}

/// An instant of 23 November 2026, a little past the full minute.
fn at(hour: i64, minute: i64) -> Timestamp {
    Timestamp::start_of(date(2026, 11, 23)).plus_seconds(hour * 3600 + minute * 60 + 7)
}

#[test]
fn addresses_are_taken_in_one_form_or_not_at_all() {
    for (channel, typed, kept) in [
        (Channel::Email, " Li.Lei@Example.CN ", Some("Li.Lei@example.cn")),
        (Channel::Email, "ｌｉ＠example．cn", Some("li@example.cn")),
        (Channel::Email, "a+b@mail.example.com", Some("a+b@mail.example.com")),
        (Channel::Email, "nobody", None),
        (Channel::Email, "a@localhost", None),
        (Channel::Email, "a@127.0.0.1", None),
        (Channel::Email, "a..b@example.cn", None),
        (Channel::Email, "a@-example.cn", None),
        (Channel::Email, "a b@example.cn", None),
        (Channel::Email, "a@example.cn\r\nBcc: b@example.cn", None),
        (Channel::Email, "李雷@example.cn", None),
        (Channel::Sms, "+86 138-0000-0000", Some("13800000000")),
        (Channel::Wechat, "13800000000", Some("13800000000")),
        (Channel::Sms, "0532-88880000", None),
        (Channel::Sms, "12345", None),
    ] {
        assert_eq!(channel.address(typed).ok().as_deref(), kept, "{channel:?} {typed:?}");
    }
    let long = format!("{}@example.cn", "a".repeat(65));
    assert!(Channel::Email.address(&long).is_err());
    assert_eq!(masked(Channel::Email, "lilei@example.cn"), "li***@example.cn");
    assert_eq!(masked(Channel::Email, "a@example.cn"), "***@example.cn");
    let own = Contact { channel: Channel::Sms, address: "13800000000".into(), lang: Lang::Zh, since: at(9, 0) };
    assert_eq!(own.masked(), "138****0000");
    assert!(Channel::ALL.iter().all(|own| Channel::parse(own.as_str()) == Some(*own)));
    assert_eq!((contact_code([0; 8]), contact_code([0xff; 8]).len()), ("000000".to_owned(), 6));
}

#[test]
fn nobody_is_woken_but_whoever_waits_for_a_code() {
    let rules = rules();
    let seven = |day: i8| Timestamp::start_of(date(2026, 11, day)).plus_seconds(7 * 3600);
    for (now, out) in [
        (at(6, 59), seven(23)),
        (at(7, 0), at(7, 0)),
        (at(12, 0), at(12, 0)),
        (at(21, 59), at(21, 59)),
        (at(22, 0), seven(24)),
        (at(23, 59), seven(24)),
        (at(0, 0), seven(23)),
    ] {
        assert_eq!(rules.goes_out(Occasion::News, now), out, "{now}");
        assert_eq!(rules.goes_out(Occasion::Act, now), out, "{now}");
        assert_eq!(rules.goes_out(Occasion::Code, now), now);
    }
    let noon = MessageRules {
        quiet_from: "12:00".to_owned().try_into().unwrap(),
        quiet_to: "13:30".to_owned().try_into().unwrap(),
        ..rules.clone()
    };
    assert_eq!(noon.goes_out(Occasion::News, at(12, 30)).civil().time(), jiff::civil::time(13, 30, 0, 0));
    assert_eq!(noon.goes_out(Occasion::News, at(23, 0)), at(23, 0));
    let never = MessageRules { quiet_from: rules.quiet_to, ..rules };
    assert_eq!(never.goes_out(Occasion::News, at(3, 0)), at(3, 0), "the same hour twice means no quiet hours");
}

#[test]
fn tries_lie_further_and_further_apart_up_to_a_limit() {
    let rules = rules();
    let minutes =
        |failures| (rules.retried(failures, Occasion::Code, at(9, 0)).micros() - at(9, 0).micros()) / 60_000_000;
    assert_eq!((1..8).map(minutes).collect::<Vec<_>>(), [1, 4, 16, 64, 256, 360, 360]);
    assert_eq!(minutes(u32::MAX), 360);
    assert_eq!(rules.retried(4, Occasion::News, at(21, 30)).civil().hour(), 7, "a repetition wakes nobody either");
}

#[test]
fn what_is_filled_in_is_not_read_again() {
    let values = [("city", "江城"), ("title", "{city} {"), ("number", "")];
    assert_eq!(fill("{city}：{title}\n编号 {number}\n{unknown} {", &values), "江城：{city} {\n{unknown} {");
}

#[test]
fn the_lint_refuses_what_would_tell_others_about_a_person() {
    assert_eq!(lint_messages(&files(FILE)), []);
    assert_eq!(lint_messages(&BTreeMap::new()), []);
    let checks = |from: &str, to: &str| -> Vec<&'static str> {
        assert!(FILE.contains(from), "{from}");
        lint_messages(&files(&FILE.replacen(from, to, 1))).into_iter().map(|finding| finding.check).collect()
    };
    for personal in ["title", "text", "number", "link", "code"] {
        let subject = format!("【{{city}}】{{{personal}}}");
        assert_eq!(checks("【{city}】您有一条新消息", &subject), ["message-subject"], "{personal}");
    }
    assert_eq!(checks("【{city}】您有一条新消息", "【{city}】{name}"), ["message-placeholder"]);
    assert_eq!(checks("您的验证码是 {code}", "您的验证码"), ["message-template"]);
    assert_eq!(checks("{title}。详情", "{tittle}。详情"), ["message-placeholder"]);
    assert_eq!(checks("\"channel\": \"wechat\"", "\"channel\": \"sms\""), ["message-template", "message-template"]);
    assert_eq!(checks("\"tries\": 8", "\"tries\": 0"), ["message-rules"]);
    assert_eq!(checks("\"quiet_from\": \"22:00\"", "\"quiet_from\": \"24:00\""), ["message-rules"]);
    assert_eq!(checks("{city}: you have a new message", " "), ["message-template"]);
}
