//! `nhi_exception_debt`: what exceptions hold open, weighed and told by owner and identity.

use std::collections::BTreeMap;

use nhi_identity::debt::{RULE, Share, State};
use nhi_identity::{Claim, Debt, Exception, Identity, Name, Standing, Tier, Timestamp};
use nhi_proto::schema::{Attribute, Block, Nesting, Presence, Schema};
use nhi_proto::value::Number;
use nhi_proto::{Answer, Call, Checked, DataSource, Diagnostics, Fields, Object, Type, Value};
use nhi_register::{Kept, ObjectKind, Register, RegisterError};

use super::{clock, parts};
use crate::context::Context;
use crate::{narrow, told};

/// The data source.
#[derive(Debug)]
pub(crate) struct ExceptionDebt;

/// What is told of exceptions together.
fn numbers() -> [(&'static str, &'static str); 6] {
    [
        (
            "debt",
            "The debt: the sum over all open exceptions whose number is known. The debt is at least this much.",
        ),
        (
            "open",
            "How many exceptions are open; those that have ended and are still declared are among them.",
        ),
        ("overdue", "How many of the open ones have ended and are still declared."),
        (
            "unknown",
            "How many of the open ones are not in `debt`, because their identity is not declared any more or nobody knows \
             since when they are declared. Above zero, the true debt is higher than `debt`.",
        ),
        ("waiting", "How many hold nothing open yet: they wait for approval, or begin later."),
        ("revoked", "How many were revoked, and hold nothing open any more."),
    ]
}

fn number(description: &str) -> Attribute {
    Attribute::computed(Type::Number).describe(description)
}

fn text(description: &str) -> Attribute {
    Attribute::computed(Type::String).describe(description)
}

fn shares(name: &'static str, who: &str, description: &str) -> Attribute {
    let numbers = numbers().map(|(name, description)| (name, number(description)));
    let all = [(name, text(who))].into_iter().chain(numbers);
    Attribute::nested(Nesting::List, Presence::Computed, all).describe(description)
}

impl DataSource for ExceptionDebt {
    type Context = Context;

    fn type_name(&self) -> &'static str {
        "nhi_exception_debt"
    }

    fn schema(&self) -> Schema {
        let description = format!(
            "Tells how much risk exceptions hold open, so that it can be watched, shown and kept within a budget (with a `check` \
             block, for example). {RULE} What cannot be counted is told as a number of its own, and never left out."
        );
        let one = [
            ("name", text("Name of the exception.")),
            ("owner", text("The owner on whose word it is.")),
            ("identity", text("The identity it is for.")),
            (
                "state",
                text(&format!(
                    "Whether it counts, in a word: {}.",
                    State::WORDS.map(|word| format!("`{word}`")).join(", ")
                )),
            ),
            ("tier", number("The tier of its identity; absent when that is not declared any more.")),
            ("sensitivity", number("How much it leaves open: 1, 2 or 3.")),
            ("age_days", number("Its age in whole days; absent when nobody knows.")),
            ("debt", number("What it adds to the debt; absent when it is open and that is not known.")),
        ];
        let block =
            narrow::attributes::<Exception>(Block::new(&description)).attribute("at", clock::attribute());
        let block = numbers()
            .into_iter()
            .fold(block, |block, (name, description)| block.attribute(name, number(description)))
            .attribute(
                "owners",
                shares("owner", "Name of the owner.", "The same by owner, in order of name."),
            )
            .attribute(
                "identities",
                shares("identity", "Name of the identity.", "The same by identity, in order of name."),
            )
            .attribute(
                "exceptions",
                Attribute::nested(Nesting::List, Presence::Computed, one)
                    .describe("Every exception that was looked at, in order of name."),
            );
        Schema::new(0, block)
    }

    fn validate(&self, config: &Fields<'_>) -> Checked {
        super::both(narrow::check::<Exception>(config), clock::check(config))
    }

    fn read(&self, call: &Call<Context>, config: &Fields<'_>) -> Result<Answer<Object>, Diagnostics> {
        let register = call.register()?;
        let now = clock::asked(config, register.now())?;
        let filter = narrow::filter::<Exception>(config, now)?;
        let kept = parts::all::<Exception>(register, &filter, call.cancellation())?;
        let mut tiers = Tiers::default();
        let mut claims = Vec::with_capacity(kept.len());
        let names: Vec<&str> = kept.iter().map(|kept| kept.declaration.name.as_str()).collect();
        let standings = register.standings(ObjectKind::Exception, &names, now);
        let mut standings = standings.map_err(|error| told::register_error(&error))?;
        for kept in &kept {
            call.cancellation().check()?;
            // What has no standing was removed meanwhile.
            let Some(standing) = standings.remove(kept.declaration.name.as_str()) else { continue };
            claims.push(tiers.claim(register, kept, standing).map_err(|error| told::register_error(&error))?);
        }
        let debt = Debt::of(claims, now);
        let exceptions = debt.exceptions.iter().map(|(name, owed)| {
            let object = Object::new()
                .with("name", name.as_str())
                .with("owner", owed.exception.owner.as_str())
                .with("identity", owed.exception.identity.as_str())
                .with("state", owed.state.word())
                .with("tier", &owed.tier.map(|tier| i64::from(tier.level())))
                .with("sensitivity", &Number::from(owed.sensitivity))
                .with("age_days", &owed.age_days.map(Number::from))
                .with("debt", &owed.debt.map(Number::from));
            Value::from(object)
        });
        let answer = told_of(&debt.total, super::given(self.schema(), config)?)
            .with("owners", &by("owner", &debt.owners))
            .with("identities", &by("identity", &debt.identities))
            .with("exceptions", &Value::List(exceptions.collect()));
        Ok(answer.into())
    }
}

/// The numbers of several exceptions.
fn told_of(share: &Share, object: Object) -> Object {
    let count = |count: u32| i64::from(count);
    object
        .with("debt", &Number::from(share.debt))
        .with("open", &count(share.open))
        .with("overdue", &count(share.overdue))
        .with("unknown", &count(share.unknown))
        .with("waiting", &count(share.waiting))
        .with("revoked", &count(share.revoked))
}

fn by(attribute: &str, shares: &BTreeMap<&Name, Share>) -> Value {
    let one = |(name, share): (&&Name, &Share)| {
        Value::from(told_of(share, Object::new().with(attribute, name.as_str())))
    };
    Value::List(shares.iter().map(one).collect())
}

/// Tiers of identities, each looked up once.
#[derive(Default)]
struct Tiers {
    known: BTreeMap<Name, Option<Tier>>,
}

impl Tiers {
    fn of(&mut self, register: &Register, name: &Name) -> Result<Option<Tier>, RegisterError> {
        if let Some(tier) = self.known.get(name) {
            return Ok(*tier);
        }
        let tier = register.get::<Identity>(name.as_str())?.map(|kept| kept.declaration.tier);
        self.known.insert(name.clone(), tier);
        Ok(tier)
    }

    /// What has to be known of an exception.
    fn claim<'a>(
        &mut self,
        register: &Register,
        kept: &'a Kept<Exception>,
        standing: Standing,
    ) -> Result<Claim<'a>, RegisterError> {
        let exception = &kept.declaration;
        let name = exception.name.as_str();
        let tier = self.of(register, &exception.identity)?;
        let since = since(register, name)?;
        Ok(Claim { exception, tier, since, standing })
    }
}

/// Since when an exception is declared, as the audit chain says.
fn since(register: &Register, name: &str) -> Result<Option<Timestamp>, RegisterError> {
    let entries = register.entries_about(ObjectKind::Exception.word(), name)?;
    let created = entries.iter().rev().find(|entry| entry.action == "create");
    Ok(created.and_then(|entry| entry.at.parse().ok()))
}
