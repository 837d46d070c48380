//! A table as a file: CSV that spreadsheets read as UTF-8 and in which nothing becomes a formula, or XLSX. Numbers stay numbers in both:
//! per cent as `108.2` under a heading that says so.

use std::collections::BTreeMap;

use axum::body::Body;
use axum::extract::{Path, Query};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use domain::supervision::Decimal;
use domain::text::Lang;
use domain::time::Timestamp;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet, XlsxError};
use service::ServiceError;
use service::supervision::{Asked, Cell, Column, Sheet, figures, published};

use super::page::asked;
use crate::app::{Failure, Visit};
use crate::i18n::T;

/// What a spreadsheet takes for the beginning of a formula, in either width.
const FORMULA: [char; 10] = ['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠'];

/// Words of a CSV file: quoted, and never a formula for the spreadsheet that opens it.
fn quoted(text: &str) -> String {
    let guard = if text.trim_start_matches(' ').starts_with(FORMULA) { "'" } else { "" };
    format!("\"{guard}{}\"", text.replace('"', "\"\""))
}

fn heading(column: &Column, lang: Lang) -> String {
    let unit = match (column.per_cent, lang) {
        (false, _) => "",
        (true, Lang::Zh) => "（%）",
        (true, Lang::En) => " (%)",
    };
    format!("{}{unit}", column.label.get(lang))
}

fn csv_cell(cell: &Cell, lang: Lang) -> String {
    match cell {
        Cell::Count(n) => n.to_string(),
        Cell::PerCent(own) | Cell::Number(own) => own.map(|own| own.to_string()).unwrap_or_default(),
        words => quoted(&words.print(lang)),
    }
}

/// A table as CSV, with the mark that makes spreadsheets read UTF-8.
pub(super) fn csv(sheet: &Sheet, lang: Lang) -> String {
    let head: Vec<String> = sheet.columns.iter().map(|column| quoted(&heading(column, lang))).collect();
    let mut text = format!("\u{feff}{}\r\n", head.join(","));
    for line in &sheet.lines {
        let cells: Vec<String> = line.cells.iter().map(|cell| csv_cell(cell, lang)).collect();
        text.push_str(&cells.join(","));
        text.push_str("\r\n");
    }
    text
}

fn number(page: &mut Worksheet, row: u32, column: u16, own: Option<Decimal>) -> Result<(), XlsxError> {
    let Some(own) = own else { return Ok(()) };
    let shape = match own.decimals {
        0 => "0".to_owned(),
        more => format!("0.{}", "0".repeat(more as usize)),
    };
    page.write_number_with_format(row, column, own.value(), &Format::new().set_num_format(shape)).map(drop)
}

/// A table as XLSX; on a second page what it says, and of when it is.
pub(super) fn xlsx(sheet: &Sheet, lang: Lang, now: Timestamp) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let made = ExcelDateTime::from_timestamp(now.micros() / 1_000_000)?;
    book.set_properties(&DocProperties::new().set_title(sheet.title.get(lang)).set_creation_datetime(&made));
    let bold = Format::new().set_bold();
    let page = book.add_worksheet().set_name(sheet.id)?;
    for (at, column) in (0..).zip(&sheet.columns) {
        page.write_string_with_format(0, at, heading(column, lang), &bold)?;
    }
    for (row, line) in (1..).zip(&sheet.lines) {
        for (at, cell) in (0..).zip(&line.cells) {
            match cell {
                Cell::Count(n) => number(page, row, at, Some(Decimal { digits: *n, decimals: 0 }))?,
                Cell::PerCent(own) | Cell::Number(own) => number(page, row, at, *own)?,
                words => page.write_string(row, at, words.print(lang)).map(drop)?,
            }
        }
    }
    page.set_freeze_panes(1, 1)?;
    page.autofit();
    let note = book.add_worksheet().set_name("note")?;
    let made = T::new(lang).moment(now);
    for (row, text) in (0..).zip([sheet.title.get(lang), sheet.note.get(lang), made.as_str()]) {
        note.write_string(row, 0, text)?;
    }
    book.save_to_buffer()
}

/// The table of a name, of what was chosen.
async fn sheet(visit: &Visit, asked: &Asked, id: &str) -> Result<(Sheet, String), Failure> {
    let (city, actor) = (visit.city(), visit.staff()?);
    if id.starts_with("published-") {
        let found = published(city, actor).await?.into_iter().find(|sheet| sheet.id == id);
        return Ok((found.ok_or(ServiceError::NotFound("table"))?, String::new()));
    }
    let own = figures(city, actor, asked).await?;
    let name = own.place.map_or_else(|| format!("-{}", own.week), |place| format!("-{}-{place}", own.week));
    let found = own.sheets.into_iter().find(|sheet| sheet.id == id);
    Ok((found.ok_or(ServiceError::NotFound("table"))?, name))
}

/// `GET /watch/figures/{sheet}/{csv|xlsx}?week=&place=`.
pub(super) async fn export(
    visit: Visit,
    Path((id, form)): Path<(String, String)>,
    Query(query): Query<BTreeMap<String, String>>,
) -> Result<Response, Failure> {
    let (own, of) = sheet(&visit, &asked(&query), &id).await?;
    let (lang, now) = (visit.t().lang(), visit.city().now());
    let (kind, body) = match form.as_str() {
        "csv" => ("text/csv; charset=utf-8", Body::from(csv(&own, lang))),
        "xlsx" => (
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Body::from(xlsx(&own, lang, now).map_err(ServiceError::internal)?),
        ),
        _ => return Err(ServiceError::NotFound("file").into()),
    };
    let name = format!("attachment; filename=\"figures-{}{of}.{form}\"", own.id);
    let mut response = body.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_str(&name).map_err(ServiceError::internal)?);
    Ok(response)
}
