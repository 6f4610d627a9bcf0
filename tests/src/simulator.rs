//! The core simulator: speaks to a provider as Terraform's core does, over real calls to a real process, and holds every
//! answer to the rules that the core enforces, named as the core's own errors name them. `rules` judge values and know
//! nothing of calls; `core` makes the calls in the core's order; `life` lives whole lives of objects with them.

mod breach;
pub mod broken;
mod core;
mod life;
mod plugin;
mod proposed;
mod read;
mod rules;
mod schema;
mod sides;
pub mod wire;

pub use breach::{Breach, Rule, Told, Trouble};
pub use core::{Action, Applied, Core, Instance, Planned};
pub use life::Lived;
pub use plugin::{COOKIE, Plugin};
pub use proposed::proposed;
pub use rules::{compatible, plan_valid};
pub use schema::{Kind, Schemas};
