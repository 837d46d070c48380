//! Every licence type of the catalogue with data that fit it: its lines are filled as the city fills them, from the sample application of the
//! matter that issues it.

use std::collections::BTreeMap;
use std::path::Path;

use crate::city::*;
use crate::renderings::Issuer;
use domain::catalog::face::Face;
use domain::catalog::{ApplicantKind, Catalogue, LicenceType, MatterBundle, Party, Ref, RefContext, fill};
use domain::codes::{citizen_id, licence_id, uscc};
use domain::text::Lang;
use jiff::civil::{Date, date};
use seal::licence::{CodeKind, Holder, LicenceData, LicenceType as NamedType, SurfaceField};
use seal::page::{Fonts, Paper, Sheets, lay_out};
use serde_json::{Value, json};

/// The type whose annex lists component licences.
pub const WITH_ANNEX: &str = "comprehensive-permit";

const VALID_TO: Date = date(2031, 11, 19);
const ADDRESS: &str = "江城市海澜区长江中路 128 号金融大厦 B 座 3 层 301 室";

/// A licence type, its face, and a licence of it.
pub struct Typed {
    pub kind: LicenceType,
    pub face: Face,
    pub data: LicenceData,
}

/// A licence signed and laid out.
pub struct Laid {
    pub sheets: Sheets,
    pub licence: Vec<u8>,
}

impl Typed {
    pub fn laid(&self, issuer: &Issuer) -> Laid {
        let (licence, url) = issuer.licence(&self.data);
        let paper = Paper { qr: Some(&url), annex: &self.kind.annex, ..Paper::of(&self.data) };
        let sheets = lay_out(Fonts::standard().unwrap(), &self.face, &paper);
        let sheets = sheets.unwrap_or_else(|error| panic!("{}: {error}", self.kind.id));
        Laid { sheets, licence }
    }

    /// The licence with as many components as fill annex pages.
    pub fn with_components(mut self, count: usize) -> Typed {
        let line = self.data.surface.iter_mut().find(|field| field.key == "components").unwrap();
        line.value = components(count);
        self
    }
}

/// One of each face, the first of its types; the type with an annex stands for the face that it has.
pub fn of_each_face() -> Vec<Typed> {
    let mut all = typed();
    all.sort_by_key(|one| (one.face.id.clone(), one.kind.id != WITH_ANNEX, one.kind.id.clone()));
    all.dedup_by_key(|one| one.face.id.clone());
    all
}

/// Every type of the catalogue, in the order of their names.
pub fn typed() -> Vec<Typed> {
    let catalogue = catalogue();
    catalogue.licence_types.values().enumerate().map(|(index, kind)| one(&catalogue, kind, index)).collect()
}

fn catalogue() -> Catalogue {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../catalog");
    let (mut files, mut folders) = (BTreeMap::new(), vec![root.clone()]);
    while let Some(folder) = folders.pop() {
        for path in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "json") {
                let name = path.strip_prefix(&root).unwrap().to_str().unwrap().to_owned();
                files.insert(name, std::fs::read_to_string(&path).unwrap());
            }
        }
    }
    Catalogue::load(&files).unwrap()
}

fn one(catalogue: &Catalogue, kind: &LicenceType, index: usize) -> Typed {
    let issues = |bundle: &&MatterBundle| bundle.matter.outcome.licence_type.as_ref() == Some(&kind.id);
    // A matter that only changes a licence leaves lines out that stand on it already.
    let matter = catalogue.matters.values().filter(issues).min_by_key(|bundle| bundle.matter.outcome.amends);
    assert!(matter.is_some() || kind.id == WITH_ANNEX, "nothing issues {}", kind.id);
    let applicant = matter.map_or(ApplicantKind::Enterprise, |bundle| bundle.sample.applicant.kind);
    let mut context = context(applicant);
    let sequence = index + 1;
    context.form = match matter {
        Some(bundle) => {
            fill(&bundle.sample.form, &context).unwrap_or_else(|missing| panic!("{}: {missing:?}", kind.id))
        }
        None => json!({ "address": ADDRESS, "industry": "便利店", "components": components(4) }),
    };
    let number = kind.number_pattern.replace("{year}", "2026").replace("{seq}", &format!("{sequence:06}"));
    context.licence_number = Some(number.clone());
    let lines = kind.surface.iter().map(|line| (line, word(matter, &line.from, &context)));
    let surface: Vec<SurfaceField> = lines
        .filter(|(_, value)| !value.is_empty())
        .map(|(line, value)| SurfaceField { key: line.key.clone(), label: line.label.clone(), value })
        .collect();
    assert!(
        surface.len() * 4 >= kind.surface.len() * 3,
        "{}: {} of {} lines",
        kind.id,
        surface.len(),
        kind.surface.len()
    );
    let limited = kind.surface.iter().any(|line| line.from == Ref::Decision("valid_to".into()));
    let identifier = licence_id::compose(&kind.code, USCC, &format!("2026{sequence:08}"), 1).unwrap();
    let data = LicenceData {
        identifier: identifier.to_string(),
        public_id: seal::digest::public_id([u8::try_from(sequence).unwrap(); 16]),
        kind: NamedType { code: kind.code.clone(), name: kind.name.clone() },
        number,
        holder: Holder {
            name: context.applicant.name,
            code: context.applicant.code,
            code_kind: if applicant == ApplicantKind::Person { CodeKind::CitizenId } else { CodeKind::Uscc },
        },
        valid_to: limited.then_some(VALID_TO),
        surface,
        ..licence()
    };
    let face = catalogue.faces[kind.face.as_ref().unwrap()].clone();
    Typed { kind: kind.clone(), face, data }
}

/// A line as the city prints it.
fn word(matter: Option<&MatterBundle>, from: &Ref, context: &RefContext) -> String {
    let Some(value) = from.resolve(context) else { return String::new() };
    let field = match from {
        Ref::Form(name) => matter.and_then(|bundle| bundle.form.field(name)),
        _ => None,
    };
    match (field, value) {
        (Some(field), value) => field.display(&value, Lang::Zh),
        (None, Value::String(text)) => match text.parse::<Date>() {
            Ok(day) => format!("{}年{:02}月{:02}日", day.year(), day.month(), day.day()),
            Err(_) => text,
        },
        (None, Value::Array(items)) => items.iter().filter_map(Value::as_str).collect::<Vec<_>>().join("；"),
        (None, other) => other.to_string(),
    }
}

fn with_check(first: &str, check: Option<char>) -> String {
    first.chars().chain(check).collect()
}

/// Who applies, and what the registers say of them: as long as such names and addresses are.
fn context(kind: ApplicantKind) -> RefContext {
    let person = with_check("37021119900101001", citizen_id::check_character("37021119900101001"));
    let body = with_check("91370211MA0000001", uscc::check_character("91370211MA0000001"));
    let phone = "13900000001";
    let (name, code) = match kind {
        ApplicantKind::Person => ("欧阳静怡", &person),
        _ => ("江城市海澜区海风餐饮管理有限公司", &body),
    };
    let registers = json!({
        "enterprise": {
            "name": name, "kind": "enterprise", "status": "active", "org_form": "有限责任公司",
            "legal_representative": { "name": "欧阳静怡", "id": person }, "address": ADDRESS, "district": "370211",
            "capital_fen": 10_000_000, "established": "2020-05-01", "scope": ["热食类食品制售", "冷食类食品制售"],
            "industry": "H6210", "premises": "370211001001000123", "phone": phone
        },
        "person": {
            "name": name, "sex": "女", "birth": "1990-01-01", "address": ADDRESS, "district": "370211", "status": "alive",
            "phone": phone
        },
        "project": { "code": "2611-370211-04-01-123456", "name": "海洋装备产业园一期", "owner_code": code },
        "land": { "contract": "海澜-2026-G012", "owner_code": code, "area_sqm": 26_000, "use": "工业用地", "paid": true },
        "real-estate": { "title_number": "鲁（2021）江城市不动产权第0000123号", "owner_code": code, "address": ADDRESS },
        "social-insurance": { "insured": true, "status": "正常参保", "months_paid": 60, "employer_code": body },
        "tax": { "registered": true, "arrears_fen": 0, "credit_grade": "B" },
        "practitioner": { "kind": "nurse", "certificate": "202537000001", "employer_code": body },
        "draw": { "brand": "晴岚" }
    });
    RefContext {
        applicant: Party { name: name.to_owned(), code: code.clone(), kind, phone: Some(phone.to_owned()) },
        agent: None,
        form: Value::Null,
        registers: serde_json::from_value(registers).unwrap(),
        today: date(2026, 11, 20),
        decision: Some((date(2026, 11, 20), Some(VALID_TO))),
        // A sample of a matter that changes a licence names the one that is held.
        licence_number: Some("鲁卫公证字〔2021〕第000042号".to_owned()),
    }
}

/// Component licences as a comprehensive permit lists them: name, number, issuer, validity.
fn components(count: usize) -> String {
    const NAMES: [(&str, &str, &str); 6] = [
        ("食品经营许可证", "JY33702112026{}", "江城市海澜区行政审批服务局"),
        ("烟草专卖零售许可证", "3702112026{}", "江城市海澜区烟草专卖局"),
        ("公共场所卫生许可证", "鲁澜卫公证字〔2026〕第{}号", "江城市海澜区行政审批服务局"),
        ("出版物经营许可证（零售）", "新出发海澜零字第2026{}号", "江城市海澜区行政审批服务局"),
        ("第二类医疗器械经营备案凭证", "鲁澜食药监械经营备2026{}号", "江城市海澜区行政审批服务局"),
        ("公众聚集场所投入使用、营业前消防安全检查意见书", "海消安检字〔2026〕第{}号", "江城市海澜区消防救援大队"),
    ];
    let rows = NAMES.iter().cycle().take(count).enumerate().map(|(index, (name, number, issuer))| {
        let validity = if index % 6 == 5 { "长期".to_owned() } else { format!("{}年11月19日", 2029 + index % 3) };
        let number = number.replace("{}", &format!("{:06}", index + 1));
        format!("{name} · {number} · {issuer} · {validity}")
    });
    rows.collect::<Vec<_>>().join("；")
}
