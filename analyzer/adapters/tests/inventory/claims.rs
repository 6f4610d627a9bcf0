//! What must be right, whatever the dumps say: each claim names its case.

use std::collections::BTreeSet;

use nhi_access::{Content, LayerKind, UnknownReason, World};
use nhi_analyzer_model::{Delta, Facts, Inventory, Ownership, Principal};

use crate::{cases, inventory};

/// What a world says: each statement of each layer, and each document that is unknown.
fn meaning(world: &World) -> BTreeSet<String> {
    let documents = world
        .layers
        .iter()
        .flat_map(|layer| layer.documents.iter().map(move |document| (layer.kind, document)));
    documents
        .flat_map(|(kind, document)| match &document.content {
            Content::Aws(policy) => {
                policy.statements.iter().map(|statement| format!("{kind:?} {statement:?}")).collect()
            }
            Content::Unknown(reason) => vec![format!("{kind:?} {} {reason:?}", document.id.0)],
        })
        .collect()
}

fn assert_same(case: &str, delta: &Delta) {
    assert_eq!(
        delta.before.principals.keys().collect::<Vec<_>>(),
        delta.after.principals.keys().collect::<Vec<_>>(),
        "{case}: the principals"
    );
    for (id, before) in &delta.before.principals {
        let after = &delta.after.principals[id];
        assert_eq!(meaning(&before.world), meaning(&after.world), "{case}: the world of {}", id.0);
        let trusts = [before, after].map(|one| one.trust.as_ref().map(meaning));
        assert_eq!(trusts[0], trusts[1], "{case}: the trust of {}", id.0);
    }
}

#[test]
fn a_grant_in_new_clothes_is_the_same() {
    let same =
        cases().into_iter().filter(|case| case.starts_with("same-") && case != "same-semantics-reordered");
    same.for_each(|case| assert_same(&case, &inventory(&case).planned));
}

#[test]
fn drift_that_is_none_is_the_same() {
    for case in ["quiet-drift", "passrole-star", "preexisting-untouched", "pull-request"] {
        assert_same(case, &inventory(case).drift.unwrap());
    }
}

#[test]
fn what_the_plan_leaves_alone_is_not_told() {
    assert!(inventory("same-role-moved").planned.after.principals.is_empty());
    let untouched = inventory("preexisting-untouched").planned;
    assert_eq!(untouched.after.principals.len(), 1);
    assert!(untouched.after.documents.is_empty(), "a tag changes no document");
}

fn one<'f>(facts: &'f Facts, id: &str) -> &'f Principal {
    facts.principals.iter().find(|(found, _)| found.0 == id).map(|(_, one)| one).unwrap()
}

fn after(inventory: &Inventory, id: &str) -> BTreeSet<String> {
    meaning(&one(&inventory.planned.after, id).world)
}

#[test]
fn a_stale_mirror_keeps_no_grant_alive() {
    assert!(after(&inventory("mirror-lags-behind-deletion"), "aws_iam_role.app").is_empty());
    let updated = after(&inventory("mirror-lags-behind-update"), "aws_iam_role.app");
    assert_eq!(updated.len(), 1);
    assert!(updated.iter().all(|statement| statement.contains("sqs:SendMessage")));
}

#[test]
fn what_nobody_declares_is_a_grant_and_new_drift() {
    let found = inventory("mirror-of-what-nobody-declares");
    let drift = found.drift.as_ref().unwrap();
    assert!(meaning(&one(&drift.before, "aws_iam_role.app").world).is_empty());
    assert_eq!(meaning(&one(&drift.after, "aws_iam_role.app").world).len(), 2);
    assert_eq!(after(&found, "aws_iam_role.app").len(), 2, "it stays until somebody removes it");
}

#[test]
fn a_link_that_cannot_be_told_is_a_question() {
    let found = inventory("create-link-that-may-mean-several");
    let asked: Vec<&str> =
        found.not_understood.iter().filter(|part| part.may_grant).map(|part| part.address.as_str()).collect();
    assert_eq!(asked, ["aws_iam_role_policy_attachment.t", "aws_iam_role_policy_attachment.u"]);
    let elsewhere = after(&found, "aws_iam_role a");
    assert!(elsewhere.iter().all(|document| document.contains("AfterApply")) && elsewhere.len() == 1);
}

#[test]
fn masked_texts_cancel_only_when_they_are_equal() {
    let planned = inventory("masked-texts").planned;
    let trust = |facts, id| one(facts, id).trust.clone().unwrap().layers;
    let (before, after) = (&planned.before, &planned.after);
    assert_eq!(trust(before, "aws_iam_role.same"), trust(after, "aws_iam_role.same"));
    let [old, new] = [before, after].map(|facts| trust(facts, "aws_iam_role.other")[0].documents[0].clone());
    assert_ne!(old.id, new.id);
    assert_eq!(
        [old.content, new.content],
        [Content::Unknown(UnknownReason::Sensitive), Content::Unknown(UnknownReason::Sensitive)]
    );
}

#[test]
fn an_unknown_part_of_a_document_never_vanishes() {
    let found = after(&inventory("document-open-in-part"), "aws_iam_role.app");
    for name in [
        "inline e#rest AfterApply",
        "inline o#rest AfterApply",
        "inline s#rest AfterApply",
        "inline j AfterApply",
        "inline bad Unreadable",
    ] {
        assert!(
            found.iter().any(|document| document.contains(name.rsplit_once(' ').unwrap().0)
                && document.contains(name.rsplit_once(' ').unwrap().1)),
            "{name} in {found:?}"
        );
    }
}

#[test]
fn a_boundary_that_goes_leaves_no_layer() {
    let planned = inventory("boundaries").planned;
    let has = |facts: &Facts, id: &str| {
        one(facts, id).world.layers.iter().any(|layer| layer.kind == LayerKind::Boundary)
    };
    for (id, before, after) in
        [("a", false, true), ("b", true, false), ("c", true, false), ("d", false, true), ("e", true, true)]
    {
        let id = format!("aws_iam_role.{id}");
        assert_eq!((has(&planned.before, &id), has(&planned.after, &id)), (before, after), "{id}");
    }
}

#[test]
fn owners_are_what_the_tags_say() {
    let facts = inventory("owners-by-tags").planned.after;
    let owner = |name: &str| one(&facts, &format!("aws_iam_role.{name}")).ownership.clone();
    for name in ["by_default", "own", "own_and_open"] {
        assert!(matches!(owner(name), Ownership::Tagged { .. }), "{name}");
    }
    for name in ["empty_hides_default", "all_known", "lost"] {
        assert_eq!(owner(name), Ownership::Untagged, "{name}");
    }
    for name in ["open_defaults", "value_open"] {
        assert_eq!(owner(name), Ownership::Unknown, "{name}");
    }
}

#[test]
fn what_is_forgotten_lives_on() {
    let planned = inventory("forgotten-lives-on").planned;
    assert!(
        planned.before.principals.is_empty(),
        "nothing is taken away: {:?}",
        planned.before.principals.keys()
    );
    assert_eq!(planned.after.principals.len(), 1);
}

#[test]
fn one_name_in_two_accounts_is_two_principals() {
    let found = inventory("one-name-in-two-accounts");
    let administrator = |id| {
        after(&found, id).iter().any(|statement| statement.contains("\"*\"") && !statement.contains("iam:"))
    };
    assert!(administrator("aws_iam_role.there") && !administrator("aws_iam_role.here"));
    let fresh = one(&found.planned.after, "aws_iam_role.fresh");
    assert_eq!(fresh.account.as_deref(), Some("444455556666"));
}

#[test]
fn keys_are_told_apart() {
    let found = inventory("create-for-each-by-key");
    for (key, action) in [("\"a.b\"", "s3:a"), ("\"c\\\"d\"", "s3:c")] {
        let world = after(&found, &format!("aws_iam_role.r[{key}]"));
        assert!(world.len() == 1 && world.iter().all(|statement| statement.contains(action)), "{world:?}");
    }
    assert!(found.not_understood.is_empty());
}

#[test]
fn a_policy_that_nobody_here_carries_still_changes_somebody() {
    let found = inventory("policy-that-nobody-here-carries").planned;
    let holders: Vec<&str> = found.after.principals.keys().map(|id| id.0.as_str()).collect();
    assert_eq!(holders, ["holders of aws_iam_policy.shared"]);
    let mirrored = inventory("mirror-of-a-policy-that-changes");
    assert!(after(&mirrored, "aws_iam_role.app").iter().all(|statement| statement.contains("sqs:")));
}

#[test]
fn policies_on_resources_are_facts_and_no_questions() {
    let found = inventory("types-that-only-take-away");
    assert!(found.not_understood.is_empty());
    let names =
        |delta: &Delta| -> Vec<String> { delta.after.resources.keys().map(|id| id.0.clone()).collect() };
    let bucket = |name: &str| format!("aws_s3_bucket_policy.{name}");
    assert_eq!(names(&found.planned), ["loses_deny", "narrower", "tls", "wider"].map(bucket));
    // What a bucket shows of the policy that another resource declares is no drift of its own.
    let drift = found.drift.expect("something drifted");
    assert!(names(&drift).contains(&bucket("by_hand")));
}
