//! Where the post finds somebody.

use serde::{Deserialize, Serialize};

use crate::codes::{mask, name, phone};
use crate::text::{Text, hidden_character};

/// Where the post finds somebody. Personal data; it goes with the person.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PostAddress {
    /// Who takes it.
    pub name: String,
    /// Telephone number.
    pub phone: String,
    /// Province, city and county, in words.
    pub region: String,
    /// Street, house and room.
    pub street: String,
}

impl PostAddress {
    /// The address in the form in which it is stored.
    ///
    /// # Errors
    /// Names of fields with what to write instead.
    pub fn checked(&self) -> Result<PostAddress, Vec<(&'static str, Text)>> {
        let own = PostAddress {
            name: self.name.trim().to_owned(),
            phone: phone::normalise(&self.phone),
            region: self.region.trim().to_owned(),
            street: self.street.trim().to_owned(),
        };
        let visible = |text: &str| hidden_character(text, false).is_none();
        let length = |text: &str, least: usize, most: usize| (least..=most).contains(&text.chars().count());
        let mut wrong = Vec::new();
        if !length(&own.name, 2, 50) || !visible(&own.name) {
            wrong.push(("name", Text::new("请填写收件人姓名。", "Write the name of whoever takes it.")));
        }
        if phone::parse(&own.phone).is_err() {
            wrong.push((
                "phone",
                Text::new(
                    "请填写收件人电话：11 位手机号，或带区号的座机号。",
                    "Write a mobile number with eleven digits, or a landline with its area code.",
                ),
            ));
        }
        if !length(&own.region, 4, 50) || !visible(&own.region) {
            wrong.push((
                "region",
                Text::new(
                    "请填写省、市、区县，例如山东省青岛市黄岛区。",
                    "Write province, city and county or district.",
                ),
            ));
        }
        if !length(&own.street, 4, 100) || !visible(&own.street) {
            wrong.push((
                "street",
                Text::new(
                    "请填写街道、门牌号和房间号，4 至 100 个字。",
                    "Write street, house and room in 4 to 100 characters.",
                ),
            ));
        }
        if wrong.is_empty() { Ok(own) } else { Err(wrong) }
    }

    /// As lists show it: the name masked, the ends of the number, the county only.
    pub fn masked(&self) -> String {
        format!("{} {} {}", name::mask(&self.name), mask(&self.phone), self.region)
    }
}
