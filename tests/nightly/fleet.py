#!/usr/bin/env python3
"""Checks ten thousand clusters with one `idsync status`: whole, right, and in little memory.

The path of the command, a release build, is in IDSYNC_BIN.
"""

import json
import os
import resource
import subprocess
import sys
import time
import urllib.request

PROGRAM = os.environ.get("IDSYNC_BIN", "target/debug/idsync")
# The most memory that the command may take, in kB.
MOST = 40 * 1024


def check(ready):
    """The report, and the seconds that it took."""
    places = ["--region", ready["region"], "--project-id", ready["project_id"], "--workspace", ready["workspace"]]
    keys = {"HUAWEICLOUD_SDK_AK": ready["ak"], "HUAWEICLOUD_SDK_SK": ready["sk"]}
    started = time.monotonic()
    command = [PROGRAM, "status", "--output", "json", *places, "--endpoint", ready["url"]]
    report = subprocess.run(command, env=keys, stdout=subprocess.PIPE, check=True).stdout
    return json.loads(report), time.monotonic() - started


def problems(report, state, memory):
    clusters = {cluster["cluster_id"] for cluster in report["clusters"]}
    if report["counts"] != state["planted"]:
        yield f"verdicts: {report['counts']} reported, {state['planted']} planted"
    if len(clusters) != state["total"]:
        yield f"clusters: {len(clusters)} reported, {state['total']} planted"
    if report["problems"]:
        yield f"problems: {report['problems'][:3]}"
    if memory > MOST:
        yield f"memory: {memory} kB, more than {MOST}"


def main():
    flags = ["--quiet", "--scenario", "fleet-10k"]
    with subprocess.Popen([PROGRAM, "emulator", *flags], stdout=subprocess.PIPE, text=True) as emulator:
        ready = json.loads(emulator.stdout.readline())
        with urllib.request.urlopen(ready["url"] + "/_emulator/state?limit=1") as answer:
            state = json.load(answer)
        report, seconds = check(ready)
        # The emulator has not ended yet, so this is of the command alone.
        memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
        emulator.terminate()
    print(f"{state['total']} clusters in {seconds:.1f} s, with at most {memory} kB: {report['counts']}")
    sys.exit("\n".join(problems(report, state, memory)) or None)


main()
