//! Looking declarations up, listing them, and telling them apart by identity.

use nhi_proto::schema::Schema;
use nhi_proto::{Provider as _, Type, Value};
use serde_json::{Value as Json, json};
use tempfile::TempDir;
use terraform_provider_nhi::Nhi;

use crate::config::{exception, identity, owner, with};
use crate::host::{Host, told};
use crate::lifecycle::{furnished, workspace};
use crate::values::{UNKNOWN, shown, value};
use crate::wire;

fn dynamic(config: &Json, ty: &Type) -> wire::DynamicValue {
    wire::DynamicValue { msgpack: value(config, ty).to_msgpack(ty).unwrap(), json: Vec::new() }
}

fn data_schema(name: &str) -> Schema {
    Nhi::of_process().data_sources().schemas().find(|(known, _)| *known == name).unwrap().1
}

fn list_schema(name: &str) -> Schema {
    Nhi::of_process().list_resources().schemas().find(|(known, _)| *known == name).unwrap().1
}

fn names() -> Type {
    Type::object([("name", Type::String), ("organisation", Type::String)])
}

impl Host {
    /// Reads a data source, after it was validated as the core does.
    pub(crate) fn look(&mut self, name: &str, config: &Json) -> Result<Json, Vec<String>> {
        let ty = data_schema(name).value_type();
        let config = Some(dynamic(config, &ty));
        let request =
            wire::validate_data_resource_config::Request { type_name: name.into(), config: config.clone() };
        let wrong = self.run(|mut client| async move { client.validate_data_resource_config(request).await });
        if !wrong.diagnostics.is_empty() {
            return Err(told(&wrong.diagnostics));
        }
        let request =
            wire::read_data_source::Request { type_name: name.into(), config, ..Default::default() };
        let answer = self.run(|mut client| async move { client.read_data_source(request).await });
        match answer.state {
            Some(state) => Ok(shown(&Value::from_msgpack(&state.msgpack, &ty).unwrap())),
            None => Err(told(&answer.diagnostics)),
        }
    }

    /// The identities and, where asked for, the objects of a list; errors come as texts.
    pub(crate) fn browse(&mut self, name: &str, config: &Json, include: bool) -> Vec<Json> {
        let ty = list_schema(name).value_type();
        let request = wire::list_resource::Request {
            type_name: name.into(),
            config: Some(dynamic(config, &ty)),
            include_resource_object: include,
            limit: 0,
        };
        let object = Nhi::of_process().resources().schemas().find(|(known, _)| *known == name).unwrap().1;
        let events = self.run_stream(|mut client| async move { client.list_resource(request).await });
        let read = |event: wire::list_resource::Event| {
            if !event.diagnostic.is_empty() {
                return json!(told(&event.diagnostic));
            }
            let identity = event.identity.unwrap().identity_data.unwrap();
            let identity = shown(&Value::from_msgpack(&identity.msgpack, &names()).unwrap());
            match event.resource_object {
                None => identity,
                Some(whole) => {
                    json!([
                        identity,
                        shown(&Value::from_msgpack(&whole.msgpack, &object.value_type()).unwrap())
                    ])
                }
            }
        };
        events.into_iter().map(read).collect()
    }

    fn import_as(&mut self, kind: &str, identity: &Json) -> Result<Json, Vec<String>> {
        let request = wire::import_resource_state::Request {
            type_name: kind.into(),
            identity: Some(wire::ResourceIdentityData { identity_data: Some(dynamic(identity, &names())) }),
            ..Default::default()
        };
        let answer = self.run(|mut client| async move { client.import_resource_state(request).await });
        match answer.imported_resources.first() {
            Some(found) => {
                let data = found.identity.clone().unwrap().identity_data.unwrap();
                Ok(shown(&Value::from_msgpack(&data.msgpack, &names()).unwrap()))
            }
            None => Err(told(&answer.diagnostics)),
        }
    }
}

#[test]
fn one_is_looked_up_by_name_and_says_where_it_stands() {
    let folder = TempDir::new().unwrap();
    let (mut host, _) = furnished(&folder);
    host.create("nhi_exception", &exception());
    let found = host.look("nhi_owner", &json!({ "name": "platform" })).unwrap();
    assert_eq!(found, with(&owner(), &json!({ "id": "platform", "workspace": "platform" })));
    let found = host.look("nhi_identity", &json!({ "name": "deployer" })).unwrap();
    let stands = json!({ "id": "deployer", "workspace": "platform", "active": true, "standing": "active" });
    assert_eq!(found, with(&identity(), &stands));
    // Nobody has approved it, so what it permits must not appear.
    let found = host.look("nhi_exception", &json!({ "name": "legacy" })).unwrap();
    assert_eq!((&found["active"], &found["standing"]), (&json!(false), &json!("unapproved")));
    assert_eq!(found["reason"], exception()["reason"]);

    let missing = host.look("nhi_owner", &json!({ "name": "nobody" })).unwrap_err();
    assert!(missing[0].starts_with("error name: There is no nhi_owner `nobody`"), "{missing:?}");
    let wrong = host.look("nhi_owner", &json!({ "name": "no body" })).unwrap_err();
    assert!(wrong[0].starts_with("error name: "), "{wrong:?}");
}

#[test]
fn many_are_narrowed_by_what_they_have() {
    let folder = TempDir::new().unwrap();
    let (mut host, _) = furnished(&folder);
    host.create("nhi_exception", &exception());
    let others = [
        json!({ "name": "a", "tier": 2, "owner": null, "principal": "a", "labels": { "team": "x" } }),
        json!({ "name": "b", "tier": 2, "zone": null, "principal": "b", "kind": "agent" }),
        json!({ "name": "c", "tier": 2, "principal": "c", "labels": { "team": "x", "app": "y" } }),
    ];
    for other in &others {
        host.create("nhi_identity", &with(&identity(), other));
    }
    let mut check = |config: Json, expected: &[&str]| {
        let found = host.look("nhi_identities", &config).unwrap();
        let items: Vec<&Json> = found["items"].as_array().unwrap().iter().map(|item| &item["name"]).collect();
        assert_eq!((json!(items), &found["names"]), (json!(expected), &json!(expected)), "{config}");
    };
    check(json!({}), &["a", "b", "c", "deployer"]);
    check(json!({ "tier": 2 }), &["a", "b", "c"]);
    check(json!({ "kind": "agent" }), &["b"]);
    check(json!({ "unowned": true }), &["a"]);
    check(json!({ "unowned": false, "owner": "platform" }), &["b", "c", "deployer"]);
    check(json!({ "labels": { "team": "x" } }), &["a", "c"]);
    check(json!({ "labels": { "team": "x", "app": "y" } }), &["c"]);
    check(json!({ "principal": "c", "tier": 2 }), &["c"]);
    check(json!({ "workspace": "elsewhere" }), &[]);
    check(json!({ "zone": "build", "tier": 2 }), &["a", "c"]);

    let first = host.look("nhi_identities", &json!({ "limit": 3 })).unwrap();
    assert_eq!((&first["names"], &first["next"]), (&json!(["a", "b", "c"]), &json!("c")));
    let rest = host.look("nhi_identities", &json!({ "limit": 3, "after": "c" })).unwrap();
    assert_eq!((&rest["names"], rest.get("next")), (&json!(["deployer"]), None));
    let ending = host.look("nhi_exceptions", &json!({ "expiring_within": "36500d" })).unwrap();
    assert_eq!(ending["names"], json!([]));
}

#[test]
fn questions_that_make_no_sense_are_told_at_their_attribute() {
    let folder = TempDir::new().unwrap();
    let mut host = Host::configured(folder.path(), &workspace("platform"));
    let mut check = |name: &str, config: Json, expected: &str| {
        let wrong = host.look(name, &config).unwrap_err();
        assert!(wrong[0].starts_with(expected), "{config}: {wrong:?}");
    };
    check("nhi_identities", json!({ "tier": 3 }), "error tier: There is no such tier");
    check("nhi_identities", json!({ "kind": "robot" }), "error kind: `robot` is not a kind");
    check("nhi_identities", json!({ "owner": "no body" }), "error owner: ");
    check("nhi_identities", json!({ "owner": "a", "unowned": true }), "error unowned: The questions exclude");
    check("nhi_exceptions", json!({ "expiring_within": "soon" }), "error expiring_within: ");
    check("nhi_identities", json!({ "environment": "" }), "error environment: The text is empty");
    let kind = "error kind: `pasword` is not a kind of credential";
    check("nhi_credentials", json!({ "kind": "pasword" }), kind);
    check("nhi_zones", json!({ "limit": 0 }), "error limit: Not a limit");
    check("nhi_zones", json!({ "limit": 1.5 }), "error limit: Not a limit");
}

#[test]
fn lists_find_what_this_workspace_can_import() {
    let folder = TempDir::new().unwrap();
    let (host, _) = furnished(&folder);
    host.leave();
    let mut host = Host::configured(folder.path(), &workspace("other"));
    host.create("nhi_identity", &with(&identity(), &json!({ "name": "mine", "principal": "mine" })));
    let mine = json!({ "name": "mine", "organisation": "default" });
    assert_eq!(host.browse("nhi_identity", &json!({}), false), std::slice::from_ref(&mine));
    let whole = with(&identity(), &json!({ "name": "mine", "principal": "mine", "id": "mine" }));
    assert_eq!(host.browse("nhi_identity", &json!({ "tier": 0 }), true), [json!([mine, whole])]);
    assert_eq!(host.browse("nhi_identity", &json!({ "tier": 1 }), true), [Json::Null; 0]);
    let theirs = host.browse("nhi_owner", &json!({ "workspace": "platform" }), false);
    assert_eq!(theirs, [json!({ "name": "platform", "organisation": "default" })]);
    let unknown = host.browse("nhi_owner", &json!({ "workspace": UNKNOWN }), false);
    assert_eq!(unknown, [json!(["error config: Value not known yet"])]);
    let wrong = host.browse("nhi_identity", &json!({ "tier": 3 }), false);
    assert_eq!(wrong, [json!(["error config.tier: There is no such tier"])]);
}

#[test]
fn an_import_by_identity_finds_the_same_as_one_by_id() {
    let folder = TempDir::new().unwrap();
    let (mut host, _) = furnished(&folder);
    let named = json!({ "name": "deployer", "organisation": "default" });
    assert_eq!(host.import_as("nhi_identity", &named).unwrap(), named);
    assert_eq!(host.import_as("nhi_identity", &json!({ "name": "deployer" })).unwrap(), named);
    let other = json!({ "name": "deployer", "organisation": "acme" });
    let wrong = host.import_as("nhi_identity", &other).unwrap_err();
    assert!(wrong[0].contains("It belongs to another organisation"), "{wrong:?}");
    let missing = host.import_as("nhi_identity", &json!({ "name": "nobody" })).unwrap_err();
    assert!(missing[0].contains("Nothing to import"), "{missing:?}");
}

#[test]
fn every_kind_has_all_its_surfaces() {
    let nhi = Nhi::of_process();
    let resources: Vec<&str> = nhi.resources().schemas().map(|(name, _)| name).collect();
    let lists: Vec<&str> = nhi.list_resources().schemas().map(|(name, _)| name).collect();
    let sources: Vec<&str> = nhi.data_sources().schemas().map(|(name, _)| name).collect();
    assert_eq!(lists, resources);
    for name in resources {
        assert!(sources.contains(&name), "{name}");
        let plural =
            sources.iter().filter(|known| known.starts_with(name.get(..name.len() - 1).unwrap())).count();
        assert!(plural >= 2, "{name} has no data source for many");
    }
}

#[test]
fn a_generated_configuration_says_an_end_once() {
    let folder = TempDir::new().unwrap();
    let (mut host, _) = furnished(&folder);
    let mut asked = exception();
    asked.as_object_mut().unwrap().remove("expires_at");
    let made = host.create("nhi_exception", &with(&asked, &json!({ "valid_for": "30d" })));
    let schema =
        Nhi::of_process().resources().schemas().find(|(name, _)| *name == "nhi_exception").unwrap().1;
    let ty = schema.value_type();
    let request = wire::generate_resource_config::Request {
        type_name: "nhi_exception".into(),
        state: Some(wire::DynamicValue { msgpack: made.value.to_msgpack(&ty).unwrap(), json: Vec::new() }),
    };
    let answer = host.run(|mut client| async move { client.generate_resource_config(request).await });
    let config = shown(&Value::from_msgpack(&answer.config.unwrap().msgpack, &ty).unwrap());
    assert_eq!((config.get("id"), config.get("expires_at")), (None, None));
    assert_eq!(config["valid_for"], "30d");
    assert_eq!(host.validate("nhi_exception", &config), [""; 0]);
}
