"""How long a kit for 200 people takes from a cold start, with and without badges, and how much memory it needs.

Run: python tests/benchmarks/badges.py [rounds]
The mark: at most a second and 150 MB with badges, on a quiet machine.
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
PEOPLE = 200
BUILD = [
    "-m",
    "builder",
    "build",
    str(BRIEF),
    "--set",
    f"participants={PEOPLE}",
    "--set",
    f"participants_most={PEOPLE}",
]
FIRST, LAST = ("Ada", "Ngozi", "Jürgen", "שירה", "王小明"), ("Lovelace", "Okonkwo-Adichie", "Weiß", "Featherstonehaugh")


def people(folder: Path) -> Path:
    """A list of so many names."""
    names = [f"{FIRST[n % len(FIRST)]} {LAST[n % len(LAST)]}" for n in range(PEOPLE)]
    path = folder / "people.csv"
    path.write_text("\n".join(["name", *names]), encoding="utf-8")
    return path


def measure(arguments: list[str], out: Path) -> tuple[float, float, float]:
    """Milliseconds of wall time and of the processor, and megabytes at the peak, of one build."""
    process = [sys.executable, *arguments, "-o", str(out)]
    started = time.perf_counter()
    child = subprocess.Popen(process, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, used = os.wait4(child.pid, 0)
    if status != 0:
        message = f"{process} failed"
        raise SystemExit(message)
    worked = used.ru_utime + used.ru_stime
    return (time.perf_counter() - started) * 1000, worked * 1000, used.ru_maxrss / 1024


def main() -> None:
    """Measure both builds so many times, in turn, and print the medians."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 10
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        commands = {"without badges": BUILD, "with badges": [*BUILD, "--roster", str(people(folder))]}
        found: dict[str, list[tuple[float, float, float]]] = {each: [] for each in commands}
        for turn in range(rounds + 1):
            for each, arguments in commands.items():
                found[each].append(measure(arguments, folder / f"{each}-{turn}"))
    sys.stdout.write(f"{'':18}{'median ms':>10}{'worst ms':>10}{'cpu ms':>8}{'peak MB':>9}   ({rounds} rounds)\n")
    for each, runs in found.items():
        walls, worked, peaks = zip(*runs[1:], strict=True)
        median, cpu, memory = map(statistics.median, (walls, worked, peaks))
        sys.stdout.write(f"{each:18}{median:10.0f}{max(walls):10.0f}{cpu:8.0f}{memory:9.1f}\n")


if __name__ == "__main__":
    main()
