//! HCL text to a tree of spans.

use hcl_edit::Span as _;
use hcl_edit::expr::{Expression, ObjectKey, TraversalOperator};
use hcl_edit::structure::{Body, Structure};
use hcl_edit::template::{Element, StringTemplate};

use super::tree::{Attribute, Block, Entry, Item, Kind, Node, Span};

/// An object's keys are compared each with each while parsing; past this the comparison outlasts a reader's patience.
const MOST_ENTRIES: usize = 10_000;

/// The top-level blocks of a file, or what is wrong with it.
pub(super) fn parse(text: &str) -> Result<Vec<Block>, String> {
    Ok(body_items(&body(text)?)
        .into_iter()
        .filter_map(|item| match item {
            Item::Block(block) => Some(block),
            Item::Attribute(_) => None,
        })
        .collect())
}

/// A file as its parser tells it, or what is wrong with it.
pub(crate) fn body(text: &str) -> Result<Body, String> {
    if widest_braces(text) > MOST_ENTRIES {
        return Err(format!("more than {MOST_ENTRIES} entries between one pair of braces"));
    }
    hcl_edit::parser::parse_body(text).map_err(|error| {
        format!("line {}, column {}: {}", error.location().line(), error.location().column(), error.message())
    })
}

/// The names in a reference written on its own, as in the JSON form of `moved`.
pub(super) fn reference(text: &str) -> Option<Vec<String>> {
    let expression = hcl_edit::parser::parse_expr(text).ok()?;
    match node(&expression, 0..0).kind {
        Kind::Reference(names) => Some(names),
        _ => None,
    }
}

fn body_items(body: &Body) -> Vec<Item> {
    body.iter().filter_map(item).collect()
}

fn item(structure: &Structure) -> Option<Item> {
    match structure {
        Structure::Attribute(attribute) => {
            let name = attribute.key.as_str().to_owned();
            let key = attribute.key.span();
            // The parser gives the attribute of a one-line block no span of its own.
            let start = attribute.span().or(key).map(|span| span.start)?;
            let end = attribute.span().or(attribute.value.span()).map(|span| span.end)?;
            let value = node(&attribute.value, start..end);
            Some(Item::Attribute(Attribute { name, span: start..end, value }))
        }
        Structure::Block(block) => {
            let kind = block.ident.span()?;
            let last = block.labels.last().and_then(hcl_edit::Span::span).unwrap_or_else(|| kind.clone());
            Some(Item::Block(Block {
                kind: block.ident.as_str().to_owned(),
                labels: block.labels.iter().map(|label| label.as_str().to_owned()).collect(),
                header: kind.start..last.end,
                span: block.span()?,
                items: body_items(&block.body),
            }))
        }
    }
}

fn node(expression: &Expression, outer: Span) -> Node {
    let span = expression.span().unwrap_or(outer);
    let kind = match expression {
        Expression::Parenthesis(inner) => return node(inner.inner(), span),
        Expression::String(text) => Kind::Text(text.value().clone()),
        Expression::StringTemplate(template) => template_kind(template),
        Expression::Array(array) => Kind::List(array.iter().map(|item| node(item, span.clone())).collect()),
        Expression::Object(object) => {
            Kind::Object(object.iter().map(|(key, value)| entry(key, value.expr(), &span)).collect())
        }
        Expression::FuncCall(call) if call.args.expand_final() || call.name.is_namespaced() => Kind::Other,
        Expression::FuncCall(call) => Kind::Call {
            name: call.name.name.as_str().to_owned(),
            arguments: call.args.iter().map(|item| node(item, span.clone())).collect(),
        },
        Expression::HeredocTemplate(heredoc) => heredoc.template.span().map_or(Kind::Other, Kind::Heredoc),
        Expression::Variable(name) => Kind::Reference(vec![name.as_str().to_owned()]),
        Expression::Traversal(traversal) => match &traversal.expr {
            Expression::Variable(first) => {
                names(first.as_str(), traversal.operators.iter().map(hcl_edit::Decorated::value))
            }
            _ => Kind::Other,
        },
        _ => Kind::Other,
    };
    Node { span, kind }
}

fn template_kind(template: &StringTemplate) -> Kind {
    let mut elements = template.iter();
    let (Some(Element::Interpolation(first)), Some(Element::Literal(rest)), None) =
        (elements.next(), elements.next(), elements.next())
    else {
        return Kind::Other;
    };
    let folder = node(&first.expr, 0..0).kind;
    let rest =
        rest.strip_prefix('/').filter(|_| folder == Kind::Reference(vec!["path".into(), "module".into()]));
    rest.map_or(Kind::Other, |rest| Kind::InModule(rest.to_owned()))
}

fn entry(key: &ObjectKey, value: &Expression, object: &Span) -> Entry {
    let key_span = key.span().unwrap_or_else(|| object.clone());
    let value = node(value, object.clone());
    let text = match key {
        ObjectKey::Ident(name) => Some(name.as_str().to_owned()),
        ObjectKey::Expression(Expression::String(text)) => Some(text.value().clone()),
        ObjectKey::Expression(_) => None,
    };
    Entry { key: text, span: key_span.start..value.span.end, key_span, value }
}

fn names<'e>(first: &str, operators: impl Iterator<Item = &'e TraversalOperator>) -> Kind {
    let mut names = vec![first.to_owned()];
    for operator in operators {
        match operator {
            TraversalOperator::GetAttr(name) => names.push(name.as_str().to_owned()),
            TraversalOperator::Index(_) | TraversalOperator::LegacyIndex(_) => {}
            TraversalOperator::AttrSplat(_) | TraversalOperator::FullSplat(_) => return Kind::Other,
        }
    }
    Kind::Reference(names)
}

/// The most `=` and `:` directly between one pair of braces; strings count too, which errs on the safe side.
fn widest_braces(text: &str) -> usize {
    let mut open: Vec<usize> = vec![0];
    let mut widest = 0;
    for byte in text.bytes() {
        match byte {
            b'{' => open.push(0),
            b'}' => {
                widest = widest.max(open.pop().unwrap_or(0));
            }
            b'=' | b':' => {
                if let Some(count) = open.last_mut() {
                    *count += 1;
                }
            }
            _ => {}
        }
    }
    open.into_iter().max().unwrap_or(0).max(widest)
}
