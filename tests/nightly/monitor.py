#!/usr/bin/env python3
"""Watches ten thousand clusters: without a budget right and in little memory, with one never more requests than it allows.

The path of the command, a release build, is in IDSYNC_BIN. Linux only.
"""

import collections
import contextlib
import datetime
import json
import os
import pathlib
import re
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.request

PROGRAM = os.environ.get("IDSYNC_BIN", "target/debug/idsync")
SWEEPS = 12
# The most memory that the monitor may take, in kB.
MOST = 150 * 1024
BUDGET = 200
# Older answers do not count.
CARRY_MAX = datetime.timedelta(minutes=30)
INTERVAL = datetime.timedelta(minutes=5)
SETTINGS = {"free": "", "limited": f'budget = "{BUDGET}/5m"\ncarry_max = "30m"\n'}


class Services:
    """The emulator of the clusters; its clock stands still."""

    def __init__(self, ready, folder):
        self.url, self.folder = ready["url"], folder
        self.places = ["--region", ready["region"], "--project-id", ready["project_id"], "--endpoint", self.url]
        self.places += ["--workspace", ready["workspace"]]
        keys = {"HUAWEICLOUD_SDK_AK": ready["ak"], "HUAWEICLOUD_SDK_SK": ready["sk"]}
        self.environment = {"IDSYNC_CLOCK": f"{self.url}/_emulator/clock", "HOME": str(folder), **keys}
        for name, serve in SETTINGS.items():
            (folder / f"{name}.toml").write_text(f"[serve]\n{serve}", encoding="utf-8")

    def command(self, name, settings, *flags):
        store = ["--store", self.folder / f"{settings}.db", "--config", self.folder / f"{settings}.toml"]
        return [PROGRAM, name, *store, *flags, *self.places]

    def control(self, method, path, body=None):
        data = json.dumps(body).encode() if body else None
        headers = {"Content-Type": "application/json"}
        request = urllib.request.Request(f"{self.url}/_emulator/{path}", data, headers, method=method)
        with urllib.request.urlopen(request) as response:
            return json.load(response)

    def sent(self):
        """How many requests came since the last call."""
        sent = self.control("GET", "requests")["total"]
        self.control("DELETE", "requests")
        return sent

    def now(self):
        return datetime.datetime.fromisoformat(self.control("GET", "clock")["now"])


@contextlib.contextmanager
def services():
    with tempfile.TemporaryDirectory() as folder:
        command = [PROGRAM, "emulator", "--quiet", "--stopped-clock", "--scenario", "fleet-10k"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as emulator:
            try:
                yield Services(json.loads(emulator.stdout.readline()), pathlib.Path(folder))
            finally:
                emulator.terminate()


@contextlib.contextmanager
def monitor(services, settings):
    """A running `idsync serve`, and a function that gives its metrics."""
    command = services.command("serve", settings, "--listen", "127.0.0.1:0", "--interval", "1s")
    with subprocess.Popen(command, env=services.environment, stderr=subprocess.PIPE, text=True) as served:
        try:
            lines = iter(served.stderr.readline, "")
            address = next(line for line in lines if "metrics at" in line).split("metrics at ")[1].strip()
            yield served, lambda: metrics(address)
        finally:
            served.terminate()
            served.stderr.read()


def metrics(address):
    with urllib.request.urlopen(address) as response:
        samples = (line.rsplit(" ", 1) for line in response.read().decode().splitlines() if not line.startswith("#"))
        return {name: float(value) for name, value in samples}


def wait_for_sweeps(read, number):
    sweeps = 'idsync_sweeps_total{outcome="complete"}'
    while (seen := read()).get(sweeps, 0) < number:
        time.sleep(0.5)
    return seen


def counts(samples):
    """How many clusters have each verdict that occurs."""
    found = collections.Counter()
    for name, value in samples.items():
        if name.startswith("idsync_clusters{"):
            found[re.search('verdict="([a-z_]+)"', name)[1]] += int(value)
    return {verdict: number for verdict, number in found.items() if number}


def peak(pid):
    """The most memory that a process has taken, in kB."""
    with open(f"/proc/{pid}/status", encoding="utf-8") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM:"))


def without_budget(services):
    planted = services.control("GET", "state?limit=1")["planted"]
    started = time.monotonic()
    with monitor(services, "free") as (served, read):
        samples = wait_for_sweeps(read, SWEEPS)
        memory = peak(served.pid)
    seen = counts(samples)
    print(f"without a budget: {SWEEPS} sweeps in {time.monotonic() - started:.0f} s, at most {memory} kB: {seen}")
    if seen != planted:
        yield f"verdicts: {seen} seen, {planted} planted"
    if memory > MOST:
        yield f"memory: {memory} kB, more than {MOST}"


def with_budget(services):
    services.sent()
    sent = []
    for _ in range(SWEEPS):
        done = subprocess.run(services.command("sweep", "limited"), env=services.environment, stderr=subprocess.PIPE, text=True, check=True)
        sent.append(services.sent())
        if "complete:" not in done.stderr:
            yield f"a sweep was not complete: {done.stderr}"
        services.control("POST", "clock/advance", {"seconds": INTERVAL.total_seconds()})
    if max(sent) > BUDGET:
        yield f"requests of sweeps: {sent}, more than {BUDGET}"
    with monitor(services, "limited") as (_, read):
        samples = wait_for_sweeps(read, 1)
    oldest = services.now().timestamp() - samples["idsync_oldest_answer_timestamp_seconds"]
    print(f"with a budget: requests of each sweep {sent}; the oldest answer is {oldest / 60:.0f} min old; {counts(samples)}")
    yield from problems_of_ages(services, oldest)


def problems_of_ages(services, oldest):
    """What is older than `carry_max` does not count, and nothing else is refused for that reason.

    An MRS cluster is still healthy if a task says so, which is read in each sweep: its flag is a note then.
    """
    latest = int((services.now() - CARRY_MAX).timestamp() * 1000)
    is_judged = """cluster_type = 'mrs' and health like '%"code":"task_succeeded"%' and health like '%"code":"source_unavailable"%'"""
    is_said, is_healthy = "health like '%too long ago to still count%'", f"verdict = 'healthy' and not ({is_judged})"
    query = f"select asked_at < ?, {is_said}, {is_healthy}, count(*) from cluster"
    with contextlib.closing(sqlite3.connect(services.folder / "limited.db")) as store:
        groups = store.execute(f"{query} where asked_at is not null group by 1, 2, 3", [latest]).fetchall()
        least = store.execute("select min(asked_at) from cluster").fetchone()[0]
    if abs(services.now().timestamp() - oldest - least / 1000) > 1:
        yield f"the oldest answer is said to be {oldest} s old, but was given at {least}"
    old = sum(count for is_old, _, _, count in groups if is_old)
    print(f"{old} clusters were last asked longer ago than {CARRY_MAX}")
    if old == 0:
        yield "no answer became too old"
    for is_old, is_said, is_healthy, count in groups:
        if is_old != is_said or (is_old and is_healthy):
            yield f"{count} clusters: older than carry_max {is_old}, said {is_said}, healthy {is_healthy}"


def main():
    with services() as running:
        problems = [*without_budget(running), *with_budget(running)]
    sys.exit("\n".join(problems) or None)


main()
