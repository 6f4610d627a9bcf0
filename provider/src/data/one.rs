//! One declaration, by its name.

use std::marker::PhantomData;

use nhi_proto::schema::{Attribute, Block, Schema};
use nhi_proto::{Answer, Call, Checked, DataSource, Diagnostic, Diagnostics, Field, Fields, Object, Type};

use super::plural;
use crate::context::Context;
use crate::resources::Subject;
use crate::told;

/// The data source that looks one declaration up.
#[derive(Debug)]
pub(crate) struct One<T>(PhantomData<T>);

impl<T> One<T> {
    pub(crate) fn new() -> Self {
        Self(PhantomData)
    }
}

impl<T: Subject> DataSource for One<T> {
    type Context = Context;

    fn type_name(&self) -> &'static str {
        T::TYPE
    }

    fn schema(&self) -> Schema {
        let noun = T::KIND.noun();
        let description = format!(
            "Looks up one {noun} in the register, whichever workspace declares it. That it is not there is an error; `{}` \
             answers with what there is.",
            plural(T::KIND)
        );
        let mut block = Block::new(&description);
        block.attributes = super::attributes::<T>();
        let name = format!("Name of the {noun}.");
        Schema::new(0, block.attribute("name", Attribute::required(Type::String).describe(&name)))
    }

    fn validate(&self, config: &Fields<'_>) -> Checked {
        let found = match config.get::<Field<String>>("name")? {
            Field::Known(name) => told::bad_name(&name, config.path("name")),
            Field::Null | Field::Unknown => Diagnostics::none(),
        };
        if found.has_errors() { Err(found) } else { Ok(found) }
    }

    fn read(&self, call: &Call<Context>, config: &Fields<'_>) -> Result<Answer<Object>, Diagnostics> {
        let name: String = config.get("name")?;
        let register = call.register()?;
        let kept = register.get::<T>(&name).map_err(|error| told::register_error(&error))?;
        let kept = kept.ok_or_else(|| {
            let detail = format!(
                "Organisation `{}` of the register has no {} of the name `{name}`. Check the name, and `register` and \
                 `organisation` of the provider block; if it is declared in the same run, refer to it \
                 (`name = {}.NAME.name`), so that it is there first.",
                register.organisation(),
                T::TYPE,
                T::TYPE
            );
            Diagnostic::error(format!("There is no {} `{name}`", T::TYPE), detail).at(config.path("name"))
        })?;
        Ok(super::objects(register, &[kept])?.pop().unwrap_or_default().into())
    }
}
