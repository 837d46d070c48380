//! The face of the licence: labels and values, set as large as the room allows.

use super::text::{Style, line, wrap};
use super::{FAINT, GOLD, INK, paper_date};
use crate::licence::LicenceData;
use domain::codes::mask;
use std::fmt::Write;

const LEFT: f64 = 116.0;
const TOP: f64 = 276.0;
const WIDE: f64 = 956.0;
const HIGH: f64 = 294.0;
const GUTTER: f64 = 36.0;

/// How the face was fitted: columns, type size, and the wrapped rows of each column.
struct Fit {
    size: f64,
    label: f64,
    column: f64,
    columns: Vec<Vec<Row>>,
}

struct Row {
    zh: String,
    en: String,
    lines: Vec<String>,
}

impl Row {
    fn high(&self, size: f64) -> f64 {
        // The English label stands under the Chinese one, so even one line of value needs room for both.
        (self.lines.len() as f64 * size * 1.38).max(size * 1.62) + size * 0.4
    }
}

/// Draws the face.
pub(super) fn fields(svg: &mut String, data: &LicenceData, masked: bool) {
    let fit = fit(&rows(data, masked));
    for (index, column) in fit.columns.iter().enumerate() {
        let x = LEFT + index as f64 * (fit.column + GUTTER);
        let used: f64 = column.iter().map(|row| row.high(fit.size)).sum();
        // Spare room goes between the rows, but not without limit: a short face should not look lost.
        let spare = ((HIGH - used) / (column.len() + 1) as f64).clamp(0.0, fit.size * 0.62);
        let mut y = TOP + spare / 2.0;
        for row in column {
            draw(svg, row, &fit, x, y);
            y += row.high(fit.size) + spare;
        }
    }
}

fn draw(svg: &mut String, row: &Row, fit: &Fit, x: f64, y: f64) {
    let size = fit.size;
    let small = size * 0.52;
    line(svg, &Style::sans(size * 0.78, FAINT).leftward(), x, y + size, &row.zh);
    // Below this size the English label could not be read; the Chinese one is the one that counts.
    if size >= 10.0 {
        line(svg, &Style::sans(small, FAINT).leftward(), x, y + size + small * 1.2, &row.en);
    }
    for (index, text) in row.lines.iter().enumerate() {
        let baseline = y + size + index as f64 * size * 1.38;
        line(svg, &Style::serif(size, INK).leftward(), x + fit.label, baseline, text);
    }
    let under = y + row.high(size) - size * 0.1;
    let _ = write!(
        svg,
        "<path d=\"M{x:.1} {under:.1}h{:.1}\" stroke=\"{GOLD}\" stroke-opacity=\".28\" stroke-width=\".7\"/>",
        fit.column
    );
}

/// The rows of the face: its own fields, with holder, code and validity added where it does not show them itself.
fn rows(data: &LicenceData, masked: bool) -> Vec<(String, String, String)> {
    let code = if masked { mask(&data.holder.code) } else { data.holder.code.clone() };
    let shows = |value: &str| data.surface.iter().any(|field| field.value == value);
    let mut rows = Vec::new();
    let mut add = |zh: &str, en: &str, value: String| rows.push((zh.to_owned(), en.to_owned(), value));
    let mut code_due = !shows(&data.holder.code);
    if !shows(&data.holder.name) {
        add("持证主体", "Holder", data.holder.name.clone());
        if code_due {
            add("持证主体代码", "Holder's code", code.clone());
            code_due = false;
        }
    }
    for field in &data.surface {
        let value = match field.value.as_str() {
            "" => "—".to_owned(),
            value if masked => value.replace(&data.holder.code, &code),
            value => value.to_owned(),
        };
        add(&field.label.zh, &field.label.en, value);
        if code_due && field.value == data.holder.name {
            add("持证主体代码", "Holder's code", code.clone());
            code_due = false;
        }
    }
    let until = data.valid_to.map_or_else(|| "长期".to_owned(), paper_date);
    add("有效期限", "Valid", format!("{} 至 {until}", paper_date(data.valid_from)));
    rows
}

fn fit(rows: &[(String, String, String)]) -> Fit {
    let one = [25.0, 23.5, 22.0, 20.5, 19.0].map(|size| (1, size));
    let two = [19.0, 17.5, 16.0, 14.5, 13.0, 11.5, 10.0].map(|size| (2, size));
    let three = [10.0, 9.0, 8.0, 7.0, 6.0].map(|size| (3, size));
    let mut tries = one.into_iter().chain(two).chain(three);
    loop {
        let next = tries.next();
        let (columns, size) = next.unwrap_or((3, 5.0));
        let fitted = set(rows, columns, size);
        let fits =
            fitted.columns.iter().all(|column| column.iter().map(|row| row.high(fitted.size)).sum::<f64>() <= HIGH);
        if fits || next.is_none() {
            return fitted;
        }
    }
}

fn set(rows: &[(String, String, String)], columns: usize, size: f64) -> Fit {
    let column = (WIDE - GUTTER * (columns - 1) as f64) / columns as f64;
    let longest =
        rows.iter().map(|(zh, en, _)| super::text::width(zh, size * 0.78).max(super::text::width(en, size * 0.52)));
    let label = (longest.fold(0.0, f64::max) + size).min(column * 0.45);
    let rows: Vec<Row> = rows
        .iter()
        .map(|(zh, en, value)| Row { zh: zh.clone(), en: en.clone(), lines: wrap(value, size, column - label) })
        .collect();
    Fit { size, label, column, columns: deal(rows, columns, size) }
}

/// Deals rows to columns in order, each filled to about its share of the height.
fn deal(rows: Vec<Row>, columns: usize, size: f64) -> Vec<Vec<Row>> {
    let total: f64 = rows.iter().map(|row| row.high(size)).sum();
    let share = total / columns as f64;
    let mut dealt: Vec<Vec<Row>> = vec![Vec::new()];
    let mut used = 0.0;
    for row in rows {
        let high = row.high(size);
        let full = used > 0.0 && used + high / 2.0 > share;
        if full && dealt.len() < columns {
            dealt.push(Vec::new());
            used = 0.0;
        }
        used += high;
        if let Some(last) = dealt.last_mut() {
            last.push(row);
        }
    }
    dealt
}
