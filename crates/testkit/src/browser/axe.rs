//! axe-core in the page: accessibility violations of WCAG 2.2 AA and best practice.

use super::{BrowserError, Tab, at};

/// One rule that some elements of the page break.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// Rule of axe-core: `color-contrast`.
    pub rule: String,
    /// What it demands.
    pub help: String,
    /// The elements, with what axe says about each.
    pub nodes: Vec<String>,
}

const RUN: &str = "axe.run(document, {resultTypes: ['violations']}).then(r => JSON.stringify(r.violations.map(v => ({
    rule: v.id, help: v.help,
    nodes: v.nodes.map(n => n.target.join(' ') + ' · ' + n.any.concat(n.all, n.none).map(c => c.message).join('; '))
}))))";

impl Tab {
    /// Runs axe-core over the page. `YICHUANG_AXE` names `axe.min.js` (npm package `axe-core`); without it this fails.
    pub async fn axe(&self) -> Result<Vec<Violation>, BrowserError> {
        let path = std::env::var("YICHUANG_AXE").map_err(|_| BrowserError::File {
            path: "YICHUANG_AXE".to_owned(),
            reason: "must name axe.min.js of the npm package axe-core".to_owned(),
        })?;
        let source = std::fs::read_to_string(&path)
            .map_err(|error| BrowserError::File { path: path.clone(), reason: error.to_string() })?;
        self.eval(&format!("{source};0")).await?;
        let found = self.eval(RUN).await?;
        let found: serde_json::Value = serde_json::from_str(found.as_str().unwrap_or("[]"))
            .map_err(|error| BrowserError::Script(error.to_string()))?;
        let word = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
        let violations = found.as_array().cloned().unwrap_or_default();
        Ok(violations
            .iter()
            .map(|violation| Violation {
                rule: word(at(violation, "/rule")),
                help: word(at(violation, "/help")),
                nodes: at(violation, "/nodes")
                    .as_array()
                    .map(|nodes| nodes.iter().map(word).collect())
                    .unwrap_or_default(),
            })
            .collect())
    }
}
