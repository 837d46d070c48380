//! Reading the catalogue's files. No disk here: the files come in as a map from path to text.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::face::Face;
use super::finding::{self, Finding, has_errors};
use super::form::Form;
use super::front::Front;
use super::matter::{ApplicantKind, Matter};
use super::refs::{self, Ref, RefContext};
use super::search::Synonyms;
use super::source::Source;
use crate::text::Text;

/// Files of a catalogue by their path inside it, with `/`: `matters/food-operation/matter.json`.
pub type Files = BTreeMap<String, String>;

/// 复议机关.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reconsideration {
    /// Its name.
    pub body: Text,
    /// Where to file.
    pub address: Text,
}

/// 实施主体: a department that decides matters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Department {
    /// Name in the files: `approval`.
    pub id: String,
    /// Official name.
    pub name: Text,
    /// Unified social credit code; the implementing code of its matters starts with it.
    pub uscc: String,
    /// Address.
    pub address: Text,
    /// 咨询电话, with area code.
    pub phone: String,
    /// 监督投诉电话, with area code.
    pub supervise_phone: String,
    /// Where its decisions are reconsidered (AL 7, ARL 20).
    pub reconsideration: Reconsideration,
    /// The court for suits against it.
    pub court: Text,
}

/// One line on the face of a licence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SurfaceLine {
    /// Key in the signed data.
    pub key: String,
    /// Printed label.
    pub label: Text,
    /// Where the value comes from.
    pub from: Ref,
    /// Who may read it on the public page; a line that does not say is nobody's business.
    #[serde(default)]
    pub shown: Disclosure,
}

/// What the public page shows of a line of the face (PIPL 28; PI-4).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Disclosure {
    /// Everything: it is about the licence, the business or the place.
    Public,
    /// The holder's own name or number: in full for an organisation, masked for a person.
    Holder,
    /// The name of a person who acts for the holder or is concerned: the first character stays.
    Name,
    /// The number of a person's identity document: its ends stay.
    Code,
    /// Nothing: a home, a birth, health, money, or a line of which nobody has said what it is.
    #[default]
    Private,
}

/// 证照类型: a kind of licence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LicenceType {
    /// Name in the files.
    pub id: String,
    /// 证照类型代码: credit code of the body that defined it and three digits (21 characters).
    pub code: String,
    /// Printed name.
    pub name: Text,
    /// Printed number with `{year}` and `{seq}`.
    pub number_pattern: String,
    /// The fields on the face, in order.
    pub surface: Vec<SurfaceLine>,
    /// Id of the face that it is printed on, in `licence-types/faces/`; the standard one when it names none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub face: Option<String>,
    /// Keys of the fields that are printed as lists on annex pages 附页; their parts are divided by `；` or line ends.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub annex: Vec<String>,
}

impl LicenceType {
    /// Whether its kind alone tells of somebody's home, birth, health or money, whoever holds it: a line of its face is for nobody else.
    pub fn is_sensitive(&self) -> bool {
        self.surface.iter().any(|line| line.shown == Disclosure::Private)
    }
}

/// Folder of the faces.
pub(crate) const FACES: &str = "licence-types/faces/";

/// Who applies in a sample.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SampleApplicant {
    /// Kind of applicant; a fictitious one of this kind is drawn.
    pub kind: ApplicantKind,
    /// Youngest and oldest age of the person, in whole years, where the matter asks for one.
    #[serde(default)]
    pub age: Option<(u8, u8)>,
}

/// 新手模板: a complete application to learn from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sample {
    /// Who applies.
    pub applicant: SampleApplicant,
    /// Answers, with `{Ref}` placeholders for what depends on the applicant.
    pub form: Value,
    /// Slots of the materials that it brings.
    pub materials: Vec<String>,
    /// Whether it takes the pledge.
    pub pledge: bool,
    /// What the registers of a demo city must answer beyond an ordinary applicant's entries: `<register>/<key>` to
    /// members that are laid over the entry. Key and members may hold `{Ref}` placeholders.
    #[serde(default)]
    pub registers: BTreeMap<String, Value>,
    /// Slugs of the matters whose licence the applicant must hold already.
    #[serde(default)]
    pub holds: Vec<String>,
}

impl Sample {
    /// Registers whose entries the placeholders need.
    pub fn required_registers(&self) -> BTreeSet<String> {
        let references: Vec<Ref> = refs::placeholders(&self.form).into_iter().filter_map(|(_, r)| r.ok()).collect();
        refs::required_registers(&references)
    }

    /// The answers with every placeholder filled.
    ///
    /// # Errors
    /// The references that the context cannot resolve.
    pub fn fill(&self, context: &RefContext) -> Result<Value, Vec<String>> {
        refs::fill(&self.form, context)
    }
}

/// The rule files of a matter, unread: the `rules` crate compiles them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RulesFiles {
    /// `schema.json`.
    pub schema: String,
    /// `table.json`.
    pub table: String,
    /// `tests.json`.
    pub tests: String,
}

/// Everything in the folder of one matter.
#[derive(Debug, Clone)]
pub struct MatterBundle {
    /// `matter.json`.
    pub matter: Matter,
    /// `form.json`, compiled.
    pub form: Form,
    /// `form.json` as written: what a published version keeps.
    pub form_json: String,
    /// `sample.json`.
    pub sample: Sample,
    /// `rules/`, when the matter can be decided without a person.
    pub rules_files: Option<RulesFiles>,
    /// SHA-256 (lower-case hex) over the matter's files; a published version names it.
    pub digest: String,
}

/// A loaded catalogue.
#[derive(Debug, Clone, Default)]
pub struct Catalogue {
    /// Departments by id.
    pub departments: BTreeMap<String, Department>,
    /// Licence types by id.
    pub licence_types: BTreeMap<String, LicenceType>,
    /// Faces of licences by id.
    pub faces: BTreeMap<String, Face>,
    /// Matters by slug (name of the folder).
    pub matters: BTreeMap<String, MatterBundle>,
    /// `synonyms.json` for the search.
    pub synonyms: Synonyms,
    /// `home.json` for the first page.
    pub front: Front,
}

impl Catalogue {
    /// Loads a catalogue whose files can be read. It is not linted: see [`super::lint`].
    ///
    /// # Errors
    /// A finding for each file that is missing, is not JSON or has the wrong shape.
    pub fn load(files: &Files) -> Result<Catalogue, Vec<Finding>> {
        let (catalogue, findings) = read(files);
        if has_errors(&findings) { Err(findings) } else { Ok(catalogue) }
    }
}

/// Reads what can be read, with findings about the rest.
pub(crate) fn read(files: &Files) -> (Catalogue, Vec<Finding>) {
    let mut reader = Reader { files, findings: Vec::new() };
    let catalogue = Catalogue {
        departments: reader.departments(),
        licence_types: reader.licence_types(),
        faces: reader.faces(),
        matters: reader.matters(),
        synonyms: reader.optional("synonyms.json").unwrap_or_default(),
        front: reader.optional("home.json").unwrap_or_default(),
    };
    let mut findings = reader.findings;
    finding::sort(&mut findings);
    (catalogue, findings)
}

/// The folders under `prefix` that hold a file.
pub(crate) fn folders<'f>(files: &'f Files, prefix: &str) -> BTreeSet<&'f str> {
    files.keys().filter_map(|path| path.strip_prefix(prefix)?.split_once('/')).map(|(folder, _)| folder).collect()
}

struct Reader<'f> {
    files: &'f Files,
    findings: Vec<Finding>,
}

impl<'f> Reader<'f> {
    fn optional<T: serde::de::DeserializeOwned>(&mut self, path: &str) -> Option<T> {
        let (file, text) = self.files.get_key_value(path)?;
        match Source::parse(file, text).and_then(|source| source.read()) {
            Ok(value) => Some(value),
            Err(findings) => {
                self.findings.extend(findings);
                None
            }
        }
    }

    fn required<T: serde::de::DeserializeOwned>(&mut self, path: &str) -> Option<T> {
        if !self.files.contains_key(path) {
            self.missing(path);
        }
        self.optional(path)
    }

    fn missing(&mut self, path: &str) {
        let message = Text::new(format!("缺少文件 {path}。"), format!("The file {path} is missing."));
        let fix = Text::new("请补上这个文件。", "Add this file.");
        self.findings.push(Finding::error(path, 1, "missing-file", message, fix));
    }

    fn departments(&mut self) -> BTreeMap<String, Department> {
        let list: Vec<Department> = self.required("departments.json").unwrap_or_default();
        list.into_iter().map(|department| (department.id.clone(), department)).collect()
    }

    fn licence_types(&mut self) -> BTreeMap<String, LicenceType> {
        let paths: Vec<&String> = self.files.keys().filter(|path| path.starts_with("licence-types/")).collect();
        let mut types = BTreeMap::new();
        for path in paths {
            let name = path.strip_prefix("licence-types/").and_then(|name| name.strip_suffix(".json"));
            let Some(id) = name.filter(|name| !name.contains('/')) else { continue };
            if let Some(licence_type) = self.optional::<LicenceType>(path) {
                types.insert(id.to_owned(), licence_type);
            }
        }
        types
    }

    fn faces(&mut self) -> BTreeMap<String, Face> {
        let paths: Vec<&String> = self.files.keys().filter(|path| path.starts_with(FACES)).collect();
        let mut faces = BTreeMap::new();
        for path in paths {
            let Some(id) = path.strip_prefix(FACES).and_then(|name| name.strip_suffix(".json")) else { continue };
            if let Some(face) = self.optional::<Face>(path) {
                faces.insert(id.to_owned(), face);
            }
        }
        faces
    }

    fn matters(&mut self) -> BTreeMap<String, MatterBundle> {
        let slugs = folders(self.files, "matters/");
        slugs.into_iter().filter_map(|slug| Some((slug.to_owned(), self.matter(slug)?))).collect()
    }

    fn matter(&mut self, slug: &'f str) -> Option<MatterBundle> {
        let base = format!("matters/{slug}");
        let matter = self.required(&format!("{base}/matter.json"));
        let form = self.form(&format!("{base}/form.json"));
        let sample = self.required(&format!("{base}/sample.json"));
        let rules_files = self.rules(&base);
        let (form, form_json) = form?;
        let digest = digest(self.files, &format!("{base}/"));
        Some(MatterBundle { matter: matter?, form, form_json, sample: sample?, rules_files, digest })
    }

    fn form(&mut self, path: &str) -> Option<(Form, String)> {
        let Some((file, text)) = self.files.get_key_value(path) else {
            self.missing(path);
            return None;
        };
        match Form::compile_file(file, text) {
            Ok((form, findings)) => {
                self.findings.extend(findings);
                Some((form, text.clone()))
            }
            Err(findings) => {
                self.findings.extend(findings);
                None
            }
        }
    }

    fn rules(&mut self, base: &str) -> Option<RulesFiles> {
        let path = |name: &str| format!("{base}/rules/{name}.json");
        let present = ["schema", "table", "tests"].map(|name| self.files.contains_key(&path(name)));
        if !present.contains(&true) {
            return None;
        }
        for (name, _) in ["schema", "table", "tests"].into_iter().zip(present).filter(|(_, present)| !present) {
            self.missing(&path(name));
        }
        let text = |name: &str| self.files.get(&path(name)).cloned();
        Some(RulesFiles { schema: text("schema")?, table: text("table")?, tests: text("tests")? })
    }
}

/// SHA-256 over the files below `prefix`: for each, its path below the prefix, its length and its bytes, so that no
/// two sets of files have the same input.
fn digest(files: &Files, prefix: &str) -> String {
    let mut hash = Sha256::new();
    for (path, text) in files.iter().filter_map(|(path, text)| Some((path.strip_prefix(prefix)?, text))) {
        for part in [path, text] {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part.as_bytes());
        }
    }
    hex::encode(hash.finalize())
}
