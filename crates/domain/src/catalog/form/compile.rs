//! From the JSON text of a form to typed fields, with a finding for everything that a page could not draw.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::{Choice, Constraints, Field, FieldKind, Form, Group, MAX_ROWS, Step, Widget, conditions, formats};
use crate::catalog::finding::{Finding, has_errors};
use crate::catalog::matter::When;
use crate::catalog::refs::Ref;
use crate::catalog::source::{Source, token};
use crate::text::Text;

const ROOT_KEYS: &[&str] = &[
    "$schema",
    "$id",
    "title",
    "description",
    "type",
    "additionalProperties",
    "properties",
    "required",
    "allOf",
    "x-steps",
];
const FIELD_KEYS: &[&str] = &[
    "type",
    "title",
    "description",
    "minLength",
    "maxLength",
    "pattern",
    "enum",
    "format",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "items",
    "minItems",
    "maxItems",
    "x-label",
    "x-help",
    "x-unit",
    "x-options",
    "x-prefill",
    "x-when",
    "x-widget",
    "x-item",
    "x-optional",
];
const ITEM_KEYS: &[&str] = &["type", "title", "description", "additionalProperties", "properties", "required"];
const STEP_KEYS: &[&str] = &["id", "title", "fields"];

impl Form {
    /// Compiles the JSON text of a form.
    ///
    /// # Errors
    /// Findings, with lines of this text, for whatever a page could not draw or a person could not answer.
    pub fn compile(json: &str) -> Result<Form, Vec<Finding>> {
        Form::compile_file("form.json", json).and_then(|(form, findings)| match has_errors(&findings) {
            true => Err(findings),
            false => Ok(form),
        })
    }

    /// Compiles a form found at `file`. Findings beside a form are those that leave it usable.
    pub(crate) fn compile_file(file: &str, json: &str) -> Result<(Form, Vec<Finding>), Vec<Finding>> {
        let source = Source::parse(file, json)?;
        let mut compiler = Compiler { source: &source, findings: Vec::new() };
        let fields = compiler.root();
        let steps = compiler.steps(&fields);
        compiler.findings.extend(conditions::check(&source, &fields));
        let validator = formats::options().build(&source.value).map_err(|error| {
            let pointer = error.instance_path().to_string();
            let message =
                Text::new(format!("不是有效的 JSON Schema：{error}。"), format!("Not a valid JSON Schema: {error}."));
            let fix = Text::new("请按 JSON Schema 2020-12 改正。", "Correct it after JSON Schema 2020-12.");
            vec![source.error(&pointer, "form-schema", message, fix)]
        });
        let mut findings = compiler.findings;
        match validator {
            Ok(validator) => {
                Ok((Form { steps, fields, schema: source.value, validator: Arc::new(validator) }, findings))
            }
            Err(error) => {
                findings.extend(error);
                Err(findings)
            }
        }
    }
}

struct Compiler<'s, 'a> {
    source: &'s Source<'a>,
    findings: Vec<Finding>,
}

impl Compiler<'_, '_> {
    fn report(&mut self, pointer: &str, check: &'static str, message: (String, String), fix: (&str, &str)) {
        let (zh, en) = message;
        self.findings.push(self.source.error(pointer, check, Text::new(zh, en), Text::new(fix.0, fix.1)));
    }

    fn known_keys(&mut self, pointer: &str, object: &Map<String, Value>, known: &[&str]) {
        for key in object.keys().filter(|key| !known.contains(&key.as_str())) {
            let message = (format!("表单不支持“{key}”这个键。"), format!("Forms do not support the key “{key}”."));
            let fix = ("请删去或改正键名，可用的键见目录说明。", "Delete it or correct its name.");
            self.report(&format!("{pointer}/{}", token(key)), "unknown-key", message, fix);
        }
    }

    fn root(&mut self) -> BTreeMap<String, Field> {
        let value = &self.source.value;
        let Some(root) = value.as_object() else {
            let message = ("表单不是一个对象。".into(), "The form is not an object.".into());
            self.report("", "form-schema", message, ("请写成 JSON Schema 对象。", "Write a JSON Schema object."));
            return BTreeMap::new();
        };
        self.known_keys("", root, ROOT_KEYS);
        if value.get("type") != Some(&"object".into()) || value.get("additionalProperties") != Some(&false.into()) {
            let message = (
                "表单根部须有 \"type\": \"object\" 和 \"additionalProperties\": false。".into(),
                "The root needs \"type\": \"object\" and \"additionalProperties\": false.".into(),
            );
            self.report("", "form-schema", message, ("请补上。", "Add them."));
        }
        let fields = self.fields("", value, true);
        fields.into_iter().map(|field| (field.name.clone(), field)).collect()
    }

    /// Fields of the object schema at `base`, in the order of the file.
    fn fields(&mut self, base: &str, schema: &Value, top: bool) -> Vec<Field> {
        let required: Vec<&str> =
            schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
        let empty = Map::new();
        let properties = schema.get("properties").and_then(Value::as_object).unwrap_or(&empty);
        for name in required.iter().filter(|name| !properties.contains_key(**name)) {
            let message = (format!("必填项“{name}”没有定义。"), format!("The required field “{name}” is not defined."));
            let fix =
                ("请在 properties 中定义，或从 required 中删去。", "Define it in properties or drop it from required.");
            self.report(&format!("{base}/required"), "form-unknown-field", message, fix);
        }
        let mut fields = Vec::new();
        for name in self.source.keys(&format!("{base}/properties")) {
            let Some(definition) = properties.get(&name) else { continue };
            let pointer = format!("{base}/properties/{}", token(&name));
            if let Some(mut field) = self.field(&name, &pointer, definition, top) {
                field.required = required.contains(&name.as_str())
                    || (field.when.is_some() && definition.get("x-optional") != Some(&true.into()));
                fields.push(field);
            }
        }
        fields
    }

    fn field(&mut self, name: &str, pointer: &str, definition: &Value, top: bool) -> Option<Field> {
        let Some(object) = definition.as_object() else {
            let message =
                (format!("“{name}”的定义不是对象。"), format!("The definition of “{name}” is not an object."));
            self.report(pointer, "form-schema", message, ("请写成对象。", "Write an object."));
            return None;
        };
        self.known_keys(pointer, object, FIELD_KEYS);
        self.name(name, pointer);
        let label = self.text(pointer, object, "x-label");
        if label.is_none() {
            let message = (format!("“{name}”没有 x-label。"), format!("“{name}” has no x-label."));
            self.report(
                pointer,
                "form-label",
                message,
                ("请写出中文和英文名称。", "Give its name in Chinese and English."),
            );
        }
        let kind = self.kind(name, pointer, object, top)?;
        let widget = self.widget(pointer, object, &kind);
        Some(Field {
            name: name.to_owned(),
            label: label.unwrap_or_else(|| Text::new(name, name)),
            help: self.text(pointer, object, "x-help"),
            unit: self.text(pointer, object, "x-unit"),
            prefill: self.prefill(pointer, object),
            when: self.when(pointer, object, top),
            widget,
            required: false,
            constraints: constraints(object),
            kind,
        })
    }

    fn name(&mut self, name: &str, pointer: &str) {
        let ascii = name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
        if !ascii || !name.starts_with(|c: char| c.is_ascii_lowercase()) || name.len() > 60 {
            let message = (
                format!("字段名“{name}”须以小写字母开头，只含小写字母、数字和下划线，不超过 60 个字符。"),
                format!("Field name “{name}” must be lower-case ASCII letters, digits and underscores, at most 60."),
            );
            self.report(pointer, "form-field-name", message, ("请改名，例如 area_sqm。", "Rename it, e.g. area_sqm."));
        }
    }

    fn kind(&mut self, name: &str, pointer: &str, object: &Map<String, Value>, top: bool) -> Option<FieldKind> {
        let kind = object.get("type").and_then(Value::as_str).unwrap_or_default();
        match (kind, object.contains_key("enum")) {
            ("string", true) => Some(self.choices(pointer, object)),
            ("string", false) => self.text_kind(pointer, object),
            ("integer", false) => Some(FieldKind::Integer),
            ("number", false) => Some(FieldKind::Number),
            ("boolean", false) => Some(FieldKind::Boolean),
            ("array", false) if top => self.group(name, pointer, object),
            _ => {
                let message = (
                    format!("“{name}”的类型“{kind}”不能用在这里。"),
                    format!("The type “{kind}” of “{name}” cannot be used here."),
                );
                let fix = (
                    "可用 string（可带 enum）、integer、number、boolean，以及顶层的 array（元素为扁平对象）。",
                    "Use string (with or without enum), integer, number, boolean, or at top level an array of flat objects.",
                );
                self.report(pointer, "form-type", message, fix);
                None
            }
        }
    }

    fn text_kind(&mut self, pointer: &str, object: &Map<String, Value>) -> Option<FieldKind> {
        match object.get("format").and_then(Value::as_str) {
            None => Some(FieldKind::Text),
            Some("date") => Some(FieldKind::Date),
            Some("uscc") => Some(FieldKind::Uscc),
            Some("citizen-id") => Some(FieldKind::CitizenId),
            Some("phone") => Some(FieldKind::Phone),
            Some(other) => {
                let message = (format!("不认识的格式“{other}”。"), format!("Unknown format “{other}”."));
                let fix = ("可用 date、uscc、citizen-id、phone。", "Use date, uscc, citizen-id or phone.");
                self.report(&format!("{pointer}/format"), "form-type", message, fix);
                None
            }
        }
    }

    fn choices(&mut self, pointer: &str, object: &Map<String, Value>) -> FieldKind {
        let options = object.get("x-options").and_then(Value::as_object);
        let mut choices = Vec::new();
        for value in object.get("enum").and_then(Value::as_array).into_iter().flatten() {
            let key = value.as_str().unwrap_or_default();
            let label =
                options.and_then(|o| o.get(key)).and_then(|text| serde_json::from_value::<Text>(text.clone()).ok());
            if label.is_none() {
                let message = (
                    format!("选项 {value} 没有中英文名称。"),
                    format!("Option {value} has no Chinese and English name."),
                );
                let fix = ("请在 x-options 中补上；选项值须为文字。", "Add it to x-options; options must be strings.");
                self.report(&format!("{pointer}/enum"), "form-options", message, fix);
            }
            choices.push(Choice { value: key.to_owned(), label: label.unwrap_or_else(|| Text::new(key, key)) });
        }
        for key in options.into_iter().flat_map(Map::keys).filter(|key| choices.iter().all(|c| c.value != **key)) {
            let message =
                (format!("x-options 中的“{key}”不在 enum 里。"), format!("“{key}” of x-options is not in enum."));
            let fix = ("请在 enum 中补上或从 x-options 删去。", "Add it to enum or delete it from x-options.");
            self.report(&format!("{pointer}/x-options/{}", token(key)), "form-options", message, fix);
        }
        FieldKind::Choice(choices)
    }

    fn group(&mut self, name: &str, pointer: &str, object: &Map<String, Value>) -> Option<FieldKind> {
        let items = object.get("items").filter(|items| items.get("type") == Some(&"object".into()));
        let Some(items) = items else {
            let message = (format!("“{name}”的元素不是对象。"), format!("The items of “{name}” are not objects."));
            self.report(pointer, "form-type", message, ("请把 items 写成扁平对象。", "Make items a flat object."));
            return None;
        };
        let base = format!("{pointer}/items");
        self.known_keys(&base, items.as_object()?, ITEM_KEYS);
        if items.get("additionalProperties") != Some(&false.into()) {
            let message = (
                "重复项的 items 须有 \"additionalProperties\": false。".into(),
                "The items of a group need \"additionalProperties\": false.".into(),
            );
            self.report(&base, "form-schema", message, ("请补上。", "Add it."));
        }
        let item = self.text(pointer, object, "x-item");
        if item.is_none() {
            let message = (format!("“{name}”没有 x-item。"), format!("“{name}” has no x-item."));
            let fix = ("请写出每一行是什么，例如“股东”。", "Say what a row is, e.g. “Shareholder”.");
            self.report(pointer, "form-label", message, fix);
        }
        let count = |key: &str| object.get(key).and_then(Value::as_u64).and_then(|n| usize::try_from(n).ok());
        Some(FieldKind::Group(Group {
            item: item.unwrap_or_else(|| Text::new("行", "Row")),
            fields: self.fields(&base, items, false),
            min_items: count("minItems").unwrap_or(0),
            max_items: count("maxItems").unwrap_or(MAX_ROWS).min(MAX_ROWS),
        }))
    }

    fn widget(&mut self, pointer: &str, object: &Map<String, Value>, kind: &FieldKind) -> Widget {
        let asked = object.get("x-widget").and_then(Value::as_str);
        match (kind, asked) {
            (FieldKind::Text, Some("textarea")) => Widget::Textarea,
            (FieldKind::Choice(_), Some("radio")) | (FieldKind::Boolean, None | Some("radio")) => Widget::Radio,
            (FieldKind::Choice(_), Some("select")) => Widget::Select,
            (FieldKind::Choice(choices), None) if choices.len() <= 5 => Widget::Radio,
            (FieldKind::Choice(_), None) => Widget::Select,
            (FieldKind::Group(_), None) => Widget::Group,
            (_, None) => Widget::Input,
            (_, Some(other)) => {
                let message =
                    (format!("此字段不能用控件“{other}”。"), format!("The widget “{other}” does not fit here."));
                let fix = (
                    "textarea 用于文字，radio、select 用于选项。",
                    "Use textarea for text, radio or select for options.",
                );
                self.report(&format!("{pointer}/x-widget"), "form-widget", message, fix);
                Widget::Input
            }
        }
    }

    fn prefill(&mut self, pointer: &str, object: &Map<String, Value>) -> Option<Ref> {
        let value = object.get("x-prefill")?;
        match value.as_str().unwrap_or_default().parse::<Ref>() {
            Ok(reference) => Some(reference),
            Err(error) => {
                let text = error.text();
                self.report(
                    &format!("{pointer}/x-prefill"),
                    "ref",
                    (text.zh, text.en),
                    ("请改正引用。", "Correct the reference."),
                );
                None
            }
        }
    }

    fn when(&mut self, pointer: &str, object: &Map<String, Value>, top: bool) -> Option<When> {
        let value = object.get("x-when")?;
        let when = serde_json::from_value::<When>(value.clone()).ok().filter(|_| top);
        if when.is_none() {
            let message = ("x-when 写法不对。".into(), "This x-when is not understood.".into());
            let fix = (
                "请写成 {\"field\": …, \"any_of\": […]}；重复项内的字段不能带条件。",
                "Write {\"field\": …, \"any_of\": […]}; fields inside a group cannot be conditional.",
            );
            self.report(&format!("{pointer}/x-when"), "form-when", message, fix);
        }
        when
    }

    fn text(&mut self, pointer: &str, object: &Map<String, Value>, key: &str) -> Option<Text> {
        let value = object.get(key)?;
        let text = serde_json::from_value::<Text>(value.clone()).ok();
        if text.is_none() {
            let message = (format!("{key} 写法不对。"), format!("{key} is not understood."));
            let fix = ("请写成 {\"zh\": …, \"en\": …}。", "Write {\"zh\": …, \"en\": …}.");
            self.report(&format!("{pointer}/{key}"), "form-label", message, fix);
        }
        text
    }

    fn steps(&mut self, fields: &BTreeMap<String, Field>) -> Vec<Step> {
        let mut steps = Vec::new();
        let list = self.source.value.get("x-steps").and_then(Value::as_array);
        for (index, value) in list.into_iter().flatten().enumerate() {
            let pointer = format!("/x-steps/{index}");
            if let Some(object) = value.as_object() {
                self.known_keys(&pointer, object, STEP_KEYS);
                steps.push(Step {
                    id: object.get("id").and_then(Value::as_str).unwrap_or_default().to_owned(),
                    title: self.text(&pointer, object, "title").unwrap_or_default(),
                    fields: strings(object.get("fields")),
                });
            }
        }
        self.steps_cover(&steps, fields);
        steps
    }

    /// Each field stands in exactly one step, otherwise a page asks twice or never.
    fn steps_cover(&mut self, steps: &[Step], fields: &BTreeMap<String, Field>) {
        let mut ids = std::collections::BTreeSet::new();
        let mut seen = std::collections::BTreeSet::new();
        for (index, step) in steps.iter().enumerate() {
            let pointer = format!("/x-steps/{index}");
            let ascii = step.id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
            if step.id.is_empty() || !ascii || !ids.insert(step.id.as_str()) {
                let message = (
                    format!("步骤编号“{}”为空、重复或不是小写字母。", step.id),
                    format!("Step id “{}” is empty, repeated or not lower-case ASCII.", step.id),
                );
                self.report(&pointer, "form-steps", message, ("请改正编号。", "Correct the id."));
            }
            for (at, name) in step.fields.iter().enumerate() {
                let place = format!("{pointer}/fields/{at}");
                let problem = match (
                    self.source.value.pointer(&format!("/properties/{}", token(name))),
                    seen.insert(name.as_str()),
                ) {
                    (None, _) => {
                        Some((format!("步骤中的“{name}”没有定义。"), format!("“{name}” of this step is not defined.")))
                    }
                    (_, false) => {
                        Some((format!("“{name}”出现在多个步骤中。"), format!("“{name}” stands in several steps.")))
                    }
                    _ => None,
                };
                if let Some(message) = problem {
                    self.report(&place, "form-steps", message, ("请从这里删去。", "Delete it here."));
                }
            }
        }
        for name in fields.keys().filter(|name| !seen.contains(name.as_str())) {
            let message = (format!("“{name}”不在任何步骤中。"), format!("“{name}” stands in no step."));
            let pointer = format!("/properties/{}", token(name));
            self.report(
                &pointer,
                "form-steps",
                message,
                ("请放入 x-steps 的一个步骤。", "Put it into one step of x-steps."),
            );
        }
    }
}

pub(super) fn strings(value: Option<&Value>) -> Vec<String> {
    value.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

fn constraints(object: &Map<String, Value>) -> Constraints {
    let number = |key: &str| object.get(key).and_then(Value::as_number).cloned();
    let length = |key: &str| object.get(key).and_then(Value::as_u64);
    Constraints {
        min_length: length("minLength"),
        max_length: length("maxLength"),
        pattern: object.get("pattern").and_then(Value::as_str).map(str::to_owned),
        minimum: number("minimum"),
        maximum: number("maximum"),
        exclusive_minimum: number("exclusiveMinimum"),
        exclusive_maximum: number("exclusiveMaximum"),
        multiple_of: number("multipleOf"),
    }
}
