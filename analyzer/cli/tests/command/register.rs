//! Declarations of another workspace, joined from its register.

use std::path::Path;

use nhi_identity::{
    CredentialDraft, CrossingDraft, EndDraft, ExceptionDraft, FederationDraft, Field, IdentityDraft,
    ObjectKind, OwnerDraft, PermitsDraft, ZoneDraft,
};
use nhi_register::{Actor, Clock, Location, Register, Session};

use crate::process::run;

const NOW: &str = "2026-11-01T00:00:00Z";

fn set(elements: &[&str]) -> Field<Vec<Field<String>>> {
    Field::Is(elements.iter().map(|element| Field::from(*element)).collect())
}

/// A register with the identity `app`, which may pass roles until the end of the year, and the identity `worker`.
pub(crate) fn register(folder: &Path) -> String {
    let url = asked(folder);
    let session = session("bob");
    let register = Register::open(&Location::parse(&url).unwrap(), session).unwrap();
    register.approve(ObjectKind::Exception, "migration", None).unwrap();
    url
}

fn session(actor: &str) -> Session {
    Session {
        organisation: "default".into(),
        workspace: "elsewhere".to_owned(),
        actor: Actor { name: actor.to_owned(), source: "NHI_ACTOR".to_owned() },
        clock: Clock::new(|| NOW.parse().unwrap()),
    }
}

/// The same register before anybody has approved the exception.
pub(crate) fn asked(folder: &Path) -> String {
    let url = format!("sqlite:{}", folder.join("nhi.db").display());
    let session = session("ann");
    let register = Register::open(&Location::parse(&format!("{url}?mode=create")).unwrap(), session).unwrap();
    let owner = OwnerDraft {
        name: "team-data".into(),
        accountable: set(&["ann@example.com"]),
        backup: set(&["bob@example.com"]),
        ..OwnerDraft::default()
    };
    register.create(&owner.declare().unwrap()).unwrap();
    for name in ["app", "worker"] {
        let identity = IdentityDraft {
            name: name.into(),
            kind: "microservice".into(),
            owner: "team-data".into(),
            tier: Field::Is(Ok(2)),
            platform: "aws".into(),
            principal: name.into(),
            ..IdentityDraft::default()
        };
        register.create(&identity.declare().unwrap()).unwrap();
    }
    let exception = ExceptionDraft {
        name: "migration".into(),
        identity: "app".into(),
        permits: Field::Is(PermitsDraft {
            rules: set(&["privilege-expansion"]),
            actions: set(&["iam:PassRole"]),
            ..PermitsDraft::default()
        }),
        reason: "bulk import of the old archive".into(),
        owner: "team-data".into(),
        compensating_controls: set(&["every use is reviewed daily"]),
        end: EndDraft { expires_at: "2026-12-31T00:00:00Z".into(), ..EndDraft::default() },
        ..ExceptionDraft::default()
    };
    register.create(&exception.declare().unwrap()).unwrap();
    url
}

fn case(name: &str) -> String {
    format!("{}/tests/cases/{name}/plan.json", env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn an_identity_elsewhere_owns_the_principal() {
    let folder = tempfile::tempdir().unwrap();
    let url = register(folder.path());
    let plan = case("unowned-principal/created");
    assert!(run(&["check", &plan], b"").stdout.contains("unowned-principal"));
    let ran = run(&["check", &plan, "--register", &url], b"");
    assert!(!ran.stdout.contains("unowned-principal"), "{}", ran.stdout);
    assert!(ran.stdout.contains("are joined"), "{}", ran.stdout);
}

#[test]
fn a_federation_elsewhere_counts_while_it_holds() {
    let folder = tempfile::tempdir().unwrap();
    let url = register(folder.path());
    let plan = case("unfederated-tier/declared");
    let told = || run(&["check", &plan, "--register", &url], b"").stdout.contains("unfederated-tier");
    let register = Register::open(&Location::parse(&url).unwrap(), session("ann")).unwrap();
    let deploy = IdentityDraft {
        name: "deploy".into(),
        kind: "ci_runner".into(),
        owner: "team-data".into(),
        tier: Field::Is(Ok(0)),
        ..IdentityDraft::default()
    };
    register.create(&deploy.declare().unwrap()).unwrap();
    assert!(told());
    let federation = FederationDraft {
        name: "deploy-on-github".into(),
        issuer: "https://token.actions.githubusercontent.com".into(),
        audiences: Field::Is(vec![("aws".to_owned(), Field::from("sts.amazonaws.com"))]),
        subject: "repo:acme/shop:environment:production".into(),
        identity: "deploy".into(),
        owner: "team-data".into(),
        ..FederationDraft::default()
    };
    register.create(&federation.declare().unwrap()).unwrap();
    assert!(!told());
    register.revoke(ObjectKind::Federation, "deploy-on-github", "The fork is gone.").unwrap();
    assert!(told(), "what is revoked does not count");
}

#[test]
fn an_exception_elsewhere_permits_until_its_end() {
    let folder = tempfile::tempdir().unwrap();
    let url = register(folder.path());
    let plan = case("privilege-expansion/pass-role");
    let check = |at: &str| run(&["check", &plan, "--register", &url, "--at", at], b"");
    let during = check("2026-12-30T00:00:00Z");
    assert_eq!(during.exit, 0, "{}", during.stdout);
    assert!(during.stdout.contains("permitted by the exception `migration`"), "{}", during.stdout);
    let after = check("2026-12-31T00:00:00Z");
    assert_eq!(after.exit, 10, "{}", after.stdout);
    assert!(after.stdout.contains("exception-expired"), "{}", after.stdout);
}

#[test]
fn an_exception_that_nobody_approved_permits_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let url = asked(folder.path());
    let plan = case("privilege-expansion/pass-role");
    let check = |arguments: &[&str]| {
        run(&[&["check", &plan, "--register", &url, "--at", "2026-12-30T00:00:00Z"], arguments].concat(), b"")
    };
    let waiting = check(&[]);
    assert_eq!(waiting.exit, 10, "{}", waiting.stdout);
    let told = "The exception `migration` would permit it, and waits for approval: it has 0 of 1.";
    assert!(waiting.stdout.contains(told), "{}", waiting.stdout);
    // Nobody has founded that organisation.
    let elsewhere = check(&["--organisation", "acme"]);
    assert!(elsewhere.exit == 1 && elsewhere.stderr.contains("acme"), "{elsewhere:?}");
}

#[test]
fn an_exception_elsewhere_expires_over_a_plan_that_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let url = register(folder.path());
    let plan = case("silent/pass-role-unchanged");
    assert_eq!(run(&["check", &plan], b"").exit, 0);
    let ran = run(&["check", &plan, "--register", &url, "--at", "2027-01-01T00:00:00Z"], b"");
    assert_eq!(ran.exit, 10, "{}", ran.stdout);
}

/// A register with a crossing from `train` into `serve`, asked for by ann and good for a month.
fn crossing(folder: &Path) -> (String, impl Fn(&str) -> Register) {
    let url = format!("sqlite:{}", folder.join("crossings.db").display());
    let place = Location::parse(&format!("{url}?mode=create")).unwrap();
    let open = move |name: &str| {
        let session = Session {
            organisation: "default".into(),
            workspace: "elsewhere".to_owned(),
            actor: Actor { name: name.to_owned(), source: "NHI_ACTOR".to_owned() },
            clock: Clock::new(|| NOW.parse().unwrap()),
        };
        Register::open(&place, session).unwrap()
    };
    let register = open("ann");
    let owner = OwnerDraft {
        name: "team-data".into(),
        accountable: set(&["ann@example.com"]),
        backup: set(&["bob@example.com"]),
        ..OwnerDraft::default()
    };
    register.create(&owner.declare().unwrap()).unwrap();
    for name in ["train", "serve"] {
        let zone = ZoneDraft { name: name.into(), ..ZoneDraft::default() };
        register.create(&zone.declare().unwrap()).unwrap();
    }
    let crossing = CrossingDraft {
        name: "promote".into(),
        from_zone: "train".into(),
        to_zone: "serve".into(),
        approver: "team-data".into(),
        reason: "until the pipeline promotes models".into(),
        log_sink: "s3://acme-crossings".into(),
        end: EndDraft { valid_for: "30d".into(), ..EndDraft::default() },
        ..CrossingDraft::default()
    };
    register.create(&crossing.declare().unwrap()).unwrap();
    (url, open)
}

#[test]
fn a_crossing_elsewhere_counts_from_its_approval_to_its_end() {
    let folder = tempfile::tempdir().unwrap();
    let (url, open) = crossing(folder.path());
    let plan = case("undeclared-crossing/pass-role");
    let told = |at: &str| {
        let ran = run(&["check", &plan, "--register", &url, "--at", at], b"");
        ran.stdout.contains("undeclared-crossing")
    };
    let (during, after) = ("2026-11-30T23:59:59Z", "2026-12-01T00:00:00Z");
    assert!(told(during), "nobody approved it yet");
    assert!(open("ann").approve(ObjectKind::Crossing, "promote", None).is_err(), "she asked for it herself");
    assert!(told(during));
    open("bob").approve(ObjectKind::Crossing, "promote", None).unwrap();
    assert!(!told(during));
    assert!(told(after), "it has ended");
}

#[test]
fn a_rotation_is_written_down_with_its_reference() {
    let folder = tempfile::tempdir().unwrap();
    let url = register(folder.path());
    let open = || Register::open(&Location::parse(&url).unwrap(), session("ann")).unwrap();
    let credential = CredentialDraft {
        name: "app-keytab".into(),
        identity: "app".into(),
        kind: "keytab".into(),
        why: "The old cluster speaks Kerberos alone.".into(),
        owner: "team-data".into(),
        rotation_period: "30d".into(),
        end: EndDraft { valid_for: "90d".into(), ..EndDraft::default() },
        ..CredentialDraft::default()
    };
    open().create(&credential.declare().unwrap()).unwrap();
    let rotate = |name: &str, reference: &str| {
        run(&["register", "rotate", name, "--reference", reference, "--register", &url], b"")
    };
    assert_eq!(rotate("app-key", "v7").exit, 2, "there is no such credential");
    assert_eq!(rotate("app-keytab", " ").exit, 2, "it says nothing");
    let ran = rotate("app-keytab", "vault v7");
    assert_eq!(ran.exit, 0, "{ran:?}");
    assert!(
        ran.stdout.contains("recorded that nhi_credential `app-keytab` was exchanged: `vault v7`"),
        "{ran:?}"
    );
    let log = run(&["register", "log", "--object", "rotation", "--register", &url], b"");
    assert!(log.stdout.contains("rotate rotation `app-keytab`"), "{}", log.stdout);
    let entry = open().entries_about("rotation", "app-keytab").unwrap().pop().unwrap();
    assert!(entry.after.unwrap().contains("vault v7"));
    assert!(open().verify().unwrap().faults.is_empty());
}

#[test]
fn the_settings_may_ask_for_it() {
    let folder = tempfile::tempdir().unwrap();
    register(folder.path());
    std::fs::write(folder.path().join("nhi.hcl"), "register = \"sqlite:nhi.db\"\n").unwrap();
    let source = folder.path().to_str().unwrap();
    let ran = run(&["check", &case("unowned-principal/created"), "--source", source], b"");
    assert!(!ran.stdout.contains("unowned-principal"), "{ran:?}");
}
