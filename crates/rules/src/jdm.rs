//! The file format of GoRules, as far as we let it in: tables in one chain.

use std::collections::{BTreeMap, BTreeSet};

use domain::text::Text;
use serde::Deserialize;

use crate::finding::{File, Finding};

/// Hit policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Hit {
    First,
    Collect,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RawModel {
    pub content_type: Option<String>,
    pub nodes: Vec<RawNode>,
    pub edges: Vec<RawEdge>,
}

#[derive(Deserialize)]
pub(crate) struct RawNode {
    pub id: String,
    #[serde(default)]
    pub name: String,
    #[serde(rename = "type")]
    pub kind: String,
    #[serde(default)]
    pub content: serde_json::Value,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RawEdge {
    pub source_id: String,
    pub target_id: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RawTable {
    pub hit_policy: Hit,
    pub inputs: Vec<RawColumn>,
    pub outputs: Vec<RawColumn>,
    pub rules: Vec<BTreeMap<String, String>>,
    #[serde(default)]
    pub pass_through: bool,
    #[serde(default)]
    pub input_field: Option<String>,
    #[serde(default)]
    pub output_path: Option<String>,
    #[serde(default)]
    pub execution_mode: Option<String>,
}

#[derive(Deserialize)]
pub(crate) struct RawColumn {
    pub id: String,
    #[serde(default)]
    pub field: Option<String>,
}

pub(crate) fn at(pointer: impl Into<String>, message: (&str, &str), fix: (&str, &str)) -> Finding {
    Finding::new(File::Table, pointer, Text::new(message.0, message.1), Text::new(fix.0, fix.1))
}

/// The indices of the table nodes along the one chain from the input node to the output node.
pub(crate) fn order(raw: &RawModel, findings: &mut Vec<Finding>) -> Option<Vec<usize>> {
    let before = findings.len();
    for (index, node) in raw.nodes.iter().enumerate() {
        if !["inputNode", "outputNode", "decisionTableNode"].contains(&node.kind.as_str()) {
            findings.push(Finding::new(
                File::Table,
                format!("/nodes/{index}/type"),
                Text::new(
                    format!("不允许的节点类型 {}", node.kind),
                    format!("nodes of type {} are not allowed", node.kind),
                ),
                Text::new("只用输入、决策表、输出节点", "use only inputNode, decisionTableNode and outputNode"),
            ));
        }
    }
    let of_kind = |kind: &str| raw.nodes.iter().filter(|n| n.kind == kind).collect::<Vec<_>>();
    let (inputs, outputs) = (of_kind("inputNode"), of_kind("outputNode"));
    let ids: BTreeSet<_> = raw.nodes.iter().map(|n| n.id.as_str()).collect();
    let one_chain = inputs.len() == 1
        && outputs.len() == 1
        && ids.len() == raw.nodes.len()
        && raw.edges.len() + 1 == raw.nodes.len();
    let mut chain = Vec::new();
    if one_chain && let Some(input) = inputs.first() {
        let mut here = input.id.as_str();
        let mut seen = BTreeSet::new();
        while seen.insert(here)
            && let Some(edge) = raw.edges.iter().find(|e| e.source_id == here)
        {
            here = edge.target_id.as_str();
            if let Some(index) = raw.nodes.iter().position(|n| n.id == here && n.kind == "decisionTableNode") {
                chain.push(index);
            }
        }
        let arrived = outputs.first().is_some_and(|o| o.id == here);
        if arrived && seen.len() == raw.nodes.len() {
            return (findings.len() == before).then_some(chain);
        }
    }
    findings.push(at(
        "/edges",
        ("节点应连成一条链：输入 → 决策表… → 输出", "the nodes must form one chain: input, tables, output"),
        ("每个节点只连前后各一条线", "connect each node to exactly one before and one after"),
    ));
    None
}
