//! Taking a rating: once for a service, and once more after its follow-up was answered.

use domain::accounts::Actor;
use domain::text::Text;
use domain::voice::{
    Channel, FollowUp, FollowUpCommand, FollowUpFact, FollowUpState, Rater, Rating, RatingFact, RatingReason,
    RatingRules, Ratings, Scope, Terms, Verdict, Voice,
};
use store::{Change, Expected, Idempotency, StoreError};

use super::find::{Entry, Service, Standing, find, person_of, standing};
use super::{order_of, order_row, rating, rating_row, refused, rules, step, timers};
use crate::cases::RequestKey;
use crate::city::City;
use crate::error::{FieldError, ServiceError};

/// Most characters of a telephone number.
const PHONE_CHARS: usize = 20;

/// A rating as it comes in.
#[derive(Debug, Clone)]
pub struct Wish {
    /// What is rated.
    pub entry: Entry,
    /// 5 = 非常满意 … 1 = 非常不满意.
    pub stars: u8,
    /// Codes of tags of that level.
    pub tags: Vec<String>,
    /// In the rater's own words; may be empty.
    pub text: String,
    /// Where to call back; may be empty.
    pub phone: String,
    /// Over which way it came.
    pub channel: Channel,
    /// Key of the request.
    pub key: Option<RequestKey>,
}

/// What has become of a rating.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given {
    /// The level.
    pub stars: u8,
    /// It was the second one, after an answer.
    pub again: bool,
    /// Number of the work order that it has opened 工单编号.
    pub order: Option<String>,
}

/// Takes a rating. The same key again answers the same; a second rating of a service is told so.
///
/// # Errors
/// As [`super::rateable`]; [`ServiceError::Invalid`] names fields; [`ServiceError::Rating`] for a service that goes on, was rated, whose
/// time for rating is over, or that the actor has rendered.
pub async fn rate(city: &City, actor: Option<&Actor>, wish: Wish) -> Result<Given, ServiceError> {
    if let Some((token, key, body)) = &wish.key
        && let Some(id) = city.store().lookup(city.region(), token, key, body).await?
    {
        return given(city, &id).await;
    }
    let service = find(city, actor, &wish.entry).await?;
    let by = actor.map_or_else(|| "anonymous".to_owned(), Actor::label);
    if service.staff.contains(&by) {
        return Err(refused("open", "rate", RatingReason::OwnWork));
    }
    let shelf = city.shelf();
    let rules = rules(shelf.ratings(), city.now().date())?;
    let again_open = match standing(city, &service).await? {
        Standing::Open { .. } => false,
        Standing::Again { .. } => true,
        Standing::Rated { at } => return Err(refused("rated", "rate", RatingReason::AlreadyRated { at })),
        Standing::NotFinished => return Err(refused("open", "rate", RatingReason::NotFinished)),
        Standing::Over { at } => return Err(refused("over", "rate", RatingReason::Over { at })),
    };
    let voice = voice(shelf.ratings(), &rules, &wish)?;
    let (change, answer) = if again_open {
        again(city, &service, voice, &rules, &by).await?
    } else {
        first(city, actor, &service, voice, &wish, &by).await?
    };
    commit(city, change, &service.id, wish.key).await.map(|replayed| replayed.unwrap_or(answer))
}

/// Commits; of two who rate at the same moment one is told that the other has.
async fn commit(
    city: &City,
    mut change: Change,
    id: &str,
    key: Option<RequestKey>,
) -> Result<Option<Given>, ServiceError> {
    let result = id.to_owned();
    change.idempotency = key.map(|(token, key, body_hash)| Idempotency { token, key, body_hash, result });
    match city.store().commit(change).await {
        Ok(_) => Ok(None),
        Err(StoreError::IdempotencyReplay { result }) => given(city, &result).await.map(Some),
        Err(StoreError::Conflict { .. }) => match rating(city, id).await? {
            Some((own, _)) => Err(refused("rated", "rate", RatingReason::AlreadyRated { at: own.given })),
            None => Err(ServiceError::Changed),
        },
        Err(error) => Err(error.into()),
    }
}

/// What was answered to a rating that is there.
async fn given(city: &City, id: &str) -> Result<Given, ServiceError> {
    let (own, _) = rating(city, id).await?.ok_or(ServiceError::NotFound("rating"))?;
    let order = order_of(city, id).await?.map(|(order, _)| order.number);
    let stars = own.again.as_ref().map_or(own.voice.stars, |again| again.voice.stars);
    Ok(Given { stars, again: own.again.is_some(), order })
}

/// What was said, checked.
fn voice(ratings: &Ratings, rules: &RatingRules, wish: &Wish) -> Result<Voice, ServiceError> {
    let mut faults = Vec::new();
    if ratings.level(wish.stars).is_none() {
        faults.push(FieldError::new("stars", Text::new("请选择一个评价等级。", "Choose one of the five levels.")));
    }
    let fits = |code: &String| ratings.tag(code).is_some_and(|tag| tag.stars == wish.stars);
    if !wish.tags.iter().all(fits) {
        let text =
            Text::new("标签不属于所选的等级，请重新选择。", "A tag does not belong to that level. Choose again.");
        faults.push(FieldError::new("tags", text));
    }
    let most = usize::try_from(rules.text_chars).unwrap_or(usize::MAX);
    if wish.text.chars().count() > most {
        let text = Text::new(format!("文字不超过 {most} 字。"), format!("Write at most {most} characters."));
        faults.push(FieldError::new("text", text));
    }
    if domain::text::hidden_character(&wish.text, true).is_some() {
        let text =
            Text::new("文字中有看不见的字符，请删去。", "There are invisible characters in the text; remove them.");
        faults.push(FieldError::new("text", text));
    }
    let dials = |c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | ' ');
    let phone = wish.phone.trim();
    let digits = phone.chars().filter(char::is_ascii_digit).count();
    if !phone.is_empty() && (!phone.chars().all(dials) || phone.len() > PHONE_CHARS || digits < 7) {
        let text = Text::new("请填写有效的联系电话，或者不填。", "Give a telephone number that works, or none.");
        faults.push(FieldError::new("phone", text));
    }
    if !faults.is_empty() {
        return Err(ServiceError::Invalid(faults));
    }
    let mut tags = wish.tags.clone();
    tags.sort();
    tags.dedup();
    Ok(Voice { stars: wish.stars, tags, text: wish.text.trim().to_owned() })
}

/// Who rates: whoever is signed in as a citizen, or whoever the code was sent to.
async fn rater(city: &City, actor: Option<&Actor>, service: &Service, wish: &Wish) -> Result<Rater, ServiceError> {
    let phone = wish.phone.trim().to_owned();
    if let Some(actor) = actor.filter(|actor| actor.person.is_some() && actor.account.is_some()) {
        return Ok(Rater { account: Some(actor.label()), party: actor.person.clone(), phone });
    }
    if let (Entry::Code(_), Some(account)) = (&wish.entry, &service.account)
        && let Some(party) = person_of(city, account).await?
    {
        return Ok(Rater { account: Some(account.clone()), party: Some(party), phone });
    }
    Ok(Rater { account: None, party: None, phone })
}

async fn first(
    city: &City,
    actor: Option<&Actor>,
    service: &Service,
    voice: Voice,
    wish: &Wish,
    by: &str,
) -> Result<(Change, Given), ServiceError> {
    let (now, shelf) = (city.now(), city.shelf());
    let scope = Scope {
        department: service.department.clone(),
        place: service.place.clone(),
        window: service.window.clone(),
        staff: service.staff.clone(),
        on: now.date(),
    };
    let own = Rating {
        id: service.id.clone(),
        number: service.number.clone(),
        matter: service.matter.clone(),
        scope,
        finished: service.finished.unwrap_or(now),
        given: now,
        channel: wish.channel,
        voice,
        rater: rater(city, actor, service, wish).await?,
        again: None,
        verdict: Verdict::Counted,
    };
    let fact = RatingFact::Given { rating: Box::new(own.clone()) };
    let mut change = Change::new(city.region(), now).row(rating_row(city, &own, Expected::New, &[fact], by)?);
    let mut order = None;
    if shelf.ratings().is_bad(own.voice.stars) {
        let opened = open(city, &own).await?;
        let fact = FollowUpFact::Opened { follow_up: Box::new(opened.clone()) };
        change.rows.push(order_row(city, &opened, Expected::New, &[fact], by)?);
        change.due.extend(timers(&opened));
        order = Some(opened.number);
    }
    Ok((change, Given { stars: own.voice.stars, again: false, order }))
}

/// The follow-up that a bad rating opens.
async fn open(city: &City, own: &Rating) -> Result<FollowUp, ServiceError> {
    let year = own.given.date().year();
    let number = city.number(&format!("rating-order.{year}")).await?;
    Ok(FollowUp {
        id: own.id.clone(),
        number: format!("PJ{year}{number:06}"),
        department: own.scope.department.clone(),
        staff: own.scope.staff.clone(),
        stars: own.voice.stars,
        opened: own.given,
        reachable: own.rater.is_reachable(),
        terms: Terms::of(city.law(), &city.calendar(), own.given, false).map_err(ServiceError::internal)?,
        attempts: Vec::new(),
        complex: None,
        claim: None,
        answer: None,
        again_until: None,
        late: Vec::new(),
        state: FollowUpState::Open,
    })
}

/// The second rating ends the follow-up.
async fn again(
    city: &City,
    service: &Service,
    voice: Voice,
    rules: &RatingRules,
    by: &str,
) -> Result<(Change, Given), ServiceError> {
    let now = city.now();
    let (own, version) = rating(city, &service.id).await?.ok_or(ServiceError::NotFound("rating"))?;
    let (order, order_version) = order_of(city, &service.id).await?.ok_or(ServiceError::NotFound("follow-up"))?;
    let stars = voice.stars;
    let fact = own.give_again(voice, rules.rerate_replaces, now)?;
    let over = order.decide(&FollowUpCommand::RateAgain, by, rules, order.terms, now)?;
    let after = Rating::evolve(Some(own), fact.clone()).ok_or(ServiceError::NotFound("rating"))?;
    let row = rating_row(city, &after, Expected::Version(version), &[fact], by)?;
    let mut change = Change::new(city.region(), now).row(row);
    step(city, &mut change, (order, order_version), over, by)?;
    Ok((change, Given { stars, again: true, order: None }))
}
