//! Names for things that no policy names, and the roles that policies do name.

use crate::dialect::aws::{Effect, Element, Item, Statement};
use crate::space::glob::Pattern;
use crate::world::{Content, World};

use super::PASS;

/// Where things of the principal live.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Home {
    partition: String,
    region: String,
    account: String,
}

/// A role, or several, that a policy lets a principal hand over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Role {
    /// As the policy writes it.
    pub(super) written: String,
    /// One role of that name.
    pub(super) arn: String,
}

const ACCOUNT: &str = "111122223333";
const NOBODY: &str = "any-one-at-all";

impl Home {
    fn usual(partition: &str, account: Option<&str>) -> Self {
        let region = match partition {
            "aws-us-gov" => "us-gov-west-1",
            "aws-cn" => "cn-north-1",
            _ => "us-east-1",
        };
        Self {
            partition: partition.to_owned(),
            region: region.to_owned(),
            account: account.unwrap_or(ACCOUNT).to_owned(),
        }
    }

    pub(super) fn is_chinese(&self) -> bool {
        self.partition == "aws-cn"
    }

    /// A role of the account that no policy names.
    pub(super) fn any_role(&self) -> String {
        format!("arn:{}:iam::{}:role/any-role-at-all", self.partition, self.account)
    }

    /// One resource of a kind, with a name that no policy singles out.
    pub(super) fn nobody(&self, glob: &str) -> String {
        let fields = glob.splitn(6, ':').enumerate().map(|(field, text)| match (field, text) {
            (1, "*") => self.partition.clone(),
            (3, "*") => self.region.clone(),
            (4, "*") => self.account.clone(),
            _ => text.replace('*', NOBODY),
        });
        fields.collect::<Vec<_>>().join(":")
    }
}

/// Where the world's principal and what its policies name live, as far as they say; where they do not, anywhere.
pub(super) fn homes(world: &World) -> Vec<Home> {
    let own = world.principal.as_deref().and_then(|arn| arn.split(':').nth(1));
    let account = world.account.as_deref();
    let mut homes = vec![Home::usual(own.unwrap_or("aws"), account)];
    for text in statements(world).flat_map(|statement| statement.resource.items()).filter_map(Item::text) {
        let fields: Vec<&str> = text.splitn(6, ':').collect();
        let ["arn", partition, _, region, of, _] = fields.as_slice() else { continue };
        let said = |text: &str| !text.is_empty() && !text.contains(['*', '?', '$']);
        let partition = if said(partition) { partition } else { own.unwrap_or("aws") };
        let of = account.or(said(of).then_some(*of));
        let mut home = Home::usual(partition, of);
        if said(region) {
            (*region).clone_into(&mut home.region);
        }
        if own.is_none_or(|own| own == partition) && !homes.contains(&home) {
            homes.push(home);
        }
    }
    homes.sort();
    homes
}

/// The roles that statements on handing over name, a name with wildcards as one role of that name.
pub(super) fn roles(world: &World, homes: &[Home]) -> Vec<Role> {
    let passing = statements(world).filter(|statement| match &statement.action {
        Element::In(items) => {
            let pass = PASS.to_lowercase();
            items.iter().filter_map(Item::text).any(|text| Pattern::glob(&text.to_lowercase()).matches(&pass))
        }
        Element::NotIn(_) => true,
    });
    let mut roles: Vec<Role> = Vec::new();
    for statement in passing {
        let Element::In(items) = &statement.resource else { continue };
        let written = items.iter().filter_map(Item::text).filter(|text| !text.contains("${"));
        for text in written.filter(|text| text.starts_with("arn:") && text.contains(":role/")) {
            for arn in homes.iter().map(|home| home.nobody(text).replace('?', "x")) {
                // Roles of other accounts cannot be handed over.
                let own = world.account.as_deref().is_none_or(|own| arn.split(':').nth(4) == Some(own));
                if own && !roles.iter().any(|role| role.arn == arn) {
                    roles.push(Role { written: text.to_owned(), arn });
                }
            }
        }
    }
    roles
}

/// The granting statements of a world.
fn statements(world: &World) -> impl Iterator<Item = &Statement> {
    let documents = world.layers.iter().flat_map(|layer| &layer.documents);
    let policies = documents.filter_map(|document| {
        if let Content::Aws(policy) = &document.content { Some(&policy.statements) } else { None }
    });
    policies.flatten().filter(|statement| statement.effect == Effect::Allow)
}
