//! Correction 更正: words on a licence that differ from what was decided are put right, and the next version takes its place.

use std::collections::{BTreeMap, BTreeSet};

use domain::accounts::Actor;
use domain::catalog::{Ref, SurfaceLine};
use domain::codes::licence_id;
use domain::ids::LicenceId;
use domain::licences::{Licence, LicenceFact, Recorded};
use domain::text::hidden_character;
use seal::licence::{LicenceData, StatusRef};
use store::{Change, Expected};

use super::issue::{sign, status_place};
use super::revoke::governed;
use super::{LicenceView, on_file, refuse_unprintable, remind, renew, row};
use crate::city::City;
use crate::error::{FieldError, ServiceError};

/// Most characters of a corrected line.
const LINE_CHARS: usize = 500;

/// The lines of a licence that can be corrected, by key: words of the application or of a register. Who holds it, its number and its
/// dates are those of the decision; what differs there is decided anew.
pub fn correctable_lines(city: &City, view: &LicenceView) -> Result<BTreeSet<String>, ServiceError> {
    let shelf = city.shelf();
    let kind = shelf.licence_type(&view.licence.licence_type)?;
    let words = |line: &&SurfaceLine| matches!(line.from, Ref::Form(_) | Ref::Register { .. });
    let printed = |line: &&SurfaceLine| view.file.licence.surface.iter().any(|own| own.key == line.key);
    Ok(kind.surface.iter().filter(words).filter(printed).map(|line| line.key.clone()).collect())
}

/// Issues a licence anew with other words in some of its [`correctable_lines`], by key. Number and period stay. The former version is
/// superseded in the same commit.
///
/// # Errors
/// As for [`super::end`]; a line that cannot be corrected, an empty one, or one with a character that cannot be printed,
/// each with its key; nothing that differs; a licence that is not in force, or for which a renewal or change is under way.
pub async fn correct(
    city: &City,
    actor: &Actor,
    id: &str,
    lines: &BTreeMap<String, String>,
    reason: &str,
) -> Result<Licence, ServiceError> {
    let found = governed(city, actor, id).await?;
    found.licence.correctable(reason)?;
    refuse_busy(city, &found).await?;
    let (list, index) = status_place(city).await?;
    let data = corrected(city, &found, lines, StatusRef { list, index })?;
    refuse_unprintable(city, &data)?;
    let now = city.now();
    let signed = sign(city, &found.licence.department, &data, now).await?;
    let last = on_file(city, &found.licence.holder.code).await?;
    let last = last.iter().map(|own| own.licence.holder_serial).max().unwrap_or(0);
    let licence = Licence {
        id: LicenceId::new(now, city.random()),
        public_id: data.public_id,
        identifier: data.identifier,
        status_list: data.status.list,
        status_index: data.status.index,
        holder_serial: last + 1,
        recorded: Recorded::Active,
        expired: None,
        signed: String::from_utf8(signed).map_err(ServiceError::internal)?,
        ..found.licence.clone()
    };
    let fact = LicenceFact::Corrected {
        licence: Box::new(licence.clone()),
        former: found.licence.id,
        reason: reason.to_owned(),
        at: now,
    };
    let mut change = Change::new(city.region(), now);
    change.rows.push(row(city, &licence, Expected::New, &[fact], &actor.label())?);
    change.due.extend(remind::next(&licence, now));
    let gone = found.licence.supersede(licence.id, reason.to_owned(), now)?;
    renew::replace(city, (&found.licence, found.version), gone, &actor.label(), &mut change)?;
    city.store().commit(change).await?;
    Ok(licence)
}

/// A decision that is under way rests on the version that it began with; and a name that a register holds for the licence is
/// not put right by printing another one.
async fn refuse_busy(city: &City, found: &LicenceView) -> Result<(), ServiceError> {
    if found.licence.claim.is_some() {
        return Err(ServiceError::field(
            "",
            "这份证照的内容已经登记在册，不能只更正证照，请按变更办理。",
            "What this licence says stands in a register, so the licence alone cannot be corrected. Have it changed.",
        ));
    }
    match renew::renewal_under_way(city, &found.licence).await? {
        None => Ok(()),
        Some(number) => Err(ServiceError::field(
            "",
            &format!("办件 {number} 正在办理这份证照的延续或者变更，请在该办件中一并更正。"),
            &format!("Case {number} renews or changes this licence. Put the words right in that decision."),
        )),
    }
}

/// The next version of the signed data.
fn corrected(
    city: &City,
    found: &LicenceView,
    lines: &BTreeMap<String, String>,
    status: StatusRef,
) -> Result<LicenceData, ServiceError> {
    let mut data = found.file.licence.clone();
    let mut errors: Vec<FieldError> = Vec::new();
    let mut differs = false;
    let open = correctable_lines(city, found)?;
    for (key, words) in lines {
        let words = words.trim();
        match (data.surface.iter_mut().find(|line| line.key == *key && open.contains(key)), fault(words)) {
            (Some(line), None) => {
                differs |= line.value != words;
                words.clone_into(&mut line.value);
            }
            (Some(_), Some((zh, en))) => errors.push(FieldError::new(key, domain::text::Text::new(zh, en))),
            (None, _) => errors.push(FieldError::new(
                key,
                domain::text::Text::new(
                    "证照上没有这一项，或者这一项须重新作出决定，不能更正。",
                    "The licence has no such line, or one that only a new decision can change.",
                ),
            )),
        }
    }
    if !errors.is_empty() {
        return Err(ServiceError::Invalid(errors));
    }
    if !differs {
        return Err(ServiceError::field(
            "",
            "没有任何一项与原证照不同，请改正有误的内容。",
            "Nothing differs from the licence as it is. Change the words that are wrong.",
        ));
    }
    let own = licence_id::parse(&data.identifier).map_err(ServiceError::internal)?;
    let version = own.version() + 1;
    let next = licence_id::compose(&data.kind.code, &data.issuer.uscc, own.serial(), version);
    data.identifier = next.map_err(ServiceError::internal)?.to_string();
    data.version = u32::from(version);
    data.public_id = seal::digest::public_id(city.random());
    data.issue_date = city.now().date();
    data.status = status;
    Ok(data)
}

fn fault(words: &str) -> Option<(&'static str, &'static str)> {
    if words.is_empty() {
        Some(("请填写这一项的正确内容。", "Write what the line should say."))
    } else if words.chars().count() > LINE_CHARS {
        Some(("内容太长，最多 500 个字。", "Too long: at most 500 characters."))
    } else if hidden_character(words, false).is_some() {
        Some(("含有看不见的字符，请重新输入。", "It holds characters that cannot be seen. Type it again."))
    } else {
        None
    }
}
