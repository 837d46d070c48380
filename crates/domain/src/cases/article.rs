//! Which article each command rests on, for the table of the lifecycle and for whoever asks why.

/// The article behind a command of the case, by the command's name. `AL` is 行政许可法; `local` marks the city's own rule;
/// `—` a step of the file that no article asks for.
pub fn article(command: &str) -> &'static str {
    match command {
        "give-feedback" | "revise" => "AL 30(2)",
        "file" | "withdraw" => "AL 29",
        "correct-on-spot" => "AL 32(1)(3)",
        "give-verdicts" => "AL 34(1)",
        "request-correction" | "deem-accepted" => "AL 32(1)(4)",
        "resubmit" | "accept" => "AL 32(1)(5)",
        "decline-acceptance" => "AL 32(1)(1), (2); AL 78",
        "accept-with-gaps" | "supply-gaps" | "receive-gap" | "check-gap" | "remind-gaps" => "青岛条例 24; 山东条例 28",
        "note-rules" | "decide-by-rules" => "AL 34(2)",
        "give-opinion" => "AL 34",
        "return" => "AL 37",
        "pause" | "resume" => "AL 45",
        "extend" => "AL 42",
        "grant" => "AL 38(1)",
        "refuse" => "AL 38(2)",
        "issue-licence" => "AL 39",
        "deliver" => "AL 44",
        "terminate" => "AL 8(2), 70; 青岛条例 24",
        "ask-person" => "PIPL 24(3)",
        "answer-check" => "AL 61; 42号文",
        "licence-ended" => "AL 69, 70",
        "deem-renewed" => "AL 50(2)",
        "note-late" => "AL 42, 44, 74",
        "recompute-deadlines" => "AL 82",
        _ => "—",
    }
}
