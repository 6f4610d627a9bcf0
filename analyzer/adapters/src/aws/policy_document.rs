//! `aws_iam_policy_document` before it is read: its statements put together as the data source itself would.

use nhi_access::dialect::aws::{
    Condition, Effect, Element, Item, PolicyKind, PrincipalItem, Principals, Statement,
};
use nhi_analyzer_input::Value;
use nhi_analyzer_model::AttributePath;

use crate::aws::documents::parse;
use crate::value::{element, get, is_empty, items, path, text};

/// A statement with the attribute of the data source that brings it in.
pub(crate) struct Placed {
    pub(crate) statement: Statement,
    pub(crate) attribute: AttributePath,
}

/// What is known of a document that is read later.
pub(crate) struct Assembled {
    pub(crate) statements: Vec<Placed>,
    /// `${…}` is a variable in it.
    pub(crate) variables: bool,
    /// It may have statements beside these.
    pub(crate) open: bool,
    /// A text merged into it that no parser reads.
    pub(crate) unreadable: Option<String>,
}

/// Merges sources, own statements and overrides, in this order; a statement replaces an earlier one of its `Sid`.
pub(crate) fn assemble(object: &Value, kind: PolicyKind) -> Assembled {
    let version = get(object, "version");
    let mut made = Assembled {
        statements: Vec::new(),
        variables: text(version) != Some("2008-10-17"),
        open: false,
        unreadable: None,
    };
    made.merge_texts(object, ["source_json", "source_policy_documents"], kind);
    match get(object, "statement") {
        Value::Unknown | Value::Sensitive(_) => made.open = true,
        blocks => {
            for (index, block) in items(blocks).iter().enumerate() {
                match statement(block, kind) {
                    Some(statement) => {
                        made.merge(Placed { statement, attribute: element("statement", index, None) });
                    }
                    None => made.open = true,
                }
            }
        }
    }
    made.merge_texts(object, ["override_json", "override_policy_documents"], kind);
    made
}

impl Assembled {
    fn merge(&mut self, placed: Placed) {
        let same =
            |one: &&mut Placed| one.statement.sid.is_some() && one.statement.sid == placed.statement.sid;
        match self.statements.iter_mut().find(same) {
            Some(earlier) => *earlier = placed,
            None => self.statements.push(placed),
        }
    }

    fn merge_texts(&mut self, object: &Value, [single, several]: [&str; 2], kind: PolicyKind) {
        let overrides = several.starts_with("override");
        let one = [(get(object, single), path(single))];
        let list = get(object, several);
        let many = items(list).iter().enumerate().map(|(index, item)| (item, element(several, index, None)));
        for (value, attribute) in one.into_iter().chain(many) {
            match value {
                value if is_empty(value) => {}
                Value::String(source) => match parse(source, kind) {
                    Ok(policy) => {
                        self.variables |= policy.variables;
                        for statement in policy.statements {
                            self.merge(Placed { statement, attribute: attribute.clone() });
                        }
                    }
                    Err(message) => {
                        self.unreadable.get_or_insert(message);
                        self.open_by(overrides);
                    }
                },
                // Another data source that is read later too: its own parts stand here in place of its text.
                Value::Object(_) => {
                    let inner = assemble(value, kind);
                    self.variables |= inner.variables;
                    if inner.open {
                        self.open_by(overrides);
                    }
                    for placed in inner.statements {
                        self.merge(Placed { attribute: attribute.clone(), ..placed });
                    }
                }
                _ => self.open_by(overrides),
            }
        }
    }

    /// A merged text is not known: it may add statements, and as an override replace any that has a `Sid`.
    fn open_by(&mut self, overrides: bool) {
        self.open = true;
        if overrides {
            self.statements.retain(|placed| placed.statement.sid.is_none());
        }
    }
}

/// One `statement` block; `None` when it is not even known whether it allows or denies.
fn statement(block: &Value, kind: PolicyKind) -> Option<Statement> {
    let effect = match get(block, "effect") {
        Value::Unknown | Value::Sensitive(_) => return None,
        Value::String(effect) if effect.eq_ignore_ascii_case("deny") => Effect::Deny,
        _ => Effect::Allow,
    };
    if matches!(get(block, "condition"), Value::Unknown | Value::Sensitive(_)) {
        return None;
    }
    Some(Statement {
        sid: text(get(block, "sid")).map(str::to_owned),
        effect,
        principals: principals(block, kind)?,
        action: elements(block, ["actions", "not_actions"], Absent::Nothing),
        resource: elements(block, ["resources", "not_resources"], Absent::Everything),
        conditions: items(get(block, "condition"))
            .iter()
            .map(|condition| Condition {
                operator: text(get(condition, "test")).unwrap_or_default().to_owned(),
                key: text(get(condition, "variable")).unwrap_or_default().to_owned(),
                values: entries(get(condition, "values")),
            })
            .collect(),
    })
}

enum Absent {
    Nothing,
    Everything,
}

fn elements(block: &Value, [within, without]: [&str; 2], absent: Absent) -> Element {
    let (inside, outside) = (get(block, within), get(block, without));
    match (is_empty(inside), is_empty(outside), absent) {
        (false, _, _) => Element::In(entries(inside)),
        (true, false, _) => Element::NotIn(entries(outside)),
        (true, true, Absent::Nothing) => Element::In(Vec::new()),
        (true, true, Absent::Everything) => Element::In(vec![Item::Text("*".to_owned())]),
    }
}

/// The data source writes policy variables as `&{…}`, because `${…}` is Terraform's own.
fn entries(value: &Value) -> Vec<Item> {
    items(value)
        .iter()
        .map(|item| match item {
            Value::String(text) => Item::Text(text.replace("&{", "${")),
            Value::Bool(answer) => Item::Text(answer.to_string()),
            Value::Number(digits) => Item::Text(digits.clone()),
            _ => Item::Unknown,
        })
        .collect()
}

fn principals(block: &Value, kind: PolicyKind) -> Option<Principals> {
    let (inside, outside) = (get(block, "principals"), get(block, "not_principals"));
    let unknown = |value: &Value| matches!(value, Value::Unknown | Value::Sensitive(_));
    if unknown(inside) || unknown(outside) {
        return None;
    }
    if !is_empty(inside) {
        return principal_items(inside).map(Principals::In);
    }
    if !is_empty(outside) {
        return principal_items(outside).map(Principals::NotIn);
    }
    Some(match kind {
        PolicyKind::Identity => Principals::Absent,
        // Without a principal it speaks of nobody.
        _ => Principals::In(Vec::new()),
    })
}

fn principal_items(blocks: &Value) -> Option<Vec<PrincipalItem>> {
    let mut found = Vec::new();
    for block in items(blocks) {
        let kind = match get(block, "type") {
            Value::String(kind) if kind == "*" => "AWS",
            Value::String(kind) => kind,
            _ => return None,
        };
        let values = entries(get(block, "identifiers"));
        found.extend(values.into_iter().map(|value| PrincipalItem { kind: kind.to_owned(), value }));
    }
    Some(found)
}
