//! Carriers behind one trait. The one that comes with the program keeps files in a folder: labels for a printer or a carrier's own
//! program to take, and reports that somebody puts there.

use std::fs;
use std::path::{Path, PathBuf};

use domain::post::{Event, EventKind, is_number, number};
use domain::text::Text;
use domain::time::Timestamp;

/// Longest file of reports that is read, in bytes.
const MAX_BYTES: u64 = 4 << 20;
/// Longest words of a carrier, in characters.
const MAX_NOTE: usize = 200;

/// Reports that came together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reports {
    /// By which name the carrier knows them.
    pub name: String,
    /// Numbers of items with what is said of each.
    pub events: Vec<(String, Event)>,
    /// Lines that say nothing that can be understood, with why.
    pub faults: Vec<String>,
}

/// A carrier.
pub trait Carrier: Send + Sync {
    /// The name of its service on labels.
    fn service(&self) -> Text;

    /// Orders the posting of an item. `sequence` was never given before.
    ///
    /// # Errors
    /// Why it gives no number.
    fn order(&self, sequence: i64) -> Result<String, String>;

    /// Keeps the label of an item (PDF).
    ///
    /// # Errors
    /// Why it cannot.
    fn keep_label(&self, number: &str, pdf: &[u8]) -> Result<(), String>;

    /// Forgets what it keeps with the name and address of an item.
    ///
    /// # Errors
    /// Why it cannot.
    fn forget(&self, number: &str) -> Result<(), String>;

    /// What it has to report since [`Carrier::taken`] was said last; at most a few at a time.
    ///
    /// # Errors
    /// Why it does not answer.
    fn reports(&self) -> Result<Vec<Reports>, String>;

    /// These reports are noted and need not come again.
    ///
    /// # Errors
    /// Why it did not hear that.
    fn taken(&self, reports: &Reports) -> Result<(), String>;
}

/// Files in a folder: `labels/<number>.pdf`, and `status/*.csv` with lines `number,event,time,note`, which are moved to `status/taken`.
#[derive(Debug)]
pub struct FolderCarrier {
    folder: PathBuf,
    prefix: String,
    service: Text,
}

impl FolderCarrier {
    /// In a folder, which is made when it is needed. `prefix` is the kind of service, two capital letters.
    pub fn new(folder: impl Into<PathBuf>, prefix: &str, service: Text) -> FolderCarrier {
        FolderCarrier { folder: folder.into(), prefix: prefix.to_owned(), service }
    }

    fn label(&self, number: &str) -> Result<PathBuf, String> {
        // The number becomes the name of a file.
        if !is_number(number) {
            return Err(format!("{number} is no number of this carrier"));
        }
        Ok(self.folder.join("labels").join(format!("{number}.pdf")))
    }
}

fn said(path: &Path, error: &std::io::Error) -> String {
    format!("{}: {error}", path.display())
}

impl Carrier for FolderCarrier {
    fn service(&self) -> Text {
        self.service.clone()
    }

    fn order(&self, sequence: i64) -> Result<String, String> {
        Ok(number(&self.prefix, sequence))
    }

    fn keep_label(&self, number: &str, pdf: &[u8]) -> Result<(), String> {
        let path = self.label(number)?;
        let partial = path.with_extension("partial");
        let folder = self.folder.join("labels");
        fs::create_dir_all(&folder).map_err(|error| said(&folder, &error))?;
        fs::write(&partial, pdf).map_err(|error| said(&partial, &error))?;
        fs::rename(&partial, &path).map_err(|error| said(&path, &error))
    }

    fn forget(&self, number: &str) -> Result<(), String> {
        let path = self.label(number)?;
        match fs::remove_file(&path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(said(&path, &error)),
            _ => Ok(()),
        }
    }

    fn reports(&self) -> Result<Vec<Reports>, String> {
        let folder = self.folder.join("status");
        let Ok(entries) = fs::read_dir(&folder) else { return Ok(Vec::new()) };
        let mut paths: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
        paths.retain(|path| path.extension().is_some_and(|ending| ending == "csv") && path.is_file());
        paths.sort();
        paths.truncate(20);
        paths.iter().map(|path| read(path)).collect()
    }

    fn taken(&self, reports: &Reports) -> Result<(), String> {
        let (from, folder) = (self.folder.join("status").join(&reports.name), self.folder.join("status/taken"));
        fs::create_dir_all(&folder).map_err(|error| said(&folder, &error))?;
        fs::rename(&from, folder.join(&reports.name)).map_err(|error| said(&from, &error))
    }
}

fn read(path: &Path) -> Result<Reports, String> {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let size = fs::metadata(path).map_err(|error| said(path, &error))?.len();
    if size > MAX_BYTES {
        return Ok(Reports { name, faults: vec!["the file is too large".into()], ..Reports::default() });
    }
    let bytes = fs::read(path).map_err(|error| said(path, &error))?;
    let text = String::from_utf8_lossy(&bytes);
    let mut reports = Reports { name, ..Reports::default() };
    for (at, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
        if line.trim().is_empty() || line.starts_with("number,") {
            continue;
        }
        match event(line) {
            Some(found) => reports.events.push(found),
            None => reports.faults.push(format!("line {}: write number,event,time,note", at + 1)),
        }
    }
    Ok(reports)
}

/// `EZ473124829CN,delivered,2026-11-23T10:00:00+08:00,门卫代收`.
fn event(line: &str) -> Option<(String, Event)> {
    let mut fields = line.splitn(4, ',').map(str::trim);
    let (number, kind, at) = (fields.next()?, EventKind::parse(fields.next()?)?, fields.next()?);
    let at: jiff::Timestamp = at.parse().ok()?;
    let note: String = fields.next().unwrap_or_default().chars().filter(|c| !c.is_control()).take(MAX_NOTE).collect();
    is_number(number)
        .then(|| (number.to_owned(), Event { kind, at: Timestamp::from_micros(at.as_microsecond()), note }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_a_report_or_a_fault() {
        let (number, own) = event("EZ473124829CN, delivered ,2026-11-23T10:00:00+08:00,门卫,代收").unwrap();
        assert_eq!(
            (number.as_str(), own.kind, own.note.as_str()),
            ("EZ473124829CN", EventKind::Delivered, "门卫,代收")
        );
        assert_eq!(own.at.rfc3339(), "2026-11-23T10:00:00+08:00");
        for wrong in [
            "",
            "EZ473124829CN",
            "EZ473124829CN,lost,2026-11-23T10:00:00+08:00,",
            "EZ473124829CN,delivered,yesterday,",
            "EZ473124828CN,delivered,2026-11-23T10:00:00+08:00,",
            "../../x,delivered,2026-11-23T10:00:00+08:00,",
        ] {
            assert_eq!(event(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn files_are_taken_once_and_labels_forgotten() {
        let folder = tempfile::tempdir().unwrap();
        let own = FolderCarrier::new(folder.path(), "EZ", Text::new("政务寄递", "Government mail"));
        assert_eq!(own.reports().unwrap(), []);
        let number = own.order(7).unwrap();
        own.keep_label(&number, b"%PDF").unwrap();
        assert_eq!(fs::read(folder.path().join(format!("labels/{number}.pdf"))).unwrap(), b"%PDF");
        assert!(own.keep_label("../x", b"").is_err() && own.forget("../x").is_err());
        own.forget(&number).unwrap();
        own.forget(&number).unwrap();
        assert_eq!(fs::read_dir(folder.path().join("labels")).unwrap().count(), 0);
        fs::create_dir_all(folder.path().join("status")).unwrap();
        let lines =
            format!("\u{feff}number,event,time,note\n{number},accepted,2026-11-23T10:00:00+08:00,\n\nnonsense\n");
        fs::write(folder.path().join("status/1.csv"), lines).unwrap();
        let found = own.reports().unwrap();
        assert_eq!((found[0].events.len(), found[0].faults.len(), found[0].name.as_str()), (1, 1, "1.csv"));
        own.taken(&found[0]).unwrap();
        assert_eq!(own.reports().unwrap(), []);
        assert!(folder.path().join("status/taken/1.csv").is_file());
    }
}
