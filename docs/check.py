"""Executes the commands of the guides: `docs/check.py target/debug/idsync`. STORE names the history of those that use it."""

import os
import pathlib
import re
import subprocess
import sys
import tempfile

BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def main() -> int:
    program = pathlib.Path(sys.argv[1]).resolve()
    failed = 0
    for guide in sorted(pathlib.Path(__file__).parent.glob("*.md")):
        with tempfile.TemporaryDirectory() as folder:
            path = f"{program.parent}{os.pathsep}{os.environ['PATH']}"
            store = os.environ.get("STORE", "history.db")
            environment = {"PATH": path, "HOME": folder, "IDSYNC_NO_METADATA": "1", "STORE": store}
            for block in BLOCK.findall(guide.read_text(encoding="utf-8")):
                for command in re.findall(r"^\$ (.+)$", block, re.MULTILINE):
                    done = subprocess.run(command, shell=True, cwd=folder, env=environment, capture_output=True, text=True)
                    if done.returncode != 0:
                        failed += 1
                        print(f"{guide.name}: {command}: code {done.returncode}\n{done.stderr}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
