//! RSA signatures of others: PKCS #1 v1.5 with SHA-256 and keys of 2048 to 8192 bits. We make none ourselves.

use ring::signature::{RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents};

/// Whether the signature is that of the key with modulus `n` and exponent `e`, both big-endian.
pub(crate) fn verify(n: &[u8], e: &[u8], message: &[u8], signature: &[u8]) -> bool {
    // The library refuses a leading zero, which some encoders write.
    let trim = |bytes: &[u8]| bytes.iter().copied().skip_while(|byte| *byte == 0).collect::<Vec<u8>>();
    let key = RsaPublicKeyComponents { n: trim(n), e: trim(e) };
    key.verify(&RSA_PKCS1_2048_8192_SHA256, message, signature).is_ok()
}
