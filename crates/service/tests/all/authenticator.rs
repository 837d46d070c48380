//! An authenticator and a browser in software: they say whatever a test wants, also what honest ones never would.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use ciborium::Value;
use ciborium::value::Integer;
use seal::digest::sha256;
use seal::key::{Alg, PrivateKey};

/// What is said; each part may be bent.
#[derive(Debug, Clone)]
pub struct Said {
    pub kind: &'static str,
    pub challenge: String,
    pub origin: String,
    pub cross_origin: bool,
    pub party: String,
    pub flags: u8,
    pub count: u32,
}

impl Said {
    /// An honest answer to a challenge of the city under `http://localhost:8080`.
    pub fn to(kind: &'static str, challenge: &str) -> Said {
        Said {
            kind,
            challenge: challenge.to_owned(),
            origin: "http://localhost:8080".to_owned(),
            cross_origin: false,
            party: "localhost".to_owned(),
            // Present and verified.
            flags: 0b101,
            count: 0,
        }
    }

    fn client_data(&self) -> Vec<u8> {
        let Said { kind, challenge, origin, cross_origin, .. } = self;
        serde_json::json!({ "type": kind, "challenge": challenge, "origin": origin, "crossOrigin": cross_origin })
            .to_string()
            .into_bytes()
    }

    fn head(&self, flags: u8) -> Vec<u8> {
        [sha256(self.party.as_bytes()).as_slice(), &[self.flags | flags], &self.count.to_be_bytes()].concat()
    }
}

/// A key pair on a device.
pub struct Device {
    key: PrivateKey,
    pub id: Vec<u8>,
}

/// The parts of an assertion, base64url.
pub struct Answer {
    pub client_data: String,
    pub authenticator_data: String,
    pub signature: String,
}

impl Device {
    pub fn new(seed: u8) -> Device {
        let mut next = seed;
        let mut random = |bytes: &mut [u8]| {
            for byte in bytes {
                next = next.wrapping_mul(31).wrapping_add(7);
                *byte = next;
            }
        };
        Device { key: PrivateKey::generate(Alg::Es256, &mut random), id: vec![seed; 20] }
    }

    pub fn id(&self) -> String {
        BASE64.encode(&self.id)
    }

    fn cose(&self) -> Vec<u8> {
        let point = self.key.public_key().point();
        let int = |n: i64| Value::Integer(Integer::from(n));
        let key = Value::Map(vec![
            (int(1), int(2)),
            (int(3), int(-7)),
            (int(-1), int(1)),
            (int(-2), Value::Bytes(point[1..33].to_vec())),
            (int(-3), Value::Bytes(point[33..].to_vec())),
        ]);
        cbor(&key)
    }

    /// `clientDataJSON` and the attestation object of a registration, base64url.
    pub fn create(&self, said: &Said) -> (String, String) {
        let length = u16::try_from(self.id.len()).unwrap().to_be_bytes();
        let data = [said.head(1 << 6).as_slice(), &[0; 16], &length, &self.id, &self.cose()].concat();
        let text = |text: &str| Value::Text(text.to_owned());
        let object = Value::Map(vec![
            (text("fmt"), text("none")),
            (text("attStmt"), Value::Map(Vec::new())),
            (text("authData"), Value::Bytes(data)),
        ]);
        (BASE64.encode(said.client_data()), BASE64.encode(cbor(&object)))
    }

    /// An assertion.
    pub fn get(&self, said: &Said) -> Answer {
        let (client_data, data) = (said.client_data(), said.head(0));
        let signature = self.key.sign(&[data.as_slice(), &sha256(&client_data)].concat()).unwrap();
        Answer {
            client_data: BASE64.encode(client_data),
            authenticator_data: BASE64.encode(data),
            signature: BASE64.encode(signature),
        }
    }
}

fn cbor(value: &Value) -> Vec<u8> {
    let mut bytes = Vec::new();
    ciborium::into_writer(value, &mut bytes).unwrap();
    bytes
}
