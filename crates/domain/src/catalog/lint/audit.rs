//! The eleven checks that audits of real catalogues use (DATA_MODEL §5), in their order.

use super::{Report, has_area_code, lists, say};
use crate::catalog::matter::{ApplicantKind, Channel, Matter, OutcomeKind, ProjectType, StepKind};
use crate::registry::register;
use crate::time::{Period, Unit};

pub(super) fn check(matter: &Matter, report: &mut Report<'_, '_>) {
    instant(matter, report);
    promise(matter, report);
    outcome(matter, report);
    visits(matter, report);
    online(matter, report);
    fee(matter, report);
    contact(matter, report);
    topics(matter, report);
    licence_matter(matter, report);
    result_sample(matter, report);
}

/// 1: 即办件 if and only if the promise is zero.
fn instant(matter: &Matter, report: &mut Report<'_, '_>) {
    let fits = (matter.project_type == ProjectType::Instant) == (matter.promised.number == 0);
    let wrong = say(
        format!("办件类型与承诺时限（{}）不符。", matter.promised.number),
        format!("The kind of matter and the promise ({}) disagree.", matter.promised.number),
    );
    let fix =
        say("即办件的承诺时限为 0，承诺件大于 0。", "An instant matter promises 0, a promise matter more than 0.");
    report.require(fits, "/promised/number", "instant-promise", wrong, fix);
}

/// 2: the promise is not longer than the law allows. In different units only what is certainly longer is reported.
fn promise(matter: &Matter, report: &mut Report<'_, '_>) {
    let Some(statutory) = &matter.statutory else { return };
    let fits = match longest_days(statutory) {
        _ if statutory.unit == matter.promised.unit => matter.promised.number <= statutory.number,
        Some(most) => shortest_days(&matter.promised) <= most,
        None => true,
    };
    let wrong = say("承诺办结时限长于法定办结时限。", "The promised period is longer than the statutory one.");
    let fix = say("请缩短承诺时限，或核对法定时限。", "Shorten the promise or check the statutory period.");
    report.require(fits, "/promised", "promise-statutory", wrong, fix);
}

/// Calendar days of a period at most; unknown for working days, which holidays stretch.
fn longest_days(period: &Period) -> Option<u32> {
    match period.unit {
        Unit::WorkingDay => None,
        Unit::CalendarDay => Some(period.number),
        Unit::Month => Some(period.number.saturating_mul(31)),
        Unit::Hour => Some(period.number.div_ceil(24)),
    }
}

/// Calendar days of a period at least.
fn shortest_days(period: &Period) -> u32 {
    match period.unit {
        Unit::WorkingDay | Unit::CalendarDay => period.number,
        Unit::Month => period.number.saturating_mul(28),
        Unit::Hour => period.number / 24,
    }
}

/// 3: a result named …证 is a licence, one named …批复 an approval document.
fn outcome(matter: &Matter, report: &mut Report<'_, '_>) {
    let name = matter.outcome.name.zh.as_str();
    // 凭证 (a receipt of filing) and 证明 only look like 证.
    let licence = name.ends_with("执照") || name.ends_with("证书") || (name.ends_with('证') && !name.ends_with("凭证"));
    let wanted = match (licence, name.ends_with("批复")) {
        (true, _) => Some((OutcomeKind::Licence, "licence")),
        (_, true) => Some((OutcomeKind::Approval, "approval")),
        _ => None,
    };
    if let Some((kind, word)) = wanted {
        let wrong = say(
            format!("审批结果“{name}”的类型应为 {word}。"),
            format!("The outcome “{name}” should be of kind {word}."),
        );
        let fix = say("请改正 outcome.kind 或名称。", "Correct outcome.kind or the name.");
        report.require(matter.outcome.kind == kind, "/outcome/kind", "outcome-kind", wrong, fix);
    }
}

/// 4: a visit needs a reason, and only a visit has one.
fn visits(matter: &Matter, report: &mut Report<'_, '_>) {
    match (matter.visits.count > 0, matter.visits.reason.is_some()) {
        (true, false) => report.error(
            "/visits",
            "visit-reason",
            say("须到现场却没有写明原因。", "The applicant must appear, but no reason is given."),
            say(
                "请在 visits.reason 写明必须现场办理的原因，或将次数改为 0。",
                "Give visits.reason or make the count 0.",
            ),
        ),
        (false, true) => report.error(
            "/visits/reason",
            "visit-reason",
            say("不用到现场却写了现场办理原因。", "There is a reason for visits, but none is needed."),
            say("请删去 visits.reason。", "Delete visits.reason."),
        ),
        _ => {}
    }
}

/// 5 and 6: no visit without an online way needs mail; fully online means no visit; the channels bear the depth out.
fn online(matter: &Matter, report: &mut Report<'_, '_>) {
    let online = matter.channels.contains(&Channel::Web) || matter.channels.contains(&Channel::Mobile);
    let reachable = matter.visits.count > 0 || online || matter.channels.contains(&Channel::Mail);
    report.require(
        reachable,
        "/channels",
        "mail-intake",
        say(
            "到现场次数为 0，又不能网办，却不收快递申请。",
            "No visit and no online way, yet applications by mail are not taken.",
        ),
        say("请在 channels 中加入 mail 或网办形式。", "Add mail or an online channel to channels."),
    );
    report.require(
        matter.online_depth < lists::FULL_ONLINE_DEPTH || matter.visits.count == 0,
        "/visits/count",
        "online-visits",
        say("网办深度为全程网办，到现场次数应为 0。", "The matter is done fully online, so no visit may be needed."),
        say("请将到现场次数改为 0，或降低 online_depth。", "Make visits.count 0 or lower online_depth."),
    );
    report.require(
        online || matter.online_depth < 2 || matter.online_depth == 8,
        "/online_depth",
        "online-channel",
        say("有网办深度，却没有网办形式。", "There is an online depth but no online channel."),
        say(
            "请在 channels 中加入 web 或 mobile，或改正 online_depth。",
            "Add web or mobile to channels or correct online_depth.",
        ),
    );
}

/// 7 and AL 58: a fee has an item, a standard, a basis and an amount.
fn fee(matter: &Matter, report: &mut Report<'_, '_>) {
    let Some(fee) = &matter.fee else { return };
    report.require(
        !fee.source.law.trim().is_empty() && !fee.source.article.trim().is_empty(),
        "/fee/source",
        "fee",
        say("收费没有写明依据的法律、法规及条款。", "The fee names no law with its article."),
        say(
            "请补上依据；没有依据的不得收费（行政许可法第五十八条）。",
            "Add it; without one no fee may be taken (AL 58).",
        ),
    );
    report.require(
        fee.amount_fen > 0,
        "/fee/amount_fen",
        "fee",
        say("收费金额须大于 0（单位：分）。", "The amount must be above 0 (in fen)."),
        say("请改正金额；不收费的请删去 fee。", "Correct the amount, or delete fee when nothing is paid."),
    );
    let online = matter.channels.contains(&Channel::Web) || matter.channels.contains(&Channel::Mobile);
    report.require(
        fee.online || !online,
        "/fee/online",
        "fee",
        say("可以网上申请却不能网上缴费。", "One can apply online but not pay online."),
        say("请将 fee.online 改为 true。", "Make fee.online true."),
    );
}

/// 8: two different telephones, both with area code.
fn contact(matter: &Matter, report: &mut Report<'_, '_>) {
    let contact = &matter.contact;
    report.require(
        contact.consult != contact.complaint,
        "/contact/complaint",
        "phones",
        say("咨询电话与监督投诉电话相同。", "The telephones for advice and for complaints are the same."),
        say("请写不同的号码。", "Give two different numbers."),
    );
    for (pointer, phone) in [("/contact/consult", &contact.consult), ("/contact/complaint", &contact.complaint)] {
        report.require(
            has_area_code(phone),
            pointer,
            "phones",
            say(format!("电话“{phone}”没有区号或写法不对。"), format!("The telephone “{phone}” lacks its area code.")),
            say("请写成“区号-号码”，例如 0532-55550110。", "Write area code, hyphen, number: 0532-55550110."),
        );
    }
}

/// 9: topics are of the national lists and of the class of those who may apply.
fn topics(matter: &Matter, report: &mut Report<'_, '_>) {
    let person = matter.applicants.contains(&ApplicantKind::Person);
    let corporate = matter.applicants.iter().any(|kind| *kind != ApplicantKind::Person);
    for (index, topic) in matter.topics.iter().enumerate() {
        let topic = topic.as_str();
        let (of_person, of_corporate) =
            (lists::PERSON_TOPICS.contains(&topic), lists::CORPORATE_TOPICS.contains(&topic));
        let wrong = match (of_person, of_corporate) {
            (false, false) => say(
                format!("主题“{topic}”不在国家主题目录中。"),
                format!("“{topic}” is no topic of the national lists."),
            ),
            _ if (of_person && person) || (of_corporate && corporate) => continue,
            _ => say(
                format!("主题“{topic}”与服务对象不符。"),
                format!("The topic “{topic}” does not fit those who may apply."),
            ),
        };
        let fix = say(
            "请改用自然人或法人主题目录中与服务对象相符的主题。",
            "Use a topic for persons or for bodies, as the applicants are.",
        );
        report.error(&format!("/topics/{index}"), "topics", wrong, fix);
    }
    for (needed, list, zh, en) in
        [(person, lists::PERSON_TOPICS, "自然人", "persons"), (corporate, lists::CORPORATE_TOPICS, "法人", "bodies")]
    {
        let found = matter.topics.iter().any(|topic| list.contains(&topic.as_str()));
        report.require(
            !needed || found,
            "/topics",
            "topics",
            say(
                format!("服务对象含{zh}，却没有{zh}主题。"),
                format!("{en} may apply, but no topic for them is given."),
            ),
            say("请补上一个主题。", "Add a topic."),
        );
    }
}

/// 10: a licensing matter answers a question and shows the five standard steps.
fn licence_matter(matter: &Matter, report: &mut Report<'_, '_>) {
    if matter.task_type != "01" {
        return;
    }
    report.require(
        !matter.faq.is_empty(),
        "/faq",
        "licence-faq",
        say("行政许可事项没有常见问题。", "A licensing matter needs an answered question."),
        say("请在 faq 中至少写一问一答。", "Write at least one into faq."),
    );
    let standard = [StepKind::Accept, StepKind::Review, StepKind::Decide, StepKind::Issue, StepKind::Deliver];
    let complete = standard.iter().all(|kind| matter.flow.iter().any(|step| step.step == *kind));
    report.require(
        complete,
        "/flow",
        "licence-steps",
        say("行政许可事项的流程不足五步。", "The procedure of a licensing matter lacks one of its five steps."),
        say("流程须含受理、审核、决定、制证、送达。", "It needs accept, review, decide, issue and deliver."),
    );
}

/// 11: what is issued has its specimen, which here is the licence type with its face.
fn result_sample(matter: &Matter, report: &mut Report<'_, '_>) {
    let issued = matter.outcome.kind != OutcomeKind::None;
    report.require(
        issued == matter.outcome.licence_type.is_some(),
        "/outcome",
        "result-sample",
        say(
            "有审批结果就要有 licence_type（结果样本），无结果则不得有。",
            "An outcome needs its licence_type (the specimen), no outcome has none.",
        ),
        say(
            "请在 catalog/licence-types 中建立并引用，或删去。",
            "Add one to catalog/licence-types and name it, or delete it.",
        ),
    );
    report.require(
        !matter.outcome.amends || (issued && matter.outcome.enters.is_none()),
        "/outcome/amends",
        "result-amended",
        say(
            "变更类事项须换发证照，且不得另作登记。",
            "A matter that changes a licence issues the next one, and enters nothing in a register.",
        ),
        say("请写明 licence_type，或删去 amends。", "Give the licence_type, or delete amends."),
    );
    if let Some(enters) = &matter.outcome.enters {
        report.require(
            issued && register(&enters.register).is_some(),
            "/outcome/enters",
            "result-entry",
            say(
                "登记的库不存在，或者本事项没有审批结果。",
                "There is no such register, or the matter issues nothing that could be entered.",
            ),
            say(
                "请填写 register 的存储名，并写明 licence_type。",
                "Give a register by its stored name, and the licence_type.",
            ),
        );
    }
}
