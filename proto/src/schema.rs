//! What a resource or a provider configuration looks like; everything else follows from it.

mod check;

use std::collections::BTreeMap;

pub use check::SchemaError;
pub(crate) use check::set_of_anything;

use crate::value::{Type, Value};

/// The shape of a resource, with the version of its state.
#[derive(Debug, Clone)]
pub struct Schema {
    /// Version of the state's form; raised by one with each incompatible change.
    pub version: u32,
    /// The attributes and blocks.
    pub block: Block,
}

/// Attributes and nested blocks that stand together.
#[derive(Debug, Clone, Default)]
pub struct Block {
    /// Attributes by name.
    pub attributes: BTreeMap<String, Attribute>,
    /// Nested blocks by name.
    pub blocks: BTreeMap<String, NestedBlock>,
    /// What it is for, in Markdown.
    pub description: String,
    /// Why and in favour of what it should no longer be used.
    pub deprecation: Option<String>,
}

/// One attribute.
#[derive(Debug, Clone)]
pub struct Attribute {
    /// Its type, or the attributes nested in it.
    pub shape: Shape,
    /// Who gives its value.
    pub presence: Presence,
    /// What it is for, in Markdown.
    pub description: String,
    /// Why and in favour of what it should no longer be used.
    pub deprecation: Option<String>,
    /// Who may see it.
    pub secrecy: Secrecy,
    /// What a new value means for an existing object.
    pub on_change: OnChange,
    /// What becomes of a computed value when another attribute changes.
    pub recompute: Recompute,
    /// The value taken when the configuration gives none; only for optional and computed attributes.
    pub default: Option<Value>,
}

/// What an attribute holds.
#[derive(Debug, Clone)]
pub enum Shape {
    /// A value of one type.
    Plain(Type),
    /// One object or a collection of objects whose attributes have schemas of their own.
    Nested(Nesting, BTreeMap<String, Attribute>),
}

/// How objects nest in an attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nesting {
    /// One object.
    Single,
    /// Objects in order.
    List,
    /// Objects without order.
    Set,
    /// Objects under keys.
    Map,
}

/// Who gives an attribute its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// The configuration, always.
    Required,
    /// The configuration, or nobody.
    Optional,
    /// The provider alone.
    Computed,
    /// The configuration, else the provider.
    OptionalComputed,
}

impl Presence {
    /// Whether the provider may give the value.
    pub fn is_computed(self) -> bool {
        matches!(self, Self::Computed | Self::OptionalComputed)
    }
}

/// Who may see an attribute's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Secrecy {
    /// Everybody.
    Open,
    /// Hidden in what Terraform prints.
    Sensitive,
    /// Never kept in plan or state.
    WriteOnly,
}

/// What a new value means for an existing object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnChange {
    /// The object is updated.
    Update,
    /// The object is destroyed and made anew.
    Replace,
}

/// What becomes of a computed value when the object is updated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recompute {
    /// It may change with any update: unknown in the plan of one.
    OnUpdate,
    /// It lasts as long as the object.
    Never,
}

/// A kind of block within a block.
#[derive(Debug, Clone)]
pub struct NestedBlock {
    /// How often and how it stands there.
    pub nesting: BlockNesting,
    /// What is in it.
    pub block: Block,
    /// The fewest of them; only for lists and sets.
    pub min_items: u32,
    /// The most of them, zero for no limit; only for lists and sets.
    pub max_items: u32,
}

/// How blocks nest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BlockNesting {
    /// At most one; null when left out.
    Single,
    /// At most one; an object of nulls when left out.
    Group,
    /// In order.
    List,
    /// Without order.
    Set,
    /// Under a label each.
    Map,
}

impl Schema {
    /// A schema in its `version`th form, counted from zero.
    pub fn new(version: u32, block: Block) -> Self {
        Self { version, block }
    }

    /// The type of the whole object.
    pub fn value_type(&self) -> Type {
        self.block.value_type()
    }
}

impl Block {
    /// A block with nothing in it.
    pub fn new(description: &str) -> Self {
        Self { description: description.to_owned(), ..Self::default() }
    }

    /// This block with one more attribute.
    #[must_use]
    pub fn attribute(mut self, name: &str, attribute: Attribute) -> Self {
        self.attributes.insert(name.to_owned(), attribute);
        self
    }

    /// This block with one more kind of nested block.
    #[must_use]
    pub fn nested(mut self, name: &str, block: NestedBlock) -> Self {
        self.blocks.insert(name.to_owned(), block);
        self
    }

    /// This block, marked as going away.
    #[must_use]
    pub fn deprecated(mut self, why: &str) -> Self {
        self.deprecation = Some(why.to_owned());
        self
    }

    /// The object type of one such block.
    pub fn value_type(&self) -> Type {
        let attributes = self.attributes.iter().map(|(name, attribute)| (name, attribute.value_type()));
        let blocks = self.blocks.iter().map(|(name, block)| (name, block.value_type()));
        Type::object(attributes.chain(blocks).map(|(name, ty)| (name.clone(), ty)))
    }
}

impl NestedBlock {
    /// A kind of block that may stand any number of times.
    pub fn new(nesting: BlockNesting, block: Block) -> Self {
        Self { nesting, block, min_items: 0, max_items: 0 }
    }

    /// At least `count` of them (for a single block: 1 makes it required).
    #[must_use]
    pub fn at_least(mut self, count: u32) -> Self {
        self.min_items = count;
        self
    }

    /// At most `count` of them.
    #[must_use]
    pub fn at_most(mut self, count: u32) -> Self {
        self.max_items = count;
        self
    }

    /// The type of all of them together.
    pub fn value_type(&self) -> Type {
        let object = self.block.value_type();
        match self.nesting {
            BlockNesting::Single | BlockNesting::Group => object,
            BlockNesting::List => Type::list(object),
            BlockNesting::Set => Type::set(object),
            BlockNesting::Map => Type::map(object),
        }
    }
}

impl Attribute {
    fn new(shape: Shape, presence: Presence) -> Self {
        Self {
            shape,
            presence,
            description: String::new(),
            deprecation: None,
            secrecy: Secrecy::Open,
            on_change: OnChange::Update,
            recompute: Recompute::OnUpdate,
            default: None,
        }
    }

    /// One that every configuration gives.
    pub fn required(ty: Type) -> Self {
        Self::new(Shape::Plain(ty), Presence::Required)
    }

    /// One that a configuration may give.
    pub fn optional(ty: Type) -> Self {
        Self::new(Shape::Plain(ty), Presence::Optional)
    }

    /// One that only the provider gives.
    pub fn computed(ty: Type) -> Self {
        Self::new(Shape::Plain(ty), Presence::Computed)
    }

    /// One that the provider gives when the configuration does not.
    pub fn optional_computed(ty: Type) -> Self {
        Self::new(Shape::Plain(ty), Presence::OptionalComputed)
    }

    /// One that holds objects with attributes of their own.
    pub fn nested<N: Into<String>>(
        nesting: Nesting,
        presence: Presence,
        attributes: impl IntoIterator<Item = (N, Self)>,
    ) -> Self {
        let attributes = attributes.into_iter().map(|(name, attribute)| (name.into(), attribute)).collect();
        Self::new(Shape::Nested(nesting, attributes), presence)
    }

    /// This attribute with the Markdown that says what it is for.
    #[must_use]
    pub fn describe(mut self, description: &str) -> Self {
        description.clone_into(&mut self.description);
        self
    }

    /// This attribute, marked as going away.
    #[must_use]
    pub fn deprecated(mut self, why: &str) -> Self {
        self.deprecation = Some(why.to_owned());
        self
    }

    /// This attribute, hidden in what Terraform prints.
    #[must_use]
    pub fn sensitive(mut self) -> Self {
        self.secrecy = Secrecy::Sensitive;
        self
    }

    /// This attribute, kept neither in plan nor in state.
    #[must_use]
    pub fn write_only(mut self) -> Self {
        self.secrecy = Secrecy::WriteOnly;
        self
    }

    /// This attribute, so that a new value replaces the object.
    #[must_use]
    pub fn replaces(mut self) -> Self {
        self.on_change = OnChange::Replace;
        self
    }

    /// This computed attribute, so that an update leaves its value alone.
    #[must_use]
    pub fn lasting(mut self) -> Self {
        self.recompute = Recompute::Never;
        self
    }

    /// This attribute with the value it takes when the configuration gives none.
    #[must_use]
    pub fn or_default(mut self, value: Value) -> Self {
        self.default = Some(value);
        self
    }

    /// The type of its value.
    pub fn value_type(&self) -> Type {
        match &self.shape {
            Shape::Plain(ty) => ty.clone(),
            Shape::Nested(nesting, attributes) => {
                let object =
                    Type::object(attributes.iter().map(|(name, attribute)| (name, attribute.value_type())));
                match nesting {
                    Nesting::Single => object,
                    Nesting::List => Type::list(object),
                    Nesting::Set => Type::set(object),
                    Nesting::Map => Type::map(object),
                }
            }
        }
    }
}
