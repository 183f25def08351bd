"""Compares whole programs: CPU, calls per second, page faults and peak memory, as ratios to `raw`.

python3 benches/compare.py [--sdks] [ROUNDS], with GNU time,   after   cargo build --release -p idsync-benches -p idsync-cli

With --sdks, the official Go and Python SDKs too: tests/venv.sh tests/peers/python first, and Go on PATH.
"""
import os, statistics, subprocess, sys, tempfile, time

SDKS = "--sdks" in sys.argv[1:]
ROUNDS = int(next((word for word in sys.argv[1:] if word.isdigit()), 7))
HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BIN = os.path.join(os.environ.get("CARGO_TARGET_DIR", os.path.join(HERE, "target")), "release")
CALLS = {"flag": 2000, "records": 100, "tasks": 300}


def run(command, environment=None):
    """CPU seconds, minor page faults, peak memory in KiB, and seconds from start to exit.

    GNU time starts the program: a child of Python would begin with the peak memory of Python.
    """
    with tempfile.NamedTemporaryFile("r") as report:
        started = time.perf_counter()
        watched = ["/usr/bin/time", "-q", "-f", "%R %M", "-o", report.name, *command]
        process = subprocess.Popen(watched, stdout=subprocess.DEVNULL, env=environment)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - started
        assert status == 0, command
        faults, memory = report.read().split()
    return usage.ru_utime + usage.ru_stime, int(faults), int(memory), seconds


def subjects():
    programs = {name: [f"{BIN}/{name}"] for name in ("raw", "api", "facade")}
    if SDKS:
        peers = os.path.join(HERE, "tests", "peers")
        subprocess.run(["go", "build", "-o", f"{BIN}/sdk-go", "./bench"], cwd=f"{peers}/go", check=True)
        programs["sdk-go"] = [f"{BIN}/sdk-go"]
        programs["sdk-py"] = [f"{peers}/python/.venv/bin/python", f"{peers}/python/bench.py"]
    return programs


def main():
    programs = subjects()
    server = subprocess.Popen([f"{BIN}/serve"], stdout=subprocess.PIPE, text=True)
    url = server.stdout.readline().strip()
    try:
        for operation, calls in CALLS.items():
            compare(programs, operation, url, calls)
        one_shot(url)
    finally:
        server.kill()


def compare(programs, operation, url, calls):
    seen = {name: [] for name in programs}
    order = list(programs.items())
    for _ in range(ROUNDS):
        for name, program in order:
            seen[name].append(run([*program, operation, url, str(calls)]))
        # A program is faster after a long one than after a short one.
        order.append(order.pop(0))
    middle = {name: [statistics.median(column) for column in zip(*runs)] for name, runs in seen.items()}
    for name, (cpu, faults, memory, seconds) in middle.items():
        print(
            f"{operation:8} {name:7} {cpu / calls * 1e6:9.1f} us/call  {cpu / middle['raw'][0]:5.2f}x"
            f"  {calls / seconds:7.0f} calls/s  {faults:7.0f} faults  {memory / 1024:5.1f} MiB"
        )


def one_shot(url):
    keys = {
        "PATH": os.environ["PATH"],
        "HUAWEICLOUD_SDK_AK": "AKEXAMPLE00000000001",
        "HUAWEICLOUD_SDK_SK": "skexample0000000000000000000000000000001",
        "HUAWEICLOUD_SDK_PROJECT_ID": "0a1b2c3d4e5f60718293a4b5c6d7e8f9",
        "HOME": "/nonexistent",
    }
    commands = {
        "raw": [f"{BIN}/raw", "flag", url, "1"],
        "command": [f"{BIN}/idsync", "syncing", "5f6a7b8c-9d0e-4f1a-8b2c-3d4e5f6a7b8c", "--endpoint", url],
    }
    seen = {name: [] for name in commands}
    for _ in range(3 * ROUNDS):
        for name, command in commands.items():
            seen[name].append(run(command, keys))
    for name, runs in seen.items():
        seconds, memory = (statistics.median(run[i] for run in runs) for i in (3, 2))
        print(f"one-shot {name:7} {seconds * 1000:6.1f} ms  {memory / 1024:5.1f} MiB")
    base = statistics.median(run[3] for run in seen["raw"])
    print(f"one-shot command  {statistics.median(run[3] for run in seen['command']) / base:5.2f}x")


main()
