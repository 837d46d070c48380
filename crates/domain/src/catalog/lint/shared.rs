//! Files that matters share: departments, licence types, and names and codes that must be unique.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{Report, has_area_code, repeated, say};
use crate::catalog::finding::Finding;
use crate::catalog::load::{Catalogue, Department, Disclosure, Files, LicenceType, MatterBundle};
use crate::catalog::matter::{ApplicantKind, Matter};
use crate::catalog::refs::{self, Ref, RefContext};
use crate::catalog::source::Source;
use crate::codes::uscc;

use super::{faces, trial};

pub(super) fn check(files: &Files, catalogue: &Catalogue, findings: &mut Vec<Finding>) {
    stray(files, findings);
    if let Some((file, text)) = files.get_key_value("departments.json")
        && let Ok(source) = Source::parse(file, text)
    {
        departments(&mut Report { source: &source, findings });
    }
    for (id, licence_type) in &catalogue.licence_types {
        let path = format!("licence-types/{id}.json");
        let Some((file, text)) = files.get_key_value(&path) else { continue };
        if let Ok(source) = Source::parse(file, text) {
            surface(id, licence_type, catalogue, &mut Report { source: &source, findings });
        }
    }
    faces::check(files, catalogue, findings);
    duplicate_codes(files, catalogue, findings);
    synonyms(files, findings);
}

/// A misspelt file name would otherwise be ignored in silence.
fn stray(files: &Files, findings: &mut Vec<Finding>) {
    let known =
        ["matter.json", "form.json", "sample.json", "rules/schema.json", "rules/table.json", "rules/tests.json"];
    for path in files.keys() {
        let inside = path.strip_prefix("matters/");
        let name = inside.map(|rest| rest.split_once('/').map_or("", |(_, name)| name));
        let stray = name.is_some_and(|name| !known.contains(&name))
            || path.strip_prefix("licence-types/").is_some_and(faces::is_stray);
        if stray {
            let wrong = say("目录中没有这个文件的位置。", "The catalogue has no place for this file.");
            let fix = say("请检查文件名和位置，或删去。", "Check its name and place, or delete it.");
            findings.push(Finding::error(path, 1, "stray-file", wrong, fix));
        }
    }
}

fn departments(report: &mut Report<'_, '_>) {
    let list: Vec<Department> = match report.source.read() {
        Ok(list) => list,
        Err(_) => return,
    };
    for (id, index) in repeated(list.iter().enumerate().map(|(index, d)| (d.id.as_str(), index))) {
        let wrong = say(format!("部门编号“{id}”重复。"), format!("The department “{id}” stands twice."));
        report.error(&format!("/{index}/id"), "department", wrong, say("请换一个编号。", "Give it another id."));
    }
    for (index, department) in list.iter().enumerate() {
        if let Err(error) = uscc::parse(&department.uscc) {
            let fix = say("请改正代码。", "Correct the code.");
            report.error(&format!("/{index}/uscc"), "department", error.explain(), fix);
        }
        let phones = [&department.phone, &department.supervise_phone];
        report.require(
            phones.iter().all(|phone| has_area_code(phone)) && department.phone != department.supervise_phone,
            &format!("/{index}/phone"),
            "department",
            say("部门电话没有区号，或咨询与监督电话相同。", "Telephones lack the area code or are the same."),
            say("请写成“区号-号码”的两个不同号码。", "Give two different numbers with area code."),
        );
    }
}

fn surface(id: &str, licence_type: &LicenceType, catalogue: &Catalogue, report: &mut Report<'_, '_>) {
    report.require(
        licence_type.id == id,
        "/id",
        "licence-type",
        say(format!("id 与文件名“{id}”不同。"), format!("The id differs from the file name “{id}”.")),
        say("请使两者相同。", "Make them the same."),
    );
    let (body, digits) = licence_type.code.split_at_checked(18).unwrap_or(("", ""));
    let digits = digits.len() == 3 && digits.bytes().all(|byte| byte.is_ascii_digit());
    report.require(
        uscc::parse(body).is_ok() && digits,
        "/code",
        "licence-type",
        say(
            "证照类型代码应为 18 位统一社会信用代码加 3 位数字。",
            "The code is a credit code of 18 characters and three digits.",
        ),
        say("请改正代码。", "Correct the code."),
    );
    let rest = licence_type.number_pattern.replace("{year}", "").replace("{seq}", "");
    report.require(
        licence_type.number_pattern.contains("{seq}") && !rest.contains(['{', '}']),
        "/number_pattern",
        "licence-type",
        say("证号须含 {seq}，占位只能用 {year} 和 {seq}。", "The number needs {seq}; only {year} and {seq} are known."),
        say("请改正，例如 鲁卫公证字〔{year}〕第{seq}号。", "Correct it, e.g. 鲁卫公证字〔{year}〕第{seq}号."),
    );
    report.require(
        !licence_type.surface.is_empty(),
        "/surface",
        "licence-type",
        say("证面没有内容。", "The face of the licence is empty."),
        say("请写出证面各项。", "List its lines."),
    );
    for (key, index) in repeated(licence_type.surface.iter().enumerate().map(|(i, line)| (line.key.as_str(), i))) {
        let wrong = say(format!("证面键“{key}”重复。"), format!("The key “{key}” stands twice."));
        report.error(&format!("/surface/{index}"), "licence-type", wrong, say("请改名。", "Rename it."));
    }
    disclosure(licence_type, report);
    let issuers = catalogue.matters.values();
    for bundle in issuers.filter(|bundle| bundle.matter.outcome.licence_type.as_deref() == Some(id)) {
        filled(licence_type, bundle, report);
    }
}

/// Each line says who may read it, and none that is about a person is open to everybody.
fn disclosure(licence_type: &LicenceType, report: &mut Report<'_, '_>) {
    for (index, line) in licence_type.surface.iter().enumerate() {
        let pointer = format!("/surface/{index}");
        report.require(
            report.source.keys(&pointer).iter().any(|key| key == "shown"),
            &pointer,
            "surface-shown",
            say(
                format!("证面“{}”没有说明公开页显示多少。", line.key),
                format!("“{}” does not say what the public page shows of it.", line.key),
            ),
            say(
                "请加上 shown：public、holder、name、code 或 private。",
                "Add shown: public, holder, name, code or private.",
            ),
        );
        let personal = match &line.from {
            Ref::Applicant(_) | Ref::Agent(_) => true,
            Ref::Register { register, path } => register == "person" || path.contains("representative"),
            _ => false,
        };
        report.require(
            !(personal && line.shown == Disclosure::Public),
            &format!("{pointer}/shown"),
            "surface-shown",
            say(
                format!("证面“{}”取自个人信息，不能对所有人公开。", line.key),
                format!("“{}” comes from personal data and cannot be open to everybody.", line.key),
            ),
            say("请改为 holder、name、code 或 private。", "Use holder, name, code or private."),
        );
    }
}

/// Every line of the face can be filled for each matter that issues it and each kind of applicant.
fn filled(licence_type: &LicenceType, bundle: &MatterBundle, report: &mut Report<'_, '_>) {
    let slug = &bundle.matter.slug;
    for (index, line) in licence_type.surface.iter().enumerate() {
        let pointer = format!("/surface/{index}/from");
        match &line.from {
            Ref::Form(field) => report.require(
                bundle.form.field(field).is_some(),
                &pointer,
                "surface-field",
                say(
                    format!("事项 {slug} 的表单没有“{field}”。"),
                    format!("The form of {slug} does not ask “{field}”."),
                ),
                say("请改正引用，或在表单中加入该字段。", "Correct the reference or add the field."),
            ),
            reference @ Ref::Register { .. } => {
                for kind in &bundle.matter.applicants {
                    known(reference, *kind, slug, &pointer, report);
                }
            }
            _ => {}
        }
    }
}

fn known(reference: &Ref, kind: ApplicantKind, slug: &str, pointer: &str, report: &mut Report<'_, '_>) {
    let context: RefContext = trial::context(kind);
    report.require(
        reference.resolve(&context).is_some(),
        pointer,
        "surface-field",
        say(
            format!("事项 {slug} 的{}申请时，“{reference}”没有值。", trial::kind_zh(kind)),
            format!("“{reference}” is unknown when {} applies for {slug}.", trial::kind_en(kind)),
        ),
        say("请改用表单字段（form.…）或 applicant.…。", "Use a field of the form (form.…) or applicant.…."),
    );
}

/// Names in `matter.json` of things defined elsewhere.
pub(super) fn names(catalogue: &Catalogue, matter: &Matter, report: &mut Report<'_, '_>) {
    report.require(
        catalogue.departments.contains_key(&matter.department),
        "/department",
        "unknown-department",
        say(format!("没有部门“{}”。", matter.department), format!("There is no department “{}”.", matter.department)),
        say("请在 departments.json 中建立或改正编号。", "Add it to departments.json or correct the id."),
    );
    let outcome = matter.outcome.licence_type.iter().map(|id| ("/outcome/licence_type".to_owned(), id));
    let materials = matter.materials.iter().enumerate();
    let waivers = materials.filter_map(|(i, m)| Some((format!("/materials/{i}/waived_by"), m.waived_by.as_ref()?)));
    for (pointer, id) in outcome.chain(waivers).filter(|(_, id)| !catalogue.licence_types.contains_key(*id)) {
        report.error(
            &pointer,
            "unknown-licence-type",
            say(format!("没有证照类型“{id}”。"), format!("There is no licence type “{id}”.")),
            say("请在 licence-types 中建立或改正编号。", "Add it to licence-types or correct the id."),
        );
    }
}

fn duplicate_codes(files: &Files, catalogue: &Catalogue, findings: &mut Vec<Finding>) {
    let mut duplicates = Vec::new();
    let matters = catalogue.matters.iter().map(|(slug, bundle)| (bundle.matter.basic_code.as_str(), slug));
    for (code, slug) in repeated(matters) {
        duplicates.push((format!("matters/{slug}/matter.json"), "/basic_code", code));
    }
    let slugs = catalogue.matters.iter().map(|(folder, bundle)| (bundle.matter.slug.as_str(), folder));
    for (slug, folder) in repeated(slugs) {
        duplicates.push((format!("matters/{folder}/matter.json"), "/slug", slug));
    }
    let types = catalogue.licence_types.iter().map(|(id, licence_type)| (licence_type.code.as_str(), id));
    for (code, id) in repeated(types) {
        duplicates.push((format!("licence-types/{id}.json"), "/code", code));
    }
    for (path, pointer, code) in duplicates {
        let line = files.get(&path).and_then(|text| Source::parse(&path, text).ok()).map_or(1, |s| s.line(pointer));
        let wrong = say(format!("“{code}”已被另一个文件使用。"), format!("“{code}” is already used by another file."));
        let fix = say("请改用唯一的编码。", "Use one of its own.");
        findings.push(Finding::error(&path, line, "duplicate-code", wrong, fix));
    }
}

/// Everything that the search reads of the matters, lower case. A matter that cannot be loaded counts as well.
fn words(files: &Files) -> BTreeSet<String> {
    let mut words = BTreeSet::new();
    for text in files.iter().filter(|(path, _)| path.ends_with("/matter.json")).map(|(_, text)| text) {
        let Ok(matter) = serde_json::from_str::<Value>(text) else { continue };
        for pointer in ["/name", "/summary", "/keywords"] {
            let value = matter.pointer(pointer).unwrap_or(&Value::Null);
            refs::walk(value, &mut String::new(), &mut |_, text| words.extend([text.to_lowercase()]));
        }
    }
    words
}

/// A synonym that leads to no word of any matter helps nobody.
fn synonyms(files: &Files, findings: &mut Vec<Finding>) {
    let Some((file, text)) = files.get_key_value("synonyms.json") else { return };
    let Ok(source) = Source::parse(file, text) else { return };
    let words = words(files);
    let entries = source.value.as_object();
    for (word, targets) in entries.into_iter().flatten() {
        let targets: Vec<&str> = targets.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let lead = |target: &&str| words.iter().any(|text| text.contains(&target.to_lowercase()));
        if targets.is_empty() || !targets.iter().all(lead) {
            let pointer = format!("/{}", crate::catalog::source::token(word));
            let wrong = say(
                format!("“{word}”的同义词在任何事项中都没有出现。"),
                format!("A synonym of “{word}” occurs in no matter."),
            );
            let fix = say("请改为事项名称或关键词中的词。", "Use words of the names or keywords of matters.");
            findings.push(source.error(&pointer, "synonym", wrong, fix).warning());
        }
    }
}
