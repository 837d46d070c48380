//! What the pages of this folder ask alike: where to go on afterwards, and the name on the identity card.

use std::collections::BTreeMap;

use axum::extract::Query;

use super::problems::Problems;
use crate::i18n::T;
use crate::kit::Field;
use crate::layout::safe_back;

/// The query of an address.
pub(super) type Asked = Query<BTreeMap<String, String>>;

/// A value of the query; empty when there is none.
pub(super) fn asked<'q>(query: &'q BTreeMap<String, String>, name: &str) -> &'q str {
    query.get(name).map_or("", String::as_str)
}

/// Where the person was going.
pub(super) fn next(query: &BTreeMap<String, String>) -> &str {
    safe_back(asked(query, "next"))
}

/// An address that remembers where the person was going.
pub(super) fn with_next(path: &str, next: &str) -> String {
    if next == "/" {
        return path.to_owned();
    }
    let next: String = form_urlencoded::byte_serialize(next.as_bytes()).collect();
    let join = if path.contains('?') { '&' } else { '?' };
    format!("{path}{join}next={next}")
}

/// The person's name as on the identity card.
pub(super) fn name_field(t: T, typed: &str, problems: &Problems) -> Field {
    Field::text(t, "name", t.accounts_name())
        .hint(t.accounts_name_hint())
        .autocomplete("name")
        .max_length(100)
        .value(typed)
        .error(problems.at(t, "name"))
}

/// The sign-in name; `new` when it is being chosen.
pub(super) fn login_field(t: T, typed: &str, problems: &Problems, new: bool) -> Field {
    let hint = if new { t.accounts_login_new() } else { t.accounts_login_hint() };
    Field::text(t, "login", t.accounts_login())
        .hint(hint)
        .autocomplete("username")
        .max_length(40)
        .value(typed)
        .error(problems.at(t, "login"))
}
