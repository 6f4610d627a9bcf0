//! Functions of numbers.

use std::cmp::Ordering;

use super::{Answer, exact, known_number, only};
use crate::rebuild::Rebuilder;
use crate::rebuild::error::RebuildError;
use crate::rebuild::number::Number;
use crate::rebuild::value::{Kind, Value};

/// Terraform refuses longer ranges.
const LONGEST_RANGE: usize = 1024;

pub(super) fn call(_: &Rebuilder<'_, '_, '_>, name: &str, arguments: &[Value]) -> Answer {
    let rounds = || RebuildError::fails("a number here has more digits than are reckoned with");
    if name == "sum" {
        let Some(list) = exact(only(arguments)?)? else { return Ok(None) };
        let mut sum = Number::from(0);
        for item in list.items.iter() {
            let Some(number) = known_number(item)? else { return Ok(None) };
            sum = sum.plus(number).ok_or_else(rounds)?;
        }
        return Ok(Some(Value::Number(sum)));
    }
    let mut all = Vec::new();
    for argument in arguments {
        let Some(number) = known_number(argument)? else { return Ok(None) };
        all.push(number);
    }
    if name == "range" {
        return range(&all).map(Some);
    }
    let Some((first, rest)) = all.split_first() else {
        return Err(RebuildError::fails(format!("`{name}` takes more arguments")));
    };
    let number = match name {
        "max" | "min" => {
            let wanted = if name == "max" { Ordering::Greater } else { Ordering::Less };
            rest.iter().try_fold(*first, |best, number| {
                Some(if number.compare(best)? == wanted { *number } else { best })
            })
        }
        "abs" if first.is_negative() => first.negated(),
        "abs" => Some(*first),
        "floor" => first.floor(),
        _ => first.negated().and_then(Number::floor).and_then(Number::negated),
    };
    number.map(|number| Some(Value::Number(number))).ok_or_else(rounds)
}

fn range(numbers: &[Number]) -> Result<Value, RebuildError> {
    let whole: Option<Vec<i128>> = numbers.iter().map(|number| number.whole()).collect();
    let (start, end, step) = match whole.as_deref() {
        Some([end]) => (0, *end, if *end < 0 { -1 } else { 1 }),
        Some([start, end]) => (*start, *end, if end < start { -1 } else { 1 }),
        Some([start, end, step]) if *step != 0 => (*start, *end, *step),
        _ => return Err(RebuildError::fails("`range` takes whole numbers and a step that is not zero")),
    };
    let mut items = Vec::new();
    let mut next = start;
    while (step > 0 && next < end) || (step < 0 && next > end) {
        if items.len() >= LONGEST_RANGE {
            return Err(RebuildError::TooMuch("a range has more than 1024 numbers"));
        }
        items.push(Value::Number(Number::from_whole(next)));
        next += step;
    }
    Ok(Value::list(Kind::List, items))
}
