//! One place: those who book, come, wait, are called and served, and what must be true of its queue and its slots.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::accounts::{Actor, Party};
use domain::halls::{Appointment, HallReason, Ticket, TicketCommand, TicketSource};
use domain::time::Timestamp;
use jiff::ToSpan;
use jiff::civil::Date;

use super::arrivals::Channel;
use super::clock::dice_of;
use super::faults::{self, Fault};
use super::habits;
use super::profile::chance;
use super::story::Story;
use super::watch::{Invariant, Tally};
use super::world::{World, counter_for};
use crate::demo::Dice;
use crate::error::ServiceError;
use crate::halls::{self, Book, Take};

/// How many days ahead somebody looks for a free slot.
const LOOK_AHEAD: i64 = 5;

/// Somebody on the way to a place.
#[derive(Debug, Clone)]
pub(super) struct Visitor {
    pub serial: u64,
    pub matter: String,
    pub actor: Actor,
    pub party: Party,
}

impl Visitor {
    pub fn of(story: &Story) -> Visitor {
        let (serial, matter) = (story.serial, story.matter.clone());
        Visitor { serial, matter, actor: story.citizen(), party: story.who.party() }
    }
}

/// What happens in a place.
#[derive(Debug)]
pub(super) enum Act {
    /// Somebody books an appointment.
    Book(Visitor),
    /// Somebody comes, with the six digits of an appointment or without.
    Come(Visitor, String),
    /// Somebody gives an appointment back.
    Cancel(Visitor, String),
    /// Whoever was called comes to the window, or does not.
    Begin(usize, String),
    /// The number is called once more.
    Again(usize, String),
    /// The person at the window is done.
    Finish(usize, String),
    /// Somebody is back with what was missing.
    Back(String),
}

/// What follows from it: later acts here, and filings; with another channel where somebody gives up the visit.
#[derive(Debug, Default)]
pub(super) struct After {
    pub acts: Vec<(Timestamp, Act)>,
    pub filings: Vec<(u64, Timestamp, Option<Channel>)>,
    pub tally: Tally,
}

#[derive(Debug)]
struct Window {
    name: String,
    counter: String,
    ticket: Option<String>,
}

/// A place as those who stand in it see it.
#[derive(Debug)]
pub(super) struct Hall {
    pub id: String,
    seed: u64,
    acts: u64,
    windows: Vec<Window>,
    /// By counter: rank and number of those who wait, which is the order in which they are to be called.
    waiting: BTreeMap<String, BTreeSet<(i64, i64, String)>>,
    visits: HashMap<String, Visitor>,
    /// Numbers given today.
    numbers: BTreeSet<String>,
    /// Places taken by slot, of the days to come.
    booked: BTreeMap<String, i64>,
}

impl Hall {
    /// With at most so many windows at each counter.
    pub fn new(place: &domain::halls::Place, most: usize, seed: u64) -> Hall {
        let windows = place.counters.iter().flat_map(|counter| {
            let of = |name: &String| Window { name: name.clone(), counter: counter.id.clone(), ticket: None };
            counter.windows.iter().take(most).map(of)
        });
        Hall {
            id: place.id.clone(),
            seed,
            acts: 0,
            windows: windows.collect(),
            waiting: BTreeMap::new(),
            visits: HashMap::new(),
            numbers: BTreeSet::new(),
            booked: BTreeMap::new(),
        }
    }

    /// Carries out what happens in the place at one instant, in order.
    pub async fn act(&mut self, world: &World, acts: Vec<Act>) -> After {
        let mut after = After::default();
        for act in acts {
            self.acts += 1;
            let dice = dice_of(self.seed, self.acts, 7);
            let (now, about) = (world.city.now(), format!("the place {}", self.id));
            let mut scene = Scene { hall: &mut *self, world, now, dice, after: &mut after };
            let done = scene.play(act).await;
            after
                .tally
                .check(Invariant::LawfulDone, done.is_ok(), (now, &about), || format!("{:?}", done.as_ref().err()));
        }
        after
    }

    /// The day is over: numbers have expired, and whoever still waits comes back another day.
    pub async fn close_day(&mut self, world: &World, day: Date, dice: &mut Dice) -> After {
        let mut after = After::default();
        let (now, cal) = (world.city.now(), world.city.calendar());
        let mut left: Vec<Visitor> = self.visits.drain().map(|(_, visitor)| visitor).collect();
        left.sort_by_key(|visitor| visitor.serial);
        for visitor in left {
            after.tally.add("visit", "came in vain");
            after.acts.push((habits::next_morning(&cal, now, dice), Act::Come(visitor, String::new())));
        }
        self.windows.iter_mut().for_each(|window| window.ticket = None);
        self.waiting.clear();
        let about = format!("the place {} on {day}", self.id);
        let done = self.look_back(world, day, &about, &mut after.tally).await;
        after.tally.check(Invariant::LawfulDone, done.is_ok(), (now, &about), || format!("{:?}", done.as_ref().err()));
        self.numbers.clear();
        after
    }

    /// Slots and numbers of a day as they are stored, beside what was done.
    async fn look_back(
        &mut self,
        world: &World,
        day: Date,
        about: &str,
        tally: &mut Tally,
    ) -> Result<(), ServiceError> {
        let city = &world.city;
        let place = (city.now(), about);
        let (from, to) = (Timestamp::start_of(day), Timestamp::end_of(day));
        let mut kept: BTreeMap<String, i64> = BTreeMap::new();
        let sql = "SELECT doc FROM appointment WHERE region = $1 AND place = $2 AND state = $3 AND start >= $4 AND start < $5";
        for state in ["booked", "arrived", "missed"] {
            let params = [city.region().into(), self.id.as_str().into(), state.into(), from.into(), to.into()];
            for row in &city.store().query(sql, &params).await? {
                let own: Appointment = serde_json::from_str(row.text(0)?).map_err(ServiceError::internal)?;
                *kept.entry(own.slot).or_default() += 1;
            }
            let open = kept.values().sum::<i64>();
            tally.check(Invariant::Duties, state != "booked" || open == 0, place, || {
                format!("{open} are still expected")
            });
        }
        let sql =
            "SELECT id, capacity, free FROM visit_slot WHERE region = $1 AND place = $2 AND start >= $3 AND start < $4";
        let params = [city.region().into(), self.id.as_str().into(), from.into(), to.into()];
        for row in &city.store().query(sql, &params).await? {
            let (id, capacity, taken) = (row.text(0)?, row.int(1)?, row.int(1)? - row.int(2)?);
            let (stored, done) = (kept.get(id).copied().unwrap_or(0), self.booked.remove(id).unwrap_or(0));
            let fits = taken <= capacity && taken == stored && taken == done;
            tally.check(Invariant::Slots, fits, place, || {
                format!("slot {id} of {capacity}: {taken} taken, {stored} stored, {done} booked")
            });
        }
        let sql = "SELECT letter, seq, state FROM ticket WHERE region = $1 AND room = $2";
        let rows = city.store().query(sql, &[city.region().into(), halls::room(&self.id, day).into()]).await?;
        let mut stored = BTreeSet::new();
        for row in &rows {
            let open = matches!(row.text(2)?, "waiting" | "called" | "serving" | "held");
            stored.insert(format!("{}{:03}", row.text(0)?, row.int(1)?));
            tally.check(Invariant::Duties, !open, place, || "a number outlives its day".into());
        }
        let same = stored == self.numbers && rows.len() == stored.len();
        tally.check(Invariant::Queue, same, place, || {
            format!("{} numbers given, {} kept", self.numbers.len(), rows.len())
        });
        Ok(())
    }
}

/// One thing that happens in a place.
struct Scene<'s> {
    hall: &'s mut Hall,
    world: &'s World,
    now: Timestamp,
    dice: Dice,
    after: &'s mut After,
}

impl Scene<'_> {
    async fn play(&mut self, act: Act) -> Result<(), ServiceError> {
        match act {
            Act::Book(visitor) => self.book(visitor).await,
            Act::Come(visitor, code) => self.come(visitor, code).await,
            Act::Cancel(visitor, id) => {
                let own = halls::cancel(&self.world.city, &visitor.actor, &id, None).await?;
                self.gave("cancel an appointment");
                *self.hall.booked.entry(own.slot).or_default() -= 1;
                self.after.tally.add("appointment", "cancelled");
                self.goes_online(visitor.serial);
                Ok(())
            }
            Act::Begin(window, ticket) => self.begin(window, ticket).await,
            Act::Again(window, ticket) => self.again(window, ticket).await,
            Act::Finish(window, ticket) => self.finish(window, ticket).await,
            Act::Back(ticket) => {
                if !self.hall.visits.contains_key(&ticket) {
                    return Ok(());
                }
                let own = self.give(&ticket, TicketCommand::Resume).await?;
                self.waits(&own);
                self.call(&own.counter).await
            }
        }
    }

    fn gave(&mut self, name: &str) {
        self.after.tally.add("command", name);
    }

    fn check(&mut self, invariant: Invariant, holds: bool, what: impl FnOnce() -> String) {
        let about = format!("the place {}", self.hall.id);
        self.after.tally.check(invariant, holds, (self.now, &about), what);
    }

    fn in_minutes(&self, minutes: i64) -> Timestamp {
        self.now.plus_seconds((minutes * 60).max(self.world.plan.beat_seconds))
    }

    /// Whoever does not come to the window files at home in the evening.
    fn goes_online(&mut self, serial: u64) {
        let at = self.now.plus_seconds(i64::from(self.dice.between(1, 9)) * 3600);
        self.after.filings.push((serial, at, Some(Channel::Web)));
    }

    // ---- appointments --------------------------------------------------------------------------------------------

    async fn book(&mut self, visitor: Visitor) -> Result<(), ServiceError> {
        let (city, odds) = (&self.world.city, &self.world.profile.simulation_assumed);
        let Some((slot, capacity, start)) = self.free_slot(&visitor.matter).await? else {
            self.after.tally.add("appointment", "nothing free");
            let at = habits::next_morning(&city.calendar(), self.now, &mut self.dice);
            self.after.acts.push((at, Act::Come(visitor, String::new())));
            return Ok(());
        };
        let wish = Book {
            slot: slot.clone(),
            matter: visitor.matter.clone(),
            applicant: visitor.party.clone(),
            prepared: Vec::new(),
            key: None,
        };
        let own = halls::book(city, &visitor.actor, wish.clone()).await?;
        self.gave("book");
        self.after.tally.add("appointment", "booked");
        let taken = self.hall.booked.entry(slot).or_default();
        *taken += 1;
        let taken = *taken;
        self.check(Invariant::Slots, taken <= capacity, || format!("{taken} in a slot for {capacity}"));
        if self.world.fires(Fault::Overbook) {
            faults::overbook(self.world, &own).await?;
        }
        if chance(&mut self.dice, odds.unlawful_attempts) {
            let twice = halls::book(city, &visitor.actor, wish).await;
            self.gave("unlawful");
            self.after.tally.add("mistake", "books twice");
            self.check(Invariant::UnlawfulRefused, matches!(twice, Err(ServiceError::Hall(_))), || {
                "booked twice".into()
            });
        }
        let id = own.id.to_string();
        if chance(&mut self.dice, odds.appointment_cancelled) {
            let at = start.plus_seconds(-3600).max(self.in_minutes(1));
            if at < start {
                self.after.acts.push((at, Act::Cancel(visitor, id)));
                return Ok(());
            }
        }
        if chance(&mut self.dice, odds.appointment_missed) {
            self.after.tally.add("appointment", "missed");
            self.after.filings.push((visitor.serial, own.end.plus_seconds(3 * 3600), Some(Channel::Web)));
            return Ok(());
        }
        let early = i64::from(self.dice.between(0, 10)) * 60;
        let at = start.plus_seconds(-early).max(self.in_minutes(1));
        self.after.acts.push((at, Act::Come(visitor, own.code)));
        Ok(())
    }

    /// A free slot of the days to come, with its capacity and begin.
    async fn free_slot(&mut self, matter: &str) -> Result<Option<(String, i64, Timestamp)>, ServiceError> {
        let city = &self.world.city;
        for ahead in 1..=LOOK_AHEAD {
            let day = self.now.date().checked_add(ahead.days()).map_err(ServiceError::internal)?;
            let mut slots = halls::slots(city, &self.hall.id, day, Some(matter)).await?;
            slots.retain(|slot| slot.free > 0);
            if let Some(slot) = self.dice.one(&slots) {
                return Ok(Some((slot.id.clone(), slot.capacity, slot.start)));
            }
        }
        Ok(None)
    }

    // ---- the queue -----------------------------------------------------------------------------------------------

    async fn come(&mut self, visitor: Visitor, code: String) -> Result<(), ServiceError> {
        let city = &self.world.city;
        let shelf = city.shelf();
        let Some(counter) = counter_for(shelf.place(&self.hall.id)?, &visitor.matter) else {
            return Err(ServiceError::NotFound("counter"));
        };
        let at_reception = !code.is_empty();
        let take = Take {
            place: self.hall.id.clone(),
            counter: if at_reception { String::new() } else { counter.id.clone() },
            matter: visitor.matter.clone(),
            assisted: false,
            code: code.clone(),
            source: if at_reception { TicketSource::Reception } else { TicketSource::Web },
            key: None,
        };
        let actor = if at_reception { self.world.clerk(visitor.serial) } else { &visitor.actor };
        let taken = halls::take(city, actor, take).await;
        self.gave("take a number");
        let ticket = match taken {
            Ok(ticket) => ticket,
            // Closed, or too late for the appointment: the people come back.
            Err(ServiceError::Hall(refusal)) => {
                self.after.tally.add("visit", "found it closed");
                let at = habits::comes_back(&city.calendar(), self.now, &mut self.dice).max(self.in_minutes(1));
                let is_early = refusal.reason == HallReason::Closed && at.date() == self.now.date();
                let code = if is_early { code } else { String::new() };
                self.after.acts.push((at, Act::Come(visitor, code)));
                return Ok(());
            }
            Err(other) => return Err(other),
        };
        self.after.tally.add("visit", if at_reception { "with an appointment" } else { "without an appointment" });
        let first = self.hall.numbers.insert(ticket.number.clone());
        self.check(Invariant::Queue, first, || format!("number {} was given twice", ticket.number));
        self.hall.visits.insert(ticket.id.to_string(), visitor);
        self.waits(&ticket);
        self.call(&ticket.counter).await
    }

    fn waits(&mut self, ticket: &Ticket) {
        let number = ticket.number.get(1..).and_then(|digits| digits.parse().ok()).unwrap_or(0);
        let line = self.hall.waiting.entry(ticket.counter.clone()).or_default();
        line.insert((ticket.rank(), number, ticket.id.to_string()));
    }

    async fn give(&mut self, ticket: &str, command: TicketCommand) -> Result<Ticket, ServiceError> {
        let serial = self.hall.visits.get(ticket).map_or(0, |visitor| visitor.serial);
        self.gave(command.name());
        halls::work(&self.world.city, self.world.clerk(serial), ticket, command, None).await
    }

    /// Free windows of a counter call whoever waits.
    async fn call(&mut self, counter: &str) -> Result<(), ServiceError> {
        for at in 0..self.hall.windows.len() {
            let Some(window) = self.hall.windows.get(at) else { break };
            if window.counter != counter || window.ticket.is_some() {
                continue;
            }
            let name = window.name.clone();
            let first = self.hall.waiting.get(counter).and_then(|line| line.first().cloned());
            if first.is_none() {
                break;
            }
            let called = match self.jumped(counter) {
                Some(wrong) if self.world.fires(Fault::JumpQueue) => {
                    Some(self.give(&wrong, TicketCommand::Call { window: name }).await?)
                }
                _ => {
                    halls::call_next(&self.world.city, self.world.clerk(at as u64), &self.hall.id, &name, None).await?
                }
            };
            self.gave("call");
            let id = called.as_ref().map(|ticket| ticket.id.to_string());
            let in_order = id == first.as_ref().map(|(.., id)| id.clone());
            self.check(Invariant::Queue, in_order, || "somebody else was called than who is next".into());
            let Some((ticket, id)) = called.zip(id) else { break };
            if let Some(line) = self.hall.waiting.get_mut(counter) {
                line.retain(|(.., own)| *own != id);
            }
            if ticket.began.is_none() {
                let waited = (self.now.micros() - ticket.taken.micros()) / 60_000_000;
                self.after.tally.span("minutes waited", u32::try_from(waited).unwrap_or(0));
            }
            if let Some(window) = self.hall.windows.get_mut(at) {
                window.ticket = Some(id.clone());
            }
            self.after.acts.push((self.in_minutes(1), Act::Begin(at, id)));
        }
        Ok(())
    }

    /// Who waits behind the first, where somebody does.
    fn jumped(&self, counter: &str) -> Option<String> {
        self.hall.waiting.get(counter)?.iter().nth(1).map(|(.., id)| id.clone())
    }

    /// The window at which a ticket is; nothing when the day has ended it.
    fn window_of(&self, at: usize, ticket: &str) -> Option<String> {
        let window = self.hall.windows.get(at).filter(|window| window.ticket.as_deref() == Some(ticket))?;
        Some(window.name.clone())
    }

    async fn begin(&mut self, at: usize, id: String) -> Result<(), ServiceError> {
        let odds = &self.world.profile.simulation_assumed;
        let Some(window) = self.window_of(at, &id) else { return Ok(()) };
        if chance(&mut self.dice, odds.unlawful_attempts) {
            // The clerk of another window presses the button.
            self.after.tally.add("mistake", "serves the number of another window");
            self.gave("unlawful");
            let other = TicketCommand::Serve { window: format!("{window}0") };
            let tried = halls::work(&self.world.city, self.world.clerk(0), &id, other, None).await;
            self.check(Invariant::UnlawfulRefused, matches!(tried, Err(ServiceError::Hall(_))), || {
                "a number was served at another window than it was called to".into()
            });
        }
        if chance(&mut self.dice, odds.number_not_answered) {
            self.after.acts.push((self.in_minutes(1), Act::Again(at, id)));
            return Ok(());
        }
        let ticket = self.give(&id, TicketCommand::Serve { window: window.clone() }).await?;
        if chance(&mut self.dice, odds.fetches_something) {
            self.give(&id, TicketCommand::Hold { window }).await?;
            self.after.tally.add("visit", "fetched something");
            self.after.acts.push((self.in_minutes(15), Act::Back(id)));
            return self.free(at, &ticket.counter).await;
        }
        let shelf = self.world.city.shelf();
        let usual = shelf.place(&self.hall.id)?.counter(&ticket.counter).map_or(10, |counter| counter.usual_minutes);
        let minutes = self.dice.between(u32::from(usual) / 2, u32::from(usual) * 3 / 2);
        self.after.acts.push((self.in_minutes(minutes.into()), Act::Finish(at, id)));
        Ok(())
    }

    /// Called again, and passed over when nobody comes.
    async fn again(&mut self, at: usize, id: String) -> Result<(), ServiceError> {
        let Some(window) = self.window_of(at, &id) else { return Ok(()) };
        let missed = halls::work(
            &self.world.city,
            self.world.clerk(0),
            &id,
            TicketCommand::Miss { window: window.clone() },
            None,
        );
        match missed.await {
            Ok(ticket) => {
                self.gave("miss");
                self.after.tally.add("visit", "did not come when called");
                if let Some(visitor) = self.hall.visits.remove(&id) {
                    self.goes_online(visitor.serial);
                }
                self.free(at, &ticket.counter).await
            }
            // Not called often enough yet.
            Err(ServiceError::Hall(_)) => {
                self.give(&id, TicketCommand::Recall { window }).await?;
                self.after.acts.push((self.in_minutes(1), Act::Again(at, id)));
                Ok(())
            }
            Err(other) => Err(other),
        }
    }

    async fn finish(&mut self, at: usize, id: String) -> Result<(), ServiceError> {
        let Some(window) = self.window_of(at, &id) else { return Ok(()) };
        let ticket = self.give(&id, TicketCommand::Finish { window }).await?;
        self.after.tally.add("visit", "served");
        if let Some(visitor) = self.hall.visits.remove(&id) {
            self.after.filings.push((visitor.serial, self.in_minutes(0), None));
        }
        self.free(at, &ticket.counter).await
    }

    /// A window is free again.
    async fn free(&mut self, at: usize, counter: &str) -> Result<(), ServiceError> {
        if let Some(window) = self.hall.windows.get_mut(at) {
            window.ticket = None;
        }
        self.call(counter).await
    }
}
