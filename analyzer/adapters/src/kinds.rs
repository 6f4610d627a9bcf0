//! The resource types whose links are read for every plan, and the few attributes that reading links needs.

use nhi_analyzer_model::{Address, Mode};

use crate::aws::resource_policy::table;

/// A type that takes part in what a principal may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Kind {
    Role,
    User,
    Group,
    Policy,
    RolePolicy,
    UserPolicy,
    GroupPolicy,
    RoleAttachment,
    UserAttachment,
    GroupAttachment,
    PolicyAttachment,
    RoleExclusive,
    UserExclusive,
    GroupExclusive,
    UserGroups,
    GroupUsers,
    IdentityProvider,
    InstanceProfile,
    Document,
    /// What a policy of its own may speak of.
    Target,
    /// A resource that carries such a policy, or a part of it.
    Carrier,
}

/// What a type is read for.
pub(crate) struct Reading {
    /// The type.
    pub(crate) kind: Kind,
    /// The attributes that name it and tie it to others: short ones, decoded for every instance.
    pub(crate) links: &'static [&'static str],
    /// The others that are read: decoded where something changes.
    pub(crate) rest: &'static [&'static str],
}

/// The parts of `aws_iam_policy_document` that make its text.
pub(crate) const DOCUMENT: &[&str] = &[
    "statement",
    "version",
    "source_json",
    "source_policy_documents",
    "override_json",
    "override_policy_documents",
];

const NAMED: &[&str] = &["arn", "name", "path", "id", "permissions_boundary"];

const ROLE: &[&str] = &["arn", "name", "path", "id", "permissions_boundary", "managed_policy_arns"];

const fn reading(kind: Kind, links: &'static [&'static str]) -> Reading {
    let rest: &[&str] = match kind {
        Kind::Role => &["assume_role_policy", "inline_policy", "tags", "tags_all"],
        Kind::User => &["tags", "tags_all"],
        Kind::Policy | Kind::RolePolicy | Kind::UserPolicy | Kind::GroupPolicy => &["policy"],
        Kind::Document => DOCUMENT,
        _ => &[],
    };
    Reading { kind, links, rest }
}

/// The reading of a type; `None` for types that do not take part.
pub(crate) fn reading_of(address: &Address) -> Option<Reading> {
    if address.mode == Mode::Data {
        return (address.kind == "aws_iam_policy_document").then(|| reading(Kind::Document, &[]));
    }
    if address.mode != Mode::Managed {
        return None;
    }
    let Some(rest) = address.kind.strip_prefix("aws_iam_") else {
        return table::reading_of(&address.kind);
    };
    Some(match rest {
        "role" => reading(Kind::Role, ROLE),
        "user" => reading(Kind::User, NAMED),
        "group" => reading(Kind::Group, NAMED),
        "policy" => reading(Kind::Policy, &["arn", "name", "path", "id"]),
        "role_policy" => reading(Kind::RolePolicy, &["role", "name"]),
        "user_policy" => reading(Kind::UserPolicy, &["user", "name"]),
        "group_policy" => reading(Kind::GroupPolicy, &["group", "name"]),
        "role_policy_attachment" => reading(Kind::RoleAttachment, &["role", "policy_arn"]),
        "user_policy_attachment" => reading(Kind::UserAttachment, &["user", "policy_arn"]),
        "group_policy_attachment" => reading(Kind::GroupAttachment, &["group", "policy_arn"]),
        "policy_attachment" => {
            reading(Kind::PolicyAttachment, &["name", "roles", "users", "groups", "policy_arn"])
        }
        "role_policy_attachments_exclusive" => reading(Kind::RoleExclusive, &["role_name", "policy_arns"]),
        "user_policy_attachments_exclusive" => reading(Kind::UserExclusive, &["user_name", "policy_arns"]),
        "group_policy_attachments_exclusive" => reading(Kind::GroupExclusive, &["group_name", "policy_arns"]),
        "user_group_membership" => reading(Kind::UserGroups, &["user", "groups"]),
        "group_membership" => reading(Kind::GroupUsers, &["group", "users"]),
        "openid_connect_provider" => reading(Kind::IdentityProvider, &["arn", "url", "client_id_list"]),
        "instance_profile" => reading(Kind::InstanceProfile, &["arn", "name", "role"]),
        _ => return None,
    })
}

impl Kind {
    /// A principal of its own.
    pub(crate) fn is_principal(self) -> bool {
        matches!(self, Self::Role | Self::User | Self::Group)
    }

    /// The attribute by which an attachment names what it attaches.
    pub(crate) fn attached(self) -> &'static str {
        match self {
            Self::RoleExclusive | Self::UserExclusive | Self::GroupExclusive => "policy_arns",
            _ => "policy_arn",
        }
    }

    /// The resource type.
    pub(crate) fn type_name(self) -> &'static str {
        match self {
            Self::Role => "aws_iam_role",
            Self::User => "aws_iam_user",
            Self::Group => "aws_iam_group",
            Self::Policy => "aws_iam_policy",
            Self::RolePolicy => "aws_iam_role_policy",
            Self::UserPolicy => "aws_iam_user_policy",
            Self::GroupPolicy => "aws_iam_group_policy",
            Self::RoleAttachment => "aws_iam_role_policy_attachment",
            Self::UserAttachment => "aws_iam_user_policy_attachment",
            Self::GroupAttachment => "aws_iam_group_policy_attachment",
            Self::PolicyAttachment => "aws_iam_policy_attachment",
            Self::RoleExclusive => "aws_iam_role_policy_attachments_exclusive",
            Self::UserExclusive => "aws_iam_user_policy_attachments_exclusive",
            Self::GroupExclusive => "aws_iam_group_policy_attachments_exclusive",
            Self::UserGroups => "aws_iam_user_group_membership",
            Self::GroupUsers => "aws_iam_group_membership",
            Self::IdentityProvider => "aws_iam_openid_connect_provider",
            Self::InstanceProfile => "aws_iam_instance_profile",
            Self::Document => "aws_iam_policy_document",
            // These are many types under one kind, and no link is followed by it.
            Self::Target | Self::Carrier => "",
        }
    }

    /// The word of its ARN.
    pub(crate) fn arn_word(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Group => "group",
            Self::Policy => "policy",
            _ => "role",
        }
    }
}
