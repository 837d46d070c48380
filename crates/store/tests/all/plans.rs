//! No page and no command walks through a whole city: every SELECT of the use cases finds its rows by a key. What the
//! planner says about each text is asked of SQLite, which is the one that has no statistics to help it.

use std::path::{Path, PathBuf};

use crate::bed::Bed;
use store::Value;

/// Texts that read everything on purpose, by file and a part of the text; this list may only shrink.
const WHOLE: [(&str, &str); 9] = [
    // Few rows: matters.
    ("catalog/import.rs", "FROM matter "),
    ("catalog/import.rs", "FROM matter m"),
    // Jobs that look at every case once, page by page.
    ("cases/replay.rs", "FROM casefile"),
    ("jobs.rs", "FROM casefile"),
    // The demo city, when it is made.
    ("demo/seed/mod.rs", "FROM casefile"),
    // Verifying looks at everything once, page by page.
    ("evidence.rs", "FROM document"),
    ("evidence.rs", "FROM rule_record"),
    ("catalog/evidence.rs", "FROM matter_version"),
    // Counts what an inner query has limited already.
    ("messages.rs", "AS latest"),
];

#[tokio::test]
async fn every_read_finds_its_rows_by_a_key() {
    let bed = Bed::sqlite().await;
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../service/src");
    let mut files = Vec::new();
    collect(&root, &mut files);
    let (mut seen, mut wrong) = (0, Vec::new());
    for file in files {
        let name = file.strip_prefix(&root).unwrap().to_string_lossy().into_owned();
        for sql in selects(&std::fs::read_to_string(&file).unwrap()) {
            seen += 1;
            let plan = plan(&bed, &sql).await;
            let walks = |step: &String| {
                let limited = ["SCAN waiting", "SCAN latest", "SCAN open_cases", "SCAN held"].contains(&step.as_str());
                let open_ended = step.contains("(region=? AND id>") && !step.contains("AND id<?)");
                !limited && (step.starts_with("SCAN") || step.contains("(region=?)") || open_ended)
            };
            let allowed = WHOLE.iter().any(|(own, part)| name == *own && sql.contains(part));
            if !allowed && plan.iter().any(walks) {
                wrong.push(format!("{name}: {sql}\n    {plan:?}"));
            }
        }
    }
    assert!(seen > 30, "only {seen} texts were found: are they written in another way now?");
    assert!(wrong.is_empty(), "these walk through a whole table:\n{}", wrong.join("\n"));
}

/// However deep a page of a pile lies, it is found by one seek: `a > x OR (a = x AND b > y)` would seek to the beginning of the pile
/// and walk from there.
#[tokio::test]
async fn the_next_page_of_a_pile_is_found_by_one_seek() {
    let bed = Bed::sqlite().await;
    let queue = Path::new(env!("CARGO_MANIFEST_DIR")).join("../service/src/cases/queue.rs");
    let paged: Vec<String> = selects(&std::fs::read_to_string(queue).unwrap())
        .into_iter()
        .filter(|sql| sql.contains("ORDER BY deadline") && sql.contains("$4"))
        .collect();
    assert_eq!(paged.len(), 3, "{paged:#?}");
    for sql in paged {
        for (with, index) in [("", "casefile_"), ("AND department = '1' ", "casefile_")] {
            let sql = sql.replace("AND (deadline", &format!("{with}AND (deadline"));
            let plan = plan(&bed, &sql).await.join("; ");
            let seeks = plan.contains("(deadline,id)>(?,?)") || plan.contains("(deadline,id)<(?,?)");
            assert!(seeks && plan.contains(index) && !plan.contains("TEMP B-TREE"), "{sql}: {plan}");
        }
    }
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { collect(&path, files) } else { files.push(path) }
    }
}

/// The string literals that begin with SELECT, as the compiler reads them. Texts whose table is put in at run time are
/// left out; the columns and the filter of lists of cases are filled in.
fn selects(source: &str) -> Vec<String> {
    let mut found = Vec::new();
    for rest in source.split("\"SELECT ").skip(1) {
        let mut text = String::from("SELECT ");
        let mut chars = rest.chars().peekable();
        while let Some(c) = chars.next() {
            match c {
                '"' => break,
                '\\' if chars.peek() == Some(&'\n') => while chars.next_if(|c| c.is_whitespace()).is_some() {},
                '\\' => text.extend(chars.next()),
                _ => text.push(c),
            }
        }
        let text = text.replace("{ROW}", "id, number, deadline").replace("{filter}", "");
        if !text.contains('{') {
            found.push(text);
        }
    }
    found
}

async fn plan(bed: &Bed, sql: &str) -> Vec<String> {
    let count = (1..20).rev().find(|n| sql.contains(&format!("${n}"))).unwrap_or(0);
    let params = vec![Value::from("1"); count];
    let rows = bed.store.query(&format!("EXPLAIN QUERY PLAN {sql}"), &params).await;
    rows.unwrap_or_else(|e| panic!("{sql}: {e}")).iter().map(|row| row.text(3).unwrap().to_owned()).collect()
}
