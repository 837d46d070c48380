//! Licences as files that any reader opens: PDF, OFD, SVG, and the signed data itself.
//!
//! They are made when somebody asks for them and kept on disk, in a folder for each licence, under the digest of everything that
//! they depend on: a licence whose standing or face changes gets another rendering, and an approval costs nothing more.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use domain::accounts::Actor;
use domain::catalog::face::Face;
use domain::licences::{Seal, Standing};
use domain::text::Text;
use domain::time::Timestamp;
use seal::cert::Certificate;
use seal::digest::sha256_hex;
use seal::key::Signer;
pub(super) use seal::page::Mark;
use seal::page::{Fonts, Paper, Sheets, lay_out};
use seal::render::{face_svg, ofd, pdf, svg};

use super::seals::{self, Wanted};
use super::{HttpAuthority, LicenceView, is_on_record, symbol, view};
use crate::city::City;
use crate::error::ServiceError;

/// Raised when the same licence would be drawn otherwise than before: what was kept is then made anew.
const EDITION: &str = "1";
/// Side of a seal's picture in whole millimetres where a face has another diameter.
const SEAL_SIDE: u32 = 42;

/// A form in which a licence can be had.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// PDF with a PAdES signature.
    Pdf,
    /// The same with long-term data, for archives.
    LongTermPdf,
    /// OFD with an electronic seal.
    Ofd,
    /// A picture.
    Svg,
    /// The signed data.
    Data,
}

/// What is made of a licence and kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Made {
    /// A file.
    File(Form),
    /// The picture of its face, which pages show.
    Face,
}

impl Made {
    /// The ending of the file that is kept. No two are alike, for of each ending the latest file is kept.
    fn ending(self) -> &'static str {
        match self {
            Made::File(Form::LongTermPdf) => "lt-pdf",
            Made::File(form) => form.ending(),
            Made::Face => "face",
        }
    }
}

impl Form {
    /// By its name in addresses.
    pub fn named(name: &str) -> Option<Form> {
        match name {
            "pdf" => Some(Form::Pdf),
            "pdf-lt" => Some(Form::LongTermPdf),
            "ofd" => Some(Form::Ofd),
            "svg" => Some(Form::Svg),
            "data" => Some(Form::Data),
            _ => None,
        }
    }

    /// The media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Form::Pdf | Form::LongTermPdf => "application/pdf",
            Form::Ofd => "application/ofd",
            Form::Svg => "image/svg+xml",
            Form::Data => "application/json",
        }
    }

    /// The ending of its file's name.
    pub fn ending(self) -> &'static str {
        match self {
            Form::Pdf | Form::LongTermPdf => "pdf",
            Form::Ofd => "ofd",
            Form::Svg => "svg",
            Form::Data => "json",
        }
    }
}

/// A form in which a marked copy can be had. None of them carries a signature or the signed data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CopyForm {
    /// PDF.
    Pdf,
    /// A picture.
    Svg,
}

impl CopyForm {
    /// By its name in addresses.
    pub fn named(name: &str) -> Option<CopyForm> {
        match name {
            "pdf" => Some(CopyForm::Pdf),
            "svg" => Some(CopyForm::Svg),
            _ => None,
        }
    }

    /// The form whose media type and ending it has.
    fn form(self) -> Form {
        match self {
            CopyForm::Pdf => Form::Pdf,
            CopyForm::Svg => Form::Svg,
        }
    }
}

/// A licence in one form.
#[derive(Debug, Clone)]
pub struct Rendering {
    /// The file.
    pub bytes: Vec<u8>,
    /// Its form.
    pub form: Form,
    /// A name for the file, ASCII.
    pub name: String,
}

/// Everything that a rendering depends on.
struct Job {
    made: Made,
    view: LicenceView,
    face: Face,
    annex: Vec<String>,
    url: String,
    fonts: Arc<Fonts>,
    signer: Arc<dyn Signer>,
    reader: Option<Arc<dyn Signer>>,
    maker: Option<Arc<dyn Signer>>,
    stamper: Option<Arc<dyn Signer>>,
    seal_version: ofd::SealVersion,
    time_authority: Option<HttpAuthority>,
    /// Roots and revocation lists, for long-term data.
    authorities: (Vec<Certificate>, Vec<Vec<u8>>),
    now: Timestamp,
}

/// Renders a licence for somebody who may see all of it; the same permission and the same record as [`view`].
///
/// # Errors
/// As for [`view`]; a character that no font has; a city without the keys for seals.
pub async fn render(city: &City, actor: &Actor, id: &str, form: Form) -> Result<Rendering, ServiceError> {
    let view = view(city, actor, id).await?;
    let name = format!("{}.{}", view.licence.public_id, form.ending());
    if form == Form::Data {
        return Ok(Rendering { bytes: view.licence.signed.into_bytes(), form, name });
    }
    let bytes = made(city, view, Made::File(form), &actor.label()).await?;
    Ok(Rendering { bytes, form, name })
}

/// The picture of a licence's face as an inline SVG: the first page of what is downloaded. For whoever was shown the licence by
/// [`view`].
///
/// # Errors
/// A character that no font has.
pub async fn face(city: &City, view: &LicenceView) -> Result<String, ServiceError> {
    let bytes = made(city, view.clone(), Made::Face, "").await?;
    String::from_utf8(bytes).map_err(ServiceError::internal)
}

/// A copy that says on every page for whom, for what and when it was made; not kept.
pub(super) async fn marked(
    city: &City,
    view: LicenceView,
    mark: Mark,
    form: CopyForm,
) -> Result<Rendering, ServiceError> {
    let name = format!("{}-copy.{}", view.licence.public_id, form.form().ending());
    let job = job(city, view, Made::Face)?;
    let drawn = tokio::task::spawn_blocking(move || {
        let mut sheets = laid_out(&job)?;
        seal::page::mark(&job.fonts, &mut sheets, &mark).map_err(|missing| unprintable(missing.into()))?;
        match form {
            CopyForm::Svg => Ok(svg(&sheets, &job.fonts).into_bytes()),
            CopyForm::Pdf => pdf::copy(&sheets, &job.fonts, job.now).map_err(ServiceError::internal),
        }
    });
    let bytes = drawn.await.map_err(ServiceError::internal)??;
    Ok(Rendering { bytes, form: form.form(), name })
}

/// From the disk, or made now for `who` and kept there.
async fn made(city: &City, view: LicenceView, made: Made, who: &str) -> Result<Vec<u8>, ServiceError> {
    let id = view.licence.id.to_string();
    let job = Arc::new(job(city, view, made)?);
    let path = kept(city, &job)?;
    if let Ok(bytes) = tokio::fs::read(&path).await {
        return Ok(bytes);
    }
    let (laying, making) = (Arc::clone(&job), Arc::clone(&job));
    let sheets = tokio::task::spawn_blocking(move || laid_out(&laying)).await.map_err(ServiceError::internal)??;
    let seal = stamped(city, &job, &sheets).await?;
    let der = seal.as_ref().map(seals::der).transpose()?;
    let bytes = tokio::task::spawn_blocking(move || make(&making, &sheets, der.as_deref()));
    let bytes = bytes.await.map_err(ServiceError::internal)??;
    if let Some(seal) = seal {
        // Nobody gets what was sealed before it is on record who had it sealed.
        seals::note_use(city, &seal, who, &job.view.licence, job.made.ending()).await?;
    }
    keep(city, &path, &bytes).await?;
    // Whoever was erased while the file was being made has none afterwards.
    if !is_on_record(city, &id).await? {
        forget(city, &[id]).await?;
        return Err(ServiceError::NotFound("licence"));
    }
    Ok(bytes)
}

/// The bureau's seal, for a form that bears it; a PDF shows its picture, so it needs none where the city makes no seals.
async fn stamped(city: &City, job: &Job, sheets: &Sheets) -> Result<Option<Seal>, ServiceError> {
    let maker = match (job.made, &job.maker) {
        (Made::File(Form::Ofd | Form::Pdf | Form::LongTermPdf), Some(maker)) => maker,
        (Made::File(Form::Ofd), None) => return Err(no_key(Text::new("制章密钥", "key of a seal maker"))),
        _ => return Ok(None),
    };
    let issuer = &job.view.file.licence.issuer;
    let wanted = Wanted {
        department: &job.view.licence.department,
        name: &issuer.name,
        code: &issuer.uscc,
        signer: job.signer.as_ref(),
        maker: maker.as_ref(),
        picture: ofd::picture(&sheets.picture, sheets.seal.side),
        side: if sheets.seal.side.fract() == 0.0 { sheets.seal.side as u32 } else { SEAL_SIDE },
    };
    seals::in_use(city, &wanted).await.map(Some)
}

fn job(city: &City, view: LicenceView, made: Made) -> Result<Job, ServiceError> {
    let shelf = city.shelf();
    let kind = shelf.licence_type(&view.licence.licence_type).ok();
    let named = kind.and_then(|kind| kind.face.as_deref()).and_then(|face| shelf.face(face));
    let face = match named {
        Some(face) => face.clone(),
        None => Face::standard().map_err(ServiceError::internal)?,
    };
    let keys = city.keys();
    let department = &view.licence.department;
    let signer = keys.signers.get(department).ok_or_else(|| ServiceError::internal("no key for the department"))?;
    let reader = keys.qr.get(department).cloned();
    Ok(Job {
        made,
        face,
        annex: kind.map(|kind| kind.annex.clone()).unwrap_or_default(),
        url: symbol(city, &view),
        fonts: city.fonts()?,
        signer: signer.clone(),
        reader,
        maker: keys.maker.clone(),
        stamper: keys.stamper.clone(),
        seal_version: keys.seal_version,
        time_authority: keys.time_authority.clone(),
        authorities: match made {
            Made::File(Form::LongTermPdf) => (keys.roots.clone(), keys.revocation_lists.clone()),
            _ => Default::default(),
        },
        now: city.now(),
        view,
    })
}

/// Where a rendering is kept: under the digest of what it depends on.
fn kept(city: &City, job: &Job) -> Result<PathBuf, ServiceError> {
    let face = serde_json::to_string(&job.face).map_err(ServiceError::internal)?;
    let standing = job.view.standing.as_str();
    let base = &city.settings().base_url;
    let mut parts = vec![EDITION, job.made.ending(), &job.view.licence.signed, standing, &face, base];
    parts.extend(job.annex.iter().map(String::as_str));
    let mut all = parts.join("\n").into_bytes();
    let signers = [Some(&job.signer), job.reader.as_ref(), job.maker.as_ref(), job.stamper.as_ref()];
    for certificate in signers.into_iter().flatten().filter_map(|signer| signer.certificate_chain().first()) {
        all.extend(certificate);
    }
    all.push(job.seal_version as u8);
    all.extend(job.time_authority.iter().flat_map(|authority| authority.url().bytes()));
    all.extend(job.authorities.1.iter().flatten());
    let folder = folder(city, &job.view.licence.id.to_string());
    Ok(folder.join(format!("{}.{}", sha256_hex(&all), job.made.ending())))
}

/// Where the renderings of a licence lie.
fn folder(city: &City, id: &str) -> PathBuf {
    city.settings().dir.join("renderings").join(id)
}

/// Deletes the renderings of licences. Whoever may still see one gets it made anew.
pub(crate) async fn forget(city: &City, ids: &[String]) -> Result<(), ServiceError> {
    for id in ids {
        match tokio::fs::remove_dir_all(folder(city, id)).await {
            Ok(()) => {}
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(ServiceError::internal(error)),
        }
    }
    Ok(())
}

/// Puts a rendering in its place, whole or not at all.
async fn keep(city: &City, path: &Path, bytes: &[u8]) -> Result<(), ServiceError> {
    if let Some(folder) = path.parent() {
        tokio::fs::create_dir_all(folder).await.map_err(ServiceError::internal)?;
    }
    let draft = path.with_extension(format!("part-{}", hex(city.random::<8>())));
    tokio::fs::write(&draft, bytes).await.map_err(ServiceError::internal)?;
    tokio::fs::rename(&draft, path).await.map_err(ServiceError::internal)?;
    forget_older(path).await
}

/// Of each form the latest is kept.
async fn forget_older(path: &Path) -> Result<(), ServiceError> {
    let Some(folder) = path.parent() else { return Ok(()) };
    let mut entries = tokio::fs::read_dir(folder).await.map_err(ServiceError::internal)?;
    while let Some(entry) = entries.next_entry().await.map_err(ServiceError::internal)? {
        let other = entry.path();
        if other != path && other.extension() == path.extension() {
            // Another request may have deleted it already.
            let _ = tokio::fs::remove_file(&other).await;
        }
    }
    Ok(())
}

fn hex(bytes: [u8; 8]) -> String {
    format!("{:016x}", u64::from_be_bytes(bytes))
}

/// The pages of a licence.
fn laid_out(job: &Job) -> Result<Sheets, ServiceError> {
    let paper = Paper {
        data: &job.view.file.licence,
        qr: Some(&job.url),
        annex: &job.annex,
        across: across(job.view.standing),
        mask_holder: false,
    };
    lay_out(&job.fonts, &job.face, &paper).map_err(unprintable)
}

fn make(job: &Job, sheets: &Sheets, seal: Option<&[u8]>) -> Result<Vec<u8>, ServiceError> {
    let licence = job.view.licence.signed.as_bytes();
    let form = match job.made {
        Made::Face => return Ok(face_svg(sheets, &job.fonts).into_bytes()),
        Made::File(form) => form,
    };
    match form {
        Form::Data => Ok(licence.to_vec()),
        Form::Svg => Ok(svg(sheets, &job.fonts).into_bytes()),
        Form::Pdf => signed_pdf(job, sheets),
        Form::LongTermPdf => {
            let (roots, lists) = &job.authorities;
            pdf::with_long_term_data(&signed_pdf(job, sheets)?, roots, lists).map_err(ServiceError::internal)
        }
        Form::Ofd => {
            let seal = seal.ok_or_else(|| ServiceError::internal("an OFD without a seal"))?;
            let sealing = ofd::Sealing { licence, seal, at: job.now };
            ofd::write(sheets, &job.fonts, &sealing, job.signer.as_ref()).map_err(ServiceError::internal)
        }
    }
}

fn signed_pdf(job: &Job, sheets: &Sheets) -> Result<Vec<u8>, ServiceError> {
    let licence = job.view.licence.signed.as_bytes();
    let signer = job.reader.as_deref().ok_or_else(|| no_key(Text::new("PDF 签名密钥", "key for PDF signatures")))?;
    let signing = pdf::Signing { licence, signer, authority: job.stamper.as_deref(), at: job.now };
    let Some(authority) = &job.time_authority else {
        return pdf::write(sheets, &job.fonts, &signing).map_err(ServiceError::internal);
    };
    pdf::write_stamped_by(sheets, &job.fonts, &signing, authority).map_err(|error| {
        // The operator has chosen that authority, so nothing goes out with another one's stamp.
        tracing::error!(%error, "no PDF with a time stamp");
        ServiceError::field(
            "form",
            "时间戳服务暂时没有应答，现在不能生成 PDF。请稍后再试，或者改用其他格式。",
            "The time-stamping service does not answer, so no PDF can be made now. Try again later, or choose another form.",
        )
    })
}

/// A city that was founded by an earlier version lacks the key; the other forms of the licence are there.
fn no_key(kind: Text) -> ServiceError {
    ServiceError::field(
        "form",
        &format!("本市还没有{}，暂不能生成这种格式。请改用其他格式。", kind.zh),
        &format!("This city has no {} yet, so this form cannot be made. Choose another one.", kind.en),
    )
}

/// Words across a licence that does not count.
fn across(standing: Standing) -> Option<(&'static str, &'static str)> {
    match standing {
        Standing::Valid | Standing::Future => None,
        Standing::Expired => Some(("已过期", "EXPIRED")),
        Standing::Suspended => Some(("已暂扣", "SUSPENDED")),
        Standing::Superseded => Some(("已换发", "SUPERSEDED")),
        Standing::Revoked => Some(("已撤销", "REVOKED")),
        Standing::Cancelled => Some(("已注销", "CANCELLED")),
    }
}

/// A character that cannot be printed is named with its field, so that the operator knows which font to add.
fn unprintable(error: seal::page::LayoutError) -> ServiceError {
    match error {
        seal::page::LayoutError::Missing(missing) => {
            let (character, code) = (missing.character, missing.character as u32);
            ServiceError::field(
                &missing.field,
                &format!("没有字体含有“{character}”（U+{code:04X}），请管理员在 fonts 文件夹中安装字体。"),
                &format!("No font has “{character}” (U+{code:04X}): the operator adds one to the folder `fonts`."),
            )
        }
        other => ServiceError::internal(other),
    }
}

/// Refuses a licence that could not be printed, before it is signed.
pub(crate) fn refuse_unprintable(city: &City, data: &seal::licence::LicenceData) -> Result<(), ServiceError> {
    seal::page::printable_or_missing(city.fonts()?.as_ref(), data).map_err(|missing| unprintable(missing.into()))
}
