//! The file widget: drop, choose or photograph; progress; resume after a lost connection.

use super::{Icon, html_safe};
use crate::i18n::T;
use askama::Template;

/// A file that the server has.
#[derive(Debug, Clone)]
pub struct UploadedFile {
    /// Id of the upload, sent back with the form.
    pub id: String,
    /// Name on the person's machine.
    pub name: String,
    /// Bytes.
    pub size: u64,
    /// Address at which its owner can look at it.
    pub href: String,
}

impl UploadedFile {
    fn human_size(&self) -> String {
        match self.size {
            0..1_000 => format!("{} B", self.size),
            1_000..1_000_000 => format!("{} KB", self.size.div_ceil(1_000)),
            size => format!("{}.{} MB", size / 1_000_000, size % 1_000_000 / 100_000),
        }
    }
}

/// One material: what there is, and a way to add more.
///
/// Without JavaScript it is `<input type="file" name="{name}">` in a form with `enctype="multipart/form-data"`, with
/// a button `do=upload:{name}`. With JavaScript `js/upload.js` sends the file to `endpoint` by tus 1.0
/// (`POST` with `Upload-Length` and `Upload-Metadata`, then `PATCH`; after a loss `HEAD` and on), shows the progress,
/// and adds a hidden field `{name}.upload` with the last segment of the `Location`. The files listed here are sent
/// with the same hidden field; the button `do=drop:{id}` removes one.
#[derive(Debug, Clone, Template)]
#[template(path = "kit/upload.html")]
pub struct Upload {
    t: T,
    name: String,
    id: String,
    label: String,
    hint: String,
    error: String,
    endpoint: String,
    accept: String,
    formats: String,
    max_bytes: u64,
    files: Vec<UploadedFile>,
    many: bool,
}

impl Upload {
    /// `endpoint` takes tus requests: `/uploads`.
    pub fn new(t: T, name: impl Into<String>, label: impl Into<String>, endpoint: impl Into<String>) -> Upload {
        let name = name.into();
        Upload {
            t,
            id: super::anchor(&name),
            name,
            label: label.into(),
            hint: String::new(),
            error: String::new(),
            endpoint: endpoint.into(),
            accept: String::new(),
            formats: String::new(),
            max_bytes: 0,
            files: Vec::new(),
            many: false,
        }
    }

    /// File types of `pdf jpg png`, and the greatest size in bytes.
    pub fn limits(mut self, formats: &[String], max_bytes: u64) -> Upload {
        let all = ["pdf".to_owned(), "jpg".to_owned(), "png".to_owned()];
        let formats = if formats.is_empty() { &all[..] } else { formats };
        let types = formats.iter().map(|format| match format.as_str() {
            "pdf" => ".pdf,application/pdf".to_owned(),
            "jpg" => ".jpg,.jpeg,image/jpeg".to_owned(),
            "png" => ".png,image/png".to_owned(),
            other => format!(".{other}"),
        });
        self.accept = types.collect::<Vec<_>>().join(",");
        self.formats = formats.join(" / ").to_uppercase();
        self.max_bytes = max_bytes;
        self
    }

    /// What to look out for.
    pub fn hint(mut self, hint: impl Into<String>) -> Upload {
        self.hint = hint.into();
        self
    }

    /// What is wrong.
    pub fn error(mut self, error: impl Into<String>) -> Upload {
        self.error = error.into();
        self
    }

    /// A file that is there already.
    pub fn file(mut self, file: UploadedFile) -> Upload {
        self.files.push(file);
        self
    }

    /// More than one file may be given.
    pub fn many(mut self) -> Upload {
        self.many = true;
        self
    }

    fn megabytes(&self) -> u64 {
        self.max_bytes / 1_000_000
    }

    fn described_by(&self) -> String {
        let parts = [(self.hint.is_empty(), "hint"), (self.error.is_empty(), "error")];
        let mut ids: Vec<_> =
            parts.iter().filter(|(empty, _)| !empty).map(|(_, part)| format!("{}-{part}", self.id)).collect();
        ids.push(format!("{}-limits", self.id));
        ids.join(" ")
    }
}

html_safe!(Upload);
