//! A device that keeps passkeys, as the browser pretends to have one.

use serde_json::json;

use super::{BrowserError, Tab, at};

/// A pretended authenticator of one tab: built in, with a screen lock, and somebody who touches it at once.
pub struct Device<'t> {
    tab: &'t Tab,
    id: String,
}

impl Tab {
    /// Gives the tab a device for passkeys.
    pub async fn device(&self) -> Result<Device<'_>, BrowserError> {
        self.call("WebAuthn.enable", json!({"enableUI": false})).await?;
        let options = json!({
            "protocol": "ctap2", "transport": "internal", "hasResidentKey": true, "hasUserVerification": true,
            "isUserVerified": true, "automaticPresenceSimulation": true
        });
        let made = self.call("WebAuthn.addVirtualAuthenticator", json!({"options": options})).await?;
        Ok(Device { tab: self, id: at(&made, "/authenticatorId").as_str().unwrap_or_default().to_owned() })
    }
}

impl Device<'_> {
    /// From now on the person shows a right finger, or a wrong one.
    pub async fn verifies(&self, right: bool) -> Result<(), BrowserError> {
        let params = json!({"authenticatorId": self.id, "isUserVerified": right});
        self.tab.call("WebAuthn.setUserVerified", params).await.map(|_| ())
    }

    /// How many passkeys it keeps.
    pub async fn count(&self) -> Result<usize, BrowserError> {
        let found = self.tab.call("WebAuthn.getCredentials", json!({"authenticatorId": self.id})).await?;
        Ok(at(&found, "/credentials").as_array().map_or(0, Vec::len))
    }
}
