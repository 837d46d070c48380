//! Erasing a person (PIPL 47): nothing is left of what may go, the rest is named, and the journal stays whole.

use bytes::Bytes;
use domain::accounts::{Account, Actor, Role};
use domain::cases::Origin;
use domain::ids::AccountId;
use service::accounts::{NewAccount, Scope, create_token, erase_person, open_account};
use service::cases::{self, Outcome, Work, begin_upload, continue_upload, whole};
use service::licences::{self, Ending};
use service::{City, ServiceError, demo, evidence};
use store::{UploadError, Uploads};

use crate::bed::{Bed, actor, administrator};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR of one face";

async fn count(city: &City, sql: &str) -> i64 {
    city.store().query(sql, &[city.region().into()]).await.unwrap()[0].int(0).unwrap()
}

async fn is_whole(city: &City) {
    let found = evidence::verify(city, None).await.unwrap();
    assert!(found.journal.is_whole(), "{:?}", found.journal.faults);
}

/// Everything in the database that holds these words, by table.
async fn traces(city: &City, words: &str) -> Vec<String> {
    let tables = [
        ("outbox", "account || doc"),
        ("account", "doc"),
        ("casefile", "doc || applicant_code || applicant_name"),
        ("licence", "doc || holder_code"),
        ("fact_body", "body"),
        ("document", "doc"),
        ("rule_record", "doc"),
        ("draft", "doc"),
        ("upload", "name || owner"),
        ("message", "doc"),
        ("idempotency", "token || result"),
        ("access", "subject"),
        ("token", "account"),
        ("session", "account"),
        ("account_secret", "id"),
    ];
    let mut found = Vec::new();
    for (table, text) in tables {
        let sql = format!("SELECT CAST(count(*) AS BIGINT) FROM {table} WHERE region = $1 AND ({text}) LIKE $2");
        let rows = city.store().query(&sql, &[city.region().into(), format!("%{words}%").into()]).await.unwrap();
        if rows[0].int(0).unwrap() > 0 {
            found.push(table.to_owned());
        }
    }
    found
}

struct Citizen {
    account: Account,
    actor: Actor,
    drawn: demo::Drawn,
}

/// Somebody with an account, a token, and the sample of a residence permit.
async fn citizen(city: &City) -> Citizen {
    let drawn = demo::draw(city, "residence-permit").await.unwrap();
    let new = NewAccount {
        login: "13800000000".into(),
        password: Some("one easy sentence".into()),
        name: drawn.applicant.name.clone(),
        grants: Account::citizen(),
        person: Some((drawn.applicant.clone(), "window".into())),
    };
    let account = open_account(city, &administrator(), new).await.unwrap();
    create_token(city, &administrator(), &account, &[Scope::Cases], None, "own program").await.unwrap();
    service::accounts::sign_in(city, "13800000000", "one easy sentence").await.unwrap();
    Citizen { actor: account.actor(Vec::new()), account, drawn }
}

/// Files the case with a photograph of its own, and withdraws it.
async fn withdrawn_case(city: &City, citizen: &Citizen, id: AccountId) -> String {
    let upload = begin_upload(city, &citizen.actor, "我的相片.png", PNG.len() as i64, None).await.unwrap();
    continue_upload(city, &citizen.actor, &upload.id, 0, whole(Bytes::from_static(PNG))).await.unwrap();
    let mut submit = citizen.drawn.submit(Origin::Web);
    submit.key = Some((id.to_string(), "key".into(), [1; 32]));
    submit.materials.iter_mut().find(|given| given.slot == "photo").unwrap().uploads = vec![upload.id];
    let number = cases::submit(city, &citizen.actor, submit).await.unwrap().number;
    let refused = erase_person(city, &administrator(), &citizen.drawn.applicant.code).await;
    assert!(matches!(&refused, Err(ServiceError::Invalid(fields)) if fields[0].message.zh.contains(&number)));
    // A clerk looks, which is noted.
    cases::case_by_number(city, &actor("窗口", Role::Clerk), &number).await.unwrap();
    cases::work(city, &citizen.actor, &number, None, Work::Withdraw { reason: "不办了".into() }, None).await.unwrap();
    number
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_a_person_stays_that_may_go() {
    let bed = Bed::new(91).await;
    let city = &bed.city;
    let citizen = citizen(city).await;
    let id = citizen.account.id;
    let number = withdrawn_case(city, &citizen, id).await;
    // Begun and never filed, half sent.
    let half = begin_upload(city, &citizen.actor, "草稿.png", 100, None).await.unwrap();
    continue_upload(city, &citizen.actor, &half.id, 0, whole(Bytes::from_static(PNG))).await.unwrap();
    cases::create_draft(city, &citizen.actor, "residence-permit").await.unwrap();
    let digest = seal::digest::sha256_hex(PNG);
    let disk = Uploads::open(city.settings().dir.join("uploads"), 1 << 20).await.unwrap();
    disk.read(&digest).await.unwrap();

    let erased = erase_person(city, &administrator(), &citizen.drawn.applicant.code).await.unwrap();
    assert_eq!((erased.accounts, erased.cases, erased.files), (1, 1, 2), "{erased:?}");
    assert!(erased.kept.iter().any(|kept| kept.en.contains("PIPL 47(2)")), "{erased:?}");
    for words in [&citizen.drawn.applicant.code, &citizen.drawn.applicant.name, "我的相片"] {
        assert_eq!(traces(city, words).await, Vec::<String>::new(), "{words}");
    }
    for table in ["token", "session", "account_secret", "draft", "idempotency"] {
        let sql = format!("SELECT CAST(count(*) AS BIGINT) FROM {table} WHERE region = $1");
        assert_eq!(count(city, &sql).await, 0, "{table}");
    }
    assert!(matches!(disk.read(&digest).await, Err(UploadError::Unknown)));
    assert!(matches!(disk.progress(&half.id).await, Err(UploadError::Unknown)));
    is_whole(city).await;
    // What happened without whom can still be told.
    let sql = "SELECT state FROM casefile WHERE region = $1 AND number = $2";
    let rows = city.store().query(sql, &[city.region().into(), number.into()]).await.unwrap();
    assert_eq!(rows[0].text(0), Ok("withdrawn"));
    let again = erase_person(city, &administrator(), &citizen.drawn.applicant.code).await;
    assert!(matches!(again, Err(ServiceError::NotFound(_))), "{again:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn content_that_another_has_too_stays() {
    let bed = Bed::new(92).await;
    let city = &bed.city;
    let other = actor("测试系统", Role::Integrator);
    let theirs = begin_upload(city, &other, "a.png", PNG.len() as i64, None).await.unwrap();
    continue_upload(city, &other, &theirs.id, 0, whole(Bytes::from_static(PNG))).await.unwrap();
    let citizen = citizen(city).await;
    withdrawn_case(city, &citizen, citizen.account.id).await;
    erase_person(city, &administrator(), &citizen.drawn.applicant.code).await.unwrap();
    assert_eq!(cases::own_file(city, &other, &theirs.id).await.unwrap().1, PNG);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_licence_goes_once_it_has_ended() {
    let bed = Bed::new(93).await;
    let city = &bed.city;
    let drawn = demo::draw(city, "old-age-allowance").await.unwrap();
    let system = actor("测试系统", Role::Integrator);
    let granted = cases::submit(city, &system, drawn.submit(Origin::Api)).await.unwrap();
    assert_eq!(granted.outcome, Outcome::Approved);
    let licence = granted.licence.unwrap();
    let code = &drawn.applicant.code;
    let refused = erase_person(city, &administrator(), code).await;
    assert!(matches!(&refused, Err(ServiceError::Invalid(fields)) if fields[0].message.en.contains("in force")));
    let approver = actor("审批", Role::Approver);
    licences::end(city, &approver, &licence.id.to_string(), Ending::Cancel, "《行政许可法》第七十条：死亡")
        .await
        .unwrap();
    let signed = licences::public_view(city, &licence.public_id).await.unwrap().file;
    let erased = erase_person(city, &administrator(), code).await.unwrap();
    assert_eq!((erased.cases, erased.licences), (1, 1), "{erased:?}");
    assert_eq!(traces(city, code).await, Vec::<String>::new());
    is_whole(city).await;
    let public = licences::public_view(city, &licence.public_id).await;
    assert!(matches!(public, Err(ServiceError::NotFound(_))), "{public:?}");
    // Whoever holds the file is still told that it counts no more.
    let identifier = signed.licence.identifier;
    let known = licences::recorded(city.store(), city.region(), &identifier).await.unwrap().unwrap();
    assert_eq!(known.standing_on(city.now().date()).as_str(), "cancelled");
    assert!(licences::find(city, &approver, &identifier).await.unwrap().is_empty());
}
