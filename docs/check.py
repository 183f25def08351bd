"""Executes the commands of the guides against an emulator: `docs/check.py target/debug/idsync`.

The ids of the examples stand for those of the emulator. A block of TOML whose first line is a comment with a file name becomes
that file. `idsync serve` runs until the end of its guide. STORE names the history of the commands that use it.
"""

import json
import os
import pathlib
import re
import socket
import subprocess
import sys
import tempfile

FOLDER = pathlib.Path(__file__).resolve().parent
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
# The one that may have a block of shell commands, which set up a database.
NEEDS_DATABASE = "postgresql-and-shards.md"
# Two projects, so that a fleet can have two.
SCENARIO = "projects: [{name: cn-north-4_second, workspaces: [second]}]\n"


def start_emulator(program, folder):
    demo = subprocess.run([program, "emulator", "--print-scenario", "demo"], capture_output=True, text=True, check=True).stdout
    demo = re.sub(r"^workspaces: \[(.*)\]$", r"workspaces: [\1, second]", demo, flags=re.MULTILINE)
    scenario = folder / "demo.yaml"
    scenario.write_text(demo + SCENARIO, encoding="utf-8")
    command = [program, "emulator", "--quiet", "--scenario", str(scenario)]
    emulator = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    return emulator, json.loads(emulator.stdout.readline())


def substitutes(ready):
    """What the emulator has in place of the examples."""
    first, second = (project["id"] for project in ready["projects"])
    return {
        "HUAWEICLOUD_SDK_AK=…": f"HUAWEICLOUD_SDK_AK={ready['ak']}",
        "HUAWEICLOUD_SDK_SK=…": f"HUAWEICLOUD_SDK_SK={ready['sk']}",
        "0833a5737480d53b2f25c010dc1a7b88": first,
        "1944b684c1f84a2f8f0d6e6b3a1c5d7e": second,
        "f7bc8f2a71524d268c4293974e3dc35b": ready["workspace"],
        "cc6588d6-8301-4c9a-b0c0-186bb824e8c0": ready["clusters"]["dws"][0],
        "5f6a7b8c-9d0e-4f1a-8b2c-3d4e5f6a7b8c": ready["clusters"]["mrs"][0],
    }


class Guide:
    def __init__(self, path, folder, environment, replaced):
        self.path, self.folder, self.environment, self.replaced = path, folder, environment, replaced
        self.services, self.problems = [], []

    def check(self):
        for language, block in BLOCK.findall(self.path.read_text(encoding="utf-8")):
            named = re.match(r"# (\S+\.toml)\n", block)
            if language == "toml" and named:
                (self.folder / named[1]).write_text(self.real(block), encoding="utf-8")
            if language == "console":
                for command in re.findall(r"^\$ (.+)$", block, re.MULTILINE):
                    self.run(self.real(command))
            elif language in ("bash", "sh", "shell") and self.path.name != NEEDS_DATABASE:
                self.problems.append(f"a block of {language}, which is not executed")
        for command, service in self.services:
            service.terminate()
            if service.wait() != 0:
                self.problems.append(f"{command}: code {service.returncode}")
        return [f"{self.path.name}: {problem}" for problem in self.problems]

    def real(self, text):
        for example, real in self.replaced.items():
            text = text.replace(example, real)
        return text

    def run(self, command):
        if command.startswith("export "):
            self.environment |= dict(word.split("=", 1) for word in command.split()[1:])
            return
        if command.startswith("idsync serve"):
            self.serve(command)
            return
        done = subprocess.run(command, shell=True, cwd=self.folder, env=self.environment, capture_output=True, text=True)
        if done.returncode != 0:
            self.problems.append(f"{command}: code {done.returncode}\n{done.stdout[-500:]}{done.stderr}")

    def serve(self, command):
        with socket.create_server(("127.0.0.1", 0)) as server:
            address = "127.0.0.1:%s" % server.getsockname()[1]
        self.replaced = self.replaced | {"127.0.0.1:9477": address}
        # `exec`: a signal must reach the command and not the shell.
        line = f"exec {command} --listen {address} --interval 1s"
        service = subprocess.Popen(line, shell=True, cwd=self.folder, env=self.environment, stderr=subprocess.PIPE, text=True)
        self.services.append((command, service))
        log = []
        for text in service.stderr:
            log.append(text)
            if "page at" in text:
                break
        else:
            self.problems.append(f"{command}: {''.join(log)}")
        # The first sweep ends a moment later.
        while service.poll() is None and not self.has_swept(address):
            pass

    @staticmethod
    def has_swept(address):
        command = ["curl", "--silent", "--fail", "--output", os.devnull, f"http://{address}/api/v1/report"]
        return subprocess.run(command, check=False).returncode == 0


def main():
    program = pathlib.Path(sys.argv[1]).resolve()
    problems = []
    with tempfile.TemporaryDirectory() as folder:
        emulator, ready = start_emulator(program, pathlib.Path(folder))
        for path in sorted(FOLDER.glob("*.md")):
            home = pathlib.Path(tempfile.mkdtemp(dir=folder))
            search = f"{program.parent}{os.pathsep}{os.environ['PATH']}"
            environment = {"PATH": search, "HOME": str(home), "IDSYNC_NO_METADATA": "1", "IDSYNC_ENDPOINT": ready["url"]}
            environment["STORE"] = os.environ.get("STORE", "history.db")
            keys = {"HUAWEICLOUD_SDK_AK": ready["ak"], "HUAWEICLOUD_SDK_SK": ready["sk"]}
            problems += Guide(path, home, environment | keys, substitutes(ready)).check()
        emulator.terminate()
    return "\n".join(problems) or None


if __name__ == "__main__":
    sys.exit(main())
