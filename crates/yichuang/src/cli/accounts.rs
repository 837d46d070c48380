//! `yichuang token create`, `yichuang user add`.

use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use clap::Subcommand;
use domain::accounts::{Grant, Role};
use domain::codes::document::{self, IdKind};
use domain::text::Text;
use serde_json::json;

use service::accounts::{NewAccount, Scope, create_token, erase_person, find_by_login, open_account};
use service::{FieldError, ServiceError};

use super::catalog::operator;
use super::{Answer, say};
use crate::run::folder::Folder;
use crate::run::open;

#[derive(Debug, Subcommand)]
pub enum TokenCommand {
    /// Make a token for an account; the secret is shown once.
    Create {
        /// Folder of the city.
        #[arg(long, default_value = "city")]
        dir: PathBuf,
        /// Sign-in name of the account.
        #[arg(long)]
        account: String,
        /// `read`, `cases`, `staff`, `licences`, `exchange`; may be given several times.
        #[arg(long = "scope", required = true)]
        scopes: Vec<String>,
        /// What the token is for.
        #[arg(long)]
        label: String,
    },
}

#[derive(Debug, Subcommand)]
pub enum UserCommand {
    /// Open an account for staff or a system.
    Add {
        /// Folder of the city.
        #[arg(long, default_value = "city")]
        dir: PathBuf,
        /// Sign-in name.
        #[arg(long)]
        login: String,
        /// Name shown to others.
        #[arg(long)]
        name: String,
        /// clerk, reviewer, approver, supervisor, administrator, integrator; may be given several times.
        #[arg(long = "role", required = true)]
        roles: Vec<String>,
        /// Only for this department.
        #[arg(long)]
        department: Option<String>,
        /// Only for this district.
        #[arg(long)]
        district: Option<String>,
        /// File that holds the first password; none for a system.
        #[arg(long)]
        password_file: Option<PathBuf>,
    },
    /// Erase everything about a person; the journal stays whole. Refused while a case is open or a licence in force.
    Erase {
        /// Folder of the city.
        #[arg(long, default_value = "city")]
        dir: PathBuf,
        /// Citizen number.
        #[arg(long)]
        person: String,
    },
}

pub async fn token(command: TokenCommand, json: bool) -> Result<Answer> {
    let TokenCommand::Create { dir, account, scopes, label } = command;
    let scopes: Vec<Scope> = scopes
        .iter()
        .map(|name| {
            Scope::parse(name)
                .with_context(|| format!("unknown scope {name}: use read, cases, licences, exchange or staff"))
        })
        .collect::<Result<_>>()?;
    if label.trim().is_empty() || label.chars().count() > 100 {
        bail!("--label must say in 1 to 100 characters what the token is for");
    }
    let city = open::city(&Folder::at(dir)).await?;
    let (account, _) = match find_by_login(&city, &account).await {
        Ok(found) => found,
        Err(ServiceError::NotFound(_)) => bail!("there is no account {account}: open it with `yichuang user add`"),
        Err(other) => return Err(other.into()),
    };
    let secret = create_token(&city, &operator(), &account, &scopes, None, &label).await?;
    say(json, &json!({ "token": secret }), &secret);
    Ok(Answer::Yes)
}

pub async fn user(command: UserCommand, json: bool) -> Result<Answer> {
    let (dir, login, name, roles, department, district, password_file) = match command {
        UserCommand::Erase { dir, person } => return erase(dir, &person, json).await,
        UserCommand::Add { dir, login, name, roles, department, district, password_file } => {
            (dir, login, name, roles, department, district, password_file)
        }
    };
    let city = open::city(&Folder::at(dir)).await?;
    if let Some(department) = &department
        && city.shelf().department(department).is_err()
    {
        bail!("there is no department {department} in the published catalogue");
    }
    let grants = roles
        .iter()
        .map(|name| {
            let role = Role::parse(name).filter(|role| *role != Role::System);
            let role = role.with_context(|| format!("unknown role {name}"))?;
            Ok(Grant { role, department: department.clone(), district: district.clone() })
        })
        .collect::<Result<Vec<_>>>()?;
    let password = match password_file {
        Some(path) => Some(std::fs::read_to_string(&path)?.trim_end_matches(['\r', '\n']).to_owned()),
        None => None,
    };
    let new = NewAccount { login, password, name, grants, person: None };
    match open_account(&city, &operator(), new).await {
        Ok(account) => {
            say(json, &json!({ "id": account.id.to_string() }), &account.id.to_string());
            Ok(Answer::Yes)
        }
        Err(ServiceError::Invalid(fields)) => {
            refused(json, &fields);
            Ok(Answer::No)
        }
        Err(other) => Err(other.into()),
    }
}

/// What cannot be taken as it is, each with what to do.
fn refused(json: bool, fields: &[FieldError]) {
    let lines: Vec<String> =
        fields.iter().map(|field| format!("{}: {} ({})", field.field, field.message.zh, field.message.en)).collect();
    say(json, &json!({ "errors": fields }), &lines.join("\n"));
}

async fn erase(dir: PathBuf, person: &str, json: bool) -> Result<Answer> {
    let city = open::city(&Folder::at(dir)).await?;
    let today = city.now().date();
    if !IdKind::ALL.iter().any(|kind| document::parse(*kind, person, today).is_ok()) {
        bail!("{person:?} is no citizen number, nor that of another identity document of a person");
    }
    match erase_person(&city, &operator(), person).await {
        Ok(erased) => {
            let mut line = format!(
                "{} accounts, {} cases, {} licences, {} appointments, {} ratings, {} files, {} other records erased",
                erased.accounts,
                erased.cases,
                erased.licences,
                erased.appointments,
                erased.ratings,
                erased.files,
                erased.others
            );
            erased.kept.iter().for_each(|kept| line.push_str(&format!("\nkept: {} ({})", kept.zh, kept.en)));
            say(json, &serde_json::to_value(erased)?, &line);
            Ok(Answer::Yes)
        }
        Err(ServiceError::Invalid(fields)) => {
            refused(json, &fields);
            Ok(Answer::No)
        }
        Err(ServiceError::NotFound(_)) => {
            let field =
                FieldError::new("person", Text::new("没有此人的任何记录。", "Nothing about this person is on file."));
            refused(json, &[field]);
            Ok(Answer::No)
        }
        Err(other) => Err(other.into()),
    }
}
