"""Plays the scenario `outage` to `idsync serve`, Prometheus and Alertmanager: `outage.py target/debug/idsync`.

The clock of the services starts hours ago and is fast, so that the rules, which compare with the clock of this machine, find
every trouble old enough. Each cluster in trouble must be notified once, and once more when it has recovered, however often a
run in progress hides the trouble in between.
"""

import collections
import contextlib
import http.server
import json
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
import urllib.request
from datetime import datetime, timedelta, timezone

DEPLOY = pathlib.Path(__file__).resolve().parents[2] / "deploy"
# Seconds of the services in one second.
SCALE = 120
# Seconds that the outage and its end take at most; about 46 when nothing else runs.
LIMIT = 110
# What the receiver of Alertmanager gets about each cluster that gets into trouble.
EXPECTED = {
    "orders-dws": ["firing", "resolved"],
    "lake-mrs": ["firing", "resolved"],
    "risk-dws": ["firing"],
    "archive-dws": ["firing"],
    "batch-mrs": ["firing"],
}


class Hook(http.server.BaseHTTPRequestHandler):
    """Notes what Alertmanager sends: the states of each cluster, by the program that raised the alert."""

    states = {"prometheus": collections.defaultdict(list), "idsync": collections.defaultdict(list)}

    def do_POST(self):
        message = json.loads(self.rfile.read(int(self.headers["content-length"])))
        for alert in message["alerts"]:
            labels = alert["labels"]
            if labels["alertname"] == "IdsyncClusterUnwell":
                source = "prometheus" if "job" in labels else "idsync"
                self.states[source][labels["cluster_id"]].append(alert["status"])
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_):
        pass


def get(url):
    with urllib.request.urlopen(url, timeout=10) as answer:
        return json.load(answer)


def free_address():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return f"127.0.0.1:{server.getsockname()[1]}"


def ready(child, address, path):
    """Waits until a program that has just been started answers."""
    while child.poll() is None:
        with contextlib.suppress(OSError):
            return urllib.request.urlopen(f"http://{address}{path}", timeout=10).close()
        time.sleep(0.1)
    raise SystemExit(f"{child.args[0]} ended before it answered")


class Stage(contextlib.ExitStack):
    """Starts programs in a folder of their own and ends them."""

    def __init__(self, program):
        super().__init__()
        self.program = program
        self.folder = pathlib.Path(self.enter_context(tempfile.TemporaryDirectory()))

    def start(self, *command, **options):
        log = self.enter_context(open(self.folder / f"{pathlib.Path(command[0]).name}.log", "ab"))
        child = subprocess.Popen(command, cwd=self.folder, **{"stdout": log, "stderr": log, **options})
        self.callback(child.wait)
        self.callback(child.terminate)
        return child

    def file(self, name, text):
        (self.folder / name).write_text(text, encoding="utf-8")
        return str(self.folder / name)

    def emulator(self):
        print_scenario = [self.program, "emulator", "--print-scenario", "outage"]
        scenario = subprocess.run(print_scenario, capture_output=True, text=True, check=True).stdout
        start = datetime.now(timezone.utc) - timedelta(hours=6)
        scenario += f"clock: {{start: '{start.isoformat()}', scale: {SCALE}}}\n"
        path = self.file("outage.yaml", scenario)
        child = self.start(self.program, "emulator", "--quiet", "--scenario", path, stdout=subprocess.PIPE, text=True)
        return json.loads(child.stdout.readline())

    def serve(self, services, alertmanager):
        address = free_address()
        config = f"""[serve]
        listen = "{address}"
        interval = "250ms"
        [[receiver]]
        name = "alertmanager"
        format = "alertmanager"
        url = "http://{alertmanager}/api/v2/alerts"
        """
        keys = {"HUAWEICLOUD_SDK_AK": services["ak"], "HUAWEICLOUD_SDK_SK": services["sk"]}
        clock = {"IDSYNC_CLOCK": services["url"] + "/_emulator/clock", "HOME": str(self.folder)}
        place = ["--region", services["region"], "--project-id", services["project_id"], "--workspace", services["workspace"]]
        # What is not answered is unknown at once: waiting would let minutes of the outage pass.
        flags = ["--endpoint", services["url"], "--retries", "0", "--config", self.file("serve.toml", config)]
        child = self.start(self.program, "serve", *flags, *place, env=keys | clock)
        ready(child, address, "/readyz")
        return address

    def alertmanager(self, hook):
        address = free_address()
        config = f"""
route: {{receiver: hook, group_by: [...], group_wait: 0s, group_interval: 1s, repeat_interval: 1h}}
receivers: [{{name: hook, webhook_configs: [{{url: "http://{hook}/"}}]}}]
"""
        program = shutil.which("alertmanager") or "prometheus-alertmanager"
        flags = [f"--config.file={self.file('alertmanager.yml', config)}", f"--web.listen-address={address}"]
        child = self.start(program, *flags, "--storage.path=alerts", "--cluster.listen-address=")
        ready(child, address, "/-/ready")
        return address

    def prometheus(self, target, alertmanager):
        address = free_address()
        shutil.copy(DEPLOY / "prometheus/rules.yml", self.folder)
        config = (DEPLOY / "prometheus/scrape.yml").read_text(encoding="utf-8")
        assert "127.0.0.1:9477" in config
        config = config.replace("127.0.0.1:9477", target) + f"""
global: {{scrape_interval: 500ms, scrape_timeout: 500ms, evaluation_interval: 500ms}}
alerting: {{alertmanagers: [{{static_configs: [{{targets: ["{alertmanager}"]}}]}}]}}
"""
        flags = [f"--config.file={self.file('prometheus.yml', config)}", f"--web.listen-address={address}"]
        child = self.start("prometheus", *flags, "--storage.tsdb.path=samples")
        ready(child, address, "/-/ready")
        return address


def named(states, clusters):
    """The states by the name of their cluster."""
    return {clusters.get(cluster_id, cluster_id): heard for cluster_id, heard in states.items()}


def problems(heard, running):
    """What is wrong with what was heard; `running` has how often a run in progress hid the trouble of a cluster."""
    if heard["prometheus"] != EXPECTED:
        yield f"Prometheus: heard {heard['prometheus']}, expected {EXPECTED}"
    # An alert that idsync no longer posts ends five minutes later.
    once = {cluster: ["firing"] for cluster in EXPECTED}
    if heard["idsync"] != once:
        yield f"alertmanager receiver: heard {heard['idsync']}, expected {once}"
    if not running["risk-dws"] + running["lake-mrs"]:
        yield "no run in progress hid a trouble"


def hidden(history):
    """How often a running spell follows a spell in trouble."""
    verdicts = [spell["verdict"] for spell in history["spells"]]
    pairs = zip(verdicts, verdicts[1:])
    return sum(first in ("failing", "stuck") and second == "running" for first, second in pairs)


def without_rows(prometheus):
    """The expressions of the dashboard that give no rows."""
    dashboard = json.loads((DEPLOY / "grafana/idsync.json").read_text(encoding="utf-8"))
    expressions = [target["expr"] for panel in dashboard["panels"] for target in panel.get("targets", [])]
    assert len(expressions) > 10
    for expression in expressions:
        query = urllib.parse.urlencode({"query": expression})
        if not get(f"http://{prometheus}/api/v1/query?{query}")["data"]["result"]:
            yield f"no rows: {expression}"


def main():
    program = str(pathlib.Path(sys.argv[1]).resolve())
    with Stage(program) as stage:
        hook = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Hook)
        threading.Thread(target=hook.serve_forever, daemon=True).start()
        alertmanager = stage.alertmanager(f"127.0.0.1:{hook.server_port}")
        services = stage.emulator()
        serve = stage.serve(services, alertmanager)
        prometheus = stage.prometheus(serve, alertmanager)
        began = time.monotonic()
        # The last cluster recovers 88 minutes after the start.
        while True:
            clusters = get(f"http://{serve}/api/v1/clusters")["clusters"]
            names = {cluster["cluster_id"]: cluster["cluster_name"] for cluster in clusters}
            heard = {source: named(states, names) for source, states in Hook.states.items()}
            passed = time.monotonic() - began
            if heard["prometheus"] == EXPECTED or passed > LIMIT:
                break
            time.sleep(0.5)
        # A few more looks of each program, which must bring nothing new.
        time.sleep(3)
        heard = {source: named(states, names) for source, states in Hook.states.items()}
        running = {}
        for cluster in clusters:
            place = "/".join([cluster["project_id"], cluster["cluster_type"].lower(), cluster["cluster_id"]])
            running[cluster["cluster_name"]] = hidden(get(f"http://{serve}/api/v1/history/{place}"))
        metrics = urllib.request.urlopen(f"http://{serve}/metrics").read()
        subprocess.run(["promtool", "check", "metrics"], input=metrics, check=True)
        found = [*problems(heard, running), *without_rows(prometheus)]
        print(f"outage: {passed:.0f} s, heard {heard['prometheus']}, hidden by runs: {running}")
        for log in sorted(stage.folder.glob("*.log")) if found else []:
            print(f"-- {log.name}", *log.read_text(encoding="utf-8").splitlines()[-20:], sep="\n")
        return "\n".join(found) or None


if __name__ == "__main__":
    sys.exit(main())
