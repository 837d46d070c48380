//! The sample 新手模板 must be an application that the form takes as it stands.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{Report, repeated, say, trial};
use crate::catalog::finding::Finding;
use crate::catalog::form::Form;
use crate::catalog::load::{Files, MatterBundle, Sample, folders};
use crate::catalog::matter::{Matter, Necessity};
use crate::catalog::refs;
use crate::catalog::source::{Source, token};
use crate::registry;

pub(super) fn check(files: &Files, slug: &str, bundle: &MatterBundle, findings: &mut Vec<Finding>) {
    let slugs = folders(files, "matters/");
    let path = format!("matters/{slug}/sample.json");
    let Some((file, text)) = files.get_key_value(&path) else { return };
    let Ok(source) = Source::parse(file, text) else { return };
    let mut report = Report { source: &source, findings };
    let (matter, sample) = (&bundle.matter, &bundle.sample);
    applicant(matter, sample, &mut report);
    demo_entries(matter, sample, &slugs, &mut report);
    if let Some(form) = answers(sample, &bundle.form, &mut report) {
        materials(matter, sample, &form, &mut report);
    }
    let path = format!("matters/{slug}/form.json");
    let Some((file, text)) = files.get_key_value(&path) else { return };
    if let Ok(source) = Source::parse(file, text) {
        prefills(bundle, &mut Report { source: &source, findings });
    }
}

fn applicant(matter: &Matter, sample: &Sample, report: &mut Report<'_, '_>) {
    report.require(
        matter.applicants.contains(&sample.applicant.kind),
        "/applicant/kind",
        "sample-applicant",
        say("样例申请人不在服务对象之内。", "The applicant of the sample may not apply for this matter."),
        say("请改为 matter.json 的 applicants 之一。", "Use one of the applicants of matter.json."),
    );
    report.require(
        !sample.pledge || matter.pledge.is_some(),
        "/pledge",
        "sample-pledge",
        say("样例选了告知承诺，但事项没有告知承诺。", "The sample takes a pledge, but the matter has none."),
        say("请改为 false。", "Make it false."),
    );
}

/// The entries that a demo city lays into its registers, and the licences it gives beforehand, for this sample.
fn demo_entries(matter: &Matter, sample: &Sample, slugs: &BTreeSet<&str>, report: &mut Report<'_, '_>) {
    let context = trial::of_sample(sample);
    for (place, members) in &sample.registers {
        let known =
            place.split_once('/').is_some_and(|(name, key)| registry::register(name).is_some() && !key.is_empty());
        let filled =
            refs::fill(&Value::from(place.as_str()), &context).is_ok() && refs::fill(members, &context).is_ok();
        report.require(
            known && filled && members.is_object(),
            &format!("/registers/{}", token(place)),
            "sample-register",
            say(
                format!("样例的登记信息“{place}”无法放入登记库。"),
                format!("The entry “{place}” cannot be laid into a register."),
            ),
            say("请写成“登记库/键”: {…}，引用须有值。", "Write \"register/key\": {…} with references that are known."),
        );
    }
    for (index, slug) in sample.holds.iter().enumerate() {
        report.require(
            matter.slug != *slug && slugs.contains(slug.as_str()),
            &format!("/holds/{index}"),
            "sample-holds",
            say(
                format!("样例须先持有的“{slug}”不是其他事项。"),
                format!("“{slug}”, to be held beforehand, is no other matter."),
            ),
            say("请改为另一个事项的 slug。", "Use the slug of another matter."),
        );
    }
}

/// Fills the placeholders for a trial applicant and validates. `None` when a placeholder is wrong.
fn answers(sample: &Sample, form: &Form, report: &mut Report<'_, '_>) -> Option<Value> {
    let context = trial::of_sample(sample);
    let mut sound = true;
    for (pointer, reference) in refs::placeholders(&sample.form) {
        let wrong = match &reference {
            Err(error) => error.text(),
            Ok(reference) if reference.resolve(&context).is_none() => say(
                format!("{}申请时，“{reference}”没有值。", trial::kind_zh(sample.applicant.kind)),
                format!("“{reference}” is unknown when {} applies.", trial::kind_en(sample.applicant.kind)),
            ),
            Ok(_) => continue,
        };
        sound = false;
        let fix = say("请改正引用，或直接写一个样例值。", "Correct the reference or write an example value.");
        report.error(&format!("/form{pointer}"), "sample-ref", wrong, fix);
    }
    let filled = refs::fill(&sample.form, &context).ok().filter(|_| sound)?;
    for error in form.validate(&filled, None) {
        let fix = say("请按表单改正样例。", "Correct the sample after the form.");
        report.error(&format!("/form{}", error.pointer), "sample-form", error.message, fix);
    }
    let kept = form.normalise(&filled);
    for name in filled.as_object().into_iter().flat_map(|object| object.keys()) {
        report.require(
            kept.get(name).is_some() || form.field(name).is_none(),
            &format!("/form/{name}"),
            "sample-form",
            say(
                format!("样例填写了不会显示的“{name}”。"),
                format!("The sample answers “{name}”, which would not be shown."),
            ),
            say("请删去，或改正它所依赖的答案。", "Delete it or correct the answer it depends on."),
        );
    }
    Some(kept)
}

fn materials(matter: &Matter, sample: &Sample, form: &Value, report: &mut Report<'_, '_>) {
    for (index, slot) in sample.materials.iter().enumerate() {
        report.require(
            matter.materials.iter().any(|material| material.slot == *slot),
            &format!("/materials/{index}"),
            "sample-material",
            say(format!("事项没有材料“{slot}”。"), format!("The matter has no material “{slot}”.")),
            say("请改为 matter.json 中的材料编号。", "Use a slot of matter.json."),
        );
    }
    for (slot, index) in repeated(sample.materials.iter().enumerate().map(|(index, slot)| (slot.as_str(), index))) {
        let wrong = say(format!("材料“{slot}”写了两次。"), format!("The material “{slot}” is named twice."));
        let fix = say("请删去一个。", "Delete one.");
        report.error(&format!("/materials/{index}"), "sample-material", wrong, fix);
    }
    for material in &matter.materials {
        let needed = match material.necessity {
            Necessity::Required => true,
            Necessity::Optional => false,
            Necessity::Conditional => material.when.as_ref().is_some_and(|when| when.holds(form)),
        };
        let waived =
            material.waived_by.is_some() || material.shared_from.is_some() || (sample.pledge && material.pledgeable);
        report.require(
            !needed || waived || sample.materials.contains(&material.slot),
            "/materials",
            "sample-material",
            say(
                format!("样例缺少必要材料“{}”（{}）。", material.name.zh, material.slot),
                format!("The sample lacks the required material “{}” ({}).", material.name.en, material.slot),
            ),
            say("请加入 materials。", "Add it to materials."),
        );
    }
}

/// A prefill that no kind of applicant can have is a promise the page never keeps.
fn prefills(bundle: &MatterBundle, report: &mut Report<'_, '_>) {
    let contexts: Vec<_> = bundle.matter.applicants.iter().map(|kind| trial::context(*kind)).collect();
    for field in bundle.form.fields() {
        let Some(reference) = &field.prefill else { continue };
        report.require(
            contexts.iter().any(|context| reference.resolve(context).is_some()),
            &format!("/properties/{}/x-prefill", field.name),
            "prefill",
            say(
                format!("“{}”的预填“{reference}”对任何申请人都没有值。", field.name),
                format!("The prefill “{reference}” of “{}” is unknown for every applicant.", field.name),
            ),
            say("请改正引用或删去 x-prefill。", "Correct the reference or delete x-prefill."),
        );
    }
}
