//! The elements of one matter by themselves: codes, dates, materials, pledge, automation.

use super::{Report, lists, repeated, say};
use crate::catalog::form::{Form, unknown_value};
use crate::catalog::matter::{Material, Matter, Necessity, SpecialKind, When};
use crate::codes::impl_code;
use crate::law::{Basis, Confidence};
use crate::registry;
use crate::text::Text;
use crate::time::Period;

pub(super) fn check(slug: &str, matter: &Matter, report: &mut Report<'_, '_>) {
    names(slug, matter, report);
    codes(matter, report);
    dates(matter, report);
    basis(matter, report);
    for (index, material) in matter.materials.iter().enumerate() {
        materials(index, material, report);
    }
    for (slot, pointer) in repeated(matter.materials.iter().enumerate().map(|(i, m)| (m.slot.as_str(), i))) {
        report.error(
            &format!("/materials/{pointer}/slot"),
            "material-slot",
            say(format!("材料编号“{slot}”重复。"), format!("The slot “{slot}” is used twice.")),
            say("请换一个编号。", "Give it another name."),
        );
    }
    pledge(matter, report);
    automation(matter, report);
}

fn names(slug: &str, matter: &Matter, report: &mut Report<'_, '_>) {
    let ascii = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let well_formed = !slug.is_empty() && slug.chars().all(ascii) && !slug.starts_with('-') && slug.len() <= 60;
    report.require(
        well_formed && matter.slug == slug,
        "/slug",
        "slug-folder",
        say(
            format!("slug“{}”与文件夹“{slug}”不同，或不是小写字母、数字和连字符。", matter.slug),
            format!(
                "The slug “{}” differs from the folder “{slug}” or is not lower-case ASCII with hyphens.",
                matter.slug
            ),
        ),
        say("请使两者相同。", "Make them the same."),
    );
    let chinese = |word: &String| word.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
    let english = |word: &String| word.chars().any(|c| c.is_ascii_alphabetic());
    let blank = matter.keywords.iter().any(|word| word.trim().is_empty());
    report.require(
        !blank && matter.keywords.iter().any(chinese) && matter.keywords.iter().any(english),
        "/keywords",
        "keywords",
        say("关键词为空，或缺少中文、英文中的一种。", "Keywords are empty or lack Chinese or English words."),
        say("请写群众常用的说法，例如 开饭店、餐馆、restaurant。", "Write what people say: 开饭店, 餐馆, restaurant."),
    );
    report.require(
        !matter.conditions.is_empty() && !matter.applicants.is_empty() && !matter.channels.is_empty(),
        "",
        "missing-element",
        say("缺少受理条件、服务对象或办理形式。", "Conditions, applicants or channels are missing."),
        say("请补齐。", "Add them."),
    );
}

fn codes(matter: &Matter, report: &mut Report<'_, '_>) {
    if let Err(error) = impl_code::parse_basic(&matter.basic_code) {
        report.error("/basic_code", "basic-code", error.explain(), say("基本编码为 12 位。", "It has 12 digits."));
    } else if matter.basic_code.get(2..4) != Some(matter.task_type.as_str()) {
        report.error(
            "/basic_code",
            "basic-code",
            say("基本编码第 3、4 位与事项类型不同。", "Digits 3 and 4 of the basic code are not the task type."),
            say("请改正其中之一。", "Correct one of them."),
        );
    }
    let in_list = |list: &[&str], value: &str| list.contains(&value);
    for (fits, pointer, zh, en) in [
        (in_list(lists::TASK_TYPES, &matter.task_type), "/task_type", "事项类型", "task type"),
        (in_list(lists::POWER_SOURCES, &matter.power_source), "/power_source", "权力来源", "source of power"),
        ((1..=7).contains(&matter.level), "/level", "行使层级", "level"),
        ((1..=8).contains(&matter.online_depth), "/online_depth", "网办深度", "online depth"),
        ((1..=6).contains(&matter.handle_area), "/handle_area", "通办范围", "area"),
    ] {
        report.require(
            fits,
            pointer,
            "code-list",
            say(format!("{zh}不在代码表中。"), format!("The {en} is not in its code list.")),
            say("请对照代码表改正。", "Correct it after the code list."),
        );
    }
}

fn dates(matter: &Matter, report: &mut Report<'_, '_>) {
    let effective = &matter.effective;
    report.require(
        effective.to.is_none_or(|to| effective.from <= to),
        "/effective",
        "effective",
        say("取消日期早于生效日期。", "The last day lies before the first."),
        say("请改正日期。", "Correct the dates."),
    );
    period("/promised", &matter.promised, matter, report);
    if let Some(statutory) = &matter.statutory {
        period("/statutory", statutory, matter, report);
        report.require(
            statutory.number > 0,
            "/statutory/number",
            "period",
            say("法定办结时限为 0。", "The statutory period is 0."),
            say("法律要求当场办结的，请删去 statutory。", "Delete statutory when the law wants it done at once."),
        );
    }
    if let Some(extension) = &matter.extension {
        period("/extension", extension, matter, report);
        report.require(
            extension.number > 0 && matter.statutory.as_ref().is_some_and(|limit| limit.unit == extension.unit),
            "/extension",
            "period",
            say(
                "延长期限为 0，或与法定办结时限的单位不同。",
                "The extension is 0, or not in the unit of the statutory period.",
            ),
            say(
                "请写明法律规定的延长期限；没有规定的，请删去。",
                "Write what the law says; delete it where the law knows none.",
            ),
        );
    }
    if let Some(pledge) = &matter.pledge {
        period("/pledge/check", &pledge.check, matter, report);
    }
    if let Some(automation) = &matter.automation {
        period("/automation/check", &automation.check, matter, report);
    }
}

/// A period names its source and applies when the matter takes effect.
fn period(pointer: &str, period: &Period, matter: &Matter, report: &mut Report<'_, '_>) {
    report.require(
        !period.source.trim().is_empty(),
        pointer,
        "period",
        say("时限没有写明来源。", "The period names no source."),
        say("请写明法律条款或承诺文件。", "Name the article or the document that promises it."),
    );
    let from = matter.effective.from;
    report.require(
        period.valid_from <= from && period.valid_to.is_none_or(|to| from <= to),
        pointer,
        "effective",
        say("时限在事项生效之日不适用。", "The period does not apply on the first day of the matter."),
        say("请核对 valid_from、valid_to 和 effective.from。", "Check valid_from, valid_to and effective.from."),
    );
}

fn basis(matter: &Matter, report: &mut Report<'_, '_>) {
    report.require(
        !matter.basis.is_empty(),
        "/basis",
        "basis",
        say("没有设定依据。", "No legal basis is given."),
        say("请写明法律、条款和确认程度（V、K、L）。", "Name the law, the article and how sure it is (V, K, L)."),
    );
    let fee = matter.fee.iter().map(|fee| ("/fee/source".to_owned(), &fee.source));
    let pledge = matter.pledge.iter().map(|pledge| ("/pledge/source".to_owned(), &pledge.source));
    let special = matter.special_procedures.iter().enumerate();
    let special = special.map(|(index, special)| (format!("/special_procedures/{index}/source"), &special.source));
    let own = matter.basis.iter().enumerate().map(|(index, basis)| (format!("/basis/{index}"), basis));
    for (pointer, basis) in own.chain(special).chain(fee).chain(pledge) {
        cited(&pointer, basis, report);
    }
}

fn cited(pointer: &str, basis: &Basis, report: &mut Report<'_, '_>) {
    report.require(
        !basis.law.trim().is_empty() && (basis.basis == Confidence::K || !basis.article.trim().is_empty()),
        pointer,
        "basis",
        say("依据没有写明名称或条款。", "The basis lacks the name of the law or the article."),
        say("请补上；只有标为 K 的可以暂缺条款。", "Add it; only with confidence K may the article be missing."),
    );
    report.require(
        !basis.law.starts_with('《'),
        pointer,
        "basis",
        say("依据名称带有书名号。", "The name of the law carries book-title marks."),
        say("请去掉《》，页面会自动加上。", "Delete 《》; pages add them."),
    );
}

fn materials(index: usize, material: &Material, report: &mut Report<'_, '_>) {
    let pointer = format!("/materials/{index}");
    let name = &material.name;
    report.require(
        !material.basis.law.trim().is_empty() && !material.basis.article.trim().is_empty(),
        &format!("{pointer}/basis"),
        "material-article",
        say(
            format!("材料“{}”没有写明要求依据的条款。", name.zh),
            format!("The material “{}” names no article.", name.en),
        ),
        say(
            "请补上条款；没有依据的材料不得索要（行政许可法第三十一条）。",
            "Add it; what no article asks for may not be asked for (AL 31).",
        ),
    );
    cited(&format!("{pointer}/basis"), &material.basis, report);
    report.require(
        (material.necessity == Necessity::Conditional) == material.when.is_some(),
        &pointer,
        "material-when",
        say(
            format!("材料“{}”的必要性与 when 不符。", name.zh),
            format!("Necessity and when of “{}” disagree.", name.en),
        ),
        say("conditional 必须有 when，其他不得有。", "Only and always a conditional material has a when."),
    );
    let ascii = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    report.require(
        !material.slot.is_empty() && material.slot.chars().all(ascii) && material.slot.len() <= 60,
        &format!("{pointer}/slot"),
        "material-slot",
        say(
            format!("材料编号“{}”不是小写字母、数字和连字符。", material.slot),
            format!("The slot “{}” is not lower-case ASCII with hyphens.", material.slot),
        ),
        say("请改名，例如 floor-plan。", "Rename it, e.g. floor-plan."),
    );
    for format in material.formats.iter().filter(|format| !lists::FORMATS.contains(&format.as_str())) {
        report.error(
            &format!("{pointer}/formats"),
            "material-format",
            say(format!("不支持文件类型“{format}”。"), format!("The file type “{format}” is not supported.")),
            say("可用 pdf、jpg、png；留空表示都可以。", "Use pdf, jpg, png; empty means all of them."),
        );
    }
    if let Some(register) = material.shared_from.as_deref().filter(|name| registry::register(name).is_none()) {
        report.error(
            &format!("{pointer}/shared_from"),
            "unknown-register",
            say(format!("没有“{register}”这个数据源。"), format!("There is no register “{register}”.")),
            say("请改正名称。", "Correct the name."),
        );
    }
}

fn pledge(matter: &Matter, report: &mut Report<'_, '_>) {
    if let Some(pledge) = &matter.pledge {
        report.require(
            !pledge.notice.is_empty() && !pledge.promise.is_empty() && !pledge.version.trim().is_empty(),
            "/pledge",
            "pledge",
            say("告知承诺缺少告知内容、承诺内容或版本号。", "The pledge lacks its notice, its promise or its version."),
            say("请补齐。", "Add them."),
        );
        return;
    }
    for (index, material) in matter.materials.iter().enumerate().filter(|(_, material)| material.pledgeable) {
        report.error(
            &format!("/materials/{index}/pledgeable"),
            "pledge",
            say(
                format!("材料“{}”可告知承诺，但事项没有告知承诺。", material.name.zh),
                format!("“{}” may be replaced by a pledge, but the matter has none.", material.name.en),
            ),
            say("请补上 pledge，或改为 false。", "Add pledge or make it false."),
        );
    }
}

/// What an inspection, a public notice or experts must settle, no table can settle.
fn automation(matter: &Matter, report: &mut Report<'_, '_>) {
    let Some(automation) = &matter.automation else { return };
    report.require(
        (1..=100).contains(&automation.check_percent),
        "/automation/check_percent",
        "automation",
        say("事后抽查比例须为 1 至 100。", "The share checked afterwards must be 1 to 100."),
        say("请改正。", "Correct it."),
    );
    let by_people = [SpecialKind::Inspection, SpecialKind::Publicity, SpecialKind::ExpertReview];
    let person = matter.special_procedures.iter().any(|special| by_people.contains(&special.kind));
    report.require(
        !person,
        "/automation",
        "automation-procedure",
        say(
            "有现场核查、公示或专家评审的事项一律由工作人员决定，不得自动审批。",
            "A matter with inspection, public notice or expert review always goes to people.",
        ),
        say("请删去 automation 和 rules。", "Delete automation and rules."),
    );
}

/// Conditions of materials point at fields and values of the form.
pub(super) fn conditions(matter: &Matter, form: &Form, report: &mut Report<'_, '_>) {
    let conditional = matter.materials.iter().enumerate();
    for (index, when) in conditional.filter_map(|(index, material)| Some((index, material.when.as_ref()?))) {
        if let Some(wrong) = condition(form, when) {
            let fix = say("请改为表单中的字段和取值。", "Name a field of the form and its values.");
            report.error(&format!("/materials/{index}/when"), "unknown-field", wrong, fix);
        }
    }
}

fn condition(form: &Form, when: &When) -> Option<Text> {
    match form.field(&when.field) {
        None => Some(say(
            format!("条件中的字段“{}”不在表单中。", when.field),
            format!("The condition names “{}”, which the form does not ask.", when.field),
        )),
        Some(field) => unknown_value(field, when),
    }
}
