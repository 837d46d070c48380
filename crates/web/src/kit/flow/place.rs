//! Where boxes and arrows go. Pure geometry on two axes: `along` the flow and `across` it; lying and standing pictures
//! differ only in which of the two is x. Lengths are in units of a 16-unit type size.

use super::{Edge, EdgeKind, Node, NodeState};

/// How the picture runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    /// Left to right.
    Wide,
    /// Top to bottom.
    Tall,
}

/// A box with its centre.
#[derive(Debug, Clone)]
pub(super) struct Boxed {
    pub x: f64,
    pub y: f64,
    pub w: f64,
    pub h: f64,
    /// One or two lines.
    pub lines: Vec<String>,
    pub detail: String,
    pub state: NodeState,
}

/// An arrow: axis-parallel lines, the head at the last point, words at `at`.
#[derive(Debug, Clone)]
pub(super) struct Arrow {
    pub points: Vec<(f64, f64)>,
    pub kind: EdgeKind,
    pub label: String,
    pub at: (f64, f64),
    /// `middle` or `start`: where `at` is in the words.
    pub anchor: &'static str,
}

/// A finished picture.
#[derive(Debug, Clone)]
pub(super) struct Placed {
    pub width: f64,
    pub height: f64,
    pub boxes: Vec<Boxed>,
    pub arrows: Vec<Arrow>,
}

/// A box on the two axes.
#[derive(Debug, Clone, Copy, Default)]
struct Spot {
    rank: usize,
    along: f64,
    across: f64,
    long: f64,
    broad: f64,
    /// Length of the longest box of its layer.
    layer: f64,
    /// More than one forward arrow leaves it.
    fans_out: bool,
    /// Another box of its layer lies between it and the lane on that side.
    blocked_below: bool,
    blocked_above: bool,
}

const MARGIN: f64 = 6.0;
const LANE: f64 = 40.0;
const GAP_ACROSS: f64 = 26.0;

/// Estimated width of words: Chinese characters are square, Latin letters about half as wide.
pub(super) fn width_of(text: &str, size: f64) -> f64 {
    text.chars().map(|c| if c.is_ascii() { 0.56 } else { 1.0 }).sum::<f64>() * size
}

fn number(n: usize) -> f64 {
    f64::from(u32::try_from(n).unwrap_or(u32::MAX))
}

/// Places everything.
pub(super) fn place(nodes: &[Node], edges: &[Edge], direction: Direction) -> Placed {
    let edges: Vec<(&Edge, usize, usize)> = edges
        .iter()
        .filter_map(|edge| {
            let find = |id: &str| nodes.iter().position(|node| node.id == id);
            Some((edge, find(&edge.from)?, find(&edge.to)?))
        })
        .filter(|(_, from, to)| from != to)
        .collect();
    let ranks = ranks(nodes.len(), &edges);
    let spots = spots(nodes, &ranks, &edges, direction);
    let arrows = arrows(&spots, &edges, direction);
    assemble(nodes, &spots, arrows, direction)
}

/// Layer of each box: the longest way to it over forward edges. Bounded, so that a circle ends too.
fn ranks(count: usize, edges: &[(&Edge, usize, usize)]) -> Vec<usize> {
    let mut ranks = vec![0_usize; count];
    for _ in 0..count {
        for (edge, from, to) in edges {
            let next = ranks.get(*from).map_or(0, |rank| rank + 1).min(count);
            if edge.kind == EdgeKind::Forward
                && let Some(rank) = ranks.get_mut(*to)
            {
                *rank = (*rank).max(next);
            }
        }
    }
    ranks
}

/// Words longer than this are set in two lines.
const LONG: f64 = 104.0;

/// Two lines of about the same length: broken at a space, or anywhere in Chinese.
fn lines(label: &str) -> Vec<String> {
    if width_of(label, 16.0) <= LONG {
        return vec![label.to_owned()];
    }
    let breaks = label.char_indices().filter(|(at, c)| *at > 0 && (*c == ' ' || !c.is_ascii()));
    let uneven = |at: usize| {
        let (first, second) = label.split_at(at);
        width_of(first, 16.0).max(width_of(second.trim(), 16.0))
    };
    let best = breaks.map(|(at, _)| at).min_by(|a, b| uneven(*a).total_cmp(&uneven(*b)));
    match best.map(|at| label.split_at(at)) {
        Some((first, second)) => vec![first.trim().to_owned(), second.trim().to_owned()],
        None => vec![label.to_owned()],
    }
}

fn size(node: &Node) -> (f64, f64) {
    let lines = lines(&node.label);
    let words = lines.iter().map(|line| width_of(line, 16.0)).fold(0.0, f64::max);
    let width = words.max(width_of(&node.detail, 14.0)) + 20.0;
    let detail = if node.detail.is_empty() { 0.0 } else { 18.0 };
    (width.max(60.0), 26.0 + 20.0 * number(lines.len()) + detail)
}

fn spots(nodes: &[Node], ranks: &[usize], edges: &[(&Edge, usize, usize)], direction: Direction) -> Vec<Spot> {
    let mut spots: Vec<Spot> = nodes
        .iter()
        .zip(ranks)
        .enumerate()
        .map(|(index, (node, rank))| {
            let (w, h) = size(node);
            let (long, broad) = if direction == Direction::Wide { (w, h) } else { (h, w) };
            let leaves = |(edge, from, _): &&(&Edge, usize, usize)| edge.kind == EdgeKind::Forward && *from == index;
            Spot { rank: *rank, long, broad, fans_out: edges.iter().filter(leaves).count() > 1, ..Spot::default() }
        })
        .collect();
    let broadest = spots.iter().map(|spot| spot.broad).fold(0.0, f64::max);
    let mut at = 0.0;
    for rank in 0..=ranks.iter().copied().max().unwrap_or(0) {
        let longest = spots.iter().filter(|spot| spot.rank == rank).map(|spot| spot.long).fold(0.0, f64::max);
        let many = number(spots.iter().filter(|spot| spot.rank == rank).count());
        let layer = spots.iter_mut().filter(|spot| spot.rank == rank);
        for (row, spot) in layer.enumerate() {
            spot.along = at + longest / 2.0;
            spot.layer = longest;
            spot.across = (number(row) - (many - 1.0) / 2.0) * (broadest + GAP_ACROSS);
            spot.blocked_below = number(row) + 1.0 < many;
            spot.blocked_above = row > 0;
        }
        at += longest + gap_after(rank, ranks, edges, direction);
    }
    spots
}

/// Room between a layer and the next: for the arrow, its turn, and words on it.
fn gap_after(rank: usize, ranks: &[usize], edges: &[(&Edge, usize, usize)], direction: Direction) -> f64 {
    let here = edges.iter().filter(|(edge, from, _)| edge.kind == EdgeKind::Forward && ranks.get(*from) == Some(&rank));
    let words = here.map(|(edge, ..)| width_of(&edge.label, 14.0)).fold(0.0, f64::max);
    let crowded = ranks.iter().filter(|other| **other == rank).count() > 1;
    match direction {
        Direction::Wide if words > 0.0 => words + 46.0,
        // Room for an arrow that turns back beside those that go on.
        Direction::Wide if crowded => 42.0,
        Direction::Wide => 30.0,
        Direction::Tall if words > 0.0 => 54.0,
        Direction::Tall => 38.0,
    }
}

fn arrows(spots: &[Spot], edges: &[(&Edge, usize, usize)], direction: Direction) -> Vec<Arrow> {
    let outer = spots.iter().map(|spot| spot.across.abs() + spot.broad / 2.0).fold(0.0, f64::max);
    let (mut above, mut below) = (0, 0);
    let mut out = Vec::new();
    for (edge, from, to) in edges {
        let (Some(from), Some(to)) = (spots.get(*from), spots.get(*to)) else { continue };
        let side = match edge.kind {
            EdgeKind::Forward => 0.0,
            EdgeKind::Shortcut => -1.0,
            EdgeKind::Return => 1.0,
        };
        let lanes = if side < 0.0 { &mut above } else { &mut below };
        let (points, at) = if side == 0.0 {
            forward(from, to)
        } else {
            let lane = side * (outer + LANE * (number(*lanes) + 0.75));
            *lanes += 1;
            through_lane(from, to, side, lane)
        };
        let (at, anchor) = match (direction, side == 0.0) {
            (Direction::Wide, true) => ((at.0, at.1 - 10.0), "middle"),
            (Direction::Wide, false) => ((at.0, at.1 + side * 13.0), "middle"),
            (Direction::Tall, true) => ((at.0, at.1 + 10.0), "start"),
            (Direction::Tall, false) => ((at.0, at.1 + side * 10.0), if side > 0.0 { "start" } else { "end" }),
        };
        out.push(Arrow { points, kind: edge.kind, label: edge.label.clone(), at, anchor });
    }
    out
}

type Line = (Vec<(f64, f64)>, (f64, f64));

/// From the end of one box to the beginning of another. When they are not level the arrow turns in the gap: close to
/// the box where arrows part, so that each has room for its words, or close to the box where they meet.
fn forward(from: &Spot, to: &Spot) -> Line {
    let (start, end) = (from.along + from.long / 2.0, to.along - to.long / 2.0);
    let (leaves, enters) = (from.along + from.layer / 2.0, to.along - to.layer / 2.0);
    let turn = if from.fans_out { leaves + 13.0 } else { enters - 13.0 };
    let words = if from.fans_out {
        (f64::midpoint(turn, enters), to.across)
    } else {
        (f64::midpoint(leaves, turn), from.across)
    };
    if (from.across - to.across).abs() < 0.5 {
        return (vec![(start, from.across), (end, to.across)], words);
    }
    (vec![(start, from.across), (turn, from.across), (turn, to.across), (end, to.across)], words)
}

/// Out of the box on the lane's side (or through the gap behind it, when another box is in the way), along the lane,
/// and into the other box the same way.
fn through_lane(from: &Spot, to: &Spot, side: f64, lane: f64) -> Line {
    let blocked = |spot: &Spot| if side > 0.0 { spot.blocked_below } else { spot.blocked_above };
    // A little off the middle, so that an arrow in and an arrow out of one box do not lie on each other.
    let shift = 10.0;
    let mut points = Vec::new();
    if blocked(from) {
        let out = from.along + from.long / 2.0;
        points.extend([(out, from.across), (out + 8.0, from.across), (out + 8.0, lane)]);
    } else {
        points.extend([(from.along - shift, from.across + side * from.broad / 2.0), (from.along - shift, lane)]);
    }
    let leaves = points.last().map_or(0.0, |point| point.0);
    if blocked(to) {
        let into = to.along - to.long / 2.0;
        points.extend([(into - 14.0, lane), (into - 14.0, to.across), (into, to.across)]);
    } else {
        points.extend([(to.along + shift, lane), (to.along + shift, to.across + side * to.broad / 2.0)]);
    }
    let enters = points.iter().rev().find(|point| (point.1 - lane).abs() < 0.01).map_or(0.0, |point| point.0);
    (points, (f64::midpoint(leaves, enters), lane))
}

/// Moves everything into the picture and names the axes x and y.
fn assemble(nodes: &[Node], spots: &[Spot], mut arrows: Vec<Arrow>, direction: Direction) -> Placed {
    let turn = |point: (f64, f64)| if direction == Direction::Wide { point } else { (point.1, point.0) };
    for arrow in &mut arrows {
        arrow.points = arrow.points.iter().map(|point| turn(*point)).collect();
        arrow.at = turn(arrow.at);
    }
    let mut boxes: Vec<Boxed> = nodes
        .iter()
        .zip(spots)
        .map(|(node, spot)| {
            let ((x, y), (w, h)) = (turn((spot.along, spot.across)), turn((spot.long, spot.broad)));
            Boxed { x, y, w, h, lines: lines(&node.label), detail: node.detail.clone(), state: node.state }
        })
        .collect();
    let mut extent = Extent::default();
    for b in &boxes {
        extent.add(b.x - b.w / 2.0, b.y - b.h / 2.0);
        extent.add(b.x + b.w / 2.0, b.y + b.h / 2.0);
    }
    for arrow in &arrows {
        arrow.points.iter().for_each(|(x, y)| extent.add(*x, *y));
        let words = width_of(&arrow.label, 14.0);
        let left = match arrow.anchor {
            "start" => arrow.at.0,
            "end" => arrow.at.0 - words,
            _ => arrow.at.0 - words / 2.0,
        };
        if words > 0.0 {
            extent.add(left, arrow.at.1 - 10.0);
            extent.add(left + words, arrow.at.1 + 10.0);
        }
    }
    let (dx, dy) = (MARGIN - extent.left, MARGIN - extent.top);
    boxes.iter_mut().for_each(|b| (b.x, b.y) = (b.x + dx, b.y + dy));
    for arrow in &mut arrows {
        arrow.points.iter_mut().for_each(|(x, y)| (*x, *y) = (*x + dx, *y + dy));
        arrow.at = (arrow.at.0 + dx, arrow.at.1 + dy);
    }
    let (width, height) = (extent.right - extent.left + 2.0 * MARGIN, extent.bottom - extent.top + 2.0 * MARGIN);
    Placed { width: width.max(1.0), height: height.max(1.0), boxes, arrows }
}

#[derive(Default)]
struct Extent {
    left: f64,
    top: f64,
    right: f64,
    bottom: f64,
}

impl Extent {
    fn add(&mut self, x: f64, y: f64) {
        self.left = self.left.min(x);
        self.top = self.top.min(y);
        self.right = self.right.max(x);
        self.bottom = self.bottom.max(y);
    }
}
