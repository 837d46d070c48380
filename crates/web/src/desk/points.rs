//! The list of a notice: what the clerk found becomes its first rows, and the rows that were posted are read again.

use domain::cases::{NewDefect, Point};

use super::acts::Desk;
use crate::kit::{Choice, Field, Html, Repeat};

/// The stored name of a reason code.
pub(super) fn code_of(code: NewDefect) -> &'static str {
    match code {
        NewDefect::InNewMaterial => "in-new-material",
        NewDefect::ContradictsOther => "contradicts-other",
        NewDefect::ExpiredMeanwhile => "expired-meanwhile",
    }
}

/// A reason code from its stored name.
pub(super) fn code(name: &str) -> Option<NewDefect> {
    [NewDefect::InNewMaterial, NewDefect::ContradictsOther, NewDefect::ExpiredMeanwhile]
        .into_iter()
        .find(|code| code_of(*code) == name)
}

impl Desk<'_> {
    /// What the notice should hold by what is known: verdicts first, then what is missing. The notice is a Chinese
    /// document, so its sentences are Chinese in either language of the page.
    pub(super) fn defects(&self) -> Vec<Point> {
        let point = |about: String, text: String| Point { about, text, new_defect: None };
        let name = |slot: &str| {
            let own = self.published.bundle.matter.materials.iter().find(|material| material.slot == slot);
            own.map_or_else(|| slot.to_owned(), |material| material.name.zh.clone())
        };
        let mut points: Vec<Point> = self
            .defective()
            .map(|(slot, note)| point(slot.to_owned(), format!("《{}》：{note}", name(slot))))
            .collect();
        for blocker in &self.found.blockers {
            let field = blocker.about.strip_prefix("form:/").and_then(|path| path.split('/').next());
            let about = field.map_or_else(|| blocker.about.clone(), |field| format!("form:{field}"));
            if points.iter().all(|known| known.about != about) {
                points.push(point(about, blocker.text.zh.clone()));
            }
        }
        points
    }

    /// What a point may be about.
    fn subjects(&self) -> Vec<Choice> {
        let t = self.t;
        let materials = self.published.bundle.matter.materials.iter();
        let materials = materials.map(|own| Choice::new(own.slot.as_str(), t.desk_about_material(t.of(&own.name))));
        let fields = self.published.bundle.form.fields();
        let fields = fields.map(|own| Choice::new(format!("form:{}", own.name), t.desk_about_field(t.of(&own.label))));
        materials.chain(fields).collect()
    }

    /// The rows of a list of points: what was typed, else `known`, and an empty one where nothing is known.
    pub(super) fn points(&self, list: &'static str, known: Vec<Point>, second: bool) -> Html {
        let t = self.t;
        let rows = if self.typed.pairs.iter().any(|(name, _)| name.starts_with(&format!("{list}["))) {
            points_of(&self.typed.pairs, list)
        } else {
            known
        };
        let least = usize::from(list == "correct");
        let count = (rows.len() + usize::from(self.typed.more == list)).max(least);
        let mut repeat = Repeat::new(t, list, t.desk_points(list), t.desk_point())
            .limits(0, 100)
            .hint(if second { t.desk_points_second().to_owned() } else { t.desk_points_hint(list) })
            .error(self.typed.error(list));
        for at in 0..count {
            let row = rows.get(at);
            let about = row.map_or("", |point| point.about.as_str());
            let text = row.map_or("", |point| point.text.as_str());
            let mut fields = vec![
                Field::select(t, format!("{list}[{at}].about"), t.desk_point_about(), self.subjects()).value(about),
                Field::textarea(t, format!("{list}[{at}].text"), t.desk_point_text())
                    .rows(2)
                    .max_length(2000)
                    .value(text),
            ];
            if second {
                let codes = ["in-new-material", "contradicts-other", "expired-meanwhile"];
                let codes = codes.map(|code| Choice::new(code, t.desk_new_defect(code))).to_vec();
                let field = Field::select(t, format!("{list}[{at}].new"), t.desk_point_new(), codes);
                fields.push(field.value(row.and_then(|point| point.new_defect).map_or("", code_of)));
            }
            repeat = repeat.row(fields);
        }
        Html::of(&repeat)
    }
}

/// Points as they were posted, wholly blank rows left out, in the order of the page.
pub(super) fn points_of(pairs: &[(String, String)], list: &str) -> Vec<Point> {
    let mut rows: std::collections::BTreeMap<usize, Point> = std::collections::BTreeMap::new();
    for (name, value) in pairs {
        let Some((at, cell)) = name.strip_prefix(list).and_then(|rest| rest.strip_prefix('[')?.split_once("].")) else {
            continue;
        };
        let Some(at) = at.parse::<usize>().ok().filter(|at| *at < 1000) else { continue };
        let row =
            rows.entry(at).or_insert_with(|| Point { about: String::new(), text: String::new(), new_defect: None });
        match cell {
            "about" => row.about.clone_from(value),
            "text" => value.trim().clone_into(&mut row.text),
            "new" => row.new_defect = code(value),
            _ => {}
        }
    }
    rows.into_values().filter(|row| !row.about.is_empty() || !row.text.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_of_points_are_read_in_their_order_and_blank_ones_vanish() {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let pairs = [
            pair("correct[2].text", " 面积与平面图不一致 "),
            pair("correct[2].about", "form:area"),
            pair("correct[0].about", ""),
            pair("correct[0].text", "  "),
            pair("correct[10].about", "plan"),
            pair("correct[10].new", "expired-meanwhile"),
            pair("correct[x].text", "no row"),
            pair("feedback[0].text", "another list"),
        ];
        let points = points_of(&pairs, "correct");
        assert_eq!(points.len(), 2);
        assert_eq!(points[0].about, "form:area");
        assert_eq!(points[0].text, "面积与平面图不一致");
        assert_eq!(points[1].new_defect, Some(domain::cases::NewDefect::ExpiredMeanwhile));
    }
}
