//! What leaves the platform: addresses that were confirmed, quiet hours, each message once, tries that end, and what is taken back.

use std::sync::{Arc, Mutex};

use domain::accounts::{Account, Actor, Channel};
use domain::cases::Origin;
use domain::text::Lang;
use domain::time::Timestamp;
use jiff::civil::date;
use service::accounts::{NewAccount, erase_person, load, open_account};
use service::cases::{self, Work};
use service::messages::{self, Letter, Sender, Unsent, outbox, retry, send_due};
use service::{City, ServiceError, demo, journal};

use crate::bed::{Bed, TODAY, administrator};

const ADDRESS: &str = "wang.daming@example.cn";
const HOUR: i64 = 3600;

/// The other side: keeps what it took, and answers as it was told to.
struct Postman {
    channel: Channel,
    answer: Mutex<Option<Unsent>>,
    taken: Mutex<Vec<Letter>>,
    asked: Mutex<usize>,
}

impl Postman {
    fn new(channel: Channel) -> Arc<Postman> {
        Arc::new(Postman { channel, answer: Mutex::default(), taken: Mutex::default(), asked: Mutex::default() })
    }

    fn answers(&self, unsent: Option<Unsent>) {
        *self.answer.lock().unwrap() = unsent;
    }

    fn taken(&self) -> Vec<Letter> {
        std::mem::take(&mut self.taken.lock().unwrap())
    }

    fn asked(&self) -> usize {
        std::mem::take(&mut self.asked.lock().unwrap())
    }
}

impl Sender for Postman {
    fn channel(&self) -> Channel {
        self.channel
    }

    fn send(&self, letter: &Letter) -> Result<(), Unsent> {
        *self.asked.lock().unwrap() += 1;
        match *self.answer.lock().unwrap() {
            Some(unsent) => Err(unsent),
            None => {
                self.taken.lock().unwrap().push(letter.clone());
                Ok(())
            }
        }
    }
}

struct Citizen {
    actor: Actor,
    account: Account,
    drawn: demo::Drawn,
}

async fn citizen(city: &City) -> Citizen {
    let drawn = demo::draw(city, "residence-permit").await.unwrap();
    let new = NewAccount {
        login: "13800000000".into(),
        password: None,
        name: drawn.applicant.name.clone(),
        grants: Account::citizen(),
        person: Some((drawn.applicant.clone(), "window".into())),
    };
    let account = open_account(city, &administrator(), new).await.unwrap();
    Citizen { actor: account.actor(Vec::new()), account, drawn }
}

/// A bed with one way out, and somebody.
async fn bed(salt: u64, channel: Channel) -> (Bed, Arc<Postman>, Citizen) {
    let bed = Bed::new(salt).await;
    let postman = Postman::new(channel);
    bed.city.set_senders(vec![postman.clone()]);
    let citizen = citizen(&bed.city).await;
    (bed, postman, citizen)
}

fn code_in(letter: &Letter) -> String {
    let digits: Vec<&str> = letter.text.split(|c: char| !c.is_ascii_digit()).filter(|part| part.len() == 6).collect();
    assert_eq!(digits.len(), 1, "{}", letter.text);
    digits[0].to_owned()
}

/// Confirms an address, and sends what tells its owner so.
async fn confirmed(city: &City, postman: &Postman, citizen: &Citizen) {
    messages::ask_code(city, &citizen.actor, postman.channel, typed(postman.channel), Lang::Zh).await.unwrap();
    assert_eq!(send_due(city).await.unwrap(), 1);
    let code = code_in(&postman.taken()[0]);
    messages::confirm(city, &citizen.actor, postman.channel, &code).await.unwrap();
    follow(city).await;
    send_due(city).await.unwrap();
    postman.asked();
}

fn typed(channel: Channel) -> &'static str {
    if channel == Channel::Email { ADDRESS } else { "138 0000 0000" }
}

async fn follow(city: &City) {
    while journal::advance(city).await.unwrap() > 0 {}
}

/// Files a case and withdraws it: one message.
async fn news(city: &City, citizen: &Citizen) -> String {
    let number = cases::submit(city, &citizen.actor, citizen.drawn.submit(Origin::Web)).await.unwrap().number;
    cases::work(city, &citizen.actor, &number, None, Work::Withdraw { reason: "不办了".into() }, None).await.unwrap();
    follow(city).await;
    number
}

async fn rows(city: &City) -> i64 {
    let sql = "SELECT CAST(count(*) AS BIGINT) FROM outbox WHERE region = $1";
    city.store().query(sql, &[city.region().into()]).await.unwrap()[0].int(0).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_counts_once_its_code_has_come_back() {
    let (bed, postman, citizen) = bed(211, Channel::Email).await;
    let (city, own) = (&bed.city, &citizen.actor);
    let wrong = messages::ask_code(city, own, Channel::Email, "nobody", Lang::Zh).await;
    assert!(matches!(wrong, Err(ServiceError::Invalid(fields)) if fields[0].field == "address"));
    let none = messages::ask_code(city, own, Channel::Sms, "13800000000", Lang::Zh).await;
    assert!(matches!(none, Err(ServiceError::NotFound(_))), "the city has no such way out");
    // Nothing goes to an address that nobody has confirmed.
    news(city, &citizen).await;
    assert_eq!((rows(city).await, send_due(city).await.unwrap()), (0, 0));

    let asked = messages::ask_code(city, own, Channel::Email, ADDRESS, Lang::En).await.unwrap();
    assert_eq!(asked.address, "wa***@example.cn");
    assert_eq!(messages::pending(city, own, Channel::Email).await.unwrap(), Some(asked));
    send_due(city).await.unwrap();
    let letter = postman.taken().remove(0);
    assert_eq!((letter.to.as_str(), letter.lang), (ADDRESS, Lang::En));
    assert_eq!(letter.subject, "Hailan District, Jiangcheng: confirm your e-mail address");
    let code = code_in(&letter);
    let other = if code == "000000" { "000001" } else { "000000" };
    for _ in 0..4 {
        let refused = messages::confirm(city, own, Channel::Email, other).await;
        assert!(matches!(refused, Err(ServiceError::Invalid(fields)) if fields[0].field == "code"));
    }
    let contact =
        messages::confirm(city, own, Channel::Email, &format!("{} {}", &code[..3], &code[3..])).await.unwrap();
    assert_eq!(contact.address, ADDRESS);
    assert!(messages::confirm(city, own, Channel::Email, &code).await.is_err(), "a code works once");
    let (account, _) = load(city, &citizen.account.id.to_string()).await.unwrap();
    assert_eq!(account.contact(Channel::Email), Some(&contact));

    // Another code, guessed at too often, works no more; and one that is too old neither does nor goes out.
    messages::ask_code(city, own, Channel::Email, "other@example.cn", Lang::Zh).await.unwrap();
    send_due(city).await.unwrap();
    let code = code_in(&postman.taken()[0]);
    let other = if code == "000000" { "000001" } else { "000000" };
    for _ in 0..5 {
        messages::confirm(city, own, Channel::Email, other).await.unwrap_err();
    }
    messages::confirm(city, own, Channel::Email, &code).await.unwrap_err();
    messages::ask_code(city, own, Channel::Email, "other@example.cn", Lang::Zh).await.unwrap();
    bed.clock.advance(11 * 60);
    send_due(city).await.unwrap();
    assert_eq!(postman.asked(), 2, "the two from before");
    assert_eq!(messages::pending(city, own, Channel::Email).await.unwrap(), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn each_message_goes_out_once_and_never_at_night() {
    let (bed, postman, citizen) = bed(212, Channel::Email).await;
    let city = &bed.city;
    confirmed(city, &postman, &citizen).await;
    let told: Vec<Letter> = postman.taken();
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(told[0].subject, "【江城市海澜区】您有一条新消息");
    assert!(told[0].text.contains("消息通知已开通") && !told[0].text.contains("办件编号"), "{}", told[0].text);

    // Half past ten in the evening: it waits until seven, and a code does not.
    bed.clock.advance(12 * HOUR + 1800);
    let number = news(city, &citizen).await;
    assert_eq!(send_due(city).await.unwrap(), 0);
    messages::ask_code(city, &citizen.actor, Channel::Email, ADDRESS, Lang::Zh).await.unwrap();
    assert_eq!(send_due(city).await.unwrap(), 1);
    assert!(postman.taken()[0].text.contains("验证码"));
    let waiting = outbox(city, &administrator()).await.unwrap().waiting;
    let seven = Timestamp::start_of(date(2026, 11, 21)).plus_seconds(7 * HOUR);
    let email = waiting.iter().find(|own| own.channel == Channel::Email).unwrap();
    assert!(email.count >= 1 && email.first == Some(seven) && email.served, "{waiting:?}");
    assert!(waiting.iter().all(|own| own.channel == Channel::Email || (own.count == 0 && !own.served)));
    assert_eq!(seven.date(), TODAY.tomorrow().unwrap());
    bed.clock.advance(8 * HOUR + 1799);
    assert_eq!(send_due(city).await.unwrap(), 0, "a second too early");
    bed.clock.advance(1);

    // Two servers of the city look at once: each letter leaves through one of them.
    let beside = bed.beside(2120).await;
    let other = Postman::new(Channel::Email);
    beside.set_senders(vec![other.clone()]);
    let (here, there) = tokio::join!(send_due(city), send_due(&beside));
    assert_eq!(here.unwrap() + there.unwrap(), usize::try_from(email.count).unwrap());
    let mut letters = [postman.taken(), other.taken()].concat();
    letters.sort_by(|a, b| a.id.cmp(&b.id));
    assert_eq!(letters.len(), usize::try_from(email.count).unwrap());
    assert!(letters.windows(2).all(|two| two[0].id != two[1].id), "{letters:?}");
    assert!(letters.iter().all(|own| own.text.contains("http://127.0.0.1:8080/")), "{letters:?}");
    assert!(letters.iter().all(|own| !own.subject.contains(&number) && !own.subject.contains("王")), "{letters:?}");
    bed.clock.advance(HOUR);
    assert_eq!((send_due(city).await.unwrap(), send_due(&beside).await.unwrap()), (0, 0));
    // After a month nothing of it is left.
    bed.clock.advance(31 * 24 * HOUR);
    while service::accounts::sweep(city).await.unwrap() > 0 {}
    assert_eq!(rows(city).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn tries_end_and_the_operator_may_begin_anew() {
    let (bed, postman, citizen) = bed(213, Channel::Sms).await;
    let city = &bed.city;
    confirmed(city, &postman, &citizen).await;
    postman.taken();
    news(city, &citizen).await;
    let due = outbox(city, &administrator()).await.unwrap().waiting;
    let count = usize::try_from(due.iter().map(|own| own.count).sum::<i64>()).unwrap();
    postman.answers(Some(Unsent { answer: 503, for_good: false }));
    // At ten in the morning, then after 1, 4, 16, 64, 256, 360 and 360 minutes; the night moves one of them to seven.
    let mut tries = 0;
    for _ in 0..2000 {
        send_due(city).await.unwrap();
        tries += postman.asked();
        bed.clock.advance(60);
    }
    assert_eq!(tries, 8 * count, "as often as the rules say");
    let found = outbox(city, &administrator()).await.unwrap();
    assert_eq!(found.failed.len(), count);
    assert!(found.failed.iter().all(|own| own.answer == 503 && own.channel == "sms"), "{found:?}");
    assert!(found.waiting.iter().all(|own| own.count == 0));
    assert!(matches!(outbox(city, &citizen.actor).await, Err(ServiceError::Forbidden(_))));
    assert!(matches!(retry(city, &citizen.actor).await, Err(ServiceError::Forbidden(_))));
    // By day the operator lets them go again, and now they are taken.
    let now = city.now().civil();
    bed.clock.advance((24 - i64::from(now.hour()) + 10) * HOUR);
    postman.answers(None);
    assert_eq!(retry(city, &administrator()).await.unwrap(), count);
    assert_eq!(retry(city, &administrator()).await.unwrap(), 0);
    assert_eq!(send_due(city).await.unwrap(), count);
    let letters = postman.taken();
    assert!(letters.len() == count && letters.iter().all(|own| own.to == "13800000000" && own.subject.is_empty()));
    assert!(outbox(city, &administrator()).await.unwrap().failed.is_empty());

    // What will never be taken is not tried again, and nobody there costs the others of a round nothing.
    news_again(city, &citizen).await;
    postman.answers(Some(Unsent { answer: 550, for_good: true }));
    postman.asked();
    send_due(city).await.unwrap();
    let once = postman.asked();
    bed.clock.advance(60);
    send_due(city).await.unwrap();
    assert_eq!(postman.asked(), 0);
    assert_eq!(outbox(city, &administrator()).await.unwrap().failed.len(), once);
    news_again(city, &citizen).await;
    news_again(city, &citizen).await;
    postman.answers(Some(Unsent { answer: 0, for_good: false }));
    send_due(city).await.unwrap();
    assert_eq!(postman.asked(), 1);
}

async fn news_again(city: &City, citizen: &Citizen) {
    let number = news(city, citizen).await;
    assert!(!number.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_is_taken_back_with_the_address_and_erased_with_the_person() {
    let (bed, postman, citizen) = bed(214, Channel::Email).await;
    let city = &bed.city;
    confirmed(city, &postman, &citizen).await;
    bed.clock.advance(13 * HOUR);
    news(city, &citizen).await;
    messages::remove(city, &citizen.actor, Channel::Email).await.unwrap();
    let again = messages::remove(city, &citizen.actor, Channel::Email).await;
    assert!(matches!(again, Err(ServiceError::NotFound(_))));
    follow(city).await;
    postman.taken();
    bed.clock.advance(10 * HOUR);
    assert_eq!(send_due(city).await.unwrap(), 0, "{:?}", postman.taken());

    confirmed(city, &postman, &citizen).await;
    news(city, &citizen).await;
    assert!(rows(city).await > 0);
    erase_person(city, &administrator(), &citizen.drawn.applicant.code).await.unwrap();
    assert_eq!(rows(city).await, 0);
    let sql = "SELECT CAST(count(*) AS BIGINT) FROM fact_body WHERE region = $1 AND body LIKE $2";
    let left = city.store().query(sql, &[city.region().into(), format!("%{ADDRESS}%").into()]).await.unwrap();
    assert_eq!(left[0].int(0), Ok(0), "the address is gone from the journal too");
    assert!(service::evidence::verify(city, None).await.unwrap().journal.is_whole());
}
