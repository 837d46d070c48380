//! Public pages rendered from the catalogue as it stands in the repository.

use askama::Template;
use domain::catalog::Matter;
use domain::text::{Lang, Text};
use web::catalog::{Authority, GuidePage, ListPage, MatterRow, Names};
use web::errors::ErrorPage;
use web::home::HomePage;
use web::kit::Pager;
use web::layout::{City, DisplayPage, Page, Prefs, User};

fn page(words: &str) -> Page {
    let city = City {
        name: Text::new("江城市", "Jiangcheng"),
        district: Text::new("海澜区", "Hailan District"),
        hotline: "12345".to_owned(),
    };
    Page::new(Prefs::parse(words), city, "/matters?q=a&b")
}

fn matters() -> Vec<Matter> {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../../catalog/matters");
    let mut found = Vec::new();
    for entry in std::fs::read_dir(root).unwrap().flatten() {
        let text = std::fs::read_to_string(entry.path().join("matter.json")).unwrap();
        found.push(serde_json::from_str(&text).unwrap());
    }
    assert!(!found.is_empty());
    found
}

fn guide(page: &Page, matter: &Matter) -> String {
    let word = |id: &str| Text::new(id, id);
    let names =
        Names { register: &word, licence: &word, condition: &|_| Some(Text::new("有集中空调", "central air")) };
    GuidePage::new(page, matter, &Authority::default(), &names).render().unwrap()
}

/// Nothing inline: the content security policy would drop it without a word.
fn check(html: &str, name: &str) {
    for forbidden in [" style=", "<style", " onclick=", " onchange=", " onsubmit=", "javascript:", "<script>"] {
        assert!(!html.contains(forbidden), "{name} has {forbidden}");
    }
    assert_eq!(html.matches("<h1").count(), 1, "{name}: one heading of the first level");
    assert_eq!(html.matches("<main").count(), 1, "{name}");
    assert!(html.contains("<title>"), "{name}");
}

#[test]
fn every_matter_of_the_catalogue_has_a_guide_in_both_languages() {
    for matter in matters() {
        for words in ["zh", "en.elder.high.dark"] {
            let page = page(words);
            let html = guide(&page, &matter);
            check(&html, &matter.slug);
            let name = askama::filters::escape(page.t.of(&matter.name), askama::filters::Html).unwrap().to_string();
            assert!(html.contains(&name), "{}", matter.slug);
            for material in &matter.materials {
                let name =
                    askama::filters::escape(page.t.of(&material.name), askama::filters::Html).unwrap().to_string();
                assert!(html.contains(&name), "{} {}", matter.slug, material.slot);
            }
            assert!(html.contains(&format!("/matters/{}/apply", matter.slug)));
        }
    }
}

#[test]
fn a_guide_says_what_may_follow_and_promises_nothing_that_the_city_does_not_keep() {
    let matters = matters();
    let marked = |matter: &&Matter| matter.materials.iter().any(|material| material.deferrable);
    let (mut open, mut instant) = (0, 0);
    for matter in matters.iter().filter(marked) {
        // What is decided on the spot has no time in which anything could follow.
        let may = matter.gap_able().next().is_some();
        for (words, promise) in [("zh", "受理后补交"), ("en", "May follow after acceptance")] {
            assert_eq!(guide(&page(words), matter).contains(promise), may, "{}", matter.slug);
        }
        if may { open += 1 } else { instant += 1 }
    }
    assert!(open > 0 && instant > 0);
}

#[test]
fn only_staff_see_that_an_article_is_not_verified() {
    let matter = matters().into_iter().find(|matter| matter.slug == "public-place-hygiene").unwrap();
    let citizen = page("zh");
    let note = citizen.t.catalog_law_unverified();
    assert!(!guide(&citizen, &matter).contains(note));
    let staff = page("zh").with_user(User { name: "张晓".to_owned(), acting_for: None, unread: 0, staff: true });
    assert!(guide(&staff, &matter).contains(note));
}

#[test]
fn a_search_without_result_says_what_to_do() {
    let page = page("zh");
    let list = |rows: Vec<MatterRow>, q: &str| ListPage {
        heading: q.to_owned(),
        t: page.t,
        page: &page,
        q: q.to_owned(),
        count: 0,
        filters: Vec::new(),
        rows,
        pager: Pager::new(page.t, "", ""),
    };
    let html = list(Vec::new(), "<火星>").render().unwrap();
    check(&html, "list");
    assert!(html.contains("没有找到") && html.contains("12345") && !html.contains("<火星>"));
    let rows = matters().iter().map(|matter| MatterRow::new(page.t, matter, "")).collect();
    check(&list(rows, "").render().unwrap(), "list");
}

#[test]
fn small_pages_render() {
    for words in ["zh", "en"] {
        let page = page(words);
        check(&DisplayPage { t: page.t, page: &page }.render().unwrap(), "display");
        for status in [400, 403, 404, 409, 422, 429, 500, 503] {
            let status = axum::http::StatusCode::from_u16(status).unwrap();
            let html = ErrorPage::new(&page, status).reference("YC-7F3K-29QD").retry_after(20).render().unwrap();
            check(&html, status.as_str());
            assert!(html.contains("YC-7F3K-29QD"));
        }
    }
}

#[test]
fn the_first_page_is_small_even_before_compression_of_the_html() {
    let page = page("zh");
    assert_eq!(page.t.lang(), Lang::Zh);
    let all = matters();
    let home = HomePage {
        t: page.t,
        page: &page,
        examples: vec![("开理发店".to_owned(), "/matters?q=1".to_owned())],
        todos: Vec::new(),
        matter_count: 36,
        for_person: Vec::new(),
        for_company: Vec::new(),
        top: all.iter().take(6).map(|matter| MatterRow::new(page.t, matter, "")).collect(),
        hall: None,
    };
    let html = home.render().unwrap();
    check(&html, "home");
    let assets = ["app.css", "js/app.js", "js/prefs.js", "js/copy.js", "mark.svg"];
    let assets: usize = assets.iter().map(|name| web::assets::transfer_size(name).unwrap()).sum();
    assert!(html.len() + assets < 60_000, "{} + {assets} bytes", html.len());
}

#[test]
fn the_address_of_a_display_choice_comes_back_to_this_page() {
    assert_eq!(page("zh").display("elder"), "/display?set=elder&back=/matters%3Fq%3Da%26b");
}
