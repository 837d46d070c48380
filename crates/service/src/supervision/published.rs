//! Figures that were published elsewhere: loaded from a file that names its sources, kept apart from what this city counts.

use domain::accounts::{Action, Actor, Subject, may};
use domain::supervision::{Agreement, Derived, Figure, Misfit, Publication, Shape};
use domain::text::Text;
use domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use store::catalog::CITY;
use store::{Change, Expected, RowWrite};

use super::permit;
use super::sheet::{Cell, Column, Line, Sheet};
use crate::city::City;
use crate::error::{FieldError, ServiceError};

/// Longest file, in characters.
const MAX_CHARS: usize = 1 << 20;

/// A collection as it was loaded.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Kept {
    /// The file.
    publication: Publication,
    /// When.
    at: Timestamp,
}

/// What the journal says about it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "fact", rename_all = "kebab-case")]
enum PublishedFact {
    FiguresLoaded { id: String, sha256: String, figures: usize },
}

/// What was loaded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Loaded {
    /// Name of the collection.
    pub id: String,
    /// How many figures.
    pub figures: usize,
    /// It was there before and was replaced.
    pub replaced: bool,
}

fn misfit(error: Misfit) -> ServiceError {
    ServiceError::Invalid(vec![FieldError::new(error.place, error.message)])
}

/// Loads a file; one with the same name before is replaced. Either all of it or nothing.
///
/// # Errors
/// [`ServiceError::Forbidden`]; [`ServiceError::Invalid`] names the part of the file with what to do; what the store says.
pub async fn load(city: &City, actor: &Actor, json: &str) -> Result<Loaded, ServiceError> {
    may(actor, Action::ManageCatalogue, &Subject::default())?;
    if json.chars().count() > MAX_CHARS {
        return Err(ServiceError::field(
            "file",
            "文件过大，请只放已公布的指标。",
            "The file is too large for published figures.",
        ));
    }
    keep(city, actor, Publication::parse(json).map_err(misfit)?).await
}

/// Loads the figures that come with the program.
///
/// # Errors
/// As [`load`].
pub async fn load_embedded(city: &City, actor: &Actor) -> Result<Loaded, ServiceError> {
    may(actor, Action::ManageCatalogue, &Subject::default())?;
    keep(city, actor, Publication::embedded().map_err(misfit)?).await
}

async fn keep(city: &City, actor: &Actor, publication: Publication) -> Result<Loaded, ServiceError> {
    let id = format!("figures/{}", publication.id);
    let before = city.store().load(city.region(), &CITY, &id).await?;
    let (name, figures) = (publication.id.clone(), publication.figures.len());
    let doc = serde_json::to_string(&Kept { publication, at: city.now() }).map_err(ServiceError::internal)?;
    let sha256 = seal::digest::sha256_hex(doc.as_bytes());
    let fact = PublishedFact::FiguresLoaded { id: name.clone(), sha256, figures };
    let replaced = before.is_some();
    let change = Change::new(city.region(), city.now()).row(RowWrite {
        table: &CITY,
        id,
        expected: before.map_or(Expected::New, |row| Expected::Version(row.version)),
        columns: vec![city.settings().demo.into()],
        doc,
        facts: city.facts(&actor.label(), &[fact], |_| "city.figures-loaded")?,
    });
    city.store().commit(change).await?;
    Ok(Loaded { id: name, figures, replaced })
}

/// The tables of all figures that were published elsewhere, each line with its source; none while nothing was loaded.
///
/// # Errors
/// [`ServiceError::Forbidden`] for whoever does not supervise; what the store says.
pub async fn published(city: &City, actor: &Actor) -> Result<Vec<Sheet>, ServiceError> {
    permit(actor)?;
    let sql = "SELECT doc FROM city WHERE region = $1 AND id >= 'figures/' AND id < 'figures0' ORDER BY id LIMIT 50";
    let mut sheets = [growth(), rates(), spans(), shares()];
    for row in city.store().query(sql, &[city.region().into()]).await? {
        let kept: Kept = serde_json::from_str(row.text(0)?).map_err(ServiceError::internal)?;
        for figure in &kept.publication.figures {
            add(&mut sheets, &kept.publication, figure);
        }
    }
    Ok(sheets.into_iter().filter(|sheet| !sheet.lines.is_empty()).collect())
}

fn add([growth, rates, spans, shares]: &mut [Sheet; 4], own: &Publication, figure: &Figure) {
    let Some(source) = own.source(figure) else { return };
    let mut remark = Text::new(
        format!("{}，{}", source.title.zh, source.published),
        format!("{}, {}", source.title.en, source.published),
    );
    if let Some(more) = &source.remark {
        remark = Text::new(format!("{}。{}", remark.zh, more.zh), format!("{}. {}", remark.en, more.en));
    }
    let mut cells = vec![Cell::name(&figure.id), Cell::Words(figure.name.clone()), Cell::Words(source.about.clone())];
    let sheet = match own.derive(figure) {
        Derived::Periods { periods, total, growth: grown } => {
            let [before, last] = match periods.as_slice() {
                [.., before, last] => [Some(before), Some(last)],
                [only] => [None, Some(only)],
                [] => [None, None],
            };
            let words = |text: String| Cell::name(text);
            let span = periods.first().zip(periods.last()).map(|(from, to)| format!("{} – {}", from.from, to.to));
            cells.extend([
                words(span.unwrap_or_default()),
                before.map_or(Cell::Number(None), |own| Cell::Count(own.n)),
                last.map_or(Cell::Number(None), |own| Cell::Count(own.n)),
                Cell::Count(total),
                Cell::Number(last.and_then(|own| own.per_day(1))),
                Cell::ratio(grown, 1),
            ]);
            growth
        }
        Derived::Rate { open, rate } => {
            let Shape::Rate { accepted, closed, .. } = &figure.shape else { return };
            cells.extend([Cell::Count(*accepted), Cell::Count(*closed), Cell::Count(open), Cell::ratio(rate, 2)]);
            rates
        }
        Derived::Span { minutes } => {
            let Shape::Span { from, to, .. } = &figure.shape else { return };
            let clock = |at: &jiff::civil::Time| Cell::name(format!("{:02}:{:02}", at.hour(), at.minute()));
            cells.extend([clock(from), clock(to), Cell::Count(minutes)]);
            spans
        }
        Derived::Nothing => shares,
    };
    cells.extend([
        Cell::name(figure.shape.printed().unwrap_or("—")),
        Cell::Words(agreement(own, figure)),
        Cell::Words(remark),
    ]);
    sheet.lines.push(Line { cells, about: None });
}

fn agreement(own: &Publication, figure: &Figure) -> Text {
    match own.agreement(figure) {
        Agreement::Agrees => Text::new("与原文一致", "As printed"),
        Agreement::Differs => Text::new("与原文不一致", "Not as printed"),
        Agreement::NotPrinted if figure.shape.printed().is_some() => Text::new("原文数据", "Printed only"),
        Agreement::NotPrinted => Text::new("原文未载，由本系统算出", "Not printed: computed here"),
    }
}

fn sheet(id: &'static str, zh: &str, en: &str, middle: Vec<Column>) -> Sheet {
    let mut columns = vec![
        Column::words("id", "编号", "No."),
        Column::words("figure", "指标", "Figure"),
        Column::words("about", "地区", "Where"),
    ];
    columns.extend(middle);
    columns.extend([
        Column::words("printed", "原文数字", "As printed"),
        Column::words("agreement", "核对", "Comparison"),
        Column::words("source", "来源和日期", "Source and date"),
    ]);
    let note = Text::new("已公布的数据，不计入本市统计。", "Published elsewhere; no part of what this city counts.");
    Sheet { id, title: Text::new(zh, en), note, columns, lines: Vec::new() }
}

fn growth() -> Sheet {
    let columns = vec![
        Column::words("period", "期间", "Period"),
        Column::number("before", "前一期", "Before"),
        Column::number("last", "后一期", "After"),
        Column::number("total", "合计", "Total"),
        Column::number("per_day", "后期日均", "Per day after"),
        Column::per_cent("growth", "增长", "Growth"),
    ];
    sheet("published-growth", "已公布：办件量和增长", "Published: cases and growth", columns)
}

fn rates() -> Sheet {
    let columns = vec![
        Column::number("accepted", "受理", "Accepted"),
        Column::number("closed", "办结", "Closed"),
        Column::number("open", "在办", "Open"),
        Column::per_cent("closing_rate", "办结率", "Closing rate"),
    ];
    sheet("published-rates", "已公布：受理和办结", "Published: accepted and closed", columns)
}

fn spans() -> Sheet {
    let columns = vec![
        Column::words("from", "开始", "From"),
        Column::words("to", "办结", "To"),
        Column::number("minutes", "用时（分钟）", "Minutes"),
    ];
    sheet("published-times", "已公布：办理用时", "Published: time taken", columns)
}

fn shares() -> Sheet {
    sheet("published-shares", "已公布：比例", "Published: shares", Vec::new())
}
