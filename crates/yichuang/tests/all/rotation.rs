//! New keys in the place of those in use: whatever was signed before stays valid, in every form.

use std::path::Path;

use serde_json::Value;

use crate::keys::{SLUG, has_openssl, is_valid, openssl};
use crate::program::{Demo, code, err, out, run};

const NAMES: [&str; 4] = ["seal/approval", "qr/approval", "maker/city", "stamp/city"];

/// A licence in every form that is signed, as files; answers its code.
pub fn collect(demo: &Demo, folder: &Path, name: &str) -> String {
    let answer = demo.file(name, &demo.sample(SLUG));
    assert_eq!(answer.status, 201, "{}", answer.text());
    let id = answer.json()["licence"]["id"].as_str().unwrap().to_owned();
    download(demo, folder, name, &id)
}

fn download(demo: &Demo, folder: &Path, name: &str, id: &str) -> String {
    for form in ["data", "pdf", "ofd"] {
        let answer = demo.get("integrator", &format!("/api/v1/licences/{id}/{form}"));
        assert_eq!(answer.status, 200, "{form}: {}", answer.text());
        std::fs::write(folder.join(format!("{name}.{form}")), &answer.body).unwrap();
    }
    std::fs::write(folder.join(format!("{name}.id")), id).unwrap();
    let data: Value = serde_json::from_slice(&std::fs::read(folder.join(format!("{name}.data"))).unwrap()).unwrap();
    data["qr"]["url"].as_str().unwrap().to_owned()
}

fn all_valid(demo: &Demo, folder: &Path, name: &str) {
    for form in ["data", "pdf", "ofd"] {
        is_valid(demo, &folder.join(format!("{name}.{form}")));
    }
}

#[test]
fn new_keys_invalidate_nothing() {
    if !has_openssl() {
        return;
    }
    let scratch = tempfile::tempdir().unwrap();
    let (dir, work) = (scratch.path().join("city"), scratch.path());
    let demo = Demo::start(&dir, 0, None);
    let port = demo.port;
    let old_code = collect(&demo, work, "old");
    all_valid(&demo, work, "old");
    demo.kill();

    // Roots whose keys are at hand: a demo city keeps none of its own.
    let config =
        "[req]\ndistinguished_name=dn\n[dn]\n[v3]\nbasicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign\n";
    std::fs::write(work.join("ca.cnf"), config).unwrap();
    let (mut roots, mut keys) = (std::fs::read_to_string(dir.join("roots.pem")).unwrap(), String::new());
    for (curve, digest, more) in [("SM2", "-sm3", "-sigopt distid:1234567812345678"), ("prime256v1", "-sha256", "")] {
        openssl(work, &format!("ecparam -name {curve} -genkey -noout -out {curve}.pem"));
        openssl(work, &format!("pkcs8 -topk8 -nocrypt -in {curve}.pem -out {curve}.key"));
        let subject = format!("-days 9000 -subj /C=CN/O=Town/CN={curve}");
        openssl(
            work,
            &format!(
                "req -new -x509 {digest} -key {curve}.pem {subject} {more} -config ca.cnf -extensions v3 -out {curve}.crt"
            ),
        );
        roots += &std::fs::read_to_string(work.join(format!("{curve}.crt"))).unwrap();
        keys += &std::fs::read_to_string(work.join(format!("{curve}.key"))).unwrap();
    }
    std::fs::write(dir.join("roots.pem"), roots).unwrap();
    let root_key = work.join("roots.key");
    std::fs::write(&root_key, keys).unwrap();
    let rotate = |names: &[&str]| {
        let mut arguments = vec!["keys", "rotate", "--dir", dir.to_str().unwrap(), "--root-key"];
        arguments.push(root_key.to_str().unwrap());
        arguments.extend(names.iter().flat_map(|name| ["--key", name]));
        run(&arguments)
    };
    let before = std::fs::read(dir.join("keys.json")).unwrap();
    let refused = rotate(&["seal/approval", "seal/nobody"]);
    assert!(code(&refused) == 2 && err(&refused).contains("no key seal/nobody"), "{}", err(&refused));
    assert_eq!(std::fs::read(dir.join("keys.json")).unwrap(), before, "all or nothing");
    let done = rotate(&NAMES);
    assert_eq!(code(&done), 0, "{}", err(&done));
    std::fs::remove_file(&root_key).unwrap();

    let demo = Demo::start(&dir, port, None);
    all_valid(&demo, work, "old");
    let new_code = collect(&demo, work, "new");
    all_valid(&demo, work, "new");
    // What is rendered anew is signed with the new keys, around data that the old one signed.
    let id = std::fs::read_to_string(work.join("old.id")).unwrap();
    assert_eq!(download(&demo, work, "again", &id), old_code);
    all_valid(&demo, work, "again");
    let file = |name: &str| std::fs::read(work.join(name)).unwrap();
    assert!(file("again.data") == file("old.data") && file("again.ofd") != file("old.ofd"));
    // Codes on paper go on: both keys are in the list that browsers trust.
    for own in [&old_code, &new_code] {
        let page = demo.send("", "POST", "/v", &[("Content-Type", "application/x-www-form-urlencoded")], &form(own));
        assert!(page.status == 200 && page.text().contains("由颁发机构签名"), "{own}: {}", page.status);
    }
    let listed = run(&["keys", "list", "--dir", demo.folder(), "--json"]);
    let lines: Vec<Value> = out(&listed).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    for name in NAMES {
        let line = lines.iter().find(|line| line["key"] == name).unwrap_or_else(|| panic!("{name}: {lines:?}"));
        assert!(line["place"] == "key file" && line["valid_to"].is_string(), "{line}");
    }
}

fn form(code: &str) -> String {
    let encoded: String = code.bytes().map(|byte| format!("%{byte:02X}")).collect();
    format!("what={encoded}")
}
