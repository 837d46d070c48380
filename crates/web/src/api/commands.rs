//! The bodies of commands on a case: the address names the command, the body holds its members.

use axum::body::Bytes;
use axum::http::HeaderMap;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use service::ServiceError;
use service::cases::Work;
use utoipa::ToSchema;

use super::cases::{MaterialBody, PledgeBody};
use super::query::{body, typed};
use crate::app::Failure;

/// What each command takes; commands that are not named here take `{}`: `file`, `accept`, `accept-with-gaps`, `resume`, `close`.
#[derive(Deserialize, ToSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "it describes Work for other systems; a test reads every variant as the command it names")]
pub enum CommandBody {
    /// `give-feedback`, `request-correction`.
    Points {
        /// What is wrong, complete.
        points: Vec<PointBody>,
    },
    /// `revise`, `resubmit`.
    Changed {
        /// The application as it is now.
        changed: ChangedBody,
    },
    /// `correct-on-spot`.
    CorrectOnSpot {
        /// The application as it is now.
        changed: ChangedBody,
        /// What was corrected, and that the applicant agreed.
        note: String,
    },
    /// `give-verdicts`.
    GiveVerdicts {
        /// Pairs of a slot and a verdict `{in_order, note}`.
        #[schema(value_type = Vec<Vec<Object>>)]
        verdicts: Vec<(String, Value)>,
    },
    /// `decline-acceptance`.
    DeclineAcceptance {
        /// `{"kind": "wrong-authority", "authority": …}` or `not-needed`, `still-lacking` with `points`, `barred` with `since` and `decision`.
        #[schema(value_type = Object)]
        ground: Value,
        /// Reasons for the applicant.
        reasons: String,
    },
    /// `supply-gaps`.
    SupplyGaps {
        /// What was to follow, as `{slot, uploads}`.
        #[schema(value_type = Vec<Object>)]
        materials: Vec<Value>,
    },
    /// `receive-gap`: on paper, at a window.
    ReceiveGap {
        /// The material.
        slot: String,
        /// What the clerk saw.
        note: String,
    },
    /// `check-gap`.
    CheckGap {
        /// The material.
        slot: String,
        /// It does.
        in_order: bool,
        /// What is wrong, when it does not.
        note: String,
    },
    /// `give-opinion`.
    GiveOpinion {
        /// Proposes to grant.
        favourable: bool,
        /// Reasons.
        text: String,
        /// Who inspected, where two officers must.
        #[schema(required = false)]
        officers: Vec<String>,
    },
    /// `pause`.
    Pause {
        /// `inspection`, `expert-review`, `hearing`, `testing`, `publicity` or `examination`, as the matter declares.
        procedure: String,
        /// How long it is notified to last.
        working_days: u32,
    },
    /// `return`, `extend`, `withdraw`, `ask-person`.
    Reason {
        /// Why.
        reason: String,
    },
    /// `grant`, `refuse`.
    Decide {
        /// Reasons; a refusal must give them.
        reasons: String,
    },
    /// `deliver`.
    Deliver {
        /// How it was handed over.
        method: String,
    },
    /// `terminate`.
    Terminate {
        /// `applicant-gone`, `no-longer-needed`, `force-majeure` or `gaps-not-supplied`.
        ground: String,
        /// What happened.
        reason: String,
    },
    /// `answer-check`.
    AnswerCheck {
        /// `pledge`, `sample` or `asked`.
        kind: String,
        /// The decision stands.
        confirmed: bool,
        /// What was found.
        note: String,
    },
}

/// One point of a notice.
#[derive(Deserialize, ToSchema)]
#[expect(dead_code, reason = "describes domain::cases::Point")]
pub struct PointBody {
    /// A material's slot, or `form:<field>`.
    about: String,
    /// What is wrong and what to do.
    text: String,
    /// Why it could not be seen the first time: `in-new-material`, `contradicts-other` or `expired-meanwhile`.
    new_defect: Option<String>,
}

/// An application as changed.
#[derive(Deserialize, ToSchema)]
#[expect(dead_code, reason = "describes service::cases::Changed")]
pub struct ChangedBody {
    /// The whole form.
    #[schema(value_type = Object)]
    form: Value,
    /// Materials that are new; the others stay.
    #[schema(required = false)]
    materials: Vec<MaterialBody>,
    /// The pledge, where it is taken now.
    pledge: Option<PledgeBody>,
}

/// One command from its name and its body; a member that the command does not have is refused.
pub(super) fn work(command: &str, headers: &HeaderMap, bytes: &Bytes) -> Result<Work, Failure> {
    let mut wish: Map<String, Value> = if bytes.is_empty() { Map::new() } else { body(headers, bytes)? };
    wish.insert("command".into(), json!(command));
    let names: Vec<String> = wish.keys().cloned().collect();
    let work: Work = typed(Value::Object(wish))?;
    let known = serde_json::to_value(&work).map_err(ServiceError::internal)?;
    match names.into_iter().find(|name| known.get(name).is_none()) {
        None => Ok(work),
        Some(name) => Err(ServiceError::field(
            &name,
            &format!("{command} 没有字段 {name}，请删去。"),
            &format!("The command {command} has no member {name}; drop it."),
        )
        .into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use utoipa::PartialSchema;

    /// A value for a member of a command's body.
    fn sample(command: &str, name: &str) -> Value {
        match name {
            "points" => json!([{ "about": "layout", "text": "x" }]),
            "changed" => json!({ "form": {}, "materials": [{ "slot": "layout", "upload": "x" }], "pledge": null }),
            "verdicts" => json!([["layout", { "in_order": false, "note": "x" }]]),
            "ground" if command == "terminate" => json!("applicant-gone"),
            "ground" => json!({ "kind": "wrong-authority", "authority": "x" }),
            "favourable" | "confirmed" | "in_order" => json!(true),
            "materials" => json!([{ "slot": "layout", "uploads": ["x"] }]),
            "officers" => json!(["甲", "乙"]),
            "working_days" => json!(5),
            "procedure" => json!("inspection"),
            "kind" => json!("asked"),
            _ => json!("x"),
        }
    }

    #[test]
    fn every_body_is_read_as_the_commands_that_it_names() {
        let schema = serde_json::to_value(CommandBody::schema()).unwrap();
        let variants = schema["oneOf"].as_array().unwrap();
        let mut read = 0;
        for variant in variants {
            let members = variant["properties"].as_object().unwrap();
            for command in variant["description"].as_str().unwrap().split('`').skip(1).step_by(2) {
                let body: Map<String, Value> =
                    members.keys().map(|name| (name.clone(), sample(command, name))).collect();
                let bytes = Bytes::from(Value::Object(body).to_string());
                work(command, &HeaderMap::new(), &bytes).unwrap_or_else(|error| panic!("{command}: {error:?}"));
                read += 1;
            }
        }
        assert_eq!(read, 21, "commands with a body");
        for command in ["file", "accept", "accept-with-gaps", "resume", "close"] {
            work(command, &HeaderMap::new(), &Bytes::new()).unwrap_or_else(|error| panic!("{command}: {error:?}"));
        }
    }
}
