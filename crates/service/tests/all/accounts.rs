//! Names under which people sign up.

use service::ServiceError;
use service::accounts::sign_up;

use crate::bed::Bed;

#[tokio::test]
async fn a_name_holds_nothing_that_cannot_be_seen_and_a_long_one_is_told_so() {
    let Bed { city, .. } = &Bed::new(51).await;
    let long = "长".repeat(101);
    for (name, words) in [
        ("", "Enter your name"),
        ("  ", "Enter your name"),
        (long.as_str(), "at most 100 characters"),
        ("王\u{202e}芳", "invisible"),
        ("王芳\u{0}", "invisible"),
        ("王\u{7}芳", "invisible"),
        ("\u{e000}芳", "invisible"),
        ("王\u{200b}芳", "invisible"),
        ("王\u{fffe}芳", "invisible"),
    ] {
        let answer = sign_up(city, "wang.fang", "a good password", name).await;
        let Err(ServiceError::Invalid(fields)) = answer else { panic!("{name:?}: {answer:?}") };
        assert_eq!(fields.len(), 1);
        assert!(fields[0].field == "name" && fields[0].message.en.contains(words), "{name:?}: {fields:?}");
    }
    // Characters of GB 18030-2022 outside of the basic plane, and the dot of a minority name.
    for (login, name) in [("a-1", "𠮷㐂𬌗"), ("a-2", "阿依古丽·买买提"), ("a-3", &"长".repeat(100))] {
        assert_eq!(sign_up(city, login, "a good password", name).await.unwrap().name, name);
    }
}
