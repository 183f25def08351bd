"""Counts the source files and functions of this project that a command passes, with callgrind on a debug build.

python3 benches/path.py   after   cargo build -p idsync-cli

Closures, the parts of a derived implementation and shims count once, with the function or type they are part of. The
services of `status --demo` run inside its process, those of `records` in another one. -v lists what is counted.
"""
import json, os, re, subprocess, sys, tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
TARGET = os.environ.get("CARGO_TARGET_DIR", os.path.join(ROOT, "target"))
IDSYNC = f"{TARGET}/debug/idsync"
BOUNDS = {"status --demo": (90, 500), "records": (20, 90)}
OWN = re.compile(r"<*&*(?:mut )?idsync(?:_\w+)?::")


def function(name):
    """The function or derived implementation that `name` is part of; none if it belongs to a library."""
    if not OWN.match(name):
        return None
    if impl := re.search(r"_::<impl .* for (.*?)>::|^<(.*) as (?:clap|core::(?:clone|cmp|default|hash|fmt::Debug)|serde)", name):
        return f"derived for {impl[1] or impl[2]}"
    return name.split("::{{")[0].split("'")[0]


def passed(arguments, variables):
    with tempfile.NamedTemporaryFile() as out:
        command = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={out.name}", IDSYNC, *arguments]
        subprocess.run(command, env=os.environ | variables, check=True, capture_output=True)
        lines = out.read().decode().splitlines()
    names, now, files, functions, is_call = {}, {}, set(), set(), False
    for line in lines:
        if head := re.match(r"(c?)f([lien])=\((\d+)\)(?: (.*))?$", line):
            called, what, number, name = head.groups()
            key = ("function" if what == "n" else "file", number)
            names.setdefault(key, name)
            if not called:
                now[key[0]] = names[key]
        elif re.match(r"[+*\d-]", line) and not is_call:
            files.update(re.findall(r"/(crates/idsync.*\.rs)$", now["file"]))
            functions.add(function(now["function"]))
        # The line after `calls` has the cost of the callee.
        is_call = line.startswith("calls=")
    return files, functions - {None}


def main():
    emulator = subprocess.Popen([IDSYNC, "emulator", "-q"], stdout=subprocess.PIPE, text=True)
    ready = json.loads(emulator.stdout.readline())
    variables = {"IDSYNC_ENDPOINT": ready["url"], "HUAWEICLOUD_SDK_PROJECT_ID": ready["project_id"]}
    variables |= {"HUAWEICLOUD_SDK_AK": ready["ak"], "HUAWEICLOUD_SDK_SK": ready["sk"]}
    for work, bounds in BOUNDS.items():
        arguments = work.split() if work != "records" else [work, ready["clusters"]["dws"][0]]
        found = passed(arguments, variables)
        print(f"{work}: {len(found[0])} files of {bounds[0]}, {len(found[1])} functions of {bounds[1]}")
        if "-v" in sys.argv:
            print(*sorted(found[0]), *sorted(found[1]), sep="\n")
    emulator.terminate()


main()
