//! The OpenAPI document: reviewed as text, and complete.

use std::collections::BTreeSet;

use crate::routes::declared;

/// Addresses that are no part of the contract with other systems: the document itself.
const OUTSIDE: [&str; 1] = ["GET /openapi.json"];

#[test]
fn the_openapi_document_is_as_reviewed() {
    insta::assert_json_snapshot!("openapi", web::api::document());
}

#[test]
fn the_openapi_document_names_every_address_of_the_api() {
    let document = serde_json::to_value(web::api::document()).unwrap();
    let (mut described, mut names) = (BTreeSet::new(), BTreeSet::new());
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            described.insert(format!("{} {path}", method.to_uppercase()));
            let name = operation["operationId"].as_str().unwrap();
            assert!(names.insert(name.to_owned()), "{name} names two operations");
        }
    }
    let built: BTreeSet<String> = declared()
        .into_iter()
        .filter(|route| route.file.starts_with("api"))
        .map(|route| route.line)
        .filter(|line| !OUTSIDE.contains(&line.as_str()))
        .collect();
    assert_eq!(described, built);
}
