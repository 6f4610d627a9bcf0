#!/usr/bin/env python3
"""A second opinion on pairs without conditions: z3's theory of strings against `nhi policy diff --jsonl`.

    pip install z3-solver
    access/tests/z3/second_opinion.py --nhi target/release/nhi [--pairs 1000] [--seed 1]

The globs overlap in ways that no small alphabet has: longer words, several stars, wildcards in any segment of a resource.
Pairs are compared with `--semantics crossing`, under which a resource entry is a plain glob. Prints each disagreement and
the figures; ends with 1 where there is any. What z3 does not decide within its time is counted and judged by nobody.
"""

import argparse
import json
import random
import subprocess
import sys

import z3


def word(dice, most):
    return "".join(dice.choice("ab") for _ in range(dice.randint(1, most)))


def glob(dice):
    """Words with wildcards between them: `*ab?*b`."""
    parts = []
    for _ in range(dice.randint(1, 4)):
        parts.append(dice.choice([word(dice, 3), word(dice, 2), "*", "*", "?"]))
    return "".join(parts)


def action(dice):
    return dice.choice(["*", "s:*", "?:" + glob(dice), "*:" + glob(dice)] + ["s:" + glob(dice)] * 6)


def resource(dice):
    region = dice.choice(["", "", "r", "*", "r*", "?"])
    account = dice.choice(["", "", "1", "*"])
    return dice.choice(["*"] + [f"arn:aws:s:{region}:{account}:{glob(dice)}"] * 6)


def statement(dice):
    def some(make, most):
        return [make(dice) for _ in range(dice.randint(1, most))]

    def named(name):
        return ("Not" + name) if dice.random() < 0.15 else name

    return {
        "Effect": "Deny" if dice.random() < 0.3 else "Allow",
        named("Action"): some(action, 3),
        named("Resource"): some(resource, 3),
    }


def document(statements):
    return {"Version": "2012-10-17", "Statement": statements}


def narrowed(dice, text):
    """A pattern with one wildcard turned into something smaller: it most often stays below the old one."""
    stars = [at for at, sign in enumerate(text) if sign in "*?" and (text.count(":") == 0 or at > text.rfind(":"))]
    if not stars or text == "*":
        return text
    at = dice.choice(stars)
    return text[:at] + (dice.choice("ab") if text[at] == "?" else dice.choice(["", "?", "a", "*b", "a*"])) + text[at + 1 :]


def pair(dice):
    before = [statement(dice) for _ in range(dice.randint(1, 4))]
    if dice.random() < 0.3:
        after = [statement(dice) for _ in range(dice.randint(1, 4))]
    else:
        after = json.loads(json.dumps(before))
        for one in after:
            for name, entries in one.items():
                if name != "Effect" and dice.random() < 0.5:
                    one[name] = [narrowed(dice, entry) for entry in entries]
        if dice.random() < 0.3:
            after.append(statement(dice))
    if dice.random() < 0.3:
        before, after = after, before
    return document(before), document(after)


ANY = z3.AllChar(z3.ReSort(z3.StringSort()))


def expression(text):
    parts = []
    for sign in text:
        parts.append(z3.Star(ANY) if sign == "*" else ANY if sign == "?" else z3.Re(sign))
    return parts[0] if len(parts) == 1 else z3.Concat(*parts)


def says(statement, asked):
    """The statement as a formula over the two texts of a request."""
    both = []
    for name, text in asked.items():
        lower = name == "Action"
        entries = statement.get(name, statement.get("Not" + name))
        one = z3.Or([z3.InRe(text, expression(entry.lower() if lower else entry)) for entry in entries])
        both.append(one if name in statement else z3.Not(one))
    return z3.And(both)


def allowed(document, asked):
    of = lambda effect: [says(one, asked) for one in document["Statement"] if one["Effect"] == effect]
    return z3.And(z3.Or(of("Allow")), z3.Not(z3.Or(of("Deny"))))


def opinion(before, after, witness, milliseconds):
    """`witness`: a request that is said to be new; it is looked at before any other."""
    solver = z3.Solver()
    solver.set("timeout", milliseconds)
    asked = {"Action": z3.String("action"), "Resource": z3.String("resource")}
    # A request's action has a service and a name.
    solver.add(z3.InRe(asked["Action"], expression("?*:?*")))
    solver.add(allowed(after, asked), z3.Not(allowed(before, asked)))
    if witness:
        # On texts that are known the formula comes to true or false.
        known = [(text, z3.StringVal(part.lower() if name == "Action" else part))
                 for (name, text), part in zip(asked.items(), witness)]
        said = z3.simplify(z3.substitute(z3.And(solver.assertions()), *known))
        if z3.is_true(said):
            return "new-access", None
        if z3.is_false(said):
            return "false witness", dict(zip(asked, witness))
        solver.add([text == part for text, part in known])
    answer = solver.check()
    if answer == z3.sat:
        model = solver.model()
        return "new-access", {name: str(model[text]) for name, text in asked.items()}
    return ("no-new-access" if answer == z3.unsat else "unknown"), None


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--nhi", default="target/release/nhi")
    arguments.add_argument("--pairs", type=int, default=1000)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--timeout", type=int, default=5000, help="of z3, in milliseconds a pair")
    wish = arguments.parse_args()
    dice = random.Random(wish.seed)
    pairs = [pair(dice) for _ in range(wish.pairs)]
    lines = [
        json.dumps({"id": str(number), "kind": "identity", "before": before, "after": after})
        for number, (before, after) in enumerate(pairs)
    ]
    command = [wish.nhi, "policy", "diff", "--semantics", "crossing", "--jsonl", "-"]
    told = subprocess.run(command, input="\n".join(lines), capture_output=True, text=True, check=True).stdout
    counts = {}
    wrong = 0
    for (before, after), line in zip(pairs, told.splitlines(), strict=True):
        ours = json.loads(line)
        verdict = ours.get("verdict", "error")
        shown = ours.get("witness") or {}
        witness = [shown["action"], shown["resource"]] if verdict == "new-access" else None
        theirs, model = opinion(before, after, witness, wish.timeout)
        counts[verdict, theirs] = counts.get((verdict, theirs), 0) + 1
        if verdict != theirs and theirs != "unknown":
            wrong += 1
            print(json.dumps({"before": before, "after": after, "nhi": ours, "z3": theirs, "model": model}))
    for (verdict, theirs), count in sorted(counts.items()):
        print(f"nhi {verdict}, z3 {theirs}: {count}")
    print(f"{len(pairs)} pairs, {wrong} disagreements, seed {wish.seed}")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
