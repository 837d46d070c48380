//! How a licence stands today: asked of the city's database, of a status list, or of its own dates alone.

use std::path::Path;

use anyhow::{Context, Result, bail};
use domain::licences::{Licence, Standing};
use domain::text::Text;
use jiff::civil::Date;
use seal::cert::Certificate;
use seal::report::{Check, CheckName};
use seal::signed::Moment;
use seal::status::{self, StatusListFile, verify_status_list};
use seal::tlog::logged::LogTrust;

use super::About;
use crate::run::folder::Folder;
use crate::run::{keys, open};

/// How it stands today.
pub struct Status {
    /// It counts.
    pub good: bool,
    /// One word for programs.
    pub standing: &'static str,
    /// A sentence for people.
    pub words: Text,
}

impl Status {
    fn new(good: bool, standing: &'static str, zh: impl Into<String>, en: impl Into<String>) -> Status {
        Status { good, standing, words: Text::new(zh, en) }
    }
}

/// Asks the city's database; what it does not hold, it has not issued.
pub async fn on_record(dir: &Path, about: &About, today: Date) -> Result<Status> {
    if matches!(about, About::Unreadable) {
        return Ok(by_its_own_dates(about, today));
    }
    let folder = Folder::at(dir);
    let config = folder.config()?;
    let store = open::database(&folder, &config).await?;
    let status = match about {
        About::Licence { identifier, .. } => {
            let found = service::licences::recorded(&store, &config.region, identifier).await?;
            found.map_or_else(unknown, |licence| standing(&licence, today))
        }
        About::Document { number } => {
            if service::licences::is_document_on_record(&store, &config.region, number).await? {
                Status::new(true, "valid", "本市文书库中有此文书", "the city holds this document")
            } else {
                unknown()
            }
        }
        About::Unreadable => by_its_own_dates(about, today),
    };
    store.close().await;
    Ok(status)
}

/// What the public log in the city's database says about a licence file. A city that was never served has no log yet; about what
/// it has not issued the status speaks.
pub async fn logged_here(dir: &Path, about: &About, at: Moment) -> Result<Vec<Check>> {
    let About::Licence { signed: Some((public_id, data)), .. } = about else { return Ok(Vec::new()) };
    let folder = Folder::at(dir);
    let config = folder.config()?;
    let Some(log) = keys::log_key(&folder)? else { return Ok(Vec::new()) };
    let trust = LogTrust { log, witnesses: config.log_peers()?.witness_keys() };
    let store = open::database(&folder, &config).await?;
    let found = service::log::held_beside((&store, &config.region), (public_id, data), trust, at).await;
    store.close().await;
    let check = |(detail, ok)| Check { name: CheckName::Logged, ok, detail };
    Ok(found?.map(check).into_iter().collect())
}

fn unknown() -> Status {
    Status::new(false, "unknown", "本市没有颁发过此件", "this city has no record of having issued it")
}

fn standing(licence: &Licence, today: Date) -> Status {
    let standing = licence.standing_on(today);
    let label = standing.label();
    let (zh, en) = match (licence.recorded.taken(), standing) {
        (_, Standing::Expired) => {
            let last = licence.last_day().map(|day| day.to_string()).unwrap_or_default();
            (format!("，有效期至 {last}"), format!(": the last day was {last}"))
        }
        (_, Standing::Future) => {
            (format!("，自 {} 起有效", licence.valid_from), format!(": from {} on", licence.valid_from))
        }
        (Some((at, reason)), _) => (format!("，{}：{reason}", at.date()), format!(" on {}: {reason}", at.date())),
        (None, _) => (String::new(), String::new()),
    };
    let (zh, en) = (format!("{}{zh}", label.zh), format!("{}{en}", label.en));
    Status::new(standing == Standing::Valid, standing.as_str(), zh, en)
}

/// Without the city only the dates in the file can be judged; whether it was revoked cannot.
pub fn by_its_own_dates(about: &About, today: Date) -> Status {
    match about {
        About::Licence { valid_to: Some(last), .. } if *last < today => {
            let (zh, en) = (format!("已到期，有效期至 {last}"), format!("Expired: the last day was {last}"));
            Status::new(false, "expired", zh, en)
        }
        About::Licence { valid_from, .. } if *valid_from > today => {
            let (zh, en) =
                (format!("尚未生效，自 {valid_from} 起有效"), format!("Not yet in force: from {valid_from} on"));
            Status::new(false, "future", zh, en)
        }
        About::Licence { .. } | About::Document { .. } => Status::new(
            true,
            "not-looked-up",
            "未查询状态：是否已暂扣、撤销、注销，请用 --dir 或在证照查询页核对",
            "not looked up: whether it was suspended, revoked or cancelled only the city can say (--dir, or the page of the licence)",
        ),
        About::Unreadable => {
            Status::new(false, "unknown", "无法查询：文件无法读取", "cannot be looked up: the file cannot be read")
        }
    }
}

/// A status list that was fetched earlier.
pub struct List(StatusListFile);

impl List {
    /// Reads a list and refuses one that is not signed under these roots. Its age is judged with the licence.
    pub fn read(path: &Path, roots: &[Certificate], at: Moment) -> Result<List> {
        let bytes = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
        let report = verify_status_list(&bytes, roots, at);
        let failed = report.checks.iter().find(|check| !check.ok && check.name != CheckName::Fresh);
        match (failed, report.content) {
            (None, Some(file)) if file.status_list.states().is_some() => Ok(List(file)),
            (failed, _) => {
                let why = failed.map_or("it cannot be read", |check| check.detail.en.as_str());
                bail!(
                    "{} is no status list to be trusted: {why}. Fetch it anew from /api/v1/status-list",
                    path.display()
                )
            }
        }
    }

    /// The state that the list gives to a licence. What has ended stays ended; but an old list makes nothing valid.
    pub fn judge(&self, about: &About, at: Moment) -> Status {
        let own = by_its_own_dates(about, at.now.date());
        let About::Licence { place, .. } = about else { return own };
        if !own.good {
            return own;
        }
        let list = &self.0.status_list;
        let found = list.states().filter(|_| place.list == list.id).and_then(|states| states.get(place.index));
        let Some(state) = found else {
            let wanted = &place.list;
            return Status::new(
                false,
                "unknown",
                format!("此件的状态在清单“{wanted}”中，不在这份清单中"),
                format!("its status stands in the list “{wanted}”, not in this one"),
            );
        };
        let (as_of, until) = (list.issued_at, list.next_update);
        match state {
            status::Status::Ended => Status::new(
                false,
                "ended",
                format!("已撤销或注销（状态清单 {as_of}）"),
                format!("revoked or cancelled, says the status list of {as_of}"),
            ),
            status::Status::Superseded => Status::new(
                false,
                "superseded",
                format!("已换发新证（状态清单 {as_of}）"),
                format!("replaced by a newer one, says the status list of {as_of}"),
            ),
            _ if at.now > until => Status::new(
                false,
                "unknown",
                format!("状态未知：清单只反映 {as_of} 的情况，已于 {until} 到期，请重新获取"),
                format!("unknown: the list tells how it was as of {as_of} and ran out at {until}; fetch it anew"),
            ),
            status::Status::Suspended => Status::new(
                false,
                "suspended",
                format!("已暂扣（状态清单 {as_of}）"),
                format!("suspended, says the status list of {as_of}"),
            ),
            status::Status::Valid => Status::new(
                true,
                "valid",
                format!("有效（状态清单 {as_of}，可用至 {until}）"),
                format!("in force, says the status list of {as_of}, which counts until {until}"),
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::catalog::Catalogue;
    use domain::time::Timestamp;
    use jiff::civil::date;
    use seal::licence::StatusRef;
    use seal::signed::Issuer;
    use seal::status::{Status as State, StatusBits, StatusListData, sign_status_list};

    use super::*;
    use crate::run::embedded;

    const DAY: i64 = 86_400;

    #[test]
    fn an_old_list_makes_nothing_valid_and_what_has_ended_stays_ended() {
        let catalogue = Catalogue::load(&embedded::catalogue()).unwrap();
        let department = catalogue.departments.values().next().unwrap();
        let issued = Timestamp::start_of(date(2026, 11, 20));
        let keys = keys::for_bench(department, issued.plus_seconds(-DAY)).unwrap();
        let mut bits = StatusBits::new();
        assert!(bits.set(7, State::Ended) && bits.set(8, State::Suspended));
        let issuer = Issuer { name: department.name.zh.clone(), uscc: department.uscc.clone() };
        let data = StatusListData::new("1", issuer, issued, issued.plus_seconds(DAY), &bits);
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), sign_status_list(&data, keys.signers[&department.id].as_ref()).unwrap()).unwrap();
        let standing = |index: u32, list: &str, at: Timestamp| {
            let about = About::Licence {
                identifier: String::new(),
                valid_from: date(2026, 1, 1),
                valid_to: None,
                place: StatusRef { list: list.to_owned(), index },
                signed: None,
            };
            let status =
                List::read(file.path(), &keys.roots, Moment::from(at)).unwrap().judge(&about, Moment::from(at));
            (status.standing, status.good)
        };
        let (fresh, old) = (issued.plus_seconds(3_600), issued.plus_seconds(DAY + 1));
        assert_eq!(
            [(6, fresh), (7, fresh), (8, fresh), (6, old), (7, old), (8, old)].map(|(i, at)| standing(i, "1", at)),
            [
                ("valid", true),
                ("ended", false),
                ("suspended", false),
                ("unknown", false),
                ("ended", false),
                ("unknown", false),
            ]
        );
        assert_eq!(standing(6, "2", fresh), ("unknown", false));
        assert!(List::read(file.path(), &[], Moment::from(fresh)).is_err());
    }
}
