"""Counts the handwritten source files and functions that `status --demo` and one page of records pass, with callgrind.

python3 benches/path.py   after   cargo build --workspace

Closures count with the function that they are part of; what is derived or generated does not count. The services of
`status --demo` run inside its process. A page of records is one call of the library, without what makes the client. -v lists
what is counted.
"""
import os, re, subprocess, sys, tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BIN = os.path.join(os.environ.get("CARGO_TARGET_DIR", os.path.join(ROOT, "target")), "debug")
OWN = re.compile(r"<*&*(?:mut )?idsync(?:_(?:api|emulator|monitor))?::")
DERIVED = re.compile(r"_::<impl .* for .*>::|^<.* as (?:clap|core::(?:clone|cmp|default|hash|fmt::Debug)|serde)|generated::")


def function(name):
    """The function that `name` is part of; none if it belongs to a library."""
    if not OWN.match(name) or DERIVED.search(name):
        return None
    name = name.split("::{{")[0].split("'")[0]
    # A constructor of a tuple or the initializer of a static is not a function that somebody wrote.
    return None if name.rpartition("::")[2][:1].isupper() else name


def passed(*command):
    with tempfile.NamedTemporaryFile() as out:
        valgrind = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={out.name}"]
        subprocess.run([*valgrind, *command], check=True, capture_output=True)
        lines = out.read().decode().splitlines()
    names, now, found, is_call = {}, {}, set(), False
    for line in lines:
        if head := re.match(r"(c?)f([lien])=\((\d+)\)(?: (.*))?$", line):
            called, what, number, name = head.groups()
            key = ("function" if what == "n" else "file", number)
            names.setdefault(key, name)
            if not called:
                now[key[0]] = names[key]
        elif re.match(r"[+*\d-]", line) and not is_call and function(now["function"]):
            found.add((now["file"].rpartition("crates/")[2], function(now["function"])))
        # The line after `calls` has the cost of the callee.
        is_call = line.startswith("calls=")
    return found


def one_page():
    with subprocess.Popen([f"{BIN}/serve"], stdout=subprocess.PIPE, text=True) as server:
        facade = [f"{BIN}/facade", "records", server.stdout.readline().strip()]
        found = passed(*facade, "1") - passed(*facade, "0")
        server.kill()
    return found


def report(work, found, most_files, most_functions):
    files, functions = {file for file, _ in found if file.startswith("idsync")}, {name for _, name in found}
    print(f"{work}: {len(files)} files of {most_files}, {len(functions)} functions of {most_functions}")
    if "-v" in sys.argv:
        print(*sorted(files), *sorted(functions), sep="\n")


def main():
    report("status --demo", passed(f"{BIN}/idsync", "status", "--demo"), 90, 500)
    report("one page of records", one_page(), 20, 90)


main()
