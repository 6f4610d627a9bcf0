//! Lists for `terraform query`: the declarations of a kind that a configuration can take up.

use std::marker::PhantomData;

use nhi_identity::ObjectKind;
use nhi_proto::schema::{Block, Schema};
use nhi_proto::{
    Appetite, Call, Checked, Detail, Diagnostics, Fields, Found, ListResource, ListResources, Listed, Listing,
};
use nhi_register::Page;

use crate::context::Context;
use crate::resources::{Collect, Subject, each};
use crate::{managed, narrow, told};

/// How many declarations are read at a time.
const PART: usize = 500;

/// Every list.
pub(crate) fn all() -> ListResources<Context> {
    each(ListResources::new())
}

impl Collect for ListResources<Context> {
    fn and<T: Subject>(self) -> Self {
        self.with(Browsed::<T>(PhantomData))
    }
}

/// The list of the declarations `T`.
#[derive(Debug)]
struct Browsed<T>(PhantomData<T>);

impl<T: Subject> ListResource for Browsed<T> {
    type Context = Context;

    fn type_name(&self) -> &'static str {
        T::TYPE
    }

    fn schema(&self) -> Schema {
        let kept = match T::KIND {
            ObjectKind::Identity => " Those that an `nhi_manifest` keeps come with their manifest.",
            _ => "",
        };
        let description = format!(
            "Finds every {} that fits all of the filters, in order of name, so that a configuration can take it up: those of \
             the provider's own workspace, which alone it can import, unless `workspace` names another one.{kept}",
            T::TYPE
        );
        Schema::new(0, narrow::attributes::<T>(Block::new(&description)))
    }

    fn validate(&self, config: &Fields<'_>) -> Checked {
        narrow::check::<T>(config)
    }

    fn list(&self, call: &Call<Context>, listing: &Listing<'_>, found: &mut Found<'_>) -> Checked {
        let register = call.register()?;
        let mut filter = narrow::filter::<T>(&listing.config, call.clock.now())?;
        filter.workspace = filter.workspace.or_else(|| register.workspace().map(str::to_owned));
        let mut page = Page::first(listing.limit.map_or(PART, |limit| limit.min(PART)));
        loop {
            let part =
                register.find::<T>(&filter, page.clone()).map_err(|error| told::register_error(&error))?;
            // What a manifest keeps cannot be imported by itself.
            for kept in part.iter().filter(|kept| kept.manifest.is_none()) {
                let name = kept.declaration.name();
                let listed = Listed {
                    identity: managed::identity(register.organisation(), name.as_str()),
                    display_name: name.to_string(),
                    object: (listing.detail == Detail::Object).then(|| managed::object_of(&kept.declaration)),
                    warnings: Diagnostics::none(),
                };
                if found.tell(listed) == Appetite::Enough {
                    return Ok(Diagnostics::none());
                }
            }
            match part.last() {
                Some(last) if part.len() == page.limit => {
                    page.after = Some(last.declaration.name().to_string());
                }
                _ => return Ok(Diagnostics::none()),
            }
        }
    }
}
