//! Functions of sets.

use super::{Answer, list};
use crate::rebuild::Rebuilder;
use crate::rebuild::convert::to_set;
use crate::rebuild::error::RebuildError;
use crate::rebuild::value::{Kind, List, Value};

pub(super) fn call(work: &Rebuilder<'_, '_, '_>, name: &str, arguments: &[Value]) -> Answer {
    let mut lists = Vec::new();
    for argument in arguments {
        let Some(list) = list(argument)? else { return Ok(None) };
        lists.push(list);
    }
    if lists.is_empty() {
        return Err(RebuildError::fails(format!("`{name}` takes more arguments")));
    }
    if name == "setunion" {
        let items: Vec<Value> = lists.iter().flat_map(|list| list.items.iter().cloned()).collect();
        work.spend(items.len())?;
        let exact = lists.iter().all(|list| list.exact);
        return Ok(Some(set(exact, items)));
    }
    if name == "setproduct" {
        return product(work, &lists);
    }
    if !lists.iter().all(|list| list.is_exact() && list.items.iter().all(Value::is_known)) {
        return Ok(None);
    }
    let (first, rest) = lists.split_first().ok_or_else(|| RebuildError::fails("no set is given"))?;
    let cost = rest.iter().map(|list| list.items.len()).sum::<usize>().saturating_mul(first.items.len());
    work.spend(cost)?;
    let keeps = |item: &&Value| match name {
        "setintersection" => rest.iter().all(|list| list.items.contains(item)),
        _ => !rest.iter().any(|list| list.items.contains(item)),
    };
    Ok(Some(set(true, first.items.iter().filter(keeps).cloned().collect())))
}

fn set(exact: bool, items: Vec<Value>) -> Value {
    to_set(&List { kind: Kind::Tuple, exact, items: items.into() })
}

fn product(work: &Rebuilder<'_, '_, '_>, lists: &[&List]) -> Answer {
    if lists.iter().any(|list| list.spreads()) {
        return Ok(None);
    }
    let exact = lists.iter().all(|list| list.exact);
    let is_set = lists.iter().all(|list| list.kind == Kind::Set);
    let count = lists.iter().fold(1_usize, |count, list| count.saturating_mul(list.items.len()));
    work.spend(count.saturating_mul(lists.len()))?;
    let mut rows: Vec<Vec<Value>> = vec![Vec::new()];
    for list in lists {
        let longer = |row: &Vec<Value>| {
            let row = row.clone();
            list.items.iter().map(move |item| row.iter().cloned().chain([item.clone()]).collect())
        };
        rows = rows.iter().flat_map(longer).collect();
    }
    let rows = rows.into_iter().map(Value::tuple).collect();
    // A set of lists has an order of Terraform's own.
    Ok(Some(Value::loose(if is_set { Kind::Set } else { Kind::List }, exact && !is_set, rows)))
}
