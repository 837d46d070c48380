//! The post: addresses, numbers, and every state of an item with every command.

use domain::cases::ResultWay;
use domain::ids::MailingId;
use domain::post::{
    Direction, Event, EventKind, MailFact, MailState, Mailing, PostAddress, check_digit, is_number, number,
};
use domain::time::Timestamp;

const NOW: Timestamp = Timestamp::from_micros(1_795_000_000_000_000);

fn address() -> PostAddress {
    PostAddress {
        name: " 王大明 ".into(),
        phone: "138 0000 0000".into(),
        region: " 山东省青岛市黄岛区".into(),
        street: "望海路 1 号 2 单元 301".into(),
    }
}

fn item(state: MailState) -> Mailing {
    Mailing {
        id: MailingId::new(NOW, [1; 10]),
        direction: Direction::Out,
        case: "370211202611230000001".into(),
        person: "370211199001010010".into(),
        account: "a".into(),
        address: address(),
        number: None,
        posting: 1,
        events: Vec::new(),
        state,
    }
}

fn event(kind: EventKind) -> Event {
    Event { kind, at: NOW.plus_seconds(60), note: "门卫".into() }
}

#[test]
fn an_address_is_taken_in_one_form_or_with_every_fault_named() {
    let own = address().checked().unwrap();
    assert_eq!((own.name.as_str(), own.phone.as_str()), ("王大明", "13800000000"));
    assert_eq!(own.masked(), "王** 138****0000 山东省青岛市黄岛区");
    let wrong = |own: PostAddress| -> Vec<&'static str> {
        own.checked().err().unwrap_or_default().into_iter().map(|(field, _)| field).collect()
    };
    assert_eq!(wrong(PostAddress::default()), ["name", "phone", "region", "street"]);
    assert_eq!(wrong(PostAddress { region: "省".into(), ..address() }), ["region"]);
    assert_eq!(wrong(PostAddress { street: "望海路 1 号\u{202e}".into(), ..address() }), ["street"]);
    assert_eq!(wrong(PostAddress { name: "王".into(), ..address() }), ["name"]);
    assert!(ResultWay::ALL.iter().all(|way| ResultWay::parse(way.as_str()) == Some(*way)));
}

#[test]
fn numbers_carry_a_check_digit() {
    // The example of UPU S10.
    assert_eq!(check_digit("47312482"), Some('9'));
    assert_eq!(number("RR", 47_312_482), "RR473124829CN");
    assert_eq!(check_digit("00000000"), Some('5'));
    assert_eq!((check_digit("1234567"), check_digit("1234567a")), (None, None));
    assert!(is_number("RR473124829CN") && is_number(&number("EZ", 100_000_007)));
    for wrong in ["RR473124828CN", "rr473124829CN", "RR473124829C", "", "RR47312482九CN"] {
        assert!(!is_number(wrong), "{wrong}");
    }
}

/// Names of the facts that commands lead to; a dash where the state refuses.
fn outcomes(own: &Mailing) -> Vec<&'static str> {
    let kind =
        |answer: Result<MailFact, _>| answer.map_or("-", |fact: MailFact| fact.kind().trim_start_matches("mailing."));
    let told = own
        .report(event(EventKind::InTransit))
        .ok()
        .flatten()
        .map_or("-", |fact| fact.kind().trim_start_matches("mailing."));
    vec![
        kind(own.redirect(address())),
        kind(own.label("x".into())),
        kind(own.hand_over(NOW)),
        told,
        kind(own.send_again(address())),
        kind(own.collect(NOW)),
        kind(own.receive(NOW)),
        kind(own.cancel(NOW)),
    ]
}

#[test]
fn every_state_says_to_every_command_what_comes_of_it() {
    let returned = MailState::Returned { at: NOW, reason: "无人".into() };
    for (state, expect) in [
        (MailState::Wanted, ["redirected", "labelled", "-", "-", "-", "collected", "-", "cancelled"]),
        (MailState::Labelled, ["-", "-", "handed-over", "in-transit", "-", "-", "-", "-"]),
        (MailState::Underway { since: NOW }, ["-", "-", "-", "in-transit", "-", "-", "-", "-"]),
        (MailState::Delivered { at: NOW }, ["-"; 8]),
        (returned, ["-", "-", "-", "-", "sent-again", "collected", "-", "-"]),
        (MailState::Collected { at: NOW }, ["-"; 8]),
        (MailState::Announced, ["-", "-", "-", "-", "-", "-", "received", "cancelled"]),
        (MailState::Received { at: NOW }, ["-"; 8]),
        (MailState::Cancelled { at: NOW }, ["-"; 8]),
    ] {
        let own = item(state);
        assert_eq!(outcomes(&own), expect, "{}", own.state.name());
    }
}

#[test]
fn what_came_back_is_posted_once_more_and_served_on_the_day_that_the_carrier_names() {
    let play = |own: Mailing, fact: MailFact| Mailing::evolve(Some(own), fact).unwrap();
    let mut own = item(MailState::Wanted);
    own = play(own.clone(), own.label("EZ1".into()).unwrap());
    own = play(own.clone(), own.report(event(EventKind::Accepted)).unwrap().unwrap());
    assert!(matches!(own.state, MailState::Underway { .. }), "the carrier has it, whoever forgot to note it");
    assert_eq!(own.report(event(EventKind::Accepted)).unwrap(), None, "said twice is said once");
    own = play(own.clone(), own.report(event(EventKind::Returned)).unwrap().unwrap());
    assert!(matches!(&own.state, MailState::Returned { reason, .. } if reason == "门卫") && own.is_open());
    own = play(own.clone(), own.send_again(address()).unwrap());
    assert_eq!((own.posting, own.number.as_deref(), own.events.len()), (2, None, 0));
    own = play(own.clone(), own.label("EZ2".into()).unwrap());
    own = play(own.clone(), own.hand_over(NOW).unwrap());
    own = play(own.clone(), own.report(event(EventKind::Delivered)).unwrap().unwrap());
    assert_eq!(own.state, MailState::Delivered { at: NOW.plus_seconds(60) });
    assert!(!own.is_open() && own.report(event(EventKind::Returned)).is_err());
    let gone = play(own, MailFact::Erased);
    let left = serde_json::to_string(&gone).unwrap();
    assert!(
        !["王大明", "13800000000", "望海路", "门卫", "3702111990"].iter().any(|word| left.contains(word)),
        "{left}"
    );
}
