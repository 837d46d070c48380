//! The summary of what is wrong with a form, and the addresses to which it leads.

use super::{Icon, html_safe};
use crate::i18n::T;
use askama::Template;

/// The `id` of the control with this name; error summaries link to `#` and this: `partners[1].name` → `f-partners-1-name`.
pub fn anchor(name: &str) -> String {
    let mut out = String::from("f");
    for part in name.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|part| !part.is_empty()) {
        out.push('-');
        out.push_str(part);
    }
    out
}

/// What is wrong with a form, first thing on the page; takes the focus. Each line links to its field.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "kit/error_summary.html")]
pub struct ErrorSummary {
    t: T,
    items: Vec<(String, String)>,
}

impl ErrorSummary {
    /// An empty summary, which renders as nothing.
    pub fn new(t: T) -> ErrorSummary {
        ErrorSummary { t, items: Vec::new() }
    }

    /// Adds a problem of the field with this name.
    pub fn push(&mut self, name: &str, message: impl Into<String>) {
        self.items.push((format!("#{}", anchor(name)), message.into()));
    }

    /// Adds a problem of the whole form.
    pub fn push_general(&mut self, message: impl Into<String>) {
        self.items.push((String::new(), message.into()));
    }

    /// True when nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    fn count(&self) -> usize {
        self.items.len()
    }
}

html_safe!(ErrorSummary);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kit::Field;
    use domain::text::Lang;

    #[test]
    fn every_name_has_an_address_for_the_error_summary() {
        assert_eq!(anchor("area"), "f-area");
        assert_eq!(anchor("partners[1].name"), "f-partners-1-name");
        let t = T::new(Lang::Zh);
        let field = Field::text(t, "partners[1].name", "姓名").error("请填写姓名").value("\"><script>");
        let html = field.to_string();
        assert!(html.contains(r#"id="f-partners-1-name""#) && html.contains("aria-invalid=\"true\""), "{html}");
        assert!(!html.contains("<script>"), "{html}");
        let mut summary = ErrorSummary::new(t);
        assert_eq!(summary.to_string().trim(), "");
        summary.push("partners[1].name", "请填写姓名");
        assert!(summary.to_string().contains("href=\"#f-partners-1-name\""));
    }
}
