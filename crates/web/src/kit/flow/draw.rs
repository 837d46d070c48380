//! The SVG of a placed picture. Colours come from the style sheet by class; nothing is styled inline.

use super::place::{Arrow, Boxed, Placed};
use super::{EdgeKind, NodeState};
use crate::kit::Html;
use std::fmt::Write as _;

/// One `<svg>`; hidden from screen readers, who get the list beside it.
pub(super) fn draw(placed: &Placed, shape: &str) -> String {
    let mut out = String::new();
    // Widths in em, so that the picture grows with the type of 长辈版.
    let _ = write!(
        out,
        r#"<svg class="flow__picture flow__picture--{shape}" viewBox="0 0 {:.0} {:.0}" width="{:.2}em" height="{:.2}em" aria-hidden="true" focusable="false">"#,
        placed.width,
        placed.height,
        placed.width / 16.0,
        placed.height / 16.0
    );
    placed.arrows.iter().for_each(|arrow| line(arrow, &mut out));
    placed.boxes.iter().for_each(|node| boxed(node, &mut out));
    placed.arrows.iter().for_each(|arrow| words(arrow, &mut out));
    out.push_str("</svg>");
    out
}

fn boxed(node: &Boxed, out: &mut String) {
    let state = match node.state {
        NodeState::Office => "office",
        NodeState::You => "you",
        NodeState::Done => "done",
        NodeState::Now => "now",
        NodeState::Good => "good",
        NodeState::Bad => "bad",
    };
    let round =
        if matches!(node.state, NodeState::You | NodeState::Good | NodeState::Bad) { node.h / 2.0 } else { 9.0 };
    let (x, y) = (node.x - node.w / 2.0, node.y - node.h / 2.0);
    let _ = write!(
        out,
        r#"<g class="flow__node flow__node--{state}"><rect x="{x:.1}" y="{y:.1}" width="{:.1}" height="{:.1}" rx="{round:.1}"/>"#,
        node.w, node.h
    );
    let rows = node.lines.iter().map(|line| (line, "")).chain(Some((&node.detail, r#" class="flow__detail""#)));
    let rows: Vec<_> = rows.filter(|(text, _)| !text.is_empty()).collect();
    let mut base = node.y - f64::from(u32::try_from(rows.len()).unwrap_or(1)) * 10.0 + 15.5;
    for (text, class) in rows {
        let _ = write!(out, r#"<text{class} x="{:.1}" y="{base:.1}">{}</text>"#, node.x, Html::text(text));
        base += 20.0;
    }
    out.push_str("</g>");
}

fn line(arrow: &Arrow, out: &mut String) {
    let kind = match arrow.kind {
        EdgeKind::Forward => "forward",
        EdgeKind::Shortcut => "shortcut",
        EdgeKind::Return => "return",
    };
    let _ = write!(out, r#"<g class="flow__edge flow__edge--{kind}"><path d="{}"/>"#, rounded(&arrow.points));
    if let [.., before, tip] = arrow.points.as_slice() {
        let (dx, dy) = unit(*before, *tip);
        let (bx, by) = (tip.0 - dx * 9.0, tip.1 - dy * 9.0);
        let (px, py) = (-dy * 4.5, dx * 4.5);
        let _ = write!(
            out,
            r#"<polygon points="{:.1},{:.1} {:.1},{:.1} {:.1},{:.1}"/>"#,
            tip.0,
            tip.1,
            bx + px,
            by + py,
            bx - px,
            by - py
        );
    }
    out.push_str("</g>");
}

fn words(arrow: &Arrow, out: &mut String) {
    if arrow.label.is_empty() {
        return;
    }
    let (x, y) = (arrow.at.0, arrow.at.1 + 5.0);
    let anchor = arrow.anchor;
    let _ = write!(
        out,
        r#"<text class="flow__label" x="{x:.1}" y="{y:.1}" text-anchor="{anchor}">{}</text>"#,
        Html::text(&arrow.label)
    );
}

fn unit(from: (f64, f64), to: (f64, f64)) -> (f64, f64) {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let length = dx.hypot(dy).max(0.01);
    (dx / length, dy / length)
}

/// A path with its corners rounded by 8, less where a side is short.
fn rounded(points: &[(f64, f64)]) -> String {
    let mut out = String::new();
    let Some((x, y)) = points.first() else { return out };
    let _ = write!(out, "M{x:.1} {y:.1}");
    for three in points.windows(3) {
        let [a, b, c] = three else { continue };
        let (first, second) = (unit(*a, *b), unit(*b, *c));
        let room = |p: &(f64, f64), q: &(f64, f64)| (q.0 - p.0).hypot(q.1 - p.1) / 2.0;
        let r = 8.0_f64.min(room(a, b)).min(room(b, c));
        let _ = write!(
            out,
            "L{:.1} {:.1}Q{:.1} {:.1} {:.1} {:.1}",
            b.0 - first.0 * r,
            b.1 - first.1 * r,
            b.0,
            b.1,
            b.0 + second.0 * r,
            b.1 + second.1 * r
        );
    }
    if let Some((x, y)) = points.last() {
        let _ = write!(out, "L{x:.1} {y:.1}");
    }
    out
}
