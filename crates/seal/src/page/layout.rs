//! From a licence and its face to pages.

use domain::catalog::face::{Align, Face, TextPlace};
use domain::codes::mask;
use domain::text::Text;
use domain::time::date_words;

use super::annex;
use super::art;
use super::code;
use super::fields::{self, Field};
use super::setting::{Style, printable, set, width};
use super::{Colour, Fonts, Missing, Page, SealPlace, Shape, Sheets};
use crate::licence::{LicenceData, SPECIMEN};
use crate::qr::{QrError, symbol};
use thiserror::Error;

/// Why a licence cannot be laid out.
#[derive(Debug, Error)]
pub enum LayoutError {
    /// A character has no glyph.
    #[error(transparent)]
    Missing(#[from] Missing),
    /// The QR symbol cannot hold its text, or the data cannot be written canonically.
    #[error(transparent)]
    Qr(#[from] QrError),
    /// Even with all long fields on annex pages the rest does not fit on the face.
    #[error("the fields do not fit on the face {0}")]
    Full(String),
}

/// What is printed on a sheet.
#[derive(Debug, Clone, Copy)]
pub struct Paper<'a> {
    /// The licence.
    pub data: &'a LicenceData,
    /// The address in the QR symbol; without one its place stays empty.
    pub qr: Option<&'a str>,
    /// Keys of the fields that are printed as lists on annex pages.
    pub annex: &'a [String],
    /// Words stamped across a licence that does not count any more, Chinese and English.
    pub across: Option<(&'a str, &'a str)>,
    /// Hide the middle of the holder's code: for pages that others see.
    pub mask_holder: bool,
}

impl<'a> Paper<'a> {
    /// A licence in force, in full.
    pub fn of(data: &'a LicenceData) -> Paper<'a> {
        Paper { data, qr: None, annex: &[], across: None, mask_holder: false }
    }
}

/// Lays a licence out on its face.
///
/// # Errors
/// A character without a glyph (named with its field), a QR text that is too long, a face without room.
pub fn lay_out(fonts: &Fonts, face: &Face, paper: &Paper<'_>) -> Result<Sheets, LayoutError> {
    let data = paper.data;
    let digest = data.sm3().map_err(QrError::from)?;
    let mut page = Page::default();
    let ground = Colour::parse(&face.paper);
    page.shapes.push(Shape::filled(art::rectangle(0.0, 0.0, face.page.width, face.page.height), ground));
    page.shapes.extend(face.emblem.iter().map(|emblem| art::rosette(emblem, &digest)));
    page.shapes.extend(art::frame(&face.frame, face.page, ground));
    if data.specimen {
        page.under.extend(art::specimen(fonts, face.page, ground, SPECIMEN)?);
    }
    for rule in &face.rules {
        let ([a, b], [c, d]) = (rule.from, rule.to);
        let outline = vec![super::Seg::Move(a, b), super::Seg::Line(c, d)];
        page.shapes.push(Shape::stroked(outline, Colour::parse(&rule.colour), rule.width));
    }
    if let Some(url) = paper.qr {
        page.shapes.extend(code::draw(&symbol(url)?, &face.qr));
    }
    let sent = set_fields(fonts, face, paper, &mut page)?;
    for place in &face.texts {
        text(fonts, place, data, &digest, &mut page)?;
    }
    if let Some(words) = paper.across {
        page.over.extend(art::across(fonts, face.page, words)?);
    }
    let mut pages = vec![page];
    if !sent.is_empty() {
        pages.extend(annex::pages(fonts, face, paper, &sent)?);
    }
    let area = face.seal.area();
    Ok(Sheets {
        width: face.page.width,
        height: face.page.height,
        pages,
        seal: SealPlace { x: area.x, y: area.y, side: area.width },
        picture: art::seal(fonts, &data.issuer.name, face.seal.diameter, data.specimen)?,
        title: title(paper),
        author: data.issuer.name.clone(),
    })
}

/// What the file is called by readers and read out first by screen readers, which see no words across a picture.
fn title(paper: &Paper<'_>) -> String {
    let (kind, holder) = (&paper.data.kind.name.zh, &paper.data.holder.name);
    let across = paper.across.map(|(zh, en)| format!("（{zh} {en}）")).unwrap_or_default();
    format!("{kind} {holder}{across}")
}

/// Whether every character of a licence has a glyph: asked before it is signed, since it could never be printed.
///
/// # Errors
/// The first character that has none, with its field.
pub fn printable_or_missing(fonts: &Fonts, data: &LicenceData) -> Result<(), Missing> {
    let holder = [("持证主体", &data.holder.name), ("颁发机构", &data.issuer.name), ("编号", &data.number)];
    let fields = data.surface.iter().map(|field| (field.label.zh.as_str(), &field.value));
    for (field, value) in holder.into_iter().chain(fields) {
        let lacking = printable(value).chars().find(|character| fonts.find(*character).is_none());
        if let Some(character) = lacking {
            return Err(Missing { character, field: field.to_owned() });
        }
    }
    Ok(())
}

/// Draws the fields, and returns those that went to annex pages: the ones that always do, then the longest ones until the
/// others fit.
fn set_fields(fonts: &Fonts, face: &Face, paper: &Paper<'_>, page: &mut Page) -> Result<Vec<Field>, LayoutError> {
    let mut fields = rows(paper.data, paper.mask_holder);
    let mut sent: Vec<Field> = Vec::new();
    for field in &mut fields {
        if paper.annex.contains(&field.key) && annex::parts(&field.value).nth(1).is_some() {
            send(field, &mut sent);
        }
    }
    while !fields::draw(fonts, &face.fields, &fields, page)? {
        let longest = fields.iter_mut().filter(|field| !is_sent(field, &sent));
        let longest = longest.max_by_key(|field| field.value.chars().count());
        match longest.filter(|field| field.value.chars().count() > 40) {
            Some(field) => send(field, &mut sent),
            None => return Err(LayoutError::Full(face.id.clone())),
        }
    }
    Ok(sent)
}

fn is_sent(field: &Field, sent: &[Field]) -> bool {
    sent.iter().any(|other| other.key == field.key)
}

fn send(field: &mut Field, sent: &mut Vec<Field>) {
    sent.push(field.clone());
    let count = annex::parts(&field.value).count();
    field.value =
        if count > 1 { format!("共 {count} 项，见附页 See annex") } else { "见附页 See annex".to_owned() };
}

/// The rows of the face: its own fields, with holder, code and validity added where it does not show them itself.
fn rows(data: &LicenceData, masked: bool) -> Vec<Field> {
    let code = if masked { mask(&data.holder.code) } else { data.holder.code.clone() };
    let shows = |value: &str| data.surface.iter().any(|field| field.value.contains(value));
    let mut rows = Vec::new();
    let mut add = |key: &str, zh: &str, en: &str, value: &str| {
        let value = value.split('\n').map(printable).collect::<Vec<_>>().join("\n");
        rows.push(Field { key: key.to_owned(), label: Text::new(printable(zh), printable(en)), value });
    };
    let mut code_due = !shows(&data.holder.code);
    if !shows(&data.holder.name) {
        add("~holder", "持证主体", "Holder", &data.holder.name);
        if code_due {
            add("~code", "持证主体代码", "Holder's code", &code);
            code_due = false;
        }
    }
    for field in &data.surface {
        // The number stands under the title of every face, the day of issue under the seal.
        let repeated = field.value == data.number || (is_date(&field.value, data.issue_date) && field.key == "issued");
        if repeated {
            continue;
        }
        let value = match field.value.as_str() {
            "" => "—".to_owned(),
            value if masked => value.replace(&data.holder.code, &code),
            value => value.to_owned(),
        };
        add(&field.key, &field.label.zh, &field.label.en, &value);
        if code_due && field.value == data.holder.name {
            add("~code", "持证主体代码", "Holder's code", &code);
            code_due = false;
        }
    }
    if !data.surface.iter().any(|field| field.key == "valid_to") {
        let until = data.valid_to.map_or_else(|| "长期 Long-term".to_owned(), |day| date_words(day).zh);
        add("~valid", "有效期限", "Valid", &format!("{} 至 {until}", date_words(data.valid_from).zh));
    }
    rows
}

fn is_date(value: &str, date: jiff::civil::Date) -> bool {
    value == date.to_string() || value == date_words(date).zh
}

/// Sets a fixed line of text; one that is too long gives up its wide setting first and its size second.
fn text(
    fonts: &Fonts,
    place: &TextPlace,
    data: &LicenceData,
    digest: &[u8; 32],
    page: &mut Page,
) -> Result<(), LayoutError> {
    let mut words = printable(&filled(&place.text, data, digest));
    if place.capitals {
        words = words.to_uppercase();
    }
    let count = words.chars().count().max(1) as f64;
    let mut size = place.size;
    let mut spacing = place.spacing * size;
    let bare = width(fonts, &words, size);
    if bare + spacing * (count - 1.0) > place.width {
        spacing = ((place.width - bare) / (count - 1.0).max(1.0)).max(0.0);
        size = size.min(size * place.width / bare.max(0.1));
    }
    let style = Style { size, colour: Colour::parse(&place.colour), bold: place.bold, spacing };
    let (mut runs, used) = set(fonts, &words, style, (0.0, place.y), &place.text)?;
    let x = match place.align {
        Align::Start => place.x,
        Align::Middle => place.x - used / 2.0,
        Align::End => place.x - used,
    };
    for run in &mut runs {
        run.x += x;
    }
    page.runs.extend(runs);
    Ok(())
}

fn filled(text: &str, data: &LicenceData, digest: &[u8; 32]) -> String {
    let digest = hex::encode_upper(digest);
    let short: Vec<&str> = [0..8, 8..16, 16..24, 24..32].into_iter().filter_map(|part| digest.get(part)).collect();
    let until = data.valid_to.map_or_else(|| "长期".to_owned(), |day| date_words(day).zh);
    // Divided behind the type, so that no part of it is torn.
    let at = data.identifier.match_indices('.').nth(5).map_or(data.identifier.len(), |(at, _)| at + 1);
    let (head, tail) = data.identifier.split_at_checked(at).unwrap_or((&data.identifier, ""));
    let (head, tail) = (head.to_owned(), tail.to_owned());
    let values = [
        ("name", data.kind.name.zh.clone()),
        ("name.en", data.kind.name.en.clone()),
        ("number", data.number.clone()),
        ("issuer", data.issuer.name.clone()),
        ("issue_date", date_words(data.issue_date).zh),
        ("valid_from", date_words(data.valid_from).zh),
        ("valid_to", until),
        ("identifier.head", head),
        ("identifier.tail", tail),
        ("case", data.case_number.clone()),
        ("version", format!("{:03}", data.version)),
        ("digest", format!("{} …", short.join(" "))),
    ];
    let mut out = String::new();
    let mut rest = text;
    // Once from left to right: what stands in a value is never taken for a placeholder.
    while let Some((before, behind)) = rest.split_once('{') {
        out.push_str(before);
        let (name, after) = behind.split_once('}').unwrap_or((behind, ""));
        out.push_str(values.iter().find(|(known, _)| *known == name).map_or("", |(_, value)| value.as_str()));
        rest = after;
    }
    out + rest
}
