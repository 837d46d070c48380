//! The compiler of messages says what is wrong, where, before a page can show it.

#[path = "../../build/messages.rs"]
mod compiler;

use compiler::{Kind, compile, compile_all, generate};

/// Compiles two texts as `home.ftl` and returns the first problem as printed, or the signature of the only message.
fn check(zh: &str, en: &str) -> Result<Vec<(String, Kind)>, String> {
    match compile("home", zh, en) {
        Ok(messages) => Ok(messages.into_iter().next().map(|message| message.args).unwrap_or_default()),
        Err(problems) => Err(problems.first().map(ToString::to_string).unwrap_or_default()),
    }
}

#[test]
fn a_message_missing_in_one_language_names_the_file_that_lacks_it() {
    let missing = check("home-title = 首页\n", "").unwrap_err();
    assert_eq!(missing, "locales/en/home.ftl: home-title: missing; the Chinese file has it");
    let missing = check("", "home-title = Home\n").unwrap_err();
    assert_eq!(missing, "locales/zh/home.ftl: home-title: missing; the English file has it");
}

#[test]
fn arguments_must_agree() {
    for (zh, en, wrong) in [
        ("home-a = { $who } 您好", "home-a = Hello", "does not use $who"),
        ("home-a = 您好", "home-a = Hello { $who }", "uses $who"),
        (
            "home-a = { $who ->\n [x] 甲\n *[y] 乙\n }",
            "home-a = { $who ->\n [one] A\n *[other] B\n }",
            "a number in one",
        ),
    ] {
        let problem = check(zh, en).unwrap_err();
        assert!(problem.starts_with("locales/en/home.ftl: home-a: ") && problem.contains(wrong), "{problem}");
    }
}

#[test]
fn mistakes_inside_one_file_are_found() {
    for (zh, wrong) in [
        ("home-a = 甲\nhome-a = 乙", "zh/home.ftl: home-a: stands here twice"),
        ("title = 甲", "must begin with `home-`"),
        ("home-a = { other-message }", "references to messages are not supported"),
        ("home-a = { -brand }", "there is no term -brand"),
        ("home-a = { $x", "zh/home.ftl: : line 1"),
    ] {
        let problem = check(zh, "home-a = A").unwrap_err();
        assert!(problem.contains(wrong), "{zh}: {problem}");
    }
}

#[test]
fn arguments_get_their_type_from_how_they_are_used() {
    let named =
        |list: &[(&str, Kind)]| Ok(list.iter().map(|(name, kind)| ((*name).to_owned(), *kind)).collect::<Vec<_>>());
    assert_eq!(
        check("home-a = { $a }、{ $n }", "home-a = { $n } of { $a }"),
        named(&[("a", Kind::Shown), ("n", Kind::Number)])
    );
    let plural = "home-a = { $days ->\n [one] { $days } day\n *[other] { $days } days\n }";
    assert_eq!(check("home-a = { $days } 天", plural), named(&[("days", Kind::Number)]));
    let words = "home-a = { $state ->\n [open] 开\n *[other] 关\n }";
    assert_eq!(check(words, words), named(&[("state", Kind::Choice)]));
}

#[test]
fn the_source_has_one_documented_method_per_message() {
    let messages = compile("home", "home-a = 甲\nhome-b = 共 { $n } 项", "home-a = A\nhome-b = { $n } in all").unwrap();
    let source = generate(&messages);
    assert!(source.contains("/// 甲 · A\n    pub const fn home_a(self) -> &'static str {"), "{source}");
    assert!(
        source.contains("/// 共 `n` 项 · `n` in all\n    pub fn home_b(self, n: impl Number) -> String {"),
        "{source}"
    );
}

#[test]
fn two_files_cannot_define_the_same_message() {
    let folder = tempfile::tempdir().unwrap();
    for lang in ["zh", "en"] {
        let lang = folder.path().join(lang);
        std::fs::create_dir(&lang).unwrap();
        std::fs::write(lang.join("common.ftl"), "home-a = A\n").unwrap();
        std::fs::write(lang.join("home.ftl"), "home-a = A\n").unwrap();
    }
    let problems = compile_all(folder.path()).unwrap_err();
    assert_eq!(problems.len(), 1);
    assert_eq!(problems[0].to_string(), "locales/zh/home.ftl: home-a: another file has it too");
    std::fs::remove_file(folder.path().join("en/home.ftl")).unwrap();
    assert!(compile_all(folder.path()).unwrap_err()[0].to_string().contains("both languages"));
}
