//! `nhi_audit`: the end of the audit chain, and whether the chain is as it was written.

use nhi_proto::schema::{Attribute, Block, Schema};
use nhi_proto::{
    Answer, Call, Cancellation, Checked, DataSource, Diagnostic, Diagnostics, Field, Fields, Object,
    ToValue as _, Type,
};
use nhi_register::Register;

use crate::context::Context;
use crate::told;

/// How many entries are read at a time.
const PART: usize = 1_000;

/// How many faults are told one by one.
const FAULTS: usize = 100;

/// The data source.
#[derive(Debug)]
pub(crate) struct Audit;

impl DataSource for Audit {
    type Context = Context;

    fn type_name(&self) -> &'static str {
        "nhi_audit"
    }

    fn schema(&self) -> Schema {
        let block = Block::new(
            "Walks the audit chain of the register, in which every write is one entry, and tells whether anything in it was \
             edited, removed or put elsewhere since. Keep `head` somewhere else and hand it back as `expected_head` later: \
             whoever can write the register can write a whole new chain, and this shows that too. Assert `verified` in a \
             `check` block. Each reading takes time in proportion to the length of the chain.",
        )
        .attribute(
            "expected_head",
            Attribute::optional(Type::String).describe(
                "The hash of an entry, kept elsewhere since it was the last: the `head` of an earlier reading, 64 hexadecimal \
                 digits. It must still be in the chain; then nothing up to it was changed.",
            ),
        )
        .attribute(
            "head",
            Attribute::computed(Type::String).describe(
                "The hash of the last entry. As long as it stays in the chain, nothing before it was changed.",
            ),
        )
        .attribute("number", Attribute::computed(Type::Number).describe("The number of the last entry."))
        .attribute("entries", Attribute::computed(Type::Number).describe("How many entries there are."))
        .attribute(
            "expected_number",
            Attribute::computed(Type::Number).describe(
                "The number of the entry whose hash is `expected_head`; absent when none is given or none is found.",
            ),
        )
        .attribute(
            "verified",
            Attribute::computed(Type::Bool)
                .describe("Whether everything is as it was written, and `expected_head` (if given) is in the chain."),
        )
        .attribute(
            "faults",
            Attribute::computed(Type::list(Type::String)).describe(
                "What is not as it was written, a sentence each, in the order of the chain; the first 100, and then how many \
                 more.",
            ),
        )
        .attribute(
            "organisation",
            Attribute::computed(Type::String).describe("The organisation whose chain it is."),
        );
        Schema::new(0, block)
    }

    fn validate(&self, config: &Fields<'_>) -> Checked {
        expected(config).map(|_| Diagnostics::none())
    }

    fn read(&self, call: &Call<Context>, config: &Fields<'_>) -> Result<Answer<Object>, Diagnostics> {
        let register = call.register()?;
        let found = register.verify().map_err(|error| told::register_error(&error))?;
        let mut faults: Vec<String> = found.faults.iter().take(FAULTS).map(ToString::to_string).collect();
        let more = found.faults.len().saturating_sub(FAULTS);
        if more > 0 {
            faults.push(format!("{more} more"));
        }
        let expected = expected(config)?;
        let place = match &expected {
            Some(hash) => place_of(register, hash, call.cancellation())?,
            None => None,
        };
        if let (Some(hash), None) = (&expected, place) {
            faults.push(format!(
                "no entry of the audit chain has the hash `{hash}`: the chain up to that entry was replaced, or it is the chain \
                 of another register or organisation"
            ));
        }
        let entries = i64::try_from(found.entries).unwrap_or(i64::MAX);
        let answer = super::given(self.schema(), config)?
            .with("head", &found.head)
            .with("number", &found.number)
            .with("entries", &entries)
            .with("expected_number", &place)
            .with("verified", &faults.is_empty())
            .with("faults", &faults.to_value())
            .with("organisation", register.organisation());
        Ok(answer.into())
    }
}

/// The hash that is expected, in lower case.
fn expected(config: &Fields<'_>) -> Result<Option<String>, Diagnostics> {
    let text: Field<String> = config.get("expected_head")?;
    let Some(text) = text.known() else { return Ok(None) };
    if text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Ok(Some(text.to_lowercase()));
    }
    let problem = format!("`{}` is not the hash of an entry", text.escape_debug());
    let remedy = "Write the 64 hexadecimal digits that an earlier reading told as `head`.";
    Err(Diagnostic::error(problem, remedy).at(config.path("expected_head")).into())
}

/// The number of the entry that has the hash.
fn place_of(
    register: &Register,
    hash: &str,
    cancellation: &Cancellation,
) -> Result<Option<i64>, Diagnostics> {
    let mut seq = 0;
    loop {
        cancellation.check()?;
        let entries = register.entries_after(seq, PART).map_err(|error| told::register_error(&error))?;
        let Some(last) = entries.last() else { return Ok(None) };
        seq = last.seq;
        if let Some(entry) = entries.iter().find(|entry| entry.hash == hash) {
            return Ok(Some(entry.seq));
        }
    }
}
