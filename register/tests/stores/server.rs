//! What only a server has: roles, TLS, restarts, and runs on other machines.

use std::process::Command;

use nhi_identity::Owner;
use nhi_register::{Entry, Fault, Location, Register, RegisterError};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};

use crate::postgres::{PASSWORD, Postgres};
use crate::sample::{described, owner};
use crate::stand::{NOW, Stand, Store, session};

fn server(stand: &Stand) -> (&Postgres, &str) {
    match &stand.store {
        Store::Server(server, database) => (server, database),
        Store::File(_) => panic!("this is about a server"),
    }
}

fn open(url: &str) -> Result<Register, RegisterError> {
    Register::open(&Location::parse(url).unwrap(), session("default", "platform", NOW))
}

#[test]
fn a_register_is_made_only_where_that_was_asked_for() {
    let Some(stand) = Stand::server("a_register_is_made_only_where_that_was_asked_for") else { return };
    let told = open(&stand.url()).map(|_| ()).unwrap_err();
    assert!(matches!(told, RegisterError::NoTables(_)), "{told}");
    let register = stand.open("platform");
    assert_eq!(open(&stand.url()).unwrap().id(), register.id());
    let (server, _) = server(&stand);
    let told = open(&server.location("nhi", "no_such_database")).map(|_| ()).unwrap_err().to_string();
    assert!(told.contains("cannot be reached") && told.contains("no_such_database"), "{told}");
    let other = server.database();
    server.sql(&other, "CREATE SCHEMA nhi CREATE TABLE declaration (x TEXT)");
    let told = open(&server.location("postgres", &other)).map(|_| ()).unwrap_err();
    assert!(matches!(told, RegisterError::NotARegister { .. }), "{told}");
}

#[test]
fn several_make_one_register_at_once() {
    let Some(stand) = Stand::server("several_make_one_register_at_once") else { return };
    let ids: Vec<String> = std::thread::scope(|scope| {
        let all: Vec<_> = (0..6).map(|_| scope.spawn(|| stand.open("platform").id().to_owned())).collect();
        all.into_iter().map(|one| one.join().unwrap()).collect()
    });
    assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");
    assert_eq!(stand.open("platform").verify().unwrap().entries, 1);
}

#[test]
fn other_versions_are_left_alone() {
    let Some(stand) = Stand::server("other_versions_are_left_alone") else { return };
    drop(stand.open("platform"));
    stand.tamper("UPDATE meta SET value = '99' WHERE key = 'version'");
    assert!(matches!(open(&stand.url()), Err(RegisterError::Newer { found: 99, .. })));
    assert!(matches!(stand.reader("default"), Err(RegisterError::Newer { found: 99, .. })));
    stand.tamper("UPDATE meta SET value = '1' WHERE key = 'version'");
    assert!(matches!(stand.reader("default"), Err(RegisterError::Older { found: 1, .. })));
    // One that may write takes the step again; what is there stays.
    stand.open("platform").create(&owner("platform")).unwrap();
    assert!(stand.reader("default").is_ok());
}

#[test]
fn a_role_that_may_only_read_reads() {
    let Some(stand) = Stand::server("a_role_that_may_only_read_reads") else { return };
    stand.open("platform").create(&owner("platform")).unwrap();
    let (server, database) = server(&stand);
    let url = server.location("reader", database);
    let refused = open(&url).map(|_| ()).unwrap_err();
    assert!(matches!(refused, RegisterError::Unreadable { .. }), "{refused}");
    stand.tamper("GRANT USAGE ON SCHEMA nhi TO reader; GRANT SELECT ON ALL TABLES IN SCHEMA nhi TO reader");
    let register = open(&url).unwrap();
    assert!(register.read::<Owner>("platform").unwrap().is_some());
    let told = register.create(&owner("other")).unwrap_err();
    assert!(matches!(told, RegisterError::ReadOnly(_)), "{told}");
    assert_eq!(register.verify().unwrap().faults, []);
}

#[test]
fn a_role_that_may_write_does_not_edit_the_chain() {
    let Some(stand) = Stand::server("a_role_that_may_write_does_not_edit_the_chain") else { return };
    drop(stand.open("platform"));
    let (server, database) = server(&stand);
    // As the page about registers says it.
    stand.tamper(
        "GRANT USAGE ON SCHEMA nhi TO alice; GRANT SELECT ON ALL TABLES IN SCHEMA nhi TO alice; \
         GRANT INSERT, UPDATE, DELETE ON nhi.declaration, nhi.label, nhi.record, nhi.run TO alice; \
         GRANT INSERT (organisation, seq, at, actor, source, workspace, object, name, action, before, after, previous, hash) \
         ON nhi.audit TO alice; GRANT UPDATE (seq, hash) ON nhi.organisation TO alice;",
    );
    let register = open(&server.location("alice", database)).unwrap();
    register.create(&owner("platform")).unwrap();
    register.update(&described("platform", "Changed."), None).unwrap();
    register.delete::<Owner>("platform", None).unwrap();
    let log = register.audit_log().unwrap();
    assert_eq!((log[0].actor.as_str(), log[1].actor.as_str()), ("nhi", "alice"));
    assert_eq!(log[1].source, "postgres session role; NHI_ACTOR said `alice`");
    for may in [
        "has_any_column_privilege('alice', 'nhi.audit', 'UPDATE')",
        "has_table_privilege('alice', 'nhi.audit', 'DELETE')",
        "has_column_privilege('alice', 'nhi.audit', 'role', 'INSERT')",
    ] {
        assert_eq!(server.ask(database, &format!("SELECT {may}")), "f", "{may}");
    }
    assert_eq!(register.server_health().unwrap().unwrap().privileges, ["INSERT"]);
    assert_eq!(register.verify().unwrap().faults, []);

    // An entry under another name, past the register, that fits the chain in every way.
    let last = log.last().unwrap();
    let mut entry =
        Entry { seq: last.seq + 1, actor: "bob".into(), previous: last.hash.clone(), ..last.clone() };
    entry.hash = entry.expected_hash();
    let Entry { seq, at, actor, source, workspace, object, name, action, previous, hash, .. } = &entry;
    let before = entry.before.as_deref().unwrap();
    server.sql(
        database,
        &format!(
            "SET SESSION AUTHORIZATION alice; INSERT INTO nhi.audit (organisation, seq, at, actor, source, workspace, object, \
             name, action, before, previous, hash) VALUES ('default', {seq}, '{at}', '{actor}', $s${source}$s$, \
             '{workspace}', '{object}', '{name}', '{action}', $b${before}$b$, '{previous}', '{hash}'); \
             UPDATE nhi.organisation SET seq = {seq}, hash = '{hash}'"
        ),
    );
    let forged = Fault::Forged { seq: *seq, actor: "bob".into(), role: "alice".into() };
    assert_eq!(register.verify().unwrap().faults, [forged]);
}

#[test]
fn a_restart_in_mid_apply_is_survived() {
    let Some(server) = Postgres::start("a_restart_in_mid_apply_is_survived") else { return };
    let database = server.database();
    let register = open(&format!("{}&mode=create", server.location("nhi", &database))).unwrap();
    register.create(&owner("before")).unwrap();
    server.restart();
    register.create(&owner("after")).unwrap();
    // In the middle of a transaction: what it wrote is gone, and it is done again.
    let mut attempts = 0;
    register
        .together(|writing| {
            attempts += 1;
            writing.create(&owner("twice"))?;
            if attempts == 1 {
                server.restart();
            }
            writing.create(&owner("thrice"))
        })
        .unwrap();
    assert_eq!(attempts, 2);
    server.sql(&database, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'nhi'");
    assert_eq!(register.list::<Owner>().unwrap().len(), 4);
    let found = register.verify().unwrap();
    assert_eq!((found.faults, found.entries), (vec![], 5));
}

#[test]
fn a_server_that_does_not_come_back_is_told() {
    let Some(stand) = Stand::server("a_server_that_does_not_come_back_is_told") else { return };
    let (server, database) = server(&stand);
    let register = stand.open("platform");
    let end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND usename = 'nhi'";
    // Every attempt is cut off.
    let lost = register.together(|writing| {
        server.sql(database, end);
        writing.create(&owner("never"))
    });
    assert!(matches!(lost, Err(RegisterError::Lost(_))), "{lost:?}");
    assert_eq!(register.verify().unwrap().entries, 1);
}

/// A run of another machine cannot be seen: it counts as ended only when it has been silent for long enough.
#[test]
fn a_run_on_another_machine_is_not_taken_for_dead() {
    let Some(stand) = Stand::server("a_run_on_another_machine_is_not_taken_for_dead") else { return };
    stand.open("platform").create(&owner("platform")).unwrap();
    let move_away = "UPDATE run SET id = 'elsewhere/pid:[1] 7 8 9 10'; UPDATE declaration SET run = 'elsewhere/pid:[1] 7 8 9 10'";
    stand.tamper(move_away);
    let told = stand.open("platform").create(&owner("platform")).unwrap_err();
    assert!(matches!(told, RegisterError::Elsewhere { .. }), "{told}");
    assert!(matches!(stand.open("shop").create(&owner("platform")), Err(RegisterError::Taken { .. })));
    stand.tamper("UPDATE run SET seen = seen - 61");
    assert!(stand.open("platform").create(&owner("platform")).is_ok());
}

/// What the process that the next test starts does: its environment is what the test is about.
#[test]
fn visitor() {
    let Ok(url) = std::env::var("REGISTER_VISITOR_URL") else { return };
    match open(&url) {
        Ok(register) => println!("told=in as {};", register.head().unwrap().seq),
        Err(error) => println!("told={error:?} {error};"),
    }
}

fn visit(url: &str, variables: &[(&str, &str)]) -> String {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "server::visitor", "--nocapture"]).env("REGISTER_VISITOR_URL", url);
    for name in ["PGPASSWORD", "PGPASSFILE", "PGSSLMODE", "PGSSLROOTCERT", "PGUSER", "PGHOST"] {
        command.env_remove(name);
    }
    let output = command.env("HOME", "/nonexistent").envs(variables.iter().copied()).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let (_, told) = text
        .split_once("told=")
        .unwrap_or_else(|| panic!("{text}{}", String::from_utf8_lossy(&output.stderr)));
    assert!(!told.contains(PASSWORD), "{told}");
    told.to_owned()
}

fn authority(name: &str) -> CertifiedIssuer<'static, KeyPair> {
    let mut params = CertificateParams::new(Vec::<String>::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.distinguished_name.push(rcgen::DnType::CommonName, name);
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

#[test]
fn tls_is_what_a_server_is_spoken_to_with() {
    let Some(server) = Postgres::start("tls_is_what_a_server_is_spoken_to_with") else { return };
    let (ours, other) = (authority("ours"), authority("other"));
    let key = KeyPair::generate().unwrap();
    let certificate =
        CertificateParams::new(vec!["localhost".to_owned()]).unwrap().signed_by(&key, &ours).unwrap();
    let file = |name: &str, text: &str| {
        let path = server.folder().join(name);
        std::fs::write(&path, text).unwrap();
        path.display().to_string()
    };
    let (ours, other) = (file("ours.pem", &ours.pem()), file("other.pem", &other.pem()));
    let database = server.database();
    drop(open(&format!("{}&mode=create", server.location("nhi", &database))).unwrap());
    let at = |host: &str, query: &str| format!("postgres://nhi@{host}:{}/{database}?{query}", server.port());
    let password = [("PGPASSWORD", PASSWORD)];
    let check = |host: &str, query: &str, expected: &str| {
        let told = visit(&at(host, query), &password);
        assert!(told.contains(expected), "{host} {query}: {told}");
    };
    // The server has no TLS yet: only who says so speaks in plain text.
    check("localhost", "", "does not support TLS");
    check("localhost", "sslmode=require", "does not support TLS");
    check("localhost", "sslmode=disable", "in as 1");

    server.set_certificate(&certificate.pem(), &key.serialize_pem());
    server.restart();
    check("localhost", &format!("sslrootcert={ours}"), "in as 1");
    check("localhost", &format!("sslrootcert={other}"), "Unreachable");
    check("localhost", "", "Unreachable");
    check("127.0.0.1", &format!("sslrootcert={ours}"), "Unreachable");
    check("127.0.0.1", &format!("sslmode=verify-ca&sslrootcert={ours}"), "in as 1");
    check("127.0.0.1", &format!("sslmode=verify-ca&sslrootcert={other}"), "Unreachable");
    check("127.0.0.1", "sslmode=require", "in as 1");
    check("127.0.0.1", &format!("sslmode=require&sslrootcert={other}"), "Unreachable");
    check("localhost", "sslrootcert=/no/such/file", "holds no certificates");

    // From the environment and the password file alone.
    let root = at("localhost", "");
    let with = |variables: &[(&str, &str)], expected: &str| {
        let told = visit(&root, variables);
        assert!(told.contains(expected), "{variables:?}: {told}");
    };
    with(&[("PGPASSWORD", PASSWORD), ("PGSSLROOTCERT", &ours)], "in as 1");
    with(&[("PGPASSWORD", "wrong"), ("PGSSLROOTCERT", &ours)], "password authentication failed");
    with(&[("PGSSLROOTCERT", &ours)], "password missing");
    let passwords = file("pgpass", &format!("localhost:*:*:nhi:{PASSWORD}\n"));
    let files = [("PGPASSFILE", passwords.as_str()), ("PGSSLROOTCERT", &ours)];
    with(&files, "`chmod 600` keeps it to you");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(&passwords, std::fs::Permissions::from_mode(0o600)).unwrap();
        with(&files, "in as 1");
    }
}
