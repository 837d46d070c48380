//! Tables of the whole city: its places side by side, and which matters can be filed from outside.

use std::collections::BTreeMap;

use domain::catalog::Channel;
use domain::supervision::{Measure, Ratio};
use domain::text::Text;

use super::read::{Counts, Wanted, places as counted, received as received_in};
use super::sheet::{About, Cell, Column, Line, Sheet};
use super::tables::{Headline, minutes, place_name, share};
use crate::city::City;
use crate::error::ServiceError;

/// All places of the chosen week, those with most cases first.
pub(super) async fn places(city: &City, wanted: &Wanted) -> Result<Sheet, ServiceError> {
    let now = counted(city, wanted.week).await?;
    let before = received_in(city, wanted.week.back(1)).await?;
    let whole = wanted.week < wanted.range.last && wanted.week > wanted.range.first;
    let received = |own: &Counts| own.of(Measure::Received);
    let visits = |own: &Counts, name: &str| Cell::Count(own.visits.get(name).copied().unwrap_or(0));
    let mut sorted: Vec<(&String, &Counts)> = now.iter().collect();
    sorted.sort_by_key(|(id, own)| (std::cmp::Reverse(received(own)), (*id).clone()));
    let line = |(id, own): (&String, &Counts)| {
        let growth = whole.then(|| Ratio::growth(before.get(id).copied().unwrap_or(0), received(own))).flatten();
        let mut cells = vec![Cell::Words(place_name(city, id)), Cell::Count(received(own)), share(growth)];
        cells.extend([
            Cell::Count(own.of(Measure::Accepted)),
            Cell::Count(own.of(Measure::Closed)),
            share(own.closing()),
            share(own.on_time(Measure::SettledPromise, Measure::LatePromise)),
            share(own.on_time(Measure::SettledLimit, Measure::LateLimit)),
            visits(own, "kept"),
            visits(own, "served"),
            minutes(&own.waits, 50),
            minutes(&own.waits, 90),
        ]);
        let about = About { week: Some(wanted.week), place: Some(id.clone()), ..About::default() };
        Line { cells, about: Some(about) }
    };
    let columns = vec![
        Column::words("place", "场所", "Place"),
        Column::cases("received", "received", "收件", "Received"),
        Column::per_cent("growth", "增长", "Growth"),
        Column::cases("accepted", "accepted", "受理", "Accepted"),
        Column::cases("closed", "closed", "办结", "Closed"),
        Column::per_cent("closing_rate", "办结率", "Closing rate"),
        Column::per_cent("on_time_promise", "承诺按时率", "On time, promised"),
        Column::per_cent("on_time_limit", "法定按时率", "On time, by law"),
        Column::number("kept", "预约到场", "Appointments kept"),
        Column::number("served", "叫号办理", "Tickets served"),
        Column::number("wait_p50", "等候 p50（分）", "Wait p50 (min)"),
        Column::number("wait_p90", "等候 p90（分）", "Wait p90 (min)"),
    ];
    Ok(Sheet {
        id: "places",
        title: Text::new("各场所", "Places"),
        note: Text::new(
            "窗口办件计入办理窗口所在的场所，终端办件计入终端所在的场所；网上办件不计入场所。",
            "Cases of windows and terminals count for the place where they stand; those from outside count for none.",
        ),
        columns,
        lines: sorted.into_iter().map(line).collect(),
    })
}

/// 支持外网申报: matters that can be filed on the pages, by department, with the share of all.
pub(super) fn matters(city: &City) -> (Sheet, Headline) {
    let shelf = city.shelf();
    let mut found: BTreeMap<String, (i64, i64)> = BTreeMap::new();
    for published in shelf.matters() {
        let matter = &published.bundle.matter;
        let outside = matter.channels.iter().any(|own| matches!(own, Channel::Web | Channel::Mobile));
        let (all, open) = found.entry(matter.department.clone()).or_default();
        *all += 1;
        *open += i64::from(outside);
    }
    let cells = |name: Text, (all, open): (i64, i64)| {
        vec![Cell::Words(name), Cell::Count(all), Cell::Count(open), share(Ratio::share(open, all))]
    };
    let (all, open) = found.values().fold((0, 0), |sum, own| (sum.0 + own.0, sum.1 + own.1));
    let mut lines = vec![Line { cells: cells(Text::new("全部", "All"), (all, open)), about: None }];
    lines.extend(found.into_iter().map(|(id, counts)| {
        let name = shelf.department(&id).map_or_else(|_| Text::new(id.as_str(), id.as_str()), |own| own.name.clone());
        Line { cells: cells(name, counts), about: None }
    }));
    let headline = Headline {
        id: "outside",
        label: Text::new("支持外网申报", "Can be filed from outside"),
        cell: share(Ratio::share(open, all)),
        beside: None,
    };
    let sheet = Sheet {
        id: "matters",
        title: Text::new("支持外网申报的事项", "Matters that can be filed from outside"),
        note: Text::new(
            "现行事项目录中可以网上或者手机申报的事项。",
            "Of the matters published now, those that can be filed on a page.",
        ),
        columns: vec![
            Column::words("department", "部门", "Department"),
            Column::number("matters", "事项", "Matters"),
            Column::number("outside", "可外网申报", "From outside"),
            Column::per_cent("share", "比例", "Share"),
        ],
        lines,
    };
    (sheet, headline)
}
