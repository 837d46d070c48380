//! Who comes: a process in time whose shares the profile gives. Pure: dice are a parameter.

use domain::catalog::ProjectType;
use domain::time::Timestamp;

use super::profile::{Profile, chance, weighted};
use crate::catalog::Shelf;
use crate::demo::Dice;

/// How an application comes in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Channel {
    Web,
    Mobile,
    Kiosk,
    Hall,
    Town,
    Mail,
}

impl Channel {
    const ALL: [Channel; 6] =
        [Channel::Web, Channel::Mobile, Channel::Kiosk, Channel::Hall, Channel::Town, Channel::Mail];

    /// As the profile names it.
    pub fn as_str(self) -> &'static str {
        match self {
            Channel::Web => "web",
            Channel::Mobile => "mobile",
            Channel::Kiosk => "kiosk",
            Channel::Hall => "hall",
            Channel::Town => "town_village",
            Channel::Mail => "mail",
        }
    }

    /// A clerk takes it at a window.
    pub fn at_window(self) -> bool {
        matches!(self, Channel::Hall | Channel::Town | Channel::Mail)
    }

    /// Somebody waits in a queue.
    pub fn queues(self) -> bool {
        matches!(self, Channel::Hall | Channel::Town)
    }
}

/// Somebody who comes.
#[derive(Debug, Clone)]
pub(super) struct Arrival {
    pub at: Timestamp,
    pub matter: String,
    pub channel: Channel,
}

/// In so many parts an hour's expectation is cut; each comes true or not, so the count is very nearly Poisson's.
const PARTS: f64 = 20.0;

/// Which matters are asked for: instant and promised ones by the profile's shares, each by its weight.
pub(super) struct Mix {
    instant: Vec<(String, f64)>,
    promise: Vec<(String, f64)>,
    instant_share: f64,
}

impl Mix {
    /// Of the published matters that the profile gives a weight.
    pub fn of(profile: &Profile, shelf: &Shelf) -> Mix {
        let weight = |slug: &str| profile.simulation_assumed.matter_weights.get(slug).copied().unwrap_or(0.0);
        let (mut instant, mut promise) = (Vec::new(), Vec::new());
        for published in shelf.matters() {
            let matter = &published.bundle.matter;
            // Its sample gets the earlier licence by an application of its own, of which nobody here would know.
            if !published.bundle.sample.holds.is_empty() {
                continue;
            }
            let group = if matter.project_type == ProjectType::Instant { &mut instant } else { &mut promise };
            group.push((matter.slug.clone(), weight(&matter.slug)));
        }
        Mix { instant, promise, instant_share: profile.instant_share_by_volume_assumed }
    }

    /// One that a channel takes: `takes` says whether anybody there takes the matter.
    fn matter(&self, dice: &mut Dice, takes: impl Fn(&str) -> bool) -> Option<String> {
        let first = if chance(dice, self.instant_share) { &self.instant } else { &self.promise };
        let of = |group: &[(String, f64)], dice: &mut Dice| {
            let open: Vec<(&str, f64)> =
                group.iter().filter(|(slug, _)| takes(slug)).map(|(slug, weight)| (slug.as_str(), *weight)).collect();
            weighted(dice, &open).map(str::to_owned)
        };
        of(first, &mut *dice).or_else(|| of(&self.instant, &mut *dice))
    }
}

/// A day as arrivals see it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Day {
    pub start: Timestamp,
    /// Cases expected on it.
    pub volume: f64,
}

/// Everybody who comes within an hour, in order of time; instants lie on a grid of `beat` seconds.
pub(super) fn of_hour(
    (profile, mix): (&Profile, &Mix),
    takes: &impl Fn(Channel, &str) -> bool,
    (day, hour, beat): (Day, i8, i64),
    dice: &mut Dice,
) -> Vec<Arrival> {
    let mut arrivals = Vec::new();
    for channel in Channel::ALL {
        let share = profile.channel_share_assumed.get(channel.as_str()).copied().unwrap_or(0.0);
        let expected = day.volume * share * profile.of_hour(hour, channel.at_window());
        let parts = (expected * PARTS).ceil();
        let count = (0..parts as u64).filter(|_| chance(dice, expected / parts)).count();
        for _ in 0..count {
            let Some(matter) = mix.matter(dice, |slug| takes(channel, slug)) else { continue };
            let second = i64::from(dice.below(3600)) / beat * beat;
            let at = day.start.plus_seconds(i64::from(hour) * 3600 + second);
            arrivals.push(Arrival { at, matter, channel });
        }
    }
    arrivals.sort_by_key(|arrival| arrival.at);
    arrivals
}
