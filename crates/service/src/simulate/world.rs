//! What everybody in a simulated city shares: the platform, the profile, those who work there, and the fault on purpose.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};

use domain::accounts::{Actor, Grant, Role};
use domain::catalog::{Channel as Form, ProjectType};
use domain::halls::Place;

use super::Plan;
use super::arrivals::Channel;
use super::faults::Fault;
use super::profile::Profile;
use crate::accounts::{NewAccount, open_account};
use crate::city::City;
use crate::demo::Specimens;
use crate::error::ServiceError;

/// Clerks of the windows.
const CLERKS: u64 = 6;
/// Counter of a hall for those who got stuck; nobody is sent there first.
const STUCK: &str = "stuck";

pub(super) struct World {
    pub city: City,
    pub profile: &'static Profile,
    pub plan: Plan,
    pub specimens: Specimens,
    clerks: Vec<Actor>,
    officers: BTreeMap<(String, &'static str), Actor>,
    struck: AtomicBool,
}

impl World {
    /// Opens the accounts of everybody who works in the city.
    pub async fn new(
        city: &City,
        profile: &'static Profile,
        plan: Plan,
        specimens: Specimens,
    ) -> Result<World, ServiceError> {
        let mut clerks = Vec::new();
        for number in 1..=CLERKS {
            let district = Some(city.settings().district.clone());
            let grant = Grant { role: Role::Clerk, department: None, district };
            clerks.push(open(city, &format!("clerk-{number}"), &format!("窗口{number}号"), grant).await?);
        }
        let mut officers = BTreeMap::new();
        for department in city.shelf().departments() {
            for (role, word, zh) in [(Role::Reviewer, "reviewer", "审核人"), (Role::Approver, "approver", "审批人")]
            {
                let grant = Grant { role, department: Some(department.id.clone()), district: None };
                let name = format!("{}{zh}", department.name.zh);
                let actor = open(city, &format!("{}.{word}", department.id), &name, grant).await?;
                officers.insert((department.id.clone(), role.as_str()), actor);
            }
        }
        let struck = AtomicBool::new(false);
        Ok(World { city: city.clone(), profile, plan, specimens, clerks, officers, struck })
    }

    /// Somebody at a window.
    pub fn clerk(&self, serial: u64) -> &Actor {
        static NOBODY: std::sync::LazyLock<Actor> = std::sync::LazyLock::new(Actor::system);
        let at = usize::try_from(serial % CLERKS).unwrap_or(0);
        self.clerks.get(at).unwrap_or(&NOBODY)
    }

    /// The officer of a department.
    pub fn staff(&self, role: Role, department: &str) -> Result<&Actor, ServiceError> {
        let found = self.officers.get(&(department.to_owned(), role.as_str()));
        found.ok_or_else(|| ServiceError::Internal(format!("nobody is {} of {department}", role.as_str())))
    }

    /// Whether the fault on purpose is this one and strikes now; it strikes once.
    pub fn fires(&self, fault: Fault) -> bool {
        self.plan.fault == Some(fault) && !self.struck.swap(true, Ordering::SeqCst)
    }

    /// Whether the fault has not struck yet.
    pub fn waits(&self) -> Option<Fault> {
        self.plan.fault.filter(|_| !self.struck.load(Ordering::SeqCst))
    }

    /// 即办件 or 承诺件.
    pub fn kind_of(&self, matter: &str) -> &'static str {
        match self.city.shelf().matter(matter).map(|own| own.bundle.matter.project_type) {
            Ok(ProjectType::Instant) => "instant",
            _ => "promise",
        }
    }

    /// Whether a channel takes a matter.
    pub fn takes(&self, channel: Channel, matter: &str) -> bool {
        let shelf = self.city.shelf();
        match channel {
            Channel::Kiosk => shelf.matter(matter).is_ok_and(|own| own.bundle.matter.channels.contains(&Form::Kiosk)),
            Channel::Hall | Channel::Town => shelf.places().places.iter().any(|place| serves(place, channel, matter)),
            _ => true,
        }
    }

    /// The places where somebody goes who comes by this channel, by how many windows wait for the matter there.
    pub fn places_for(&self, channel: Channel, matter: &str) -> Vec<(String, f64)> {
        let shelf = self.city.shelf();
        let open = shelf.places().places.iter().filter(|place| serves(place, channel, matter));
        let windows = |place: &Place| counter_for(place, matter).map_or(0, |counter| counter.windows.len());
        open.map(|place| (place.id.clone(), windows(place) as f64)).collect()
    }
}

/// The counter at which a matter is taken: one of its own, else one for everything.
pub(super) fn counter_for<'p>(place: &'p Place, matter: &str) -> Option<&'p domain::halls::Counter> {
    let mut open = place.counters.iter().filter(|counter| counter.takes(matter) && counter.id != STUCK);
    let own = place.counters.iter().find(|counter| !counter.matters.is_empty() && counter.takes(matter));
    own.or_else(|| open.next())
}

/// Centres are where towns and villages go; halls and small windows in parks are the halls.
fn serves(place: &Place, channel: Channel, matter: &str) -> bool {
    let centre = place.kind == domain::halls::PlaceKind::Centre;
    counter_for(place, matter).is_some() && centre == (channel == Channel::Town)
}

async fn open(city: &City, login: &str, name: &str, grant: Grant) -> Result<Actor, ServiceError> {
    let new = NewAccount {
        login: format!("sim.{login}"),
        password: None,
        name: name.to_owned(),
        grants: vec![grant],
        person: None,
    };
    Ok(open_account(city, &Actor::operator(), new).await?.actor(Vec::new()))
}
