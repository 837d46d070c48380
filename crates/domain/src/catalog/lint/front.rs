//! `home.json`: every example finds something in its language, every matter of the list exists and stands there once.

use super::{repeated, say};
use crate::catalog::finding::Finding;
use crate::catalog::front::Front;
use crate::catalog::load::{Catalogue, Files};
use crate::catalog::search::SearchIndex;
use crate::catalog::source::Source;
use crate::text::Lang;

pub(super) fn check(files: &Files, catalogue: &Catalogue, findings: &mut Vec<Finding>) {
    let Some((file, text)) = files.get_key_value("home.json") else { return };
    let Ok(source) = Source::parse(file, text) else { return };
    let Ok(front) = source.read::<Front>() else { return };
    let matters = catalogue.matters.values().map(|bundle| &bundle.matter);
    let index = SearchIndex::build(matters, &catalogue.synonyms);
    for (at, example) in front.examples.iter().enumerate() {
        for (lang, key) in [(Lang::Zh, "zh"), (Lang::En, "en")] {
            if index.search(example.get(lang), lang, 1).is_empty() {
                let words = example.get(lang);
                let wrong = say(
                    format!("首页示例“{words}”搜不到任何事项。"),
                    format!("The example “{words}” finds no matter."),
                );
                let fix = say("请换成能搜到事项的说法。", "Use words that find a matter.");
                findings.push(source.error(&format!("/examples/{at}/{key}"), "home-example", wrong, fix));
            }
        }
    }
    for (at, slug) in front.top.iter().enumerate().filter(|(_, slug)| !catalogue.matters.contains_key(*slug)) {
        let wrong = say(format!("没有事项“{slug}”。"), format!("There is no matter “{slug}”."));
        let fix = say("请写事项文件夹的名称。", "Write the name of a matter's folder.");
        findings.push(source.error(&format!("/top/{at}"), "home-top", wrong, fix));
    }
    for (slug, at) in repeated(front.top.iter().enumerate().map(|(at, slug)| (slug.as_str(), at))) {
        let wrong = say(format!("事项“{slug}”重复。"), format!("The matter “{slug}” stands twice."));
        findings.push(source.error(&format!("/top/{at}"), "home-top", wrong, say("请删去一处。", "Delete one.")));
    }
}
