//! A page as somebody hears it: landmarks, headings, links, fields and words, one line each, small enough to review.

/// A tag of our own templates: name, attributes, whether it closes.
struct Tag<'h> {
    name: &'h str,
    rest: &'h str,
    closing: bool,
}

impl<'h> Tag<'h> {
    fn attribute(&self, name: &str) -> Option<&'h str> {
        let at = self.rest.find(&format!(" {name}=\""))?;
        self.rest[at + name.len() + 3..].split('"').next()
    }

    fn has(&self, word: &str) -> bool {
        self.rest.split_whitespace().any(|part| part.trim_end_matches('/') == word)
    }
}

const LANDMARKS: [&str; 7] = ["header", "nav", "main", "aside", "footer", "form", "section"];
const SKIPPED: [&str; 4] = ["script", "style", "svg", "head"];
const INLINE: [&str; 14] =
    ["a", "span", "strong", "b", "i", "small", "time", "code", "em", "abbr", "button", "label", "bdi", "progress"];

#[derive(Default)]
struct Outline {
    lines: Vec<String>,
    line: String,
    depth: usize,
    link: Option<String>,
}

impl Outline {
    fn end_line(&mut self) {
        let text = self.line.split_whitespace().collect::<Vec<_>>().join(" ");
        if !text.is_empty() && text != "-" {
            self.lines.push(format!("{}{}", "  ".repeat(self.depth), mask(&text)));
        }
        self.line.clear();
    }

    fn open(&mut self, tag: &Tag<'_>) {
        match tag.name {
            "a" => self.link = tag.attribute("href").map(text),
            "button" => self.line.push_str(" ["),
            "input" => self.input(tag),
            "textarea" | "select" => {
                self.line.push_str(&format!(" ({} {})", tag.name, tag.attribute("name").unwrap_or("")))
            }
            "option" if tag.has("selected") => self.line.push_str(" chosen:"),
            "li" => self.line.push_str("- "),
            "h1" => self.line.push_str("# "),
            "h2" => self.line.push_str("## "),
            "h3" => self.line.push_str("### "),
            name if LANDMARKS.contains(&name) => {
                let label = tag.attribute("aria-label").unwrap_or_default();
                self.lines.push(format!("{}<{name}> {label}", "  ".repeat(self.depth)).trim_end().to_owned());
                self.depth += 1;
            }
            _ => {}
        }
    }

    fn input(&mut self, tag: &Tag<'_>) {
        let kind = tag.attribute("type").unwrap_or("text");
        let (name, value) = (tag.attribute("name").unwrap_or_default(), tag.attribute("value").unwrap_or_default());
        if kind != "hidden" {
            let checked = if tag.has("checked") { " checked" } else { "" };
            self.line.push_str(&format!(" ({kind} {name}={value}{checked}) "));
        }
    }

    fn close(&mut self, name: &str) {
        match name {
            "a" => {
                if let Some(href) = self.link.take() {
                    self.line.push_str(&format!(" → {href} "));
                }
            }
            "button" => self.line.push(']'),
            // Neighbours in a row stand apart on the page; here a space says so.
            "span" => self.line.push(' '),
            name if LANDMARKS.contains(&name) => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
    }
}

/// The outline of the first element `root` of a page, or of the whole body.
pub fn outline(html: &str, root: &str) -> String {
    let title = html.split("<title>").nth(1).and_then(|rest| rest.split("</title>").next()).unwrap_or_default();
    let start = html.find(&format!("<{root}")).unwrap();
    let end = html.rfind(&format!("</{root}>")).unwrap();
    let mut outline = Outline { lines: vec![format!("title: {}", text(title))], ..Outline::default() };
    let mut rest = &html[start..end];
    while let Some((before, after)) = rest.split_once('<') {
        outline.line.push_str(&text(before));
        let (inside, behind) = after.split_once('>').unwrap();
        rest = behind;
        let closing = inside.starts_with('/');
        let inside = inside.trim_start_matches('/');
        let name = inside.split([' ', '/']).next().unwrap();
        let tag = Tag { name, rest: &inside[name.len()..], closing };
        if !tag.closing && SKIPPED.contains(&name) {
            rest = rest.split_once(&format!("</{name}>")).unwrap().1;
            continue;
        }
        if !INLINE.contains(&name) && name != "input" {
            outline.end_line();
        }
        if tag.closing { outline.close(name) } else { outline.open(&tag) }
    }
    outline.end_line();
    outline.lines.join("\n")
}

fn text(html: &str) -> String {
    [("&#60;", "<"), ("&#62;", ">"), ("&#34;", "\""), ("&#39;", "'"), ("&#38;", "&")]
        .iter()
        .fold(html.to_owned(), |text, (from, to)| text.replace(from, to))
}

/// Ids, public ids and digests, which say nothing and would differ after any change elsewhere.
fn mask(line: &str) -> String {
    let mut out = String::new();
    let mut word = String::new();
    for c in line.chars().chain(std::iter::once('\n')) {
        if c.is_ascii_alphanumeric() || c == '-' || c == '_' {
            word.push(c);
            continue;
        }
        out.push_str(masked(&word));
        word.clear();
        out.push(c);
    }
    out.trim_end().to_owned()
}

fn masked(word: &str) -> &str {
    let lower = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let uuid = word.len() == 36 && word.split('-').map(str::len).eq([8, 4, 4, 4, 12]);
    match word.len() {
        _ if uuid => "‹id›",
        26 if word.chars().all(lower) => "‹public id›",
        60.. => "‹proof›",
        32.. if word.chars().all(|c| c.is_ascii_hexdigit()) => "‹digest›",
        _ => word,
    }
}
