//! Whole lives of objects, as run after run of the core makes them.

use nhi_proto::Value;

use super::breach::{Breach, Rule, Trouble};
use super::core::{Action, Core, Instance, Planned};

/// An object that was brought to what its configuration says, and how.
#[derive(Debug, Clone)]
pub struct Lived {
    /// The object.
    pub instance: Instance,
    /// What was done to it.
    pub action: Action,
}

impl Core {
    /// One run: the object is refreshed, planned, applied, and left with nothing to do.
    pub fn bring(&self, kind: &str, prior: Option<&Instance>, config: &Value) -> Result<Lived, Trouble> {
        let plan = self.next(kind, prior, config)?;
        let made = self.apply(&plan, config)?.whole()?;
        let made = made.ok_or_else(|| Breach::of(Rule::ApplyExistence, "nothing was made"))?;
        self.settled(kind, &made, config)?;
        Ok(Lived { instance: made, action: plan.action })
    }

    /// A configuration that is accepted is accepted and planned with any one of its attributes still unknown.
    pub fn tolerated(&self, kind: &str, config: &Value) -> Result<(), Trouble> {
        let Value::Object(given) = config else { return Ok(()) };
        let attributes = self.kind(kind)?.schema.block.attributes.keys();
        for name in attributes.filter(|name| given.get(*name).is_some_and(|value| !value.is_null())) {
            let mut open = given.clone();
            open.insert(name.clone(), Value::unknown());
            match self.plan(kind, None, &Value::Object(open)) {
                Ok(_) => {}
                Err(Trouble::Refused(told)) => {
                    let what = told.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
                    return Err(Breach { rule: Rule::AcceptsUnknown, place: name.clone(), what }.into());
                }
                Err(broke) => return Err(broke),
            }
        }
        Ok(())
    }

    /// The plan of the next run.
    pub fn next(&self, kind: &str, prior: Option<&Instance>, config: &Value) -> Result<Planned, Trouble> {
        let prior = match prior {
            Some(prior) => self.refresh(kind, prior)?,
            None => None,
        };
        self.plan(kind, prior.as_ref(), config)
    }

    /// Nothing changed since the object was made: it is read back as it was, and there is nothing to do.
    pub fn settled(&self, kind: &str, made: &Instance, config: &Value) -> Result<(), Trouble> {
        match self.refresh(kind, made)? {
            None => return Err(Breach::of(Rule::ReadsBack, "what was just made is gone").into()),
            Some(read) if read.value != made.value => {
                let what = format!("{:?} is read back as {:?}", made.value, read.value);
                return Err(Breach::of(Rule::ReadsBack, what).into());
            }
            Some(_) => {}
        }
        let plan = self.next(kind, Some(made), config)?;
        if plan.action != Action::NoOp {
            let what = format!(
                "after an apply the plan is {:?}: {:?}, not {:?}",
                plan.action, plan.value, made.value
            );
            return Err(Breach::of(Rule::Settles, what).into());
        }
        Ok(())
    }

    /// Imports an object by id and by identity beside the one that is known, and settles both with its configuration.
    pub fn adopted(&self, kind: &str, known: &Instance, config: &Value) -> Result<(), Trouble> {
        if let Some(Value::String(id)) = known.value.attribute("id") {
            let found = self.import(kind, id)?;
            self.taken_over(kind, &found, config)?;
        }
        if let Some(identity) = &known.identity {
            let found = self.import_by_identity(kind, identity)?;
            if found.identity.as_ref() != Some(identity) {
                return Err(Breach::of(Rule::Identity, "another identity was imported").into());
            }
            self.taken_over(kind, &found, config)?;
        }
        Ok(())
    }

    /// What was imported needs no more than an update to become what its configuration says, and is settled then.
    fn taken_over(&self, kind: &str, found: &Instance, config: &Value) -> Result<(), Trouble> {
        let plan = self.next(kind, Some(found), config)?;
        match plan.action {
            Action::NoOp => Ok(()),
            Action::Update => self.bring(kind, Some(found), config).map(|_| ()),
            other => {
                let what = format!("the configuration of what was imported plans {other:?}");
                Err(Breach::of(Rule::Import, what).into())
            }
        }
    }

    /// Destroys an object; afterwards it is gone.
    pub fn end(&self, kind: &str, known: &Instance) -> Result<(), Trouble> {
        let plan = self.next(kind, Some(known), &Value::Null)?;
        let left = self.apply(&plan, &Value::Null)?.whole()?;
        match left {
            None => {}
            Some(_) => return Err(Breach::of(Rule::ApplyExistence, "something is left of it").into()),
        }
        match self.refresh(kind, known)? {
            None => Ok(()),
            Some(_) => Err(Breach::of(Rule::ReadsBack, "what was destroyed is still there").into()),
        }
    }
}
