//! Pairs of policies with values that are only known after apply.

#[cfg(test)]
#[path = "holes/cases.rs"]
mod cases;
#[cfg(test)]
#[path = "holes/law.rs"]
mod law;
#[cfg(test)]
#[path = "holes/parsing.rs"]
mod parsing;
