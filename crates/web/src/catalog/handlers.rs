//! `GET /matters`, `/search`, `/matters/{slug}`, `/matters/{slug}/sample`.

use askama::Template;
use axum::Router;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use domain::catalog::{ApplicantKind, When};
use domain::registry::register;
use domain::text::{Lang, Text};
use serde::Deserialize;
use service::ServiceError;
use service::catalog::{Published, Shelf};

use super::guide::{Authority, GuidePage, Names};
use super::list::{ListFilter, ListPage, MatterRow};
use super::topics::topic;
use crate::app::{App, Failure, Visit};
use crate::i18n::T;
use crate::kit::{Answers, Crumbs, Fact, Icon, Pager};
use crate::layout::{Page, Part, respond};

/// Addresses of the catalogue.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/matters", get(list))
        .route("/search", get(search))
        .route("/matters/{slug}", get(guide))
        .route("/matters/{slug}/apply", get(apply))
        .route("/matters/{slug}/sample", get(sample))
        .route("/matters/{slug}/sample/{slot}", get(slot))
}

const PAGE: usize = 20;

#[derive(Debug, Default, Deserialize)]
struct ListQuery {
    #[serde(default)]
    q: String,
    #[serde(default)]
    r#for: String,
    #[serde(default)]
    topic: String,
    #[serde(default)]
    department: String,
    #[serde(default)]
    after: String,
}

async fn search(Query(query): Query<ListQuery>) -> Redirect {
    let words: String = form_urlencoded::byte_serialize(query.q.as_bytes()).collect();
    Redirect::to(&format!("/matters?q={words}"))
}

async fn list(visit: Visit, Query(query): Query<ListQuery>) -> Result<Response, Failure> {
    let page = visit.page().with_part(Part::Matters);
    let t = page.t;
    let shelf = visit.city().shelf();
    let q = query.q.trim();
    let found: Vec<&Published> = if q.is_empty() {
        shelf.matters().map(AsRef::as_ref).collect()
    } else {
        let lang = if q.is_ascii() { Lang::En } else { Lang::Zh };
        shelf.search(q, lang, 200).into_iter().map(AsRef::as_ref).collect()
    };
    let fitting: Vec<&Published> = found.into_iter().filter(|published| fits(published, &query)).collect();
    let count = i64::try_from(fitting.len()).unwrap_or(0);
    let start = match query.after.as_str() {
        "" => 0,
        after => fitting.iter().position(|p| p.bundle.matter.slug == after).map_or(0, |at| at + 1),
    };
    let shown: Vec<&Published> = fitting.iter().skip(start).take(PAGE).copied().collect();
    let more = fitting.len() > start + PAGE;
    let next = shown.last().filter(|_| more).map(|last| address(&query, &last.bundle.matter.slug)).unwrap_or_default();
    let first = if start > 0 { address(&query, "") } else { String::new() };
    let rows = shown.iter().map(|published| row(t, &shelf, published)).collect();
    let view = ListPage {
        t,
        page: &page,
        heading: match topic(&query.topic) {
            _ if !q.is_empty() => t.catalog_search_title(q),
            Some(topic) => topic.plain(t).to_owned(),
            None => t.catalog_title().to_owned(),
        },
        q: q.to_owned(),
        count,
        filters: filters(t, &shelf, &query),
        rows,
        pager: Pager::new(t, first, next),
    };
    Ok(respond(StatusCode::OK, t.lang(), &view))
}

fn row(t: T, shelf: &Shelf, published: &Published) -> MatterRow {
    let matter = &published.bundle.matter;
    let department = shelf.department(&matter.department).map(|d| t.of(&d.name).to_owned()).unwrap_or_default();
    MatterRow::new(t, matter, &department)
}

fn fits(published: &Published, query: &ListQuery) -> bool {
    let matter = &published.bundle.matter;
    let audience = match query.r#for.as_str() {
        "person" => matter.applicants.contains(&ApplicantKind::Person),
        "company" => matter.applicants.iter().any(|kind| *kind != ApplicantKind::Person),
        _ => true,
    };
    audience
        && (query.topic.is_empty() || matter.topics.contains(&query.topic))
        && (query.department.is_empty() || matter.department == query.department)
}

fn address(query: &ListQuery, after: &str) -> String {
    let mut pairs = form_urlencoded::Serializer::new(String::new());
    let all = [
        ("q", query.q.as_str()),
        ("for", &query.r#for),
        ("topic", &query.topic),
        ("department", &query.department),
        ("after", after),
    ];
    for (name, value) in all.into_iter().filter(|(_, value)| !value.is_empty()) {
        pairs.append_pair(name, value);
    }
    format!("/matters?{}", pairs.finish())
}

fn filters(t: T, shelf: &Shelf, query: &ListQuery) -> Vec<ListFilter> {
    let mut topics: Vec<&String> = shelf.matters().flat_map(|published| &published.bundle.matter.topics).collect();
    topics.sort();
    topics.dedup();
    let topic_words = |name: &String| topic(name).map_or_else(|| name.clone(), |topic| topic.name(t).to_owned());
    let used = |id: &str| shelf.matters().any(|published| published.bundle.matter.department == id);
    vec![
        ListFilter {
            name: "for".into(),
            label: t.catalog_filter_for().to_owned(),
            choices: vec![
                ("person".into(), t.catalog_for_person().to_owned()),
                ("company".into(), t.catalog_for_company().to_owned()),
            ],
            chosen: query.r#for.clone(),
        },
        ListFilter {
            name: "topic".into(),
            label: t.catalog_filter_topic().to_owned(),
            choices: topics.into_iter().map(|name| (name.clone(), topic_words(name))).collect(),
            chosen: query.topic.clone(),
        },
        ListFilter {
            name: "department".into(),
            label: t.catalog_filter_department().to_owned(),
            choices: shelf
                .departments()
                .filter(|department| used(&department.id))
                .map(|department| (department.id.clone(), t.of(&department.name).to_owned()))
                .collect(),
            chosen: query.department.clone(),
        },
    ]
}

async fn guide(visit: Visit, Path(slug): Path<String>) -> Result<Response, Failure> {
    let page = visit.page().with_part(Part::Matters).with_dock();
    let shelf = visit.city().shelf();
    let published = shelf.matter(&slug)?;
    let matter = &published.bundle.matter;
    let department = shelf.department(&matter.department)?;
    let authority = Authority {
        name: department.name.clone(),
        address: department.address.clone(),
        reconsideration: department.reconsideration.body.clone(),
        court: department.court.clone(),
    };
    let condition = |when: &When| condition(published, when);
    let names = Names {
        register: &|name| register(name).map(|r| Text::new(r.zh, r.en)).unwrap_or_default(),
        licence: &|id| shelf.licence_type(id).map(|kind| kind.name.clone()).unwrap_or_default(),
        condition: &condition,
    };
    let mut view = GuidePage::new(&page, matter, &authority, &names);
    if shelf.places().places.iter().any(|place| place.counters_for(&slug).next().is_some()) {
        view = view.with_visit(format!("/places?matter={slug}"));
    }
    Ok(respond(StatusCode::OK, page.t.lang(), &view))
}

/// A condition on the form in words: `有集中空调：是`.
fn condition(published: &Published, when: &When) -> Option<Text> {
    let field = published.bundle.form.field(&when.field)?;
    let words = |lang: Lang| {
        let values: Vec<String> = when.any_of.iter().map(|value| field.display(value, lang)).collect();
        let label = field.label.get(lang);
        let joint = match lang {
            // A question needs no colon behind it.
            Lang::En if label.ends_with('?') => " ",
            Lang::Zh if label.ends_with('？') => "",
            Lang::En => ": ",
            Lang::Zh => "：",
        };
        let between = if lang == Lang::Zh { "、" } else { ", " };
        format!("{label}{joint}{}", values.join(between))
    };
    Some(Text::new(words(Lang::Zh), words(Lang::En)))
}

/// The guide's button; the wizard begins at its own address.
async fn apply(Path(slug): Path<String>) -> Redirect {
    Redirect::to(&format!("/apply/{slug}"))
}

/// The sample template 新手模板 with what each material must show.
#[derive(Template)]
#[template(path = "catalog/sample.html")]
struct SamplePage<'a> {
    t: T,
    page: &'a Page,
    name: String,
    crumbs: Crumbs,
    answers: Answers,
    materials: Vec<(String, String, String)>,
    apply: String,
}

async fn sample(visit: Visit, Path(slug): Path<String>) -> Result<Response, Failure> {
    let page = visit.page().with_part(Part::Matters);
    let t = page.t;
    let shelf = visit.city().shelf();
    let published = shelf.matter(&slug)?;
    let (matter, form) = (&published.bundle.matter, &published.bundle.form);
    let values = &published.bundle.sample.form;
    let mut answers = Answers::new(t);
    for step in form.steps() {
        let facts = form
            .visible_fields(Some(&step.id), values)
            .into_iter()
            .map(|field| {
                let value = values.get(&field.name).cloned().unwrap_or_default();
                Fact::new(t.of(&field.label), shown(t, &field.display(&value, t.lang())))
            })
            .collect();
        answers = answers.card(t.of(&step.title), String::new(), facts);
    }
    let materials = matter
        .materials
        .iter()
        .map(|material| (material.slot.clone(), t.of(&material.name).to_owned(), t.of(&material.standard).to_owned()))
        .collect();
    let view = SamplePage {
        t,
        page: &page,
        name: t.of(&matter.name).to_owned(),
        crumbs: Crumbs::new(t).link(t.catalog_title(), "/matters").link(t.of(&matter.name), format!("/matters/{slug}")),
        answers,
        materials,
        apply: format!("/apply/{slug}"),
    };
    Ok(respond(StatusCode::OK, t.lang(), &view))
}

/// A placeholder of the sample, `{person.name}`, stands for what the registers fill in; it may be one cell of a row.
fn shown(t: T, text: &str) -> String {
    let filled = t.catalog_sample_filled();
    let mut words = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((_, behind)) = after.split_once('}') else { break };
        words.push_str(before);
        // Two in a row say it once.
        let again = words.trim_end_matches([' ', '·']).ends_with(filled);
        words.push_str(if again { "" } else { filled });
        rest = if again { behind.trim_start_matches([' ', '·']) } else { behind };
    }
    words.push_str(rest);
    words
}

async fn slot(visit: Visit, Path((slug, slot)): Path<(String, String)>) -> Result<Response, Failure> {
    let shelf = visit.city().shelf();
    let known = shelf.matter(&slug)?.bundle.matter.materials.iter().any(|material| material.slot == slot);
    if !known {
        return Err(ServiceError::NotFound("material").into());
    }
    Ok(Redirect::to(&format!("/matters/{slug}/sample#{slot}")).into_response())
}
