//! Forms that carry files, for people without scripts. With scripts files come in pieces, see `uploads.rs`.

use axum::body::Bytes;
use axum::body::to_bytes;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::accounts::Actor;
use service::cases::{MAX_FILE_BYTES, begin_upload, continue_upload, whole};
use service::{City, ServiceError};

use crate::app::{App, Failure, Visit, same_origin};

/// Largest form with its files, in bytes: two files of the greatest size and the fields.
const MAX_BYTES: usize = (MAX_FILE_BYTES as usize) * 2 + (1 << 20);
/// Most parts of one form.
const MAX_PARTS: usize = 500;

/// One file of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sent {
    /// Name of the field.
    pub field: String,
    /// Name on the person's machine.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// A posted form with its files, checked like [`crate::app::Posted`].
pub(crate) struct Mixed {
    /// Who posted it.
    pub visit: Visit,
    /// Names and values.
    pub pairs: Vec<(String, String)>,
    /// Files that are not empty.
    pub files: Vec<Sent>,
}

impl Mixed {
    /// The first value of a field; empty when there is none.
    pub(crate) fn get(&self, name: &str) -> &str {
        self.pairs.iter().find(|(own, _)| own == name).map_or("", |(_, value)| value.as_str())
    }

    /// Every value of a field.
    pub(crate) fn all(&self, name: &str) -> Vec<String> {
        self.pairs.iter().filter(|(own, _)| own == name).map(|(_, value)| value.clone()).collect()
    }
}

impl FromRequest<App> for Mixed {
    type Rejection = Response;

    async fn from_request(request: Request, app: &App) -> Result<Mixed, Response> {
        let (mut parts, body) = request.into_parts();
        let visit = Visit::from_request_parts(&mut parts, app).await.map_err(IntoResponse::into_response)?;
        if !same_origin(&parts.headers) {
            return Err(Failure::forged().into_response());
        }
        let kind = parts.headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or("").to_owned();
        let bytes = to_bytes(body, MAX_BYTES)
            .await
            .map_err(|_| Failure::status(StatusCode::PAYLOAD_TOO_LARGE).into_response())?;
        let (pairs, files) = match boundary(&kind) {
            Some(boundary) => {
                parse(&bytes, &boundary).ok_or_else(|| Failure::status(StatusCode::BAD_REQUEST).into_response())?
            }
            None => {
                let pairs = form_urlencoded::parse(&bytes);
                (pairs.map(|(name, value)| (name.into_owned(), value.into_owned())).collect(), Vec::new())
            }
        };
        let mixed = Mixed { visit, pairs, files };
        let expected = mixed.visit.signed_in.as_ref().map(|signed_in| signed_in.csrf.as_str());
        if expected.is_some_and(|csrf| mixed.get("csrf") != csrf) {
            return Err(Failure::forged().into_response());
        }
        Ok(mixed)
    }
}

/// The boundary of `multipart/form-data; boundary=…`.
fn boundary(kind: &str) -> Option<String> {
    let (media, parameters) = kind.split_once(';')?;
    if !media.trim().eq_ignore_ascii_case("multipart/form-data") {
        return None;
    }
    let value = parameters.split(';').find_map(|parameter| parameter.trim().strip_prefix("boundary="))?;
    let value = value.trim_matches('"');
    (!value.is_empty() && value.len() <= 70).then(|| value.to_owned())
}

type Parts = (Vec<(String, String)>, Vec<Sent>);

/// Reads the parts (RFC 7578); `None` when the form is cut off or is none.
fn parse(body: &[u8], boundary: &str) -> Option<Parts> {
    let delimiter = format!("\r\n--{boundary}");
    let (mut pairs, mut files) = (Vec::new(), Vec::new());
    let mut rest = body.strip_prefix(format!("--{boundary}").as_bytes())?;
    for _ in 0..=MAX_PARTS {
        if rest.starts_with(b"--") {
            return Some((pairs, files));
        }
        let part = rest.strip_prefix(b"\r\n")?;
        let end = find(part, delimiter.as_bytes())?;
        let (part, after) = (part.get(..end)?, part.get(end + delimiter.len()..)?);
        let split = find(part, b"\r\n\r\n")?;
        let (head, content) = (String::from_utf8_lossy(part.get(..split)?), part.get(split + 4..)?);
        let name = attribute(&head, "name")?;
        match attribute(&head, "filename") {
            Some(file) if !content.is_empty() => {
                files.push(Sent { field: name, name: file, bytes: content.to_vec() });
            }
            Some(_) => {}
            None => pairs.push((name, String::from_utf8_lossy(content).into_owned())),
        }
        rest = after;
    }
    None
}

/// Where `needle` begins. It starts with CR, which is rare in files, so the search jumps from one to the next.
fn find(hay: &[u8], needle: &[u8]) -> Option<usize> {
    let mut from = 0;
    loop {
        let at = from + hay.get(from..)?.iter().position(|byte| *byte == b'\r')?;
        if hay.get(at..)?.starts_with(needle) {
            return Some(at);
        }
        from = at + 1;
    }
}

/// `name="…"` of the Content-Disposition line. Browsers write `%22` for a quotation mark inside.
fn attribute(head: &str, wanted: &str) -> Option<String> {
    let line = head.lines().find(|line| line.to_ascii_lowercase().starts_with("content-disposition:"))?;
    let marker = format!("; {wanted}=\"");
    let (_, value) = line.split_once(marker.as_str())?;
    let (value, _) = value.split_once('"')?;
    Some(value.replace("%22", "\"").replace("%0D%0A", "\n"))
}

/// Keeps a file that came with a form; answers the id of the upload.
pub(crate) async fn keep(city: &City, actor: &Actor, file: &Sent) -> Result<String, ServiceError> {
    let size = i64::try_from(file.bytes.len()).unwrap_or(i64::MAX);
    let upload = begin_upload(city, actor, &file.name, size, None).await?;
    continue_upload(city, actor, &upload.id, 0, whole(Bytes::copy_from_slice(&file.bytes))).await?;
    Ok(upload.id)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FORM: &str = "--X\r\nContent-Disposition: form-data; name=\"do\"\r\n\r\nnext\r\n--X\r\n\
        Content-Disposition: form-data; name=\"plan\"; filename=\"图\u{20bb7}·1.pdf\"\r\nContent-Type: application/pdf\r\n\r\n\
        %PDF-\r\n--Y\r\n\r\n--X\r\nContent-Disposition: form-data; name=\"none\"; filename=\"\"\r\n\r\n\r\n--X--\r\n";

    #[test]
    fn fields_and_files_are_told_apart_and_bytes_stay_as_they_are() {
        let (pairs, files) = parse(FORM.as_bytes(), "X").unwrap();
        assert_eq!(pairs, [("do".to_owned(), "next".to_owned())]);
        assert_eq!(files.len(), 1);
        assert_eq!((files[0].field.as_str(), files[0].name.as_str()), ("plan", "图\u{20bb7}·1.pdf"));
        assert_eq!(files[0].bytes, b"%PDF-\r\n--Y\r\n");
    }

    #[test]
    fn a_form_that_is_cut_off_is_no_form() {
        for end in 0..FORM.len() - 4 {
            assert_eq!(parse(&FORM.as_bytes()[..end], "X"), None, "{end}");
        }
    }

    #[test]
    fn only_multipart_has_a_boundary() {
        assert_eq!(boundary("multipart/form-data; boundary=abc"), Some("abc".to_owned()));
        assert_eq!(boundary("multipart/form-data; boundary=\"a b\""), Some("a b".to_owned()));
        for other in ["application/x-www-form-urlencoded", "multipart/mixed; boundary=a", "multipart/form-data; x=1"] {
            assert_eq!(boundary(other), None, "{other}");
        }
    }
}
