//! The life of a licence: what may follow what.

use domain::accounts::Party;
use domain::ids::{CaseId, LicenceId};
use domain::licences::{Licence, LicenceFact, LicenceRefusal, Recorded, Standing, latest_to_renew};
use domain::text::Text;
use domain::time::{Calendar, LawTable, Timestamp};
use jiff::civil::{Date, date};

const WHY: &str = "《行政处罚法》第九条第三项：暂扣三十日。";
pub const TODAY: Date = date(2026, 11, 20);

pub fn now() -> Timestamp {
    Timestamp::start_of(TODAY).plus_seconds(36_000)
}

pub fn licence() -> Licence {
    let party =
        serde_json::json!({ "kind": "enterprise", "name": "甲公司", "id_type": "uscc", "code": "91370211MA00000000" });
    let holder: Party = serde_json::from_value(party).unwrap();
    Licence {
        id: LicenceId::new(now(), [1; 10]),
        public_id: "p".into(),
        identifier: "1.2.156.3005.2".into(),
        licence_type: "hygiene".into(),
        number: "卫证字〔2026〕1 号".into(),
        name: Text::new("卫生许可证", "Hygiene licence"),
        holder,
        department: "approval".into(),
        case: CaseId::new(now(), [2; 10]),
        valid_from: date(2026, 1, 1),
        valid_to: Some(date(2027, 12, 31)),
        status_list: "1".into(),
        status_index: 7,
        holder_serial: 1,
        claim: None,
        recorded: Recorded::Active,
        deemed: None,
        expired: None,
        signed: "{}".into(),
    }
}

pub fn after(licence: Licence, fact: LicenceFact) -> Licence {
    Licence::evolve(Some(licence), fact).unwrap()
}

#[test]
fn a_suspended_licence_counts_for_nothing_until_it_is_resumed() {
    let active = licence();
    let until = Some(date(2026, 12, 20));
    let suspended = after(active.clone(), active.suspend(WHY.into(), until, now()).unwrap());
    assert_eq!(suspended.standing_on(TODAY), Standing::Suspended);
    assert_eq!(suspended.recorded.suspended_until(), until);
    assert_eq!(suspended.recorded.taken(), Some((now(), WHY)));
    // The end of the term is a fact of its own; until it is there, nobody may rely on the licence.
    assert_eq!(suspended.standing_on(date(2026, 12, 21)), Standing::Suspended);
    assert_eq!(suspended.suspend(WHY.into(), None, now()), Err(LicenceRefusal::Suspended));
    let resumed = after(suspended.clone(), suspended.resume(WHY.into(), now()).unwrap());
    assert_eq!(resumed, active);
    assert_eq!(active.resume(WHY.into(), now()), Err(LicenceRefusal::NotSuspended));
}

#[test]
fn what_is_suspended_can_still_end() {
    let own = licence();
    let suspended = after(own.clone(), own.suspend(WHY.into(), None, now()).unwrap());
    let revoked = after(suspended.clone(), suspended.revoke(WHY.into(), now()).unwrap());
    assert_eq!(revoked.standing_on(TODAY), Standing::Revoked);
    for again in [revoked.suspend(WHY.into(), None, now()), revoked.resume(WHY.into(), now())] {
        assert_eq!(again, Err(LicenceRefusal::Ended));
    }
    assert_eq!(suspended.standing_on(date(2028, 1, 1)), Standing::Expired);
}

#[test]
fn a_suspension_needs_a_reason_a_term_to_come_and_a_licence_in_force() {
    let own = licence();
    for without in [" ", "整改", "《行政处罚法》"] {
        assert_eq!(own.suspend(without.into(), None, now()), Err(LicenceRefusal::ReasonMissing), "{without}");
    }
    assert_eq!(own.suspend(WHY.into(), TODAY.yesterday().ok(), now()), Err(LicenceRefusal::TermPast));
    assert!(own.suspend(WHY.into(), Some(TODAY), now()).is_ok());
    let over = Licence { valid_to: TODAY.yesterday().ok(), ..own };
    assert_eq!(over.suspend(WHY.into(), None, now()), Err(LicenceRefusal::Expired));
}

#[test]
fn erasure_leaves_no_word_of_a_suspension() {
    let own = licence();
    let suspended = after(own.clone(), own.suspend(WHY.into(), None, now()).unwrap());
    let erased = after(suspended, LicenceFact::Erased);
    assert_eq!(erased.recorded.taken(), Some((now(), "")));
}

/// AL 50(1): the general term, unless the law of the matter has its own.
#[test]
fn by_when_to_renew_is_said_by_the_law_of_the_matter() {
    let last = date(2026, 12, 31);
    let latest = |matter| latest_to_renew(last, matter, Calendar::embedded(), LawTable::embedded());
    assert_eq!(latest("public-place-hygiene"), Some(date(2026, 11, 19)), "30 working days");
    assert_eq!(latest("food-operation"), Some(date(2026, 12, 10)), "15 working days");
    assert_eq!(latest("pesticide-licence"), Some(date(2026, 10, 2)), "90 days");
    assert_eq!(latest("nurse-registration"), Some(date(2026, 12, 1)), "30 days");
    // Before that law there was only the general one.
    let old = latest_to_renew(date(2010, 12, 31), "pesticide-licence", Calendar::embedded(), LawTable::embedded());
    let general = latest_to_renew(date(2010, 12, 31), "none", Calendar::embedded(), LawTable::embedded());
    assert_eq!(old, general);
}

/// AL 70(1): expiry follows from the date, at once; the record of it comes when the last day is over, once, and does not end the
/// licence: cancelling is the authority's.
#[test]
fn expiry_is_recorded_once_and_after_the_last_day_only() {
    let own = licence();
    let last = date(2027, 12, 31);
    let over = Timestamp::end_of(last);
    assert_eq!(own.expire(over.plus_seconds(-1)), Err(LicenceRefusal::NotOver));
    assert_eq!(own.standing_on(date(2028, 1, 1)), Standing::Expired, "whether or not it is on record");
    let fact = own.expire(over).unwrap();
    assert!(
        matches!(&fact, LicenceFact::Expired { last: day, reason, at }
            if *day == last && *at == over && reason.starts_with("《行政许可法》第七十条第一项") && reason.contains("2027")),
        "{fact:?}"
    );
    let expired = after(own.clone(), fact);
    assert_eq!((expired.expired, expired.standing_on(date(2028, 1, 1))), (Some(over), Standing::Expired));
    assert_eq!(expired.expire(over), Err(LicenceRefusal::Expired));
    assert!(expired.cancel("《行政许可法》第七十条第一项".into(), over).is_ok());
    assert_eq!(Licence { valid_to: None, ..own.clone() }.expire(over), Err(LicenceRefusal::NotOver), "without end");
    // A suspended licence runs out like any other; one that has ended has nothing left that could run out.
    let suspended = after(own.clone(), own.suspend(WHY.into(), None, now()).unwrap());
    assert!(suspended.expire(over).is_ok());
    let revoked = after(own.clone(), own.revoke(WHY.into(), now()).unwrap());
    assert_eq!(revoked.expire(over), Err(LicenceRefusal::Ended));
}

/// AL 50(2): a period that silence has granted moves the expiry.
#[test]
fn a_deemed_renewal_moves_the_expiry() {
    let own = licence();
    let over = Timestamp::end_of(date(2027, 12, 31));
    let renewed = after(own.clone(), own.deem_renewed((own.case, "1"), 12, over).unwrap());
    assert_eq!(renewed.expire(over), Err(LicenceRefusal::NotOver));
    assert!(renewed.expire(Timestamp::end_of(date(2028, 12, 31))).is_ok());
    let lost = after(renewed.clone(), renewed.renewal_lost(own.case, over.plus_seconds(60)).unwrap());
    assert!(
        matches!(lost.expire(over.plus_seconds(60)), Ok(LicenceFact::Expired { last, .. }) if last == date(2027, 12, 31))
    );
    // A calendar that is put right later may find that the application had come in time after all.
    let expired = after(own.clone(), own.expire(over).unwrap());
    let back = after(expired.clone(), expired.deem_renewed((own.case, "1"), 12, over).unwrap());
    assert_eq!((back.expired, back.standing_on(date(2028, 1, 1))), (None, Standing::Valid));
}
