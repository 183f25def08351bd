"""Counts instructions with callgrind and compares them with benches/instructions.json: fails beyond 5 %.

python3 benches/instructions.py [--accept]   after   cargo build --release -p idsync-benches
"""
import json, os, re, subprocess, sys

HERE = os.path.dirname(os.path.abspath(__file__))
TARGET = os.environ.get("CARGO_TARGET_DIR", os.path.join(os.path.dirname(HERE), "target"))
BASELINE = os.path.join(HERE, "instructions.json")


def count(work, times):
    command = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", f"{TARGET}/release/instructions", work, str(times)]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stderr
    return int(re.search(r"Collected : (\d+)", told).group(1))


def main():
    now = {work: (count(work, 11) - count(work, 1)) // 10 for work in ("sign", "records", "tasks", "judge", "diagnose")}
    if "--accept" in sys.argv:
        with open(BASELINE, "w") as file:
            file.write(json.dumps(now, indent=2) + "\n")
    with open(BASELINE) as file:
        before = json.load(file)
    worse = [work for work in now if now[work] > 1.05 * before[work]]
    for work in now:
        print(f"{work:8} {now[work]:>10} instructions, {now[work] / before[work] - 1:+.1%} against the baseline")
    sys.exit(f"more than 5 % above the baseline: {', '.join(worse)}" if worse else 0)


main()
