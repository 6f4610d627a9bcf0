//! What a permission means: documents of a platform's policy grammar, sets of requests, the difference of two
//! worlds, and the sentences that tell it. No I/O, no clock: the same input gives the same answer.

mod ask;
mod assign;
pub mod comparison;
pub mod dialect;
mod difference;
pub mod escalation;
pub mod evaluate;
mod explain;
pub mod hole;
pub mod lint;
mod merge;
mod pair;
mod parts;
pub mod proof;
mod realizable;
mod region;
pub mod request;
pub mod scope;
pub mod set;
pub mod settings;
mod side;
mod space;
pub mod weight;
mod witness;
pub mod words;
pub mod world;

pub use comparison::{Cause, Comparison, NearMiss, Newly, Region, StatementRef, Undecided, Verdict};
pub use difference::{compare, newly};
pub use evaluate::{Decision, Truth, evaluate};
pub use explain::{ConditionVerdict, Explanation, StatementVerdict, explain};
pub use hole::{Hole, Part, Shape};
pub use pair::{alone, pair};
pub use realizable::{Realizable, realizable};
pub use request::{Request, RequestBox};
pub use scope::{Answer, Scope};
pub use settings::{AnyIfExists, CallerKeys, Reading, Semantics, Settings, Stars};
pub use weight::{Reach, Weight, trust_reach, weigh};
pub use world::{Content, Document, DocumentId, Layer, LayerKind, UnknownReason, World};
