//! What the holder does: let somebody see a licence, look what is open, take it back.

use domain::accounts::{Action, Actor, Subject, may, reset};
use domain::licences::{MAX_PURPOSE_CHARS, MAX_USER_CHARS, Share, ShareFact, ShareKind};
use domain::text::{Text, hidden_character};
use jiff::civil::Date;
use store::{Change, Expected};

use super::super::{LicenceView, view};
use super::{after, id_of, load, row};
use crate::city::City;
use crate::error::{FieldError, ServiceError};

/// Most open shares that the page of a licence lists, and so the most of one licence.
const MOST_OPEN: usize = 50;

/// What the holder wants.
#[derive(Debug, Clone, Copy)]
pub struct ShareWish<'a> {
    /// A code or a link.
    pub kind: ShareKind,
    /// Who may see it.
    pub user: &'a str,
    /// What for.
    pub purpose: &'a str,
    /// Last day of a link.
    pub last: Option<Date>,
}

/// What the holder gets. Nobody can read the secret again.
#[derive(Debug, Clone)]
pub struct GivenShare {
    /// The leave.
    pub share: Share,
    /// The code in two groups, or the last part of the link.
    pub secret: String,
}

/// Lets somebody see one licence: by a use code, once and within minutes, or by a link until its last day.
///
/// # Errors
/// As for [`view`]; somebody who does not stand for the holder; words that are missing, too long or unprintable; a licence that is
/// not in force.
pub async fn give_share(
    city: &City,
    actor: &Actor,
    id: &str,
    wish: &ShareWish<'_>,
) -> Result<GivenShare, ServiceError> {
    let own = of_holder(city, actor, id).await?;
    let now = city.now();
    let mut faults = said(city, wish.user, wish.purpose)?;
    let until = Share::until(wish.kind, wish.last.unwrap_or_else(|| now.date()), now);
    if until.is_none() || (wish.kind == ShareKind::Link && wish.last.is_none()) {
        let text = Text::new(
            "请选择分享的最后一天：从今天起，最长 90 天。",
            "Choose the last day of the link: from today on, at most 90 days.",
        );
        faults.push(FieldError::new("last", text));
    }
    let (Some(until), true) = (until, faults.is_empty()) else { return Err(ServiceError::Invalid(faults)) };
    if open_shares(city, actor, &own).await?.len() >= MOST_OPEN {
        return Err(ServiceError::field(
            "user",
            "这张证照正在进行的分享太多，请先收回不需要的。",
            "Too much of this licence is shared at the moment. Take back what is not needed.",
        ));
    }
    let (secret, written) = match wish.kind {
        ShareKind::Code => {
            let code = reset::code(city.random());
            let written = reset::written(&code);
            (code, written)
        }
        ShareKind::Link => {
            let secret = seal::digest::public_id(city.random());
            (secret.clone(), secret)
        }
    };
    let share = Share {
        id: id_of(&secret),
        licence: own.licence.id,
        holder: own.licence.holder.code.clone(),
        kind: wish.kind,
        user: wish.user.trim().to_owned(),
        purpose: wish.purpose.trim().to_owned(),
        by: actor.label(),
        at: now,
        until,
        ended: None,
    };
    let fact = share.clone().give(&own.licence)?;
    let row = row(city, &share, Expected::New, &[fact], &actor.label())?;
    city.store().commit(Change::new(city.region(), now).row(row)).await?;
    Ok(GivenShare { share, secret: written })
}

/// The licence, for somebody who stands for its holder.
pub(super) async fn of_holder(city: &City, actor: &Actor, id: &str) -> Result<LicenceView, ServiceError> {
    let own = view(city, actor, id).await?;
    may(actor, Action::ShareLicence, &Subject { party: Some(&own.licence.holder), ..Subject::default() })?;
    Ok(own)
}

/// What is wrong with whom a licence is shown to and what for. Both are printed on marked copies, so every character must have a
/// glyph.
pub(super) fn said(city: &City, user: &str, purpose: &str) -> Result<Vec<FieldError>, ServiceError> {
    let fonts = city.fonts()?;
    let asked = [
        ("user", user, MAX_USER_CHARS, Text::new("使用者", "who may see it")),
        ("purpose", purpose, MAX_PURPOSE_CHARS, Text::new("用途", "what it is for")),
    ];
    let faults = asked.into_iter().filter_map(|(field, given, most, name)| {
        let given = given.trim();
        let count = given.chars().count();
        if !(2..=most).contains(&count) {
            return Some(FieldError::new(
                field,
                Text::new(
                    format!("请写明{}，2 至 {most} 个字。", name.zh),
                    format!("Say {} in 2 to {most} characters.", name.en),
                ),
            ));
        }
        let hidden = hidden_character(given, false);
        let odd = hidden.or_else(|| given.chars().find(|character| fonts.find(*character).is_none()))?;
        let code = odd as u32;
        Some(FieldError::new(
            field,
            Text::new(
                format!("有一个字符（U+{code:04X}）无法打印，请改写。"),
                format!("One character (U+{code:04X}) cannot be printed. Write it otherwise."),
            ),
        ))
    });
    Ok(faults.collect())
}

/// The codes and links of a licence that can still be used, the next to end first. Only whoever may share it sees them; for
/// everybody else the list is empty.
pub async fn open_shares(city: &City, actor: &Actor, view: &LicenceView) -> Result<Vec<Share>, ServiceError> {
    let subject = Subject { party: Some(&view.licence.holder), ..Subject::default() };
    if may(actor, Action::ShareLicence, &subject).is_err() {
        return Ok(Vec::new());
    }
    let sql =
        "SELECT doc FROM licence_share WHERE region = $1 AND licence = $2 AND until > $3 ORDER BY until, id LIMIT 200";
    let now = city.now();
    let params = [city.region().into(), view.licence.id.to_string().into(), now.micros().into()];
    let rows = city.store().query(sql, &params).await?;
    let mut open = Vec::new();
    for row in &rows {
        let share: Share = serde_json::from_str(row.text(0)?).map_err(ServiceError::internal)?;
        open.extend(Some(share).filter(|share| share.is_open(now)));
    }
    Ok(open)
}

/// Takes a code or link back, at once.
///
/// # Errors
/// As for [`give_share`]; one that is over already.
pub async fn withdraw_share(city: &City, actor: &Actor, id: &str, share: &str) -> Result<(), ServiceError> {
    let own = of_holder(city, actor, id).await?;
    let found = load(city, share).await?.filter(|(share, _)| share.licence == own.licence.id);
    let (share, version) = found.ok_or(ServiceError::NotFound("share"))?;
    let fact: ShareFact = share.withdraw(city.now())?;
    let row = after(city, share, version, fact, &actor.label())?;
    city.store().commit(Change::new(city.region(), city.now()).row(row)).await?;
    Ok(())
}
