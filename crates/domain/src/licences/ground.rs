//! On what ground a licence may be ended before its time, suspended, or be in force again.

use jiff::civil::Date;

use crate::text::Text;
use crate::time::date_words;

/// One ground of the law.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ground {
    /// The stored name.
    pub id: &'static str,
    /// Where it stands: `《行政许可法》第六十九条第一款第四项`.
    pub article: &'static str,
    zh: &'static str,
    en: &'static str,
}

impl Ground {
    /// The ground in words.
    pub fn label(&self) -> Text {
        Text::new(self.zh, self.en)
    }

    /// The reason as it is recorded: the article, the ground, and what happened.
    pub fn reason(&self, details: &str) -> String {
        format!("{}：{}。{}", self.article, self.zh, details.trim())
    }
}

const fn ground(id: &'static str, article: &'static str, zh: &'static str, en: &'static str) -> Ground {
    Ground { id, article, zh, en }
}

/// AL 69: when a licence may, and in the last case must, be revoked 撤销.
pub const REVOCATION: [Ground; 6] = [
    ground(
        "not-qualified",
        "《行政许可法》第六十九条第一款第四项",
        "对不具备申请资格或者不符合法定条件的申请人准予行政许可",
        "granted to an applicant who was not entitled to it or did not meet the legal conditions",
    ),
    ground(
        "procedure",
        "《行政许可法》第六十九条第一款第三项",
        "违反法定程序作出准予行政许可决定",
        "granted in breach of the legal procedure",
    ),
    ground(
        "beyond-power",
        "《行政许可法》第六十九条第一款第二项",
        "超越法定职权作出准予行政许可决定",
        "granted beyond the authority's powers",
    ),
    ground(
        "abuse",
        "《行政许可法》第六十九条第一款第一项",
        "行政机关工作人员滥用职权、玩忽职守作出准予行政许可决定",
        "granted by an official's abuse of power or neglect of duty",
    ),
    ground(
        "other-revocation",
        "《行政许可法》第六十九条第一款第五项",
        "依法可以撤销行政许可的其他情形",
        "another case in which the law allows revocation",
    ),
    ground(
        "deceit",
        "《行政许可法》第六十九条第二款",
        "被许可人以欺骗、贿赂等不正当手段取得行政许可",
        "obtained by deceit, bribery or other improper means: it must be revoked",
    ),
];

/// AL 39: the document that is handed over is that of the decision, so words that differ from it are put right 更正.
pub const CORRECTION: [Ground; 2] = [
    ground(
        "slip",
        "《行政许可法》第三十九条第一款",
        "证照记载与准予许可的决定不一致（笔误）",
        "the document differs from what was decided: a slip of the pen",
    ),
    ground(
        "source",
        "《行政许可法》第三十九条第一款",
        "证照记载所依据的登记信息有误，登记机关已经更正",
        "the register entry that the words were taken from was wrong and has been put right",
    ),
];

/// AL 70: when a licence is to be cancelled 注销.
pub const CANCELLATION: [Ground; 6] = [
    ground(
        "not-renewed",
        "《行政许可法》第七十条第一项",
        "行政许可有效期届满未延续",
        "its validity has ended without renewal",
    ),
    ground(
        "person-gone",
        "《行政许可法》第七十条第二项",
        "赋予公民特定资格的行政许可，该公民死亡或者丧失行为能力",
        "a personal qualification whose holder has died or lost legal capacity",
    ),
    ground(
        "body-ended",
        "《行政许可法》第七十条第三项",
        "法人或者其他组织依法终止",
        "the legal person or organisation has lawfully ended",
    ),
    ground(
        "withdrawn",
        "《行政许可法》第七十条第四项",
        "行政许可依法被撤销、撤回，或者行政许可证件依法被吊销",
        "the licence was lawfully revoked or withdrawn, or its document taken away",
    ),
    ground(
        "force-majeure",
        "《行政许可法》第七十条第五项",
        "因不可抗力导致行政许可事项无法实施",
        "force majeure makes the licensed activity impossible",
    ),
    ground(
        "other-cancellation",
        "《行政许可法》第七十条第六项",
        "法律、法规规定的应当注销行政许可的其他情形",
        "another case in which laws or regulations demand cancellation",
    ),
];

/// When a licence may be suspended 暂扣. It is a penalty, so nothing but a law, a regulation of the State Council or a local
/// regulation can provide for it (Administrative Penalty Law 10–12).
pub const SUSPENSION: [Ground; 3] = [
    ground(
        "penalty",
        "《行政处罚法》第九条第三项",
        "依法作出的暂扣许可证件的行政处罚决定",
        "an administrative penalty that takes the licence away for a time",
    ),
    ground(
        "unsafe",
        "《安全生产许可证条例》第十四条",
        "取得安全生产许可证后不再具备规定的安全生产条件",
        "the holder of a work safety licence no longer meets its conditions",
    ),
    ground(
        "other-suspension",
        "《行政处罚法》第十条至第十二条",
        "法律、行政法规、地方性法规规定暂扣许可证件的其他情形",
        "another case in which a law or regulation provides for suspension; name its article",
    ),
];

/// Why a suspension ends before its term, or without one.
pub const RESUMPTION: [Ground; 3] = [
    ground(
        "put-right",
        "《行政处罚法》第二十八条第一款",
        "违法行为已经改正，暂扣决定所定的恢复条件已经具备",
        "what was wrong has been put right as the decision demanded",
    ),
    ground(
        "own-error",
        "《行政处罚法》第七十五条第二款",
        "行政机关发现暂扣决定有错误，主动改正",
        "the authority found its decision wrong and corrects it",
    ),
    ground(
        "overturned",
        "《行政复议法》第六十三条、第六十四条，《行政诉讼法》第七十条",
        "暂扣决定经行政复议或者行政诉讼被变更、撤销",
        "the decision was changed or set aside on reconsideration or by a court",
    ),
];

/// The recorded reason where a suspension ends because its last day is over.
pub fn term_over(last: Date) -> String {
    format!("《行政处罚法》第九条第三项：暂扣期限于{}届满，证照恢复效力。", date_words(last).zh)
}

/// The recorded reason where a licence has run out: its period is over and was not renewed, for which the authority is to cancel it.
pub(super) fn expiry(last: Date) -> String {
    format!("《行政许可法》第七十条第一项：有效期于{}届满，未延续。", date_words(last).zh)
}
