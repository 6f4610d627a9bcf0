//! A policy text as a document: known, deferred, masked, elsewhere or unreadable.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use nhi_access::dialect::aws::{self, Policy, PolicyKind};
use nhi_access::{Content, Document, DocumentId, UnknownReason};
use nhi_analyzer_input::configuration::{Reference, References};
use nhi_analyzer_input::plan::StateResource;
use nhi_analyzer_input::{Masked, RebuildError, Rebuilt, Settings, Value, rebuild};
use nhi_analyzer_model::{Address, AttributePath, DocumentFact, NotUnderstood, Origin};

use crate::aws::holes::{Holes, name_unknowns, only_reference};
use crate::aws::identity::Identities;
use crate::aws::link::narrow;
use crate::aws::managed;
use crate::aws::policy_document::{Assembled, Placed, assemble};
use crate::kinds::{DOCUMENT, Kind};
use crate::moments::{Moment, Moments, Number, meant_by};
use crate::value::{element, get, is_empty, items, path, text};

/// Reads a policy text, or tells why it is none.
pub(crate) fn parse(text: &str, kind: PolicyKind) -> Result<Policy, String> {
    aws::parse(text, kind).map_err(|error| error.to_string())
}

/// Where a text stands.
#[derive(Clone)]
pub(crate) struct Source<'a> {
    /// The same at every moment.
    pub(crate) id: String,
    /// The resource.
    pub(crate) number: Number,
    /// The attribute in it.
    pub(crate) attribute: AttributePath,
    /// Its value.
    pub(crate) value: &'a Value,
    pub(crate) kind: PolicyKind,
}

/// Masked values seen so far: equal ones share a number, so that what did not change cancels.
#[derive(Default)]
pub(crate) struct Masks(Vec<Masked>);

impl Masks {
    fn number(&mut self, mask: Masked) -> usize {
        if let Some(found) = self.0.iter().position(|one| *one == mask) {
            return found;
        }
        self.0.push(mask);
        self.0.len() - 1
    }
}

/// Reads documents at one moment, and remembers what they are.
pub(crate) struct Library<'m, 'p> {
    pub(crate) moments: &'m Moments<'p>,
    identities: &'m Identities,
    /// By ARN, or by the last part of it.
    exported: &'m BTreeMap<String, String>,
    pub(crate) moment: Moment,
    pub(crate) masks: &'m mut Masks,
    pub(crate) facts: BTreeMap<DocumentId, DocumentFact>,
    pub(crate) not_understood: Vec<NotUnderstood>,
    read: HashMap<(String, PolicyName), (Number, Vec<Document>)>,
}

/// [`PolicyKind`] as a key.
type PolicyName = u8;

fn policy_name(kind: PolicyKind) -> PolicyName {
    match kind {
        PolicyKind::Identity => 0,
        PolicyKind::Resource => 1,
        PolicyKind::Trust => 2,
    }
}

impl<'m, 'p> Library<'m, 'p> {
    /// An empty one.
    pub(crate) fn new(
        (moments, identities, settings): (&'m Moments<'p>, &'m Identities, &'m Settings),
        moment: Moment,
        masks: &'m mut Masks,
    ) -> Self {
        Self {
            moments,
            identities,
            exported: &settings.policies,
            moment,
            masks,
            facts: BTreeMap::new(),
            not_understood: Vec::new(),
            read: HashMap::new(),
        }
    }

    /// The documents of a text: none where there is no text, two where a part of it is not known.
    pub(crate) fn read(&mut self, source: &Source<'_>) -> Vec<Document> {
        let key = (source.id.clone(), policy_name(source.kind));
        match self.read.get(&key).cloned() {
            Some((number, documents)) if number == source.number => documents,
            Some((_, documents)) => self.read_rival(source, documents),
            None => {
                let documents = self.read_anew(source);
                self.read.insert(key, (source.number, documents.clone()));
                documents
            }
        }
    }

    /// A second resource writes what another one writes already. Which of them is applied last is open, so that
    /// neither may hide the other, unless both say the same.
    fn read_rival(&mut self, source: &Source<'_>, first: Vec<Document>) -> Vec<Document> {
        let Some(address) = self.address(source.number) else { return first };
        let rival = Source { id: format!("{} in {address}", source.id), ..source.clone() };
        let documents = self.read(&rival);
        let says = |documents: &[Document]| -> Vec<Content> {
            documents.iter().map(|document| document.content.clone()).collect()
        };
        if says(&documents) == says(&first) { first } else { documents }
    }

    fn read_anew(&mut self, source: &Source<'_>) -> Vec<Document> {
        match source.value {
            value if is_empty(value) => Vec::new(),
            Value::String(text) => vec![self.text(source, text)],
            Value::Sensitive(mask) => {
                let id = format!("{}#masked-{}", source.id, self.masks.number(*mask));
                vec![self.keep(source, id, Content::Unknown(UnknownReason::Sensitive))]
            }
            _ => self.deferred(source),
        }
    }

    fn text(&mut self, source: &Source<'_>, text: &str) -> Document {
        let content = match parse(text, source.kind) {
            Ok(policy) => Content::Aws(policy),
            Err(message) => {
                self.cannot_read(source, &message);
                Content::Unknown(UnknownReason::Unreadable(message))
            }
        };
        let statements = match &content {
            Content::Aws(policy) => self.statement_origins(source, policy.statements.len()),
            Content::Unknown(_) => Vec::new(),
        };
        let document = self.keep(source, source.id.clone(), content);
        if let Some(fact) = self.facts.get_mut(&document.id) {
            fact.text = Some(text.to_owned());
            fact.statements = statements;
        }
        document
    }

    /// A policy of which only the ARN is known.
    pub(crate) fn elsewhere(&mut self, id: String, arn: &str, through: &Origin) -> Document {
        let id = DocumentId(id);
        let read = self.read_by_data_source(arn);
        let name = arn.rsplit('/').next().unwrap_or(arn);
        let exported = self.exported.get(arn).or_else(|| self.exported.get(name)).map(String::as_str);
        let text = read.map(Cow::Owned).or(exported.map(Cow::Borrowed)).or_else(|| managed::text_of(arn));
        let content = match text.as_deref().map(|text| parse(text, PolicyKind::Identity)) {
            Some(Ok(policy)) => Content::Aws(policy),
            _ => Content::Unknown(UnknownReason::Elsewhere(arn.to_owned())),
        };
        self.facts.entry(id.clone()).or_insert_with(|| DocumentFact {
            origin: through.clone(),
            statements: Vec::new(),
            text: text.map(Cow::into_owned),
            through: Vec::new(),
        });
        Document { id, content }
    }

    /// The text of a policy that a data source has read.
    fn read_by_data_source(&self, arn: &str) -> Option<String> {
        let policies =
            self.moments.plan.prior_data.iter().filter(|data| data.address.kind == Kind::Policy.type_name());
        policies.map(StateResource::values).find_map(|object| {
            let found = text(get(&object, "policy"))?;
            (text(get(&object, "arn")) == Some(arn)).then(|| found.to_owned())
        })
    }

    /// A document of which nothing is known before apply.
    pub(crate) fn unknown(&mut self, source: &Source<'_>) -> Document {
        self.keep(source, source.id.clone(), Content::Unknown(UnknownReason::AfterApply))
    }

    /// Notes a resource that carries documents to a principal.
    pub(crate) fn carried(&mut self, documents: &[Document], through: &Origin) {
        for document in documents {
            if let Some(fact) = self.facts.get_mut(&document.id)
                && fact.origin.address != through.address
                && !fact.through.contains(through)
            {
                fact.through.push(through.clone());
            }
        }
    }

    /// A text that the plan does not know: as the configuration says it. The sources tell how a document is wrapped
    /// (`replace(data.….json, …)`); the plan alone tells only that the expression names one document and nothing else,
    /// and as almost nobody wraps one, that is taken for the document itself.
    fn deferred(&mut self, source: &Source<'_>) -> Vec<Document> {
        let address = self.address(source.number).filter(|_| self.moment == Moment::Planned);
        let Some(address) = address else { return self.deferred_document(source, None) };
        match self.moments.rebuilder.rebuild(address, &source.attribute) {
            Ok(rebuilt) => match only_reference(&rebuilt) {
                Some(only) => {
                    let data = only.resource.as_ref().filter(|_| is_text(only));
                    let data =
                        data.and_then(|data| self.moments.instances(self.moment, data).first().copied());
                    match data {
                        Some(data) => self.deferred_document(source, Some(data)),
                        None => vec![self.unknown(source)],
                    }
                }
                None => self.rebuilt(source, &rebuilt),
            },
            Err(RebuildError::Sensitive(_)) => {
                vec![self.keep(source, source.id.clone(), Content::Unknown(UnknownReason::Sensitive))]
            }
            // Sources that are none, or others, tell no more than no sources.
            Err(RebuildError::NoSource(_) | RebuildError::NotDeclared(_)) => {
                self.deferred_document(source, None)
            }
            Err(_) if self.document_of(source).is_some() => self.deferred_document(source, None),
            Err(error) => {
                let reason = UnknownReason::Unreadable(error.to_string());
                vec![self.keep(source, source.id.clone(), Content::Unknown(reason))]
            }
        }
    }

    fn rebuilt(&mut self, source: &Source<'_>, rebuilt: &Rebuilt) -> Vec<Document> {
        let mut holes = Holes::new(self.moments, self.identities, self.address(source.number));
        let content = match holes.policy(rebuilt, source.kind) {
            Ok(policy) => Content::Aws(policy),
            Err(message) => {
                self.cannot_read(source, &message);
                Content::Unknown(UnknownReason::Unreadable(message))
            }
        };
        let origins = self.block_origins(source, &content);
        let document = self.keep(source, source.id.clone(), content);
        if let Some(fact) = self.facts.get_mut(&document.id) {
            fact.statements = origins;
        }
        vec![document]
    }

    /// The statements of a text that is a data source's own stand in that data source.
    fn block_origins(&self, source: &Source<'_>, content: &Content) -> Vec<Origin> {
        let read = || {
            let Content::Aws(policy) = content else { return None };
            let data = self.document_of(source)?;
            let address = self.address(data)?;
            let state = self.moments.state(data, self.moment)?;
            let mut holes = Holes::new(self.moments, self.identities, self.address(source.number));
            let object = self.with_deferred_parts(data, state.object(DOCUMENT), (0, &mut holes));
            let Assembled { statements, open, .. } = assemble(&object, source.kind);
            let told = !open && statements.len() == policy.statements.len();
            let origin = |placed: Placed| Origin { address: address.clone(), attribute: placed.attribute };
            told.then(|| statements.into_iter().map(origin).collect())
        };
        read().unwrap_or_default()
    }

    /// The parts of a document that is read later: of this one, or of the one that the expression names.
    fn deferred_document(&mut self, source: &Source<'_>, data: Option<Number>) -> Vec<Document> {
        let data = data.or_else(|| self.document_of(source));
        let Some(data) = data else { return vec![self.unknown(source)] };
        let Some(state) = self.moments.state(data, self.moment) else { return vec![self.unknown(source)] };
        let mut holes = Holes::new(self.moments, self.identities, self.address(source.number));
        let object = self.with_deferred_parts(data, state.object(DOCUMENT), (0, &mut holes));
        let Some(address) = self.address(data).cloned() else { return vec![self.unknown(source)] };
        let Assembled { mut statements, variables, open, unreadable } = assemble(&object, source.kind);
        for placed in &mut statements {
            placed.statement.mark_holes(holes.list());
        }
        for (number, placed) in statements.iter_mut().enumerate() {
            name_unknowns(&mut placed.statement, &format!("{address}.statement[{number}]"));
        }
        if let Some(message) = &unreadable {
            self.cannot_read(source, message);
        }
        let mut documents = Vec::with_capacity(2);
        let origins = statements
            .iter()
            .map(|placed| Origin { address: address.clone(), attribute: placed.attribute.clone() })
            .collect();
        if !(open && statements.is_empty()) {
            let statements = statements.into_iter().map(|placed| placed.statement).collect();
            let policy = Policy { kind: source.kind, variables, statements };
            let document = self.keep(source, source.id.clone(), Content::Aws(policy));
            if let Some(fact) = self.facts.get_mut(&document.id) {
                fact.statements = origins;
            }
            documents.push(document);
        }
        if open {
            let reason = unreadable.map_or(UnknownReason::AfterApply, UnknownReason::Unreadable);
            let id = format!("{}#rest", source.id);
            documents.push(self.keep(source, id, Content::Unknown(reason)));
        }
        documents
    }

    /// The data source whose text the expression is, and is alone.
    fn document_of(&self, source: &Source<'_>) -> Option<Number> {
        let from = self.address(source.number)?;
        let expression = self.moments.plan.configuration.expression(from, &source.attribute);
        let references = expression.references().filter(|references| references.is_complete())?;
        match references.to.as_slice() {
            [only] if is_text_of_document(only) => self.instance(only, references, from),
            _ => None,
        }
    }

    fn instance(&self, reference: &Reference, references: &References, from: &Address) -> Option<Number> {
        let instances = self.moments.instances(self.moment, &reference.address);
        match narrow(self.moments, instances, (reference, references, from)).as_slice() {
            [only] => Some(*only),
            _ => None,
        }
    }

    /// Puts in place of unknown merged texts what is known of the documents they come from. Only lists in which each
    /// element is one such document can be told apart.
    fn with_deferred_parts(
        &self,
        data: Number,
        mut object: Value,
        (depth, holes): (usize, &mut Holes<'_, '_>),
    ) -> Value {
        const DEEPEST: usize = 8;
        let Some(address) = self.address(data) else { return object };
        let Value::Object(map) = &mut object else { return object };
        if let Some(blocks) = map.get_mut("statement")
            && self.moment == Moment::Planned
            && let Ok(written) = self.moments.rebuilder.evaluate(address, &path("statement"))
        {
            holes.statements(blocks, &written);
        }
        for name in ["source_policy_documents", "override_policy_documents"] {
            let Some(Value::List(texts)) = map.get_mut(name) else { continue };
            if depth >= DEEPEST || !texts.contains(&Value::Unknown) {
                continue;
            }
            let expression = self.moments.plan.configuration.expression(address, &path(name));
            let Some(references) = expression.references().filter(|references| references.is_complete())
            else {
                continue;
            };
            if references.to.len() != texts.len() || !references.to.iter().all(is_text_of_document) {
                continue;
            }
            for (text, reference) in texts.iter_mut().zip(&references.to) {
                if *text != Value::Unknown {
                    continue;
                }
                if let Some(part) = self.instance(reference, references, address)
                    && let Some(state) = self.moments.state(part, self.moment)
                {
                    *text = self.with_deferred_parts(part, state.object(DOCUMENT), (depth + 1, holes));
                }
            }
        }
        object
    }

    /// The statements of a text that a data source made stand in that data source, one block each.
    fn statement_origins(&self, source: &Source<'_>, count: usize) -> Vec<Origin> {
        let Some(from) = self.address(source.number) else { return Vec::new() };
        let expression = self.moments.plan.configuration.expression(from, &source.attribute);
        let Some([only]) = expression.references().map(|references| references.to.as_slice()) else {
            return Vec::new();
        };
        if !is_text_of_document(only) {
            return Vec::new();
        }
        let near = Address { modules: from.modules.clone(), ..only.address.clone() };
        let read = self.moments.read_before(&near).filter(|data| meant_by(&only.address, &data.address));
        let Some(data) = read else { return Vec::new() };
        let object = data.values();
        let merged = DOCUMENT.iter().filter(|name| !matches!(**name, "statement" | "version"));
        let alone = merged.into_iter().all(|name| is_empty(get(&object, name)));
        if !alone || items(get(&object, "statement")).len() != count {
            return Vec::new();
        }
        (0..count)
            .map(|index| Origin {
                address: data.address.clone(),
                attribute: element("statement", index, None),
            })
            .collect()
    }

    /// A document under its id, and where it stands.
    pub(crate) fn keep(&mut self, source: &Source<'_>, id: String, content: Content) -> Document {
        let id = DocumentId(id);
        if let Some(address) = self.address(source.number).cloned() {
            self.facts.entry(id.clone()).or_insert_with(|| DocumentFact {
                origin: Origin { address, attribute: source.attribute.clone() },
                statements: Vec::new(),
                text: None,
                through: Vec::new(),
            });
        }
        Document { id, content }
    }

    fn cannot_read(&mut self, source: &Source<'_>, message: &str) {
        let Some(address) = self.address(source.number) else { return };
        self.not_understood.push(NotUnderstood {
            address: address.to_string(),
            attribute: source.attribute.clone(),
            reason: message.to_owned(),
            // The document in the world is unknown already, and that is what makes a question of it.
            may_grant: false,
            origin: Some(Origin { address: address.clone(), attribute: source.attribute.clone() }),
        });
    }

    fn address(&self, number: Number) -> Option<&'p Address> {
        self.moments.get(number).map(|resource| resource.address)
    }
}

fn is_text(reference: &rebuild::Reference) -> bool {
    let Some(address) = reference.resource.clone() else { return false };
    let attribute = reference.attribute.clone().unwrap_or_default();
    is_text_of_document(&Reference { address, attribute })
}

fn is_text_of_document(reference: &Reference) -> bool {
    let attribute = match reference.attribute.0.as_slice() {
        [nhi_analyzer_model::Step::Name(name)] => name.as_str(),
        _ => return false,
    };
    reference.address.kind == Kind::Document.type_name() && matches!(attribute, "json" | "minified_json")
}
