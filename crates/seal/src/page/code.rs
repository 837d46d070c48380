//! The QR symbol on a page, drawn as the outlines of its dark parts.

use domain::catalog::face::Square;

use super::art::rectangle;
use super::{Colour, Seg, Shape};
use crate::qr::Symbol;

/// The QR symbol with its quiet zone.
pub(super) fn draw(symbol: &Symbol, place: &Square) -> Vec<Shape> {
    // A module is a whole number of fiftieths of a millimetre, so that rounding makes no module wider than another.
    let module = (place.side / symbol.side() as f64 * 50.0).floor() / 50.0;
    let quiet = ((place.side - symbol.modules as f64 * module) / 2.0 * 50.0).round() / 50.0;
    let mut dark = Vec::new();
    for contour in contours(symbol) {
        for (index, (x, y)) in contour.into_iter().map(|(x, y)| (x as f64, y as f64)).enumerate() {
            dark.push(if index == 0 { Seg::Move(x, y) } else { Seg::Line(x, y) });
        }
        dark.push(Seg::Close);
    }
    let ground = rectangle(place.x, place.y, place.side, place.side);
    let dark =
        Shape { origin: (place.x + quiet, place.y + quiet), unit: module, ..Shape::filled(dark, Colour(0, 0, 0)) };
    vec![Shape::filled(ground, Colour(255, 255, 255)), dark]
}

/// The edges of the dark parts, corner by corner, the dark always to the right: a filled outline of them has no seams between
/// modules and a third of the bytes of single squares.
fn contours(symbol: &Symbol) -> Vec<Vec<(usize, usize)>> {
    let mut edges = Edges::of(symbol);
    let mut contours = Vec::new();
    for (x, y) in (0..edges.stride).flat_map(|x| (0..=symbol.modules).map(move |y| (x, y))) {
        while let Some(direction) = edges.first((x, y)) {
            contours.push(walk(&mut edges, (x, y), direction));
        }
    }
    contours
}

/// Edges between dark and light that are still to be walked: for each corner of a module a bit for right, down, left and up.
struct Edges {
    /// Corners in a row.
    stride: usize,
    left: Vec<u8>,
}

impl Edges {
    fn of(symbol: &Symbol) -> Edges {
        let side = symbol.modules;
        // A light module all around, so that every dark one has four neighbours.
        let wide = side + 2;
        let mut dark = vec![false; wide * wide];
        for [x, y, length] in &symbol.runs {
            dark.iter_mut().skip((y + 1) * wide + x + 1).take(*length).for_each(|module| *module = true);
        }
        let is_dark = |at: usize| dark.get(at).copied().unwrap_or(false);
        let mut edges = Edges { stride: side + 1, left: vec![0; (side + 1) * (side + 1)] };
        for (x, y) in (0..side).flat_map(|y| (0..side).map(move |x| (x, y))) {
            let at = (y + 1) * wide + x + 1;
            if !is_dark(at) {
                continue;
            }
            let neighbours =
                [(at - wide, (x, y)), (at + 1, (x + 1, y)), (at + wide, (x + 1, y + 1)), (at - 1, (x, y + 1))];
            for (direction, (neighbour, start)) in (0..).zip(neighbours) {
                if let Some(bits) = edges.at(start).filter(|_| !is_dark(neighbour)) {
                    *bits |= 1 << direction;
                }
            }
        }
        edges
    }

    fn at(&mut self, (x, y): (usize, usize)) -> Option<&mut u8> {
        self.left.get_mut(y * self.stride + x)
    }

    /// A direction in which an edge leads away from a corner.
    fn first(&mut self, corner: (usize, usize)) -> Option<u8> {
        let bits = *self.at(corner)?;
        (bits != 0).then(|| bits.trailing_zeros() as u8)
    }

    fn has(&mut self, corner: (usize, usize), direction: u8) -> bool {
        self.at(corner).is_some_and(|bits| *bits & 1 << direction != 0)
    }

    fn take(&mut self, corner: (usize, usize), direction: u8) {
        if let Some(bits) = self.at(corner) {
            *bits &= !(1 << direction);
        }
    }
}

/// Walks one contour and takes its edges away.
fn walk(edges: &mut Edges, start: (usize, usize), first: u8) -> Vec<(usize, usize)> {
    let mut corners = vec![start];
    let (mut at, mut direction) = (start, first);
    loop {
        edges.take(at, direction);
        at = match direction {
            0 => (at.0 + 1, at.1),
            1 => (at.0, at.1 + 1),
            2 => (at.0.saturating_sub(1), at.1),
            _ => (at.0, at.1.saturating_sub(1)),
        };
        if at == start {
            return corners;
        }
        // Where two dark modules touch at a corner the way turns right, so that each keeps its own contour.
        let turns = [(direction + 1) % 4, direction, (direction + 3) % 4];
        let Some(next) = turns.into_iter().find(|turn| edges.has(at, *turn)) else { return corners };
        if next != direction {
            corners.push(at);
        }
        direction = next;
    }
}
