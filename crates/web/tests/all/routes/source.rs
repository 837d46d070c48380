//! The routes as the source declares them: axum cannot list a router's addresses, so the text of `.route(…)` is read.

use std::path::Path;

/// One address with one method.
pub struct Declared {
    /// `METHOD /path`.
    pub line: String,
    /// File below `src`.
    pub file: String,
}

/// Addresses of the API that stand outside of its prefix.
const BARE: [&str; 4] = ["/openapi.json", "/healthz", "/readyz", "/metrics"];

/// Every `METHOD /path` of the crate.
pub fn declared() -> Vec<Declared> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let (mut folders, mut found) = (vec![root.clone()], Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let file = path.strip_prefix(&root).unwrap().to_string_lossy().replace('\\', "/");
                found.extend(of_text(&std::fs::read_to_string(&path).unwrap(), &file));
            }
        }
    }
    assert!(found.len() > 60, "the routes were found");
    found
}

fn of_text(text: &str, file: &str) -> Vec<Declared> {
    let mut found = Vec::new();
    for part in text.split(".route(").skip(1) {
        let call = until_closed(part);
        let mut quoted = call.split('"');
        let path = quoted.nth(1).unwrap();
        let handlers: String = quoted.collect();
        let prefix = if file.starts_with("api/") && !BARE.contains(&path) { "/api/v1" } else { "" };
        let before = found.len();
        for method in ["get", "post", "head", "patch", "put", "delete"] {
            let named = |mark: &str| handlers.contains(&format!("{mark}{method}("));
            if named(" ") || named(".") {
                let line = format!("{} {prefix}{path}", method.to_uppercase());
                found.push(Declared { line, file: file.to_owned() });
            }
        }
        assert!(found.len() > before, "{file}: no method of {path} was recognised");
    }
    found
}

/// The arguments of a call whose opening parenthesis has been read.
fn until_closed(text: &str) -> &str {
    let mut depth = 1;
    for (at, sign) in text.char_indices() {
        match sign {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return &text[..at];
        }
    }
    text
}
