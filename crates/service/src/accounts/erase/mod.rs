//! Erasing a person's data at their request (PIPL 47), which leaves the journal whole: the bodies of facts go, their
//! commitments and the order of events stay.

mod gather;

use domain::accounts::{Action, Actor, Subject, may};
use domain::licences::Licence;
use domain::text::Text;
use store::accounts::MANDATE;
use store::licences::{ELSEWHERE_LICENCE, LICENCE, LICENCE_SHARE, PAPER_LICENCE};
use store::post::MAILING;
use store::{Change, Forget, Table};

use crate::cases::sweep_uploads;
use crate::city::City;
use crate::error::ServiceError;

/// What was erased, and what was not.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Erased {
    /// Accounts.
    pub accounts: usize,
    /// Cases.
    pub cases: usize,
    /// Licences that have ended.
    pub licences: usize,
    /// Appointments.
    pub appointments: usize,
    /// Ratings: who gave them and what was said in words.
    pub ratings: usize,
    /// Uploaded files, with their content where nobody else has the same.
    pub files: usize,
    /// Sealed documents, drafts, messages, sessions and tokens.
    pub others: usize,
    /// What the law keeps, for the answer to the person (PIPL 47(2)).
    pub kept: Vec<Text>,
}

impl Erased {
    fn is_nothing(&self) -> bool {
        self.accounts + self.cases + self.licences + self.appointments + self.ratings + self.files + self.others == 0
    }
}

/// Most cases, and most licences, of one person that are erased: one commit takes all or nothing.
const MAX_SUBJECTS: usize = 2000;
/// Most rows of other tables that go in the same commit.
const MAX_OTHERS: usize = 9000;

/// Erases what is here about the person of that identity number, in one commit: accounts, cases with their documents and
/// files, licences that have ended, postal items, drafts, messages, ways of signing in, answers to their requests, and the record of who
/// looked at their data. Refused while a case is open or a licence is in force: then the authority still needs the data to
/// fulfil its duty (PIPL 13(3), 47). What stays is listed in [`Erased::kept`].
///
/// A case that is filed while this runs stays, and is erased by asking again once it has ended.
///
/// # Errors
/// [`ServiceError::NotFound`] when there is nothing about the person, [`ServiceError::Invalid`] when something stands in the
/// way or there is more than one commit takes; nothing is erased then.
pub async fn erase_person(city: &City, by: &Actor, code: &str) -> Result<Erased, ServiceError> {
    may(by, Action::Erase, &Subject::default())?;
    refuse_if_needed(city, code).await?;
    let mut change = Change::new(city.region(), city.now());
    let mut erased = Erased::default();
    gather::cases(city, by, code, &mut change, &mut erased).await?;
    gather::licences(city, by, code, &mut change, &mut erased).await?;
    gather::appointments(city, by, code, &mut change, &mut erased).await?;
    gather::ratings(city, by, code, &mut change, &mut erased).await?;
    gather::mailings(city, by, code, &mut change, &mut erased).await?;
    gather::mandates(city, by, code, &mut change, &mut erased).await?;
    gather::accounts(city, by, code, &mut change, &mut erased).await?;
    if erased.is_nothing() {
        return Err(ServiceError::NotFound("person"));
    }
    let of = |table: &Table| change.rows.iter().filter(|row| row.table.name == table.name).count();
    let others = [&LICENCE_SHARE, &ELSEWHERE_LICENCE, &PAPER_LICENCE, &MAILING, &MANDATE];
    let others = others.map(of).into_iter().max().unwrap_or(0);
    if erased.cases.max(erased.licences).max(erased.appointments).max(erased.ratings).max(others) > MAX_SUBJECTS
        || change.plain.len() + change.deletes.len() > MAX_OTHERS
    {
        return Err(ServiceError::field(
            "person",
            &format!(
                "与此人有关的记录太多（超过 {MAX_SUBJECTS} 件或 {MAX_OTHERS} 条），不能一次删除，现未删除任何内容。请联系平台维护方。"
            ),
            &format!(
                "There is too much about this person (more than {MAX_SUBJECTS} cases or {MAX_OTHERS} records) for one \
                 commit, and nothing was erased. Ask the maintainers of the platform."
            ),
        ));
    }
    change.forgets.push(Forget::Accesses { subject: code.to_owned() });
    // Files that can be made again go first, so that none outlives its licence's data if this is cut off; and once more, because
    // somebody may have asked for one meanwhile.
    let ended = change.rows.iter().filter(|row| row.table.name == LICENCE.name);
    let ended: Vec<String> = ended.map(|row| row.id.clone()).collect();
    crate::licences::forget_renderings(city, &ended).await?;
    city.store().commit(change).await?;
    crate::licences::forget_renderings(city, &ended).await?;
    // The rows of the files have no owner any more; if this is cut off here, the daily sweep goes on.
    while sweep_uploads(city).await? > 0 {}
    erased.kept = kept();
    Ok(erased)
}

/// What erasing leaves, and why.
fn kept() -> Vec<Text> {
    vec![
        Text::new(
            "办件和证照的编号、事项、时间和结果，以及日志中不含个人信息的摘要。",
            "Number, matter, dates and outcome of cases and licences, and digests without personal data in the journal.",
        ),
        Text::new(
            "人口库等登记数据，由登记机关依法管理，请向登记机关申请。",
            "Entries of registers such as that of residents: their authorities keep them by law; ask there.",
        ),
        Text::new(
            "此人作为代理人办理的他人办件，属于他人的办件记录。",
            "Cases of others in which the person acted as agent: they are the others' records.",
        ),
        Text::new(
            "已加密的历史备份，到期后销毁；恢复备份后须重新执行删除（个人信息保护法第四十七条第二款）。",
            "Encrypted backups until they are destroyed; after a restore the erasure is to be repeated (PIPL 47(2)).",
        ),
    ]
}

async fn refuse_if_needed(city: &City, code: &str) -> Result<(), ServiceError> {
    let open = "SELECT number FROM casefile WHERE region = $1 AND applicant_code = $2 AND open_key IS NOT NULL LIMIT 1";
    let params = [city.region().into(), code.into()];
    if let Some(row) = city.store().query_opt(open, &params).await? {
        let number = row.text(0)?;
        return Err(ServiceError::field(
            "person",
            &format!("办件 {number} 尚未办结，办结后才能删除。"),
            &format!("Case {number} is still open. Erase after it has ended."),
        ));
    }
    let held = "SELECT doc FROM licence WHERE region = $1 AND holder_code = $2";
    for row in city.store().query(held, &params).await? {
        let licence: Licence = serde_json::from_str(row.text(0)?).map_err(ServiceError::internal)?;
        if licence.standing_on(city.now().date()).lives() {
            return Err(ServiceError::field(
                "person",
                &format!("证照 {} 仍在有效期内，注销或到期后才能删除。", licence.number),
                &format!("Licence {} is in force. Erase after it has ended.", licence.number),
            ));
        }
    }
    Ok(())
}
