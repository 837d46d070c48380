//! What the citizens of the demo city think of the services that ended lately: most are content, some are not, and one who is not
//! was talked to already.

use domain::accounts::{Actor, Role};
use domain::voice::{Channel, FollowUpCommand};

use super::accounts::Cast;
use crate::cases;
use crate::city::City;
use crate::demo::random::Dice;
use crate::error::ServiceError;
use crate::registry;
use crate::voice::{self, Entry, Standing, Wish};

/// Level, a tag of it, and words; taken in turn.
const SAID: [(u8, &str, &str); 8] = [
    (5, "510", ""),
    (5, "513", "全程网上办，没跑一趟。"),
    (4, "411", ""),
    (2, "207", "材料清单里没有样本，改了两次才通过。"),
    (5, "517", ""),
    (3, "310", ""),
    (5, "512", "没让我再交证明，方便。"),
    (1, "113", "先去了街道又让我到区里，跑了两趟。"),
];

/// Has every citizen rate what ended lately.
pub(super) async fn rate(city: &City, cast: &Cast, dice: &mut Dice) -> Result<(), ServiceError> {
    let mut turn = usize::try_from(dice.below(8)).unwrap_or(0);
    let mut talked = false;
    for (_, account) in cast.citizens.values() {
        let Some(person) = &account.person else { continue };
        let actor = account.actor(registry::acts_for(city, &person.code).await?);
        for row in cases::mine(city, &actor, None, 20).await?.items {
            let entry = Entry::Case(row.number.clone());
            let open = voice::rateable(city, Some(&actor), &entry).await?;
            let Some(said) = SAID.get(turn % SAID.len()).filter(|_| matches!(open.standing, Standing::Open { .. }))
            else {
                continue;
            };
            turn += 1;
            let given = voice::rate(city, Some(&actor), wish(entry, said)).await?;
            if let Some(order) = given.order.filter(|_| !talked) {
                talked = talk(city, cast.staff(Role::Reviewer, &row.department)?, &order).await?;
            }
        }
    }
    Ok(())
}

fn wish(entry: Entry, (stars, tag, text): &(u8, &str, &str)) -> Wish {
    Wish {
        entry,
        stars: *stars,
        tags: vec![(*tag).to_owned()],
        text: (*text).to_owned(),
        phone: String::new(),
        channel: Channel::Mobile,
        key: None,
    }
}

/// The first bad rating was talked about; whoever rendered the service leaves it to others.
async fn talk(city: &City, actor: &Actor, order: &str) -> Result<bool, ServiceError> {
    let note = "已联系申请人，反映的问题属实，正在整改。".to_owned();
    match voice::follow(city, actor, order, FollowUpCommand::Contact { reached: true, note }, None).await {
        Ok(_) => Ok(true),
        Err(ServiceError::NotFound(_)) => Ok(false),
        Err(other) => Err(other),
    }
}
