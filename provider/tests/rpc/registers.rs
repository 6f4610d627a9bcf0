//! One register, several, and none: what belongs to whom, and what is never taken for gone.

use nhi_identity::{Owner, Timestamp};
use nhi_register::{Actor, Clock, Location, Register, Session};
use serde_json::{Value as Json, json};
use tempfile::TempDir;

use crate::config::{identity, owner, with};
use crate::host::Host;
use crate::values::UNKNOWN;

fn workspace(name: &str) -> Json {
    json!({ "workspace": name })
}

/// The register at the default place, opened by somebody else of the same workspace.
fn colleague(folder: &TempDir) -> Register {
    let now: Timestamp = "2026-11-23T01:00:00Z".parse().unwrap();
    let session = Session {
        organisation: "default".into(),
        workspace: "platform".into(),
        actor: Actor { name: "bob".into(), source: "os user".into() },
        clock: Clock::new(move || now),
    };
    let url = format!("sqlite:{}?mode=create", folder.path().join(".nhi/register.db").display());
    Register::open(&Location::parse(&url).unwrap(), session).unwrap()
}

fn look(folder: &TempDir) -> Register {
    let url = format!("sqlite:{}", folder.path().join(".nhi/register.db").display());
    Register::open_read_only(&Location::parse(&url).unwrap(), "default").unwrap()
}

#[test]
fn a_crash_before_the_answer_is_made_good() {
    let folder = TempDir::new().unwrap();
    let mut host = Host::configured(folder.path(), &workspace("platform"));
    let plan = host.plan("nhi_owner", None, &owner()).unwrap();
    let (lost, _) = host.apply("nhi_owner", &plan);
    // Within the run that created it, the name is taken: two resources claim it.
    assert_eq!(host.apply("nhi_owner", &plan).1, ["error name: The name is taken"]);
    drop(host);

    let mut host = Host::configured(folder.path(), &workspace("platform"));
    let different =
        host.plan("nhi_owner", None, &with(&owner(), &json!({ "description": "Else." }))).unwrap();
    assert_eq!(
        host.apply("nhi_owner", &different).1,
        ["error name: An interrupted run left another object of this name"]
    );
    let plan = host.plan("nhi_owner", None, &owner()).unwrap();
    let (found, told) = host.apply("nhi_owner", &plan);
    assert_eq!((found.clone(), told), (lost, vec![]));
    assert_eq!(host.apply("nhi_owner", &plan).1, ["error name: The name is taken"]);
    host.read("nhi_owner", &found.unwrap()).unwrap().unwrap();
    drop(host);

    let mut host = Host::configured(folder.path(), &workspace("platform"));
    assert_eq!(
        host.apply("nhi_owner", &plan).1,
        ["error name: The name is taken"],
        "a read has confirmed it"
    );
    let log = look(&folder).audit_log().unwrap();
    let actions: Vec<&str> = log.iter().map(|entry| entry.action.as_str()).collect();
    assert_eq!(actions, ["found", "create", "adopt", "confirm"]);
    assert_eq!((log[1].actor.as_str(), log[1].source.as_str()), ("alice", "NHI_ACTOR"));
}

/// Two aliases of the provider: the core may end the process of the first before the second one creates.
#[cfg(target_os = "linux")]
#[test]
fn what_was_answered_in_this_run_is_taken() {
    let folder = TempDir::new().unwrap();
    let mut first = Host::configured(folder.path(), &workspace("platform"));
    let object = first.create("nhi_owner", &owner());
    first.leave();
    let mut second = Host::configured(folder.path(), &workspace("platform"));
    let plan = second.plan("nhi_owner", None, &owner()).unwrap();
    assert_eq!(second.apply("nhi_owner", &plan).1, ["error name: The name is taken"]);
    assert_eq!(second.read("nhi_owner", &object).unwrap(), Some(object));
    assert_eq!(look(&folder).verify().unwrap().faults, []);
}

#[test]
fn another_register_is_not_a_removal() {
    let folder = TempDir::new().unwrap();
    let mut host = Host::configured(folder.path(), &workspace("platform"));
    let object = host.create("nhi_owner", &owner());
    let elsewhere = json!({ "workspace": "platform", "register": "sqlite:other.db?mode=create" });
    assert_eq!(host.configure(&elsewhere), [""; 0]);
    let another = ["error : This is another register"];
    assert_eq!(host.read("nhi_owner", &object).unwrap_err(), another);
    assert_eq!(host.destroy("nhi_owner", &object), another);
    let plan =
        host.plan("nhi_owner", Some(&object), &with(&owner(), &json!({ "description": "Else." }))).unwrap();
    assert_eq!(host.apply("nhi_owner", &plan).1, another);

    assert_eq!(host.configure(&json!({ "workspace": "platform", "register": "sqlite:gone.db" })).len(), 1);
    drop(host);
    std::fs::remove_dir_all(folder.path().join(".nhi")).unwrap();
    let mut host = Host::configured(folder.path(), &workspace("platform"));
    assert_eq!(host.read("nhi_owner", &object).unwrap_err(), another);

    let mut forgetful = object;
    forgetful.private = Vec::new();
    assert_eq!(
        host.read("nhi_owner", &forgetful).unwrap_err(),
        ["error name: The register does not have it"]
    );
}

#[test]
fn an_object_belongs_to_its_workspace() {
    let folder = TempDir::new().unwrap();
    let mut host = Host::configured(folder.path(), &workspace("platform"));
    let object = host.create("nhi_owner", &owner());
    host.create("nhi_zone", &json!({ "name": "build" }));
    host.create("nhi_identity", &identity());
    assert_eq!(host.import("nhi_owner", "nobody").unwrap_err(), ["error : Nothing to import"]);
    assert_eq!(host.import("nhi_owner", "no body").unwrap_err(), ["error : Not a name"]);

    let mut shop = Host::configured(folder.path(), &workspace("shop"));
    let foreign = ["error name: It belongs to another workspace"];
    assert_eq!(shop.import("nhi_owner", "platform").unwrap_err(), foreign);
    assert_eq!(shop.read("nhi_owner", &object).unwrap_err(), foreign);
    assert_eq!(shop.destroy("nhi_owner", &object), foreign);
    let plan = shop.plan("nhi_owner", None, &owner()).unwrap();
    assert_eq!(shop.apply("nhi_owner", &plan).1, ["error name: The name is taken"]);
    let claim = shop.plan("nhi_identity", None, &with(&identity(), &json!({ "name": "mine" }))).unwrap();
    let principal = "`arn:aws:iam::111122223333:role/deploy` is the principal of `deployer` in workspace `platform` already";
    assert_eq!(shop.apply("nhi_identity", &claim).1, [format!("error principal: {principal}")]);
}

#[test]
fn without_a_register_new_objects_can_be_planned() {
    let folder = TempDir::new().unwrap();
    let mut host = Host::configured(folder.path(), &workspace("platform"));
    let object = host.create("nhi_owner", &owner());
    assert_eq!(host.configure(&json!({ "workspace": "platform", "register": UNKNOWN })), [""; 0]);
    let plan = host.plan("nhi_owner", None, &with(&owner(), &json!({ "name": "other" }))).unwrap();
    let unknown = ["error : The register is not known yet"];
    assert_eq!(host.apply("nhi_owner", &plan).1, unknown);
    assert_eq!(host.read("nhi_owner", &object).unwrap_err(), unknown);
    assert_eq!(host.import("nhi_owner", "platform").unwrap_err(), unknown);
    assert_eq!(host.look("nhi_owner", &json!({ "name": "platform" })).unwrap_err(), unknown);
    assert_eq!(host.look("nhi_metrics", &json!({})).unwrap_err(), unknown);
}

#[test]
fn what_somebody_changed_is_shown_and_keeps_its_spelling() {
    let folder = TempDir::new().unwrap();
    let mut host = Host::configured(folder.path(), &workspace("platform"));
    let spelled = with(&owner(), &json!({ "labels": {}, "description": "Runs it." }));
    let object = host.create("nhi_owner", &spelled);
    let register = colleague(&folder);
    let kept = register.get::<Owner>("platform").unwrap().unwrap().declaration;
    register.update(&Owner { description: None, ..kept }, None).unwrap();

    let drifted = host.read("nhi_owner", &object).unwrap().unwrap();
    assert_eq!(drifted.shown(), with(&owner(), &json!({ "labels": {}, "id": "platform" })));
    assert!(!host.plan("nhi_owner", Some(&drifted), &spelled).unwrap().is_no_change());
    register.delete::<Owner>("platform", None).unwrap();
    assert_eq!(host.read("nhi_owner", &object).unwrap(), None);
    let plan =
        host.plan("nhi_owner", Some(&object), &with(&spelled, &json!({ "description": "x" }))).unwrap();
    assert_eq!(host.apply("nhi_owner", &plan).1, ["error name: It is no longer in the register"]);
}

#[test]
fn two_processes_write_at_once() {
    let folder = TempDir::new().unwrap();
    let path = folder.path();
    std::thread::scope(|scope| {
        for writer in ["a", "b", "c"] {
            scope.spawn(move || {
                let mut host = Host::configured(path, &workspace(writer));
                for number in 0..10 {
                    host.create(
                        "nhi_owner",
                        &with(&owner(), &json!({ "name": format!("{writer}-{number}") })),
                    );
                }
            });
        }
    });
    let register = look(&folder);
    assert_eq!(register.list::<Owner>().unwrap().len(), 30);
    assert_eq!(register.verify().unwrap().faults, []);
}

#[test]
fn a_file_that_is_no_register() {
    let folder = TempDir::new().unwrap();
    std::fs::write(folder.path().join("garbage.db"), [7; 4000]).unwrap();
    let mut host = Host::start(folder.path());
    let garbage = json!({ "workspace": "platform", "register": "sqlite:garbage.db" });
    assert_eq!(host.configure(&garbage), ["error register: Not a register"]);
    let plan = host.plan("nhi_owner", None, &owner());
    assert_eq!(plan.unwrap_err(), ["error : Provider not configured"]);
}

#[test]
fn a_register_of_a_newer_version() {
    let folder = TempDir::new().unwrap();
    drop(colleague(&folder));
    let path = folder.path().join(".nhi/register.db");
    let mut bytes = std::fs::read(&path).unwrap();
    // Here the file keeps its version.
    bytes[60..64].copy_from_slice(&99_u32.to_be_bytes());
    std::fs::write(&path, &bytes).unwrap();
    let mut host = Host::start(folder.path());
    let newer = ["error register: The register is newer than this provider"];
    assert_eq!(host.configure(&workspace("platform")), newer);
    drop(host);
    assert_eq!(std::fs::read(&path).unwrap(), bytes, "nothing was changed");
}
