//! What is told, in words, of each fact that concerns a person.

use domain::accounts::Mandate;
use domain::cases::{DutyKind, Fact, Moved};
use domain::halls::{Appointment, Parcel, Way};
use domain::licences::{Licence, LicenceFact};
use domain::post::{EventKind, MailFact, Mailing};
use domain::text::Text;
use domain::time::{date_words, moment_words};
use jiff::civil::Date;

/// Behind a date that rests on a year whose holidays are not announced yet.
const PROVISIONAL: [&str; 2] =
    ["（暂定，当年放假安排尚未公布）", " (provisional: that year’s holidays are not announced yet)"];

/// Title, text, and whether the person must act.
pub(super) type Words = (Text, Text, bool);

/// What facts of one commit say together: an instant approval is one piece of news, not three.
pub(super) fn of_commit(facts: &[&Fact]) -> Vec<Words> {
    let granted = |fact: &Fact| matches!(fact, Fact::Decided { decision, .. } if decision.granted);
    let decided = facts.iter().any(|fact| matches!(fact, Fact::Decided { .. }));
    let licensed = facts.iter().any(|fact| matches!(fact, Fact::LicenceIssued { .. }));
    let together = licensed && facts.iter().any(|fact| granted(fact));
    let news = facts.iter().copied().filter(|fact| match fact {
        Fact::Accepted { .. } => !decided,
        fact if granted(fact) => !together,
        _ => true,
    });
    news.filter_map(|fact| match fact {
        Fact::LicenceIssued { licence } if together => Some((
            Text::new("已准予，证照已生成", "Granted: your licence is ready"),
            Text::new(
                format!("决定书已盖章，证照编号 {}，都可以随时查看。", licence.number),
                format!("The sealed decision and licence number {} are ready.", licence.number),
            ),
            false,
        )),
        fact => words(fact),
    })
    .collect()
}

/// Whether the holder of a licence hears of this kind of fact: read before the fact itself, whose body is large when it is issued.
pub(super) fn is_news_of_licence(kind: &str) -> bool {
    // That a newer one counts in its place stands in the news of the case that brought it.
    const SILENT: [&str; 3] = ["licence.issued", "licence.superseded", "erased"];
    !SILENT.contains(&kind)
}

/// What the holder of a licence hears of it. That it was issued stands in the news of its case.
pub(super) fn of_licence(fact: &LicenceFact, licence: &Licence) -> Option<Words> {
    let (name, number) = (&licence.name, &licence.number);
    let taken = |title: [&str; 2], reason: &str, then: [String; 2]| {
        let ([zh, en], [then_zh, then_en]) = (title, then);
        (
            Text::new(format!("{}{zh}", name.zh), format!("{}: {en}", name.en)),
            Text::new(
                format!("编号 {number}。{reason} {then_zh}对此决定不服的，可以依法申请行政复议或者提起行政诉讼。"),
                format!(
                    "Number {number}. {reason} {then_en}Whoever disagrees can ask for reconsideration or go to court."
                ),
            ),
            false,
        )
    };
    let nothing = || [String::new(), String::new()];
    match fact {
        LicenceFact::Corrected { reason, .. } => Some(corrected(name, number, reason)),
        LicenceFact::Suspended { reason, until, .. } => {
            Some(taken(["已被暂扣", "suspended"], reason, while_suspended(*until)))
        }
        LicenceFact::Resumed { reason, .. } => Some((
            Text::new(format!("{}已恢复效力", name.zh), format!("{}: in force again", name.en)),
            Text::new(format!("编号 {number}。{reason}"), format!("Number {number}. {reason}")),
            false,
        )),
        LicenceFact::Revoked { reason, .. } => Some(taken(["已被撤销", "revoked"], reason, nothing())),
        LicenceFact::Cancelled { reason, .. } => Some(taken(["已注销", "cancelled"], reason, nothing())),
        LicenceFact::DeemedRenewed { deemed } => {
            let until = date_words(deemed.until);
            Some((
                Text::new(format!("{}视为准予延续", name.zh), format!("{}: deemed renewed", name.en)),
                Text::new(
                    format!("编号 {number}。{} 在作出决定以前继续有效，最迟至{}。", deemed.reason, until.zh),
                    format!(
                        "Number {number}. {} It counts on until the decision, at most through {}.",
                        deemed.reason, until.en
                    ),
                ),
                false,
            ))
        }
        LicenceFact::RenewalLost { reason, .. } => Some(taken(["没有获得延续", "not renewed"], reason, nothing())),
        LicenceFact::Expired { last, reason, .. } => Some(expired(name, number, reason, *last)),
        LicenceFact::Reminded { days } => {
            let last = date_words(licence.last_day()?);
            Some((
                Text::new(format!("{}还有 {days} 天到期", name.zh), format!("{}: {days} days left", name.en)),
                Text::new(
                    format!(
                        "编号 {number}，有效期至{}。需要继续的，请在到期前申请延续（《行政许可法》第五十条）。",
                        last.zh
                    ),
                    format!(
                        "Number {number}, valid until {}. To go on, apply for renewal before it expires (Administrative \
                         Licensing Law, article 50).",
                        last.en
                    ),
                ),
                true,
            ))
        }
        LicenceFact::Issued { .. } | LicenceFact::Superseded { .. } | LicenceFact::Erased => None,
    }
}

/// What a holder hears of a licence that has run out: what no longer counts, and how to get it again.
fn expired(name: &Text, number: &str, reason: &str, last: Date) -> Words {
    let last = date_words(last).en;
    (
        Text::new(format!("{}已到期", name.zh), format!("{}: expired", name.en)),
        Text::new(
            format!(
                "编号 {number}。{reason}证照自次日起不再有效，发证机关将依法办理注销。需要继续从事有关活动的，请先重新申请并取得证照。"
            ),
            format!(
                "Number {number}. {reason} It was valid through {last} and was not renewed, so the authority is to cancel it \
                 (Administrative Licensing Law, article 70). To go on, apply anew and wait for the new licence."
            ),
        ),
        true,
    )
}

/// Who hears of a step of a mandate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Whom {
    /// The clerk.
    Clerk,
    /// The legal representative.
    Principal,
    /// Both.
    Both,
}

/// What is told of a mandate, and to whom. The clerk's name stands on the page that the message leads to, not in the message: it
/// would stay there when the clerk is erased.
pub(super) fn of_mandate(kind: &str, own: &Mandate) -> Option<(Whom, Text, Text, bool)> {
    let body = &own.principal.name;
    let (first, last) = (date_words(own.first), date_words(own.last));
    let told = |whom, title: [&str; 2], zh: String, en: String, act| {
        Some((whom, Text::new(title[0], title[1]), Text::new(zh, en), act))
    };
    match kind {
        "mandate.granted" => told(
            Whom::Clerk,
            ["有单位授权您为经办人", "You are asked to act as clerk"],
            format!("{body} 授权您以经办人身份办事，期限{}至{}。接受后才生效。", first.zh, last.zh),
            format!("{body} lets you act for it from {} to {}. It counts once you have accepted.", first.en, last.en),
            true,
        ),
        "mandate.accepted" => told(
            Whom::Principal,
            ["经办人已接受授权", "Your clerk has accepted"],
            format!("{body} 的经办人已接受授权，至{}止。", last.zh),
            format!("The clerk of {body} has accepted, until {}.", last.en),
            false,
        ),
        "mandate.revoked" => told(
            Whom::Clerk,
            ["经办人授权已被撤回", "Your mandate was taken back"],
            format!("{body} 已撤回对您的授权，您不能再以其经办人身份办事。"),
            format!("{body} has taken back its mandate: you act for it no longer."),
            false,
        ),
        "mandate.resigned" => told(
            Whom::Principal,
            ["经办人已辞去授权", "Your clerk has given up the mandate"],
            format!("{body} 的一名经办人已辞去授权。"),
            format!("A clerk of {body} does not act for it any more."),
            false,
        ),
        "mandate.ended" => told(
            Whom::Both,
            ["经办人授权已到期", "A mandate has run out"],
            format!("{body} 的一份经办人授权已于{}到期。需要继续的，请法定代表人重新授权。", last.zh),
            format!("A mandate of {body} ended on {}. To go on, it is to be granted anew.", last.en),
            false,
        ),
        _ => None,
    }
}

/// What the citizen of a parcel hears of it. No code stands in a message: it is made on the page, when it is wanted.
pub(super) fn of_parcel(kind: &str, own: &Parcel, place: &Text) -> Option<Words> {
    let (case, cell, Text { zh, en }) = (&own.case, own.cell, place);
    let ([title, title_en], text, text_en, act) = match (kind, own.way) {
        ("parcel.stored", Way::Out) => (
            ["办件结果已放入文件柜", "Your result is in a locker"],
            format!("办件 {case} 的结果在{zh}，24 小时可取。请在“我的存取件”生成取件码，也可委托他人代取。"),
            format!("The result of {case} is in {en}, day and night. Make a code on the page “My locker”."),
            true,
        ),
        ("parcel.reminded", Way::Out) => (
            ["请尽快取件", "Please collect your result"],
            format!("办件 {case} 的结果还在{zh}，到期后将由工作人员取回窗口。"),
            format!("The result of {case} is still in {en}; the staff will take it back."),
            true,
        ),
        ("parcel.became-overdue", Way::Out) => (
            ["存放已到期", "Your result has lain there too long"],
            format!("办件 {case} 的结果在{zh}已到期，工作人员取回以前仍可取件，之后请到窗口领取。"),
            format!("You can still take the result of {case} from {en}, until the staff take it back."),
            true,
        ),
        ("parcel.cleared", Way::Out) => (
            ["结果已取回窗口", "Your result waits at the window"],
            format!("办件 {case} 的结果已由工作人员从{zh}取回，请到窗口领取。"),
            format!("The staff have taken the result of {case} out of {en}. Collect it at the window."),
            true,
        ),
        ("parcel.taken", Way::Out) => (
            ["结果已取走", "Your result was taken"],
            format!("办件 {case} 的结果已从{zh} {cell} 号柜格取走。不是您或您委托的人，请立即致电 12345。"),
            format!("The result of {case} left cell {cell}, {en}. If it was neither you nor your proxy, call 12345."),
            false,
        ),
        ("parcel.taken", Way::In) => (
            ["原件已收到", "Your originals have arrived"],
            format!("您为办件 {case} 存入{zh}的原件已由工作人员取出。"),
            format!("The staff have taken your originals for {case} out of {en}."),
            false,
        ),
        _ => return None,
    };
    Some((Text::new(title, title_en), Text::new(text, text_en), act))
}

/// What is told of a postal item.
pub(super) fn of_mailing(fact: &MailFact, own: &Mailing) -> Option<Words> {
    let (case, number) = (&own.case, own.number.as_deref().unwrap_or_default());
    let ([title, title_en], text, text_en, act) = match fact {
        MailFact::HandedOver { .. } => (
            ["办件结果已寄出", "Your result is on its way"],
            format!("办件 {case} 的结果已交寄，单号 {number}。"),
            format!("The result of {case} was handed to the carrier under {number}."),
            false,
        ),
        MailFact::Reported { event } if event.kind == EventKind::Delivered => (
            ["办件结果已签收", "Your result was delivered"],
            format!("办件 {case} 的结果已签收。不是您或您委托的人签收的，请立即致电 12345。"),
            format!("The result of {case} was delivered. If neither you nor your proxy took it, call 12345."),
            false,
        ),
        MailFact::Reported { event } if event.kind == EventKind::Returned => (
            ["邮件被退回，请选择再寄或领取", "Your result came back: choose what to do"],
            format!("办件 {case} 的结果被退回，保存在窗口。请核对地址再寄一次，或到窗口领取。"),
            format!("The result of {case} came back and waits at the window. Have it sent once more, or collect it."),
            true,
        ),
        MailFact::Received { .. } => (
            ["寄来的原件已收到", "Your originals have arrived"],
            format!("您为办件 {case} 寄来的原件（单号 {number}）窗口已收到。"),
            format!("The originals that you posted for {case} under {number} have arrived."),
            false,
        ),
        _ => return None,
    };
    Some((Text::new(title, title_en), Text::new(text, text_en), act))
}

/// That the next version of a licence counts in its place.
fn corrected(name: &Text, number: &str, reason: &str) -> Words {
    (
        Text::new(format!("{}已更正换发", name.zh), format!("{}: corrected and issued anew", name.en)),
        Text::new(
            format!("编号 {number}。{reason} 新证照已经生效，编号和有效期不变，原证照不再有效。"),
            format!(
                "Number {number}. {reason} The new document counts from now on with the same number and period; the former \
                 no longer does."
            ),
        ),
        false,
    )
}

/// What a holder may not do while a licence is suspended, and until when.
fn while_suspended(until: Option<Date>) -> [String; 2] {
    let (zh, en) = match until.map(date_words) {
        Some(last) => (format!("暂扣至{}止", last.zh), format!("through {}", last.en)),
        None => ("暂扣至作出恢复决定时止".to_owned(), "until it is resumed".to_owned()),
    };
    [format!("{zh}，期间不得从事该许可的活动。"), format!("Nothing may be done under it {en}. ")]
}

/// What whoever booked an appointment hears of it, by the kind of the fact.
pub(super) fn of_appointment(kind: &str, own: &Appointment, place: &Text) -> Option<Words> {
    let (start, code) = (moment_words(own.start), &own.code);
    let (title, text, act) = match kind {
        "appointment.booked" => (
            Text::new("预约成功", "Appointment booked"),
            Text::new(
                format!("{}，{}。到场请报预约码 {code}，并带齐材料，现场当天办结。", place.zh, start.zh),
                format!("{}, {}. Say the code {code} at the reception and bring what is listed.", place.en, start.en),
            ),
            false,
        ),
        "appointment.reminded" => (
            Text::new("预约提醒", "Your appointment is near"),
            Text::new(
                format!("{}，{}，预约码 {code}。不能到场的，请在开始前取消，把时段让给别人。", place.zh, start.zh),
                format!("{}, {}, code {code}. If you cannot come, cancel before it begins.", place.en, start.en),
            ),
            true,
        ),
        "appointment.missed" => (
            Text::new("预约未到", "Appointment missed"),
            Text::new(
                format!("{}，{} 的预约没有到场。您仍可现场取号或重新预约。", place.zh, start.zh),
                format!("{}, {}: nobody came. You can still take a ticket or book again.", place.en, start.en),
            ),
            false,
        ),
        _ => return None,
    };
    Some((title, text, act))
}

/// What whoever was served is asked: once for each service, in under a minute.
pub(super) fn of_ended(matter: Option<&Text>, number: &str, code: &str) -> (Text, Text) {
    let title = match matter {
        Some(name) => Text::new(format!("{}：请您评价", name.zh), format!("{}: how was it?", name.en)),
        None => Text::new("这次服务，请您评价", "How was the service?"),
    };
    let text = Text::new(
        format!("{number} 已经办完。请您打个分，一次服务评价一次，不到一分钟。评价码 {code}，经办人看不到是谁评的。"),
        format!(
            "{number} is done. Rate it, once and in under a minute; the code is {code}. Whoever served you does not see who rates."
        ),
    );
    (title, text)
}

/// What the holder of an account hears of the account itself, by the kind of the fact. Whoever did not ask for it must
/// learn of it.
pub(super) fn of_account(kind: &str) -> Option<(Text, Text)> {
    match kind {
        "account.reset-issued" => Some((
            Text::new("窗口为您的账号发放了重设码", "A window gave out a code for a new password"),
            Text::new(
                "窗口核对证件后发放了重设密码的一次性重设码。如果不是您本人到窗口办理，请立即拨打 12345。",
                "A clerk compared an identity document and gave out a one-time code. If that was not you, call 12345 now.",
            ),
        )),
        "account.password-changed" => Some((
            Text::new("登录密码已重设", "Your password was set anew"),
            Text::new(
                "密码已重设，所有设备上的登录都已退出。如果不是您本人操作，请立即拨打 12345。",
                "A new password was set and every device was signed out. If that was not you, call 12345 now.",
            ),
        )),
        "account.contact-confirmed" => Some((
            Text::new("消息通知已开通", "Messages now reach you outside of the platform too"),
            Text::new(
                "今后的消息会同时发到您确认过的地址。如果不是您本人操作，请登录后取消，并拨打 12345。",
                "From now on messages also go to the address that you confirmed. If that was not you, remove it and call 12345.",
            ),
        )),
        "account.contact-removed" => Some((
            Text::new("已取消一种消息通知", "Messages no longer go to one of your addresses"),
            Text::new(
                "今后的消息不再发到该地址，站内仍可查看。如果不是您本人操作，请拨打 12345。",
                "Messages are still here on the platform. If you did not remove the address yourself, call 12345.",
            ),
        )),
        _ => None,
    }
}

/// Title, text, and whether the person must act; nothing for facts that concern staff only.
fn words(fact: &Fact) -> Option<Words> {
    let title = |zh: &str, en: &str| Text::new(zh, en);
    let same = |text: &str| Text::new(text, text);
    Some(match fact {
        Fact::FeedbackGiven { points } if points.is_empty() => (
            title("预审通过，可以正式提交", "Pre-check passed: you can file now"),
            title("材料没有问题，请正式提交。", "Everything looks right. File it now."),
            true,
        ),
        Fact::FeedbackGiven { points } => (
            title("预审有反馈，请修改", "Feedback before filing"),
            same(&points.iter().map(|point| point.text.as_str()).collect::<Vec<_>>().join("\n")),
            true,
        ),
        Fact::CorrectionRequested { notice, .. } => {
            let (until, count) = (date_words(notice.until), notice.points.len());
            let mark = if notice.provisional { PROVISIONAL } else { ["", ""] };
            let text = Text::new(
                format!("请在 {}{} 前一次性补齐 {count} 项内容。", until.zh, mark[0]),
                format!("Hand in all {count} points by {}{}.", until.en, mark[1]),
            );
            (title("需要补正材料", "Corrections needed"), text, true)
        }
        Fact::NotAccepted { reasons, .. } => (title("不予受理", "Not accepted"), same(reasons), false),
        Fact::Accepted { gap_notice: Some(_), .. } | Fact::GapsReminded { .. } | Fact::GapChecked { .. } => {
            return of_gaps(fact);
        }
        Fact::Accepted { deemed: true, .. } => (
            title("视为受理", "Deemed accepted"),
            title(
                "法定期限内未告知补正，申请自收到之日起即为受理。",
                "No notice came within the legal time: your application counts as accepted.",
            ),
            false,
        ),
        Fact::Accepted { .. } => {
            (title("已受理", "Accepted"), title("开始计算办理期限。", "The clock is running."), false)
        }
        Fact::Paused { working_days, .. } => (
            title("进入特别程序，计时暂停", "Special procedure: the clock stands still"),
            Text::new(format!("预计 {working_days} 个工作日。"), format!("Expected: {working_days} working days.")),
            false,
        ),
        Fact::Extended { reason, .. } => (title("办理期限延长", "Extended"), same(reason), false),
        Fact::Decided { decision, .. } if decision.granted => {
            (title("已准予", "Granted"), title("决定书已盖章，可以随时查看。", "The sealed decision is ready."), false)
        }
        Fact::Decided { decision, .. } => (title("不予许可", "Refused"), decision.reasons.clone(), false),
        Fact::LicenceIssued { licence } => (
            title("证照已生成", "Your licence is ready"),
            Text::new(format!("证照编号 {}。", licence.number), format!("Number {}.", licence.number)),
            false,
        ),
        Fact::DeadlinesRecomputed { moved, .. } => return moved_dates(moved),
        Fact::BecameLate { duty, .. } => return late(*duty),
        Fact::Terminated { reason, .. } => (title("已终止办理", "Terminated"), same(reason), false),
        Fact::CheckDone { result, .. } => (title("核查结果", "Result of the check"), same(&result.note), false),
        _ => return None,
    })
}

/// What is told of what follows after an acceptance with gaps.
fn of_gaps(fact: &Fact) -> Option<Words> {
    let title = |zh: &str, en: &str| Text::new(zh, en);
    Some(match fact {
        Fact::Accepted { gap_notice: Some(notice), gaps, .. } => {
            let until = date_words(notice.until);
            let mark = if notice.provisional { PROVISIONAL } else { ["", ""] };
            let text = Text::new(
                format!("请在 {}{} 前补齐 {} 项材料；补齐以前不发证，逾期将终止办理。", until.zh, mark[0], gaps.len()),
                format!(
                    "Hand in {} materials by {}{}. No licence comes before, and without them the procedure ends.",
                    gaps.len(),
                    until.en,
                    mark[1]
                ),
            );
            (title("已容缺受理，请按期补齐", "Accepted with gaps: hand in the rest"), text, true)
        }
        Fact::GapsReminded { slots, until } => {
            let last = date_words(*until);
            let text = Text::new(
                format!("还有 {} 项材料没有补齐，最后一日是{}。逾期将终止办理。", slots.len(), last.zh),
                format!(
                    "{} materials are still missing. The last day is {}; after it the procedure ends.",
                    slots.len(),
                    last.en
                ),
            );
            (title("容缺材料即将到期", "What was to follow is due soon"), text, true)
        }
        Fact::GapChecked { verdict, .. } if !verdict.in_order => {
            let note = Text::new(&verdict.note, &verdict.note);
            (title("补交的材料需要更换", "What you handed in does not do"), note, true)
        }
        _ => return None,
    })
}

/// What the applicant is told when a date passes: a breach of the statutory limit opens the way to a review and to the court.
fn late(duty: DutyKind) -> Option<Words> {
    let (title, text) = match duty {
        DutyKind::PromiseBroken => (
            Text::new("承诺的期限已过，仍在办理", "Past the promised date, still under way"),
            Text::new(
                "我们没有在承诺的期限内办结，对此致歉。法定期限见办件页面。",
                "We have not kept the promised date and apologise. The statutory date is on the page of the case.",
            ),
        ),
        DutyKind::LimitBroken => (
            Text::new("法定办理期限已过", "Past the statutory date"),
            Text::new(
                "法定期限内没有作出决定的，您可以依法申请行政复议（行政复议法第十一条），或者提起行政诉讼（行政诉讼法第十二条）。",
                "Where no decision is made within the statutory time you may ask for reconsideration (article 11 of the Administrative Reconsideration Law) or sue (article 12 of the Administrative Litigation Law).",
            ),
        ),
        _ => return None,
    };
    Some((title, text, false))
}

/// The dates of the applicant's that a new calendar has moved; checks are the authority's.
fn moved_dates(moved: &[Moved]) -> Option<Words> {
    let words = |duty| match duty {
        DutyKind::DeemAccepted => Some(("受理期限", "time for acceptance")),
        DutyKind::CorrectionOver => Some(("补正期限", "time for corrections")),
        DutyKind::GapsOver => Some(("补齐容缺材料的期限", "time for what is to follow")),
        DutyKind::PromiseBroken => Some(("承诺办结期限", "promised date")),
        DutyKind::LimitBroken => Some(("法定办结期限", "statutory date")),
        DutyKind::CheckDue
        | DutyKind::PauseOver
        | DutyKind::DeliveryLate
        | DutyKind::RenewalDeemed
        | DutyKind::GapReminder => None,
    };
    let (mut zh, mut en) = (Vec::new(), Vec::new());
    for own in moved {
        let Some((name, english)) = words(own.duty) else { continue };
        zh.push(format!("{name}由 {} 改为 {}", own.from, own.to));
        en.push(format!("{english}: {} instead of {}", own.to, own.from));
    }
    if zh.is_empty() {
        return None;
    }
    let act = moved.iter().any(|own| own.duty == DutyKind::CorrectionOver);
    Some((
        Text::new("节假日安排公布，期限已更新", "Holidays were published: dates have moved"),
        Text::new(format!("{}。", zh.join("；")), format!("New {}.", en.join("; "))),
        act,
    ))
}
