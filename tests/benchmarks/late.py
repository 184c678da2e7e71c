"""How long the front of the day card takes to work out, beside the plan that it is made of.

Run: python tests/benchmarks/late.py [rounds]
Prints medians in milliseconds for the four examples and for longer and shorter sessions.
"""

import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

from builder import planner, questions
from builder.late import late
from builder.library import load, read_text, shipped
from builder.strict import read_yaml

ROOT = Path(__file__).resolve().parent.parent.parent
CASES = (
    *((path.stem, {}) for path in sorted((ROOT / "examples").glob("*.yaml"))),
    *(("ninety-minutes", {"minutes": minutes}) for minutes in (50, 180, 300)),
)


def took(work: Callable[[], object], rounds: int) -> float:
    """The median milliseconds of so many rounds."""
    times = []
    for _ in range(rounds):
        started = time.perf_counter()
        work()
        times.append((time.perf_counter() - started) * 1000)
    return statistics.median(times)


def main() -> None:
    """Plan each case once, and work out its card so many times."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    library = load(shipped("modules"))
    sys.stdout.write(f"{'':24}{'minutes':>8}{'ms':>8}   ({rounds} rounds)\n")
    for name, changes in CASES:
        text, _ = read_text(ROOT / "examples" / f"{name}.yaml")
        marked, _ = read_yaml(text, name)
        plan = planner.plan(library, questions.parse(questions.layered(changes, marked), library))
        milliseconds = took(lambda plan=plan: late(library, plan), rounds)
        sys.stdout.write(f"{name:24}{plan.brief.minutes:8}{milliseconds:8.1f}\n")


if __name__ == "__main__":
    main()
