//! A world: every document that takes part in deciding one principal's (or one resource's) requests.

use crate::dialect::aws;

/// The caller's name for a document; `access` only hands it back.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DocumentId(pub String);

/// The part a document plays in a decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LayerKind {
    /// Attached to the principal: grants to it.
    Identity,
    /// Attached to a resource: grants on it.
    Resource,
    /// Attached to a role: who may become it.
    Trust,
    /// Caps what identity layers grant.
    Boundary,
    /// Caps what a session of the principal may do.
    Session,
    /// An organisation's cap on the principals of an account; one layer a level.
    ServiceControl,
    /// An organisation's cap on the resources of an account; one layer a level.
    ResourceControl,
    /// Caps what passes through a network endpoint.
    Endpoint,
}

/// Why a document's text is not there.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum UnknownReason {
    /// Only known after apply.
    AfterApply,
    /// Masked as sensitive.
    Sensitive,
    /// It lives elsewhere (an attachment of a policy that no file at hand defines).
    Elsewhere(String),
    /// It does not parse; the text is the parser's message.
    Unreadable(String),
}

/// What a document says.
#[derive(Clone, Debug, PartialEq)]
pub enum Content {
    /// An AWS policy document; single elements in it may be unknown.
    Aws(aws::Policy),
    /// Nothing is known of its text.
    Unknown(UnknownReason),
}

/// One document of a layer.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    /// The caller's name for it.
    pub id: DocumentId,
    /// What it says.
    pub content: Content,
}

/// Documents that play one part together: their statements are united.
#[derive(Clone, Debug, PartialEq)]
pub struct Layer {
    /// The part they play.
    pub kind: LayerKind,
    /// May be empty: an empty boundary layer allows nothing, no boundary layer caps nothing.
    pub documents: Vec<Document>,
}

/// Everything that decides the requests of one principal, or on one resource.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct World {
    /// Whose identity layers these are, as a request names it (an ARN), where known. `None` in trust and resource worlds.
    pub principal: Option<String>,
    /// The resource that resource and trust layers are attached to, where known.
    pub resource: Option<String>,
    /// The account the subject lives in, where known: that of the resource where a resource or trust layer is.
    pub account: Option<String>,
    /// The layers; several of one kind cap one after the other (`ServiceControl` at each level).
    pub layers: Vec<Layer>,
}

impl World {
    /// Is its resource a key, whose own policy has to allow whatever identity policies say?
    pub(crate) fn on_key(&self) -> bool {
        self.resource.as_deref().and_then(|arn| arn.split(':').nth(2)) == Some("kms")
    }

    /// Is the resource known to live in another account than the principal?
    pub(crate) fn across(&self) -> bool {
        let field = |arn: &String| arn.split(':').nth(4).filter(|own| !own.is_empty()).map(str::to_owned);
        let resource = self.resource.as_ref().and_then(field).or_else(|| self.account.clone());
        let principal = self.principal.as_ref().and_then(field);
        matches!((principal, resource), (Some(principal), Some(resource)) if principal != resource)
    }
}
