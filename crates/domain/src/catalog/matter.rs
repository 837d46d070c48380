//! One matter 事项: every element of the implementation list (GB/T 39046—2020 and the national sharing schema) that a
//! page, a rule or a clock uses.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::Ref;
use crate::law::Basis;
use crate::text::Text;
use crate::time::Period;

/// Who may apply 服务对象.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ApplicantKind {
    /// 自然人.
    Person,
    /// 企业法人 (and its branches).
    Enterprise,
    /// 个体工商户.
    IndividualBusiness,
    /// 社会组织、事业单位 and other organisations.
    Organisation,
}

impl ApplicantKind {
    /// All of them.
    pub const ALL: [ApplicantKind; 4] = [
        ApplicantKind::Person,
        ApplicantKind::Enterprise,
        ApplicantKind::IndividualBusiness,
        ApplicantKind::Organisation,
    ];

    /// The stored name, the same as in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            ApplicantKind::Person => "person",
            ApplicantKind::Enterprise => "enterprise",
            ApplicantKind::IndividualBusiness => "individual-business",
            ApplicantKind::Organisation => "organisation",
        }
    }

    /// The kind of a stored name.
    pub fn parse(stored: &str) -> Option<ApplicantKind> {
        ApplicantKind::ALL.into_iter().find(|kind| kind.as_str() == stored)
    }
}

/// Whether the matter is decided on the spot 办件类型.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProjectType {
    /// 即办件: decided in one sitting; its promise is zero.
    Instant,
    /// 承诺件: decided within the promised period.
    Promise,
}

/// A special procedure 特别程序, whose time may be excluded from the clock (AL 45) when notified in writing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SpecialProcedure {
    /// Which.
    pub kind: SpecialKind,
    /// Expected length in working days, which the notice to the applicant states.
    pub working_days: u32,
    /// Where it is laid down.
    pub source: Basis,
}

/// The procedures of AL 45 and those that local lists add.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SpecialKind {
    /// 现场核查、踏勘.
    Inspection,
    /// 专家评审.
    ExpertReview,
    /// 听证.
    Hearing,
    /// 检验、检测、检疫、鉴定.
    Testing,
    /// 公示.
    Publicity,
    /// 考试、体检.
    Examination,
}

/// How an application may arrive 办理形式.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Channel {
    /// 窗口办理.
    Window,
    /// 电脑端网上办理.
    Web,
    /// 移动端网上申请.
    Mobile,
    /// 快递申请.
    Mail,
    /// 自助终端.
    Kiosk,
}

/// Visits to the hall 到办事现场次数.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Visits {
    /// How often the applicant must appear.
    pub count: u32,
    /// Why, when `count` is above zero; absent otherwise.
    #[serde(default)]
    pub reason: Option<Text>,
}

/// A fee 收费. AL 58: none unless a law or administrative regulation says so, hence the mandatory basis.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fee {
    /// What is paid for.
    pub item: Text,
    /// The published standard, in words.
    pub standard: Text,
    /// Amount in fen.
    pub amount_fen: i64,
    /// The law or regulation that allows it.
    pub source: Basis,
    /// Whether it can be paid online.
    pub online: bool,
}

/// What the applicant gets 审批结果.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outcome {
    /// 审批结果类型.
    pub kind: OutcomeKind,
    /// Name as printed: `公共场所卫生许可证`.
    pub name: Text,
    /// Id of the licence type in `catalog/licence-types/`; present exactly when something is issued.
    #[serde(default)]
    pub licence_type: Option<String>,
    /// Months of validity; absent = without end.
    #[serde(default)]
    pub validity_months: Option<u32>,
    /// The grant changes 变更 a licence that the holder has (AL 49): the next version of it counts in its place, and its period
    /// does not begin anew.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub amends: bool,
    /// The entry that a grant makes in a register, in the same commit; only where a licence is issued.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enters: Option<Entering>,
}

/// An entry that a grant makes in a register: the reserved name that nobody else may reserve meanwhile.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entering {
    /// Stored name of the register.
    pub register: String,
    /// What the entry stands under.
    pub key: Ref,
    /// What it says, beside its standing, its first and its last day, which the platform adds.
    pub says: BTreeMap<String, Ref>,
}

/// 审批结果类型.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OutcomeKind {
    /// 证照.
    Licence,
    /// 批文.
    Approval,
    /// 其他 (filing receipts, certificates of record).
    Other,
    /// 无.
    None,
}

/// One step of the procedure 办理流程, drawn on the guide page and used to route the case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FlowStep {
    /// Which of the standard steps this is.
    pub step: StepKind,
    /// Its printed name.
    pub name: Text,
    /// Share of the promise in working days (0 = at once).
    #[serde(default)]
    pub working_days: u32,
}

/// The standard steps 受理、审核、核查、审批、制证、送达.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StepKind {
    /// 受理.
    Accept,
    /// 审核.
    Review,
    /// 现场核查 and other special procedures.
    Inspect,
    /// 审批 (决定).
    Decide,
    /// 办结、制证.
    Issue,
    /// 送达.
    Deliver,
}

/// One material row 申请材料.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Material {
    /// Slot name inside the matter, ASCII: `floor-plan`.
    pub slot: String,
    /// Printed name.
    pub name: Text,
    /// 材料必要性.
    pub necessity: Necessity,
    /// Condition on the form under which a conditional material is needed; present exactly then.
    #[serde(default)]
    pub when: Option<When>,
    /// 来源渠道.
    pub source: MaterialSource,
    /// Id of the licence type that, when on file and valid for the applicant, waives the upload 免提交.
    #[serde(default)]
    pub waived_by: Option<String>,
    /// Register (see `registry`) whose answer waives the upload, e.g. `person` for an identity card copy.
    #[serde(default)]
    pub shared_from: Option<String>,
    /// May follow after acceptance 可容缺.
    #[serde(default)]
    pub deferrable: bool,
    /// Replaced by the pledge when the applicant chooses it 可告知承诺.
    #[serde(default)]
    pub pledgeable: bool,
    /// 原件份数; zero when an electronic file is enough.
    #[serde(default)]
    pub originals: u32,
    /// 受理标准: what the clerk looks for, in words an applicant understands.
    pub standard: Text,
    /// 要求依据: a material without an article may not be asked for (AL 31).
    pub basis: Basis,
    /// File types accepted, of `pdf jpg png`; empty = all of them.
    #[serde(default)]
    pub formats: Vec<String>,
}

/// 材料必要性.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Necessity {
    /// 必要.
    Required,
    /// 非必要.
    Optional,
    /// 涉及时必要: needed when [`Material::when`] holds.
    Conditional,
}

/// 来源渠道 of a material.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MaterialSource {
    /// 10 申请人自备.
    Applicant,
    /// 20 政府部门核发.
    Government,
    /// 30 中介机构出具.
    Intermediary,
    /// 99 其他.
    Other,
}

/// A simple condition on one form field: its value is one of `any_of`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct When {
    /// Field of the form.
    pub field: String,
    /// Values under which the condition holds.
    pub any_of: Vec<serde_json::Value>,
}

/// 告知承诺 of a matter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PledgeTerms {
    /// Version of the notice; a signed promise names it.
    pub version: String,
    /// The list or regulation that opens this matter to pledges (PR-2).
    pub source: Basis,
    /// The one-time notice: conditions, content and consequences, one paragraph each.
    pub notice: Vec<Text>,
    /// What the applicant promises, one sentence each.
    pub promise: Vec<Text>,
    /// Within which period after the decision the promise is checked.
    pub check: Period,
}

/// Automation of a matter. Which cases are approved is the business of its rules; these are the bureau's switches.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Automation {
    /// Share of automatic approvals that fall due for checking by a person afterwards, in percent, 1..=100.
    pub check_percent: u32,
    /// How soon that check is due.
    pub check: Period,
}

/// Question and answer 常见问题.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Faq {
    /// The question.
    pub q: Text,
    /// The answer.
    pub a: Text,
}

/// Telephones 咨询、监督投诉, each with area code, never the same (DATA_MODEL §5 rule 8).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contact {
    /// 咨询.
    pub consult: String,
    /// 监督投诉.
    pub complaint: String,
}

/// Validity of this version of the matter, in legal days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Effective {
    /// First day 计划生效日期.
    pub from: Date,
    /// Last day 计划取消日期.
    #[serde(default)]
    pub to: Option<Date>,
}

impl Effective {
    /// Whether the matter may be applied for on this legal day.
    pub fn covers(&self, day: Date) -> bool {
        self.from <= day && self.to.is_none_or(|last| day <= last)
    }
}

/// The implementation list 实施清单 of one matter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Matter {
    /// Folder name and address: lower-case ASCII with hyphens.
    pub slug: String,
    /// 事项名称.
    pub name: Text,
    /// One sentence in people's words: what one may do with it.
    pub summary: Text,
    /// 基本编码, 12 digits. Demo cities derive the implementing code from it and the department's credit code.
    pub basic_code: String,
    /// 事项类型, two digits of GB/T 39046 A.1: 01 行政许可, 07 行政确认, 10 其他行政权力, 20 公共服务 …
    pub task_type: String,
    /// 行使层级 1..=7.
    pub level: u8,
    /// 权力来源, code of the platform list (1 法定本级行使 …).
    pub power_source: String,
    /// 实施主体: id in `catalog/departments.json`.
    pub department: String,
    /// 设定依据, at least one.
    pub basis: Vec<Basis>,
    /// 服务对象.
    pub applicants: Vec<ApplicantKind>,
    /// 办件类型.
    pub project_type: ProjectType,
    /// 法定办结时限. Absent for a matter that the law wants done on the spot.
    #[serde(default)]
    pub statutory: Option<Period>,
    /// The one extension that the law of the statutory limit allows, in its unit. Absent: the general one where the limit
    /// is that of 行政许可法 第四十二条 itself, else none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extension: Option<Period>,
    /// 承诺办结时限; number 0 for an instant matter.
    pub promised: Period,
    /// 特别程序.
    #[serde(default)]
    pub special_procedures: Vec<SpecialProcedure>,
    /// 受理条件, one sentence each.
    pub conditions: Vec<Text>,
    /// 办理流程, in order.
    pub flow: Vec<FlowStep>,
    /// 办理形式.
    pub channels: Vec<Channel>,
    /// 网办深度 1..=8 of the platform list (7 = result as electronic licence).
    pub online_depth: u8,
    /// 通办范围 1..=6 (3 = anywhere in the city).
    pub handle_area: u8,
    /// 到办事现场次数.
    pub visits: Visits,
    /// 收费; absent = free.
    #[serde(default)]
    pub fee: Option<Fee>,
    /// 审批结果.
    pub outcome: Outcome,
    /// 申请材料, in order.
    pub materials: Vec<Material>,
    /// 告知承诺; absent = not open to pledges.
    #[serde(default)]
    pub pledge: Option<PledgeTerms>,
    /// Present exactly when the matter has rules.
    #[serde(default)]
    pub automation: Option<Automation>,
    /// 常见问题.
    #[serde(default)]
    pub faq: Vec<Faq>,
    /// Telephones.
    pub contact: Contact,
    /// 自然人主题 and/or 法人主题 of the national lists.
    pub topics: Vec<String>,
    /// Words people use when they look for it, Chinese and English: 开饭店, 餐馆, restaurant.
    pub keywords: Vec<String>,
    /// Validity of this version.
    pub effective: Effective,
}

/// A period that a matter sets itself, with what counts it.
#[derive(Debug, Clone, Copy)]
pub struct OwnPeriod<'a> {
    /// Its place in the matter: `statutory`, `pledge.check`.
    pub name: &'static str,
    /// The period.
    pub period: &'a Period,
    /// Commands and duties.
    pub counts_in: &'static [&'static str],
}

impl Matter {
    /// Every period that the matter sets, in the order of the procedure.
    pub fn periods(&self) -> Vec<OwnPeriod<'_>> {
        const ACCEPTED: &[&str] = &["accept", "deem-accepted", "decide-by-rules", "case.limit-broken"];
        const PROMISED: &[&str] = &["accept", "deem-accepted", "decide-by-rules", "case.promise-broken"];
        const GRANTED: &[&str] = &["grant", "decide-by-rules", "case.check-due"];
        let pledge = self.pledge.as_ref().map(|terms| &terms.check);
        let sample = self.automation.as_ref().map(|automation| &automation.check);
        let all = [
            ("statutory", self.statutory.as_ref(), ACCEPTED),
            ("promised", Some(&self.promised), PROMISED),
            ("extension", self.extension.as_ref(), &["extend"]),
            ("pledge.check", pledge, GRANTED),
            ("automation.check", sample, &["decide-by-rules", "case.check-due"]),
        ];
        let own = |(name, period, counts_in): (_, Option<_>, _)| Some(OwnPeriod { name, period: period?, counts_in });
        all.into_iter().filter_map(own).collect()
    }
}

/// The printed name of a special procedure.
pub fn special_name(kind: SpecialKind) -> Text {
    let (zh, en) = match kind {
        SpecialKind::Inspection => ("现场核查", "an on-site check"),
        SpecialKind::ExpertReview => ("专家评审", "an expert review"),
        SpecialKind::Hearing => ("听证", "a hearing"),
        SpecialKind::Testing => ("检验检测", "testing"),
        SpecialKind::Publicity => ("公示", "a public notice"),
        SpecialKind::Examination => ("考试或体检", "an examination"),
    };
    Text::new(zh, en)
}
