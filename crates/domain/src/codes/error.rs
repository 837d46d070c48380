//! What can be wrong with a code, and what to tell the person who typed it.

use crate::text::Text;
use std::fmt;

/// Which code an error speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Code {
    /// 统一社会信用代码.
    Uscc,
    /// 公民身份号码.
    CitizenId,
    /// 港澳居民居住证.
    HongKongMacaoResidence,
    /// 台湾居民居住证.
    TaiwanResidence,
    /// 外国人永久居留身份证.
    PermanentResident,
    /// 中华人民共和国护照.
    Passport,
    /// 外国护照.
    ForeignPassport,
    /// 港澳居民来往内地通行证.
    HongKongMacaoPermit,
    /// 台湾居民来往大陆通行证.
    TaiwanPermit,
    /// 电子证照标识.
    LicenceId,
    /// 实施编码.
    ImplCode,
    /// 业务办理项编码.
    BusinessItem,
    /// 基本编码.
    BasicCode,
    /// 行政区划代码.
    Division,
    /// 国民经济行业代码.
    Industry,
    /// 投资项目代码.
    Project,
    /// 电话号码.
    Phone,
    /// 姓名.
    PersonName,
    /// 名称.
    OrganisationName,
}

impl Code {
    /// What people call it.
    pub fn name(self) -> Text {
        let (zh, en) = match self {
            Code::Uscc => ("统一社会信用代码", "unified social credit code"),
            Code::CitizenId => ("公民身份号码", "citizen identity number"),
            Code::HongKongMacaoResidence => ("港澳居民居住证号码", "Hong Kong and Macao residence permit number"),
            Code::TaiwanResidence => ("台湾居民居住证号码", "Taiwan residence permit number"),
            Code::PermanentResident => ("外国人永久居留身份证号码", "foreign permanent resident card number"),
            Code::Passport => ("中国护照号码", "Chinese passport number"),
            Code::ForeignPassport => ("外国护照号码", "foreign passport number"),
            Code::HongKongMacaoPermit => {
                ("港澳居民来往内地通行证号码", "mainland travel permit number (Hong Kong and Macao)")
            }
            Code::TaiwanPermit => ("台湾居民来往大陆通行证号码", "mainland travel permit number (Taiwan)"),
            Code::LicenceId => ("电子证照标识", "licence identifier"),
            Code::ImplCode => ("实施编码", "implementing code"),
            Code::BusinessItem => ("业务办理项编码", "business-item code"),
            Code::BasicCode => ("事项基本编码", "basic code of the matter"),
            Code::Division => ("行政区划代码", "division code"),
            Code::Industry => ("国民经济行业代码", "industry code"),
            Code::Project => ("投资项目代码", "project code"),
            Code::Phone => ("电话号码", "telephone number"),
            Code::PersonName => ("姓名", "name"),
            Code::OrganisationName => ("名称", "name"),
        };
        Text::new(zh, en)
    }
}

/// A part of a code whose characters are possible but whose value is not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Part {
    /// The first two digits name no province.
    Province,
    /// The date of birth is not in the calendar.
    BirthDate,
    /// The date of birth is later than today.
    Future,
    /// 行使层级 outside 1 to 7.
    Level,
    /// The licence identifier does not begin with 1.2.156.3005.2.
    Root,
    /// The licence identifier has not five parts behind its root.
    Parts,
    /// The version is not three digits from 001.
    Version,
    /// A part of the licence identifier is too short or too long.
    PartLength,
    /// The kind of the project is not 01, 02 or 03.
    ProjectKind,
    /// The year of the project is impossible.
    Year,
    /// The hyphens stand elsewhere.
    Hyphens,
    /// Neither mobile phone nor area code with number.
    PhoneForm,
    /// The first characters do not belong to this document.
    Prefix,
    /// The dot of a name stands at its end or twice.
    Dot,
}

/// What is wrong with a code and where. Positions count characters from 1.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CodeError {
    /// Nothing was given.
    #[error("{} is missing", .0.name().en)]
    Empty(Code),
    /// Too short or too long.
    #[error("{} has {found} characters instead of {expected}", .code.name().en)]
    Length {
        /// Which code.
        code: Code,
        /// How many characters are right: `18`, `2–50`.
        expected: String,
        /// How many there are.
        found: usize,
    },
    /// A character that cannot stand there.
    #[error("{}: `{}` cannot stand at position {position}", .code.name().en, .found.escape_debug())]
    Character {
        /// Which code.
        code: Code,
        /// Where.
        position: usize,
        /// What stands there.
        found: char,
    },
    /// The check character does not fit the others, so at least one is wrong.
    #[error("{}: the check character at position {position} does not fit the others", .code.name().en)]
    Check {
        /// Which code.
        code: Code,
        /// Where the check character stands.
        position: usize,
    },
    /// A part with an impossible value.
    #[error("{}: {part:?} `{found}` at position {position}", .code.name().en)]
    Part {
        /// Which code.
        code: Code,
        /// Which part.
        part: Part,
        /// Where it begins.
        position: usize,
        /// What it holds, at most 32 characters.
        found: String,
    },
    /// A well-formed code that is not in the list.
    #[error("{} `{found}` is not in the list", .code.name().en)]
    Unlisted {
        /// Which code.
        code: Code,
        /// The code, at most 32 characters.
        found: String,
    },
}

impl CodeError {
    /// A sentence for the person who typed the code, in both languages: what is wrong and what to do.
    pub fn explain(&self) -> Text {
        match self {
            CodeError::Empty(code) => say(*code, "请填写{}。", "Enter the {}."),
            CodeError::Length { code, expected, found } => say(
                *code,
                &format!("{{}}应为{expected}位，现为{found}位，请核对后重新填写。"),
                &format!("The {{}} has {expected} characters, not {found}. Check it and enter it again."),
            ),
            CodeError::Character { code, position, found } => character(*code, *position, *found),
            CodeError::Check { code, .. } => say(
                *code,
                "{}的校验位不符，至少有一位填写有误，请对照证件逐位核对。",
                "The check character of the {} does not fit, so at least one character is wrong. Compare each with the document.",
            ),
            CodeError::Part { code, part, found, .. } => impossible(*code, *part, found),
            CodeError::Unlisted { code, found } => say(
                *code,
                &format!("没有“{found}”这个{{}}，请从列表中选择。"),
                &format!("There is no {{}} “{found}”. Choose one from the list."),
            ),
        }
    }
}

/// Puts the name of the code into a sentence of each language.
fn say(code: Code, zh: &str, en: &str) -> Text {
    let name = code.name();
    Text::new(zh.replace("{}", &name.zh), en.replace("{}", &name.en))
}

fn character(code: Code, position: usize, found: char) -> Text {
    let (zh, en) = if found.is_ascii_lowercase() {
        ("请改用大写字母。", "Use capital letters.")
    } else if matches!(found, '\u{ff01}'..='\u{ff5e}') {
        ("请改用半角字符。", "Use half-width characters.")
    } else if found.is_whitespace() {
        ("请去掉空格。", "Leave out the blank.")
    } else if code == Code::Uscc && matches!(found, 'I' | 'O' | 'S' | 'V' | 'Z') {
        (
            "该代码不使用字母 I、O、S、V、Z，可能是数字 1、0、5、2。",
            "The letters I, O, S, V and Z are not used; it may be a digit.",
        )
    } else if code == Code::PersonName {
        (
            "请使用汉字，间隔号用“·”；外文姓名使用拉丁字母。",
            "Use Chinese characters with “·” between parts, or Latin letters.",
        )
    } else {
        ("请对照证件核对。", "Compare it with the document.")
    };
    let shown = Shown(found);
    say(
        code,
        &format!("{{}}第{position}位不能是“{shown}”。{zh}"),
        &format!("Character {position} of the {{}} cannot be “{shown}”. {en}"),
    )
}

/// A character that can be shown; others by their number, so that no control or direction mark reaches a page.
struct Shown(char);

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hidden = self.0.is_control() || self.0.is_whitespace() || self.0.escape_debug().count() > 2;
        if hidden { write!(f, "U+{:04X}", u32::from(self.0)) } else { write!(f, "{}", self.0) }
    }
}

fn impossible(code: Code, part: Part, found: &str) -> Text {
    let (zh, en) = match part {
        Part::Province => {
            ("{}前两位“@”不是省级代码，请核对。", "“@” at the beginning of the {} is no province. Check it.")
        }
        Part::BirthDate => {
            ("{}中的出生日期“@”不存在，请核对。", "The date of birth “@” in the {} does not exist. Check it.")
        }
        Part::Future => {
            ("{}中的出生日期“@”晚于今天，请核对。", "The date of birth “@” in the {} is later than today. Check it.")
        }
        Part::Level => {
            ("{}第19位是行使层级，应为1至7，不能是“@”。", "Character 19 of the {} is the level, 1 to 7, not “@”.")
        }
        Part::Root => {
            ("{}应以“1.2.156.3005.2.”开头，请完整复制。", "The {} begins with “1.2.156.3005.2.”. Copy it as a whole.")
        }
        Part::Parts => (
            "{}由证照类型、颁发机构、流水号、版本号、校验位五段组成，以“.”分隔，请完整复制。",
            "The {} has five parts behind its root, separated by dots: type, issuer, serial, version, check. Copy it as a whole.",
        ),
        Part::Version => {
            ("{}的版本号应为001至999三位数字，不能是“@”。", "The version in the {} is three digits from 001, not “@”.")
        }
        Part::PartLength => {
            ("{}中“@”一段的长度不符，请完整复制。", "The part “@” of the {} has a wrong length. Copy it as a whole.")
        }
        Part::ProjectKind => (
            "{}中的项目类型应为01（审批）、02（核准）或03（备案），不能是“@”。",
            "The kind in the {} is 01 (approval), 02 (verification) or 03 (record), not “@”.",
        ),
        Part::Year => ("{}开头的年份“@”有误，请核对。", "The year “@” in the {} is impossible. Check it."),
        Part::Hyphens => (
            "{}的格式为2026-370211-62-03-000001，请按此格式填写。",
            "The {} looks like 2026-370211-62-03-000001. Enter it in that form.",
        ),
        Part::PhoneForm => (
            "{}应为11位手机号码，或带区号的固定电话，例如0532-88880000。",
            "The {} is a mobile number of 11 digits or a landline with its area code, such as 0532-88880000.",
        ),
        Part::Prefix => (
            "“@”开头的号码不是{}，请核对证件类型。",
            "A number that begins with “@” is no {}. Check the kind of document.",
        ),
        Part::Dot => {
            ("{}中的“·”只能单独用在两部分之间，请核对。", "In the {}, “·” stands once between two parts. Check it.")
        }
    };
    say(code, &zh.replace('@', found), &en.replace('@', found))
}
