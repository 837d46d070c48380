//! Digests, and random public identifiers.

use sha2::Digest;

/// SHA-256, the digest of everything that crosses to other systems.
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    sha2::Sha256::digest(bytes).into()
}

/// SM3 (GB/T 32905), the digest of everything that is signed with SM2.
pub fn sm3(bytes: &[u8]) -> [u8; 32] {
    sm3::Sm3::digest(bytes).into()
}

/// SHA-256 in lower-case hexadecimal, 64 characters.
pub fn sha256_hex(bytes: &[u8]) -> String {
    hex::encode(sha256(bytes))
}

/// SM3 in lower-case hexadecimal, 64 characters.
pub fn sm3_hex(bytes: &[u8]) -> String {
    hex::encode(sm3(bytes))
}

/// HMAC-SHA-256 (RFC 2104) in lower-case hexadecimal: who holds the same secret knows that nothing was changed on the way.
pub fn hmac_sha256_hex(secret: &[u8], bytes: &[u8]) -> String {
    let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, secret);
    hex::encode(ring::hmac::sign(&key, bytes))
}

/// Crockford's alphabet in lower case: no i, l, o or u, so that nobody misreads a public identifier over the telephone.
const BASE32: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// The length of a public identifier in characters.
pub const PUBLIC_ID_CHARS: usize = 26;

/// A public identifier 公开标识 from 128 random bits: 26 characters that cannot be guessed or counted up, so that an
/// address `/v/<id>` reveals neither how many licences there are nor its neighbours.
pub fn public_id(random: [u8; 16]) -> String {
    let number = u128::from_be_bytes(random);
    (0..PUBLIC_ID_CHARS)
        .rev()
        .filter_map(|place| BASE32.get((number >> (5 * place)) as usize & 31))
        .map(|byte| char::from(*byte))
        .collect()
}

/// Whether a text has the form of [`public_id`]; look-ups refuse anything else before touching the store.
pub fn is_public_id(text: &str) -> bool {
    text.len() == PUBLIC_ID_CHARS
        && text.bytes().all(|byte| BASE32.contains(&byte))
        && text.bytes().next().is_some_and(|first| first <= b'7')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_answers() {
        assert_eq!(sm3_hex(b"abc"), "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0");
        assert_eq!(sha256_hex(b"abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    /// RFC 4231, test case 2.
    #[test]
    fn hmac_gives_the_known_answer() {
        let known = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
        assert_eq!(hmac_sha256_hex(b"Jefe", b"what do ya want for nothing?"), known);
    }

    #[test]
    fn public_ids_have_one_form() {
        assert_eq!(public_id([0; 16]), "0".repeat(26));
        assert_eq!(public_id([255; 16]), format!("7{}", "z".repeat(25)));
        assert_ne!(public_id([1; 16]), public_id([2; 16]));
        assert!(is_public_id(&public_id([0x5a; 16])));
        for wrong in ["", "8zzzzzzzzzzzzzzzzzzzzzzzzz", "0000000000000000000000000o", "000000000000000000000000"] {
            assert!(!is_public_id(wrong), "{wrong}");
        }
    }
}
