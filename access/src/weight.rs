//! How heavy a region is: what becomes possible with it. A region takes the heaviest thing it can contain.

pub(crate) mod actions;

use crate::comparison::Region;
use crate::request::Dimension;
use crate::space::glob::{Pattern, Patterns};
use crate::space::oracle;

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

/// Policies attached, written or replaced, trust rewritten, members added: each makes its holder an administrator.
const ADMINISTRATOR_PATHS: &[&str] = &[
    "iam:addusertogroup",
    "iam:attachgrouppolicy",
    "iam:attachrolepolicy",
    "iam:attachuserpolicy",
    "iam:createpolicyversion",
    "iam:deleterolepermissionsboundary",
    "iam:deleteuserpermissionsboundary",
    "iam:putgrouppolicy",
    "iam:putrolepermissionsboundary",
    "iam:putrolepolicy",
    "iam:putuserpermissionsboundary",
    "iam:putuserpolicy",
    "iam:setdefaultpolicyversion",
    "iam:updateassumerolepolicy",
];

/// New keys, passwords, tokens or sessions of other principals.
const KEY_MINTING: &[&str] = &[
    "iam:createaccesskey",
    "iam:createloginprofile",
    "iam:createservicespecificcredential",
    "iam:deactivatemfadevice",
    "iam:resetservicespecificcredential",
    "iam:updateaccesskey",
    "iam:updateloginprofile",
    "iam:uploadsigningcertificate",
    "iam:uploadsshpublickey",
    "rolesanywhere:createtrustanchor",
    "sts:assumerole",
    "sts:assumerolewithsaml",
    "sts:assumerolewithwebidentity",
    "sts:assumeroot",
    "sts:getfederationtoken",
    "cognito-identity:getcredentialsforidentity",
    "eks:createaccessentry",
    "eks:associateaccesspolicy",
];

/// Changes of who may do what.
const PERMISSION_MANAGEMENT: &[&str] = &[
    "backup:putbackupvaultaccesspolicy",
    "dynamodb:putresourcepolicy",
    "ecr:setrepositorypolicy",
    "iam:create*",
    "iam:createopenidconnectprovider",
    "iam:createpolicy",
    "iam:createrole",
    "iam:createsamlprovider",
    "iam:createuser",
    "iam:update*",
    "kms:creategrant",
    "kms:putkeypolicy",
    "lambda:addlayerversionpermission",
    "lambda:addpermission",
    "organizations:attachpolicy",
    "organizations:createpolicy",
    "organizations:detachpolicy",
    "organizations:updatepolicy",
    "ram:createresourceshare",
    "s3:putaccesspointpolicy",
    "s3:putbucketacl",
    "s3:putbucketpolicy",
    "s3:deletebucketpolicy",
    "s3:putbucketpublicaccessblock",
    "s3:putaccountpublicaccessblock",
    "s3:putobjectacl",
    "secretsmanager:putresourcepolicy",
    "sns:addpermission",
    "sns:settopicattributes",
    "sqs:addpermission",
    "sqs:setqueueattributes",
    "sso:createpermissionset",
    "sso:createaccountassignment",
    "sso:putinlinepolicytopermissionset",
];

/// Reads of secrets and decryption.
const SECRET_READS: &[&str] = &[
    "kms:decrypt",
    "secretsmanager:batchgetsecretvalue",
    "secretsmanager:getsecretvalue",
    "ssm:getparameter",
    "ssm:getparameters",
    "ssm:getparametersbypath",
    "ssm:getparameterhistory",
    "codeartifact:getauthorizationtoken",
    "rds-db:connect",
    "redshift:getclustercredentials",
    "ec2:getpassworddata",
];

/// How the names of reading actions begin.
const READING_VERBS: &[&str] = &[
    "batchget", "check", "describe", "detect", "discover", "estimate", "filter", "get", "head", "list",
    "lookup", "preview", "query", "read", "receive", "scan", "search", "select", "simulate", "test",
    "validate", "verify", "view",
];

/// What becomes possible with a region.
pub fn weigh(region: &Region) -> Weight {
    let region = &*crate::hole::widest(region);
    let everything = Dimension { name: String::new(), within: Vec::new(), without: Vec::new() };
    let find = |name: &str| region.set.dimensions.iter().find(|dimension| dimension.name == name);
    let actions = Actions::of(find("action").unwrap_or(&everything));
    if actions.all()
        && find("resource").is_none_or(|d| d.within.is_empty() || d.within.iter().any(|text| text == "*"))
    {
        return Weight::AllActions;
    }
    if actions.covers("iam:*") {
        return Weight::IdentityAdministration;
    }
    if actions.any(ADMINISTRATOR_PATHS) {
        Weight::AdministratorPath
    } else if actions.any(KEY_MINTING) {
        Weight::KeyMinting
    } else if actions.any(&["iam:passrole"]) {
        Weight::PassRole
    } else if actions.any(PERMISSION_MANAGEMENT) {
        Weight::PermissionManagement
    } else if actions.any(SECRET_READS) {
        // A region that also writes is at least as heavy as one that reads secrets; both are told alike.
        Weight::SecretRead
    } else if actions.only_reads() {
        Weight::Read
    } else {
        Weight::Write
    }
}

/// Does the region grant this action, on anything?
pub(crate) fn takes(region: &Region, action: &str) -> bool {
    let region = &*crate::hole::widest(region);
    let actions = region.set.dimensions.iter().find(|dimension| dimension.name == "action");
    actions.is_none_or(|dimension| Actions::of(dimension).any(&[action.to_lowercase().as_str()]))
}

/// The actions of a region, as patterns in lower case.
struct Actions {
    within: Vec<(String, Pattern)>,
    without: Vec<Pattern>,
}

impl Actions {
    fn of(dimension: &Dimension) -> Self {
        let mut within: Vec<String> = dimension.within.iter().map(|text| text.to_lowercase()).collect();
        if within.is_empty() {
            within.push("*".to_owned());
        }
        let within = within.into_iter().map(|text| (text.clone(), Pattern::glob(&text))).collect();
        let without = dimension.without.iter().map(|text| Pattern::glob(&text.to_lowercase())).collect();
        Self { within, without }
    }

    fn all(&self) -> bool {
        self.within.iter().any(|(text, _)| text == "*" || text == "*:*") && self.without.is_empty()
    }

    /// Is the pattern one of those taken, with nothing of it left out?
    fn covers(&self, pattern: &str) -> bool {
        let wanted = Patterns::new([Pattern::glob(pattern)]);
        let whole = self.within.iter().any(|(_, glob)| glob.matches(pattern));
        let apart = |glob: &Pattern| {
            matches!(oracle::text(&[&wanted, &Patterns::new([glob.clone()])], &[]), Ok(None))
        };
        whole && self.without.iter().all(apart)
    }

    fn any(&self, known: &[&str]) -> bool {
        known.iter().any(|action| {
            self.within.iter().any(|(_, glob)| glob.matches(action))
                && !self.without.iter().any(|glob| glob.matches(action))
        })
    }

    fn only_reads(&self) -> bool {
        self.within.iter().all(|(text, _)| {
            let name = text.split_once(':').map_or("", |(_, name)| name);
            READING_VERBS.iter().any(|verb| name.starts_with(verb))
        })
    }
}

/// Who a region of a trust or resource world lets in; `own_account` is the account the subject lives in.
pub fn trust_reach(region: &Region, own_account: Option<&str>) -> Reach {
    let region = &*crate::hole::widest(region);
    let Some(who) = region.set.dimensions.iter().find(|dimension| dimension.name == "principal") else {
        return if organisation(region) { Reach::Organisation } else { Reach::Anyone };
    };
    if who.within.is_empty() {
        return if organisation(region) { Reach::Organisation } else { Reach::Anyone };
    }
    who.within.iter().map(|text| reach(text, region, own_account)).max().unwrap_or(Reach::Anyone)
}

fn reach(text: &str, region: &Region, own_account: Option<&str>) -> Reach {
    if text == "*" || text == "AWS:*" {
        return if organisation(region) { Reach::Organisation } else { Reach::Anyone };
    }
    if text.starts_with("Service:") {
        return Reach::Service;
    }
    if text.starts_with("Federated:") {
        return subject(region);
    }
    if text.split(':').any(|part| part == crate::hole::OWN_ACCOUNT) {
        return Reach::SameAccount;
    }
    let account = text.split(':').find(|part| part.len() == 12 && part.chars().all(|c| c.is_ascii_digit()));
    match (account, own_account) {
        (Some(account), Some(own)) if account == own => Reach::SameAccount,
        _ => Reach::OtherAccount,
    }
}

/// Is the region held to one organisation?
fn organisation(region: &Region) -> bool {
    region.set.dimensions.iter().any(|dimension| {
        let key = dimension.name.to_lowercase();
        ["aws:principalorgid", "aws:principalorgpaths"].contains(&key.as_str())
            && !dimension.within.is_empty()
    })
}

/// How much of an issuer the region takes in.
fn subject(region: &Region) -> Reach {
    let claims: Vec<&Dimension> = region
        .set
        .dimensions
        .iter()
        .filter(|dimension| {
            let key = dimension.name.to_lowercase();
            [
                ":sub",
                ":repository",
                ":repository_id",
                ":job_workflow_ref",
                ":namespace_id",
                ":project_path",
                ":environment",
            ]
            .iter()
            .any(|claim| key.ends_with(claim))
                && !dimension.within.is_empty()
        })
        .collect();
    // Held words read `Operator value, value`.
    let values: Vec<&str> = claims
        .iter()
        .flat_map(|dimension| &dimension.within)
        .filter_map(|words| words.split_once(' ').map(|(_, values)| values))
        .flat_map(|values| values.split(", "))
        .collect();
    if values.is_empty()
        || values.iter().any(|value| value.trim_matches('*').is_empty() || *value == "repo:*")
    {
        return Reach::Issuer;
    }
    let whole = |value: &&str| {
        let rest = value.strip_prefix("repo:").unwrap_or(value);
        rest.find('*').is_some_and(|star| {
            !rest.get(..star).unwrap_or_default().contains(':')
                && rest.get(..star).unwrap_or_default().matches('/').count() <= 1
                && rest.get(..star).unwrap_or_default().ends_with('/')
        })
    };
    if values.iter().any(whole) { Reach::Organisation } else { Reach::FederatedSubject }
}
