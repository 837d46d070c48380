//! On which legal day the sun reaches a longitude, which defines the solar terms 节气 (GB/T 33661-2017).

use jiff::ToSpan;
use jiff::civil::{Date, date};

/// The legal day (UTC+8) in which the apparent longitude of the sun passes `degrees`, in the Gregorian `year`.
///
/// Solar terms of neighbouring years are 365 days apart, so one crossing lies in the year for every longitude but those of
/// the turn of the year, which no festival uses; there the answer may be `None`.
pub(super) fn first_day_at(year: i16, degrees: f64) -> Option<Date> {
    let new_year = date(year, 1, 1);
    let days_since_2000 = f64::from(new_year.since(date(2000, 1, 1)).ok()?.get_days());
    (0..366).find_map(|day| {
        let midnight = days_since_2000 + f64::from(day);
        let before = turn(longitude(midnight) - degrees);
        let after = turn(longitude(midnight + 1.0) - degrees);
        (before < 0.0 && after >= 0.0 && after - before < 2.0).then(|| new_year.checked_add(day.days()).ok()).flatten()
    })
}

/// Into -180..180.
fn turn(degrees: f64) -> f64 {
    (degrees + 180.0).rem_euclid(360.0) - 180.0
}

/// Apparent longitude of the sun in degrees, at 00:00 UTC+8 of a day counted from 2000-01-01.
///
/// Meeus, Astronomical Algorithms, chapter 25, low accuracy: within 0.01°, which is a quarter of an hour of the sun's way.
fn longitude(days: f64) -> f64 {
    // J2000 is noon of 2000-01-01; legal midnight is 8 hours before midnight UTC; clocks lag dynamical time by about 70 s.
    let centuries = (days - 0.5 - 8.0 / 24.0 + 70.0 / 86_400.0) / 36_525.0;
    let mean = 280.466_46 + centuries * (36_000.769_83 + centuries * 0.000_303_2);
    let anomaly = (357.529_11 + centuries * (35_999.050_29 - centuries * 0.000_153_7)).to_radians();
    let centre = (1.914_602 - centuries * (0.004_817 + centuries * 0.000_014)) * anomaly.sin()
        + (0.019_993 - centuries * 0.000_101) * (2.0 * anomaly).sin()
        + 0.000_289 * (3.0 * anomaly).sin();
    let node = (125.04 - 1_934.136 * centuries).to_radians();
    (mean + centre - 0.005_69 - 0.004_78 * node.sin()).rem_euclid(360.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The rule of thumb for Qingming in the 21st century, which is independent of the astronomy above.
    #[test]
    fn qingming_of_a_century() {
        for year in 2000..2100i16 {
            let y = i32::from(year) - 2000;
            let day = (f64::from(y) * 0.2422 + 4.81).floor() as i32 - y / 4;
            assert_eq!(first_day_at(year, 15.0).map(|d| (d.month(), i32::from(d.day()))), Some((4, day)), "{year}");
        }
    }

    #[test]
    fn other_terms() {
        // Winter solstice 2026 and summer solstice 2027 in UTC+8.
        assert_eq!(first_day_at(2026, 270.0), Some(date(2026, 12, 22)));
        assert_eq!(first_day_at(2027, 90.0), Some(date(2027, 6, 21)));
    }
}
