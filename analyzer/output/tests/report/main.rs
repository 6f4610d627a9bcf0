//! One report, told in both formats.

#[cfg(test)]
mod json;
#[cfg(test)]
mod sample;
#[cfg(test)]
mod terminal;
