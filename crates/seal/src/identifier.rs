//! The licence identifier 证照标识 (GB/T 36904), as far as a verifier must understand it: that it is written for this type, issuer
//! and version, and that its check character (GB/T 17710, ISO/IEC 7064 MOD 37,36) is right.

use domain::text::Text;

use crate::licence::LicenceData;

/// The root of licence identifiers in the tree of object identifiers.
pub(crate) const ROOT: &str = "1.2.156.3005.2";

/// Whether the identifier belongs to the data.
pub(crate) fn answer(data: &LicenceData) -> Result<Text, Text> {
    let wrong = |zh: &str, en: &str| Err(Text::new(zh, en));
    let (kind, issuer) = (data.kind.code.as_str(), data.issuer.uscc.as_str());
    let own =
        data.identifier.strip_prefix(&format!("{ROOT}.{kind}.{issuer}.")).map(|own| own.split('.').collect::<Vec<_>>());
    let Some([serial, version, check]) = own.as_deref() else {
        return wrong("证照标识与证照类型、颁发机构不一致", "the identifier is not one of this type and issuer");
    };
    if *version != format!("{:03}", data.version) || data.version == 0 {
        return wrong("证照标识中的版本号不一致", "the identifier names another version");
    }
    let serial_ok = (1..=32).contains(&serial.len()) && serial.chars().all(|char| value(char).is_some());
    let joined = format!("{kind}{issuer}{serial}{version}{check}");
    if !serial_ok || check.len() != 1 || !checks_out(&joined) {
        return wrong("证照标识校验码错误", "the check character of the identifier is wrong");
    }
    Ok(Text::new(
        format!("证照标识校验通过：{}", data.identifier),
        format!("identifier {} is well formed", data.identifier),
    ))
}

fn value(char: char) -> Option<u32> {
    if char.is_ascii_lowercase() { None } else { char.to_digit(36) }
}

/// ISO/IEC 7064 MOD 37,36 over a text that ends in its check character.
fn checks_out(text: &str) -> bool {
    let mut product = 36;
    let mut sum = 0;
    for char in text.chars() {
        let Some(value) = value(char) else { return false };
        sum = (product + value) % 36;
        product = 2 * if sum == 0 { 36 } else { sum } % 37;
    }
    sum == 1
}

#[cfg(test)]
mod tests {
    use super::checks_out;

    /// Identifiers seen in public code, and the same with one thing changed.
    #[test]
    fn real_identifiers_check_out() {
        let joined = |identifier: &str| identifier.replace('.', "");
        for good in [
            "11100000000013338W087.11370800MB28559184.37080001202411010001.001.3",
            "11100000000013338W011.11430000006122244L.20230000403.002.S",
            "11100000000013338W009.11330105002500287C.2025052201.002.0",
            "11100000000013338W032.11220000013544541J.2430599.001.F",
            "11370800MB0000000B002.11370800MB0000000B.0F8C4A1E5B2D4C6E9A7B3D1F2E4C6A80.001.5",
        ] {
            assert!(checks_out(&joined(good)), "{good}");
        }
        for bad in [
            "11100000000013338W087.11370800MB28559184.37080001202411010001.001.4",
            "11100000000013338W011.11430000006122244L.20230000403.001.S",
            "11100000000013338W032.11220000013544541J.2430589.001.F",
            "11100000000013338W032.11220000013544541J.2435099.001.F",
            "11370800mb0000000b002.11370800mb0000000b.0f8c4a1e.001.5",
            "113700000045046442.209FA4E88F9E4C878F3E9BED2CE7EA49.001.M",
            "",
        ] {
            assert!(!checks_out(&joined(bad)), "{bad}");
        }
    }
}
