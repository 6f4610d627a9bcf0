//! What the user hands us: plans, sources with spans, settings.

pub mod configuration;
pub mod plan;
pub mod settings;
pub mod value;

pub use plan::{Actions, Change, Plan, PlanError};
pub use settings::Settings;
pub use value::{Masked, Value};
