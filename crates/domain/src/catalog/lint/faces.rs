//! The faces of licences: each can be printed, and each licence type names one that is there.

use super::{Report, say};
use crate::catalog::finding::Finding;
use crate::catalog::load::{Catalogue, FACES, Files, LicenceType};
use crate::catalog::source::Source;

const CHECK: &str = "licence-face";

/// Whether a file below `licence-types/` is none that is read.
pub(super) fn is_stray(name: &str) -> bool {
    let inner = name.strip_prefix("faces/").unwrap_or(name);
    !inner.ends_with(".json") || inner.contains('/')
}

pub(super) fn check(files: &Files, catalogue: &Catalogue, findings: &mut Vec<Finding>) {
    for (id, face) in &catalogue.faces {
        let Some((file, text)) = files.get_key_value(&format!("{FACES}{id}.json")) else { continue };
        let Ok(source) = Source::parse(file, text) else { continue };
        let mut report = Report { source: &source, findings };
        report.require(
            face.id == *id,
            "/id",
            CHECK,
            say(format!("id 与文件名“{id}”不同。"), format!("The id differs from the file name “{id}”.")),
            say("请使两者相同。", "Make them the same."),
        );
        for (pointer, wrong) in face.faults() {
            report.error(&pointer, CHECK, wrong, say("请改正版面。", "Correct the face."));
        }
    }
    for (id, licence_type) in &catalogue.licence_types {
        let Some((file, text)) = files.get_key_value(&format!("licence-types/{id}.json")) else { continue };
        if let Ok(source) = Source::parse(file, text) {
            named(licence_type, catalogue, &mut Report { source: &source, findings });
        }
    }
}

/// The face that a type names is there, and so are the fields that it sends to an annex.
fn named(licence_type: &LicenceType, catalogue: &Catalogue, report: &mut Report<'_, '_>) {
    if let Some(face) = &licence_type.face {
        report.require(
            catalogue.faces.contains_key(face),
            "/face",
            CHECK,
            say(format!("没有版面“{face}”。"), format!("There is no face “{face}”.")),
            say("请在 licence-types/faces 中建立或改正编号。", "Add it to licence-types/faces or correct the id."),
        );
    }
    for (index, key) in licence_type.annex.iter().enumerate() {
        report.require(
            licence_type.surface.iter().any(|line| line.key == *key),
            &format!("/annex/{index}"),
            CHECK,
            say(format!("证面没有“{key}”这一项。"), format!("The face has no field “{key}”.")),
            say("请改正键名。", "Correct the key."),
        );
    }
}
