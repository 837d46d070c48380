//! The face of a licence type 证照照面模板: where everything stands on the sheet, as data.
//!
//! A face is a JSON file in `catalog/licence-types/faces/`; licence types name the one that they are printed on. Lengths are
//! millimetres from the sheet's upper left corner. What is drawn from it (PDF, OFD, SVG) belongs to the crate `seal`.

use serde::{Deserialize, Serialize};

use crate::text::Text;

/// Placeholders that texts of a face may hold.
pub const PLACEHOLDERS: [&str; 12] = [
    "name",
    "name.en",
    "number",
    "issuer",
    "issue_date",
    "valid_from",
    "valid_to",
    "identifier.head",
    "identifier.tail",
    "case",
    "version",
    "digest",
];

/// Width and height of a sheet.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sheet {
    /// Width.
    pub width: f64,
    /// Height.
    pub height: f64,
}

/// A rectangle.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Area {
    /// Left edge.
    pub x: f64,
    /// Upper edge.
    pub y: f64,
    /// Width.
    pub width: f64,
    /// Height.
    pub height: f64,
}

impl Area {
    /// Whether it lies on the sheet.
    pub fn is_on(&self, sheet: Sheet) -> bool {
        let positive = self.x >= 0.0 && self.y >= 0.0 && self.width > 0.0 && self.height > 0.0;
        positive && self.x + self.width <= sheet.width && self.y + self.height <= sheet.height
    }

    /// Whether two of them share more than an edge.
    pub fn overlaps(&self, other: &Area) -> bool {
        self.x < other.x + other.width
            && other.x < self.x + self.width
            && self.y < other.y + other.height
            && other.y < self.y + self.height
    }
}

/// How the frame is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FrameStyle {
    /// No frame.
    None,
    /// One thin line.
    Line,
    /// A thick line and a thin one.
    Double,
    /// A braided band between lines, with rosettes in the corners.
    Guilloche,
}

/// The frame 花边.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Frame {
    /// How it is drawn.
    pub style: FrameStyle,
    /// Distance of its outer line from the sheet's edge.
    pub inset: f64,
    /// `#rrggbb`.
    pub colour: String,
}

/// The place of the emblem: in its stead an ornament 团花 is drawn whose shape follows from the licence's digest. The state emblem
/// itself is never drawn by this platform (National Emblem Law).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Emblem {
    /// Middle.
    pub x: f64,
    /// Middle.
    pub y: f64,
    /// Radius.
    pub radius: f64,
    /// `#rrggbb`.
    pub colour: String,
}

/// Where a text's `x` lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Align {
    /// At its beginning.
    #[default]
    Start,
    /// In its middle.
    Middle,
    /// At its end.
    End,
}

/// A line of text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TextPlace {
    /// What it says, with [`PLACEHOLDERS`] in braces.
    pub text: String,
    /// Anchor.
    pub x: f64,
    /// Baseline.
    pub y: f64,
    /// What the text may fill; a longer one is set smaller.
    pub width: f64,
    /// Size of the type.
    pub size: f64,
    /// Where the anchor lies.
    #[serde(default)]
    pub align: Align,
    /// Bold.
    #[serde(default)]
    pub bold: bool,
    /// Room between characters, as a part of the size; given up first when the text is long.
    #[serde(default)]
    pub spacing: f64,
    /// Printed in capitals (Latin letters only).
    #[serde(default)]
    pub capitals: bool,
    /// `#rrggbb`.
    pub colour: String,
}

impl TextPlace {
    /// What its ink may cover: a Chinese character stands about an eighth of its size below the line, and the rest above.
    pub fn area(&self) -> Area {
        let x = match self.align {
            Align::Start => self.x,
            Align::Middle => self.x - self.width / 2.0,
            Align::End => self.x - self.width,
        };
        Area { x, y: self.y - 0.86 * self.size, width: self.width, height: self.size }
    }
}

/// A ruled line.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// From here.
    pub from: [f64; 2],
    /// To here.
    pub to: [f64; 2],
    /// Thickness.
    pub width: f64,
    /// `#rrggbb`.
    pub colour: String,
}

/// How the fields of the face are set in their area.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FieldStyle {
    /// A hairline under each.
    #[default]
    Ruled,
    /// Nothing but words.
    Plain,
    /// A table with boxes.
    Boxed,
}

/// The area in which the fields stand, in as large a type as fits.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fields {
    /// The area.
    pub area: Area,
    /// Largest size of the values.
    pub largest: f64,
    /// Smallest; what does not fit even so goes to an annex page.
    pub smallest: f64,
    /// How many columns may be used.
    pub columns: u8,
    /// How they are set.
    #[serde(default)]
    pub style: FieldStyle,
    /// `#rrggbb` of the values.
    pub ink: String,
    /// `#rrggbb` of the labels.
    pub faint: String,
    /// `#rrggbb` of the lines.
    pub rule: String,
}

/// A round place: the seal.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Round {
    /// Middle.
    pub x: f64,
    /// Middle.
    pub y: f64,
    /// Diameter: 42 mm for a bureau's seal (国务院关于国家行政机关和企业事业单位社会团体印章管理的规定).
    pub diameter: f64,
}

impl Round {
    /// The square around it.
    pub fn area(&self) -> Area {
        let (side, half) = (self.diameter, self.diameter / 2.0);
        Area { x: self.x - half, y: self.y - half, width: side, height: side }
    }
}

/// A square place: the QR symbol with its quiet zone.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Square {
    /// Left edge.
    pub x: f64,
    /// Upper edge.
    pub y: f64,
    /// Side.
    pub side: f64,
}

impl Square {
    /// The same as a rectangle.
    pub fn area(&self) -> Area {
        Area { x: self.x, y: self.y, width: self.side, height: self.side }
    }
}

/// A face.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Face {
    /// Name of its file.
    pub id: String,
    /// The sheet.
    pub page: Sheet,
    /// `#rrggbb` of the paper.
    pub paper: String,
    /// The frame.
    pub frame: Frame,
    /// The place of the emblem.
    #[serde(default)]
    pub emblem: Option<Emblem>,
    /// Fixed lines of text.
    pub texts: Vec<TextPlace>,
    /// Ruled lines.
    #[serde(default)]
    pub rules: Vec<Rule>,
    /// The fields.
    pub fields: Fields,
    /// The seal.
    pub seal: Round,
    /// The QR symbol.
    pub qr: Square,
}

impl Face {
    /// The face of licence types that name none, and of catalogues published before there were faces.
    ///
    /// # Errors
    /// The built-in file cannot be read; a test makes sure that it can.
    pub fn standard() -> Result<Face, serde_json::Error> {
        serde_json::from_str(include_str!("../../data/face.json"))
    }

    /// What is wrong with it: the JSON pointer of the place, and why.
    pub fn faults(&self) -> Vec<(String, Text)> {
        let mut faults = Vec::new();
        let mut fault = |pointer: String, zh: &str, en: &str| faults.push((pointer, Text::new(zh, en)));
        let sheet = self.page;
        let paper = |side: f64| (60.0..=841.0).contains(&side);
        if !paper(sheet.width) || !paper(sheet.height) {
            fault("/page".into(), "纸张尺寸须在 60 至 841 毫米之间。", "A sheet is between 60 and 841 mm.");
        }
        let places = [("/fields/area", self.fields.area), ("/seal", self.seal.area()), ("/qr", self.qr.area())];
        for (pointer, area) in places {
            if !area.is_on(sheet) {
                fault(pointer.into(), "此处超出纸张。", "This place is not on the sheet.");
            }
        }
        if self.qr.area().overlaps(&self.fields.area) || self.qr.area().overlaps(&self.seal.area()) {
            fault(
                "/qr".into(),
                "二维码与印章或字段区重叠，无法扫描。",
                "The QR code lies under the seal or the fields.",
            );
        }
        if self.qr.side < 22.0 {
            fault("/qr/side".into(), "二维码边长不得小于 22 毫米。", "A QR code is at least 22 mm wide.");
        }
        let fields = &self.fields;
        if !(fields.smallest >= 2.1 && fields.largest >= fields.smallest && (1..=3).contains(&fields.columns)) {
            fault(
                "/fields".into(),
                "字号须不小于 2.1 毫米（六号），栏数为 1 至 3。",
                "Type is at least 2.1 mm high, in one to three columns.",
            );
        }
        for (index, place) in self.texts.iter().enumerate() {
            let on = (0.0..=sheet.width).contains(&place.x) && (0.0..=sheet.height).contains(&place.y);
            if !on || place.size < 1.8 || place.width <= 0.0 || !(0.0..=2.0).contains(&place.spacing) {
                fault(format!("/texts/{index}"), "文字位置、字号或宽度不对。", "Its place, size or width is wrong.");
            }
            if place.area().overlaps(&self.fields.area) {
                fault(format!("/texts/{index}"), "文字与字段区重叠。", "It runs into the area of the fields.");
            }
            if !placeholders_known(&place.text) {
                let pointer = format!("/texts/{index}/text");
                fault(pointer, "有不认识的占位名。", "It holds a placeholder that is not known.");
            }
        }
        for (pointer, colour) in self.colours() {
            if rgb(colour).is_none() {
                fault(pointer, "颜色须写成 #rrggbb。", "Colours are written as #rrggbb.");
            }
        }
        faults
    }

    fn colours(&self) -> Vec<(String, &str)> {
        let fields = &self.fields;
        let mut colours = vec![
            ("/paper".to_owned(), self.paper.as_str()),
            ("/frame/colour".to_owned(), &self.frame.colour),
            ("/fields/ink".to_owned(), &fields.ink),
            ("/fields/faint".to_owned(), &fields.faint),
            ("/fields/rule".to_owned(), &fields.rule),
        ];
        colours.extend(self.emblem.iter().map(|emblem| ("/emblem/colour".to_owned(), emblem.colour.as_str())));
        colours.extend(self.texts.iter().enumerate().map(|(at, t)| (format!("/texts/{at}/colour"), t.colour.as_str())));
        colours.extend(self.rules.iter().enumerate().map(|(at, r)| (format!("/rules/{at}/colour"), r.colour.as_str())));
        colours
    }
}

/// Red, green and blue of `#rrggbb`.
pub fn rgb(colour: &str) -> Option<[u8; 3]> {
    let digits = colour.strip_prefix('#').filter(|digits| digits.len() == 6 && digits.is_ascii())?;
    let part = |range: std::ops::Range<usize>| u8::from_str_radix(digits.get(range)?, 16).ok();
    Some([part(0..2)?, part(2..4)?, part(4..6)?])
}

fn placeholders_known(text: &str) -> bool {
    let mut rest = text;
    while let Some((_, behind)) = rest.split_once('{') {
        let Some((name, after)) = behind.split_once('}') else { return false };
        if !PLACEHOLDERS.contains(&name) {
            return false;
        }
        rest = after;
    }
    !rest.contains('}')
}
