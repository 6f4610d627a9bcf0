//! From an origin to a place: which file, line and column a reader should look at.

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use nhi_analyzer_model::{Address, AttributePath, Origin, Place, Precision};

use crate::sources::{ModuleRecord, Sources};

mod ask;
pub(crate) mod calls;
mod excerpt;
pub(crate) mod hcl;
mod json;
pub(crate) mod module;
mod salvage;
mod statement;
pub(crate) mod text;
mod tree;
mod walk;

use ask::Question;
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
    left: Cell<usize>,
}

/// The files of all modules together, in bytes; what comes after is skipped, with a note.
const MOST_BYTES: usize = 256 << 20;

impl<'s> Locator<'s> {
    /// A locator that has read nothing yet.
    pub fn new(sources: &'s dyn Sources) -> Self {
        Self {
            sources,
            records: OnceCell::new(),
            modules: RefCell::default(),
            notes: RefCell::default(),
            left: Cell::new(MOST_BYTES),
        }
    }

    /// The place of an attribute, or of a whole resource when the origin's path is empty.
    ///
    /// Instance keys play no part. A module's variable is followed to the argument of its call, where that holds
    /// the very expression. A resource that is no longer written is looked for in `removed`, `moved` and `import`
    /// blocks, then in the nearest module call. For a module that was fetched, the call in the user's own files is
    /// the place, and [`Locator::inside`] tells the rest.
    pub fn locate(&self, origin: &Origin) -> Option<Place> {
        self.answer(origin, Question::Attribute)
    }

    /// The place of statement number `statement`, from zero, of the policy document at an origin: an attribute that
    /// holds policy text (or reads it from a file of the sources), or a `data.aws_iam_policy_document` (its path
    /// empty, or naming one of its results). Falls down the ladder of [`Locator::locate`] where the statement itself
    /// cannot be told.
    pub fn locate_statement(&self, origin: &Origin, statement: usize) -> Option<Place> {
        self.answer(origin, Question::Statement(statement))
    }

    fn answer(&self, origin: &Origin, question: Question) -> Option<Place> {
        let chain = self.chain(&origin.address.modules);
        self.written(origin, question, &chain)
            .or_else(|| self.mention(&origin.address, &chain, &["removed", "moved", "import"]))
            .or_else(|| chain.nearest_own_call())
    }

    /// The best place for a resource that is still written, from its own module outward.
    fn written(&self, origin: &Origin, question: Question, chain: &Chain) -> Option<Place> {
        let mut depth = origin.address.modules.len();
        let mut module = self.module(chain.directory_at(depth)?);
        let mut outcome = question.of_resource(&module, origin)?;
        let mut best = None;
        loop {
            let place = Place { calls: chain.calls_to(depth), ..module.place(&outcome.found) };
            if depth <= chain.own_depth {
                if let Some(file) = &outcome.document
                    && let Some(place) = self.in_file(file, question)
                {
                    return Some(Place { calls: chain.calls_to(depth), ..place });
                }
                if place.precision == Precision::Exact {
                    return Some(place);
                }
                // What a fetched module was handed stands in the call.
                let outside = depth < origin.address.modules.len();
                best = best.or(Some(if outside {
                    Place { precision: Precision::Call, ..place }
                } else {
                    place
                }));
            }
            let Some(lead) = outcome.lead else { break };
            let Some(call) = depth.checked_sub(1).and_then(|outer| origin.address.modules.get(outer)) else {
                break;
            };
            depth -= 1;
            module = self.module(chain.directory_at(depth)?);
            let Some(next) = question.of_argument(&module, &call.name, &lead) else { break };
            outcome = next;
        }
        best.or_else(|| chain.nearest_own_call())
    }

    /// The statement in the JSON file that a policy is read from.
    fn in_file(&self, file: &str, question: Question) -> Option<Place> {
        let Question::Statement(statement) = question else { return None };
        let bytes = self.sources.read(file, module::LARGEST).ok()?;
        let text = String::from_utf8(bytes).ok()?;
        let text = text::Text::new(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text));
        let span = statement::in_json(&text.text, 0..text.text.len(), statement)?;
        Some(text.place(file, &span, Precision::Exact))
    }

    /// The place in the file of a fetched module itself, which is not the user's own and so never the primary one.
    /// `None` when the origin's module is the user's own.
    pub fn inside(&self, origin: &Origin) -> Option<Place> {
        let chain = self.chain(&origin.address.modules);
        if !chain.fetched {
            return None;
        }
        let module = self.module(chain.directory_at(origin.address.modules.len())?);
        let found = walk::reach(&module, origin)?.found;
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

    /// The `removed`, `moved` or `import` block that speaks of an address, nearest module first.
    fn mention(&self, address: &Address, chain: &Chain, kinds: &[&str]) -> Option<Place> {
        (0..=chain.own_depth).rev().find_map(|depth| {
            let module = self.module(chain.directory_at(depth)?);
            let names = names_from(address, depth);
            let found = kinds.iter().find_map(|kind| module.mention(kind, &names))?;
            Some(Place { calls: chain.calls_to(depth), ..module.place(&found) })
        })
    }

    fn module(&self, directory: &str) -> Rc<Module> {
        if let Some(module) = self.modules.borrow().get(directory) {
            return Rc::clone(module);
        }
        let (module, notes) = Module::load(self.sources, directory, &self.left);
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
