//! The command as a user calls it, without a process of its own.

#[cfg(test)]
mod cases;
#[cfg(test)]
mod example;
#[cfg(test)]
mod exit;
#[cfg(test)]
mod export;
mod exported;
#[cfg(test)]
mod input;
#[cfg(test)]
mod jsonl;
#[cfg(test)]
mod policies;
#[cfg(test)]
mod process;
mod proof;
#[cfg(test)]
mod register;
#[cfg(test)]
mod registers;
#[cfg(test)]
mod terraform;
