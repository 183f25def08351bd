#!/usr/bin/env python3
"""Checks that `idsync serve` answers about ten thousand clusters in at most 100 ms: page, filters, API and metrics.

The path of the command, a release build, is in IDSYNC_BIN.
"""

import http.client
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

PROGRAM = os.environ.get("IDSYNC_BIN", "target/debug/idsync")
# Most milliseconds of an answer.
MOST = 100
REQUESTS = 15
PATHS = [
    "/",
    "/?range=30d",
    "/?unwell=1",
    "/?q=dws&page=150",
    "/api/v1/clusters?limit=50",
    "/api/v1/clusters?verdict=failing",
]
# What has all clusters is made once a sweep: the slowest answer counts, which is the first.
WHOLE = ["/api/v1/clusters", "/api/v1/report", "/metrics"]


def processor_time(process):
    """Milliseconds that a process has worked."""
    fields = pathlib.Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")


def get(address, path):
    connection = http.client.HTTPConnection(address)
    started = time.perf_counter()
    connection.request("GET", path)
    answer = connection.getresponse()
    body = answer.read()
    took = (time.perf_counter() - started) * 1000
    connection.close()
    return answer.status, body, took


def serve(ready, folder):
    places = ["--region", ready["region"], "--project-id", ready["project_id"], "--workspace", ready["workspace"]]
    keys = {"HUAWEICLOUD_SDK_AK": ready["ak"], "HUAWEICLOUD_SDK_SK": ready["sk"]}
    flags = ["--listen", "127.0.0.1:0", "--interval", "1h", "--store", f"{folder}/history.db", "--endpoint", ready["url"]]
    command = [PROGRAM, "serve", *flags, *places]
    child = subprocess.Popen(command, env=keys, stderr=subprocess.PIPE, text=True)
    for line in child.stderr:
        if "page at http://" in line:
            return child, line.split("page at http://")[1].split("/")[0]
    sys.exit("it ended before it listened")


def main():
    flags = ["--quiet", "--scenario", "fleet-10k"]
    found = []
    with subprocess.Popen([PROGRAM, "emulator", *flags], stdout=subprocess.PIPE, text=True) as emulator, tempfile.TemporaryDirectory() as folder:
        child, address = serve(json.loads(emulator.stdout.readline()), folder)
        # The page reads what the sweep has stored.
        while b'class="name"' not in get(address, "/")[1]:
            time.sleep(0.2)
        for path in PATHS + WHOLE:
            before = processor_time(child.pid)
            answers = [get(address, path) for _ in range(REQUESTS)]
            worked = (processor_time(child.pid) - before) / REQUESTS
            took = [milliseconds for _, _, milliseconds in answers]
            median, size = statistics.median(took), len(answers[0][1]) / 1000
            print(f"{path:34} {size:8.1f} kB, median {median:5.1f} ms, slowest {max(took):5.1f} ms, processor {worked:5.1f} ms")
            if any(status != 200 for status, _, _ in answers):
                found.append(f"{path}: not every answer has status 200")
            judged = median if path in PATHS else max(took)
            if judged > MOST:
                found.append(f"{path}: {judged:.0f} ms, more than {MOST}")
        child.terminate()
        child.wait()
        emulator.terminate()
    sys.exit("\n".join(found) or None)


main()
