//! Operators. An unknown operand makes an unknown result, unless the other one settles it.

use std::cmp::Ordering;

use hcl_edit::expr::{BinaryOperator, UnaryOperator};

use super::Rebuilder;
use super::convert::{to_bool, to_number};
use super::error::RebuildError;
use super::evaluate::Outcome;
use super::number::Number;
use super::value::Value;

/// A condition: `None` where it is unknown.
pub(super) fn truth(value: &Value) -> Result<Option<bool>, RebuildError> {
    match to_bool(value.clone())? {
        Value::Bool(answer) => Ok(Some(answer)),
        Value::Null => Err(RebuildError::fails("a condition is null")),
        _ => Ok(None),
    }
}

/// The key of an object: `None` where it is unknown.
pub(super) fn known_key(value: &Value) -> Result<Option<String>, RebuildError> {
    match value {
        Value::Text(text) => Ok(text.known().map(str::to_owned)),
        Value::Number(number) => Ok(Some(number.to_string())),
        Value::Bool(answer) => Ok(Some(answer.to_string())),
        Value::Hole(_) | Value::Spread(_) => Ok(None),
        other => Err(RebuildError::fails(format!("{} is no key", other.word()))),
    }
}

pub(super) fn unary(work: &Rebuilder<'_, '_, '_>, operator: UnaryOperator, operand: Value) -> Outcome {
    let unknown = |operand| {
        let operands = [operand];
        Ok(work.derived(work.call_text(operator.as_str(), &operands), &operands))
    };
    match operator {
        UnaryOperator::Not => match truth(&operand)? {
            Some(answer) => Ok(Value::Bool(!answer)),
            None => unknown(operand),
        },
        UnaryOperator::Neg => match to_number(operand.clone())? {
            Value::Number(number) => number.negated().map(Value::Number).ok_or_else(rounds),
            Value::Null => Err(RebuildError::fails("null is no number")),
            _ => unknown(operand),
        },
    }
}

pub(super) fn binary(
    work: &Rebuilder<'_, '_, '_>,
    operator: BinaryOperator,
    left: Value,
    right: Value,
) -> Outcome {
    let known = match operator {
        BinaryOperator::And => settled(false, truth(&left)?, truth(&right)?),
        BinaryOperator::Or => settled(true, truth(&left)?, truth(&right)?),
        BinaryOperator::Eq => equal(&left, &right),
        BinaryOperator::NotEq => equal(&left, &right).map(|same| !same),
        _ => return arithmetic(work, operator, left, right),
    };
    if let Some(answer) = known {
        return Ok(Value::Bool(answer));
    }
    let operands = [left, right];
    Ok(work.derived(work.call_text(operator.as_str(), &operands), &operands))
}

/// One operand may settle the answer on its own.
fn settled(decisive: bool, left: Option<bool>, right: Option<bool>) -> Option<bool> {
    match (left, right) {
        (Some(answer), _) | (_, Some(answer)) if answer == decisive => Some(decisive),
        (Some(_), Some(_)) => Some(!decisive),
        _ => None,
    }
}

/// Whether two values are the same; `None` where that is unknown, or hangs on types that are not kept.
pub(super) fn equal(left: &Value, right: &Value) -> Option<bool> {
    match (left, right) {
        (Value::Number(one), Value::Number(two)) => Some(one == two),
        (Value::Text(one), Value::Text(two)) => Some(one.known()? == two.known()?),
        (Value::List(one), Value::List(two)) if one.kind == two.kind && one.is_exact() && two.is_exact() => {
            if one.items.len() != two.items.len() {
                return Some(false);
            }
            let mut same = Some(true);
            for (one, two) in one.items.iter().zip(two.items.iter()) {
                match equal(one, two) {
                    Some(true) => {}
                    Some(false) => return Some(false),
                    None => same = None,
                }
            }
            same
        }
        (Value::Hole(_) | Value::Spread(_), _)
        | (_, Value::Hole(_) | Value::Spread(_))
        | (Value::List(_), Value::List(_))
        | (Value::Object(_), Value::Object(_)) => None,
        (one, two) => Some(one == two),
    }
}

fn arithmetic(work: &Rebuilder<'_, '_, '_>, operator: BinaryOperator, left: Value, right: Value) -> Outcome {
    let (Value::Number(one), Value::Number(two)) = (to_number(left.clone())?, to_number(right.clone())?)
    else {
        if left.is_null() || right.is_null() {
            return Err(RebuildError::fails("null is no number"));
        }
        let operands = [left, right];
        return Ok(work.derived(work.call_text(operator.as_str(), &operands), &operands));
    };
    let compared = |holds: fn(Ordering) -> bool| one.compare(two).map(|order| Value::Bool(holds(order)));
    let answer = match operator {
        BinaryOperator::Less => compared(Ordering::is_lt),
        BinaryOperator::LessEq => compared(Ordering::is_le),
        BinaryOperator::Greater => compared(Ordering::is_gt),
        BinaryOperator::GreaterEq => compared(Ordering::is_ge),
        BinaryOperator::Plus => one.plus(two).map(Value::Number),
        BinaryOperator::Minus => two.negated().and_then(|two| one.plus(two)).map(Value::Number),
        BinaryOperator::Mul => one.times(two).map(Value::Number),
        BinaryOperator::Div | BinaryOperator::Mod if two == Number::from(0) => {
            return Err(RebuildError::fails("division by zero"));
        }
        BinaryOperator::Div => one.over(two).map(Value::Number),
        _ => one.rest(two).map(Value::Number),
    };
    answer.ok_or_else(rounds)
}

fn rounds() -> RebuildError {
    RebuildError::fails("a number here has more digits than are reckoned with")
}
