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
                        // Doubled everywhere, no sign of a text can pass for the beginning of a reference.
                        out.extend(
                            text.escape_debug()
                                .flat_map(|c| std::iter::repeat_n(c, 1 + usize::from(c == '$'))),
                        );
                    }
                    Piece::Hole(hole, _) => out.extend(["${", &hole.text, "}"]),
                }
            }
            out.push('"');
        }
        Value::List(list) => {
            out.push_str(match list.kind {
                Kind::Set => "toset([",
                Kind::List => "tolist([",
                Kind::Tuple => "[",
            });
            let whole = list.items.iter().all(|item| {
                let whole = write(item, out);
                out.push_str(", ");
                whole && out.len() <= LONGEST
            });
            out.push_str(if list.kind == Kind::Tuple { "]" } else { "])" });
            return whole && list.exact;
        }
        Value::Object(object) => {
            out.push_str(if object.is_map { "tomap({" } else { "{" });
            let whole = object.entries.iter().all(|(key, value)| {
                out.extend(["\"", &key.escape_debug().to_string(), "\" = "]);
                let whole = write(value, out);
                out.push_str(", ");
                whole && out.len() <= LONGEST
            });
            out.push_str(if object.is_map { "})" } else { "}" });
            return whole;
        }
        Value::Hole(hole) => out.push_str(&hole.text),
        Value::Spread(hole) => out.extend([&hole.text, "..."]),
    }
    out.len() <= LONGEST
}
