//! The sample of a matter as the API gives it: a body that filing accepts.

use serde_json::{Value, json};

use crate::city::City;
use crate::demo;
use crate::error::ServiceError;

/// In a demo city a fresh fictitious applicant with everything the registers must know; elsewhere the template as it
/// stands in the catalogue, with its placeholders.
pub async fn sample(city: &City, slug: &str) -> Result<Value, ServiceError> {
    let shelf = city.shelf();
    let published = shelf.matter(slug)?;
    if !city.settings().demo {
        let sample = &published.bundle.sample;
        return Ok(json!({
            "matter": slug,
            "applicant": { "kind": sample.applicant.kind },
            "form": sample.form,
            "materials": sample.materials.iter().map(|slot| json!({ "slot": slot })).collect::<Vec<_>>(),
        }));
    }
    let drawn = demo::draw(city, slug).await?;
    let materials: Vec<Value> = drawn
        .materials
        .iter()
        .flat_map(|item| item.uploads.iter().map(|upload| json!({ "slot": item.slot, "upload": upload })))
        .collect();
    let mut body = json!({
        "matter": drawn.matter,
        "applicant": drawn.applicant,
        "form": drawn.form,
        "materials": materials,
    });
    if let (Some(members), Some(pledge)) = (body.as_object_mut(), &drawn.pledge) {
        members.insert("pledge".into(), json!(pledge));
    }
    Ok(body)
}
