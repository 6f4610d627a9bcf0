//! Declarations to keep.

use nhi_identity::{
    EndDraft, Exception, ExceptionDraft, Field, Identity, IdentityDraft, Owner, OwnerDraft, PermitsDraft,
    Zone, ZoneDraft,
};

pub(crate) fn set(elements: &[&str]) -> Field<Vec<Field<String>>> {
    Field::Is(elements.iter().map(|element| Field::from(*element)).collect())
}

pub(crate) fn owner(name: &str) -> Owner {
    let draft = OwnerDraft {
        name: name.into(),
        accountable: set(&["alice@example.com"]),
        backup: set(&["bob@example.com"]),
        labels: Field::Is(vec![("team".into(), Field::from("core"))]),
        ..OwnerDraft::default()
    };
    draft.declare().unwrap()
}

pub(crate) fn described(name: &str, description: &str) -> Owner {
    Owner { description: Some(description.into()), ..owner(name) }
}

pub(crate) fn zone(name: &str) -> Zone {
    ZoneDraft { name: name.into(), reaches: set(&["later"]), ..ZoneDraft::default() }.declare().unwrap()
}

pub(crate) fn identity_draft(name: &str) -> IdentityDraft {
    IdentityDraft {
        name: name.into(),
        kind: "ci_runner".into(),
        owner: "platform".into(),
        tier: Field::Is(Ok(1)),
        zone: "build".into(),
        platform: "aws".into(),
        principal: "arn:aws:iam::111122223333:role/deploy".into(),
        review_period: "90d".into(),
        ..IdentityDraft::default()
    }
}

pub(crate) fn identity(name: &str) -> Identity {
    identity_draft(name).declare().unwrap()
}

pub(crate) fn exception(name: &str, valid_for: &str) -> Exception {
    let draft = ExceptionDraft {
        name: name.into(),
        identity: "deployer".into(),
        permits: Field::Is(PermitsDraft { rules: set(&["static-credential"]), ..PermitsDraft::default() }),
        reason: "The vendor has no federation yet.".into(),
        owner: "platform".into(),
        compensating_controls: set(&["rotated weekly"]),
        end: EndDraft { valid_for: valid_for.into(), ..EndDraft::default() },
        ..ExceptionDraft::default()
    };
    draft.declare().unwrap()
}
