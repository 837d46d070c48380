//! Whether the parties of an application can be who they are said to be, and whether the matter is open to them.

use domain::accounts::Party;
use domain::cases::Origin;
use domain::catalog::ApplicantKind;
use domain::codes::document::{self, IdKind};
use domain::codes::uscc;
use domain::registry::Answer;
use domain::text::Text;
use jiff::civil::Date;

use super::submit::Submit;
use crate::catalog::Published;
use crate::city::City;
use crate::error::{FieldError, ServiceError};
use crate::registry;

/// The `id_type` of everybody who is not a person.
const USCC: &str = "uscc";

/// A matter is open from its first to its last day. What is brought to a window on another day is taken all the same, for
/// people to answer (AL 32(1)).
pub(super) fn refuse_out_of_effect(city: &City, published: &Published, submit: &Submit) -> Result<(), ServiceError> {
    let effective = &published.bundle.matter.effective;
    let today = city.now().date();
    if submit.origin == Origin::Window || effective.covers(today) {
        return Ok(());
    }
    let (zh, en) = match effective.to {
        Some(last) if last < today => (
            format!("本事项已于 {last} 取消，不再受理申请。如有疑问，请到窗口咨询。"),
            format!("This matter ended on {last} and takes no more applications. Ask at a window."),
        ),
        _ => (
            format!("本事项自 {} 起办理，请届时再申请。", effective.from),
            format!("This matter opens on {}. Apply then.", effective.from),
        ),
    };
    Err(ServiceError::field("/matter", &zh, &en))
}

/// No name holds characters that cannot be seen or that turn the text around: it is printed in sealed papers.
pub(super) fn plain_names(submit: &Submit) -> Result<(), ServiceError> {
    let agent = submit.agent.as_ref().map(|agent| ("/agent/name", agent));
    let errors: Vec<FieldError> = [("/applicant/name", &submit.applicant)]
        .into_iter()
        .chain(agent)
        .filter_map(|(field, party)| {
            let error = domain::codes::name::check_organisation(&party.name).err()?;
            Some(FieldError::new(field, error.explain()))
        })
        .collect();
    if errors.is_empty() { Ok(()) } else { Err(ServiceError::Invalid(errors)) }
}

/// The kind must be one that the matter serves, the code one that can exist for it, and the name the registered one.
pub(super) async fn check_applicant(city: &City, published: &Published, submit: &Submit) -> Result<(), ServiceError> {
    let applicant = &submit.applicant;
    let today = city.now().date();
    let mut errors = party_errors(applicant, "/applicant", today);
    errors.extend(submit.agent.iter().flat_map(|agent| party_errors(agent, "/agent", today)));
    if !errors.is_empty() {
        return Err(ServiceError::Invalid(errors));
    }
    if !published.bundle.matter.applicants.contains(&applicant.kind) {
        return Err(ServiceError::field(
            "/applicant/kind",
            "本事项不面向这类申请人，请换用符合条件的身份办理。",
            "This matter is not open to this kind of applicant. Apply as one of those it is open to.",
        ));
    }
    let register = if applicant.id_type == USCC { "enterprise" } else { "person" };
    // A register that is silent or knows nobody does not stop the filing; it keeps rules from approving.
    if let Answer::Found(doc) = registry::entry(city, register, &applicant.code).await?
        && doc.get("name").and_then(|name| name.as_str()) != Some(applicant.name.as_str())
    {
        return Err(ServiceError::field(
            "/applicant/name",
            "名称与登记的不一致，请按登记名称填写。",
            "The name differs from the registered one. Use the registered name.",
        ));
    }
    Ok(())
}

/// Refuses a party whose name or number cannot be; `at` is where it stands in the request.
pub(crate) fn check_party(party: &Party, at: &str, today: Date) -> Result<(), ServiceError> {
    let mut errors = party_errors(party, at, today);
    if let Err(wrong) = domain::codes::name::check_organisation(&party.name) {
        errors.push(FieldError::new(format!("{at}/name"), wrong.explain()));
    }
    if errors.is_empty() { Ok(()) } else { Err(ServiceError::Invalid(errors)) }
}

/// What is wrong with the numbers of a party; `at` is where it stands in the request.
fn party_errors(party: &Party, at: &str, today: Date) -> Vec<FieldError> {
    let error = |field: &str, text: Text| vec![FieldError::new(format!("{at}/{field}"), text)];
    if party.kind != ApplicantKind::Person {
        if party.id_type != USCC {
            let text = Text::new(
                "单位和个体工商户的证件类型应为 uscc（统一社会信用代码）。",
                "Organisations and individual businesses use the id_type uscc (unified social credit code).",
            );
            return error("id_type", text);
        }
        return uscc::parse(&party.code).err().map_or_else(Vec::new, |wrong| error("code", wrong.explain()));
    }
    let Ok(kind) = party.id_type.parse::<IdKind>() else {
        let known: Vec<&str> = IdKind::ALL.iter().map(|kind| kind.as_str()).collect();
        let known = known.join(", ");
        let text = Text::new(
            format!("个人的证件类型应为以下之一：{known}。"),
            format!("The id_type of a person is one of: {known}."),
        );
        return error("id_type", text);
    };
    let wrong = document::parse(kind, &party.code, today).err();
    wrong.map_or_else(Vec::new, |wrong| error("code", wrong.explain()))
}
