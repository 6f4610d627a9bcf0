//! From an origin to a place: which file, line and column a reader should look at.

use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use nhi_analyzer_model::{Address, AttributePath, Origin, Place, Precision};

use crate::sources::{ModuleRecord, Sources};

mod calls;
mod excerpt;
mod hcl;
mod json;
mod module;
mod salvage;
mod statement;
mod text;
mod tree;
mod walk;

use calls::Chain;
use module::Module;

/// A file or folder that could not be read, and so gives no places.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SourceNote {
    /// Its path, relative to the root module.
    pub file: String,
    /// What is wrong with it.
    pub reason: String,
}

/// Finds places, reading a module's files when the first origin in it asks for them.
///
/// Answers come from a ladder: the very expression, the attribute that holds it, the resource's block, the nearest
/// module call in the user's own files, nothing. Sources that cannot be read cost steps of the ladder and are told
/// by [`Locator::notes`]; they never cost a finding.
pub struct Locator<'s> {
    sources: &'s dyn Sources,
    records: OnceCell<BTreeMap<String, ModuleRecord>>,
    modules: RefCell<BTreeMap<String, Rc<Module>>>,
    notes: RefCell<Vec<SourceNote>>,
}

impl<'s> Locator<'s> {
    /// A locator that has read nothing yet.
    pub fn new(sources: &'s dyn Sources) -> Self {
        Self { sources, records: OnceCell::new(), modules: RefCell::default(), notes: RefCell::default() }
    }

    /// The place of an attribute, or of a whole resource when the origin's path is empty.
    ///
    /// Instance keys play no part. A resource that is no longer written is looked for in `removed`, `moved` and
    /// `import` blocks, then in the nearest module call. For a module that was fetched, the call in the user's own
    /// files is the place, and [`Locator::inside`] tells the rest.
    pub fn locate(&self, origin: &Origin) -> Option<Place> {
        let chain = self.chain(&origin.address.modules);
        self.ladder(&origin.address, &chain, |module| walk::attribute(module, origin))
    }

    /// The place of statement number `statement`, from zero, of the policy document at an origin: an attribute that
    /// holds policy text (or reads it from a file of the sources), or a `data.aws_iam_policy_document` (its path empty, or naming one of its results).
    /// Falls down the ladder of [`Locator::locate`] where the statement itself cannot be told.
    pub fn locate_statement(&self, origin: &Origin, statement: usize) -> Option<Place> {
        let chain = self.chain(&origin.address.modules);
        let place =
            self.ladder(&origin.address, &chain, |module| statement::statement(module, origin, statement))?;
        Some(self.in_document_file(origin, &chain, statement).unwrap_or(place))
    }

    /// The statement in the JSON file that a policy is read from.
    fn in_document_file(&self, origin: &Origin, chain: &Chain, statement: usize) -> Option<Place> {
        let directory = chain.directory.as_ref().filter(|_| !chain.fetched)?;
        let file = statement::document_file(&self.module(directory), origin)?;
        let bytes = self.sources.read(&file, module::LARGEST).ok()?;
        let text = String::from_utf8(bytes).ok()?;
        let text = text::Text::new(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text));
        let span = statement::in_json(&text.text, 0..text.text.len(), statement)?;
        Some(Place { calls: chain.calls.clone(), ..text.place(&file, &span, Precision::Exact) })
    }

    /// The place in the file of a fetched module itself, which is not the user's own and so never the primary one.
    /// `None` when the origin's module is the user's own.
    pub fn inside(&self, origin: &Origin) -> Option<Place> {
        let chain = self.chain(&origin.address.modules);
        if !chain.fetched {
            return None;
        }
        let module = self.module(chain.directory.as_deref()?);
        let found = walk::attribute(&module, origin)?;
        Some(Place { calls: chain.calls, ..module.place(&found) })
    }

    /// The `moved` block that led from `previous` to where the resource is now.
    pub fn locate_move(&self, previous: &Address) -> Option<Place> {
        self.mention(previous, &self.chain(&previous.modules), &["moved"])
    }

    /// What could not be read so far, sorted by file; complete once every origin has been asked for.
    pub fn notes(&self) -> Vec<SourceNote> {
        let mut notes = self.notes.borrow().clone();
        notes.sort();
        notes.dedup();
        notes
    }

    fn ladder(
        &self,
        address: &Address,
        chain: &Chain,
        find: impl Fn(&Module) -> Option<module::Found>,
    ) -> Option<Place> {
        if !chain.fetched
            && let Some(directory) = &chain.directory
        {
            let module = self.module(directory);
            if let Some(found) = find(&module) {
                return Some(Place { calls: chain.calls.clone(), ..module.place(&found) });
            }
        }
        self.mention(address, chain, &["removed", "moved", "import"]).or_else(|| chain.nearest_own_call())
    }

    /// The `removed`, `moved` or `import` block that speaks of an address, nearest module first.
    fn mention(&self, address: &Address, chain: &Chain, kinds: &[&str]) -> Option<Place> {
        (0..=chain.own_calls).rev().find_map(|depth| {
            let module = self.module(chain.directories.get(depth)?);
            let names = names_from(address, depth);
            let found = kinds.iter().find_map(|kind| module.mention(kind, &names))?;
            let calls = chain.calls.iter().take(depth).cloned().collect();
            Some(Place { calls, precision: Precision::Block, ..module.place(&found) })
        })
    }

    fn module(&self, directory: &str) -> Rc<Module> {
        if let Some(module) = self.modules.borrow().get(directory) {
            return Rc::clone(module);
        }
        let (module, notes) = Module::load(self.sources, directory);
        self.notes.borrow_mut().extend(notes);
        let module = Rc::new(module);
        self.modules.borrow_mut().insert(directory.to_owned(), Rc::clone(&module));
        module
    }
}

/// The names of an address as a `moved` block in the module at `depth` would write them, keys left out.
fn names_from(address: &Address, depth: usize) -> Vec<&str> {
    let modules = address.modules.iter().skip(depth).flat_map(|step| ["module", step.name.as_str()]);
    let mode = match address.mode {
        nhi_analyzer_model::Mode::Managed => None,
        nhi_analyzer_model::Mode::Data => Some("data"),
        nhi_analyzer_model::Mode::Ephemeral => Some("ephemeral"),
    };
    modules.chain(mode).chain([address.kind.as_str(), address.name.as_str()]).collect()
}

/// The origin of a resource as a whole.
pub fn whole(address: &Address) -> Origin {
    Origin { address: address.clone(), attribute: AttributePath::default() }
}
