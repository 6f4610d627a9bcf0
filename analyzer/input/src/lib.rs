//! What the user hands us: plans, sources with spans, settings.

mod borrowed;
pub mod configuration;
pub mod locate;
pub mod plan;
pub mod rebuild;
pub mod settings;
pub mod sources;
pub mod value;

pub use configuration::{Configuration, Expression, Reference, References};
pub use locate::{Locator, SourceNote};
pub use plan::{
    Actions, Change, Plan, PlanError, ReadError, StateResource, Unreadable, is_binary_plan, read_limited,
};
pub use rebuild::{Extent, Holed, RebuildError, Rebuilder, Rebuilt, Segment};
pub use settings::{Settings, SettingsError};
pub use sources::{MemorySources, ModuleRecord, PlanZip, PlanZipError, SourceError, Sources};
pub use value::{Masked, Value};
