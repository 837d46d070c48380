//! An outside time-stamping authority by setting: OpenSSL answers behind a little HTTP server.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::Value;

use crate::keys::{SLUG, has_openssl, openssl};
use crate::program::{Demo, code, out, run};

/// Certificates of an authority in a folder.
fn authority(folder: &Path) {
    let write = |name: &str, text: &str| std::fs::write(folder.join(name), text).unwrap();
    let ca =
        "[req]\ndistinguished_name=dn\n[dn]\n[v3]\nbasicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign\n";
    write("ca.cnf", ca);
    let usage = "basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\n";
    write("tsa.ext", &format!("{usage}extendedKeyUsage=critical,timeStamping\n"));
    write(
        "tsa.cnf",
        "[tsa]\ndefault_tsa=own\n[own]\nserial=serial\nsigner_cert=tsa.crt\nsigner_key=tsa.pem\nsigner_digest=sha256\n\
         default_policy=1.2.3.4.1\ndigests=sha256\naccuracy=secs:1\nordering=no\ntsa_name=no\ness_cert_id_alg=sha256\n",
    );
    write("serial", "01\n");
    for name in ["ca", "tsa"] {
        openssl(folder, &format!("ecparam -name prime256v1 -genkey -noout -out {name}.pem"));
    }
    let subject = "-subj /C=CN/O=Outside/CN=";
    openssl(
        folder,
        &format!("req -new -x509 -sha256 -key ca.pem -days 60 {subject}Root -config ca.cnf -extensions v3 -out ca.crt"),
    );
    openssl(folder, &format!("req -new -sha256 -key tsa.pem {subject}Stamps -config ca.cnf -out tsa.csr"));
    let x509 = "x509 -req -sha256 -days 30 -in tsa.csr -extfile tsa.ext -CA ca.crt -CAkey ca.pem -CAcreateserial";
    openssl(folder, &format!("{x509} -out tsa.crt"));
}

/// One request after the other, until the program ends; `awake` says whether it answers.
fn serve(listener: TcpListener, folder: PathBuf, awake: Arc<AtomicBool>) {
    for stream in listener.incoming() {
        let Ok(stream) = stream else { return };
        let mut reader = BufReader::new(stream.try_clone().unwrap());
        let (mut length, mut line) = (0, String::new());
        while reader.read_line(&mut line).unwrap() > 2 {
            if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse().unwrap();
            }
            line.clear();
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body).unwrap();
        if !awake.load(Ordering::SeqCst) {
            continue;
        }
        std::fs::write(folder.join("q"), body).unwrap();
        let arguments = ["ts", "-reply", "-queryfile", "q", "-out", "r", "-config", "tsa.cnf"];
        let done = Command::new("openssl").args(arguments).current_dir(&folder).output().unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        let answer = std::fs::read(folder.join("r")).unwrap();
        let head = format!(
            "HTTP/1.1 200 OK\r\nContent-Type: application/timestamp-reply\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
            answer.len()
        );
        let mut stream = stream;
        stream.write_all(head.as_bytes()).unwrap();
        stream.write_all(&answer).unwrap();
    }
}

#[test]
fn a_pdf_bears_the_stamp_of_the_authority_that_the_operator_has_chosen() {
    if !has_openssl() {
        return;
    }
    let scratch = tempfile::tempdir().unwrap();
    let dir = scratch.path().join("city");
    authority(scratch.path());
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/tsr", listener.local_addr().unwrap());
    let awake = Arc::new(AtomicBool::new(true));
    let (folder, flag) = (scratch.path().to_owned(), Arc::clone(&awake));
    std::thread::spawn(move || serve(listener, folder, flag));

    let demo = Demo::start(&dir, 0, None);
    let port = demo.port;
    demo.kill();
    let path = dir.join("city.json");
    let mut config: Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
    config["time_authority"] = url.into();
    std::fs::write(&path, config.to_string()).unwrap();
    let roots = std::fs::read_to_string(dir.join("roots.pem")).unwrap();
    let root = std::fs::read_to_string(scratch.path().join("ca.crt")).unwrap();
    std::fs::write(dir.join("roots.pem"), roots + &root).unwrap();

    let demo = Demo::start(&dir, port, None);
    let filed = demo.file(&demo.key(), &demo.sample(SLUG));
    assert_eq!(filed.status, 201, "{}", filed.text());
    let id = filed.json()["licence"]["id"].as_str().unwrap().to_owned();
    for form in ["pdf", "pdf-lt"] {
        let answer = demo.get("integrator", &format!("/api/v1/licences/{id}/{form}"));
        assert_eq!(answer.status, 200, "{form}: {}", answer.text());
        let file = scratch.path().join(format!("{form}.pdf"));
        std::fs::write(&file, &answer.body).unwrap();
        let done = run(&["licence", "verify", file.to_str().unwrap(), "--dir", demo.folder(), "--json"]);
        assert_eq!(code(&done), 0, "{form}: {}", out(&done));
        assert!(out(&done).contains("（Stamps）"), "{}", out(&done));
    }
    // Nothing goes out with another stamp while it sleeps; other forms are there.
    awake.store(false, Ordering::SeqCst);
    let filed = demo.file(&demo.key(), &demo.sample(SLUG));
    assert_eq!(filed.status, 201, "{}", filed.text());
    let id = filed.json()["licence"]["id"].as_str().unwrap().to_owned();
    let refused = demo.get("integrator", &format!("/api/v1/licences/{id}/pdf"));
    assert!(refused.status == 422 && refused.text().contains("时间戳服务"), "{}", refused.text());
    assert_eq!(demo.get("integrator", &format!("/api/v1/licences/{id}/ofd")).status, 200);
}
