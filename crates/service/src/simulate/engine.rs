//! Virtual time: from one instant at which something happens to the next, and everything of one instant at the same time.

use std::cell::RefCell;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap, HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use domain::ids::AccountId;
use domain::time::Timestamp;
use jiff::ToSpan;
use jiff::civil::Date;
use tokio::task::JoinSet;

use super::Plan;
use super::arrivals::{self, Arrival, Channel, Day, Mix};
use super::audit;
use super::clock::{DICE, Hands, dice_of, virtual_city};
use super::habits::Fate;
use super::hall::{Act, After, Hall, Visitor};
use super::profile::{Profile, chance, weighted};
use super::report::Report;
use super::story::{self, Next, Story, Turned};
use super::watch::{Invariant, Tally};
use super::world::World;
use crate::city::City;
use crate::demo::{self, Dice, Who};
use crate::error::ServiceError;
use crate::{catalog, halls, jobs, journal};

/// So many applications are worked on at the same time at most.
const AT_ONCE: usize = 128;
/// Who is thrown again when the number exists already; numbers of people are far more than the city has.
const THROWS: usize = 50;

/// Something that happens at an instant. Of one instant, in the order in which it was thought of.
struct Event {
    at: Timestamp,
    order: u64,
    what: What,
}

enum What {
    /// An hour begins, in which people come.
    Hour(Date, i8),
    /// The day that has just ended is looked back upon.
    DayOver(Date),
    /// Somebody turns to an application.
    Turn(Box<Story>),
    /// Something happens in the place of that number.
    Act(usize, Box<Act>),
}

impl PartialEq for Event {
    fn eq(&self, other: &Event) -> bool {
        (self.at, self.order) == (other.at, other.order)
    }
}

impl Eq for Event {}

impl PartialOrd for Event {
    fn partial_cmp(&self, other: &Event) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Event {
    fn cmp(&self, other: &Event) -> std::cmp::Ordering {
        (self.at, self.order).cmp(&(other.at, other.order))
    }
}

/// Runs a simulation in an empty demo city. `files` is the catalogue to publish in it, `None` where that was done.
///
/// # Errors
/// [`ServiceError::NotFound`] in a city that is no demo city; [`ServiceError::Invalid`] never; what the store says. What does
/// not hold is no error: it stands in the report.
pub async fn run(live: &City, files: Option<&BTreeMap<String, String>>, plan: Plan) -> Result<Report, ServiceError> {
    let profile = Profile::embedded()?;
    let start = Timestamp::start_of(plan.first);
    let (city, hands) = virtual_city(live, plan.seed, start);
    match files {
        None => catalog::load(&city).await?,
        Some(files) => {
            let imported = catalog::import(&city, &domain::accounts::Actor::operator(), files).await?;
            imported.map_err(|findings| ServiceError::Internal(format!("the catalogue: {findings:?}")))?;
        }
    }
    demo::common(&city).await?;
    let specimens = demo::specimens(&city).await?;
    let world = Arc::new(World::new(&city, profile, plan, specimens).await?);
    let mut engine = Engine::new(world, hands);
    engine.run().await?;
    Ok(Report::of(&engine.world.plan, &engine.tally, engine.open()))
}

struct Engine {
    world: Arc<World>,
    hands: Arc<Hands>,
    mix: Mix,
    events: BinaryHeap<Reverse<Event>>,
    order: u64,
    serial: u64,
    /// Those who are on their way to a place, or in it.
    visiting: HashMap<u64, Box<Story>>,
    /// Those to whom nobody turns any more, but the clock may.
    asleep: Vec<Story>,
    halls: Vec<Option<Hall>>,
    /// Digests of the numbers that people and businesses have.
    taken: HashSet<u64>,
    /// The next date of each application that is under way, by when it passes.
    owed: BTreeMap<(Timestamp, u64), (String, String)>,
    filed_before: u64,
    tally: Tally,
}

impl Engine {
    fn new(world: Arc<World>, hands: Arc<Hands>) -> Engine {
        let shelf = world.city.shelf();
        let places = shelf.places().places.iter().filter(|place| !place.counters.is_empty());
        let (seed, most) = (world.plan.seed, world.plan.windows);
        let halls = places
            .zip(1..)
            .map(|(place, number)| Some(Hall::new(place, most, dice_of(seed, number, 3).throw())))
            .collect();
        let mix = Mix::of(world.profile, &shelf);
        let first = world.plan.first;
        let mut engine = Engine {
            world,
            hands,
            mix,
            events: BinaryHeap::new(),
            order: 0,
            serial: 0,
            visiting: HashMap::new(),
            asleep: Vec::new(),
            halls,
            taken: HashSet::new(),
            owed: BTreeMap::new(),
            filed_before: 0,
            tally: Tally::default(),
        };
        engine.push(Timestamp::start_of(first), What::Hour(first, 0));
        engine
    }

    fn push(&mut self, at: Timestamp, what: What) {
        // People act on a grid, so that much of it falls on the same instant.
        let beat = self.world.plan.beat_seconds * 1_000_000;
        let at = Timestamp::from_micros(
            at.micros().div_euclid(beat) * beat + if at.micros() % beat == 0 { 0 } else { beat },
        );
        self.order += 1;
        self.events.push(Reverse(Event { at, order: self.order, what }));
    }

    /// Applications that are under way at the end.
    fn open(&self) -> u64 {
        let queued = self.events.iter().filter(|event| matches!(event.0.what, What::Turn(_))).count();
        (queued + self.asleep.len()) as u64
    }

    async fn run(&mut self) -> Result<(), ServiceError> {
        let days = i64::from(self.world.plan.days);
        let last = self.world.plan.first.checked_add((days - 1).max(0).days()).map_err(ServiceError::internal)?;
        let end = Timestamp::end_of(last);
        while let Some(at) = self.events.peek().map(|event| event.0.at).filter(|at| *at <= end) {
            self.hands.turn(at);
            self.clockwork().await?;
            let mut now = Vec::new();
            while self.events.peek().is_some_and(|event| event.0.at == at) {
                now.extend(self.events.pop().map(|event| event.0.what));
            }
            self.instant(now, last).await?;
        }
        self.last_look().await
    }

    /// What the platform does by itself: what falls due, slots that are released.
    async fn clockwork(&mut self) -> Result<(), ServiceError> {
        let city = &self.world.city;
        let dice = RefCell::new(dice_of(self.world.plan.seed, u64::MAX, city.now().micros().unsigned_abs()));
        let work = async {
            halls::release(city).await?;
            let mut done = 0;
            loop {
                match jobs::run_due(city).await? {
                    0 => return Ok::<usize, ServiceError>(done),
                    count => done += count,
                }
            }
        };
        let done = DICE.scope(dice, work).await?;
        (0..done).for_each(|_| self.tally.add("duty", "carried out"));
        Ok(())
    }

    /// Everything that happens at one instant.
    async fn instant(&mut self, now: Vec<What>, last: Date) -> Result<(), ServiceError> {
        let mut acts: BTreeMap<usize, Vec<Act>> = BTreeMap::new();
        let mut turns = Vec::new();
        let mut over = None;
        for what in now {
            match what {
                What::Hour(day, hour) => self.hour(day, hour, last)?,
                What::DayOver(day) => over = Some(day),
                What::Turn(story) => turns.push(*story),
                What::Act(hall, act) => acts.entry(hall).or_default().push(*act),
            }
        }
        // The day is looked back upon before anything of the next one happens.
        if let Some(day) = over {
            self.day_over(day).await?;
        }
        self.places(acts).await?;
        for some in chunks(turns, AT_ONCE) {
            self.turns(some).await?;
        }
        Ok(())
    }

    // ---- who comes -----------------------------------------------------------------------------------------------

    fn hour(&mut self, day: Date, hour: i8, last: Date) -> Result<(), ServiceError> {
        let (world, start) = (self.world.clone(), Timestamp::start_of(day));
        let working = world.city.calendar().day(day).map_err(ServiceError::internal)?.working;
        let weekday = day.weekday().to_monday_one_offset();
        let volume = world.profile.of_day(world.plan.yearly, weekday, day.month(), working);
        let number = start.micros().unsigned_abs() / 3_600_000_000 + u64::from(hour.unsigned_abs());
        let mut dice = dice_of(world.plan.seed, number, 1);
        let takes = |channel, matter: &str| world.takes(channel, matter);
        let when = (Day { start, volume }, hour, world.plan.beat_seconds);
        for arrival in arrivals::of_hour((world.profile, &self.mix), &takes, when, &mut dice) {
            self.arrive(arrival)?;
        }
        if hour < 23 {
            self.push(start.plus_seconds((i64::from(hour) + 1) * 3600), What::Hour(day, hour + 1));
            return Ok(());
        }
        self.push(Timestamp::end_of(day), What::DayOver(day));
        if day < last {
            let next = day.checked_add(1.day()).map_err(ServiceError::internal)?;
            self.push(Timestamp::start_of(next), What::Hour(next, 0));
        }
        Ok(())
    }

    fn arrive(&mut self, arrival: Arrival) -> Result<(), ServiceError> {
        self.serial += 1;
        let (world, serial) = (self.world.clone(), self.serial);
        let mut dice = dice_of(world.plan.seed, serial, 0);
        let shelf = world.city.shelf();
        let bundle = &shelf.matter(&arrival.matter)?.bundle;
        let applicant = &bundle.sample.applicant;
        let who = self.somebody(&mut dice, arrival.at.date(), applicant);
        let mut tail = [0; 10];
        dice.fill(&mut tail);
        let account = AccountId::new(arrival.at, tail);
        let fate = Fate::thrown(world.profile, &bundle.matter, &mut dice);
        let story = Box::new(Story::new(serial, &arrival.matter, arrival.channel, (who, account, fate)));
        let place = if arrival.channel.queues() { self.place(&arrival, &mut dice) } else { None };
        let Some(place) = place else {
            self.push(arrival.at, What::Turn(story));
            return Ok(());
        };
        let visitor = Visitor::of(&story);
        let books = arrival.channel == Channel::Hall
            && chance(&mut dice, world.profile.simulation_assumed.appointment_share_of_hall);
        self.visiting.insert(serial, story);
        let act = if books { Act::Book(visitor) } else { Act::Come(visitor, String::new()) };
        self.push(arrival.at, What::Act(place, Box::new(act)));
        Ok(())
    }

    /// Where somebody goes: many windows draw many people.
    fn place(&self, arrival: &Arrival, dice: &mut Dice) -> Option<usize> {
        let places = self.world.places_for(arrival.channel, &arrival.matter);
        let by_windows: Vec<(&str, f64)> = places.iter().map(|(id, windows)| (id.as_str(), *windows)).collect();
        let id = weighted(dice, &by_windows)?;
        self.halls.iter().position(|hall| hall.as_ref().is_some_and(|hall| hall.id == id))
    }

    /// Somebody whose numbers nobody has.
    fn somebody(&mut self, dice: &mut Dice, today: Date, wanted: &domain::catalog::SampleApplicant) -> Who {
        let mut who = Who::thrown(dice, today, wanted.kind, wanted.age);
        for _ in 0..THROWS {
            let digests: Vec<u64> = who.entries().iter().map(|entry| digest(&entry.register, &entry.key)).collect();
            if digests.iter().all(|own| !self.taken.contains(own)) {
                self.taken.extend(digests);
                break;
            }
            who = Who::thrown(dice, today, wanted.kind, wanted.age);
        }
        who
    }

    // ---- what happens --------------------------------------------------------------------------------------------

    /// Places go on at the same time, each through its own acts one by one; messages and counters follow the journal meanwhile.
    async fn places(&mut self, acts: BTreeMap<usize, Vec<Act>>) -> Result<(), ServiceError> {
        let mut running = JoinSet::new();
        for (at, acts) in acts {
            let Some(mut hall) = self.halls.get_mut(at).and_then(Option::take) else { continue };
            let world = self.world.clone();
            let dice = RefCell::new(dice_of(world.plan.seed, at as u64, world.city.now().micros().unsigned_abs()));
            running.spawn(DICE.scope(dice, async move {
                let after = hall.act(&world, acts).await;
                (at, hall, after)
            }));
        }
        let mut done = Vec::new();
        while let Some(joined) = running.join_next().await {
            done.push(joined.map_err(ServiceError::internal)?);
        }
        done.sort_by_key(|(at, ..)| *at);
        for (at, hall, after) in done {
            if let Some(place) = self.halls.get_mut(at) {
                *place = Some(hall);
            }
            self.follow(at, after);
        }
        Ok(())
    }

    fn follow(&mut self, hall: usize, after: After) {
        self.tally.merge(after.tally);
        for (at, act) in after.acts {
            self.push(at, What::Act(hall, Box::new(act)));
        }
        for (serial, at, channel) in after.filings {
            let Some(mut story) = self.visiting.remove(&serial) else { continue };
            story.channel = channel.unwrap_or(story.channel);
            self.push(at, What::Turn(story));
        }
    }

    async fn turns(&mut self, stories: Vec<Story>) -> Result<(), ServiceError> {
        let mut running = JoinSet::new();
        for story in stories {
            let world = self.world.clone();
            let dice = RefCell::new(dice_of(world.plan.seed, story.serial, world.city.now().micros().unsigned_abs()));
            running.spawn(DICE.scope(dice, async move { story::turn(&world, story).await }));
        }
        let follows = journal::advance(&self.world.city);
        let all = async {
            let mut done = Vec::new();
            while let Some(joined) = running.join_next().await {
                done.push(joined.map_err(ServiceError::internal)?);
            }
            Ok::<Vec<Turned>, ServiceError>(done)
        };
        let (followed, done) = tokio::join!(follows, all);
        followed?;
        let mut done = done?;
        done.sort_by_key(|turned| turned.story.serial);
        for turned in done {
            self.turned(turned);
        }
        Ok(())
    }

    fn turned(&mut self, turned: Turned) {
        let Turned { story, next, tally } = turned;
        self.tally.merge(tally);
        let (now, serial) = (self.world.city.now(), story.serial);
        if let (Some(number), true) = (&story.number, next != Next::Ended) {
            // Looked at the day after, which finds out what is owed by then; from there on the dates lead from one to the next.
            self.owed.insert((now, serial), (number.clone(), story.about()));
        }
        match next {
            Next::At(at) => self.push(at, What::Turn(Box::new(story))),
            Next::Asleep => self.asleep.push(story),
            Next::Ended => {}
        }
    }

    // ---- looking back --------------------------------------------------------------------------------------------

    async fn day_over(&mut self, day: Date) -> Result<(), ServiceError> {
        let world = self.world.clone();
        while journal::advance(&world.city).await? > 0 {}
        let mut dice = dice_of(world.plan.seed, day.day_of_year().unsigned_abs().into(), 5);
        for at in 0..self.halls.len() {
            let Some(mut hall) = self.halls.get_mut(at).and_then(Option::take) else { continue };
            let after = hall.close_day(&world, day, &mut dice).await;
            if let Some(place) = self.halls.get_mut(at) {
                *place = Some(hall);
            }
            self.follow(at, after);
        }
        let filed = self.tally.total("case");
        let today = filed - self.filed_before;
        self.filed_before = filed;
        audit::day(&world, day, today, &mut self.tally).await?;
        self.dates_passed().await
    }

    /// Every date that has passed by now was carried out or noted.
    async fn dates_passed(&mut self) -> Result<(), ServiceError> {
        let world = self.world.clone();
        let now = world.city.now();
        let later = self.owed.split_off(&(now.plus_seconds(1), 0));
        let passed: BTreeMap<u64, (String, String)> =
            std::mem::replace(&mut self.owed, later).into_iter().map(|((_, serial), what)| (serial, what)).collect();
        for (serial, (number, about)) in passed {
            if let Some(next) = audit::overdue(&world.city, &number, &about, &mut self.tally).await? {
                self.owed.insert((next.at, serial), (number, about));
            }
        }
        Ok(())
    }

    /// What is under way is there as its facts say, and the evidence is whole.
    async fn last_look(&mut self) -> Result<(), ServiceError> {
        let world = self.world.clone();
        while journal::advance(&world.city).await? > 0 {}
        let queued = self.events.iter().filter_map(|event| match &event.0.what {
            What::Turn(story) => Some(story.as_ref()),
            _ => None,
        });
        let mut open: Vec<(u64, String, String)> = queued
            .chain(&self.asleep)
            .filter_map(|story| Some((story.serial, story.number.clone()?, story.about())))
            .collect();
        open.sort();
        for (_, number, about) in open {
            audit::replay(&world.city, &number, &about, &mut self.tally).await?;
        }
        audit::evidence(&world, &mut self.tally).await?;
        if let Some(fault) = world.waits() {
            let place = (world.city.now(), "the fault on purpose");
            self.tally
                .check(Invariant::LawfulDone, false, place, || format!("{} found nothing to strike", fault.as_str()));
        }
        Ok(())
    }
}

fn digest(register: &str, key: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    (register, key).hash(&mut hasher);
    hasher.finish()
}

/// A list in parts of at most so many.
fn chunks<T>(all: Vec<T>, most: usize) -> Vec<Vec<T>> {
    let mut parts = Vec::new();
    let mut rest = all.into_iter();
    loop {
        let part: Vec<T> = rest.by_ref().take(most).collect();
        if part.is_empty() {
            return parts;
        }
        parts.push(part);
    }
}
