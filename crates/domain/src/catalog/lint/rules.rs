//! Automation and rule files belong together, and rules speak of fields that the form asks. What the tables themselves
//! say is checked by the `rules` crate.

use serde_json::Value;

use super::{Report, say};
use crate::catalog::load::{Files, MatterBundle};
use crate::catalog::refs::{self, Ref};
use crate::catalog::source::Source;

pub(super) fn check(files: &Files, bundle: &MatterBundle, report: &mut Report<'_, '_>) {
    let matter = &bundle.matter;
    match (matter.automation.is_some(), bundle.rules_files.is_some()) {
        (true, false) => report.error(
            "/automation",
            "automation-rules",
            say("有 automation 却没有完整的 rules 文件夹。", "There is automation but no complete rules folder."),
            say(
                "请补上 rules/schema.json、table.json、tests.json，或删去 automation。",
                "Add the three rule files or delete automation.",
            ),
        ),
        (false, true) => report.error(
            "",
            "automation-rules",
            say("有 rules 文件夹却没有 automation。", "There is a rules folder but no automation."),
            say(
                "请补上 automation（抽查比例和期限），或删去 rules。",
                "Add automation (share and period of checks) or delete rules.",
            ),
        ),
        _ => {}
    }
    let path = format!("matters/{}/rules/schema.json", matter.slug);
    if let Some((file, text)) = files.get_key_value(&path)
        && let Ok(source) = Source::parse(file, text)
    {
        fields(bundle, &mut Report { source: &source, findings: report.findings });
    }
}

fn fields(bundle: &MatterBundle, report: &mut Report<'_, '_>) {
    let mut named: Vec<(String, String)> = Vec::new();
    let list = report.source.value.get("fields").and_then(Value::as_array);
    for (index, field) in list.into_iter().flatten().enumerate() {
        for source in ["request", "claim", "pledge"] {
            let pointer = format!("/fields/{index}/from/{source}/field");
            if let Some(name) = report.source.value.pointer(&pointer).and_then(Value::as_str) {
                named.push((pointer, name.to_owned()));
            }
        }
        refs::walk(field, &mut format!("/fields/{index}"), &mut |pointer, text| {
            if let Ok(Ref::Form(name)) = text.parse::<Ref>() {
                named.push((pointer.to_owned(), name));
            }
        });
        report.require(
            field.pointer("/from/pledge").is_none() || bundle.matter.pledge.is_some(),
            &format!("/fields/{index}/from"),
            "rules-field",
            say("规则引用承诺，但事项没有告知承诺。", "The rules read a pledge, but the matter has none."),
            say("请改正来源，或给事项补上 pledge。", "Correct the source or add pledge to the matter."),
        );
    }
    for (pointer, name) in named {
        report.require(
            bundle.form.field(&name).is_some(),
            &pointer,
            "rules-field",
            say(
                format!("规则引用的“{name}”不在表单中。"),
                format!("The rules read “{name}”, which the form does not ask."),
            ),
            say("请改正字段名。", "Correct the name of the field."),
        );
    }
}
