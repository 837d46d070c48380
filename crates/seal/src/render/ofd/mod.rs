//! OFD (GB/T 33190) with an electronic seal (GB/T 38540-2020): writing and verifying.
//!
//! A package of ours holds the pages, the fonts that they use, the signed licence data, and the seal's signature over all of it.
//! There is one form of it: see `zip` for the container; `package.txt` holds the digests of all files as they lie there
//! packed, so that not even a compressed stream can be exchanged for another of the same content.

mod font;
mod hints;
mod seal;
mod verify;
mod xml;
mod zip;

pub use seal::{SealRequest, SealVersion, make_seal};
pub use verify::{OfdContent, is_ofd, verify};

use std::fmt::Write;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use domain::time::Timestamp;
use thiserror::Error;

use self::font::Subset;
use self::xml::{HEAD, NS, Objects};
use self::zip::Entry;
use super::asn1;
use crate::digest::{sha256, sm3};
use crate::key::Signer;
use crate::page::{Fonts, Page, Shape, Sheets, number, numbers};
use crate::signed::SealError;
use crate::text::escape;

/// Name of the fonts in a package.
const FONT_NAME: &str = "YichuangSubset";
/// Path of the signed licence data.
pub(crate) const LICENCE: &str = "Doc_0/Attachs/licence.json";
const PACKAGE: &str = "Doc_0/Attachs/package.txt";
const SIGNATURES: &str = "Doc_0/Signs/Signatures.xml";
const SEAL: &str = "Doc_0/Signs/Sign_0/Seal.esl";
const SIGNATURE: &str = "Doc_0/Signs/Sign_0/Signature.xml";
const SIGNED_VALUE: &str = "Doc_0/Signs/Sign_0/SignedValue.dat";

/// Why a rendering cannot be made.
#[derive(Debug, Error)]
pub enum OfdError {
    /// A font cannot be divided.
    #[error("a font cannot be embedded: {0}")]
    Font(String),
    /// The seal or the signature cannot be made.
    #[error(transparent)]
    Seal(#[from] SealError),
}

/// What is sealed besides the pages.
#[derive(Debug, Clone, Copy)]
pub struct Sealing<'a> {
    /// The signed licence file.
    pub licence: &'a [u8],
    /// DER of the bureau's seal, see [`make_seal`].
    pub seal: &'a [u8],
    /// When it is signed; cut to whole seconds.
    pub at: Timestamp,
}

/// Writes and seals a package.
///
/// # Errors
/// The seal is not one, does not list the signer, or the key refuses; a font cannot be embedded.
pub fn write(sheets: &Sheets, fonts: &Fonts, sealing: &Sealing<'_>, signer: &dyn Signer) -> Result<Vec<u8>, OfdError> {
    let subsets = font::subsets(sheets, fonts).map_err(OfdError::Font)?;
    let mut entries = document(sheets, &subsets, sealing);
    entries.push(Entry::deflated(LICENCE, sealing.licence.to_vec()));
    entries.push(Entry::deflated("Doc_0/Attachs/Attachments.xml", attachments(sealing).into_bytes()));
    entries.push(Entry::deflated(SIGNATURES, signatures().into_bytes()));
    entries.push(Entry::deflated(SEAL, sealing.seal.to_vec()));
    entries.push(Entry::stored(PACKAGE, package_list(&entries)));
    let stamp =
        format!("Boundary=\"{}\"", boundary(&[sheets.seal.x, sheets.seal.y, sheets.seal.side, sheets.seal.side]));
    let signature = signature_xml(&entries, sealing.at, &stamp).into_bytes();
    let value = seal::sign(sealing.seal, &signature, sealing.at, signer)?;
    entries.push(Entry::stored(SIGNATURE, signature));
    entries.push(Entry::stored(SIGNED_VALUE, value));
    Ok(zip::write(&entries))
}

/// A picture as a package of its own, as a seal holds it: no text, no signature.
pub fn picture(shapes: &[Shape], side: f64) -> Vec<u8> {
    let page = Page { shapes: shapes.to_vec(), ..Page::default() };
    let mut objects = Objects { out: String::new(), id: 1, page: (side, side), fonts: &[], first_font: 0 };
    let content = content(&mut objects, &page);
    let max = objects.id;
    let id = hex::encode_upper(sha256(content.as_bytes()).get(..16).unwrap_or_default());
    let root = format!(
        "{HEAD}<ofd:OFD {NS} Version=\"1.0\" DocType=\"OFD\"><ofd:DocBody><ofd:DocInfo><ofd:DocID>{id}</ofd:DocID></ofd:DocInfo>\
         <ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>"
    );
    let common = common_data(max, (side, side), "");
    let document = format!(
        "{HEAD}<ofd:Document {NS}>{common}<ofd:Pages><ofd:Page ID=\"1\" BaseLoc=\"Pages/Page_0/Content.xml\"/></ofd:Pages></ofd:Document>"
    );
    zip::write(&[
        Entry::deflated("OFD.xml", root.into_bytes()),
        Entry::deflated("Doc_0/Document.xml", document.into_bytes()),
        Entry::deflated("Doc_0/Pages/Page_0/Content.xml", content.into_bytes()),
    ])
}

fn boundary(values: &[f64]) -> String {
    let mut out = String::new();
    numbers(&mut out, values);
    out.trim_start().to_owned()
}

fn common_data(max: usize, page: (f64, f64), resources: &str) -> String {
    format!(
        "<ofd:CommonData><ofd:MaxUnitID>{max}</ofd:MaxUnitID><ofd:PageArea><ofd:PhysicalBox>{}</ofd:PhysicalBox>\
         </ofd:PageArea>{resources}</ofd:CommonData>",
        boundary(&[0.0, 0.0, page.0, page.1])
    )
}

/// Everything that describes and makes up the pages.
fn document(sheets: &Sheets, subsets: &[Subset], sealing: &Sealing<'_>) -> Vec<Entry> {
    let count = sheets.pages.len();
    // Pages come first, then fonts, then the objects on the pages.
    let mut id = count + subsets.len();
    let mut pages = Vec::new();
    let size = (sheets.width, sheets.height);
    for (index, page) in sheets.pages.iter().enumerate() {
        let mut objects = Objects { out: String::new(), id, page: size, fonts: subsets, first_font: count + 1 };
        let xml = content(&mut objects, page);
        id = objects.id;
        pages.push(Entry::deflated(&format!("Doc_0/Pages/Page_{index}/Content.xml"), xml.into_bytes()));
    }
    let mut list = String::new();
    for index in 0..count {
        let _ = write!(list, "<ofd:Page ID=\"{}\" BaseLoc=\"Pages/Page_{index}/Content.xml\"/>", index + 1);
    }
    let common = common_data(id, size, "<ofd:PublicRes>PublicRes.xml</ofd:PublicRes>");
    let document = format!(
        "{HEAD}<ofd:Document {NS}>{common}<ofd:Pages>{list}</ofd:Pages>\
         <ofd:Attachments>Attachs/Attachments.xml</ofd:Attachments></ofd:Document>"
    );
    let mut entries = vec![
        Entry::deflated("OFD.xml", root(sheets, sealing).into_bytes()),
        Entry::deflated("Doc_0/Document.xml", document.into_bytes()),
        Entry::deflated("Doc_0/PublicRes.xml", resources(subsets, count + 1).into_bytes()),
    ];
    entries.extend(pages);
    for (index, subset) in subsets.iter().enumerate() {
        entries.push(Entry::deflated(&format!("Doc_0/Res/font_{index}.ttf"), subset.bytes.clone()));
    }
    entries
}

fn root(sheets: &Sheets, sealing: &Sealing<'_>) -> String {
    let id = hex::encode_upper(sha256(sealing.licence).get(..16).unwrap_or_default());
    format!(
        "{HEAD}<ofd:OFD {NS} Version=\"1.0\" DocType=\"OFD\"><ofd:DocBody><ofd:DocInfo><ofd:DocID>{id}</ofd:DocID>\
         <ofd:Title>{title}</ofd:Title><ofd:Author>{author}</ofd:Author><ofd:CreationDate>{date}</ofd:CreationDate>\
         <ofd:Creator>Yichuang</ofd:Creator></ofd:DocInfo><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot>\
         <ofd:Signatures>/{SIGNATURES}</ofd:Signatures></ofd:DocBody></ofd:OFD>",
        title = escape(&sheets.title),
        author = escape(&sheets.author),
        date = sealing.at.date(),
    )
}

fn resources(subsets: &[Subset], first: usize) -> String {
    let mut fonts = String::new();
    for index in 0..subsets.len() {
        let _ = write!(
            fonts,
            "<ofd:Font ID=\"{}\" FontName=\"{FONT_NAME}{index}\" FamilyName=\"{FONT_NAME}{index}\"><ofd:FontFile>font_{index}.ttf\
             </ofd:FontFile></ofd:Font>",
            first + index
        );
    }
    format!("{HEAD}<ofd:Res {NS} BaseLoc=\"Res\"><ofd:Fonts>{fonts}</ofd:Fonts></ofd:Res>")
}

fn content(objects: &mut Objects<'_>, page: &Page) -> String {
    objects.layer();
    for shape in &page.shapes {
        objects.shape(shape);
    }
    for run in page.text() {
        objects.run(run);
    }
    for shape in &page.over {
        objects.shape(shape);
    }
    let (width, height) = objects.page;
    let drawn = std::mem::take(&mut objects.out);
    format!(
        "{HEAD}<ofd:Page {NS}><ofd:Area><ofd:PhysicalBox>{}</ofd:PhysicalBox></ofd:Area><ofd:Content>{drawn}</ofd:Layer>\
         </ofd:Content></ofd:Page>",
        boundary(&[0.0, 0.0, width, height])
    )
}

fn attachments(sealing: &Sealing<'_>) -> String {
    let mut size = String::new();
    number(&mut size, sealing.licence.len() as f64 / 1024.0);
    format!(
        "{HEAD}<ofd:Attachments {NS}><ofd:Attachment ID=\"1\" Name=\"licence\" Format=\"json\" CreationDate=\"{date}\" \
         Size=\"{size}\" Visible=\"true\"><ofd:FileLoc>/{LICENCE}</ofd:FileLoc></ofd:Attachment></ofd:Attachments>",
        date = sealing.at.date(),
    )
}

fn signatures() -> String {
    format!(
        "{HEAD}<ofd:Signatures {NS}><ofd:MaxSignId>1</ofd:MaxSignId><ofd:Signature ID=\"1\" Type=\"Seal\" \
         BaseLoc=\"/{SIGNATURE}\"/></ofd:Signatures>"
    )
}

/// SM3 of every file so far, as it lies in the package, in their order; their names stand in the description of the signature.
fn package_list(entries: &[Entry]) -> Vec<u8> {
    let mut list = String::new();
    for entry in entries {
        let _ = writeln!(list, "{}", STANDARD.encode(sm3(&entry.packed)));
    }
    list.into_bytes()
}

/// The description of the signature: digests of all files of the package, time, and place of the seal.
fn signature_xml(entries: &[Entry], at: Timestamp, stamp: &str) -> String {
    let mut references = String::new();
    for entry in entries {
        let _ = write!(
            references,
            "<ofd:Reference FileRef=\"/{}\"><ofd:CheckValue>{}</ofd:CheckValue></ofd:Reference>",
            entry.name,
            STANDARD.encode(sm3(&entry.bytes))
        );
    }
    format!(
        "{HEAD}<ofd:Signature {NS}><ofd:SignedInfo><ofd:Provider ProviderName=\"Yichuang\" Version=\"1.0\" Company=\"Yichuang\"/>\
         <ofd:SignatureMethod>1.2.156.10197.1.501</ofd:SignatureMethod><ofd:SignatureDateTime>{time}</ofd:SignatureDateTime>\
         <ofd:References CheckMethod=\"1.2.156.10197.1.401\">{references}</ofd:References>\
         <ofd:StampAnnot ID=\"1\" PageRef=\"1\" {stamp}/><ofd:Seal><ofd:BaseLoc>/{SEAL}</ofd:BaseLoc></ofd:Seal></ofd:SignedInfo>\
         <ofd:SignedValue>/{SIGNED_VALUE}</ofd:SignedValue></ofd:Signature>",
        time = asn1::utc(at, "%Y%m%d%H%M%SZ"),
    )
}
