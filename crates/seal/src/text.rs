//! Text inside XML.

/// Escapes text for element content and quoted attributes, and drops characters that XML does not allow.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\u{fffe}' | '\u{ffff}' => {}
            char if char.is_control() => out.push(' '),
            char => out.push(char),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_escapes_its_element() {
        assert_eq!(escape("<b a=\"1\" c='2'>&\u{0}\u{ffff}"), "&lt;b a=&quot;1&quot; c=&#39;2&#39;&gt;&amp; ");
    }
}
