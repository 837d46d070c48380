//! What an issue rests on, guarded in the commit: of two decisions that have read the same, one is refused and decides again.

use domain::cases::Case;
use domain::catalog::Entering;
use domain::registry::Answer;
use jiff::civil::Date;
use serde_json::{Map, Value, json};
use store::{PlainWrite, StoreError};

use super::OnFile;
use crate::cases::surface;
use crate::catalog::Published;
use crate::city::City;
use crate::error::ServiceError;
use crate::registry::{self, Entry, names};

/// What had been issued when a decision read the licences and registers that it rests on. Taken before they are read, so
/// that nothing can come between.
#[derive(Debug, Clone, Default)]
pub(crate) struct Seen {
    /// See [`domain::licences::Licence::holder_serial`].
    pub holder_serial: i64,
    /// See [`domain::licences::Licence::claim`].
    pub claim: Option<String>,
}

/// What a licence enters in a register, in the words of this case.
struct Entered {
    key: String,
    says: Map<String, Value>,
}

impl Seen {
    /// Before registers are asked. `on_file` are the holder's licences that the decision knows.
    pub(crate) async fn before(
        city: &City,
        case: &Case,
        published: &Published,
        on_file: &[OnFile],
    ) -> Result<Seen, ServiceError> {
        let last = on_file.iter().map(|own| own.licence.holder_serial).max().unwrap_or(0);
        let claim = match &published.bundle.matter.outcome.enters {
            Some(enters) => claim(city, enters, &entered(city, case, published, enters).await?.key).await?,
            None => None,
        };
        Ok(Seen { holder_serial: last + 1, claim })
    }
}

/// True where the store refused because somebody else was quicker; then what was decided must be decided again.
pub(crate) fn was_overtaken(error: &StoreError) -> bool {
    matches!(error, StoreError::Duplicate { table, columns } if table == "licence"
        && ["holder_serial", "claim", "status_index"].iter().any(|column| columns.contains(column)))
}

/// The next claim on what the key has in common with all that it may collide with.
async fn claim(city: &City, enters: &Entering, key: &str) -> Result<Option<String>, ServiceError> {
    let common = if enters.register == names::REGISTER { names::common(city, key) } else { key.to_owned() };
    let scope = format!("{}/{common}/", enters.register);
    // Of equal length, so that the greatest text is the greatest number; `:` follows `9` in ASCII.
    let sql = "SELECT claim FROM licence WHERE region = $1 AND claim >= $2 AND claim < $3 ORDER BY claim DESC LIMIT 1";
    let params = [city.region().into(), scope.as_str().into(), format!("{scope}:").into()];
    let last = match city.store().query_opt(sql, &params).await? {
        Some(row) => row.text(0)?.strip_prefix(&scope).and_then(|count| count.parse::<u64>().ok()).unwrap_or(0),
        None => 0,
    };
    Ok(Some(format!("{scope}{:012}", last + 1)))
}

async fn entered(city: &City, case: &Case, published: &Published, enters: &Entering) -> Result<Entered, ServiceError> {
    let references: Vec<_> = std::iter::once(&enters.key).chain(enters.says.values()).collect();
    let today = city.now().date();
    let mut words = surface::resolve(city, case, published, &references, (today, None)).await?.into_iter();
    let key = words.next().unwrap_or_default();
    let says = enters.says.keys().cloned().zip(words.map(Value::from)).collect();
    Ok(Entered { key, says })
}

/// The entry that a licence makes, to be written with it.
pub(super) async fn entry(
    city: &City,
    case: &Case,
    published: &Published,
    (from, to): (Date, Option<Date>),
) -> Result<Option<PlainWrite>, ServiceError> {
    let Some(enters) = &published.bundle.matter.outcome.enters else { return Ok(None) };
    let Entered { key, mut says } = entered(city, case, published, enters).await?;
    says.insert("status".into(), json!("reserved"));
    says.insert("since".into(), json!(from.to_string()));
    says.insert("valid_to".into(), json!(to.map(|day| day.to_string())));
    says.insert("case".into(), json!(case.number));
    let entry = Entry { register: enters.register.clone(), key, doc: Value::Object(says) };
    Ok(Some(entry.write()))
}

/// Refuses a grant by a person of what somebody else has meanwhile, or of what cannot be looked up now.
pub(crate) async fn refuse_taken(city: &City, case: &Case, published: &Published) -> Result<(), ServiceError> {
    let Some(enters) = &published.bundle.matter.outcome.enters else { return Ok(()) };
    let key = entered(city, case, published, enters).await?.key;
    match registry::entry(city, &enters.register, &key).await? {
        Answer::Absent => Ok(()),
        Answer::Found(_) => Err(ServiceError::field(
            "reasons",
            &format!("“{key}”已经登记或者保留，不能再准予，请作出不予许可的决定。"),
            &format!("“{key}” is registered or reserved already and cannot be granted again. Refuse the application."),
        )),
        Answer::Unavailable => Err(ServiceError::field(
            "reasons",
            &format!("登记库没有应答，无法确认“{key}”是否已被使用，请稍后再决定。"),
            &format!("The register does not answer, so whether “{key}” is free is not known. Decide later."),
        )),
    }
}
