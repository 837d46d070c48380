//! What the applicant does: asks for the result by mail, says where, has it sent once more, or posts originals.

use domain::accounts::{Action, Actor, Subject, may};
use domain::cases::{Case, ResultWay, State};
use domain::halls::HallReason;
use domain::ids::MailingId;
use domain::post::{Direction, MailFact, MailState, Mailing, PostAddress};
use domain::text::Text;
use store::{Change, Expected, RowWrite, StoreError};

use super::{commit, load, read, refused, row};
use crate::cases;
use crate::city::City;
use crate::error::{FieldError, ServiceError};

/// Most items of one case that are shown.
const MOST: i64 = 50;

/// How the result is wanted, as somebody says when applying.
#[derive(Debug, Clone, Default)]
pub struct Delivery {
    /// The way.
    pub way: ResultWay,
    /// Where the post finds them, when it is by mail.
    pub address: PostAddress,
}

impl Delivery {
    /// The address in the form in which it is stored; `None` for ways that need none.
    pub(crate) fn checked(&self) -> Result<Option<PostAddress>, ServiceError> {
        (self.way == ResultWay::Mail).then(|| address(&self.address)).transpose()
    }
}

/// An address that can be printed, or what is wrong with each of its fields.
fn address(typed: &PostAddress) -> Result<PostAddress, ServiceError> {
    typed.checked().map_err(|wrong| {
        ServiceError::Invalid(wrong.into_iter().map(|(field, text)| FieldError::new(field, text)).collect())
    })
}

fn opened(city: &City, actor: &Actor, case: &Case, direction: Direction, state: MailState) -> Mailing {
    Mailing {
        id: MailingId::new(city.now(), city.random()),
        direction,
        case: case.number.clone(),
        person: case.applicant.code.clone(),
        account: actor.label(),
        address: PostAddress::default(),
        number: None,
        posting: 1,
        events: Vec::new(),
        state,
    }
}

/// The row of an item that is asked for with the application itself.
pub(crate) fn wanted_row(
    city: &City,
    actor: &Actor,
    case: &Case,
    address: PostAddress,
) -> Result<RowWrite, ServiceError> {
    let own = Mailing { address, ..opened(city, actor, case, Direction::Out, MailState::Wanted) };
    let fact = MailFact::Opened { mailing: Box::new(own.clone()) };
    row(city, &own, Expected::New, &[fact], &actor.label())
}

/// The case, for whoever applied or acts for the applicant.
async fn own_case(city: &City, actor: &Actor, number: &str) -> Result<Case, ServiceError> {
    if actor.is_staff() {
        return Err(ServiceError::NotFound("case"));
    }
    Ok(cases::case_by_number(city, actor, number).await?.case)
}

async fn open_new(city: &City, actor: &Actor, own: Mailing) -> Result<Mailing, ServiceError> {
    let fact = MailFact::Opened { mailing: Box::new(own.clone()) };
    let written = row(city, &own, Expected::New, &[fact], &actor.label())?;
    match city.store().commit(Change::new(city.region(), city.now()).row(written)).await {
        Ok(_) => Ok(own),
        Err(StoreError::Duplicate { .. }) => Err(refused(own.state.name(), "open", HallReason::AlreadyPosted)),
        Err(other) => Err(other.into()),
    }
}

/// Asks for the result by mail, or changes the address of what was asked for and has no label yet.
///
/// # Errors
/// [`ServiceError::NotFound`] for a case of somebody else; [`ServiceError::Hall`] when it was handed over or is on its way;
/// [`ServiceError::Invalid`] with the fields of an address that cannot be.
pub async fn ask(city: &City, actor: &Actor, number: &str, typed: &PostAddress) -> Result<Mailing, ServiceError> {
    let case = own_case(city, actor, number).await?;
    let address = address(typed)?;
    if let Some(own) = open_item(city, number, Direction::Out).await? {
        let fact = own.0.redirect(address)?;
        return commit(city, &actor.label(), own, fact).await;
    }
    if case.state.is_final() || case.state == State::Delivered {
        return Err(refused(case.state.name(), "ask", HallReason::NothingToHandOver));
    }
    let own = Mailing { address, ..opened(city, actor, &case, Direction::Out, MailState::Wanted) };
    open_new(city, actor, own).await
}

/// The open item of a case in one direction.
async fn open_item(city: &City, case: &str, way: Direction) -> Result<Option<(Mailing, i64)>, ServiceError> {
    let sql = "SELECT doc, version FROM mailing WHERE region = $1 AND open_key = $2";
    let key = format!("{}/{case}", way.as_str());
    let Some(row) = city.store().query_opt(sql, &[city.region().into(), key.into()]).await? else { return Ok(None) };
    Ok(Some((serde_json::from_str(row.text(0)?).map_err(ServiceError::internal)?, row.int(1)?)))
}

/// The item of this id, for whoever applied or acts for the applicant.
async fn own_item(city: &City, actor: &Actor, id: &str) -> Result<(Mailing, i64), ServiceError> {
    let own = load(city, id).await?;
    own_case(city, actor, &own.0.case).await.map_err(|_| ServiceError::NotFound("mailing"))?;
    Ok(own)
}

/// Has what came back posted once more.
///
/// # Errors
/// As [`ask`].
pub async fn again(city: &City, actor: &Actor, id: &str, typed: &PostAddress) -> Result<Mailing, ServiceError> {
    let own = own_item(city, actor, id).await?;
    let fact = own.0.send_again(address(typed)?)?;
    commit(city, &actor.label(), own, fact).await
}

/// Takes the wish back before there is a label: the result is collected at the window.
///
/// # Errors
/// As [`ask`].
pub async fn collect_instead(city: &City, actor: &Actor, id: &str) -> Result<Mailing, ServiceError> {
    let own = own_item(city, actor, id).await?;
    let fact = own.0.cancel(city.now())?;
    commit(city, &actor.label(), own, fact).await
}

/// Announces originals that were posted to the window, with the carrier's number.
///
/// # Errors
/// As [`ask`]; [`ServiceError::Invalid`] for a number that no carrier gives.
pub async fn announce(city: &City, actor: &Actor, number: &str, tracking: &str) -> Result<Mailing, ServiceError> {
    let case = own_case(city, actor, number).await?;
    let tracking = tracking.trim().to_uppercase();
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
    if !(6..=30).contains(&tracking.len()) || !tracking.chars().all(plain) {
        let text = Text::new(
            "请填写快递单号，6 至 30 位字母和数字。",
            "Write the tracking number: 6 to 30 letters and digits.",
        );
        return Err(ServiceError::Invalid(vec![FieldError::new("tracking", text)]));
    }
    if case.state.is_final() || matches!(case.state, State::Granted | State::Issued | State::Delivered) {
        return Err(refused(case.state.name(), "announce", HallReason::WrongState));
    }
    let own = opened(city, actor, &case, Direction::In, MailState::Announced);
    open_new(city, actor, Mailing { number: Some(tracking), ..own }).await
}

/// All items of a case, the earliest first, for whoever may see the case.
///
/// # Errors
/// [`ServiceError::NotFound`] for a case that the actor may not see.
pub async fn of_case(city: &City, actor: &Actor, case: &Case) -> Result<Vec<Mailing>, ServiceError> {
    let subject = Subject {
        party: Some(&case.applicant),
        filed_by: Some(&case.filed_by),
        department: Some(&case.department),
        district: Some(&case.district),
        ..Subject::default()
    };
    may(actor, Action::ViewCase, &subject).map_err(|_| ServiceError::NotFound("case"))?;
    let sql = "SELECT doc FROM mailing WHERE region = $1 AND case_number = $2 ORDER BY id LIMIT $3";
    let params = [city.region().into(), case.number.as_str().into(), MOST.into()];
    read(&city.store().query(sql, &params).await?)
}
