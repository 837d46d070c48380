//! Annex pages 附页: lists, and what is too long for the face.

use domain::catalog::face::{Face, Frame, FrameStyle};

use super::art::{frame, rectangle};
use super::fields::Field;
use super::layout::Paper;
use super::setting::{Style, set, width, wrap};
use super::{Colour, Fonts, Missing, Page, Seg, Shape};

const SIZE: f64 = 4.2;
const LEADING: f64 = 1.55;

/// A numbered row of a list, or the heading before the list.
enum Piece<'f> {
    Heading(&'f Field),
    Row { field: &'f Field, number: usize, lines: Vec<String> },
}

impl Piece<'_> {
    fn high(&self) -> f64 {
        match self {
            Piece::Heading(_) => SIZE * 3.2,
            Piece::Row { lines, .. } => lines.len() as f64 * SIZE * LEADING + SIZE * 0.7,
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
        for (index, part) in parts(&field.value).enumerate() {
            let lines = wrap(fonts, part, SIZE, wide - number_wide - SIZE);
            pieces.push(Piece::Row { field, number: index + 1, lines });
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
            draw(fonts, face, &piece, (left, y), (wide, number_wide), &mut page)?;
        }
        pages.push(page);
    }
    Ok(pages)
}

/// The parts of a list.
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
    (wide, number_wide): (f64, f64),
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
        Piece::Row { field, number, lines } => {
            let high = piece.high();
            let rule = Colour::parse(&face.fields.rule);
            page.shapes.push(Shape::stroked(rectangle(x, y, number_wide, high), rule, 0.2));
            page.shapes.push(Shape::stroked(rectangle(x + number_wide, y, wide - number_wide, high), rule, 0.2));
            let digits = number.to_string();
            let middle = x + (number_wide - width(fonts, &digits, SIZE)) / 2.0;
            page.runs
                .extend(set(fonts, &digits, Style::new(SIZE, faint), (middle, y + SIZE * 1.45), &field.label.zh)?.0);
            for (index, line) in lines.iter().enumerate() {
                let at = (x + number_wide + SIZE * 0.5, y + SIZE * 1.45 + index as f64 * SIZE * LEADING);
                page.runs.extend(set(fonts, line, Style::new(SIZE, ink), at, &field.label.zh)?.0);
            }
        }
    }
    Ok(())
}
