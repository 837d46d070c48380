//! Styles, scripts and pictures, embedded in the binary and served under addresses that contain a hash of their
//! content, so that a browser may keep them for ever and still gets the new ones after an upgrade.
//!
//! All files of `assets/` share one hash (`/static/<hash>/js/app.js`), hence ES modules import each other by relative
//! address. The stylesheets of `assets/css/` are joined, in the order of their names, into one `app.css`.

use axum::Router;
use axum::extract::Path;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use bytes::Bytes;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::io::Write as _;
use std::sync::{LazyLock, OnceLock};

#[derive(rust_embed::RustEmbed)]
#[folder = "assets/"]
struct Files;

struct Asset {
    kind: &'static str,
    plain: Bytes,
    /// Compressed at the first request; `None` when compression does not help.
    gzip: OnceLock<Option<Bytes>>,
}

struct Assets {
    hash: String,
    files: BTreeMap<String, Asset>,
}

static ASSETS: LazyLock<Assets> = LazyLock::new(Assets::load);

const FOREVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
/// For an address with a stale hash: a page that was open during an upgrade still works, and nothing is kept.
const ONCE: HeaderValue = HeaderValue::from_static("no-cache");

impl Assets {
    fn load() -> Assets {
        let mut files = BTreeMap::new();
        let mut css = Vec::new();
        // `iter` is sorted in release builds only.
        let names: std::collections::BTreeSet<_> = Files::iter().collect();
        for name in names {
            let Some(file) = Files::get(&name) else { continue };
            if name.starts_with("css/") {
                css.extend(without_comments(&String::from_utf8_lossy(&file.data)).into_bytes());
            } else {
                files.insert(name.to_string(), Asset::new(&name, file.data.into_owned()));
            }
        }
        files.insert("app.css".to_owned(), Asset::new("app.css", css));
        let mut hasher = Sha256::new();
        for (name, asset) in &files {
            hasher.update(name.as_bytes());
            hasher.update(Sha256::digest(&asset.plain));
        }
        let hash = hex::encode(hasher.finalize()).chars().take(12).collect();
        Assets { hash, files }
    }
}

impl Asset {
    fn new(name: &str, data: Vec<u8>) -> Asset {
        Asset { kind: media_type(name), plain: Bytes::from(data), gzip: OnceLock::new() }
    }

    fn gzip(&self) -> Option<Bytes> {
        self.gzip
            .get_or_init(|| {
                let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
                encoder.write_all(&self.plain).ok()?;
                let packed = encoder.finish().ok()?;
                (packed.len() < self.plain.len() * 9 / 10).then(|| Bytes::from(packed))
            })
            .clone()
    }
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or("") {
        "css" => "text/css; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "svg" => "image/svg+xml",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "wasm" => "application/wasm",
        "woff2" => "font/woff2",
        "txt" | "ftl" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

/// Drops `/* … */` and indentation: the rest is left to gzip. None of our strings contains a comment mark.
fn without_comments(css: &str) -> String {
    let mut out = String::with_capacity(css.len());
    let mut rest = css;
    while let Some((before, after)) = rest.split_once("/*") {
        out.push_str(before);
        rest = after.split_once("*/").map_or("", |(_, after)| after);
    }
    out.push_str(rest);
    out.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n") + "\n"
}

/// The address of an asset: `url("app.css")`, `url("js/app.js")`, `url("mark.svg")`.
pub fn url(name: &str) -> String {
    format!("/static/{}/{name}", ASSETS.hash)
}

/// The hash in the addresses, twelve hexadecimal digits: changes exactly when some asset changes.
pub fn version() -> &'static str {
    &ASSETS.hash
}

/// The text of an asset; `None` for an unknown name.
pub(crate) fn text(name: &str) -> Option<&'static str> {
    ASSETS.files.get(name).and_then(|asset| std::str::from_utf8(&asset.plain).ok())
}

/// Number of bytes that a browser receives for an asset, compressed; `None` for an unknown name.
pub fn transfer_size(name: &str) -> Option<usize> {
    ASSETS.files.get(name).map(|asset| asset.gzip().map_or(asset.plain.len(), |packed| packed.len()))
}

/// `GET /static/{hash}/{path}`.
pub fn routes<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new().route("/static/{hash}/{*path}", get(serve))
}

async fn serve(Path((hash, name)): Path<(String, String)>, request: HeaderMap) -> Response {
    let Some(asset) = ASSETS.files.get(&name) else { return StatusCode::NOT_FOUND.into_response() };
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(asset.kind));
    headers.insert(header::CACHE_CONTROL, if hash == ASSETS.hash { FOREVER } else { ONCE });
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    let packed = accepts_gzip(&request).then(|| asset.gzip()).flatten();
    if packed.is_some() {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    (headers, packed.unwrap_or_else(|| asset.plain.clone())).into_response()
}

fn accepts_gzip(request: &HeaderMap) -> bool {
    let accepted = request.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or("");
    accepted.split(',').any(|part| {
        let (name, quality) = part.split_once(';').unwrap_or((part, ""));
        matches!(name.trim(), "gzip" | "*") && quality.replace(' ', "") != "q=0"
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_go_and_rules_stay() {
        assert_eq!(without_comments("a{}/* x */\n  b{} /* y"), "a{}\nb{}\n");
    }

    #[test]
    fn gzip_is_sent_only_to_those_who_take_it() {
        let with = |value: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static(value));
            accepts_gzip(&headers)
        };
        assert!(with("br, gzip"));
        assert!(with("*"));
        assert!(!with("gzip;q=0"));
        assert!(!with("br"));
        assert!(!accepts_gzip(&HeaderMap::new()));
    }

    #[test]
    fn the_first_page_stays_light() {
        let sizes: usize = ["app.css", "js/app.js", "mark.svg"].iter().filter_map(|name| transfer_size(name)).sum();
        assert!(sizes > 1_000 && sizes < 30_000, "{sizes} bytes leave too little of the 60 KB for the page itself");
    }
}
