//! Annex pages 附页: lists, and what is too long for the face.

use domain::catalog::face::{Face, Frame, FrameStyle};

use super::art::{frame, rectangle};
use super::fields::Field;
use super::layout::Paper;
use super::setting::{Style, set, width, wrap};
use super::{Colour, Fonts, Missing, Page, Seg, Shape};

const SIZE: f64 = 4.2;
const LEADING: f64 = 1.55;

/// What divides a part of a list into cells: name · number · issuer · validity.
const CELL: &str = " · ";
/// More columns than these would be too narrow to read.
const MOST_COLUMNS: usize = 5;

/// A column of a row: how wide it is, and its lines.
struct Cell {
    wide: f64,
    lines: Vec<String>,
}

/// A numbered row of a list, or the heading before the list.
enum Piece<'f> {
    Heading(&'f Field),
    Row { field: &'f Field, number: usize, cells: Vec<Cell> },
}

impl Piece<'_> {
    fn high(&self) -> f64 {
        match self {
            Piece::Heading(_) => SIZE * 3.2,
            Piece::Row { cells, .. } => {
                let lines = cells.iter().map(|cell| cell.lines.len()).max().unwrap_or(1);
                lines as f64 * SIZE * LEADING + SIZE * 0.7
            }
        }
    }
}

/// Makes as many pages as the fields need.
pub(super) fn pages(fonts: &Fonts, face: &Face, paper: &Paper<'_>, fields: &[Field]) -> Result<Vec<Page>, Missing> {
    let margin = face.frame.inset + 14.0;
    let (left, wide) = (margin, face.page.width - 2.0 * margin);
    let (top, bottom) = (margin + 18.0, face.page.height - margin - 12.0);
    let number_wide = SIZE * 3.0;
    let mut pieces = Vec::new();
    for field in fields {
        pieces.push(Piece::Heading(field));
        let rows: Vec<&str> = parts(&field.value).collect();
        let widths = columns(fonts, &rows, wide - number_wide);
        for (index, row) in rows.into_iter().enumerate() {
            let cells = match widths.as_slice() {
                [wide] => vec![cell(fonts, row, *wide)],
                widths => row.split(CELL).zip(widths).map(|(part, wide)| cell(fonts, part, *wide)).collect(),
            };
            pieces.push(Piece::Row { field, number: index + 1, cells });
        }
    }
    let mut dealt: Vec<Vec<(f64, Piece<'_>)>> = vec![Vec::new()];
    let mut y = top;
    for piece in pieces {
        // A heading never stands alone at the foot of a page.
        let needed = if matches!(piece, Piece::Heading(_)) { piece.high() + SIZE * 3.0 } else { piece.high() };
        if y + needed > bottom && dealt.last().is_some_and(|page| !page.is_empty()) {
            dealt.push(Vec::new());
            y = top;
        }
        let high = piece.high();
        if let Some(page) = dealt.last_mut() {
            page.push((y, piece));
        }
        y += high;
    }
    let total = dealt.len() + 1;
    let mut pages = Vec::new();
    for (index, pieces) in dealt.into_iter().enumerate() {
        let mut page = Page::default();
        sheet(fonts, face, paper, (index + 2, total), &mut page)?;
        for (y, piece) in pieces {
            draw(fonts, face, &piece, (left, y), number_wide, &mut page)?;
        }
        pages.push(page);
    }
    Ok(pages)
}

fn cell(fonts: &Fonts, text: &str, wide: f64) -> Cell {
    Cell { wide, lines: wrap(fonts, text, SIZE, wide - SIZE) }
}

/// How wide the columns of a list are: one, unless all its parts have the same number of cells. A column is as wide as its longest cell as
/// long as that is within its share; the widest takes what is left.
fn columns(fonts: &Fonts, rows: &[&str], wide: f64) -> Vec<f64> {
    let count = rows.first().map_or(1, |row| row.split(CELL).count());
    let alike = rows.iter().all(|row| row.split(CELL).count() == count);
    if !alike || !(2..=MOST_COLUMNS).contains(&count) {
        return vec![wide];
    }
    let longest = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.split(CELL).nth(column));
        cells.map(|cell| width(fonts, cell, SIZE) + SIZE * 1.1).fold(0.0, f64::max)
    };
    let mut needs: Vec<(usize, f64)> = (0..count).map(|column| (column, longest(column))).collect();
    needs.sort_by(|a, b| a.1.total_cmp(&b.1));
    let mut left = wide;
    let mut given = Vec::new();
    for (place, (column, need)) in needs.into_iter().enumerate() {
        let others = count - place - 1;
        let own = if others == 0 { left } else { need.min(left / (others + 1) as f64) };
        left -= own;
        given.push((column, own));
    }
    given.sort_by_key(|(column, _)| *column);
    given.into_iter().map(|(_, own)| own).collect()
}

/// The parts of a list, the rows of its table.
pub(super) fn parts(value: &str) -> impl Iterator<Item = &str> {
    value.split(['；', '\n']).map(str::trim).filter(|part| !part.is_empty())
}

/// Paper, frame, heading and foot of an annex page.
fn sheet(
    fonts: &Fonts,
    face: &Face,
    paper: &Paper<'_>,
    (page_number, total): (usize, usize),
    page: &mut Page,
) -> Result<(), Missing> {
    let ground = Colour::parse(&face.paper);
    page.shapes.push(Shape::filled(rectangle(0.0, 0.0, face.page.width, face.page.height), ground));
    let thin = Frame { style: FrameStyle::Double, ..face.frame.clone() };
    page.shapes.extend(frame(&thin, face.page, ground));
    if paper.data.specimen {
        page.under.extend(super::art::specimen(fonts, face.page, ground, crate::licence::SPECIMEN)?);
    }
    let ink = Colour::parse(&face.fields.ink);
    let faint = Colour::parse(&face.fields.faint);
    let margin = face.frame.inset + 14.0;
    let right = face.page.width - margin;
    let title = format!("{}　附页", paper.data.kind.name.zh);
    let bold = Style { bold: true, ..Style::new(6.0, ink) };
    page.runs.extend(set(fonts, &title, bold, (margin, margin + 4.0), "附页标题")?.0);
    let number = format!("编号 No. {}", paper.data.number);
    let x = right - width(fonts, &number, 3.6);
    page.runs.extend(set(fonts, &number, Style::new(3.6, ink), (x, margin + 4.0), "编号")?.0);
    let rule = vec![Seg::Move(margin, margin + 8.0), Seg::Line(right, margin + 8.0)];
    page.shapes.push(Shape::stroked(rule, Colour::parse(&face.frame.colour), 0.4));
    let foot = face.page.height - margin + 3.0;
    let identifier = format!("证照标识 {}", paper.data.identifier);
    page.runs.extend(set(fonts, &identifier, Style::new(2.6, faint), (margin, foot), "证照标识")?.0);
    let count = format!("第 {page_number} 页 共 {total} 页　Page {page_number} of {total}");
    let x = right - width(fonts, &count, 2.9);
    page.runs.extend(set(fonts, &count, Style::new(2.9, faint), (x, foot), "页码")?.0);
    Ok(())
}

fn draw(
    fonts: &Fonts,
    face: &Face,
    piece: &Piece<'_>,
    (x, y): (f64, f64),
    number_wide: f64,
    page: &mut Page,
) -> Result<(), Missing> {
    let ink = Colour::parse(&face.fields.ink);
    let faint = Colour::parse(&face.fields.faint);
    match piece {
        Piece::Heading(field) => {
            let bold = Style { bold: true, ..Style::new(SIZE * 1.1, ink) };
            let (runs, used) = set(fonts, &field.label.zh, bold, (x, y + SIZE * 2.1), &field.label.zh)?;
            page.runs.extend(runs);
            let at = (x + used + SIZE, y + SIZE * 2.1);
            page.runs.extend(set(fonts, &field.label.en, Style::new(SIZE * 0.7, faint), at, &field.label.zh)?.0);
        }
        Piece::Row { field, number, cells } => {
            let high = piece.high();
            let rule = Colour::parse(&face.fields.rule);
            page.shapes.push(Shape::stroked(rectangle(x, y, number_wide, high), rule, 0.2));
            let digits = number.to_string();
            let middle = x + (number_wide - width(fonts, &digits, SIZE)) / 2.0;
            page.runs
                .extend(set(fonts, &digits, Style::new(SIZE, faint), (middle, y + SIZE * 1.45), &field.label.zh)?.0);
            let mut from = x + number_wide;
            for Cell { wide, lines } in cells {
                page.shapes.push(Shape::stroked(rectangle(from, y, *wide, high), rule, 0.2));
                for (index, line) in lines.iter().enumerate() {
                    let at = (from + SIZE * 0.5, y + SIZE * 1.45 + index as f64 * SIZE * LEADING);
                    page.runs.extend(set(fonts, line, Style::new(SIZE, ink), at, &field.label.zh)?.0);
                }
                from += wide;
            }
        }
    }
    Ok(())
}
