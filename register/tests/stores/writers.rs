//! Several writers at one register, each with a connection of its own.

use nhi_identity::{Identity, Owner};
use nhi_register::RegisterError;

use crate::sample::{described, identity, owner, zone};
use crate::stand::Stand;

const WRITERS: usize = 6;
const WRITES: usize = 15;

pub(crate) fn one_of_many_gets_a_name(stand: &Stand) {
    let won: usize = std::thread::scope(|scope| {
        let write = |writer: usize| {
            let register = stand.open("platform");
            for number in 0..WRITES {
                register.create(&owner(&format!("{writer}-{number}"))).unwrap();
                register.read::<Owner>(&format!("{writer}-{number}")).unwrap().unwrap();
            }
            // With other content each: an equal one that a quicker writer left would rightly be adopted.
            usize::from(register.create(&described("shared", &writer.to_string())).is_ok())
        };
        let writers: Vec<_> = (0..WRITERS).map(|writer| scope.spawn(move || write(writer))).collect();
        writers.into_iter().map(|writer| writer.join().unwrap()).sum()
    });
    assert_eq!(won, 1, "one writer gets the shared name");
    let register = stand.open("platform");
    assert_eq!(register.list::<Owner>().unwrap().len(), WRITERS * WRITES + 1);
    let found = register.verify().unwrap();
    assert_eq!((found.faults, found.entries), (vec![], WRITERS * WRITES * 2 + 2));
}

pub(crate) fn one_of_two_workspaces_gets_a_principal(stand: &Stand) {
    let register = stand.open("platform");
    register.create(&owner("platform")).unwrap();
    register.create(&zone("build")).unwrap();
    for round in 0..10 {
        let principal = format!("arn:aws:iam::111122223333:role/round-{round}");
        let gate = std::sync::Barrier::new(2);
        let claim = |workspace: &str| {
            let register = stand.open(workspace);
            let claimed =
                Identity { principal: Some(principal.clone()), ..identity(&format!("{workspace}-{round}")) };
            gate.wait();
            register.create(&claimed).map(|_| ())
        };
        let (one, other) = std::thread::scope(|scope| {
            let one = scope.spawn(|| claim("one"));
            let other = scope.spawn(|| claim("other"));
            (one.join().unwrap(), other.join().unwrap())
        });
        let lost = match (&one, &other) {
            (Ok(()), Err(lost)) | (Err(lost), Ok(())) => lost,
            both => panic!("exactly one gets it: {both:?}"),
        };
        assert!(
            matches!(lost, RegisterError::Rules(rules) if rules[0].path.to_string() == "principal"),
            "{lost}"
        );
    }
    assert_eq!(register.verify().unwrap().faults, []);
}
