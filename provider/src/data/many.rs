//! Many declarations of a kind: those that fit, in order of name.

use std::marker::PhantomData;

use nhi_proto::schema::{Attribute, Block, Nesting, Presence, Schema};
use nhi_proto::{
    Answer, Call, Checked, DataSource, Diagnostic, Diagnostics, Fields, Object, ToValue as _, Type, Value,
};
use nhi_register::Page;

use super::plural;
use crate::context::Context;
use crate::resources::Subject;
use crate::{narrow, told};

/// The most that one answer holds: beyond it Terraform itself becomes slow.
const MOST: usize = 10_000;

/// The data source that finds declarations.
#[derive(Debug)]
pub(crate) struct Many<T>(PhantomData<T>);

impl<T> Many<T> {
    pub(crate) fn new() -> Self {
        Self(PhantomData)
    }
}

impl<T: Subject> DataSource for Many<T> {
    type Context = Context;

    fn type_name(&self) -> &'static str {
        plural(T::KIND)
    }

    fn schema(&self) -> Schema {
        let description = format!(
            "Finds every {} in the register that fits all of the filters, in order of name; without a filter, all of them. \
             None that fits is an empty answer and no error.",
            T::TYPE
        );
        let limit = format!(
            "At most so many; there may be more then, and `next` says where to go on. Without a limit, more than {MOST} are \
             an error."
        );
        let block = narrow::attributes::<T>(Block::new(&description))
            .attribute("limit", Attribute::optional(Type::Number).describe(&limit))
            .attribute(
                "after",
                Attribute::optional(Type::String)
                    .describe("Only names behind this one: the `next` of the answer before."),
            )
            .attribute(
                "items",
                Attribute::nested(Nesting::List, Presence::Computed, super::attributes::<T>())
                    .describe("What was found, each with its attributes."),
            )
            .attribute(
                "names",
                Attribute::computed(Type::list(Type::String)).describe("The names of what was found."),
            )
            .attribute(
                "next",
                Attribute::computed(Type::String)
                    .describe("The last name found, when there are more behind it; otherwise absent."),
            );
        Schema::new(0, block)
    }

    fn validate(&self, config: &Fields<'_>) -> Checked {
        super::both(narrow::check::<T>(config), limit(config).map(|_| Diagnostics::none()))
    }

    fn read(&self, call: &Call<Context>, config: &Fields<'_>) -> Result<Answer<Object>, Diagnostics> {
        let register = call.register()?;
        let filter = narrow::filter::<T>(config, call.clock.now())?;
        let limit = limit(config)?;
        let after: Option<String> = config.get("after")?;
        let most = limit.unwrap_or(MOST);
        // One more than asked for tells whether there is more.
        let page = Page { after, limit: most.saturating_add(1) };
        let mut kept = register.find::<T>(&filter, page).map_err(|error| told::register_error(&error))?;
        let more = kept.len() > most;
        if more && limit.is_none() {
            let detail = format!(
                "More than {MOST} fit. Narrow the search with further filters, or take it in parts with `limit` and `after`."
            );
            return Err(Diagnostic::error("Too many fit", detail).into());
        }
        kept.truncate(most);
        let names: Vec<String> = kept.iter().map(|kept| kept.declaration.name().to_string()).collect();
        let next = names.last().filter(|_| more).cloned();
        let items: Vec<Value> = super::objects(register, &kept)?.into_iter().map(Value::from).collect();
        Ok(super::given(self.schema(), config)?
            .with("items", &Value::List(items))
            .with("names", &names.to_value())
            .with("next", &next)
            .into())
    }
}

/// How many are wanted; an unknown number is not wrong yet.
fn limit(config: &Fields<'_>) -> Result<Option<usize>, Diagnostics> {
    let value = config.value("limit")?;
    if value.is_null() || value.is_unknown() {
        return Ok(None);
    }
    let number = match value {
        Value::Number(number) => number.to_i64().and_then(|number| usize::try_from(number).ok()),
        _ => None,
    };
    let number = number.filter(|number| (1..=MOST).contains(number)).ok_or_else(|| {
        let detail = format!("Write a whole number from 1 to {MOST}, or leave `limit` out.");
        Diagnostic::error("Not a limit", detail).at(config.path("limit"))
    })?;
    Ok(Some(number))
}
