//! Encrypted connections, as libpq names their modes: `sslmode` and `sslrootcert` in the address.
//!
//! | sslmode | what is demanded |
//! |---|---|
//! | `disable`, absent | nothing: a Unix socket, this machine, or a local proxy |
//! | `require` | encryption; with `sslrootcert` a certificate of that root as well |
//! | `verify-ca` | encryption and a certificate of the root |
//! | `verify-full` | the same, and that the certificate is for the host of the address |

use crate::error::StoreError;
use std::future::Future;
use std::io;
use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_postgres::Socket;
use tokio_postgres::tls::{ChannelBinding, MakeTlsConnect, TlsConnect};
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::client::WebPkiServerVerifier;
use tokio_rustls::rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use tokio_rustls::rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use tokio_rustls::rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme,
};

/// The address without what the driver does not know, and how to encrypt; `None`: not at all.
pub(super) fn of_url(url: &str) -> Result<(String, Option<Tls>), StoreError> {
    let mut mode = String::new();
    let mut root = String::new();
    let mut keep = |part: &str| match part.split_once('=') {
        Some(("sslmode", value)) => {
            value.clone_into(&mut mode);
            false
        }
        Some(("sslrootcert", value)) => {
            root = percent_decoded(value);
            false
        }
        _ => true,
    };
    let rest = if url.contains("://") {
        let (base, query) = url.split_once('?').unwrap_or((url, ""));
        let parts: Vec<&str> = query.split('&').filter(|part| !part.is_empty() && keep(part)).collect();
        if parts.is_empty() { base.to_owned() } else { format!("{base}?{}", parts.join("&")) }
    } else {
        url.split_whitespace().filter(|part| keep(part)).collect::<Vec<_>>().join(" ")
    };
    let root = (!root.is_empty()).then_some(root);
    let tls = match (mode.as_str(), root) {
        ("" | "disable", _) => None,
        ("require", None) => Some(Tls::with(Arc::new(Lenient::unverified()))?),
        ("require" | "verify-ca", Some(root)) => Some(Tls::with(Arc::new(Lenient::of_root(Path::new(&root))?))?),
        ("verify-full", Some(root)) => Some(Tls::with(verifier(Path::new(&root))?)?),
        ("verify-ca" | "verify-full", None) => {
            return Err(StoreError::Invalid(format!(
                "sslmode={mode} needs sslrootcert=FILE, the certificate of the authority that certified the server"
            )));
        }
        _ => {
            return Err(StoreError::Invalid(format!(
                "sslmode={mode} is not known; use disable, require, verify-ca or verify-full"
            )));
        }
    };
    Ok((rest, tls))
}

/// `%2F` and the like, as in the query of an address.
fn percent_decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut place = 0;
    while let Some(byte) = bytes.get(place) {
        let pair = text.get(place + 1..place + 3).and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match pair.filter(|_| *byte == b'%') {
            Some(decoded) => {
                out.push(decoded);
                place += 3;
            }
            None => {
                out.push(*byte);
                place += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

fn provider() -> Arc<CryptoProvider> {
    Arc::new(ring::default_provider())
}

fn verifier(root: &Path) -> Result<Arc<WebPkiServerVerifier>, StoreError> {
    let bad =
        |problem: &dyn std::fmt::Display| StoreError::Invalid(format!("sslrootcert {}: {problem}", root.display()));
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_file_iter(root).map_err(|e| bad(&e))? {
        roots.add(certificate.map_err(|e| bad(&e))?).map_err(|e| bad(&e))?;
    }
    if roots.is_empty() {
        return Err(bad(&"the file holds no certificate"));
    }
    WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider()).build().map_err(|e| bad(&e))
}

/// Less than the whole check: any certificate, or one of the root whatever host it names.
#[derive(Debug)]
struct Lenient {
    root: Option<Arc<WebPkiServerVerifier>>,
    provider: Arc<CryptoProvider>,
}

impl Lenient {
    fn unverified() -> Lenient {
        Lenient { root: None, provider: provider() }
    }

    fn of_root(root: &Path) -> Result<Lenient, StoreError> {
        Ok(Lenient { root: Some(verifier(root)?), provider: provider() })
    }
}

impl ServerCertVerifier for Lenient {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let Some(root) = &self.root else { return Ok(ServerCertVerified::assertion()) };
        match root.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now) {
            Err(Error::InvalidCertificate(
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
            )) => Ok(ServerCertVerified::assertion()),
            other => other,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, cert, dss, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, cert, dss, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

/// How connections are encrypted. Cheap to clone.
#[derive(Clone)]
pub(super) struct Tls(Arc<ClientConfig>);

impl std::fmt::Debug for Tls {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Tls")
    }
}

impl Tls {
    fn with(verifier: Arc<dyn ServerCertVerifier>) -> Result<Tls, StoreError> {
        let config = ClientConfig::builder_with_provider(provider())
            .with_safe_default_protocol_versions()
            .map_err(|e| StoreError::Invalid(e.to_string()))?
            .dangerous()
            .with_custom_certificate_verifier(verifier)
            .with_no_client_auth();
        Ok(Tls(Arc::new(config)))
    }
}

impl MakeTlsConnect<Socket> for Tls {
    type Stream = Encrypted;
    type TlsConnect = Handshake;
    type Error = io::Error;

    fn make_tls_connect(&mut self, domain: &str) -> Result<Handshake, io::Error> {
        let name = ServerName::try_from(domain.to_owned()).map_err(io::Error::other)?;
        Ok(Handshake { connector: TlsConnector::from(self.0.clone()), name })
    }
}

/// A connection that is about to be encrypted.
pub(super) struct Handshake {
    connector: TlsConnector,
    name: ServerName<'static>,
}

impl TlsConnect<Socket> for Handshake {
    type Stream = Encrypted;
    type Error = io::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Encrypted, io::Error>> + Send>>;

    fn connect(self, stream: Socket) -> Self::Future {
        Box::pin(
            async move { self.connector.connect(self.name, stream).await.map(|stream| Encrypted(Box::new(stream))) },
        )
    }
}

/// An encrypted connection.
pub(super) struct Encrypted(Box<tokio_rustls::client::TlsStream<Socket>>);

impl tokio_postgres::tls::TlsStream for Encrypted {
    fn channel_binding(&self) -> ChannelBinding {
        ChannelBinding::none()
    }
}

impl AsyncRead for Encrypted {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut *self.0).poll_read(cx, buf)
    }
}

impl AsyncWrite for Encrypted {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut *self.0).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut *self.0).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut *self.0).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_driver_gets_what_it_knows() {
        let plain = |url: &str| of_url(url).map(|(rest, tls)| (rest, tls.is_some()));
        let kept = |text: &str, tls| Ok((text.to_owned(), tls));
        assert_eq!(plain("postgres://a@b/c"), kept("postgres://a@b/c", false));
        assert_eq!(plain("postgres://a@b/c?sslmode=require&host=x"), kept("postgres://a@b/c?host=x", true));
        assert_eq!(plain("host=b dbname=c sslmode=disable"), kept("host=b dbname=c", false));
        assert_eq!(percent_decoded("%2Fetc%2Fca%20x.pem%"), "/etc/ca x.pem%");
        let refusal = |url: &str| plain(url).unwrap_err().to_string();
        assert!(refusal("postgres://a@b/c?sslmode=verify-full").contains("sslrootcert=FILE"));
        assert!(refusal("postgres://a@b/c?sslmode=strict").contains("sslmode=strict is not known"));
        assert!(refusal("postgres://a@b/c?sslmode=verify-ca&sslrootcert=/no/such.pem").contains("/no/such.pem"));
    }
}
