"""Kills monitors and servers of databases while they work: `tests/stores/kill.py target/debug/idsync`.

Afterwards the history has whole sweeps only, and every alert was delivered, under one id. PostgreSQL is the database that
IDSYNC_TEST_POSTGRES names; without it, SQLite alone is checked.
"""

import collections
import concurrent.futures
import contextlib
import datetime
import http.server
import json
import os
import pathlib
import random
import re
import shlex
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request

PROGRAM = pathlib.Path(sys.argv[1]).resolve()
SERVER = os.environ.get("IDSYNC_TEST_POSTGRES")
KILLS = 50
CLUSTERS = 24
# Seconds that pass at the services in one second: enough for an alert in most sweeps.
SCALE = 300
PATIENCE = 20


class Receiver(http.server.ThreadingHTTPServer):
    """Takes messages, and counts how often each came."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.bodies, self.came = {}, collections.Counter()
        self.arrival = threading.Event()
        self.lock = threading.Lock()
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def take(self, identity, body):
        with self.lock:
            known = self.bodies.setdefault(identity, body)
            assert known == body, f"{identity} came with two bodies"
            self.came[identity] += 1
            self.arrival.set()
            # Each is refused at most once, so that the test need not wait for a second attempt for long.
            return self.came[identity] > 1 or random.random() > 0.1

    def messages(self):
        with self.lock:
            return [json.loads(body) for body in self.bodies.values()]


class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        is_taken = self.server.take(self.headers["webhook-id"], body)
        # A kill often falls between the delivery and its note in the store.
        time.sleep(0.02)
        with contextlib.suppress(OSError):
            self.send_response(204 if is_taken else 503)
            self.end_headers()

    def log_message(self, *_):
        pass


class Site:
    """An emulator, a receiver and a store."""

    def __init__(self, stack, store, tables, interval="60ms"):
        self.stack, self.store, self.tables = stack, store, tables
        self.folder = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory()))
        self.receiver = Receiver()
        stack.callback(self.receiver.shutdown)
        scenario = self.folder / "fleet.yaml"
        scenario.write_text(fleet(), encoding="utf-8")
        flags = ["emulator", "--scenario", scenario, "--time-scale", str(SCALE), "-o", "json"]
        self.emulator = subprocess.Popen([PROGRAM, *flags], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        stack.callback(self.emulator.wait)
        stack.callback(self.emulator.kill)
        self.ready = json.loads(self.emulator.stdout.readline())
        self.config = self.folder / "serve.toml"
        self.config.write_text(
            f'[serve]\ninterval = "{interval}"\n[[receiver]]\nname = "ops"\nformat = "webhook"\n'
            f'url = "http://127.0.0.1:{self.receiver.server_port}/"\nremind = "3m"\n',
            encoding="utf-8",
        )

    def start(self):
        ready = self.ready
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "IDSYNC_NO_METADATA": "1",
            "IDSYNC_ENDPOINT": ready["url"],
            "IDSYNC_WORKSPACE": ready["workspace"],
            "IDSYNC_CLOCK": ready["url"] + "/_emulator/clock",
            "HUAWEICLOUD_SDK_AK": ready["ak"],
            "HUAWEICLOUD_SDK_SK": ready["sk"],
            "HUAWEICLOUD_SDK_PROJECT_ID": ready["project_id"],
            "IDSYNC_REGION": ready["region"],
        }
        monitor = Monitor(self, environment)
        self.stack.callback(monitor.kill)
        return monitor

    def sweeps(self):
        return len(self.tables("sweep"))


class Monitor:
    """A running `idsync serve`."""

    def __init__(self, site, environment):
        flags = ["serve", "--config", site.config, "--store", site.store, "--listen", "127.0.0.1:0"]
        self.process = subprocess.Popen([PROGRAM, *flags], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        self.lines, self.address = [], None
        for line in self.process.stderr:
            self.lines.append(line)
            found = re.search(r"page at (http://[^/]+)/", line)
            if found:
                self.address = found[1]
                break
        assert self.address, "".join(self.lines)
        threading.Thread(target=lambda: self.lines.extend(self.process.stderr), daemon=True).start()

    def kill(self):
        self.process.kill()
        self.process.wait()

    def stop(self):
        self.process.terminate()
        code = self.process.wait(PATIENCE)
        assert code == 0, f"code {code}: {self.lines[-5:]}"

    def get(self, path):
        with urllib.request.urlopen(self.address + path, timeout=PATIENCE) as answer:
            return answer.read().decode()

    def is_leading(self):
        return "\nidsync_leader 1\n" in self.get("/metrics")


def fleet():
    """Clusters that fail and recover, each in its own rhythm."""
    text = "workspaces: [w]\nclusters:\n"
    for number in range(CLUSTERS):
        kind = "DWS" if number % 3 else "MRS"
        text += f"""  - name: c{number}-{kind.lower()}
    type: {kind}
    task:
      schedule: {{every: {4 + number % 9}m}}
      first_run: {30 + number}m ago
      runs:
        - {{status: SYNC_SUCCESS, times: {2 + number % 5}, lasts: 30s}}
        - {{status: SYNC_FAIL, times: {1 + number % 4}, lasts: 30s, message: "no agency"}}
"""
    return text


def until(condition, what, patience=PATIENCE):
    end = time.monotonic() + patience
    while not condition():
        assert time.monotonic() < end, f"waited {patience} s in vain: {what}"
        time.sleep(0.02)


def millis(text):
    time_of = datetime.datetime.fromisoformat(text[:26].rstrip("Z") + "+00:00")
    return (time_of - datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)) // datetime.timedelta(milliseconds=1)


def check_sweeps(site):
    """Every row of a cluster and its spells comes from a sweep that was stored as a whole."""
    tables = site.tables
    sweeps = {row["started_at"] for row in tables("sweep")}
    spells = collections.defaultdict(list)
    for row in sorted(tables("spell"), key=lambda row: row["began_at"]):
        spells[row["cluster"]].append(row)
    clusters = tables("cluster")
    assert len(clusters) == CLUSTERS, clusters
    for cluster in clusters:
        own = spells[cluster["key"]]
        for spell, after in zip(own, own[1:] + [None]):
            assert spell["began_at"] in sweeps, f"{spell} comes from no sweep"
            assert spell["ended_at"] == (after and after["began_at"]), f"{spell} does not end where {after} begins"
        last = own[-1]
        assert (last["began_at"], last["verdict"]) == (cluster["since"], cluster["verdict"]), (last, cluster)
        assert cluster["last_seen"] in sweeps, cluster
    return len(sweeps)


def check_alerts(site):
    """Each change of an episode is in one message."""
    names = {row["cluster_id"]: row["key"] for row in site.tables("cluster")}
    told = collections.Counter()
    for message in site.receiver.messages():
        assert not message["truncated"], message
        for cluster in message["clusters"]:
            told[names[cluster["cluster_id"]], message["type"], millis(message["at"])] += 1
    twice = [event for event, count in told.items() if count > 1]
    assert not twice, f"told under two ids: {twice}"
    due = set()
    for row in site.tables("episode"):
        events = [("fired", row["fired_at"]), ("reminded", row["reminded_at"])]
        if row["fired_at"]:
            events.append(("resolved", row["closed_at"]))
        due |= {(row["cluster"], event, at) for event, at in events if at}
    assert due <= set(told), f"never told: {due - set(told)}"
    # A message never tells what is not stored; earlier reminders are not kept.
    foreign = {event for event in set(told) - due if event[1] != "reminded"}
    assert not foreign, f"told but not stored: {foreign}"
    return sum(event[1] == "fired" for event in due)


def settle(site, monitor):
    """Ends `monitor` after it has delivered everything."""
    site.config.write_text(site.config.read_text().replace('remind = "3m"\n', ""), encoding="utf-8")
    monitor.stop()
    # The last sweep may have left messages: a monitor that cannot sweep delivers them.
    site.emulator.kill()
    site.emulator.wait()
    monitor = site.start()
    until(lambda: not site.tables("outbox"), "all messages are delivered")
    monitor.stop()


def killed_while_it_works(name, store, tables):
    with contextlib.ExitStack() as stack:
        site = Site(stack, store, tables)
        for kill in range(KILLS):
            site.receiver.arrival.clear()
            sweeps = site.sweeps()
            monitor = site.start()
            if kill % 2:
                site.receiver.arrival.wait(2)
                time.sleep(random.random() * 0.03)
            else:
                until(lambda: site.sweeps() > sweeps, "a sweep is stored")
                time.sleep(random.random() * 0.1)
            monitor.kill()
        monitor = site.start()
        sweeps = site.sweeps()
        until(lambda: site.sweeps() > sweeps, "sweeps go on")
        settle(site, monitor)
        sweeps, alerts = check_sweeps(site), check_alerts(site)
        again = sum(count > 1 for count in site.receiver.came.values())
        assert alerts > CLUSTERS, f"{alerts} alerts prove nothing"
        print(f"{name}, {KILLS} kills: {sweeps} sweeps, {alerts} alerts, {again} messages delivered again under the same id")


def restarted_under_load(store, tables):
    with contextlib.ExitStack() as stack:
        site = Site(stack, store, tables, "40ms")
        monitor = site.start()
        for mode in ["fast", "immediate", "fast"]:
            sweeps = site.sweeps()
            until(lambda: site.sweeps() > sweeps + 3, "sweeps before a restart")
            control("restart", "--mode", mode)
            sweeps = site.sweeps()
            until(lambda: site.sweeps() > sweeps + 3, "sweeps after a restart")
            assert monitor.is_leading() and monitor.process.poll() is None
        settle(site, monitor)
        print(f"PostgreSQL restarted under load: {check_sweeps(site)} sweeps, {check_alerts(site)} alerts")


def taken_over(store, tables):
    with contextlib.ExitStack() as stack:
        interval = 0.5
        site = Site(stack, store, tables, "500ms")
        leader = site.start()
        until(leader.is_leading, "the first one leads")
        for _ in range(4):
            standby = site.start()
            until(lambda: "c1-dws" in standby.get("/"), "a standby serves pages")
            assert not standby.is_leading() and leader.is_leading()
            assert standby.get("/readyz") == "ok\n"
            until(lambda: "idsync_clusters{" in standby.get("/metrics"), "a standby serves metrics")
            leader.kill()
            killed = time.monotonic()
            until(standby.is_leading, "the standby takes over", interval + 0.5)
            took = time.monotonic() - killed
            sweeps = site.sweeps()
            until(lambda: site.sweeps() > sweeps, "the new leader sweeps")
            leader = standby
        settle(site, leader)
        print(f"taken over after {took:.2f} s of {interval} s: {check_sweeps(site)} sweeps, {check_alerts(site)} alerts")


def encrypted():
    port = re.search(r":(\d+)/", SERVER)[1]
    url = SERVER.replace(f"127.0.0.1:{port}", f"localhost:{port}") + "&sslmode=verify-full"
    certificate = {"SSL_CERT_FILE": os.environ["IDSYNC_TEST_CERTIFICATE"]}
    for environment, expected in [(certificate, "has no cluster"), ({}, "certificate")]:
        flags = ["history", "nothing", "--store", url]
        done = subprocess.run([PROGRAM, *flags], env=environment, capture_output=True, text=True, check=False)
        assert expected in done.stderr, done.stderr
    print("TLS: a certificate that is trusted is required")


def control(*arguments):
    subprocess.run([*shlex.split(os.environ["IDSYNC_TEST_PG_CTL"]), *arguments], check=True, stdout=subprocess.DEVNULL)


def sqlite_tables(path):
    def tables(name):
        with contextlib.closing(sqlite3.connect(path)) as connection:
            connection.row_factory = sqlite3.Row
            try:
                return [dict(row) for row in connection.execute(f"select * from {name}")]
            except sqlite3.OperationalError as error:
                if "no such table" not in str(error):
                    raise
                return []

    return tables


def psql(sql):
    port = re.search(r":(\d+)/", SERVER)[1]
    password = pathlib.Path(SERVER.rpartition("password_file=")[2]).read_text(encoding="utf-8")
    flags = ["--host", "127.0.0.1", "--port", port, "--username", "idsync", "--tuples-only", "--no-align", "--quiet"]
    command = ["psql", *flags, "--command", sql, "postgres"]
    return subprocess.run(command, env={**os.environ, "PGPASSWORD": password}, capture_output=True, text=True, check=False)


def postgres(schema):
    """The URL of a new schema, and what reads its tables."""
    made = psql(f"create schema {schema}")
    assert made.returncode == 0, made.stderr

    def tables(name):
        done = psql(f"select coalesce(json_agg(t), '[]') from {schema}.{name} t")
        assert done.returncode == 0 or "does not exist" in done.stderr, done.stderr
        return json.loads(done.stdout) if done.returncode == 0 else []

    return f"{SERVER}&options=-csearch_path%3D{schema}", tables


def main():
    random.seed(18)
    with tempfile.TemporaryDirectory() as folder, concurrent.futures.ThreadPoolExecutor() as pool:
        path = f"{folder}/history.db"
        jobs = [pool.submit(killed_while_it_works, "SQLite", path, sqlite_tables(path))]
        if SERVER:
            jobs.append(pool.submit(killed_while_it_works, "PostgreSQL", *postgres("killed")))
            jobs.append(pool.submit(taken_over, *postgres("taken_over")))
        for job in jobs:
            job.result()
    if SERVER:
        encrypted()
        restarted_under_load(*postgres("restarted"))


if __name__ == "__main__":
    main()
