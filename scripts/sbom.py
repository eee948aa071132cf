#!/usr/bin/env python3
"""Says what Commonweal is made of, as CycloneDX 1.6.

    sbom.py cargo TARGET     from `cargo metadata` on standard input and Cargo.lock: the program
    sbom.py npm              from frontend/package-lock.json: stylesheet, script, and what builds and tests them
    sbom.py check FILE…      holds files to the schema of CycloneDX (needs cyclonedx-python-lib) and to Cargo.lock

The same sources give the same bytes: the time is that of the commit (SOURCE_DATE_EPOCH), the number is made of the contents.
"""

import base64
import datetime
import json
import os
import pathlib
import re
import sys
import tomllib
import uuid

ROOT = pathlib.Path(__file__).resolve().parent.parent
REGISTRY = "registry+https://github.com/rust-lang/crates.io-index"


def purl(kind, name, version):
    name = name.replace("@", "%40", 1) if name.startswith("@") else name
    return f"pkg:{kind}/{name}@{version}"


def licence(text):
    """SPDX as it is, and what Cargo allowed before it knew SPDX."""
    return [{"expression": re.sub(r"\s*/\s*", " OR ", text)}] if text else []


def document(root, components, edges, properties):
    components.sort(key=lambda c: c["bom-ref"])
    bom = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": root, "properties": properties},
        "components": components,
        "dependencies": [{"ref": ref, "dependsOn": sorted(on)} for ref, on in sorted(edges.items())],
    }
    # A number for these contents, whenever and wherever they are written down.
    bom["serialNumber"] = uuid.uuid5(uuid.NAMESPACE_URL, json.dumps(bom, sort_keys=True)).urn
    seconds = os.environ.get("SOURCE_DATE_EPOCH")
    if seconds:
        moment = datetime.datetime.fromtimestamp(int(seconds), datetime.timezone.utc)
        bom["metadata"]["timestamp"] = moment.strftime("%Y-%m-%dT%H:%M:%SZ")
    return bom


def reached(start, edges):
    seen, left = set(), [start]
    while left:
        one = left.pop()
        if one not in seen:
            seen.add(one)
            left += edges(one)
    return seen


def checksums():
    lock = tomllib.loads((ROOT / "Cargo.lock").read_text())
    return {(p["name"], p["version"]): p.get("checksum") for p in lock["package"]}


def cargo(target):
    metadata = json.load(sys.stdin)
    packages = {p["id"]: p for p in metadata["packages"]}
    nodes = {n["id"]: n for n in metadata["resolve"]["nodes"]}
    sums = checksums()
    root = next(p["id"] for p in packages.values() if p["name"] == "commonweal")
    macros = {i for i, p in packages.items() if any("proc-macro" in t["kind"] for t in p["targets"])}

    def used(of, kinds):
        return [d["pkg"] for d in nodes[of]["deps"] if any(k["kind"] in kinds for k in d["dep_kinds"])]

    # What only tests need is not there at all.
    everything = reached(root, lambda one: used(one, (None, "build")))
    # Build scripts and macros run while it is compiled.
    inside = reached(root, lambda one: [i for i in used(one, (None,)) if i not in macros] if one not in macros else [])

    def component(one):
        p = packages[one]
        ref = purl("cargo", p["name"], p["version"])
        made = {
            "type": "application" if one == root else "library",
            "bom-ref": ref,
            "name": p["name"],
            "version": p["version"],
            "scope": "required" if one in inside else "excluded",
            "licenses": licence(p["license"]),
            "purl": ref,
        }
        checksum = sums.get((p["name"], p["version"]))
        if p["source"] == REGISTRY and checksum:
            made["hashes"] = [{"alg": "SHA-256", "content": checksum}]
        if one == root:
            del made["scope"]
        return made

    refs = {one: purl("cargo", packages[one]["name"], packages[one]["version"]) for one in everything}
    edges = {refs[one]: {refs[d] for d in used(one, (None, "build"))} for one in everything}
    components = [component(one) for one in everything if one != root]
    return document(component(root), components, edges, [{"name": "cargo:target", "value": target}])


def npm():
    lock = json.loads((ROOT / "frontend" / "package-lock.json").read_text())
    packages = lock["packages"]

    def name(path):
        return packages[path].get("name") or path.rpartition("node_modules/")[2]

    def ref(path):
        return purl("npm", name(path), packages[path].get("version", version))

    def found(path, wanted):
        """Where Node.js finds a package that this one asks for: beside it, or further up."""
        while True:
            candidate = f"{path}/node_modules/{wanted}" if path else f"node_modules/{wanted}"
            if candidate in packages:
                return candidate
            if not path:
                return None
            path = path.rpartition("/node_modules/")[0] if "/node_modules/" in path else ""

    def component(path):
        p = packages[path]
        made = {
            "type": "library",
            "bom-ref": ref(path),
            "name": name(path),
            "version": p["version"],
            # What builds and tests is in nothing that is delivered.
            "scope": "excluded" if p.get("dev") or p.get("devOptional") else "required",
            "licenses": licence(p.get("license")),
            "purl": ref(path),
        }
        algorithm, _, encoded = p.get("integrity", "").partition("-")
        if algorithm == "sha512":
            made["hashes"] = [{"alg": "SHA-512", "content": base64.b64decode(encoded).hex()}]
        return made

    version = tomllib.loads((ROOT / "Cargo.toml").read_text())["workspace"]["package"]["version"]
    components = {ref(path): component(path) for path in sorted(packages, reverse=True) if path}
    edges = {}
    for path, p in packages.items():
        asked = [*p.get("dependencies", {}), *p.get("optionalDependencies", {})]
        asked += list(p.get("devDependencies", {})) if not path else []
        there = [at for at in (found(path, wanted) for wanted in asked) if at]
        edges.setdefault(ref(path), set()).update(ref(at) for at in there)
    root = {"type": "application", "bom-ref": ref(""), "name": name(""), "version": version}
    root |= {"licenses": licence(packages[""]["license"]), "purl": ref("")}
    return document(root, list(components.values()), edges, [])


def check(paths):
    from cyclonedx.schema import SchemaVersion
    from cyclonedx.validation.json import JsonStrictValidator

    sums = {purl("cargo", n, v): checksum for (n, v), checksum in checksums().items()}
    faults = []
    for path in paths:
        text = pathlib.Path(path).read_text()
        fault = JsonStrictValidator(SchemaVersion.V1_6).validate_str(text)
        if fault:
            lines = str(fault).splitlines()
            where = next((line.strip() for line in lines if line.startswith("On instance")), "")
            faults.append(f"{path} is not CycloneDX 1.6: {lines[0]} {where}")
            continue
        bom = json.loads(text)
        components = bom["components"]
        refs = {c["bom-ref"] for c in components} | {bom["metadata"]["component"]["bom-ref"]}
        if len(refs) != len(components) + 1:
            faults.append(f"{path} names something twice")
        for dependency in bom["dependencies"]:
            faults += [f"{path}: {r} is not there" for r in {dependency["ref"], *dependency["dependsOn"]} - refs]
        if str(ROOT) in text or os.path.expanduser("~") + "/" in text:
            faults.append(f"{path} names a folder of this machine")
        for c in components:
            ours = c["name"].startswith("commonweal")
            if not c["licenses"]:
                faults.append(f"{path}: {c['purl']} has no licence")
            if not ours and not c.get("hashes"):
                faults.append(f"{path}: {c['purl']} has no checksum")
            if c["purl"].startswith("pkg:cargo/") and not ours:
                if sums.get(c["purl"]) != c["hashes"][0]["content"]:
                    faults.append(f"{path}: {c['purl']} is not as Cargo.lock has it")
        delivered = {c["name"]: c["scope"] for c in components}
        for name, scope in EXPECTED[bom["metadata"]["component"]["name"]].items():
            if delivered.get(name) != scope:
                faults.append(f"{path}: {name} is {delivered.get(name)}, and was to be {scope}")
        print(f"{path}: CycloneDX 1.6, {len(components)} components, "
              f"{sum(s == 'required' for s in delivered.values())} of them delivered")
    return faults


# Some of each kind: delivered, only there to build, only there to test.
EXPECTED = {
    "commonweal": {
        "axum": "required", "tokio": "required", "libsqlite3-sys": "required", "commonweal-web": "required",
        "serde_derive": "excluded", "cc": "excluded", "insta": None, "proptest": None, "commonweal-testkit": None,
    },
    "commonweal-frontend": {"govuk-frontend": "required", "esbuild": "excluded", "playwright-core": "excluded"},
}


def main(arguments):
    match arguments:
        case ["cargo", target]:
            made = cargo(target)
        case ["npm"]:
            made = npm()
        case ["check", *paths] if paths:
            faults = check(paths)
            sys.exit("\n".join(faults) if faults else 0)
        case _:
            sys.exit(__doc__)
    json.dump(made, sys.stdout, indent=1, ensure_ascii=False)
    print()


main(sys.argv[1:])
