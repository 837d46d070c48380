//! The fields of the face: labels and values, set as large as their area allows.

use domain::catalog::face::{FieldStyle, Fields};
use domain::text::Text;

use super::art::rectangle;
use super::setting::{Style, set, width, wrap};
use super::{Colour, Fonts, Missing, Page, Seg, Shape};

/// Room between columns.
const GUTTER: f64 = 9.0;
/// Distance of lines, in sizes of the type.
const LEADING: f64 = 1.42;

/// A field to be printed.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Field {
    pub key: String,
    pub label: Text,
    pub value: String,
}

/// How the fields were fitted: size, room for labels, width of a column, and the wrapped rows of each column.
struct Fit {
    size: f64,
    label: f64,
    column: f64,
    columns: Vec<Vec<Row>>,
}

struct Row {
    label: Text,
    lines: Vec<String>,
    /// Height without spare room.
    high: f64,
}

/// Draws the fields, or says that they do not fit at the smallest size.
pub(super) fn draw(fonts: &Fonts, place: &Fields, fields: &[Field], page: &mut Page) -> Result<bool, Missing> {
    let Some(fit) = fit(fonts, place, fields) else { return Ok(false) };
    let rule = Colour::parse(&place.rule);
    for (index, column) in fit.columns.iter().enumerate() {
        let x = place.area.x + index as f64 * (fit.column + GUTTER);
        let used: f64 = column.iter().map(|row| row.high).sum();
        // Spare room goes between the rows, but not without limit: a short face should not look lost.
        let most = if place.style == FieldStyle::Boxed { 1.0 } else { 0.75 };
        let spare = ((place.area.height - used) / (column.len() + 1) as f64).clamp(0.0, fit.size * most);
        let mut y = place.area.y;
        for row in column {
            let high = row.high + spare;
            lines(place, &fit, (x, y), high, rule, page);
            words(fonts, place, row, &fit, (x, y), high, page)?;
            y += high;
        }
    }
    Ok(true)
}

/// The lines around or under a row.
fn lines(place: &Fields, fit: &Fit, (x, y): (f64, f64), high: f64, rule: Colour, page: &mut Page) {
    match place.style {
        FieldStyle::Plain => {}
        FieldStyle::Ruled => {
            let outline = vec![Seg::Move(x, y + high), Seg::Line(x + fit.column, y + high)];
            page.shapes.push(Shape::stroked(outline, rule, 0.2));
        }
        FieldStyle::Boxed => {
            page.shapes.push(Shape::stroked(rectangle(x, y, fit.label, high), rule, 0.25));
            page.shapes.push(Shape::stroked(rectangle(x + fit.label, y, fit.column - fit.label, high), rule, 0.25));
        }
    }
}

fn words(
    fonts: &Fonts,
    place: &Fields,
    row: &Row,
    fit: &Fit,
    (x, y): (f64, f64),
    high: f64,
    page: &mut Page,
) -> Result<(), Missing> {
    let (size, small) = (fit.size, fit.size * 0.5);
    let faint = Colour::parse(&place.faint);
    let inner = if place.style == FieldStyle::Boxed { size * 0.5 } else { 0.0 };
    let field = &row.label.zh;
    let value_high = row.lines.len() as f64 * size * LEADING;
    // The block of words stands in the middle of its row.
    let top = y + (high - value_high.max(size * 1.62)) / 2.0;
    let label_width = fit.label - 2.0 * inner - size * 0.4;
    let label_size = (size * 0.8).min(size * 0.8 * label_width / width(fonts, field, size * 0.8).max(0.1));
    let first = top + size * 1.02;
    let baseline = if value_high > size * 2.0 || !english_shown(size) { first } else { top + size * 0.86 };
    page.runs.extend(set(fonts, field, Style::new(label_size, faint), (x + inner, baseline), field)?.0);
    if english_shown(size) {
        let en = &row.label.en;
        let en_size = small.min(small * label_width / width(fonts, en, small).max(0.1)).max(size * 0.22);
        let style = Style::new(en_size, faint);
        page.runs.extend(set(fonts, en, style, (x + inner, baseline + small * 1.4), field)?.0);
    }
    let first = if row.lines.len() == 1 { top + size * 1.1 } else { first };
    for (index, line) in row.lines.iter().enumerate() {
        let at = (x + fit.label + inner, first + index as f64 * size * LEADING);
        page.runs.extend(set(fonts, line, Style::new(size, Colour::parse(&place.ink)), at, field)?.0);
    }
    Ok(())
}

/// Below this size the English label could not be read; the Chinese one is the one that counts.
fn english_shown(size: f64) -> bool {
    size >= 2.9
}

/// The largest setting that fits: one column while the type stays large, then more.
fn fit(fonts: &Fonts, place: &Fields, fields: &[Field]) -> Option<Fit> {
    let steps = |from: f64, to: f64| {
        let count = 12_u32;
        (0..=count).map(move |step| from + (to - from) * f64::from(step) / f64::from(count))
    };
    let mut tries: Vec<(usize, f64)> = Vec::new();
    let columns = usize::from(place.columns.max(1));
    // Each further column begins where the one before would become smaller than four fifths of the largest size.
    let turn = place.largest * 0.8;
    for count in 1..=columns {
        let last = if count == columns { place.smallest } else { turn };
        let first = if count == 1 { place.largest } else { place.largest * 0.95 };
        tries.extend(steps(first, last.max(place.smallest)).map(|size| (count, size)));
    }
    tries.into_iter().find_map(|(columns, size)| {
        let fitted = arrange(fonts, place, fields, columns, size);
        let fits = fitted.columns.len() <= columns
            && fitted.columns.iter().all(|c| c.iter().map(|row| row.high).sum::<f64>() <= place.area.height);
        fits.then_some(fitted)
    })
}

fn arrange(fonts: &Fonts, place: &Fields, fields: &[Field], columns: usize, size: f64) -> Fit {
    let column = (place.area.width - GUTTER * (columns - 1) as f64) / columns as f64;
    let inner = if place.style == FieldStyle::Boxed { size } else { 0.0 };
    let longest = fields.iter().map(|field| width(fonts, &field.label.zh, size * 0.8));
    let label = (longest.fold(0.0, f64::max) + size * 1.2 + inner).min(column * 0.38);
    let rows = fields.iter().map(|field| {
        let mut lines = Vec::new();
        for part in field.value.split('\n') {
            lines.extend(wrap(fonts, part, size, column - label - inner));
        }
        // The English label stands under the Chinese one, so even one line of value needs room for both.
        let high = (lines.len() as f64 * size * LEADING).max(size * 1.62) + size * 0.45;
        Row { label: field.label.clone(), lines, high }
    });
    Fit { size, label, column, columns: deal(rows.collect(), columns) }
}

/// Deals rows to columns in order, each filled to about its share of the height.
fn deal(rows: Vec<Row>, columns: usize) -> Vec<Vec<Row>> {
    let total: f64 = rows.iter().map(|row| row.high).sum();
    let share = total / columns as f64;
    let mut dealt: Vec<Vec<Row>> = vec![Vec::new()];
    let mut used = 0.0;
    for row in rows {
        if used > 0.0 && used + row.high / 2.0 > share && dealt.len() < columns {
            dealt.push(Vec::new());
            used = 0.0;
        }
        used += row.high;
        if let Some(last) = dealt.last_mut() {
            last.push(row);
        }
    }
    dealt
}
