//! Follows references to resources: through module inputs, outputs, and what `for_each` runs over.

use std::collections::BTreeSet;

use nhi_analyzer_model::address::{Token, tokens};
use nhi_analyzer_model::{Address, Key, ModuleStep};

use super::{Configuration, Reference, References, wire};

/// Steps after which following gives up and says so.
const MOST_STEPS: usize = 20_000;

/// Where an expression stands.
#[derive(Clone)]
pub(super) struct Place<'c, 'a> {
    /// The module instance.
    modules: Vec<ModuleStep>,
    /// The resource or call in it, as far as one must tell places apart.
    owner: String,
    /// Its instance key.
    key: Option<Key>,
    /// What `each` runs over there.
    each: Option<&'c wire::Single<'a>>,
}

impl<'c, 'a> Place<'c, 'a> {
    /// The place of a resource's own expressions.
    pub(super) fn of(address: &Address, resource: &'c wire::Resource<'a>) -> Self {
        Self {
            modules: address.modules.clone(),
            owner: address.local_text(),
            key: address.key.clone(),
            each: resource.for_each_expression.as_ref(),
        }
    }

    /// A module's own place, outside of any resource or call: its outputs and providers.
    pub(super) fn module(modules: Vec<ModuleStep>) -> Self {
        Self { modules, owner: String::new(), key: None, each: None }
    }
}

/// Where the texts of references lead.
pub(super) fn follow<'c, 'a>(
    configuration: &'c Configuration<'a>,
    texts: &[String],
    place: &Place<'c, 'a>,
) -> References {
    let mut walk = Walk {
        configuration,
        waiting: Vec::new(),
        seen: BTreeSet::new(),
        listed: BTreeSet::new(),
        found: References::default(),
    };
    walk.add(texts.iter().map(String::as_str), place);
    for _ in 0..MOST_STEPS {
        let Some((text, place)) = walk.waiting.pop() else { return walk.found };
        walk.step(&text, place);
    }
    walk.found.unresolved.extend(walk.waiting.into_iter().map(|(text, _)| text));
    walk.found
}

struct Walk<'c, 'a> {
    configuration: &'c Configuration<'a>,
    /// The next one last.
    waiting: Vec<(String, Place<'c, 'a>)>,
    seen: BTreeSet<(Vec<ModuleStep>, String, String)>,
    listed: BTreeSet<String>,
    found: References,
}

impl<'c, 'a> Walk<'c, 'a> {
    /// Lets references wait, the first one next. Behind a reference its own beginnings follow, which say nothing new.
    fn add<'t>(&mut self, texts: impl Iterator<Item = &'t str>, place: &Place<'c, 'a>) {
        let mut fresh: Vec<(String, Place<'c, 'a>)> = Vec::new();
        for text in texts {
            let beginning = fresh.last().is_some_and(|(last, _)| {
                last.strip_prefix(text).is_some_and(|rest| rest.starts_with(['.', '[']) || rest.is_empty())
            });
            if !beginning {
                fresh.push((text.to_owned(), place.clone()));
            }
        }
        self.waiting.extend(fresh.into_iter().rev());
    }

    fn single(&mut self, expression: Option<&wire::Single<'a>>, place: &Place<'c, 'a>) {
        let texts = expression.and_then(|single| single.references.as_deref()).unwrap_or_default();
        self.add(texts.iter().map(|text| &**text), place);
    }

    fn step(&mut self, text: &str, place: Place<'c, 'a>) {
        if !self.seen.insert((place.modules.clone(), place.owner.clone(), text.to_owned())) {
            return;
        }
        let parts = tokens(text).unwrap_or_default();
        match parts.as_slice() {
            [Token::Name(word), rest @ ..] => match (*word, rest) {
                ("var", [Token::Name(name), ..]) => self.input(name, place),
                ("module", [Token::Name(name), rest @ ..]) => self.output(text, name, rest, place),
                ("each", [Token::Name(part), ..]) => {
                    self.key(&place);
                    // Keys are always known while planning, so only the value can lead to a resource.
                    if *part == "value" {
                        self.single(place.each, &place);
                    }
                }
                ("count", _) => self.key(&place),
                ("path" | "terraform" | "tofu" | "self", _) => {}
                ("resource", rest) => self.resource(text, rest, place),
                ("local", _) => self.lost(text),
                _ => self.resource(text, &parts, place),
            },
            _ => self.lost(text),
        }
    }

    fn lost(&mut self, text: &str) {
        if !self.found.unresolved.iter().any(|known| known == text) {
            self.found.unresolved.push(text.to_owned());
        }
    }

    fn key(&mut self, place: &Place<'c, 'a>) {
        if let Some(key) = &place.key
            && !self.found.keys.contains(key)
        {
            self.found.keys.push(key.clone());
        }
    }

    fn resource(&mut self, text: &str, parts: &[Token<'_>], place: Place<'c, 'a>) {
        let Some((mut address, attribute)) = Address::from_tokens(parts) else { return self.lost(text) };
        address.modules = place.modules;
        let reference = Reference { address, attribute };
        if self.listed.insert(format!("{} {}", reference.address, reference.attribute)) {
            self.found.to.push(reference);
        }
    }

    /// An input variable stands for what the module's call gives; that of the root module is given from outside.
    fn input(&mut self, name: &str, place: Place<'c, 'a>) {
        let mut modules = place.modules;
        let Some(step) = modules.pop() else { return };
        let configuration = self.configuration;
        let Some(call) = configuration.module(&modules).and_then(|module| module.call(&step.name)) else {
            return self.lost(&format!("var.{name}"));
        };
        let owner = format!("module.{}", step.name);
        let outside = Place { modules, owner, key: step.key, each: call.for_each_expression.as_ref() };
        self.single(call.expressions.as_ref().and_then(|inputs| inputs.get(name)), &outside);
    }

    fn output(&mut self, text: &str, name: &str, rest: &[Token<'_>], place: Place<'c, 'a>) {
        let (key, rest) = match rest {
            [Token::Key(key), rest @ ..] => (Some(key.clone()), rest),
            _ => (None, rest),
        };
        let mut modules = place.modules;
        modules.push(ModuleStep { name: name.to_owned(), key });
        let configuration = self.configuration;
        let Some(module) = configuration.module(&modules) else { return self.lost(text) };
        let inside = Place::module(modules);
        if let Some(Token::Name(output)) = rest.first() {
            match module.output(output) {
                Some(output) => self.single(output.expression.as_ref(), &inside),
                None => self.lost(text),
            }
        } else {
            // The module as a whole is every output of it.
            let expressions = module.outputs().filter_map(|output| output.expression.as_ref());
            let texts = expressions.filter_map(|single| single.references.as_ref()).flatten();
            self.add(texts.map(|text| &**text), &inside);
        }
    }
}
