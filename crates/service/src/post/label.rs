//! The label of an item as PDF, made from the row whenever it is wanted.

use domain::accounts::Actor;
use domain::cases::Case;
use domain::halls::HallReason;
use domain::post::Mailing;
use domain::text::Lang;
use seal::page::{End, Label, label};
use seal::render::pdf;

use super::{case_of, load, may_deliver, refused};
use crate::cases::note_access;
use crate::city::City;
use crate::error::ServiceError;

/// The label of an item that has a number: name of the file, and its bytes. The look at the address is recorded.
///
/// # Errors
/// [`ServiceError::Forbidden`]; [`ServiceError::Hall`] when there is no label (any more).
pub async fn label_pdf(city: &City, actor: &Actor, id: &str) -> Result<(String, Vec<u8>), ServiceError> {
    let (own, _) = load(city, id).await?;
    let case = case_of(city, &own.case).await?;
    may_deliver(actor, &case)?;
    let Some(number) = own.number.clone().filter(|_| own.is_open() && !own.person.is_empty()) else {
        return Err(refused(own.state.name(), "print", HallReason::WrongState));
    };
    note_access(city, actor, &own.person, &format!("post-label {}", own.case)).await?;
    Ok((format!("{number}.pdf"), draw(city, &own, &case)?))
}

/// The label of an item.
pub(super) fn draw(city: &City, own: &Mailing, case: &Case) -> Result<Vec<u8>, ServiceError> {
    let shelf = city.shelf();
    let department = shelf.department(&case.department)?;
    let service = city.carrier().service();
    let label_of = Label {
        service: if own.posting > 1 {
            format!("{} · 第 {} 次投递", service.get(Lang::Zh), own.posting)
        } else {
            service.get(Lang::Zh).to_owned()
        },
        number: own.number.clone().unwrap_or_default(),
        from: End {
            name: department.name.zh.clone(),
            phone: department.phone.clone(),
            address: department.address.zh.clone(),
        },
        to: End {
            name: own.address.name.clone(),
            phone: own.address.phone.clone(),
            address: format!("{}{}", own.address.region, own.address.street),
        },
        note: format!("办件 {}", own.case),
        specimen: if city.settings().demo { "演示 DEMO".to_owned() } else { String::new() },
    };
    let fonts = city.fonts()?;
    let sheets = label(&fonts, &label_of).map_err(ServiceError::internal)?;
    pdf::copy(&sheets, &fonts, city.now()).map_err(ServiceError::internal)
}
