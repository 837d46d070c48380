//! Tokens of others, with a key and a signature that OpenSSL made.

use seal::jose::{KeySet, TokenError, verify};
use serde_json::json;

const MODULUS: &str = concat!(
    "u-9CYmtoSIWyhKnSxA5RP7ECZSQySAUxAgyfKzQCGlZqE1CiFLgXlI3_9ohUgvw7mxuJxNIx1gsxjMc7c7x_0h4EbA-VTPPixVhe",
    "NIwrl4rCKxca3hafmw-HZLCHOoi2jRfP-9lqG5O-3UYmJ_0jz2YL5s1LZemohmrTeH_sLZqdY-nvXHBcxamy1egAUgb6VbbX7GXz",
    "Sbct0X33nWUCYIcuJbEMcjRtCf7RpH2vk_kU_iY9uk08QmQd4mmhmXtnP4bEw-5BgpumoI5zFWbcVig2wFsMSm53p6wTaWKXql8M",
    "8rvWKCrHauFo2nvJ9CQiEomYARQkSthw0y_AIPy9zQ"
);

const TOKEN: &str = concat!(
    "eyJhbGciOiJSUzI1NiIsImtpZCI6InIifQ.eyJzdWIiOiLnjovoirMifQ.XybxAWu8TL3UH5REoTh37tEYE8Ef3egOdoGUz7r2B-",
    "h4x-o9VYJU92Qh5EI7RdH5WNibazB30D0yqJQXKq9TgjHYotvXeRfvccUd9cVivuOz6FMHN1Sza70IsIVjeVtK2Ct5O4pDvKC3rw",
    "mFKqI3BuCVktx1CR3Ru08ysrAnxvZT3JaVQW6MQFyq07igpHey1zu0aQiZJVW3OlVjRfk9dnoXGH5gUNCRvSxAhowFLsGxDcNXKT",
    "_PuUKnjUfM6oKkhlE9GCrzqbhNOQzZoBaJ8fy2YpKnBQ6ri65LDJiosFJlENBxXMHcLtd-JPylqY6cAD6NvQPasq_VYMS2KmnBCQ"
);

fn keys(more: serde_json::Value) -> KeySet {
    let mut key = json!({ "kty": "RSA", "kid": "r", "n": MODULUS, "e": "AQAB" });
    key.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    serde_json::from_value(json!({ "keys": [{ "kty": "oct", "k": "AA" }, key] })).unwrap()
}

#[test]
fn an_rsa_signature_is_believed_only_whole_and_by_its_own_key() {
    let own = keys(json!({}));
    assert_eq!(verify(TOKEN, &own).unwrap(), json!({ "sub": "王芳" }));
    // Every byte of head, body and signature counts. The last character of each part also holds bits that stand for
    // nothing, which must be zero.
    for place in (0..TOKEN.len()).step_by(7) {
        let mut bent = TOKEN.as_bytes().to_vec();
        bent[place] = if bent[place] == b'A' { b'B' } else { b'A' };
        assert!(verify(&String::from_utf8(bent).unwrap(), &own).is_err(), "{place}");
    }
    for end in (0..TOKEN.len()).step_by(11) {
        assert!(verify(&TOKEN[..end], &own).is_err(), "cut at {end}");
    }
    for (more, expected) in [
        (json!({ "kid": "other" }), TokenError::UnknownKey),
        (json!({ "use": "enc" }), TokenError::UnknownKey),
        (json!({ "alg": "RS512" }), TokenError::UnknownKey),
        (json!({ "kty": "EC" }), TokenError::UnknownKey),
        (json!({ "e": "Aw" }), TokenError::BadSignature),
        (json!({ "n": "AQAB" }), TokenError::BadSignature),
    ] {
        assert_eq!(verify(TOKEN, &keys(more.clone())), Err(expected), "{more}");
    }
    assert_eq!(verify(&format!("{TOKEN}.x"), &own), Err(TokenError::Malformed));
    assert_eq!(verify(&"a.".repeat(40_000), &own), Err(TokenError::Malformed));
}
