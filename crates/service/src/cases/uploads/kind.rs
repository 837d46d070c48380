//! What a file is, by its first bytes, and what it may be called.

use domain::text::hidden_character;

use crate::error::ServiceError;

/// How many of a file's first bytes [`media_type`] looks at.
pub(super) const HEAD: u64 = 16;
/// Longest name that is kept, in characters.
const LONGEST_NAME: usize = 200;

/// The type by the first bytes; the name is not believed. They must be those that every reader of the type expects: a PDF
/// says its version, a picture begins with its header.
pub(super) fn media_type(head: &[u8]) -> Option<&'static str> {
    match head {
        [b'%', b'P', b'D', b'F', b'-', b'1' | b'2', b'.', b'0'..=b'9', ..] => Some("application/pdf"),
        [0xFF, 0xD8, 0xFF, 0xC0..=0xFE, ..] => Some("image/jpeg"),
        [0x89, b'P', b'N', b'G', 0x0D, 0x0A, 0x1A, 0x0A, _, _, _, _, b'I', b'H', b'D', b'R', ..] => Some("image/png"),
        _ => None,
    }
}

/// Whether a material that takes these types (`pdf`, `jpg`, `png`; none means all) takes a file of that type.
pub(in crate::cases) fn takes(formats: &[String], media_type: &str) -> bool {
    let format = match media_type {
        "application/pdf" => "pdf",
        "image/jpeg" => "jpg",
        "image/png" => "png",
        _ => return false,
    };
    formats.is_empty() || formats.iter().any(|own| own == format)
}

/// The name without folders and without characters that cannot be seen or that turn the text around.
///
/// # Errors
/// [`ServiceError::Invalid`] when nothing is left of it.
pub(super) fn plain_name(name: &str) -> Result<String, ServiceError> {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let seen = last.chars().filter(|c| hidden_character(c.encode_utf8(&mut [0; 4]), false).is_none());
    let plain: String = seen.take(LONGEST_NAME).collect();
    let plain = plain.trim();
    if plain.is_empty() || plain.chars().all(|c| c == '.') {
        return Err(ServiceError::field(
            "name",
            "请给出文件名，例如“营业执照.pdf”。",
            "Give the file a name, for instance “licence.pdf”.",
        ));
    }
    Ok(plain.to_owned())
}
