//! A forgotten password 重设密码: against an identity document, a window gives out a code that sets a new one, once.

use serde::{Deserialize, Serialize};

use super::account::Account;
use crate::text::Text;

/// Which document the clerk compared with the person. Each of them bears a citizen number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SeenDocument {
    /// 居民身份证.
    CitizenId,
    /// 临时居民身份证.
    TemporaryCitizenId,
    /// 港澳台居民居住证.
    ResidencePermit,
}

impl SeenDocument {
    /// All of them, in the order in which a window asks.
    pub const ALL: [SeenDocument; 3] =
        [SeenDocument::CitizenId, SeenDocument::TemporaryCitizenId, SeenDocument::ResidencePermit];

    /// As stored and sent.
    pub fn as_str(self) -> &'static str {
        match self {
            SeenDocument::CitizenId => "citizen-id",
            SeenDocument::TemporaryCitizenId => "temporary-citizen-id",
            SeenDocument::ResidencePermit => "residence-permit",
        }
    }

    /// From its stored name.
    pub fn parse(name: &str) -> Option<SeenDocument> {
        SeenDocument::ALL.into_iter().find(|document| document.as_str() == name)
    }

    /// In words.
    pub fn label(self) -> Text {
        match self {
            SeenDocument::CitizenId => Text::new("居民身份证", "Resident identity card"),
            SeenDocument::TemporaryCitizenId => Text::new("临时居民身份证", "Temporary identity card"),
            SeenDocument::ResidencePermit => {
                Text::new("港澳台居民居住证", "Residence permit for Hong Kong, Macao and Taiwan residents")
            }
        }
    }
}

/// Why an account gets no code at a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ResetRefusal {
    /// It belongs to an office or a system: whoever could reset it could act in its name.
    #[error("an account of staff is not reset at a window")]
    Staff,
}

impl ResetRefusal {
    /// The sentence for the clerk.
    pub fn explain(self) -> Text {
        Text::new(
            "这是工作人员的账号，窗口不能重设密码，请本人联系本部门管理员。",
            "This is an account of staff. A window cannot reset it: its owner asks the department's administrator.",
        )
    }
}

impl Account {
    /// Whether a window may give out a code for a new password.
    pub fn may_be_reset(&self) -> Result<(), ResetRefusal> {
        let ordinary = self.grants == Account::citizen();
        if ordinary { Ok(()) } else { Err(ResetRefusal::Staff) }
    }
}

/// Characters of a code: 50 bits, which five guesses do not find.
pub const CODE_CHARS: usize = 10;

/// Digits and letters that cannot be taken for each other (Crockford's base 32).
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// The code that random bytes make.
pub fn code(random: [u8; CODE_CHARS]) -> String {
    random.iter().filter_map(|byte| ALPHABET.get(usize::from(byte % 32))).map(|byte| char::from(*byte)).collect()
}

/// A code as it is written down: two groups of five.
pub fn written(code: &str) -> String {
    let (first, second) = code.split_at_checked(CODE_CHARS / 2).unwrap_or((code, ""));
    format!("{first}-{second}")
}

/// A code as somebody typed it: spaces and hyphens do not matter, nor small letters, nor O for 0 and I or L for 1.
pub fn typed(text: &str) -> String {
    text.chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| match c.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        })
        .take(2 * CODE_CHARS)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::accounts::{Grant, Role};
    use crate::ids::AccountId;
    use crate::time::Timestamp;

    #[test]
    fn a_code_survives_paper_and_hand() {
        let own = code([0, 1, 31, 200, 24, 18, 255, 9, 10, 77]);
        assert_eq!(own.len(), CODE_CHARS);
        assert_eq!(typed(&written(&own)), own);
        assert_eq!(typed(&format!(" {} ", own.to_lowercase())), own);
        assert_eq!(typed("o1 Il0-ab"), "01110AB");
    }

    #[test]
    fn only_an_ordinary_citizen_is_reset_at_a_window() {
        let account = |grants: Vec<Grant>| Account {
            id: AccountId::new(Timestamp::from_micros(1_790_000_000_000_000), [1; 10]),
            login: Some("wang.fang".to_owned()),
            name: "王芳".to_owned(),
            password: None,
            grants,
            person: None,
            proved_by: None,
            passkeys: Vec::new(),
            links: Vec::new(),
            contacts: Vec::new(),
        };
        let grant = |role| Grant { role, department: None, district: None };
        assert_eq!(account(Account::citizen()).may_be_reset(), Ok(()));
        for role in [Role::Clerk, Role::Administrator, Role::Integrator, Role::System] {
            assert_eq!(account(vec![grant(role)]).may_be_reset(), Err(ResetRefusal::Staff));
            assert_eq!(account(vec![grant(Role::Citizen), grant(role)]).may_be_reset(), Err(ResetRefusal::Staff));
        }
    }
}
