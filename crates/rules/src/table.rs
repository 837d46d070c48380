//! `table.json`: decision tables in GoRules' JSON Decision Model.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use domain::text::Text;
use serde::Deserialize as _;

use crate::cell::{self, Cell, Compiler, Program};
use crate::decision::{CellText, Outcome, RowText};
use crate::fact::FactValue;
use crate::finding::{File, Finding};
pub(crate) use crate::jdm::Hit;
use crate::jdm::{RawModel, RawNode, RawTable, at, order};
use crate::schema::{Origin, Schema, Type};

/// Most rows of one table.
pub const MAX_ROWS: usize = 2000;
/// Most tables of one rule.
pub const MAX_TABLES: usize = 16;
/// Most columns of one table.
pub const MAX_COLUMNS: usize = 64;

/// A compiled condition cell.
#[derive(Debug, Clone)]
pub(crate) struct Condition {
    /// Index of its field in the schema.
    pub field: usize,
    /// Index of its column.
    pub column: usize,
    pub cell: Cell,
    pub program: Program,
    pub text: Arc<CellText>,
}

#[derive(Debug, Clone)]
pub(crate) struct Row {
    /// Position among the rules of the file, for pointers.
    pub index: usize,
    pub text: Arc<RowText>,
    /// The non-empty cells from left to right.
    pub conditions: Vec<Condition>,
    /// One value per output column.
    pub outputs: Vec<Option<FactValue>>,
}

#[derive(Debug, Clone)]
pub(crate) struct Column {
    pub id: Arc<str>,
    pub field: usize,
}

#[derive(Debug, Clone)]
pub(crate) struct Output {
    pub id: Arc<str>,
    /// Name of the output without the `[]` of a list.
    pub name: Arc<str>,
    /// `name[]`: every row that fires adds its value.
    pub list: bool,
    /// Index of the schema field that it fills, when later tables read it.
    pub field: Option<usize>,
}

#[derive(Debug, Clone)]
pub(crate) struct Table {
    /// Position among the nodes of the file, for pointers.
    pub node: usize,
    pub id: Arc<str>,
    pub name: Arc<str>,
    pub hit: Hit,
    pub columns: Vec<Column>,
    pub outputs: Vec<Output>,
    pub rows: Vec<Row>,
}

impl Table {
    pub fn output(&self, name: &str) -> Option<usize> {
        self.outputs.iter().position(|o| o.name.as_ref() == name)
    }

    pub fn value<'a>(&self, row: &'a Row, name: &str) -> Option<&'a FactValue> {
        self.output(name).and_then(|i| row.outputs.get(i)).and_then(Option::as_ref)
    }

    pub fn pointer(&self) -> String {
        format!("/nodes/{}", self.node)
    }

    pub fn row_pointer(&self, row: &Row) -> String {
        format!("/nodes/{}/content/rules/{}", self.node, row.index)
    }

    pub fn cell_pointer(&self, row: &Row, column: &str) -> String {
        format!("{}/{}", self.row_pointer(row), column.replace('~', "~0").replace('/', "~1"))
    }
}

/// Parses and compiles the tables in the order in which they run.
pub(crate) fn parse(text: &str, schema: &Schema, findings: &mut Vec<Finding>) -> Option<Vec<Table>> {
    let raw: RawModel = crate::load::json(File::Table, text, findings)?;
    if raw.content_type.as_deref() != Some("application/vnd.gorules.decision") {
        findings.push(at(
            "/contentType",
            ("缺 contentType", "contentType is missing or unknown"),
            ("写 application/vnd.gorules.decision", "write application/vnd.gorules.decision"),
        ));
    }
    let order = order(&raw, findings)?;
    if order.is_empty() || order.len() > MAX_TABLES {
        findings.push(at(
            "/nodes",
            ("规则应有 1 至 16 张决策表", "a rule has 1 to 16 decision tables"),
            ("增加或合并决策表", "add or merge tables"),
        ));
        return None;
    }
    let mut reader =
        Reader { schema, findings, compiler: Compiler::new(), rows: BTreeSet::new(), filled: BTreeSet::new() };
    let mut tables = Vec::new();
    for (position, node) in order.iter().enumerate() {
        let Some(raw_node) = raw.nodes.get(*node) else { continue };
        if let Some(table) = reader.table(*node, raw_node, position + 1 == order.len()) {
            tables.push(table);
        }
    }
    Some(tables)
}

struct Reader<'a> {
    schema: &'a Schema,
    findings: &'a mut Vec<Finding>,
    compiler: Compiler,
    /// Row ids seen in any table.
    rows: BTreeSet<String>,
    /// Schema fields filled by the tables read so far.
    filled: BTreeSet<usize>,
}

impl Reader<'_> {
    fn push(&mut self, pointer: String, message: Text, fix: Text) {
        self.findings.push(Finding::new(File::Table, pointer, message, fix));
    }

    fn table(&mut self, node: usize, raw: &RawNode, last: bool) -> Option<Table> {
        let base = format!("/nodes/{node}");
        let content: RawTable = match RawTable::deserialize(&raw.content) {
            Ok(content) => content,
            Err(error) => {
                let words = Text::new(format!("决策表内容不合格：{error}"), format!("the table is malformed: {error}"));
                self.push(format!("{base}/content"), words, Text::new("按格式补全", "complete it as the format says"));
                return None;
            }
        };
        self.shape(&base, raw, &content, last);
        let columns = self.columns(&base, &content);
        let outputs = self.outputs(&base, &raw.id, &content, last);
        let mut table = Table {
            node,
            id: raw.id.as_str().into(),
            name: raw.name.as_str().into(),
            hit: content.hit_policy,
            columns,
            outputs,
            rows: Vec::new(),
        };
        for (index, rule) in content.rules.iter().enumerate().take(MAX_ROWS) {
            let row = self.row(&table, index, rule, last);
            table.rows.push(row);
        }
        let filled: Vec<usize> = table.outputs.iter().filter_map(|o| o.field).collect();
        self.filled.extend(filled);
        Some(table)
    }

    /// The settings of the node that would change its meaning, and its limits.
    fn shape(&mut self, base: &str, raw: &RawNode, content: &RawTable, last: bool) {
        let set = |text: &Option<String>| text.as_deref().is_some_and(|t| !t.trim().is_empty());
        let looping = content.execution_mode.as_deref().is_some_and(|m| m != "single");
        if set(&content.input_field) || set(&content.output_path) || looping {
            self.findings.push(at(
                format!("{base}/content"),
                ("不允许使用 inputField、outputPath 或循环执行", "inputField, outputPath and loops are not allowed"),
                ("删去这些设置", "remove these settings"),
            ));
        }
        if !last && !content.pass_through {
            self.findings.push(at(
                format!("{base}/content/passThrough"),
                ("后面还有决策表，须写 \"passThrough\": true", "a table before another needs \"passThrough\": true"),
                ("否则 GoRules 会丢弃输入", "without it GoRules drops the inputs"),
            ));
        }
        if !last && content.hit_policy == Hit::Collect {
            self.findings.push(at(
                format!("{base}/content/hitPolicy"),
                ("只有最后一张表可以用 collect", "only the last table may collect"),
                ("改为 first", "use first"),
            ));
        }
        if content.rules.is_empty() || content.rules.len() > MAX_ROWS {
            self.findings.push(at(
                format!("{base}/content/rules"),
                ("决策表应有 1 至 2000 行", "a table has 1 to 2,000 rows"),
                ("增减行，或拆成多张表", "add rows, or split the table"),
            ));
        }
        if content.inputs.len() + content.outputs.len() > MAX_COLUMNS || content.outputs.is_empty() {
            self.findings.push(at(
                format!("{base}/content/outputs"),
                ("决策表应有结果列，总列数不超过 64", "a table has outputs, and at most 64 columns"),
                ("增加结果列，或减少列", "add an output, or drop columns"),
            ));
        }
        if raw.id.is_empty() || raw.id.len() > 64 {
            self.findings.push(at(
                format!("{base}/id"),
                ("节点缺 id", "the node lacks an id"),
                ("填写 id", "give it one"),
            ));
        }
    }

    fn columns(&mut self, base: &str, content: &RawTable) -> Vec<Column> {
        let mut columns: Vec<Column> = Vec::new();
        for (index, raw) in content.inputs.iter().enumerate() {
            let pointer = format!("{base}/content/inputs/{index}");
            let code = raw.field.as_deref().unwrap_or_default().trim();
            let Some(field) = self.schema.index(code) else {
                self.push(
                    pointer,
                    Text::new(
                        format!("字段“{code}”未在 schema.json 声明"),
                        format!("the field \"{code}\" is not in schema.json"),
                    ),
                    Text::new("声明它，或改正列的 field", "declare it, or correct the column"),
                );
                continue;
            };
            let from_table = matches!(self.schema.fields.get(field).map(|f| &f.from), Some(Origin::Table(_)));
            if from_table && !self.filled.contains(&field) {
                self.push(
                    pointer.clone(),
                    Text::new(
                        format!("“{code}”不是前面任何表的结果"),
                        format!("{code} is no output of an earlier table"),
                    ),
                    Text::new("先在前面的表里给出它", "let an earlier table produce it"),
                );
            }
            let twice = columns.iter().any(|c| c.field == field || c.id.as_ref() == raw.id);
            if twice || raw.id.is_empty() || raw.id.starts_with('_') {
                self.push(
                    pointer,
                    Text::new(
                        format!("列“{code}”重复或 id 不合格"),
                        format!("the column {code} is there twice, or its id is unfit"),
                    ),
                    Text::new(
                        "每个字段一列，id 不重复且不以 _ 开头",
                        "one column a field, unique ids without leading _",
                    ),
                );
            }
            columns.push(Column { id: raw.id.as_str().into(), field });
        }
        columns
    }

    fn outputs(&mut self, base: &str, table: &str, content: &RawTable, last: bool) -> Vec<Output> {
        let mut outputs: Vec<Output> = Vec::new();
        for (index, raw) in content.outputs.iter().enumerate() {
            let pointer = format!("{base}/content/outputs/{index}");
            let written = raw.field.as_deref().unwrap_or_default().trim();
            let (name, list) = match written.strip_suffix("[]") {
                Some(name) => (name, true),
                None => (written, false),
            };
            let field = self.schema.index(name);
            let mine =
                field.and_then(|f| self.schema.fields.get(f)).is_some_and(|f| f.from == Origin::Table(table.into()));
            let known = last && ["decision", "note_zh", "note_en"].contains(&name);
            let free = last && content.hit_policy == Hit::Collect && field.is_none();
            let ascii = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
            if !(mine || known || free) || !ascii || (list && content.hit_policy == Hit::First) {
                self.push(
                    pointer.clone(),
                    Text::new(format!("结果列“{written}”不合格"), format!("the output \"{written}\" is not allowed here")),
                    Text::new(
                        "最后一张表用 decision、note_zh、note_en；其余须在 schema.json 以 {\"table\":\"节点 id\"} 声明",
                        "the last table has decision, note_zh, note_en; others are declared in schema.json from {\"table\":\"<node id>\"}",
                    ),
                );
            }
            let same_id = |id: &str| id == raw.id;
            if outputs.iter().any(|o| o.name.as_ref() == name || same_id(&o.id))
                || content.inputs.iter().any(|i| same_id(&i.id))
                || raw.id.is_empty()
                || raw.id.starts_with('_')
            {
                self.push(
                    pointer,
                    Text::new(
                        format!("结果列“{written}”重复或 id 不合格"),
                        format!("the output \"{written}\" is there twice, or its id is unfit"),
                    ),
                    Text::new("列 id 不重复且不以 _ 开头", "unique ids without leading _"),
                );
            }
            outputs.push(Output {
                id: raw.id.as_str().into(),
                name: name.into(),
                list,
                field: if mine { field } else { None },
            });
        }
        if last && content.hit_policy == Hit::First && !outputs.iter().any(|o| o.name.as_ref() == "decision") {
            self.findings.push(at(
                format!("{base}/content/outputs"),
                ("最后一张表缺 decision 结果列", "the last table lacks the output decision"),
                ("增加 decision 列", "add it"),
            ));
        }
        outputs
    }

    fn row(&mut self, table: &Table, index: usize, rule: &BTreeMap<String, String>, last: bool) -> Row {
        let mut row = Row {
            index,
            text: Arc::new(RowText { row: "".into(), description: "".into(), outcome: None }),
            conditions: Vec::new(),
            outputs: Vec::new(),
        };
        let id = self.row_id(table, &row, rule);
        for (column, spec) in table.columns.iter().enumerate() {
            let source = rule.get(spec.id.as_ref()).map_or("", String::as_str).trim();
            let pointer = table.cell_pointer(&row, &spec.id);
            if let Some(condition) = self.condition(source, column, spec.field, pointer) {
                row.conditions.push(condition);
            }
        }
        for output in &table.outputs {
            let source = rule.get(output.id.as_ref()).map_or("", String::as_str).trim();
            let pointer = table.cell_pointer(&row, &output.id);
            row.outputs.push(self.value(source, output, pointer));
        }
        let outcome = match table.value(&row, "decision") {
            Some(FactValue::Text(name)) if last => Outcome::from_name(name),
            _ => None,
        };
        let description = rule.get("_description").map_or("", String::as_str);
        row.text = Arc::new(RowText { row: id.into(), description: description.into(), outcome });
        self.completeness(table, &row, last);
        row
    }

    fn row_id(&mut self, table: &Table, row: &Row, rule: &BTreeMap<String, String>) -> String {
        let id = rule.get("_id").cloned().unwrap_or_default();
        let fit =
            !id.is_empty() && id.len() <= 40 && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
        if !fit || !self.rows.insert(id.clone()) {
            self.push(
                table.cell_pointer(row, "_id"),
                Text::new(
                    format!("行号“{id}”缺失、不合格或重复"),
                    format!("the row id \"{id}\" is missing, unfit or used twice"),
                ),
                Text::new(
                    "每行一个固定的 _id，如 R01，全文件不重复",
                    "give every row of the file its own _id, such as R01",
                ),
            );
        }
        // A mistyped column id would drop its condition in silence.
        for key in rule.keys() {
            let known = key.starts_with('_')
                || table.columns.iter().any(|c| c.id.as_ref() == key)
                || table.outputs.iter().any(|o| o.id.as_ref() == key);
            if !known {
                self.push(
                    table.cell_pointer(row, key),
                    Text::new(format!("没有 id 为“{key}”的列"), format!("there is no column with the id \"{key}\"")),
                    Text::new("改正列 id", "correct the column id"),
                );
            }
        }
        id
    }

    fn condition(&mut self, source: &str, column: usize, index: usize, pointer: String) -> Option<Condition> {
        let field = self.schema.fields.get(index)?;
        let cell = match cell::parse(source, field) {
            Ok(cell) => cell?,
            Err(refusal) => {
                self.push(pointer, refusal.message, refusal.fix);
                return None;
            }
        };
        let program = match self.compiler.compile(&cell, index) {
            Ok(program) => program,
            Err(error) => {
                let message =
                    Text::new(format!("表达式引擎不接受：{error}"), format!("the engine refuses it: {error}"));
                self.push(pointer, message, Text::new("简化此单元格", "write the cell more simply"));
                return None;
            }
        };
        let requirement = cell::requirement(&cell, field);
        let text = Arc::new(CellText { field: field.code.clone(), cell: source.into(), requirement });
        Some(Condition { field: index, column, cell, program, text })
    }

    fn value(&mut self, source: &str, output: &Output, pointer: String) -> Option<FactValue> {
        let value = match cell::literal(source) {
            Ok(value) => value?,
            Err(refusal) => {
                self.push(pointer, refusal.message, refusal.fix);
                return None;
            }
        };
        let field = output.field.and_then(|f| self.schema.fields.get(f));
        let wrong = match (&value, output.name.as_ref(), field) {
            (FactValue::Text(name), "decision", None) => Outcome::from_name(name).is_none(),
            (_, "decision", None) => true,
            (value, "note_zh" | "note_en", None) => value.kind() != Type::String,
            (FactValue::Text(text), _, Some(f)) if !f.options.is_empty() => !f.options.contains_key(text),
            (value, _, Some(f)) => value.kind() != f.kind,
            _ => false,
        };
        if wrong {
            self.push(
                pointer,
                Text::new(format!("结果列 {} 不能取此值", output.name), format!("the output {} cannot have this value", output.name)),
                Text::new(
                    "decision 为 \"approve\"、\"refuse_proposed\" 或 \"manual\"；其余按 schema.json 的类型与选项",
                    "decision is \"approve\", \"refuse_proposed\" or \"manual\"; others follow type and enum in schema.json",
                ),
            );
        }
        Some(value)
    }

    /// A row says what it decides; a note is in both languages.
    fn completeness(&mut self, table: &Table, row: &Row, last: bool) {
        let has = |name: &str| table.value(row, name).is_some();
        let decides = !last || table.hit == Hit::Collect || has("decision");
        let prepares = last || row.outputs.iter().all(Option::is_some);
        if !decides || !prepares {
            self.push(
                table.row_pointer(row),
                Text::new("此行缺结果", "the row lacks a result"),
                Text::new("填写全部结果列", "fill in its outputs"),
            );
        }
        if has("note_zh") != has("note_en") {
            self.push(
                table.row_pointer(row),
                Text::new("说明须有中英文", "a note needs both languages"),
                Text::new("补全 note_zh 和 note_en", "fill in note_zh and note_en"),
            );
        }
    }
}
