//! `yichuang rules list --law`: every number of the law with its value, validity, article and place.

use std::path::PathBuf;

use anyhow::{Result, anyhow};
use domain::catalog::{Catalogue, Matter};
use domain::time::{Applied, GoverningDay, LawNumber, LawTable, Unit};
use serde_json::{Value, json};

use super::{Answer, say};
use crate::run::folder::Folder;
use crate::run::{embedded, open};

/// Lists the numbers of the procedure, then those of each matter: of the program, or of a city with its own `law.json`.
pub async fn list(dir: Option<PathBuf>, json: bool) -> Result<Answer> {
    let (law, matters) = match dir {
        Some(dir) => {
            let city = open::city(&Folder::at(dir)).await?;
            let matters = city.shelf().matters().map(|own| own.bundle.matter.clone()).collect();
            (city.law().clone(), matters)
        }
        None => (LawTable::embedded().clone(), built_in()?),
    };
    for (number, applied) in law.applied() {
        say(json, &value(number, applied), &line(number, applied));
    }
    for matter in &matters {
        of_matter(matter, json);
    }
    Ok(Answer::Yes)
}

fn built_in() -> Result<Vec<Matter>> {
    let catalogue = Catalogue::load(&embedded::catalogue()).map_err(|faults| anyhow!("{faults:?}"))?;
    Ok(catalogue.matters.into_values().map(|bundle| bundle.matter).collect())
}

fn value(number: &LawNumber, applied: Option<&Applied>) -> Value {
    let mut value = json!(number);
    if let Some(fields) = value.as_object_mut() {
        fields.insert("applied".into(), json!(applied));
    }
    value
}

fn line(number: &LawNumber, applied: Option<&Applied>) -> String {
    let until = number.valid_to.map_or_else(|| "…".to_owned(), |day| day.to_string());
    let place = applied.map_or_else(
        || "by hand: no command counts it (由人工掌握)".to_owned(),
        |own| {
            let label = own.governs.label();
            let (commands, places) = (own.counts_in.join(", "), own.places.join(", "));
            format!("{commands} [{places}]\n    {} ({})", label.en, label.zh)
        },
    );
    format!(
        "{}: {} {}, {}–{until}, {} [{:?}]\n    {} ({})\n    {place}",
        number.id,
        number.number,
        unit(number.unit),
        number.valid_from,
        number.source,
        number.basis,
        number.purpose.en,
        number.purpose.zh,
    )
}

fn unit(unit: Unit) -> &'static str {
    match unit {
        Unit::WorkingDay => "working days",
        Unit::CalendarDay => "days",
        Unit::Month => "months",
        Unit::Hour => "hours",
    }
}

/// The periods that a matter sets itself. A case keeps the version of the matter under which it was sent.
fn of_matter(matter: &Matter, json: bool) {
    for own in matter.periods() {
        let period = own.period;
        let until = period.valid_to.map_or_else(|| "…".to_owned(), |day| day.to_string());
        let line = format!(
            "{}/{}: {} {}, {}–{until}, {} [{:?}]\n    {}",
            matter.slug,
            own.name,
            period.number,
            unit(period.unit),
            period.valid_from,
            period.source,
            period.basis,
            own.counts_in.join(", "),
        );
        let value = json!({ "matter": matter.slug, "id": own.name, "number": period.number, "unit": period.unit,
                            "start": period.start, "source": period.source, "basis": period.basis,
                            "valid_from": period.valid_from, "valid_to": period.valid_to,
                            "applied": { "governs": GoverningDay::Receipt, "counts_in": own.counts_in } });
        say(json, &value, &line);
    }
    for special in &matter.special_procedures {
        let name = domain::catalog::special_name(special.kind);
        let source = format!("{} {}", special.source.law, special.source.article);
        let line = format!(
            "{}/{:?}: at most {} working days, {} [{:?}]\n    pause",
            matter.slug,
            special.kind,
            special.working_days,
            source.trim(),
            special.source.basis
        );
        let value = json!({ "matter": matter.slug, "id": special.kind, "number": special.working_days,
                            "unit": Unit::WorkingDay, "source": source.trim(), "basis": special.source.basis,
                            "purpose": name,
                            "applied": { "governs": GoverningDay::Receipt, "counts_in": ["pause"] } });
        say(json, &value, &line);
    }
}
