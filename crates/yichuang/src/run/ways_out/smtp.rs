//! E-mail over SMTP.

use std::time::{Duration, SystemTime};

use anyhow::{Context, Result, bail};
use domain::accounts::Channel;
use domain::text::Text;
use lettre::address::Address;
use lettre::message::header::{ContentTransferEncoding, ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, CertificateStore, Tls, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use lettre::{SmtpTransport, Transport};
use serde::{Deserialize, Serialize};
use service::City;
use service::messages::{Letter, Sender, Unsent};

use super::{File, check_timeout, secret, ten};

/// How the connection is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Security {
    /// Encrypted from the first byte, port 465.
    Tls,
    /// Encrypted before anything is said, port 587.
    Starttls,
    /// Not at all, port 25: for a relay on the same machine or in a closed network, without a password.
    None,
}

/// The mail server that takes our e-mail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EmailConfig {
    /// Its host name.
    pub host: String,
    /// Its port; by default that of `security`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub port: Option<u16>,
    /// How the connection is protected.
    pub security: Security,
    /// Our name there, where it asks for one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// File with our password there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password_file: Option<File>,
    /// The address in `From`.
    pub from: String,
    /// Authority (PEM) of its certificate, where no public one has certified it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ca_file: Option<File>,
    /// How long each step of a conversation may take, in seconds, 1 to 60.
    #[serde(default = "ten")]
    pub timeout_seconds: u32,
}

impl EmailConfig {
    /// Refuses what could never be sent, and a password that everybody on the way could read.
    pub fn check(&self) -> Result<()> {
        check_timeout(self.timeout_seconds)?;
        if self.host.trim().is_empty() {
            bail!("host is missing");
        }
        self.from.parse::<Address>().with_context(|| format!("from {:?} is no address", self.from))?;
        if self.user.is_some() != self.password_file.is_some() {
            bail!("user and password_file go together");
        }
        if self.security == Security::None && self.user.is_some() {
            bail!("a password needs security tls or starttls");
        }
        Ok(())
    }
}

/// A mail server.
pub struct Smtp {
    transport: SmtpTransport,
    from: Address,
    name: Text,
    host: String,
}

impl Smtp {
    pub fn new(city: &City, config: &EmailConfig) -> Result<Smtp> {
        let host = city.settings().host().split(':').next().unwrap_or_default().to_owned();
        let mut builder = SmtpTransport::builder_dangerous(&config.host)
            .timeout(Some(Duration::from_secs(config.timeout_seconds.into())))
            .hello_name(host.parse().map_or_else(|_| ClientId::Domain(host.clone()), ClientId::Ipv4));
        let (tls, port) = match config.security {
            Security::None => (Tls::None, 25),
            Security::Starttls => (Tls::Required(parameters(config)?), 587),
            Security::Tls => (Tls::Wrapper(parameters(config)?), 465),
        };
        builder = builder.tls(tls).port(config.port.unwrap_or(port));
        if let (Some(user), Some(file)) = (&config.user, &config.password_file) {
            builder = builder.credentials(Credentials::new(user.clone(), secret(file)?));
        }
        let from = config.from.parse().context("from is no address")?;
        Ok(Smtp { transport: builder.build(), from, name: city.settings().name.clone(), host })
    }

    fn written(&self, letter: &Letter) -> Result<Message> {
        let seconds = u64::try_from(letter.at.micros() / 1_000_000).unwrap_or(0);
        let from = Mailbox::new(Some(self.name.get(letter.lang).to_owned()), self.from.clone());
        let message = Message::builder()
            .from(from)
            .to(Mailbox::new(None, letter.to.parse()?))
            .subject(letter.subject.as_str())
            .date(SystemTime::UNIX_EPOCH + Duration::from_secs(seconds))
            // The same at each try, so that a mail server which got it twice shows it once.
            .message_id(Some(format!("<{}@{}>", letter.id, self.host)))
            // RFC 3834: nobody's holiday answers us.
            .raw_header(HeaderValue::new(HeaderName::new_from_ascii_str("Auto-Submitted"), "auto-generated".to_owned()))
            .header(ContentType::TEXT_PLAIN)
            .header(ContentTransferEncoding::Base64)
            .body(letter.text.clone())?;
        Ok(message)
    }
}

fn parameters(config: &EmailConfig) -> Result<TlsParameters> {
    let mut builder = TlsParameters::builder(config.host.clone());
    if let Some(path) = &config.ca_file {
        let pem = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
        let own = Certificate::from_pem(&pem).with_context(|| format!("{} holds no certificate", path.display()))?;
        builder = builder.certificate_store(CertificateStore::None).add_root_certificate(own);
    }
    builder.build_rustls().context("no encrypted connection can be made")
}

impl Sender for Smtp {
    fn channel(&self) -> Channel {
        Channel::Email
    }

    fn send(&self, letter: &Letter) -> Result<(), Unsent> {
        let never = Unsent { answer: 0, for_good: true };
        let message = self.written(letter).map_err(|error| {
            tracing::warn!(id = letter.id, %error, "an e-mail cannot be written");
            never
        })?;
        self.transport.send(&message).map(drop).map_err(|error| {
            // The words of the answer may repeat the address; the number says enough.
            let answer = error.status().map_or(0, u16::from);
            tracing::warn!(
                id = letter.id,
                answer,
                timeout = error.is_timeout(),
                tls = error.is_tls(),
                "an e-mail was not taken"
            );
            Unsent { answer, for_good: error.is_permanent() }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_never_travels_in_the_open() {
        let plain = EmailConfig {
            host: "mail.example.cn".into(),
            port: None,
            security: Security::None,
            user: None,
            password_file: None,
            from: "noreply@example.cn".into(),
            ca_file: None,
            timeout_seconds: 10,
        };
        plain.check().unwrap();
        let signed_in = EmailConfig { user: Some("a".into()), password_file: Some("b".into()), ..plain.clone() };
        assert!(signed_in.check().is_err());
        EmailConfig { security: Security::Starttls, ..signed_in.clone() }.check().unwrap();
        EmailConfig { security: Security::Tls, ..signed_in }.check().unwrap();
        for wrong in [
            EmailConfig { host: " ".into(), ..plain.clone() },
            EmailConfig { from: "nobody".into(), ..plain.clone() },
            EmailConfig { user: Some("a".into()), ..plain.clone() },
            EmailConfig { timeout_seconds: 0, ..plain },
        ] {
            assert!(wrong.check().is_err(), "{wrong:?}");
        }
    }
}
