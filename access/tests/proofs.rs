//! Proofs of the pairs in which nothing is new: each is made, walked again, and refused with any leaf altered.

#[cfg(test)]
mod proofs {
    use nhi_access::dialect::aws::{self, Policy, PolicyKind};
    use nhi_access::proof::{Proof, Settling, Step, check, prove};
    use nhi_access::{Semantics, Settings, Verdict, compare, pair};
    use serde_json::Value;

    /// Pairs of single documents out of the cases of differences, with their title.
    fn pairs() -> Vec<(String, Policy, Policy)> {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases/differences");
        let mut files: Vec<_> =
            std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.sort();
        let mut pairs = Vec::new();
        for file in files {
            let cases: Vec<Value> = serde_json::from_str(&std::fs::read_to_string(&file).unwrap()).unwrap();
            for case in cases {
                let kind = match case["kind"].as_str().unwrap_or("identity") {
                    "identity" => PolicyKind::Identity,
                    "resource" => PolicyKind::Resource,
                    _ => PolicyKind::Trust,
                };
                let (before, after) = (case["before"].to_string(), case["after"].to_string());
                if before.contains("<unknown>") || after.contains("<unknown>") {
                    continue;
                }
                if let (Ok(before), Ok(after)) = (aws::parse(&before, kind), aws::parse(&after, kind)) {
                    let title = format!("{}: {}", file.file_stem().unwrap().to_string_lossy(), case["name"]);
                    pairs.push((title.clone(), before.clone(), after.clone()));
                    pairs.push((format!("{title}, back"), after, before));
                }
            }
        }
        assert!(pairs.len() > 80, "{}", pairs.len());
        pairs
    }

    fn nothing_new(before: &Policy, after: &Policy) -> bool {
        let (before, after) = pair(before.clone(), after.clone());
        compare(&before, &after, &Settings::default()).verdict == Verdict::NoNewAccess
    }

    #[test]
    fn what_is_not_new_is_proved_and_nothing_else() {
        let mut wrong = Vec::new();
        let mut proved = 0;
        for (title, before, after) in pairs() {
            let proof = prove(&before, &after, Semantics::Every);
            // A proof knows nothing of what ties a key to the principal.
            if title.contains("by its key") || (title.starts_with("caller: ") && proof.is_err()) {
                assert!(proof.is_err(), "{title}");
                continue;
            }
            match (nothing_new(&before, &after), &proof) {
                (true, Ok(proof)) => match check(proof, &before, &after) {
                    Ok(()) => proved += 1,
                    Err(flaw) => wrong.push(format!("{title}: {flaw}")),
                },
                (true, Err(problem)) => wrong.push(format!("{title}: {problem}")),
                (false, Ok(_)) => wrong.push(format!("{title}: proved, though there is new access")),
                (false, Err(_)) => {}
            }
        }
        assert!(wrong.is_empty(), "{} wrong beside {proved}:\n{}", wrong.len(), wrong.join("\n"));
        assert!(proved > 30, "{proved}");
    }

    /// Every proof that differs in one step.
    fn altered(proof: &Proof) -> Vec<(String, Proof)> {
        let mut all = Vec::new();
        for (p, part) in proof.parts.iter().enumerate() {
            for (r, root) in part.roots.iter().enumerate() {
                for (s, step) in root.steps.iter().enumerate() {
                    let mut put = |what: &str, step: Option<Step>| {
                        let mut proof = proof.clone();
                        let steps = &mut proof.parts[p].roots[r].steps;
                        match step {
                            Some(step) => steps[s] = step,
                            None => drop(steps.remove(s)),
                        }
                        all.push((format!("{what} of step {s} of root {r}"), proof));
                    };
                    put("without", None);
                    match step {
                        Step::Branch(Settling::Allowed(index)) => {
                            put("an effect", Some(Step::Branch(Settling::Denied(*index))));
                        }
                        Step::Branch(Settling::Denied(index)) => {
                            put("an effect", Some(Step::Branch(Settling::Allowed(*index))));
                        }
                        Step::Empty { core, states } => {
                            for at in 0..core.len() {
                                let mut core = core.clone();
                                core.remove(at);
                                put("a constraint less", Some(Step::Empty { core, states: states.clone() }));
                            }
                            let more = core.iter().copied().chain([core[0]]).collect();
                            put(
                                "a constraint twice",
                                Some(Step::Empty { core: more, states: states.clone() }),
                            );
                            for at in 0..states.len() {
                                let mut less = states.clone();
                                less.remove(at);
                                put("a state less", Some(Step::Empty { core: core.clone(), states: less }));
                                let mut other = states.clone();
                                other[at][0][0].1 += 1;
                                put("another state", Some(Step::Empty { core: core.clone(), states: other }));
                            }
                            let more = states.iter().cloned().chain([vec![vec![(0, 0)]]]).collect();
                            put("a state more", Some(Step::Empty { core: core.clone(), states: more }));
                        }
                    }
                }
            }
        }
        all
    }

    #[test]
    fn a_proof_with_one_step_altered_is_refused() {
        let mut tried = 0;
        for (title, before, after) in pairs() {
            let Ok(proof) = prove(&before, &after, Semantics::Every) else { continue };
            for (what, altered) in altered(&proof) {
                tried += 1;
                assert!(check(&altered, &before, &after).is_err(), "{title}: {what} is taken\n{altered:?}");
            }
        }
        assert!(tried > 500, "{tried}");
    }

    #[test]
    fn a_proof_of_another_pair_is_refused() {
        let all = pairs();
        let (mut tried, mut taken) = (0, Vec::new());
        for (title, before, after) in &all {
            let Ok(proof) = prove(before, after, Semantics::Every) else { continue };
            for (other, was, is) in all.iter().step_by(3) {
                tried += 1;
                if check(&proof, was, is).is_ok() && !nothing_new(was, is) {
                    taken.push(format!("{title} for {other}"));
                }
            }
        }
        assert!(taken.is_empty(), "{taken:?}");
        assert!(tried > 500, "{tried}");
    }
}
