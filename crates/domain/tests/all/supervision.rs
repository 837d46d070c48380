//! Figures: what was printed in the sources follows from their numbers; weeks, shares, waits; what a case counts for.

use domain::supervision::{
    Agreement, CLASSES, Channel, Decimal, Derived, Figure, Kind, Publication, Ratio, Shape, Stage, Waits, Week,
    class_of,
};
use jiff::civil::date;
use proptest::prelude::*;

fn printed(own: Option<Decimal>) -> String {
    own.map_or_else(|| "nothing".to_owned(), |own| own.to_string())
}

fn derived(own: &Publication, id: &str) -> Derived {
    own.derive(figure(own, id))
}

fn figure<'p>(own: &'p Publication, id: &str) -> &'p Figure {
    own.figures.iter().find(|figure| figure.id == id).unwrap()
}

#[test]
fn the_published_figures_follow_from_their_numbers_to_the_printed_rounding() {
    let own = Publication::embedded().unwrap();
    // Number before and after, growth as printed, growth with one decimal.
    for (id, before, last, print, growth) in [
        ("A4", 1_112, 2_315, Some("108"), "108.2"),
        ("A5", 72, 215, Some("199"), "198.6"),
        ("A6", 391, 1_224, Some("213"), "213.0"),
        ("A7", 1_575, 3_754, None, "138.3"),
    ] {
        let Derived::Periods { periods, growth: ratio, .. } = derived(&own, id) else { panic!("{id}") };
        assert_eq!(periods.iter().map(|own| own.n).collect::<Vec<_>>(), [before, last], "{id}");
        assert_eq!((periods[0].from, periods[1].to), (date(2020, 2, 3), date(2020, 2, 16)), "{id}");
        assert_eq!(printed(ratio.unwrap().per_cent(1)), growth, "{id}");
        let agreement = own.agreement(figure(&own, id));
        match print {
            Some(print) => {
                assert_eq!(printed(ratio.unwrap().per_cent(0)), print, "{id}");
                assert_eq!(figure(&own, id).shape.printed(), Some(format!("{print}%").as_str()), "{id}");
                assert_eq!(agreement, Agreement::Agrees, "{id}");
            }
            None => assert_eq!(agreement, Agreement::NotPrinted, "{id}"),
        }
    }
    let Derived::Periods { total, periods, .. } = derived(&own, "A7") else { panic!() };
    assert_eq!(total, 5_329);
    assert_eq!(printed(periods[1].per_day(1)), "536.3", "a day of the second week");
    let Derived::Rate { open, rate } = derived(&own, "A8") else { panic!() };
    assert_eq!((open, printed(rate.unwrap().per_cent(2))), (40, "97.66".to_owned()));
    assert_eq!(derived(&own, "A9"), Derived::Span { minutes: 40 });
    assert_eq!(figure(&own, "A3").shape.printed(), Some("99.4%"));
    for figure in &own.figures {
        let source = own.source(figure).unwrap();
        assert!(!source.title.is_incomplete() && source.published.starts_with("20"), "{}", figure.id);
        assert_ne!(own.agreement(figure), Agreement::Differs, "{}", figure.id);
    }
}

#[test]
fn what_does_not_follow_from_the_numbers_is_said() {
    let mut own = Publication::embedded().unwrap();
    let place = own.figures.iter().position(|figure| figure.id == "A4").unwrap();
    if let Shape::Periods { printed, .. } = &mut own.figures[place].shape {
        *printed = Some("109%".to_owned());
    }
    assert_eq!(own.agreement(figure(&own, "A4")), Agreement::Differs);
    if let Shape::Periods { printed, .. } = &mut own.figures[place].shape {
        *printed = Some("108.18%".to_owned());
    }
    assert_eq!(own.agreement(figure(&own, "A4")), Agreement::Agrees, "at the decimals of the print");
}

#[test]
fn a_file_that_does_not_fit_is_refused_with_its_place() {
    let good = serde_json::to_value(Publication::embedded().unwrap()).unwrap();
    assert!(Publication::parse(&good.to_string()).is_ok(), "what is written can be read");
    let check = |change: &dyn Fn(&mut serde_json::Value), place: &str| {
        let mut wrong = good.clone();
        change(&mut wrong);
        let misfit = Publication::parse(&wrong.to_string()).unwrap_err();
        assert_eq!(misfit.place, place, "{misfit:?}");
        assert!(!misfit.message.is_incomplete());
    };
    check(&|own| own["id"] = "a b".into(), "id");
    check(&|own| own["figures"] = serde_json::json!([]), "figures");
    check(&|own| own["figures"][1]["id"] = "A3".into(), "figures/A3");
    check(&|own| own["figures"][1]["source"] = "nobody".into(), "figures/A4");
    check(&|own| own["figures"][1]["shape"]["periods"][1]["from"] = "2020-02-09".into(), "figures/A4");
    check(&|own| own["figures"][1]["shape"]["periods"][1]["n"] = (-1).into(), "figures/A4");
    check(&|own| own["figures"][4]["shape"]["of"][0] = "A8".into(), "figures/A7");
    check(&|own| own["figures"][5]["shape"]["closed"] = 1_712.into(), "figures/A8");
    check(&|own| own["figures"][6]["shape"]["to"] = "16:59".into(), "figures/A9");
    check(&|own| own["figures"][0]["shape"]["printed"] = "most".into(), "figures/A3");
    check(&|own| own["figures"][0]["more"] = 1.into(), "line 1");
}

#[test]
fn rounding_is_half_away_from_zero() {
    for (part, whole, decimals, text) in [
        (1, 8, 1, "12.5"),
        (1, 8, 0, "13"),
        (-1, 8, 0, "-13"),
        (1, 3, 2, "33.33"),
        (2, 3, 2, "66.67"),
        (-1, 300, 1, "-0.3"),
        (0, 5, 1, "0.0"),
        (1_671, 1_711, 2, "97.66"),
        (i64::MAX, i64::MAX, 4, "100.0000"),
    ] {
        assert_eq!(printed(Ratio::share(part, whole).unwrap().per_cent(decimals)), text, "{part}/{whole}");
    }
    assert_eq!(Ratio::share(1, 0), None);
    assert_eq!(Ratio::growth(0, 5), None, "nothing can be said about growth from nothing");
    assert_eq!(printed(Ratio::growth(10, 5).unwrap().per_cent(0)), "-50");
    assert_eq!(Decimal { digits: -5, decimals: 2 }.to_string(), "-0.05");
    assert!((Decimal { digits: 1_082, decimals: 1 }.value() - 108.2).abs() < f64::EPSILON);
}

#[test]
fn weeks_go_from_monday_to_sunday() {
    for (day, monday) in [
        (date(2026, 11, 23), date(2026, 11, 23)),
        (date(2026, 11, 29), date(2026, 11, 23)),
        (date(2027, 1, 1), date(2026, 12, 28)),
        (date(2020, 2, 3), date(2020, 2, 3)),
    ] {
        assert_eq!(Week::of(day).monday(), monday);
    }
    let week: Week = "2026-11-25".parse().unwrap();
    assert_eq!((week.to_string(), week.sunday()), ("2026-11-23".to_owned(), date(2026, 11, 29)));
    assert_eq!((week.back(1).next(), week.back(2).monday()), (week, date(2026, 11, 9)));
    assert_eq!(week.label().zh, "2026年11月23日至11月29日");
    assert_eq!(week.label().en, "23 November – 29 November 2026");
    assert!("2026-W48".parse::<Week>().is_err() && "soon".parse::<Week>().is_err());
}

#[test]
fn every_case_is_of_one_kind_and_channel() {
    let pairs: Vec<_> = Channel::ALL
        .into_iter()
        .flat_map(|channel| Kind::ALL.map(|kind| (channel, kind)))
        .filter(|(channel, kind)| kind.comes_by(*channel))
        .map(|(channel, kind)| format!("{}/{}", channel.as_str(), kind.as_str()))
        .collect();
    assert_eq!(pairs, ["web/online", "kiosk/online", "window/appointment", "window/assisted", "api/online"]);
    assert_eq!(Stage::behind("accepted"), [Stage::Accepted, Stage::Closed]);
    assert!(Stage::behind("no such figure").is_empty());
}

#[test]
fn classes_of_waiting_are_as_wide_as_it_is_said() {
    for (seconds, class) in
        [(-5, 0), (0, 0), (29, 0), (30, 1), (599, 19), (600, 20), (659, 20), (1_799, 39), (1_800, 40), (7_199, 57)]
    {
        assert_eq!(class_of(seconds), class, "{seconds}");
    }
    assert_eq!((class_of(7_200), class_of(i64::MAX)), (CLASSES - 1, CLASSES - 1));
    assert_eq!(Waits::default().quantile(50), None);
    let mut long = Waits::default();
    long.add(class_of(10_000), 1);
    let own = long.quantile(50).unwrap();
    assert_eq!((own.seconds, own.within), (7_200, None), "it is at least two hours");
}

proptest! {
    /// Whatever was waited, a quantile is wrong by less than it says.
    #[test]
    fn a_quantile_is_within_its_class(mut waited in prop::collection::vec(0_i64..7_200, 1..300), per_cent in 1_i64..=100) {
        let mut waits = Waits::default();
        waited.iter().for_each(|seconds| waits.add(class_of(*seconds), 1));
        waited.sort_unstable();
        let count = i64::try_from(waited.len()).unwrap();
        let rank = usize::try_from((count * per_cent + 99) / 100).unwrap().max(1);
        let exact = waited[rank - 1];
        let own = waits.quantile(per_cent).unwrap();
        prop_assert_eq!(waits.total(), count);
        prop_assert!((own.seconds - exact).abs() < own.within.unwrap(), "{:?} for {}", own, exact);
    }
}
