//! Ratings: every way to give one, once for a service; the follow-up of a bad one by its dates, with who may see what; figures from
//! the journal; contests; forgetting.

use domain::accounts::{Account, Actor, Grant, Role};
use domain::cases::Origin;
use domain::halls::{Ticket, TicketCommand, TicketSource};
use domain::time::Timestamp;
use domain::voice::{
    Channel, ClaimGround, FollowUpCommand, FollowUpDuty, FollowUpState, Outcome, RatingReason, Verdict,
};
use jiff::civil::{Date, date};
use service::accounts::{NewAccount, erase_person, open_account};
use service::cases::{self, Work};
use service::halls::{self, Take};
use service::voice::{self, About, Entry, Given, Standing, Wish};
use service::{City, ServiceError, demo, jobs, journal, messages};

use crate::bed::{Bed, TODAY, actor, administrator};

const PLACE: &str = "civic-centre";

async fn staff(city: &City, login: &str, role: Role, department: Option<&str>) -> Actor {
    let new = NewAccount {
        login: login.into(),
        password: None,
        name: login.into(),
        grants: vec![Grant { role, department: department.map(str::to_owned), district: None }],
        person: None,
    };
    open_account(city, &administrator(), new).await.unwrap().actor(Vec::new())
}

struct Citizen {
    actor: Actor,
    drawn: demo::Drawn,
}

async fn citizen(city: &City, login: &str) -> Citizen {
    let drawn = demo::draw(city, "residence-permit").await.unwrap();
    let new = NewAccount {
        login: login.into(),
        password: None,
        name: drawn.applicant.name.clone(),
        grants: Account::citizen(),
        person: Some((drawn.applicant.clone(), "window".into())),
    };
    let account = open_account(city, &administrator(), new).await.unwrap();
    Citizen { actor: account.actor(Vec::new()), drawn }
}

/// A case that a clerk has accepted and its applicant withdrawn: over, with somebody who served.
async fn ended_case(city: &City, own: &Citizen, clerk: &Actor) -> String {
    let number = cases::submit(city, &own.actor, own.drawn.clone().submit(Origin::Web)).await.unwrap().number;
    cases::work(city, clerk, &number, None, Work::Accept, None).await.unwrap();
    cases::work(city, &own.actor, &number, None, Work::Withdraw { reason: "不办了".into() }, None).await.unwrap();
    number
}

/// A ticket, served at a window.
async fn served(bed: &Bed, holder: &Actor, source: TicketSource, clerk: &Actor, window: &str) -> Ticket {
    let city = &bed.city;
    let (place, counter) = (PLACE.to_owned(), "general".to_owned());
    let wish = Take { place, counter, matter: String::new(), assisted: false, code: String::new(), source, key: None };
    let taken = halls::take(city, holder, wish).await.unwrap();
    let id = taken.id.to_string();
    let at = || window.to_owned();
    for command in [
        TicketCommand::Call { window: at() },
        TicketCommand::Serve { window: at() },
        TicketCommand::Finish { window: at() },
    ] {
        halls::work(city, clerk, &id, command, None).await.unwrap();
    }
    halls::ticket(city, clerk, &id).await.unwrap()
}

fn wish(entry: Entry, stars: u8) -> Wish {
    Wish { entry, stars, tags: Vec::new(), text: String::new(), phone: String::new(), channel: Channel::Pc, key: None }
}

fn reason<T: std::fmt::Debug>(refused: Result<T, ServiceError>) -> RatingReason {
    match refused.unwrap_err() {
        ServiceError::Rating(refusal) => refusal.reason,
        other => panic!("{other:?}"),
    }
}

async fn follow_journal(city: &City) {
    while journal::advance(city).await.unwrap() > 0 {}
}

async fn due(city: &City) {
    while jobs::run_due(city).await.unwrap() > 0 {}
}

async fn count(city: &City, sql: &str) -> i64 {
    city.store().query(sql, &[city.region().into()]).await.unwrap()[0].int(0).unwrap()
}

async fn is_whole(city: &City) {
    let found = service::evidence::verify(city, None).await.unwrap();
    assert!(found.journal.is_whole(), "{:?}", found.journal.faults);
}

/// The bed stands at ten on a Friday.
fn go(bed: &Bed, day: Date, hour: i64) {
    let to = Timestamp::start_of(day).plus_seconds(hour * 3600);
    bed.clock.advance((to.micros() - bed.city.now().micros()) / 1_000_000);
}

fn contact(reached: bool) -> FollowUpCommand {
    FollowUpCommand::Contact { reached, note: "电话核实".into() }
}

fn answer() -> FollowUpCommand {
    FollowUpCommand::Answer { outcome: Outcome::PutRight, text: "已经改进。".into(), public: true }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_is_rated_once_by_whichever_way() {
    let bed = Bed::new(901).await;
    let city = &bed.city;
    let clerk = staff(city, "clerk", Role::Clerk, None).await;
    let own = citizen(city, "own").await;
    let other = citizen(city, "other").await;
    let open = cases::submit(city, &other.actor, other.drawn.clone().submit(Origin::Web)).await.unwrap().number;
    let going_on = voice::rate(city, Some(&other.actor), wish(Entry::Case(open), 5)).await;
    assert_eq!(reason(going_on), RatingReason::NotFinished);

    let number = ended_case(city, &own, &clerk).await;
    let entry = Entry::Case(number.clone());
    let own_case = Some(&own.actor);
    assert!(matches!(voice::rateable(city, own_case, &entry).await.unwrap().standing, Standing::Open { .. }));
    let stranger = voice::rateable(city, Some(&other.actor), &entry).await;
    assert!(matches!(stranger, Err(ServiceError::NotFound(_))), "somebody else's case is not to be known");
    assert!(matches!(voice::rateable(city, None, &entry).await, Err(ServiceError::SignInNeeded)));
    let by_clerk = voice::rate(city, Some(&clerk), wish(entry.clone(), 5)).await;
    assert!(matches!(by_clerk, Err(ServiceError::NotFound(_))), "staff rate nothing in the name of others");

    // What was typed wrong is named, and nothing is written.
    let wrong = Wish { tags: vec!["108".into()], phone: "abc".into(), ..wish(entry.clone(), 5) };
    let Err(ServiceError::Invalid(fields)) = voice::rate(city, own_case, wrong).await else { panic!() };
    assert_eq!(fields.iter().map(|own| own.field.as_str()).collect::<Vec<_>>(), ["tags", "phone"]);
    let none = voice::rate(city, own_case, wish(entry.clone(), 0)).await;
    assert!(matches!(none, Err(ServiceError::Invalid(_))));
    assert_eq!(count(city, "SELECT CAST(count(*) AS BIGINT) FROM rating WHERE region = $1").await, 0);

    let key = Some(("token".to_owned(), "key".to_owned(), [1; 32]));
    let first = Wish { key, tags: vec!["510".into()], ..wish(entry.clone(), 5) };
    let given = voice::rate(city, own_case, first.clone()).await.unwrap();
    assert_eq!(given, Given { stars: 5, again: false, order: None });
    assert_eq!(voice::rate(city, own_case, first).await.unwrap(), given, "the same request is one rating");
    assert_eq!(
        reason(voice::rate(city, own_case, wish(entry, 1)).await),
        RatingReason::AlreadyRated { at: city.now() }
    );

    // The code of the message leads to the same service, without an account.
    follow_journal(city).await;
    let invitation = messages::mine(city, &own.actor).await.unwrap();
    let link = invitation.iter().find_map(|message| message.link.clone()).unwrap();
    let code = Entry::Code(link.trim_start_matches("/rate/").to_lowercase());
    assert_eq!(voice::rateable(city, None, &code).await.unwrap().number, number);
    assert!(matches!(reason(voice::rate(city, None, wish(code, 1)).await), RatingReason::AlreadyRated { .. }));
    let unknown = voice::rateable(city, None, &Entry::Code("AAAAAAAAAA".into())).await;
    assert!(matches!(unknown, Err(ServiceError::NotFound(_))));
    assert_eq!(count(city, "SELECT CAST(count(*) AS BIGINT) FROM rating WHERE region = $1").await, 1);
    is_whole(city).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_a_crowd_that_rates_one_service_at_once_one_is_counted() {
    let bed = Bed::new(902).await;
    let city = &bed.city;
    let clerk = staff(city, "clerk", Role::Clerk, None).await;
    let ticket = served(&bed, &actor("接待", Role::Clerk), TicketSource::Reception, &clerk, "3").await;
    let at = |window: Option<&str>| Entry::Visit {
        place: PLACE.into(),
        window: window.map(str::to_owned),
        number: ticket.number.to_lowercase(),
    };
    let elsewhere = voice::rateable(city, None, &at(Some("4"))).await;
    assert!(matches!(elsewhere, Err(ServiceError::Invalid(_))), "it was served at another window");
    let tasks: Vec<_> = (0..20)
        .map(|number| {
            let (city, entry) = (city.clone(), at((number % 2 == 0).then_some("3")));
            tokio::spawn(async move { voice::rate(&city, None, wish(entry, 1)).await })
        })
        .collect();
    let mut given = Vec::new();
    for task in tasks {
        match task.await.unwrap() {
            Ok(own) => given.push(own),
            refused => assert!(matches!(reason(refused), RatingReason::AlreadyRated { .. })),
        }
    }
    assert_eq!(given.len(), 1);
    assert!(given[0].order.is_some(), "a bad rating opens a follow-up");
    assert_eq!(count(city, "SELECT CAST(count(*) AS BIGINT) FROM rating_order WHERE region = $1").await, 1);
    // Whoever rendered the service rates nothing, however they come.
    let next = served(&bed, &actor("接待", Role::Clerk), TicketSource::Reception, &clerk, "3").await;
    let by_code = Entry::Visit { place: PLACE.into(), window: None, number: next.number.clone() };
    assert_eq!(reason(voice::rate(city, Some(&clerk), wish(by_code.clone(), 5)).await), RatingReason::OwnWork);
    bed.clock.advance(2 * 3600);
    let late = voice::rate(city, None, wish(by_code, 5)).await;
    assert!(matches!(reason(late), RatingReason::Over { .. }), "the window's code is for who was just served");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_rating_is_followed_up_answered_and_rated_again() {
    let bed = Bed::new(903).await;
    let city = &bed.city;
    let clerk = staff(city, "clerk", Role::Clerk, None).await;
    let own = citizen(city, "own").await;
    let number = ended_case(city, &own, &clerk).await;
    let department = city.shelf().matter("residence-permit").unwrap().bundle.matter.department.clone();
    let handler = staff(city, "handler", Role::Approver, Some(&department)).await;
    let bad = Wish { tags: vec!["114".into()], text: "跑了三趟".into(), ..wish(Entry::Case(number.clone()), 1) };
    let order = voice::rate(city, Some(&own.actor), bad).await.unwrap().order.unwrap();
    let in_pile = async |pile: &str| voice::inbox(city, &handler, pile, None, 30).await.unwrap().items.len();
    assert_eq!((in_pile("contact").await, in_pile("answer").await), (1, 0));
    let early = voice::follow(city, &handler, &order, answer(), None).await;
    assert_eq!(reason(early), RatingReason::ContactFirst);
    let silent = FollowUpCommand::Contact { reached: true, note: " ".into() };
    let silent = voice::follow(city, &handler, &order, silent, None).await;
    assert!(matches!(silent, Err(ServiceError::Invalid(_))), "words are needed");
    let key = Some(("session".to_owned(), "nonce".to_owned(), [7; 32]));
    voice::follow(city, &handler, &order, contact(true), key.clone()).await.unwrap();
    let again = voice::follow(city, &handler, &order, contact(true), key).await.unwrap();
    assert_eq!((again.state, again.attempts.len()), (FollowUpState::Contacted, 1), "the same request is one attempt");
    voice::follow(city, &handler, &order, answer(), None).await.unwrap();
    assert_eq!(in_pile("answer").await, 0);
    follow_journal(city).await;
    let told = messages::mine(city, &own.actor).await.unwrap();
    let told = told.iter().find(|message| message.title.zh == "您的评价已答复").unwrap();
    assert_eq!(told.link.as_deref(), Some(format!("/cases/{number}/rate").as_str()));
    let published = voice::published(city, &department).await.unwrap();
    assert_eq!((published.len(), published[0].text.as_str()), (1, "已经改进。"));
    let standing = voice::rateable(city, Some(&own.actor), &Entry::Case(number.clone())).await.unwrap().standing;
    assert!(matches!(standing, Standing::Again { .. }), "{standing:?}");
    let second = voice::rate(city, Some(&own.actor), wish(Entry::Case(number.clone()), 4)).await.unwrap();
    assert!(second.again);
    assert_eq!(voice::order(city, &handler, &order).await.unwrap().order.state, FollowUpState::Closed);
    let third = voice::rate(city, Some(&own.actor), wish(Entry::Case(number), 5)).await;
    assert!(matches!(reason(third), RatingReason::AlreadyRated { .. }));
    follow_journal(city).await;
    let figures = voice::figures(city, About::Department, &department, "2026-11").await.unwrap();
    assert_eq!(figures.tally.by_stars, [1, 0, 0, 0, 0], "the second counts beside the first, as the rules say");
    assert_eq!((figures.received, figures.again, figures.orders), (1, 1, 1));
    assert_eq!((figures.in_time, figures.too_late, figures.in_time_share()), (1, 0, Some(1_000_000)));
    assert_eq!(
        count(city, "SELECT CAST(count(*) AS BIGINT) FROM due WHERE region = $1 AND subject LIKE 'rating%'").await,
        0
    );
    is_whole(city).await;
}

/// Who may see and do what: role × department, and the rated.
#[tokio::test(flavor = "multi_thread")]
async fn the_rated_never_learn_who_rated_them() {
    let bed = Bed::new(904).await;
    let city = &bed.city;
    let own = citizen(city, "own").await;
    let department = city.shelf().matter("residence-permit").unwrap().bundle.matter.department.clone();
    let grants = [Role::Clerk, Role::Approver].map(|role| Grant { role, department: None, district: None });
    let new = NewAccount {
        login: "both".into(),
        password: None,
        name: "一人两岗".into(),
        grants: grants.to_vec(),
        person: None,
    };
    let rated = open_account(city, &administrator(), new).await.unwrap().actor(Vec::new());
    let number = ended_case(city, &own, &rated).await;
    let bad = Wish { phone: "138 0000 0000".into(), ..wish(Entry::Case(number), 2) };
    let order = voice::rate(city, Some(&own.actor), bad).await.unwrap().order.unwrap();
    for (role, at, sees, works, judges) in [
        (Role::Clerk, None, false, false, false),
        (Role::Reviewer, Some(department.as_str()), true, true, false),
        (Role::Reviewer, Some("planning"), false, false, false),
        (Role::Approver, Some(department.as_str()), true, true, true),
        (Role::Approver, Some("planning"), false, false, false),
        (Role::Approver, None, true, true, true),
        (Role::Supervisor, None, true, false, true),
        (Role::Administrator, None, false, false, false),
    ] {
        let who = staff(city, &format!("{}-{}", role.as_str(), at.unwrap_or("all")), role, at).await;
        let seen = voice::order(city, &who, &order).await;
        assert_eq!(seen.is_ok(), sees, "{role:?} {at:?}");
        let piles = voice::piles(&who);
        assert_eq!(
            (piles.contains(&"contact"), piles.contains(&"judge")),
            match role {
                Role::Reviewer => (true, false),
                Role::Approver => (true, true),
                Role::Supervisor => (false, true),
                _ => (false, false),
            }
        );
        if piles.contains(&"contact") {
            let listed = voice::inbox(city, &who, "contact", None, 30).await.unwrap().items.len();
            assert_eq!(listed, usize::from(works), "{role:?} {at:?}");
        }
        if let Ok(seen) = seen {
            assert_eq!(seen.rating.rater.phone, "138 0000 0000");
            assert_eq!(seen.possible.contains(&"contact"), works);
        }
        let judged = FollowUpCommand::Judge { upheld: true, reason: "不成立".into() };
        match voice::follow(city, &who, &order, judged, None).await {
            Err(ServiceError::Rating(_)) => assert!(judges, "{role:?} {at:?}"),
            Err(ServiceError::Forbidden(_)) => assert!(sees && !judges, "{role:?} {at:?}"),
            Err(ServiceError::NotFound(_)) => assert!(!sees, "{role:?} {at:?}"),
            other => panic!("nothing was claimed: {other:?}"),
        }
    }
    // The rated, who is an approver of everything besides, neither sees nor lists nor handles it.
    assert!(matches!(voice::order(city, &rated, &order).await, Err(ServiceError::NotFound(_))));
    assert!(voice::inbox(city, &rated, "contact", None, 30).await.unwrap().items.is_empty());
    let handled = voice::follow(city, &rated, &order, contact(true), None).await;
    assert!(matches!(handled, Err(ServiceError::NotFound(_))));
    follow_journal(city).await;
    assert_eq!(voice::own_tally(city, &rated, "2026-11").await.unwrap(), None, "one rating would show who gave it");
    let looks = cases::who_looked(city, &own.actor).await.unwrap();
    assert!(
        looks.iter().any(|look| look.purpose == format!("view-rating {order}")),
        "each look at the rater is on record"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_person_finds_a_misrating_and_it_counts_no_more() {
    let bed = Bed::new(905).await;
    let city = &bed.city;
    let clerk = staff(city, "clerk", Role::Clerk, None).await;
    let (handler, second) =
        (staff(city, "handler", Role::Approver, None).await, staff(city, "second", Role::Supervisor, None).await);
    let ticket = served(&bed, &actor("接待", Role::Clerk), TicketSource::Reception, &clerk, "1").await;
    let entry = Entry::Visit { place: PLACE.into(), window: None, number: ticket.number };
    let order = voice::rate(city, None, wish(entry, 1)).await.unwrap().order.unwrap();
    follow_journal(city).await;
    let window = async || voice::tallies(city, About::Window, "2026-11").await.unwrap().remove("civic-centre/1");
    assert_eq!(window().await.unwrap().by_stars, [1, 0, 0, 0, 0]);
    let unreachable = voice::follow(city, &handler, &order, contact(true), None).await;
    assert_eq!(reason(unreachable), RatingReason::OutOfReach, "an anonymous rater left no way");
    let claim = FollowUpCommand::Claim { ground: ClaimGround::Mistaken, evidence: "监控显示误按。".into() };
    voice::follow(city, &handler, &order, claim, None).await.unwrap();
    let judge = |upheld| FollowUpCommand::Judge { upheld, reason: "证据充分。".into() };
    assert_eq!(reason(voice::follow(city, &handler, &order, judge(true), None).await), RatingReason::SamePerson);
    assert!(!voice::order(city, &handler, &order).await.unwrap().possible.contains(&"judge"));
    voice::follow(city, &second, &order, judge(true), None).await.unwrap();
    let seen = voice::order(city, &handler, &order).await.unwrap();
    assert_eq!(seen.order.state, FollowUpState::Dismissed);
    assert!(matches!(seen.rating.verdict, Verdict::NotCounted { .. }));
    follow_journal(city).await;
    assert_eq!(window().await.unwrap().by_stars, [0; 5]);
    let figures = voice::figures(city, About::City, "all", "2026-11").await.unwrap();
    assert_eq!((figures.tally.total(), figures.received, figures.not_counted), (0, 1, 1));
    assert_eq!((figures.orders, figures.dismissed), (1, 1), "ratings and work orders are counted apart");
    assert_eq!(figures.tally.services, 1);
    due(city).await;
    is_whole(city).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn dates_that_pass_are_noted_and_the_clock_ends_what_nobody_rated_again() {
    let bed = Bed::new(906).await;
    let city = &bed.city;
    let clerk = staff(city, "clerk", Role::Clerk, None).await;
    let handler = staff(city, "handler", Role::Approver, None).await;
    let own = citizen(city, "own").await;
    let number = ended_case(city, &own, &clerk).await;
    let order = voice::rate(city, Some(&own.actor), wish(Entry::Case(number), 2)).await.unwrap().order.unwrap();
    let look = async || voice::order(city, &handler, &order).await.unwrap().order;
    // Rated on a Friday: Monday is the one working day.
    assert_eq!(look().await.terms.contact_by, Timestamp::end_of(date(2026, 11, 23)));
    go(&bed, date(2026, 11, 23), 23);
    due(city).await;
    assert!(look().await.late.is_empty());
    go(&bed, date(2026, 11, 24), 0);
    due(city).await;
    assert_eq!(look().await.late, [FollowUpDuty::Contact]);
    voice::follow(city, &handler, &order, contact(true), None).await.unwrap();
    let longer = FollowUpCommand::TakeTime { reason: "须与公安核对".into() };
    voice::follow(city, &handler, &order, longer, None).await.unwrap();
    go(&bed, date(2026, 11, 28), 9);
    due(city).await;
    assert_eq!(look().await.late, [FollowUpDuty::Contact], "the complex ones have fifteen days");
    go(&bed, date(2026, 12, 12), 0);
    due(city).await;
    assert_eq!(look().await.late, [FollowUpDuty::Contact, FollowUpDuty::Answer]);
    voice::follow(city, &handler, &order, answer(), None).await.unwrap();
    go(&bed, date(2026, 12, 22), 1);
    due(city).await;
    assert_eq!(look().await.state, FollowUpState::Closed);
    follow_journal(city).await;
    let figures = voice::figures(city, About::City, "all", "2026-11").await.unwrap();
    assert_eq!(
        (figures.in_time, figures.too_late, figures.late),
        (0, 1, 2),
        "all of it counts for the month it came in"
    );
    is_whole(city).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn contests_are_held_once_after_the_period_from_its_counters() {
    let bed = Bed::new(907).await;
    let city = &bed.city;
    let clerk = staff(city, "clerk", Role::Clerk, None).await;
    let supervisor = staff(city, "supervisor", Role::Supervisor, None).await;
    for _ in 0..20 {
        let ticket = served(&bed, &actor("接待", Role::Clerk), TicketSource::Reception, &clerk, "2").await;
        let entry = Entry::Visit { place: PLACE.into(), window: Some("2".into()), number: ticket.number };
        voice::rate(city, None, wish(entry, 5)).await.unwrap();
    }
    follow_journal(city).await;
    let list = voice::starred(city, &supervisor, About::Clerk, "2026-11").await.unwrap();
    assert_eq!((list.len(), list[0].id.clone(), list[0].stars), (1, clerk.label(), Some(5)));
    assert!(matches!(voice::starred(city, &clerk, About::Clerk, "2026-11").await, Err(ServiceError::Forbidden(_))));
    assert_eq!(voice::own_tally(city, &clerk, "2026-11").await.unwrap().unwrap().by_stars, [0, 0, 0, 0, 20]);
    go(&bed, date(2026, 12, 1), 0);
    assert_eq!(voice::hold(city).await.unwrap(), 0, "the counters may still be catching up");
    go(&bed, date(2026, 12, 1), 1);
    let second = bed.beside(908).await;
    let (one, other) = tokio::join!(voice::hold(city), voice::hold(&second));
    // The month of the windows and the quarter of the clerks that ended in September, once for the city.
    assert_eq!(one.unwrap() + other.unwrap(), 2);
    let held = voice::held(city).await.unwrap();
    let windows = held.iter().find(|own| own.contest == "best-window").unwrap();
    assert_eq!((windows.period.as_str(), windows.winners[0].id.as_str()), ("2026-11", "civic-centre/2"));
    assert!(held.iter().find(|own| own.contest == "service-model").unwrap().winners.is_empty());
    go(&bed, date(2027, 1, 1), 2);
    assert_eq!(voice::hold(city).await.unwrap(), 2);
    let clerks = voice::held(city).await.unwrap().into_iter().find(|own| own.period == "2026-Q4").unwrap();
    assert_eq!(clerks.winners[0].id, clerk.label());
    is_whole(city).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_erased_leaves_levels_and_answers_and_no_words() {
    let bed = Bed::new(909).await;
    let city = &bed.city;
    let clerk = staff(city, "clerk", Role::Clerk, None).await;
    let handler = staff(city, "handler", Role::Approver, None).await;
    let own = citizen(city, "own").await;
    let number = ended_case(city, &own, &clerk).await;
    let bad = Wish { text: "我叫某某".into(), phone: "13900001111".into(), ..wish(Entry::Case(number), 1) };
    let order = voice::rate(city, Some(&own.actor), bad).await.unwrap().order.unwrap();
    voice::follow(city, &handler, &order, contact(true), None).await.unwrap();
    follow_journal(city).await;
    let erased = erase_person(city, &administrator(), &own.drawn.applicant.code).await.unwrap();
    assert_eq!(erased.ratings, 1);
    for words in ["我叫某某", "13900001111", "电话核实"] {
        for table in ["rating", "rating_order"] {
            let sql = format!("SELECT CAST(count(*) AS BIGINT) FROM {table} WHERE region = $1 AND doc LIKE $2");
            let params = [city.region().into(), format!("%{words}%").into()];
            assert_eq!(city.store().query(&sql, &params).await.unwrap()[0].int(0), Ok(0), "{words} in {table}");
        }
        let sql = "SELECT CAST(count(*) AS BIGINT) FROM fact_body WHERE region = $1 AND body LIKE $2";
        let params = [city.region().into(), format!("%{words}%").into()];
        assert_eq!(city.store().query(sql, &params).await.unwrap()[0].int(0), Ok(0), "{words} in the journal");
    }
    let seen = voice::order(city, &handler, &order).await.unwrap();
    assert!(seen.rating.rater.party.is_none() && seen.rating.voice.stars == 1);
    voice::follow(city, &handler, &order, answer(), None).await.unwrap();
    is_whole(city).await;
}

/// A case that a clerk typed in at a window: the code goes to the applicant's account, never to the clerk's.
#[tokio::test(flavor = "multi_thread")]
async fn codes_go_to_whoever_was_served() {
    let bed = Bed::new(910).await;
    let city = &bed.city;
    let clerk = staff(city, "clerk", Role::Clerk, None).await;
    let own = citizen(city, "own").await;
    let number = cases::submit(city, &clerk, own.drawn.clone().submit(Origin::Window)).await.unwrap().number;
    cases::work(city, &clerk, &number, None, Work::Accept, None).await.unwrap();
    cases::work(city, &own.actor, &number, None, Work::Withdraw { reason: "不办了".into() }, None).await.unwrap();
    follow_journal(city).await;
    let codes = async |who: &Actor| {
        let told = messages::mine(city, who).await.unwrap();
        told.into_iter().filter_map(|message| message.link).collect::<Vec<_>>()
    };
    assert!(codes(&clerk).await.is_empty());
    let codes = codes(&own.actor).await;
    assert_eq!(codes.len(), 1);
    let entry = Entry::Code(codes[0].trim_start_matches("/rate/").to_owned());
    let given = voice::rate(city, None, wish(entry, 1)).await.unwrap();
    let handler = staff(city, "handler", Role::Approver, None).await;
    let seen = voice::order(city, &handler, &given.order.unwrap()).await.unwrap();
    assert_eq!(seen.rating.rater.account, Some(own.actor.label()), "whoever the code was sent to can be reached");
    assert!(seen.order.reachable);
    assert_eq!(seen.rating.scope.staff, [clerk.label()]);
    assert_eq!(seen.rating.scope.on, TODAY);
}
