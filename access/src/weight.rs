//! How heavy a region is: what becomes possible with it. A region takes the heaviest thing it can contain.

use crate::comparison::Region;

/// What a region makes possible, the lightest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Weight {
    /// Nothing is known of its actions.
    Unknown,
    /// Reads and lists.
    Read,
    /// Changes of anything else.
    Write,
    /// Reads of secrets and decryption.
    SecretRead,
    /// Changes of who may do what on a resource (bucket, key and function policies, tags that carry access).
    PermissionManagement,
    /// `iam:PassRole`: a service may be handed a role.
    PassRole,
    /// New keys, passwords, tokens or sessions of other principals.
    KeyMinting,
    /// A step that makes its holder an administrator (policies attached, written or replaced, trust rewritten).
    AdministratorPath,
    /// Every action of `iam`.
    IdentityAdministration,
    /// Every action.
    AllActions,
}

/// Who a trust region lets in, the narrowest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reach {
    /// A service of the platform.
    Service,
    /// A principal of the account itself.
    SameAccount,
    /// One or few subjects of an outside issuer.
    FederatedSubject,
    /// Another account, or a principal in one.
    OtherAccount,
    /// A whole organisation (of accounts, or of repositories at an issuer).
    Organisation,
    /// Every subject of an issuer.
    Issuer,
    /// Anyone at all.
    Anyone,
}

/// What becomes possible with a region.
pub fn weigh(_region: &Region) -> Weight {
    Weight::Unknown
}

/// Who a region of a trust or resource world lets in; `own_account` is the account the subject lives in.
pub fn trust_reach(_region: &Region, _own_account: Option<&str>) -> Reach {
    Reach::Anyone
}
