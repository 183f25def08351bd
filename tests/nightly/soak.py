#!/usr/bin/env python3
"""Loads an emulator that fails on purpose while its clock runs; it must not fail otherwise. Linux only.

soak.py MINUTES; the path of the command is in IDSYNC_BIN.
"""

import http.client
import json
import os
import random
import subprocess
import sys
import threading
import time
from urllib.parse import urlsplit

PROGRAM = os.environ.get("IDSYNC_BIN", "target/debug/idsync")
FLAGS = ["--tasks", "2000", "--records", "20000", "--seed", "11", "--time-scale", "60"]
THREADS = 4
# Each happens in one call of a hundred.
FAULTS = [
    {"kind": "status", "status": 503},
    {"kind": "html"},
    {"kind": "status", "status": 200, "body": "{\"tasks\": [{"},
    {"kind": "drop"},
    {"kind": "raw", "end": "reset"},
]
# Growth that is no leak, in kB: buffers and tables that were not full yet.
SLACK = 8 * 1024


class Caller(threading.Thread):
    """Calls until the end, and counts the calls that a fault explains."""

    def __init__(self, ready, seed, end):
        super().__init__()
        self.ready, self.random, self.end = ready, random.Random(seed), end
        self.sent = self.faults = 0
        self.wrong = []

    def run(self):
        while time.monotonic() < self.end:
            method, path, body, status = self.random.choice(self.calls())
            token = {"X-Auth-Token": self.ready["token"]} if status == 200 else {}
            self.sent += 1
            try:
                got, text = send(self.ready["url"], method, path, body, {"workspace": self.ready["workspace"], **token})
            except (OSError, http.client.HTTPException):
                self.faults += 1
                continue
            self.judge(f"{method} {path}", status, got, text)

    def calls(self):
        project, clusters, page = self.ready["project_id"], self.ready["clusters"], self.random.randrange(40)
        tasks = f"/v1/{project}/security/member-sync-tasks?limit=50&offset={page * 50}&order_by=SYNC_TIME"
        records = f"/v1/{project}/clusters/{clusters['dws'][0]}/db-manager/sync-records?limit=100&offset={page}"
        flag = f"/v2/{project}/clusters/{clusters['mrs'][0]}/iam-sync"
        reads = [("GET", path, None, 200) for path in (tasks, records, flag)]
        return 2 * reads + [("POST", "/v3/auth/tokens", "{}", 400), ("GET", "/v3/projects?name=cn-north-4", None, 401)]

    def judge(self, call, status, got, text):
        is_json = parses(text)
        if got == status and is_json:
            return
        # HTML and broken JSON come with status 200, whatever was called.
        if got == 503 or (got == 200 and not is_json):
            self.faults += 1
        else:
            self.wrong.append(f"{call}: {got} {text[:200]}")


def parses(text):
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def send(url, method, path, body=None, headers=None):
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=30)
    try:
        connection.request(method, path, body, {"Content-Type": "application/json", **(headers or {})})
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def resident(pid):
    with open(f"/proc/{pid}/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS:"))


def watch_memory(pid, end):
    """The most memory, in kB, in the first and in the second half of the time."""
    samples = []
    while time.monotonic() < end:
        samples.append(resident(pid))
        time.sleep(1)
    half = len(samples) // 2
    return max(samples[:half]), max(samples[half:])


def problems(callers, counted, first, second):
    sent, faults = sum(caller.sent for caller in callers), sum(caller.faults for caller in callers)
    print(f"{sent} requests, {faults} with a fault, {counted} counted by the emulator, {first} and {second} kB")
    for caller in callers:
        yield from caller.wrong[:10]
    if not 0.03 * sent <= faults <= 0.07 * sent:
        yield f"{faults} of {sent} calls had a fault, where 5 in 100 are configured"
    if counted != sent:
        yield f"{sent} requests were sent, but the emulator counted {counted}"
    if second > first * 1.1 + SLACK:
        yield f"memory grew from {first} to {second} kB in the second half"


def main():
    with subprocess.Popen([PROGRAM, "emulator", "--quiet", *FLAGS], stdout=subprocess.PIPE, text=True) as emulator:
        ready = json.loads(emulator.stdout.readline())
        for fault in FAULTS:
            send(ready["url"], "POST", "/_emulator/faults", json.dumps({"operation": "any", "share": 0.01, **fault}))
        end = time.monotonic() + 60 * float(sys.argv[1])
        callers = [Caller(ready, seed, end) for seed in range(THREADS)]
        for caller in callers:
            caller.start()
        memory = watch_memory(emulator.pid, end)
        for caller in callers:
            caller.join()
        counted = json.loads(send(ready["url"], "GET", "/_emulator/requests")[1])["total"]
        emulator.terminate()
    sys.exit("\n".join(problems(callers, counted, *memory)) or None)


main()
