//! What a window takes in for each material: nothing where it is there already, paper that was seen, or a scan.

use domain::accounts::{Actor, Party};
use domain::catalog::Material;
use service::City;
use service::cases::{GivenMaterial, offers};
use service::licences;

use crate::app::Failure;
use crate::cases::{Mixed, complete, files_after, upload_field};
use crate::i18n::T;
use crate::kit::{Field, Html};

/// One material at the window.
pub(super) struct Slot {
    /// Name.
    pub name: String,
    /// Where it is already.
    pub ready: Option<String>,
    /// What stands in the case now; empty for a new application.
    pub present: String,
    /// Fields for paper and scans, where something can be handed in.
    pub fields: Option<(Field, Html)>,
    /// A scan is there or something is wrong with it: its field is shown unfolded.
    pub open: bool,
}

/// What was handed in for one material.
#[derive(Default)]
pub(super) struct Handed {
    /// Slot of the matter.
    pub slot: String,
    /// What the clerk saw on paper.
    pub paper: String,
    /// Ids of scans, complete and the clerk's own.
    pub scans: Vec<String>,
    /// What is wrong with a scan.
    pub error: Option<String>,
}

/// Reads what was posted for every material and keeps files that came with the form.
pub(super) async fn handed(mixed: &Mixed, actor: &Actor, materials: &[Material]) -> Result<Vec<Handed>, Failure> {
    let mut all = Vec::new();
    for material in materials {
        let (scans, error) = files_after(mixed, &material.slot, actor).await?;
        let paper = mixed.get(&format!("paper.{}", material.slot)).trim().to_owned();
        all.push(Handed { slot: material.slot.clone(), paper, scans, error });
    }
    Ok(all)
}

/// What is filed: paper or scans, where there are any.
pub(super) fn given(handed: &[Handed]) -> Vec<GivenMaterial> {
    let something = handed.iter().filter(|own| !own.paper.is_empty() || !own.scans.is_empty());
    something
        .map(|own| GivenMaterial {
            slot: own.slot.clone(),
            uploads: own.scans.clone(),
            paper: (!own.paper.is_empty()).then(|| own.paper.clone()),
        })
        .collect()
}

/// Every material with its fields. `present` says what stands in the case now.
pub(super) async fn slots(
    (t, city, actor): (T, &City, &Actor),
    materials: &[Material],
    (matter, applicant, reference): (&domain::catalog::Matter, &Party, &str),
    handed: &[Handed],
    present: impl Fn(&str) -> String,
) -> Result<Vec<Slot>, Failure> {
    let on_file = licences::on_file(city, &applicant.code).await?;
    let offers = offers(city, matter, applicant, &on_file, reference).await?;
    licences::note_offers(city, actor, applicant, &offers).await?;
    let mut slots = Vec::new();
    for material in materials {
        let offer = offers.iter().find(|offer| offer.slot == material.slot && offer.ready.is_some());
        let ready = offer.map(|offer| offer.source.as_ref().map_or_else(String::new, |text| t.of(text).to_owned()));
        let nothing = Handed::default();
        let own = handed.iter().find(|own| own.slot == material.slot).unwrap_or(&nothing);
        let files = complete(city, actor, &own.scans).await?;
        let paper = Field::text(t, format!("paper.{}", material.slot), t.desk_walk_seen())
            .hint(t.desk_walk_paper_hint())
            .optional()
            .max_length(500)
            .value(own.paper.as_str());
        let scan = upload_field(t, material, &files, own.error.as_ref(), None);
        slots.push(Slot {
            name: t.of(&material.name).to_owned(),
            fields: ready.is_none().then(|| (paper, Html::of(&scan))),
            ready,
            present: present(&material.slot),
            open: !files.is_empty() || own.error.is_some(),
        });
    }
    Ok(slots)
}
