//! The accounts that the sign-in page of a demo city offers.

use domain::text::Text;
use service::City;
use service::demo::DemoAccount;

/// None unless this is a demo city: elsewhere there are no such accounts, and nothing may hint at any.
pub(super) fn offered(city: &City) -> &'static [DemoAccount] {
    if city.settings().demo { service::demo::accounts() } else { &[] }
}

/// Who it is and what one can try with it, in one line.
pub(super) fn purpose(account: &DemoAccount) -> Text {
    Text::new(
        format!("{}：{}", account.label.zh, account.hint.zh),
        format!("{}: {}", account.label.en, account.hint.en),
    )
}
