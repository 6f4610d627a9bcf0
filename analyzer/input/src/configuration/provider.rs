//! Which provider configuration a resource uses, and what stands in it.

use nhi_analyzer_model::{Address, AttributePath, ModuleStep, Step};

use super::follow::Place;
use super::{Configuration, Expression, References, wire};

/// Attributes of provider configurations that hold secrets by their nature.
const SECRET: &[&str] =
    &["access_key", "secret_key", "token", "password", "client_secret", "credentials", "access_token"];

enum Found<'c, 'a> {
    /// Configured under this key, in this module.
    At(&'c str, &'c wire::Provider<'a>),
    /// Configured nowhere: by its environment alone.
    Nowhere(String),
    /// Handed in from somewhere the plan does not tell.
    Elsewhere(String),
}

impl<'a> Configuration<'a> {
    /// The `default_tags` of the provider that `address` uses, where its configuration is constant.
    pub fn default_tags(&self, address: &Address) -> Expression {
        let steps = ["default_tags", "tags"].map(|name| Step::Name(name.to_owned()));
        let [block, tags] = steps;
        self.provider_expression(address, &AttributePath(vec![block, Step::Index(0), tags]))
    }

    /// The expression of an attribute of the provider that `address` uses (`region`, `assume_role`). Secrets are not
    /// given out: their expression is absent.
    pub fn provider_expression(&self, address: &Address, attribute: &AttributePath) -> Expression {
        if attribute.first().is_none_or(|name| SECRET.contains(&name)) {
            return Expression::Absent;
        }
        match self.provider(address) {
            Some(Found::At(key, provider)) => {
                let place = Place::module(instance(module_of(key), &address.modules));
                self.told(provider.expressions.as_ref(), attribute, &place)
            }
            Some(Found::Elsewhere(key)) => Expression::References(References::lost(key)),
            Some(Found::Nowhere(_)) => Expression::Absent,
            None => self.nothing(),
        }
    }

    /// Tells provider configurations apart: `aws`, `aws.hub`, `module.edge:aws`. Resources with the same key live in
    /// the same account; with different ones they may not. `None` for a resource that is not declared any more.
    pub fn provider_key(&self, address: &Address) -> Option<String> {
        Some(match self.provider(address)? {
            Found::At(key, _) => key.to_owned(),
            Found::Nowhere(key) | Found::Elsewhere(key) => key,
        })
    }

    fn provider(&self, address: &Address) -> Option<Found<'_, 'a>> {
        let mut key = self.resource(address)?.provider_config_key.as_deref()?.to_owned();
        let providers = self.wire.provider_config.as_ref();
        loop {
            if let Some((name, provider)) = providers.and_then(|names| names.entry(&key))
                && provider.expressions.is_some()
            {
                return Some(Found::At(name, provider));
            }
            let Some((path, local)) = key.rsplit_once(':') else { return Some(Found::Nowhere(key)) };
            if local.contains('.') {
                return Some(Found::Elsewhere(key));
            }
            // A provider without a configuration of its own is inherited from the module above.
            key = match path.rsplit_once(".module.") {
                Some((above, _)) => format!("{above}:{local}"),
                None => local.to_owned(),
            };
        }
    }
}

/// The names of the module that a provider's key belongs to.
fn module_of(key: &str) -> Vec<&str> {
    let path = key.rsplit_once(':').map_or("", |(path, _)| path);
    path.split('.').skip(1).step_by(2).collect()
}

/// The module of these names, with the instance keys of the resource that asks where it lies inside.
fn instance(names: Vec<&str>, inside: &[ModuleStep]) -> Vec<ModuleStep> {
    let shared = names.iter().zip(inside).take_while(|(name, step)| **name == step.name).count();
    let known = inside.iter().take(shared).cloned();
    let rest = names.into_iter().skip(shared);
    known.chain(rest.map(|name| ModuleStep { name: name.to_owned(), key: None })).collect()
}
