//! Whether a licence identifier 证照标识 (GB/T 36904) is that of its licence.

use domain::codes::licence_id;
use domain::text::Text;

use crate::licence::LicenceData;

/// The identifier must be well formed, check character included, and name the licence's own type, issuer and version.
pub(crate) fn answer(data: &LicenceData) -> Result<Text, Text> {
    let identifier = licence_id::parse(&data.identifier).map_err(|error| error.explain())?;
    let named = (identifier.type_code(), identifier.issuer(), u32::from(identifier.version()));
    if named != (data.kind.code.as_str(), data.issuer.uscc.as_str(), data.version) {
        return Err(Text::new(
            "证照标识与证照类型、颁发机构或版本不一致",
            "the identifier names another type, issuer or version",
        ));
    }
    Ok(Text::new(format!("证照标识校验通过：{identifier}"), format!("the identifier {identifier} is well formed")))
}
