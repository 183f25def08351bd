"""Compares the programs in target/release: CPU, page faults and memory per call, as ratios to `raw`.

python3 benches/compare.py [ROUNDS]   after   cargo build --release -p idsync-benches -p idsync-cli
"""
import os, statistics, subprocess, sys

ROUNDS = int(sys.argv[1]) if len(sys.argv) > 1 else 7
HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BIN = os.path.join(os.environ.get("CARGO_TARGET_DIR", os.path.join(HERE, "target")), "release")
CALLS = {"flag": 2000, "records": 100, "tasks": 300}


def run(command, environment=None):
    """CPU seconds, minor page faults, peak memory in KiB, and seconds from start to exit."""
    started = os.times().elapsed
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, env=environment)
    _, status, usage = os.wait4(process.pid, 0)
    assert status == 0, command
    return usage.ru_utime + usage.ru_stime, usage.ru_minflt, usage.ru_maxrss, os.times().elapsed - started


def main():
    server = subprocess.Popen([f"{BIN}/serve"], stdout=subprocess.PIPE, text=True)
    url = server.stdout.readline().strip()
    try:
        for operation, calls in CALLS.items():
            compare(operation, url, calls)
        one_shot(url)
    finally:
        server.kill()


def compare(operation, url, calls):
    seen = {"raw": [], "facade": []}
    for _ in range(ROUNDS):
        for program, runs in seen.items():
            runs.append(run([f"{BIN}/{program}", operation, url, str(calls)]))
    middle = {program: [statistics.median(column) for column in zip(*runs)] for program, runs in seen.items()}
    for program, (cpu, faults, memory, _) in middle.items():
        ratio = cpu / middle["raw"][0]
        print(f"{operation:8} {program:7} {cpu / calls * 1e6:9.1f} us/call  {ratio:5.2f}x  {faults:7.0f} faults  {memory / 1024:5.1f} MiB")


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


main()
