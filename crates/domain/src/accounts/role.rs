//! Roles, and the actor who carries them through a use case.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::mandate::Mandate;
use super::permission::Action;
use crate::catalog::ApplicantKind;
use crate::ids::AccountId;

/// What an account may be. One account may hold several.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// A citizen or an officer of a company 办事人.
    Citizen,
    /// Window clerk 综合窗口.
    Clerk,
    /// Reviewer 审核人.
    Reviewer,
    /// Approver 审批人 (签批).
    Approver,
    /// Supervisor 效能监督.
    Supervisor,
    /// Administrator of the approval bureau 管理员.
    Administrator,
    /// Head of a hall 大厅负责人: plans who sits where.
    HallHead,
    /// Another system with a scoped token 对接系统.
    Integrator,
    /// The platform's own jobs.
    System,
}

impl Role {
    /// All of them, for tables and tests.
    pub const ALL: [Role; 9] = [
        Role::Citizen,
        Role::Clerk,
        Role::Reviewer,
        Role::Approver,
        Role::Supervisor,
        Role::Administrator,
        Role::HallHead,
        Role::Integrator,
        Role::System,
    ];

    /// The stored name.
    pub fn as_str(self) -> &'static str {
        match self {
            Role::Citizen => "citizen",
            Role::Clerk => "clerk",
            Role::Reviewer => "reviewer",
            Role::Approver => "approver",
            Role::Supervisor => "supervisor",
            Role::Administrator => "administrator",
            Role::HallHead => "hall-head",
            Role::Integrator => "integrator",
            Role::System => "system",
        }
    }

    /// From the stored name.
    pub fn parse(name: &str) -> Option<Role> {
        Role::ALL.into_iter().find(|role| role.as_str() == name)
    }
}

/// A role with its scope.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Grant {
    /// Which role.
    pub role: Role,
    /// Only for this department (id of `catalog/departments.json`); `None` = any.
    pub department: Option<String>,
    /// Only for this district (six digits); `None` = the whole tenant.
    pub district: Option<String>,
}

/// Someone whom a case or a licence concerns: a person, company or organisation.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Party {
    /// What it is.
    pub kind: ApplicantKind,
    /// Full name as registered; may hold rare characters and `·`.
    pub name: String,
    /// `citizen-id`, `uscc` or the kind of another identity document.
    pub id_type: String,
    /// The code of that document, normalised.
    pub code: String,
}

/// Who carries out a use case, as established by a session, a token or the program itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// The account; `None` for the platform's own jobs and for whoever operates the program.
    pub account: Option<AccountId>,
    /// Name shown in the journal and on documents.
    pub name: String,
    /// Roles with scopes.
    pub grants: Vec<Grant>,
    /// The person, once identity has been proved (DESIGN §7): before that no prefill, no cases, no wallet.
    pub person: Option<Party>,
    /// Organisations for which the registry lets this person act.
    pub acts_for: Vec<Party>,
    /// The mandates in force now by which this person acts as clerk for others.
    pub mandates: Vec<Mandate>,
}

impl Actor {
    /// The platform itself: deemed acceptance, reminders, checks that fall due.
    pub fn system() -> Actor {
        Actor {
            account: None,
            name: "系统".into(),
            grants: vec![Grant { role: Role::System, department: None, district: None }],
            person: None,
            acts_for: Vec::new(),
            mandates: Vec::new(),
        }
    }

    /// Whoever operates the program at the machine: founding a city, publishing, opening the first accounts, erasing.
    pub fn operator() -> Actor {
        Actor {
            account: None,
            name: "operator".into(),
            grants: vec![Grant { role: Role::Administrator, department: None, district: None }],
            person: None,
            acts_for: Vec::new(),
            mandates: Vec::new(),
        }
    }

    /// True when any grant has the role.
    pub fn has(&self, role: Role) -> bool {
        self.grants.iter().any(|grant| grant.role == role)
    }

    /// True when the actor works for the government rather than applying to it.
    pub fn is_staff(&self) -> bool {
        self.grants.iter().any(|g| !matches!(g.role, Role::Citizen | Role::Integrator | Role::System))
    }

    /// True when the actor is this party or its legal representative. A clerk is neither: what a mandate allows, [`super::may`] says.
    pub fn stands_for(&self, party: &Party) -> bool {
        self.person.iter().chain(&self.acts_for).any(|own| own.code == party.code && own.id_type == party.id_type)
    }

    /// The mandate by which the actor may do this for a party, in a matter where one is named.
    pub fn mandate_for(&self, action: Action, party: &Party, matter: Option<&str>) -> Option<&Mandate> {
        self.mandates_of(party).find(|own| own.allows(action, matter))
    }

    fn mandates_of(&self, party: &Party) -> impl Iterator<Item = &Mandate> {
        let is_it = move |own: &&Mandate| own.principal.code == party.code && own.principal.id_type == party.id_type;
        self.mandates.iter().filter(is_it)
    }

    /// True when the actor is this party, its legal representative or its clerk: whoever is keeps out of its affairs in office.
    pub fn is_tied_to(&self, party: &Party) -> bool {
        self.stands_for(party) || self.mandates_of(party).next().is_some()
    }

    /// Everybody in whose name the actor may do this, in a matter where one is named: the person, the organisations of the register,
    /// and those behind the mandates.
    pub fn parties_for<'a>(&'a self, action: Action, matter: Option<&'a str>) -> impl Iterator<Item = &'a Party> {
        let allowed = move |own: &&Mandate| match matter {
            Some(matter) => own.allows(action, Some(matter)),
            None => own.ever_allows(action),
        };
        let by_mandate = self.mandates.iter().filter(allowed).map(|own| &own.principal);
        // Who has become its legal representative since needs no mandate any more.
        let others = by_mandate.filter(move |party| !self.stands_for(party));
        self.person.iter().chain(&self.acts_for).chain(others)
    }

    /// The only matters in which the actor may do this for a party; `None` where that is not narrowed to some.
    pub fn matters_for(&self, action: Action, party: &Party) -> Option<BTreeSet<&str>> {
        if self.stands_for(party)
            || self.mandates_of(party).any(|own| own.ever_allows(action) && own.matters.is_empty())
        {
            return None;
        }
        let narrowed = self.mandates_of(party).filter(|own| own.ever_allows(action));
        Some(narrowed.flat_map(|own| own.matters.iter().map(String::as_str)).collect())
    }

    /// How the journal names the actor: the account, never a personal name, because headers cannot be erased. Without an
    /// account it is the platform's clock (`system`) or a person at the machine (`operator`), which an auditor must tell apart.
    pub fn label(&self) -> String {
        match self.account {
            Some(id) => id.to_string(),
            None if self.has(Role::System) => "system".to_owned(),
            None => "operator".to_owned(),
        }
    }
}
