//! `trial_shelf`, a data source that counts what is there, and the list of all things.

use std::fs;

use nhi_proto::schema::{Attribute, Block, Schema};
use nhi_proto::{
    Answer, Appetite, Call, Checked, DataSource, Detail, Diagnostic, Diagnostics, Fields, Found,
    ListResource, Listed, Listing, Object, ToValue as _, Type, Value,
};

use crate::{Folder, ThingResource, failed, identity_of};

/// How many things there are whose names begin with a text. Some texts make it misbehave, for the tests.
pub(crate) struct Shelf;

/// The names of the things in a folder, in order.
fn names(folder: &Folder, prefix: &str) -> Result<Vec<String>, Diagnostics> {
    let entries = fs::read_dir(&folder.0).map_err(|error| failed(&error))?;
    let files = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let things = files.filter_map(|file| file.strip_suffix(".json").map(str::to_owned));
    let mut names: Vec<String> = things.filter(|name| name.starts_with(prefix)).collect();
    names.sort();
    Ok(names)
}

impl DataSource for Shelf {
    type Context = Folder;

    fn type_name(&self) -> &'static str {
        "trial_shelf"
    }

    fn schema(&self) -> Schema {
        let block = Block::new("What is on the shelf.")
            .attribute("prefix", Attribute::required(Type::String))
            .attribute("names", Attribute::computed(Type::list(Type::String)));
        Schema::new(0, block)
    }

    fn validate(&self, config: &Fields<'_>) -> Checked {
        match config.value("prefix")? {
            Value::String(prefix) if prefix.is_empty() => {
                Err(Diagnostic::error("No prefix", "Name one.").at(config.path("prefix")).into())
            }
            _ => Ok(Diagnostics::none()),
        }
    }

    fn read(&self, call: &Call<Folder>, config: &Fields<'_>) -> Result<Answer<Object>, Diagnostics> {
        let prefix: String = config.get("prefix")?;
        let found = names(call, &prefix)?.to_value();
        let answer = Object::new();
        Ok(match prefix.as_str() {
            "panic" => unreachable!("asked to panic"),
            "other" => answer.with("prefix", "another").with("names", &found),
            "unknown" => answer.with("prefix", &prefix).with("names", &Value::unknown()),
            _ => answer.with("prefix", &prefix).with("names", &found),
        }
        .into())
    }
}

/// All things, in order.
pub(crate) struct Things;

impl ListResource for Things {
    type Context = Folder;

    fn type_name(&self) -> &'static str {
        "trial_thing"
    }

    fn schema(&self) -> Schema {
        Schema::new(0, Block::new("").attribute("prefix", Attribute::optional(Type::String)))
    }

    fn list(&self, call: &Call<Folder>, listing: &Listing<'_>, found: &mut Found<'_>) -> Checked {
        let prefix: Option<String> = listing.config.get("prefix")?;
        for name in names(call, prefix.as_deref().unwrap_or_default())? {
            assert!(name != "panic", "asked to panic");
            let thing = ThingResource.find(call, &name)?;
            let object = thing.filter(|_| listing.detail == Detail::Object && name != "bare");
            let listed = Listed {
                identity: identity_of(&name),
                object: object.map(|thing| thing.object()),
                display_name: format!("thing {name}"),
                warnings: Diagnostics::none(),
            };
            if found.tell(listed) == Appetite::Enough {
                break;
            }
        }
        if prefix.as_deref() == Some("warn") {
            return Ok(Diagnostic::warning("That was all", "Nothing more will come.").into());
        }
        Ok(Diagnostics::none())
    }
}
