//! The accounts that the sign-in page of a demo city offers.

use domain::text::Text;
use service::City;

/// One account with its open password.
pub(super) struct Offered {
    /// Sign-in name.
    pub(super) login: String,
    /// Password.
    pub(super) password: String,
    /// Whose it is.
    pub(super) name: String,
    /// What one can try with it.
    pub(super) purpose: Text,
}

/// Empty unless this is a demo city: elsewhere there are no such accounts and nothing may hint at any.
pub(super) fn offered(city: &City) -> Vec<Offered> {
    if !city.settings().demo {
        return Vec::new();
    }
    Vec::new()
}
