//! Figures at the machine: published ones are loaded and printed, wrong files and weeks are told with what to do.

use serde_json::{Value, json};

use crate::operator::init;
use crate::program::{code, err, out, run};

#[test]
fn published_figures_load_and_print() {
    let scratch = tempfile::tempdir().unwrap();
    let dir = scratch.path().join("city");
    let made = init(&dir, &[]);
    assert_eq!(code(&made), 0, "{}{}", out(&made), err(&made));
    let folder = dir.to_str().unwrap();
    let wrong = scratch.path().join("wrong.json");
    std::fs::write(&wrong, "{\"id\": \"x\"}").unwrap();
    let refused = run(&["figures", "load", wrong.to_str().unwrap(), "--dir", folder]);
    assert_eq!(code(&refused), 1, "{}", err(&refused));
    assert!(out(&refused).contains("line 1") && out(&refused).contains("docs/operating.md"), "{}", out(&refused));
    let nowhere = scratch.path().join("nowhere.json");
    assert_eq!(code(&run(&["figures", "load", nowhere.to_str().unwrap(), "--dir", folder])), 2);

    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../domain/data/published_figures.json");
    let loaded = run(&["figures", "load", file, "--dir", folder, "--json"]);
    assert_eq!(code(&loaded), 0, "{}{}", out(&loaded), err(&loaded));
    let answer: Value = serde_json::from_str(&out(&loaded)).unwrap();
    assert_eq!((&answer["figures"], &answer["replaced"]), (&json!(7), &json!(false)));
    let again = run(&["figures", "load", "--dir", folder, "--json"]);
    assert_eq!(serde_json::from_str::<Value>(&out(&again)).unwrap()["replaced"], json!(true), "{}", err(&again));

    let shown = run(&["figures", "show", "--dir", folder]);
    assert_eq!(code(&shown), 0, "{}", err(&shown));
    for text in
        ["1112\t2315", "108.2%\t108%", "198.6%\t199%", "213.0%\t213%", "5329", "97.66%", "17:00\t17:40\t40", "99.4%"]
    {
        assert!(out(&shown).contains(text), "{text}: {}", out(&shown));
    }
    let shown = run(&["figures", "show", "--dir", folder, "--json"]);
    let answer: Value = serde_json::from_str(&out(&shown)).unwrap();
    assert_eq!(answer["tables"][0]["id"], json!("weeks"));
    assert_eq!(answer["published"][0]["rows"][0]["growth"], json!(108.2));
    for arguments in [["--week", "soon"], ["--week", "1999-01-01"], ["--place", "nowhere"]] {
        let refused = run(&[&["figures", "show", "--dir", folder][..], &arguments].concat());
        assert_eq!(code(&refused), 1, "{arguments:?}: {}", err(&refused));
        assert!(out(&refused).starts_with(arguments[0].trim_start_matches('-')), "{}", out(&refused));
    }
}
