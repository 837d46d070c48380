//! People and businesses who do not exist, and what the registers say about them.

use domain::accounts::Party;
use domain::catalog::ApplicantKind;
use jiff::ToSpan;
use jiff::civil::Date;
use serde_json::{Value, json};

use super::names;
use super::random::Dice;
use crate::city::City;
use crate::error::ServiceError;
use crate::registry::{self, Answers, Entry};

/// Age of a person when nothing else is asked for.
const WORKING_AGE: (u8, u8) = (25, 55);

/// A person of the district.
#[derive(Debug, Clone)]
pub struct Person {
    /// Full name.
    pub name: String,
    /// Citizen number.
    pub code: String,
    /// True for a man.
    pub man: bool,
    /// Date of birth.
    pub birth: Date,
    /// Home.
    pub address: String,
    /// Mobile number.
    pub phone: String,
}

/// A company or an individual business of the district.
#[derive(Debug, Clone)]
pub struct Body {
    /// Enterprise, individual business or organisation.
    pub kind: ApplicantKind,
    /// Registered name.
    pub name: String,
    /// 字号.
    pub brand: String,
    /// Credit code.
    pub code: String,
    /// Registered address, which is that of its premises.
    pub address: String,
    /// Key into the premises register.
    pub premises: String,
    /// Telephone.
    pub phone: String,
    /// When it was registered.
    pub established: Date,
    /// Capital in fen.
    pub capital_fen: i64,
    /// Floor space in square metres.
    pub area_sqm: u32,
    trade: &'static names::Trade,
    form: &'static str,
}

/// Who applies: a person, for herself or for the business she answers for.
#[derive(Debug, Clone)]
pub struct Who {
    /// The person.
    pub person: Person,
    /// The business, when it is the applicant.
    pub body: Option<Body>,
}

impl Person {
    /// Throws a person of an age on a day.
    pub fn thrown(dice: &mut Dice, today: Date, age: Option<(u8, u8)>) -> Person {
        let (youngest, oldest) = age.unwrap_or(WORKING_AGE);
        let years = dice.between(u32::from(youngest), u32::from(oldest));
        // Between the birthday and the next one, so that the age is as thrown on every day of the year.
        let days = i64::from(years) * 36_525 / 100 + i64::from(dice.between(2, 360));
        let birth = today.checked_sub(days.days()).unwrap_or(today);
        let man = dice.below(2) == 0;
        Person {
            name: names::person(dice, man),
            code: names::citizen_number(dice, birth, man),
            man,
            birth,
            address: names::home(dice),
            phone: names::phone(dice),
        }
    }

    /// As a party.
    pub fn party(&self) -> Party {
        Party {
            kind: ApplicantKind::Person,
            name: self.name.clone(),
            id_type: "citizen-id".into(),
            code: self.code.clone(),
        }
    }

    fn doc(&self) -> Value {
        json!({
            "name": self.name, "sex": if self.man { "男" } else { "女" }, "birth": self.birth.to_string(),
            "address": self.address, "district": "370211", "status": "alive", "phone": self.phone,
        })
    }
}

impl Body {
    /// Throws a business that was registered some years before a day.
    pub fn thrown(dice: &mut Dice, today: Date, kind: ApplicantKind) -> Body {
        let shop = kind == ApplicantKind::IndividualBusiness;
        let (trade, form) = names::trade_of(dice, shop);
        let brand = names::brand(dice);
        let ago = i64::from(dice.between(200, 3000));
        Body {
            kind,
            name: format!("{}{brand}{}{form}", names::DISTRICT, trade.word),
            brand,
            code: names::credit_code(dice, if shop { "92" } else { "91" }),
            address: names::street(dice),
            premises: names::premises_code(dice),
            phone: names::phone(dice),
            established: today.checked_sub(ago.days()).unwrap_or(today),
            capital_fen: i64::from(dice.between(5, 500)) * if shop { 100_000 } else { 1_000_000 },
            area_sqm: dice.between(60, 400),
            trade,
            form,
        }
    }

    /// As a party.
    pub fn party(&self) -> Party {
        Party { kind: self.kind, name: self.name.clone(), id_type: "uscc".into(), code: self.code.clone() }
    }

    /// 行业 word of the name.
    pub(super) fn trade_word(&self) -> &'static str {
        self.trade.word
    }

    fn entries(&self, representative: &Person) -> Vec<Entry> {
        let org_form =
            if self.kind == ApplicantKind::IndividualBusiness { "个体工商户" } else { "有限责任公司" };
        let mut entries = vec![
            entry(
                "enterprise",
                &self.code,
                json!({
                    "name": self.name, "kind": self.kind, "status": "active", "org_form": org_form,
                    "legal_representative": {"name": representative.name, "id": representative.code},
                    "address": self.address, "district": "370211", "capital_fen": self.capital_fen,
                    "established": self.established.to_string(), "scope": self.trade.scope,
                    "industry": self.trade.industry, "premises": self.premises, "phone": self.phone,
                }),
            ),
            entry(
                "premises",
                &self.premises,
                json!({
                    "address": self.address, "district": "370211", "use": "commercial", "area_sqm": self.area_sqm,
                    "owner_code": self.code, "lawful": true, "frozen": false,
                }),
            ),
            entry("credit", &self.code, clean()),
            entry(
                "tax",
                &self.code,
                json!({
                    "registered": true, "arrears_fen": 0, "credit_grade": "A", "invoice_kinds": ["增值税普通发票"],
                }),
            ),
        ];
        if self.kind == ApplicantKind::Enterprise {
            entries.push(entry(
                "company-name",
                &self.name,
                json!({
                    "brand": self.brand, "industry": self.trade.word, "org_form": self.form, "status": "registered",
                    "since": self.established.to_string(),
                }),
            ));
        }
        entries
    }
}

impl Who {
    /// Throws an applicant of a kind.
    pub fn thrown(dice: &mut Dice, today: Date, kind: ApplicantKind, age: Option<(u8, u8)>) -> Who {
        let person = Person::thrown(dice, today, age);
        let body = (kind != ApplicantKind::Person).then(|| Body::thrown(dice, today, kind));
        Who { person, body }
    }

    /// The applicant.
    pub fn party(&self) -> Party {
        self.body.as_ref().map_or_else(|| self.person.party(), Body::party)
    }

    /// Where the applicant can be called.
    pub fn phone(&self) -> &str {
        self.body.as_ref().map_or(&self.person.phone, |body| &body.phone)
    }

    /// What the registers say about an ordinary applicant: alive, active, lawful, clean.
    pub fn entries(&self) -> Vec<Entry> {
        let mut entries =
            vec![entry("person", &self.person.code, self.person.doc()), entry("credit", &self.person.code, clean())];
        if let Some(body) = &self.body {
            entries.extend(body.entries(&self.person));
        }
        entries
    }
}

pub(super) fn entry(register: &str, key: &str, doc: Value) -> Entry {
    Entry { register: register.to_owned(), key: key.to_owned(), doc }
}

fn clean() -> Value {
    json!({"serious_dishonesty": false, "broken_pledges": 0, "abnormal_operation": false})
}

/// The entry that a register keeps under a number of its own about something of the applicant's, or under the applicant's
/// code; `None` for registers that [`Who::entries`] covers and for those that know no applicants.
pub(super) fn own_entry(register: &str, who: &Who, dice: &mut Dice, today: Date) -> Option<Entry> {
    let code = who.party().code;
    let months = dice.between(36, 200);
    let number = dice.between(1, 999_999);
    let year = today.year();
    let doc = match register {
        "social-insurance" => {
            json!({"insured": true, "status": "active", "months_paid": months, "arrears_fen": 0, "employer_code": null})
        }
        "health-insurance" => json!({"insured": true, "status": "active", "place": "江城市"}),
        "housing-fund" => json!({
            "balance_fen": i64::from(months) * 120_000, "status": "active", "months_paid": months, "loan": false,
            "last_withdrawal": null,
        }),
        "practitioner" => json!({
            "kind": "nurse", "certificate": format!("{}37{number:06}", year - 3), "passed": true,
            "valid_until": format!("{}-12-31", year + 2), "employer_code": null, "disciplined": false,
        }),
        "project" => {
            let key = format!("{year}-370211-47-03-{number:06}");
            let doc = json!({
                "code": key, "name": "海澜区标准厂房项目", "owner_code": code, "kind": "03", "industry": "E4710",
                "filed": true,
            });
            return Some(entry(register, &key, doc));
        }
        "land" => {
            let key = format!("海澜-01-{year}-{number:06}");
            let doc = json!({
                "contract": key, "owner_code": code, "area_sqm": 24_000, "use": "industrial", "paid": true,
            });
            return Some(entry(register, &key, doc));
        }
        "real-estate" => {
            let key = format!("江（{}）海澜区不动产权第{number:07}号", year - 2);
            let address = who.body.as_ref().map_or(&who.person.address, |body| &body.address);
            let doc = json!({
                "title_number": key, "owner_code": code, "address": address, "area_sqm": 89.5, "mortgaged": false,
                "sealed": false,
            });
            return Some(entry(register, &key, doc));
        }
        "tax" => json!({"registered": true, "arrears_fen": 0, "credit_grade": "A", "invoice_kinds": []}),
        _ => return None,
    };
    Some(entry(register, &code, doc))
}

/// An applicant whose numbers no register holds yet.
///
/// # Errors
/// What the store says.
pub async fn invent(
    city: &City,
    dice: &mut Dice,
    kind: ApplicantKind,
    age: Option<(u8, u8)>,
) -> Result<Who, ServiceError> {
    let today = city.now().date();
    loop {
        let who = Who::thrown(dice, today, kind, age);
        let wanted: Vec<(String, String)> =
            who.entries().into_iter().map(|entry| (entry.register, entry.key)).collect();
        let mut answers = Answers::default();
        registry::ask(city, &wanted, &mut answers).await?;
        let taken = answers.iter().any(|(_, answer)| matches!(answer, domain::registry::Answer::Found(_)));
        if !taken {
            return Ok(who);
        }
    }
}
