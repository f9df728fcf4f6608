#!/usr/bin/env python3
"""Writes what is in the executable $2, built for the target $3: the bill of materials beside it, FILE.cdx.json, and the
licences of the libraries, FILE.licences.txt, which most of them ask to be passed on.

The bill is what cargo-cyclonedx, at $1, finds, without the crates that only run while Vouch is compiled, and without the
folders of whoever compiled it."""

import hashlib
import json
import os
import re
import subprocess
import sys
from pathlib import Path

cyclonedx, executable, triple = sys.argv[1:]
SERVER = ["--no-default-features", "--features", "ssr"]
FONT = Path(__file__).parent.parent / "src/server/images/card.LICENSE"
LICENCE = re.compile(r"(licen[cs]e|copying|copyright|notice|unlicense)", re.IGNORECASE)
CODE = {".c", ".go", ".h", ".html", ".json", ".pl", ".py", ".rs", ".toml"}


def output(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def compiled_in():
    """The name and version of each crate of which there is code in the executable."""
    lines = output("cargo", "tree", "--locked", "--edges", "normal,no-proc-macro", "--prefix", "none", "--format", "{p}",
                   "--target", triple, *SERVER).splitlines()
    return {tuple(re.match(r"(\S+) v(\S+)", line).groups()) for line in lines if line}


def bill(crates):
    # It can write only beside Cargo.toml.
    name = f"{Path(executable).name}.{os.getpid()}"
    written = Path(f"{name}.json")
    try:
        subprocess.run([cyclonedx, "cyclonedx", "--quiet", "--format", "json", "--spec-version", "1.5", "--no-build-deps",
                        "--override-filename", name, "--target", triple, *SERVER], check=True)
        bom = json.loads(written.read_text())
    finally:
        written.unlink(missing_ok=True)

    root = bom["metadata"]["component"]
    # Those of the library and the executable, with the names of their source files.
    root.pop("components", None)
    root["purl"] = f"pkg:cargo/{root['name']}@{root['version']}"
    root["hashes"] = [{"alg": "SHA-256", "content": hashlib.sha256(Path(executable).read_bytes()).hexdigest()}]
    bom["components"] = [each for each in bom["components"] if (each["name"], each["version"]) in crates]

    # A component is referred to by its package URL, which is the same on every machine.
    purls = {each["bom-ref"]: each["purl"] for each in [root, *bom["components"]]}
    for each in [root, *bom["components"]]:
        each["bom-ref"] = each["purl"]
    bom["dependencies"] = [
        {"ref": purls[each["ref"]], "dependsOn": [purls[on] for on in each.get("dependsOn", []) if on in purls]}
        for each in bom["dependencies"]
        if each["ref"] in purls
    ]
    return bom


def licences(crates):
    """Each text once, under the crates that it comes with."""
    packages = json.loads(output("cargo", "metadata", "--locked", "--format-version", "1", "--filter-platform", triple, *SERVER))
    texts, without = {}, []
    for package in packages["packages"]:
        label = f"{package['name']} {package['version']} ({package['license']})"
        if (package["name"], package["version"]) not in crates or not package["source"]:
            continue
        folder = Path(package["manifest_path"]).parent
        found = {
            path.read_text(errors="replace").strip()
            for path in folder.rglob("*")
            if LICENCE.match(path.name) and path.suffix not in CODE and path.is_file()
        }
        for text in found:
            texts.setdefault(text, []).append(label)
        if not found:
            without.append(f"{label}, by {', '.join(package['authors']) or package['repository']}")
    parts = [f"{chr(10).join(sorted(labels))}\n\n{text}" for text, labels in sorted(texts.items(), key=lambda each: each[1])]
    parts.append(FONT.read_text().strip())
    without += ["musl (MIT), by Rich Felker and others", "the standard library of Rust (MIT OR Apache-2.0), by The Rust Project"]
    parts.append("These come without a text of their licence:\n\n" + "\n".join(sorted(without)))
    return f"\n\n{'-' * 80}\n\n".join(parts) + "\n"


crates = compiled_in()
bom = bill(crates)
Path(f"{executable}.cdx.json").write_text(json.dumps(bom, indent=2) + "\n")
Path(f"{executable}.licences.txt").write_text(licences(crates))
print(f"vouch: {len(bom['components'])} components are in the bill of materials")
