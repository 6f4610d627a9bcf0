//! Which actions AWS has, as far as its service authorization reference lists them: their access level, the resources
//! and the condition keys they know. It annotates and ranks; it never decides, for tomorrow's actions are not in it.
//!
//! One list in it does decide: which services resource control policies hold for.
//!
//! The table is made by `catalogue/build.py`. Its first line names date, package, version and licence, its second the
//! services that resource control policies hold for; then, a line an entry: `=service`; `-` the ARN of a resource type, as a glob (`~` for `arn:*:service:*:*:`); `?` a condition key,
//! after the letter of its type (`~` for `service:`, `@` for `aws:`); `&` a set of keys by number; and the actions:
//! how many characters are shared with the action before (one digit, base 36), the level's letter, the rest of the
//! name, then the numbers of resource types and the number of the set of keys, from one.

use std::collections::BTreeMap;
use std::sync::OnceLock;

static TABLE: &str = include_str!("../../../catalogue/aws.txt");

/// What an action does, as AWS classes it; the lightest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Tells what there is.
    List,
    /// Reads content.
    Read,
    /// Changes tags, and with them what tag conditions say.
    Tagging,
    /// Changes something.
    Write,
    /// Changes who may do what.
    PermissionsManagement,
}

/// A condition key that a request of an action may carry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key {
    entry: &'static str,
    service: &'static str,
}

/// One action of the catalogue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Action {
    /// Its service's prefix.
    pub service: &'static str,
    /// Its name, without the prefix.
    pub name: String,
    /// Its access level; tagging actions also write.
    pub level: Level,
    block: &'static Block,
    resources: &'static str,
    keys: Option<usize>,
}

#[derive(Debug, Default, PartialEq, Eq)]
struct Block {
    service: &'static str,
    resources: Vec<&'static str>,
    keys: Vec<&'static str>,
    sets: Vec<&'static str>,
    actions: &'static str,
}

/// Date, package, version and licence of the data.
pub fn source() -> &'static str {
    TABLE.lines().next().unwrap_or_default().trim_start_matches('#')
}

/// The day the data was collected, as `2026-09-26`.
pub fn date() -> &'static str {
    source().split(' ').next().unwrap_or_default()
}

/// The prefixes of the services whose resources an organisation's resource control policies hold for, in order.
pub fn resource_controlled() -> impl Iterator<Item = &'static str> {
    TABLE.lines().nth(1).and_then(|line| line.strip_prefix('!')).into_iter().flat_map(|line| line.split(' '))
}

fn blocks() -> &'static BTreeMap<&'static str, Block> {
    static BLOCKS: OnceLock<BTreeMap<&'static str, Block>> = OnceLock::new();
    BLOCKS.get_or_init(|| {
        let texts = TABLE.split("\n=").skip(1);
        texts.map(block).map(|block| (block.service, block)).collect()
    })
}

fn block(text: &'static str) -> Block {
    let (service, mut rest) = text.split_once('\n').unwrap_or((text, ""));
    let mut block = Block { service, ..Block::default() };
    while let Some((line, behind)) = rest.split_once('\n') {
        match line.split_at_checked(1) {
            Some(("-", glob)) => block.resources.push(glob),
            Some(("?", key)) => block.keys.push(key),
            Some(("&", set)) => block.sets.push(set),
            _ => break,
        }
        rest = behind;
    }
    block.actions = rest;
    block
}

impl Block {
    fn actions(&'static self) -> impl Iterator<Item = Action> {
        let mut name = String::new();
        self.actions.lines().filter_map(move |line| {
            let (shared, rest) = line.split_at_checked(1)?;
            let (level, rest) = rest.split_at_checked(1)?;
            let mut fields = rest.split(' ');
            let tail = fields.next()?;
            name.truncate(usize::from_str_radix(shared, 36).ok()?);
            name.push_str(tail);
            let level = match level {
                "P" => Level::PermissionsManagement,
                "T" => Level::Tagging,
                "R" => Level::Read,
                "L" => Level::List,
                _ => Level::Write,
            };
            Some(Action {
                service: self.service,
                name: name.clone(),
                level,
                block: self,
                resources: fields.next().unwrap_or_default(),
                keys: fields.next().and_then(|number| number.parse::<usize>().ok()?.checked_sub(1)),
            })
        })
    }
}

/// The action of this name (`service:Name`, in any case).
pub fn action(text: &str) -> Option<Action> {
    let (service, name) = text.split_once(':')?;
    blocks()
        .get(service.to_lowercase().as_str())?
        .actions()
        .find(|action| action.name.eq_ignore_ascii_case(name))
}

/// Is there a service of this prefix?
pub fn is_service(prefix: &str) -> bool {
    blocks().contains_key(prefix.to_lowercase().as_str())
}

/// Every action; those of one service stand together.
pub fn actions() -> impl Iterator<Item = Action> {
    blocks().values().flat_map(Block::actions)
}

/// The actions of one service, by its prefix in lower case; none for a service that is not listed.
pub fn actions_of(service: &str) -> impl Iterator<Item = Action> {
    blocks().get(service).into_iter().flat_map(Block::actions)
}

impl Action {
    /// `service:Name`.
    pub fn text(&self) -> String {
        format!("{}:{}", self.service, self.name)
    }

    /// Does it take no resource, so that only a `*` in `Resource` speaks of it?
    pub fn is_wildcard_only(&self) -> bool {
        self.resources.is_empty()
    }

    /// The ARNs of its resources, as globs; empty for an action that takes none.
    pub fn resources(&self) -> impl Iterator<Item = String> + '_ {
        let numbers = self.resources.split(',').filter_map(|number| number.parse::<usize>().ok());
        numbers.filter_map(|number| self.block.resources.get(number)).map(|glob| {
            match glob.strip_prefix('~') {
                Some(tail) => format!("arn:*:{}:*:*:{tail}", self.service),
                None => (*glob).to_owned(),
            }
        })
    }

    /// The condition keys that its requests may carry, beside those that every request may.
    pub fn keys(&self) -> impl Iterator<Item = Key> + '_ {
        let set = self.keys.and_then(|number| self.block.sets.get(number)).copied().unwrap_or_default();
        let numbers = set.split(',').filter_map(|number| number.parse::<usize>().ok());
        numbers
            .filter_map(|number| self.block.keys.get(number))
            .map(|entry| Key { entry, service: self.service })
    }
}

impl Key {
    /// Its name; `*` stands for a part that a request fills in (`aws:RequestTag/*`).
    pub fn name(&self) -> String {
        let name = self.entry.get(1..).unwrap_or_default();
        match name.split_at_checked(1) {
            Some(("~", rest)) => format!("{}:{rest}", self.service),
            Some(("@", rest)) => format!("aws:{rest}"),
            _ => name.to_owned(),
        }
    }

    /// May a request carry several values of it?
    pub fn is_multivalued(&self) -> bool {
        self.entry.starts_with(|letter: char| letter.is_ascii_lowercase())
    }
}
