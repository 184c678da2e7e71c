"""How long the commands take from a cold start, and how much memory they need, beside a bare Python.

Run: python tests/benchmarks/cold_start.py [rounds]
Prints medians in milliseconds and megabytes, and the ratio to a bare Python in the same run.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
BRIEF = ROOT / "examples" / "ninety-minutes.yaml"
COMMANDS = {
    "bare python": ["-c", "pass"],
    "workshop --help": ["-m", "builder", "--help"],
    "workshop plan": ["-m", "builder", "plan", str(BRIEF)],
    "workshop build": ["-m", "builder", "build", str(BRIEF), "-o"],
}


def measure(arguments: list[str], folder: Path) -> tuple[float, float]:
    """Milliseconds of wall time and megabytes at the peak of one run."""
    process = [sys.executable, *arguments]
    if arguments[-1] == "-o":
        process.append(str(folder / f"kit-{time.monotonic_ns()}"))
    started = time.perf_counter()
    child = subprocess.Popen(process, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, used = os.wait4(child.pid, 0)
    if status != 0:
        message = f"{process} failed"
        raise SystemExit(message)
    return (time.perf_counter() - started) * 1000, used.ru_maxrss / 1024


def main() -> None:
    """Measure every command so many times, in turn, and print the medians."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 10
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in COMMANDS}
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(rounds + 1):
            for name, arguments in COMMANDS.items():
                found[name].append(measure(arguments, Path(folder)))
    bare = statistics.median(wall for wall, _ in found["bare python"][1:])
    sys.stdout.write(f"{'':18}{'median ms':>10}{'worst ms':>10}{'x bare':>8}{'peak MB':>9}   ({rounds} rounds)\n")
    for name, runs in found.items():
        walls = [wall for wall, _ in runs[1:]]
        median = statistics.median(walls)
        memory = statistics.median(peak for _, peak in runs[1:])
        sys.stdout.write(f"{name:18}{median:10.0f}{max(walls):10.0f}{median / bare:8.1f}{memory:9.1f}\n")


if __name__ == "__main__":
    main()
