//! The procedure as a picture.

use domain::catalog::{Matter, StepKind};

use crate::i18n::T;
use crate::kit::{Edge, EdgeKind, Flow, Node, NodeState};

/// The procedure: what the applicant does, the steps of the office, the way back for corrections, and the short way
/// of matters that rules decide.
pub(super) fn flow(t: T, matter: &Matter) -> Flow {
    let mut nodes = vec![Node::new("you", t.catalog_flow_you(), NodeState::You)];
    let mut edges: Vec<Edge> = Vec::new();
    let mut before = "you".to_owned();
    for (index, step) in matter.flow.iter().enumerate() {
        let id = format!("step-{index}");
        let last = index + 1 == matter.flow.len();
        let state = if last { NodeState::Good } else { NodeState::Office };
        let mut node = Node::new(id.clone(), t.of(&step.name), state);
        if step.working_days > 0 {
            node = node.detail(t.catalog_flow_day(step.working_days));
        }
        nodes.push(node);
        edges.push(Edge::new(before, id.clone(), EdgeKind::Forward));
        before = id;
    }
    let find = |kind: StepKind| matter.flow.iter().position(|step| step.step == kind).map(|at| format!("step-{at}"));
    if let Some(accept) = find(StepKind::Accept) {
        edges.push(Edge::new(accept, "you", EdgeKind::Return).label(t.catalog_flow_correction()));
    }
    if matter.automation.is_some()
        && let Some(decide) = find(StepKind::Decide)
    {
        edges.push(Edge::new("you", decide, EdgeKind::Shortcut).label(t.catalog_flow_automatic()));
    }
    Flow::new(t.catalog_flow_sentence(t.of(&matter.name)), nodes, edges)
}
