//! A procedure as a picture: layered boxes, forward edges between neighbouring layers, a lane above for shortcuts and
//! a lane below for what goes back. Drawn twice, lying for wide columns and standing for phones; the style sheet shows
//! the one that fits. The same steps stand beside it as a list for screen readers.

mod draw;
mod place;

use super::html_safe;
use askama::Template;

/// How a box looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NodeState {
    /// A step of the office.
    Office,
    /// A step of the applicant.
    You,
    /// Behind us.
    Done,
    /// Where the case is.
    Now,
    /// A good end.
    Good,
    /// A bad end.
    Bad,
}

/// One box.
#[derive(Debug, Clone)]
pub struct Node {
    id: String,
    label: String,
    detail: String,
    state: NodeState,
}

impl Node {
    /// A box; `id` is what edges name.
    pub fn new(id: impl Into<String>, label: impl Into<String>, state: NodeState) -> Node {
        Node { id: id.into(), label: label.into(), detail: String::new(), state }
    }

    /// A second, smaller line: `2 个工作日`.
    pub fn detail(mut self, detail: impl Into<String>) -> Node {
        self.detail = detail.into();
        self
    }
}

/// What an edge means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EdgeKind {
    /// On to the next layer.
    Forward,
    /// Passes over layers: its own lane above.
    Shortcut,
    /// Back to an earlier layer: its own lane below, dashed.
    Return,
}

/// One arrow.
#[derive(Debug, Clone)]
pub struct Edge {
    from: String,
    to: String,
    label: String,
    kind: EdgeKind,
}

impl Edge {
    /// An arrow between two boxes. Arrows that name an unknown box are left out of the picture.
    pub fn new(from: impl Into<String>, to: impl Into<String>, kind: EdgeKind) -> Edge {
        Edge { from: from.into(), to: to.into(), label: String::new(), kind }
    }

    /// Words on the arrow.
    pub fn label(mut self, label: impl Into<String>) -> Edge {
        self.label = label.into();
        self
    }
}

/// The picture.
#[derive(Debug, Clone, Template)]
#[template(path = "kit/flow.html")]
pub struct Flow {
    title: String,
    nodes: Vec<Node>,
    edges: Vec<Edge>,
}

impl Flow {
    /// `title` says in a sentence what is shown, for screen readers.
    pub fn new(title: impl Into<String>, nodes: Vec<Node>, edges: Vec<Edge>) -> Flow {
        Flow { title: title.into(), nodes, edges }
    }

    fn wide(&self) -> String {
        draw::draw(&place::place(&self.nodes, &self.edges, place::Direction::Wide), "wide")
    }

    fn tall(&self) -> String {
        draw::draw(&place::place(&self.nodes, &self.edges, place::Direction::Tall), "tall")
    }

    /// The least width of the column, in rem and in steps of two, in which the lying picture keeps its type size.
    fn fit(&self) -> u32 {
        let rem = place::place(&self.nodes, &self.edges, place::Direction::Wide).width / 16.0 * 0.89;
        (24..=62).step_by(2).find(|step| f64::from(*step) >= rem).unwrap_or(99)
    }

    /// The edges as sentences, for the list beside the picture.
    fn extras(&self) -> Vec<String> {
        let name = |id: &str| self.nodes.iter().find(|node| node.id == id).map_or("", |node| node.label.as_str());
        let special = self.edges.iter().filter(|edge| edge.kind != EdgeKind::Forward && !edge.label.is_empty());
        special.map(|edge| format!("{} → {}: {}", name(&edge.from), name(&edge.to), edge.label)).collect()
    }
}

html_safe!(Flow);

#[cfg(test)]
mod tests {
    use super::place::{Direction, Placed, place};
    use super::*;

    fn sample() -> (Vec<Node>, Vec<Edge>) {
        let nodes = ["申请", "受理", "材料审查", "现场核查", "会签", "决定", "送达"]
            .iter()
            .map(|name| Node::new(*name, *name, NodeState::Office).detail("1 个工作日"))
            .collect();
        let edge = |from, to| Edge::new(from, to, EdgeKind::Forward);
        let edges = vec![
            edge("申请", "受理"),
            edge("受理", "材料审查"),
            edge("受理", "现场核查").label("需现场"),
            edge("受理", "会签"),
            edge("材料审查", "决定"),
            edge("现场核查", "决定"),
            edge("会签", "决定"),
            edge("决定", "送达"),
            Edge::new("受理", "申请", EdgeKind::Return).label("补正"),
            Edge::new("现场核查", "受理", EdgeKind::Return).label("整改"),
            Edge::new("受理", "送达", EdgeKind::Shortcut).label("规则判断"),
            edge("nobody", "送达"),
        ];
        (nodes, edges)
    }

    fn inside(placed: &Placed) -> bool {
        placed.boxes.iter().all(|b| {
            b.x - b.w / 2.0 >= 0.0
                && b.y - b.h / 2.0 >= 0.0
                && b.x + b.w / 2.0 <= placed.width
                && b.y + b.h / 2.0 <= placed.height
        }) && placed
            .arrows
            .iter()
            .flat_map(|arrow| &arrow.points)
            .all(|(x, y)| *x >= 0.0 && *y >= 0.0 && *x <= placed.width && *y <= placed.height)
    }

    #[test]
    fn boxes_never_overlap_and_everything_is_inside_the_picture() {
        let (nodes, edges) = sample();
        for direction in [Direction::Wide, Direction::Tall] {
            let placed = place(&nodes, &edges, direction);
            assert!(inside(&placed), "{direction:?}: {placed:#?}");
            assert_eq!(placed.boxes.len(), 7);
            assert_eq!(placed.arrows.len(), 11);
            for (i, a) in placed.boxes.iter().enumerate() {
                for b in placed.boxes.iter().skip(i + 1) {
                    let apart = (a.x - b.x).abs() >= (a.w + b.w) / 2.0 || (a.y - b.y).abs() >= (a.h + b.h) / 2.0;
                    assert!(apart, "{direction:?}: {:?} over {:?}", a.lines, b.lines);
                }
            }
        }
    }

    #[test]
    fn an_arrow_never_runs_through_a_box() {
        let (nodes, edges) = sample();
        for direction in [Direction::Wide, Direction::Tall] {
            let placed = place(&nodes, &edges, direction);
            for arrow in &placed.arrows {
                for pair in arrow.points.windows(2) {
                    for b in &placed.boxes {
                        assert!(!crosses(pair[0], pair[1], b), "{direction:?}: {} crosses {:?}", arrow.label, b.lines);
                    }
                }
            }
        }
    }

    /// Whether an axis-parallel line passes the inside of a box (its border is fine: that is where arrows begin).
    fn crosses(a: (f64, f64), b: (f64, f64), node: &place::Boxed) -> bool {
        let (x0, x1) = (a.0.min(b.0), a.0.max(b.0));
        let (y0, y1) = (a.1.min(b.1), a.1.max(b.1));
        x1 > node.x - node.w / 2.0 + 1.0
            && x0 < node.x + node.w / 2.0 - 1.0
            && y1 > node.y - node.h / 2.0 + 1.0
            && y0 < node.y + node.h / 2.0 - 1.0
    }

    #[test]
    fn a_circle_of_forward_edges_does_not_hang() {
        let nodes = vec![Node::new("a", "a", NodeState::Office), Node::new("b", "b", NodeState::Office)];
        let edges = vec![Edge::new("a", "b", EdgeKind::Forward), Edge::new("b", "a", EdgeKind::Forward)];
        assert_eq!(place(&nodes, &edges, Direction::Wide).boxes.len(), 2);
        assert!(place(&[], &[], Direction::Wide).boxes.is_empty());
    }
}
