//! The cases behind a figure, by keyset: only those that whoever looks may see.

use domain::accounts::{Action, Actor, Subject, may};
use domain::supervision::{Channel, Kind, Stage, Week};
use domain::text::Text;
use store::Value;

use super::read::{Asked, wanted};
use super::{NOWHERE, permit};
use crate::cases::{CaseRow, Page, rows_of};
use crate::city::City;
use crate::error::{FieldError, ServiceError};

/// Most rows of a page.
const MOST: i64 = 200;
/// How many entries of the index one request reads at most for cases that others may not see.
const READS: usize = 5;
/// Figures with cases behind them.
const FIGURES: [&str; 6] = ["received", "accepted", "closed", "open", "late-promise", "late-limit"];

/// Which cases; as typed.
#[derive(Debug, Clone, Default)]
pub struct Behind {
    /// Week and place, as for the figures.
    pub asked: Asked,
    /// `web`, `kiosk`, `window` or `api`; all when absent.
    pub channel: Option<String>,
    /// `online`, `appointment` or `assisted`; all when absent.
    pub kind: Option<String>,
    /// `received`, `accepted`, `closed`, `open`, `late-promise` or `late-limit`; `received` when absent.
    pub figure: Option<String>,
    /// Cursor: the id of the last row seen.
    pub after: Option<String>,
    /// Rows a page, at most 200.
    pub limit: i64,
}

/// The ranges of the index in which the cases lie.
struct Ranges {
    week: Week,
    place: Option<String>,
    /// Channel and kind.
    cells: Vec<(Channel, Kind)>,
    /// Stages, or the name of the late clock.
    stages: &'static [Stage],
    late: Option<&'static str>,
}

/// The cases behind a figure, in the order in which they were opened.
///
/// # Errors
/// [`ServiceError::Forbidden`] for whoever sees no figures or no cases; [`ServiceError::Invalid`] names what does not exist, and what to
/// choose from; what the store says.
pub async fn behind(city: &City, actor: &Actor, behind: &Behind) -> Result<Page<CaseRow>, ServiceError> {
    permit(actor)?;
    may(actor, Action::ViewCase, &Subject::default())?;
    let ranges = ranges(city, behind).await?;
    let limit = behind.limit.clamp(1, MOST);
    let wanted = usize::try_from(limit).unwrap_or(1);
    let (mut after, mut items) = (behind.after.clone().unwrap_or_default(), Vec::new());
    for _ in 0..READS {
        let mut ids = ids(city, &ranges, &after, limit + 1).await?;
        let more = ids.len() > wanted;
        ids.truncate(wanted);
        let Some(last) = ids.last().cloned() else { return Ok(Page { items, next: None }) };
        let mut rows = rows_of(city, &ids).await?;
        rows.retain(|row| sees(city, actor, row));
        rows.sort_by(|a, b| a.id.cmp(&b.id));
        for row in rows {
            items.push(row);
            if items.len() == wanted {
                let next = items.last().map(|row: &CaseRow| row.id.clone()).filter(|id| more || *id < last);
                return Ok(Page { items, next });
            }
        }
        if !more {
            return Ok(Page { items, next: None });
        }
        after = last;
    }
    // So many were not for this reader; the page goes on from here.
    Ok(Page { items, next: Some(after) })
}

fn sees(city: &City, actor: &Actor, row: &CaseRow) -> bool {
    let subject =
        Subject { department: Some(&row.department), district: Some(&city.settings().district), ..Subject::default() };
    may(actor, Action::ViewCase, &subject).is_ok()
}

/// A word of a closed list, or which there are.
fn choice<T>(
    field: &str,
    given: Option<&String>,
    parse: impl Fn(&str) -> Option<T>,
    all: &[&str],
) -> Result<Option<T>, ServiceError> {
    let Some(given) = given.map(|text| text.trim()).filter(|text| !text.is_empty()) else { return Ok(None) };
    let wrong = || {
        let (zh, en) = (all.join("、"), all.join(", "));
        let text =
            Text::new(format!("{field} 不是可用的值，请从 {zh} 中选择。"), format!("{field} must be one of {en}."));
        ServiceError::Invalid(vec![FieldError::new(field, text)])
    };
    parse(given).map(Some).ok_or_else(wrong)
}

async fn ranges(city: &City, behind: &Behind) -> Result<Ranges, ServiceError> {
    let wanted = wanted(city, &behind.asked).await?;
    let channels = Channel::ALL.map(Channel::as_str);
    let kinds = Kind::ALL.map(Kind::as_str);
    let channel = choice("channel", behind.channel.as_ref(), Channel::parse, &channels)?;
    let kind = choice("kind", behind.kind.as_ref(), Kind::parse, &kinds)?;
    let known = |text: &str| FIGURES.into_iter().find(|own| *own == text);
    let figure = choice("figure", behind.figure.as_ref(), known, &FIGURES)?.unwrap_or("received");
    let pairs = Channel::ALL.into_iter().flat_map(|channel| Kind::ALL.map(|kind| (channel, kind)));
    let fits = |(own, of): &(Channel, Kind)| {
        of.comes_by(*own) && channel.is_none_or(|wanted| wanted == *own) && kind.is_none_or(|wanted| wanted == *of)
    };
    let late = match figure {
        "late-promise" => Some("late_promise"),
        "late-limit" => Some("late_limit"),
        _ => None,
    };
    Ok(Ranges {
        week: wanted.week,
        place: wanted.place.map(|id| if id == NOWHERE { String::new() } else { id }),
        cells: pairs.filter(fits).collect(),
        stages: Stage::behind(figure),
        late,
    })
}

/// Ids behind a cursor, in order: one seek for each channel, kind and stage.
async fn ids(city: &City, ranges: &Ranges, after: &str, limit: i64) -> Result<Vec<String>, ServiceError> {
    let mut params: Vec<Value> = vec![city.region().into(), ranges.week.to_string().into(), after.into(), limit.into()];
    let mut place = "";
    if let Some(id) = &ranges.place {
        params.push(id.as_str().into());
        place = "AND place = $5 ";
    }
    let mut parts: Vec<String> = Vec::new();
    for (channel, kind) in &ranges.cells {
        // Names of closed lists, written out so that each part is one range of an index.
        let cell = format!("AND channel = '{}' AND kind = '{}'", channel.as_str(), kind.as_str());
        let filters: Vec<String> = match ranges.late {
            Some(late) => vec![format!("{late} = 1")],
            None => ranges.stages.iter().map(|stage| format!("stage = '{}'", stage.as_str())).collect(),
        };
        for filter in filters {
            let part = parts.len();
            parts.push(format!(
                "SELECT id FROM (SELECT id FROM figure_case WHERE region = $1 AND week = $2 {place}{cell} AND {filter} \
                 AND id > $3 ORDER BY id LIMIT $4) part{part}"
            ));
        }
    }
    if parts.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!("{} ORDER BY id LIMIT $4", parts.join(" UNION ALL "));
    let rows = city.store().query(&sql, &params).await?;
    rows.iter().map(|row| Ok(row.text(0)?.to_owned())).collect()
}
