//! A value as HCL would write it, to name what a call makes of it. Two values with one rendering are one value.

use super::value::{Kind, Piece, Value};

/// Longer renderings say nothing to a reader.
const LONGEST: usize = 600;

/// The rendering; `None` where it would be too long.
pub(super) fn render(value: &Value) -> Option<String> {
    let mut out = String::new();
    write(value, &mut out).then_some(out)
}

fn write(value: &Value, out: &mut String) -> bool {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(answer) => out.push_str(if *answer { "true" } else { "false" }),
        Value::Number(number) => out.push_str(&number.to_string()),
        Value::Text(text) => {
            if text.len() > LONGEST {
                return false;
            }
            out.push('"');
            for piece in text.pieces() {
                match piece {
                    Piece::Known(text) => {
                        let quoted = format!("{text:?}").replace("${", "$${");
                        out.push_str(quoted.trim_start_matches('"').trim_end_matches('"'));
                    }
                    Piece::Hole(hole, _) => out.push_str(&format!("${{{}}}", hole.text)),
                }
            }
            out.push('"');
        }
        Value::List(list) => {
            out.push_str(match list.kind {
                Kind::Set => "toset([",
                Kind::Tuple | Kind::List => "[",
            });
            let whole = list.items.iter().all(|item| {
                let whole = write(item, out);
                out.push_str(", ");
                whole && out.len() <= LONGEST
            });
            out.push_str(if list.kind == Kind::Set { "])" } else { "]" });
            return whole && list.exact;
        }
        Value::Object(object) => {
            out.push('{');
            let whole = object.entries.iter().all(|(key, value)| {
                out.push_str(&format!("{key:?} = "));
                let whole = write(value, out);
                out.push_str(", ");
                whole && out.len() <= LONGEST
            });
            out.push('}');
            return whole;
        }
        Value::Hole(hole) => out.push_str(&hole.text),
        Value::Spread(hole) => out.push_str(&format!("{}...", hole.text)),
    }
    out.len() <= LONGEST
}
