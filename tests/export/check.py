#!/usr/bin/env python3
"""Checks `idsync export` on the history of two simulated days: DuckDB reads what the store has.

Run it with the Python of .venv, which has DuckDB. The path of the command is in IDSYNC_BIN.
"""

import contextlib
import datetime
import json
import os
import pathlib
import resource
import sqlite3
import subprocess
import tempfile
import urllib.request

import duckdb

PROGRAM = os.path.abspath(os.environ.get("IDSYNC_BIN", "target/debug/idsync"))
PROJECTS = 5
SHARDS = 64
SWEEP_EVERY = datetime.timedelta(hours=3)
DAY = datetime.timedelta(days=1)
TABLES = ["spells", "runs", "sweeps"]
# What the store has of a day, from its beginning to its end in milliseconds.
STORED = {
    "spells": "select count(*) from spell where began_at < :end and (ended_at is null or ended_at > :begin)",
    "runs": "select count(*) from run where seen_at >= :begin and seen_at < :end and status not in ('SYNCING', 'RUNNING')",
    "sweeps": "select count(*) from sweep where started_at >= :begin and started_at < :end",
}
# Tasks and identity sources that fail now and then.
CLUSTERS = """
  - name: p{number}-dws
    type: DWS
    workspaces: [w{number}]
    task:
      schedule: {{every: 4h}}
      first_run: {first}h ago
      runs: [{{status: SYNC_SUCCESS, times: 3}}, {{status: SYNC_FAIL, message: "timeout: no answer within 60 s"}}]
    identity_source:
      every: 6h
      first_run: 40h ago
      runs: [{{update_count: 1}}, {{status: FAILED, fail_reason: "LDAP bind as uid=\\u4e2d was refused"}}]
  - name: p{number}-mrs
    type: MRS
    workspaces: [w{number}]
    task:
      schedule: {{every: 2h}}
      first_run: {first}h ago
      runs: [{{status: SYNC_SUCCESS, times: 5}}, {{status: SYNC_FAIL, message: "permission denied"}}]
"""


def scenario():
    extra = [f"  - {{name: cn-north-4_{number}, workspaces: [w{number}]}}\n" for number in range(1, PROJECTS)]
    clusters = [CLUSTERS.format(number=number, first=10 + number) for number in range(PROJECTS)]
    names = ", ".join(f"w{number}" for number in range(PROJECTS))
    return f"workspaces: [{names}]\nprojects:\n{''.join(extra)}clusters:{''.join(clusters)}"


def fleet(ready):
    """The fleet file of all projects."""
    for project in ready["projects"]:
        yield f"[[project]]\nproject_id = '{project['id']}'\nendpoint = '{ready['url']}'\n"
        yield f"workspaces = {json.dumps(project['workspaces'])}\n"


class Fleet:
    """An emulator with a clock that stands still, and a history of its clusters."""

    def __init__(self, ready, folder):
        self.url, self.folder, self.store = ready["url"], folder, folder / "history.db"
        (folder / "fleet.toml").write_text("".join(fleet(ready)), encoding="utf-8")
        keys = {"HUAWEICLOUD_SDK_AK": ready["ak"], "HUAWEICLOUD_SDK_SK": ready["sk"]}
        self.environment = {"IDSYNC_CLOCK": f"{self.url}/_emulator/clock", "HOME": str(folder), **keys}

    def run(self, command, *flags, **options):
        line = [PROGRAM, command, "--store", self.store, *flags]
        return subprocess.run(line, env=self.environment, capture_output=True, text=True, **options)

    def sweep(self):
        self.run("sweep", "--fleet", self.folder / "fleet.toml", check=True)

    def export(self, folder, day, *flags):
        done = self.run("export", "--to", folder, "--day", str(day), *flags)
        assert done.returncode == 0, done.stderr
        return folder

    def refused(self, words, *flags, code=1, **options):
        done = self.run("export", *flags, **options)
        assert done.returncode == code and words in done.stderr, f"{flags}: {done.returncode} {done.stderr}"

    def now(self, to=None):
        """The clock of the emulator, moved forward first if `to` is given."""
        body = json.dumps({"now": to.isoformat()}).encode() if to else None
        headers = {"Content-Type": "application/json"}
        request = urllib.request.Request(f"{self.url}/_emulator/clock", body, headers, method="PUT" if to else "GET")
        with urllib.request.urlopen(request) as response:
            return datetime.datetime.fromisoformat(json.load(response)["now"])

    def sweep_until(self, end):
        now = self.now()
        while now + SWEEP_EVERY < end:
            now = self.now(now + SWEEP_EVERY)
            self.sweep()


@contextlib.contextmanager
def fleet_of_emulator():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / "scenario.yaml").write_text(scenario(), encoding="utf-8")
        command = [PROGRAM, "emulator", "--quiet", "--stopped-clock", "--scenario", folder / "scenario.yaml"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as emulator:
            try:
                yield Fleet(json.loads(emulator.stdout.readline()), folder)
            finally:
                emulator.terminate()


def files(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def rows(folder, table, day=None):
    """The rows of a table as a relation, with the day as its column `date`."""
    partition = f"date={day}" if day else "*"
    return duckdb.sql(f"select * from read_parquet('{folder}/{table}/{partition}/*.parquet', hive_partitioning = true)")


def count(relation):
    return relation.aggregate("count(*)").fetchall()[0][0]


def check_counts(fleet, folder, day):
    """DuckDB counts what the store has."""
    begin = int(day.timestamp() * 1000)
    with contextlib.closing(sqlite3.connect(fleet.store)) as store:
        for table, query in STORED.items():
            stored = store.execute(query, {"begin": begin, "end": begin + 86_400_000}).fetchall()[0][0]
            exported = count(rows(folder, table, day.date()))
            print(f"{day.date()} {table}: {exported} rows")
            assert stored == exported > 0, f"{table}: {stored} stored, {exported} exported"


def check_day(folder, day):
    """What the rows of a day say."""
    spells = rows(folder, "spells", day).aggregate("cluster_id, sum(ms_in_day)", "cluster_id").fetchall()
    assert [lasted for _, lasted in spells] == [86_400_000] * 2 * PROJECTS, spells
    types = dict(zip(rows(folder, "spells").columns, map(str, rows(folder, "spells").types)))
    assert types["began_at"] == "TIMESTAMP WITH TIME ZONE" and types["ms_in_day"] == "BIGINT", types
    open_ends = rows(folder, "spells", day).filter("(ended_at is null) <> (reasons is null)")
    assert count(open_ends) == 0, open_ends
    sweeps = rows(folder, "sweeps", day).filter(f"not is_complete or failing + healthy + running + partial <> {2 * PROJECTS}")
    assert count(sweeps) == 0, sweeps
    failures = rows(folder, "runs", day).filter("not succeeded and fail_reason like '%中%'")
    assert count(failures) > 0


def check_shards(fleet, whole, day):
    """The files of all shards have the rows of the one file, each once."""
    folder = fleet.folder / "shards"
    for shard in range(SHARDS):
        fleet.export(folder, day, "--shard", f"{shard}/{SHARDS}")
    for table in TABLES:
        one, many = rows(whole, table, day), rows(folder, table, day)
        assert count(one) == count(many) and count(one.except_(many)) == 0, table
    parts = [path for path in (folder / "spells" / f"date={day}").iterdir() if count(duckdb.read_parquet(str(path))) > 0]
    assert len(parts) == PROJECTS, parts
    fleet.refused("of another number of shards", "--to", folder, "--day", str(day))


def check_runs_once(fleet, folder):
    """No run is in two days, and none that has ended is missing."""
    runs = rows(folder, "runs")
    keys = "project_id, cluster_type, cluster_id, source, started_at, id"
    assert count(runs.project(keys).distinct()) == count(runs)
    end = rows(folder, "runs").aggregate("epoch_ms(max(date)::timestamp) + 86400000").fetchall()[0][0]
    with contextlib.closing(sqlite3.connect(fleet.store)) as store:
        query = "select count(*) from run where seen_at < ? and status not in ('SYNCING', 'RUNNING')"
        assert store.execute(query, [end]).fetchone()[0] == count(runs)


def check_refusals(fleet, day):
    folder = fleet.folder / "refused"
    to = ["--to", folder, "--day"]
    fleet.refused("give a day such as", *to, "2026-02-30", code=2)
    fleet.refused("the history begins at", *to, "2020-01-01")
    fleet.refused("it is not over before", *to, "9998-01-01")
    fleet.refused("is not a day of a history", *to, "9999-12-31")
    fleet.refused("cannot be written", "--to", fleet.store, "--day", str(day))
    # A connection keeps the files beside the store, which the command could not create.
    with contextlib.closing(sqlite3.connect(fleet.store)) as store:
        store.execute("select count(*) from sweep").fetchall()
        fleet.refused("File too large", *to, str(day), preexec_fn=little_space, restore_signals=False)
    assert files(folder) == {}, files(folder).keys()


def little_space():
    """As if the disk were full: no file can be larger than this. Python ignores the signal, and the command inherits that."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000, 1_000))


def main(then=lambda folder: None):
    """Makes, exports and checks the days; `then` gets the folder of the export."""
    with fleet_of_emulator() as fleet:
        fleet.sweep()
        first = fleet.now().replace(hour=0, minute=0, second=0, microsecond=0) + DAY
        one, again = fleet.folder / "one", fleet.folder / "again"
        day = str(first.date())
        fleet.now(first + SWEEP_EVERY / 3)
        fleet.sweep_until(first + DAY)
        fleet.refused("it is not over before", "--to", one, "--day", day)
        fleet.now(first + DAY + SWEEP_EVERY / 3)
        fleet.refused("may still be in progress", "--to", one, "--day", day)
        fleet.sweep()
        fleet.export(one, day)
        before = files(one)
        assert len(before) == len(TABLES), before.keys()
        fleet.sweep_until(first + 2 * DAY)
        fleet.now(first + 2 * DAY + SWEEP_EVERY / 3)
        fleet.sweep()
        assert files(fleet.export(again, day)) == before == files(fleet.export(one, day))
        fleet.export(one, (first - DAY).date())
        fleet.export(one, "yesterday")
        for each in (first, first + DAY):
            check_counts(fleet, one, each)
            check_day(one, each.date())
        check_shards(fleet, one, first.date())
        check_runs_once(fleet, one)
        check_refusals(fleet, first.date())
        then(one)


if __name__ == "__main__":
    main()
