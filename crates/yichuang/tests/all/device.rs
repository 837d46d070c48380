//! Keys in a device: SoftHSM plays it. Where it is missing the tests say so and pass, unless `YICHUANG_REQUIRE_TOOLS=1` demands it.

use std::path::{Path, PathBuf};
use std::process::Command;

use seal::cert::Certificate;
use seal::keystore::KeyStore;
use serde_json::{Value, json};

use crate::keys::{DEPARTMENT, certify, has_openssl, kinds, licence, openssl};
use crate::operator::init;
use crate::program::{Demo, code, err, out, run_in};
use crate::rotation::collect;

const PIN: &str = "271828";

/// A token of its own for one test.
struct Token {
    library: PathBuf,
    settings: String,
}

impl Token {
    /// A fresh token called `city`; `None` without SoftHSM.
    fn new(folder: &Path) -> Option<Token> {
        let places = ["/usr/lib/softhsm", "/usr/lib/x86_64-linux-gnu/softhsm", "/usr/lib/aarch64-linux-gnu/softhsm"];
        let library = places.iter().map(|place| Path::new(place).join("libsofthsm2.so")).find(|path| path.exists());
        let Some(library) = library else {
            let demanded = std::env::var("YICHUANG_REQUIRE_TOOLS").is_ok_and(|value| value == "1");
            assert!(!demanded, "SoftHSM is required: install softhsm2");
            eprintln!("skipped: no SoftHSM");
            return None;
        };
        let (tokens, settings) = (folder.join("tokens"), folder.join("softhsm2.conf"));
        std::fs::create_dir(&tokens).unwrap();
        std::fs::write(&settings, format!("directories.tokendir = {}\nlog.level = ERROR\n", tokens.display())).unwrap();
        let settings = settings.to_str().unwrap().to_owned();
        let made = Command::new("softhsm2-util")
            .args(["--init-token", "--free", "--label", "city", "--pin", PIN, "--so-pin", "31415926"])
            .env("SOFTHSM2_CONF", &settings)
            .output()
            .unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        Some(Token { library, settings })
    }

    fn environment(&self) -> [(&str, &str); 1] {
        [("SOFTHSM2_CONF", &self.settings)]
    }

    fn run(&self, arguments: &[&str]) -> (i32, String) {
        let done = run_in(&self.environment(), arguments, "");
        (code(&done), out(&done) + &err(&done))
    }

    /// Names keys of the city that lie in it.
    fn name_keys(&self, dir: &Path, pin: &Path, keys: &[&str]) {
        let path = dir.join("city.json");
        let mut config: Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
        let key = |name: &&str| {
            let label = name.replace('/', "-");
            json!({ "name": name, "label": label, "certificates": format!("{label}.pem") })
        };
        let keys: Vec<Value> = keys.iter().map(key).collect();
        config["devices"] = json!([{ "library": self.library, "token": "city", "pin_file": pin, "keys": keys }]);
        std::fs::write(path, config.to_string()).unwrap();
    }
}

fn certificate(path: &Path) -> Certificate {
    Certificate::from_pem(&std::fs::read_to_string(path).unwrap()).unwrap()
}

#[test]
fn a_key_that_never_leaves_its_device_signs_files_and_codes() {
    let scratch = tempfile::tempdir().unwrap();
    let Some(token) = Token::new(scratch.path()) else { return };
    if !has_openssl() {
        return;
    }
    let dir = scratch.path().join("city");
    let demo = Demo::start(&dir, 0, None);
    let port = demo.port;
    let old = scratch.path().join("old.json");
    licence(&demo, &old);
    demo.kill();

    // The request comes out of the device; a licensed authority answers it.
    let pin = scratch.path().join("pin");
    std::fs::write(&pin, format!("{PIN}\n")).unwrap();
    token.name_keys(&dir, &pin, &["qr/approval"]);
    let work = scratch.path().join("authority");
    std::fs::create_dir(&work).unwrap();
    let folder = dir.to_str().unwrap();
    let request = work.join("r.csr");
    let city = ["--dir", folder, "--department", DEPARTMENT, "--purpose", "qr"];
    let (done, said) = token.run(&[&["keys", "csr", "--out", request.to_str().unwrap()], &city[..]].concat());
    assert_eq!(done, 0, "{said}");
    openssl(&work, "req -in r.csr -verify -noout");
    certify(&work, &kinds()[1]);
    let mut roots = std::fs::read_to_string(dir.join("roots.pem")).unwrap();
    roots += &std::fs::read_to_string(work.join("ca.crt")).unwrap();
    std::fs::write(dir.join("roots.pem"), roots).unwrap();
    let (leaf, chain) = (work.join("leaf.crt"), work.join("mid.crt"));
    let import = ["keys", "import", "--cert", leaf.to_str().unwrap(), "--chain", chain.to_str().unwrap()];
    let (done, said) = token.run(&[&import, &city[..]].concat());
    assert_eq!(done, 0, "{said}");

    let demo = Demo::start_in(&token.environment(), &dir, port, None);
    let url = collect(&demo, scratch.path(), "new");
    let own = certificate(&leaf);
    let claims = seal::qr::verify(&url, std::slice::from_ref(&own), own.not_before().plus_seconds(3_600));
    assert!(claims.valid, "{:?}", claims.checks);
    let trust = demo.get("", "/trust/qr.json").text();
    assert!(trust.contains(&hex::encode(own.kid())), "{trust}");
    for file in ["old.json", "new.data", "new.pdf", "new.ofd"] {
        let path = scratch.path().join(file);
        let (done, said) = token.run(&["licence", "verify", path.to_str().unwrap(), "--dir", folder]);
        assert_eq!(done, 0, "{file}: {said}");
    }
    let pdf = std::fs::read(scratch.path().join("new.pdf")).unwrap();
    assert!(String::from_utf8_lossy(&pdf).contains(&hex::encode(own.der())), "the PDF is signed with the device's key");
    // The key in the file has given way.
    let passphrase = std::fs::read(passphrase(&dir)).unwrap();
    let store = KeyStore::open(&std::fs::read(dir.join("keys.json")).unwrap(), passphrase.trim_ascii_end()).unwrap();
    assert!(store.get("qr/approval").is_none() && store.get("seal/approval").is_some());
    let (_, said) = token.run(&["keys", "list", "--dir", folder]);
    assert!(said.lines().any(|line| line.starts_with("qr/approval") && line.contains("token city")), "{said}");
}

fn passphrase(dir: &Path) -> PathBuf {
    let config: Value = serde_json::from_str(&std::fs::read_to_string(dir.join("city.json")).unwrap()).unwrap();
    PathBuf::from(config["passphrase_file"].as_str().unwrap())
}

#[test]
fn the_own_root_certifies_keys_in_a_device_and_a_wrong_pin_is_told() {
    let scratch = tempfile::tempdir().unwrap();
    let Some(token) = Token::new(scratch.path()) else { return };
    let dir = scratch.path().join("city");
    let made = init(&dir, &[]);
    assert_eq!(code(&made), 0, "{}", err(&made));
    let (pin, root_keys) = (scratch.path().join("pin"), scratch.path().join("root-keys.pem"));
    std::fs::write(&pin, PIN).unwrap();
    token.name_keys(&dir, &pin, &["qr/approval", "stamp/city"]);
    let complete =
        ["keys", "complete", "--dir", dir.to_str().unwrap(), "--root-key", root_keys.to_str().unwrap(), "--json"];
    let (done, said) = token.run(&complete);
    assert_eq!(done, 0, "{said}");
    let answer: Value = serde_json::from_str(said.lines().next().unwrap()).unwrap();
    assert_eq!(answer["made"], json!(["qr/approval", "stamp/city"]));
    assert!(certificate(&dir.join("qr-approval.pem")).may_sign());
    assert!(certificate(&dir.join("stamp-city.pem")).may_stamp());
    let (_, again) = token.run(&complete);
    assert!(again.contains("[]"), "{again}");

    std::fs::write(&pin, "000000").unwrap();
    let (done, said) = token.run(&complete);
    assert!(done == 2 && said.contains("refuses the PIN"), "{said}");
    std::fs::write(&pin, PIN).unwrap();
    // A PIN beside the data, keys that no device holds, a token that is not there.
    let inside = dir.join("pin");
    std::fs::copy(&pin, &inside).unwrap();
    token.name_keys(&dir, &inside, &["qr/approval"]);
    assert!(token.run(&complete).1.contains("lies in the data folder"));
    token.name_keys(&dir, &pin, &["seal/approval"]);
    assert!(token.run(&complete).1.contains("devices hold P-256 keys"));
    token.name_keys(&dir, &pin, &["qr/approval"]);
    let text = std::fs::read_to_string(dir.join("city.json")).unwrap().replace("\"token\":\"city\"", "\"token\":\"x\"");
    std::fs::write(dir.join("city.json"), text).unwrap();
    assert!(token.run(&complete).1.contains("no token called x"));
}
