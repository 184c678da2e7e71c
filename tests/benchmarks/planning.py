"""How good the planner's agendas are, how long they take, and how many briefs it answers.

Run one of: python tests/benchmarks/planning.py quality | speed | answers | same [--help]
- quality: the planner beside the best agenda that a solver finds (`tests/oracle.py`; needs the extra `oracle`)
- speed: milliseconds by the number of lessons and the length, with the solver's beside them
- answers: random briefs for the shipped library: planned, refused with a proof, not found, broken rules
- same: whether a plan is the same on a second run, and under several hash seeds
Each line of a table is printed as soon as it is known. Not a part of the test suite: `quality` takes an hour.
"""

import argparse
import hashlib
import math
import os
import random
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path[:0] = [str(ROOT / "tests"), str(ROOT)]

import rules  # noqa: E402
import scoring  # noqa: E402
from libraries import likely, likely_brief  # noqa: E402

from builder.library import load, shipped  # noqa: E402
from builder.model import Brief, Library, Plan  # noqa: E402
from builder.planner import plan  # noqa: E402
from builder.problems import RefusedError  # noqa: E402

SIZES = (10, 12, 15, 20, 25, 30, 40, 50, 60)
LENGTHS = (45, 60, 75, 90, 120, 180, 240)
EQUAL = 1e-6


def tell(*cells: object, widths: Sequence[int]) -> None:
    """Print a line of a table at once."""
    line = "".join(f"{told(cell):>{width}}" for cell, width in zip(cells, widths, strict=True))
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def told(cell: object) -> str:
    """A number with as many digits as help, or a word."""
    if not isinstance(cell, float):
        return str(cell)
    return "-" if math.isnan(cell) else f"{cell:.0f}" if cell >= 100 else f"{cell:.3g}"


def planned(library: Library, brief: Brief) -> Plan | RefusedError:
    """The plan, or why there is none."""
    try:
        return plan(library, brief)
    except RefusedError as error:
        return error


# ------------------------------------------------------------ quality


@dataclass
class Compared:
    """What was found for many briefs: losses in percent of the best score, of those proved and of the others."""

    lost: list[float] = field(default_factory=list)
    gaps: list[float] = field(default_factory=list)
    refused: int = 0
    disputed: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    unequal: list[str] = field(default_factory=list)

    @property
    def cells(self) -> Sequence[object]:
        """A row of the table."""
        equal = sum(loss <= 100 * EQUAL for loss in self.lost)
        share = f"{equal}/{len(self.lost)}"
        worst, mean = max(self.lost, default=0.0), statistics.fmean(self.lost or [0.0])
        gap, widest = statistics.fmean(self.gaps or [0.0]), max(self.gaps, default=0.0)
        return share, worst, mean, len(self.gaps), gap, widest, self.refused, len(self.disputed), len(self.broken)

    def add(self, other: "Compared") -> None:
        """Count what was found elsewhere, too."""
        for name in ("lost", "gaps", "disputed", "broken", "unequal"):
            getattr(self, name).extend(getattr(other, name))
        self.refused += other.refused


def quality(options: argparse.Namespace) -> None:
    """Print, by length, how near to the best the planner comes with chosen lessons and without."""
    widths = (8, 9, 10, 9, 9, 10, 10, 10, 9, 9, 8)
    head = ("minutes", "lessons", "equal", "worst %", "mean %", "unproved", "gap %", "widest %", "refused", "disputed")
    tell(*head, "broken", widths=widths)
    for chosen in [name for name in ("chosen", "free") if options.only in (None, name)]:
        whole = Compared()
        for minutes in options.minutes:
            found = Compared()
            for number in range(options.libraries):
                compare(found, number, minutes, options.seconds_each, chosen == "chosen")
            tell(minutes, chosen, *found.cells, widths=widths)
            whole.add(found)
        tell("all", chosen, *whole.cells, widths=widths)
        for problem in (*whole.disputed, *whole.unequal, *whole.broken):
            sys.stdout.write(f"  {problem}\n")


def compare(found: Compared, number: int, minutes: int, seconds: float, chosen: bool) -> None:
    """Plan one brief, let the solver look for something better, and note the difference."""
    import oracle

    size = SIZES[number % len(SIZES)]
    library = likely(number, size)
    for focus in (2 + number % 3, 2, 1) if chosen else (0,):
        brief = likely_brief(number, library, minutes, focus)
        name = f"likely({number}, {size}), {minutes} minutes, {focus} in focus"
        ours = planned(library, brief)
        if not isinstance(ours, RefusedError):
            break
        found.refused += 1
        if refused_wrongly(library, brief, ours, seconds):
            codes = ", ".join(problem.code for problem in ours.problems)
            found.disputed.append(f"disputed: {name}: refused as {codes}, and the solver found an agenda")
    else:
        return
    lessons = ours.agenda.lessons if chosen else None
    best = oracle.best(library, brief, lessons, seconds, hint=ours)
    found.broken += [f"broken: {name}: {problem}" for problem in rules.broken_rules(ours, library)]
    score = scoring.score(ours, library)
    if ours.score is not None and abs(ours.score - score) > EQUAL:
        found.disputed.append(f"disputed: {name}: it says {ours.score:.7f}, and the table {score:.7f}")
    if best.plan is None:
        found.disputed.append(f"disputed: {name}: the solver found no agenda")
        return
    top = max(score, scoring.score(best.plan, library))
    loss = 100 * (top - score)
    if loss > 100 * EQUAL:
        found.unequal.append(f"not the best: {name}: {score:.6f} of {top:.6f}, and it says up to {ours.gap:.6f} more")
        if loss > 100 * (ours.gap + EQUAL):
            found.disputed.append(f"disputed: {name}: {top - score:.6f} away from the best, and it says {ours.gap:.6f}")
    if score > best.bound + 3 * EQUAL:
        found.disputed.append(f"disputed: {name}: {score:.6f} above the solver's bound {best.bound:.6f}")
    if best.proved:
        found.lost.append(loss)
    else:
        found.gaps.append(100 * max(best.bound - score, 0.0))


def refused_wrongly(library: Library, brief: Brief, error: RefusedError, seconds: float) -> bool:
    """Whether the solver finds an agenda with what is in focus, although the planner refuses the brief."""
    import oracle

    if any(problem.code == "contested" for problem in error.problems):
        return False
    best = oracle.best(library, brief, brought(library, brief) if brief.focus else None, seconds)
    return best.plan is not None and not rules.broken_rules(best.plan, library)


def brought(library: Library, brief: Brief) -> list[str]:
    """The lessons in focus with what they cannot do without, the first opening and the first closing by id."""
    lessons = list(brief.focus)
    for key in lessons:
        needed = [need.lesson for need in library.lessons[key].needs if need.primer is None]
        lessons += [other for other in dict.fromkeys(needed) if other not in lessons]
    for phase in ("opening", "closing"):
        if not any(library.lessons[key].phase == phase for key in lessons):
            lessons.append(min(key for key, lesson in library.lessons.items() if lesson.phase == phase))
    return lessons


# ------------------------------------------------------------ speed


def speed(options: argparse.Namespace) -> None:
    """Print the planner's milliseconds, and the solver's where it can, by the number of lessons and the length."""
    widths = (8, 9, 9, 8, 11, 11, 12, 10, 10)
    head = ("lessons", "minutes", "of", "briefs", "median ms", "worst ms", "solver ms", "ratio", "proved")
    tell(*head, widths=widths)
    for size in (*options.sizes, 0):
        library = likely(size, size) if size else load(shipped("modules"))
        for minutes in (45, 90, 180, 480):
            for focus in (3, 0):
                briefs = [likely_brief(seed, library, minutes, focus) for seed in range(options.briefs)]
                briefs = [brief.model_copy(update={"cards": {}}) if not size else brief for brief in briefs]
                ours = [timed(library, brief) for brief in briefs]
                theirs, proved = solved(library, briefs[0], options.seconds_each, size)
                kind = "chosen" if focus else "free"
                times = statistics.median(ours), max(ours)
                ratio = theirs / ours[0]
                tell(size or "shipped", minutes, kind, len(ours), *times, theirs, ratio, proved, widths=widths)


def timed(library: Library, brief: Brief) -> float:
    """Milliseconds for one plan, or for one refusal."""
    started = time.perf_counter()
    planned(library, brief)
    return (time.perf_counter() - started) * 1000


def solved(library: Library, brief: Brief, seconds: float, size: int) -> tuple[float, str]:
    """Milliseconds of the solver for the same, and whether it came to an end; nothing where it is not asked."""
    try:
        import oracle
    except ImportError:
        return math.nan, "-"
    ours = planned(library, brief)
    if isinstance(ours, RefusedError) or (not brief.focus and size > 60):
        return math.nan, "-"
    started = time.perf_counter()
    best = oracle.best(library, brief, ours.agenda.lessons if brief.focus else None, seconds)
    return (time.perf_counter() - started) * 1000, "yes" if best.proved else "no"


# ------------------------------------------------------------ answers


def answers(options: argparse.Namespace) -> None:
    """Print what becomes of random briefs for the shipped library."""
    library = load(shipped("modules"))
    counts: Counter[str] = Counter()
    odd: list[str] = []
    for seed in range(options.briefs):
        brief = random_brief(random.Random(seed), library)
        found = planned(library, brief)
        kind = "chosen" if brief.focus else "free"
        if isinstance(found, RefusedError):
            codes = {problem.code for problem in found.problems}
            answer = "not found" if "not-found" in codes else "refused with a proof"
            counts[f"{kind}: refused as {', '.join(sorted(codes))}"] += 1
        else:
            answer = "planned"
            odd += [f"broken: seed {seed}: {problem}" for problem in rules.broken_rules(found, library)]
            table = scoring.score(found, library)
            if found.score is not None and abs(found.score - table) > EQUAL:
                odd.append(f"disputed: seed {seed}: it says {found.score:.7f}, and the table {table:.7f}")
        counts[f"{kind}: {answer}"] += 1
    for name, count in sorted(counts.items()):
        tell(name, count, f"{100 * count / options.briefs:.1f} %", widths=(60, 8, 9))
    tell("broken rules and disputed scores", len(odd), "", widths=(60, 8, 9))
    sys.stdout.write("".join(f"  {line}\n" for line in odd))


def random_brief(draw: random.Random, library: Library) -> Brief:
    """Any brief for a library: all lengths, sizes, modes, levels; half of them with lessons in focus."""
    people = draw.choice((draw.randint(4, 40), draw.randint(4, 200)))
    content = sorted(key for key, one in library.lessons.items() if one.phase not in ("opening", "closing"))
    required, level = draw.random() < 0.3, draw.randint(0, 3)
    most = min(level, 1) if required else level
    decks = {deck: [card.id for card in library.cards_of(deck) if card.level <= most] for deck in sorted(library.decks)}
    return Brief(
        title="Random",
        minutes=draw.randint(30, 480),
        participants=people,
        participants_most=min(people + draw.choice((0, 0, 2, 10)), 200),
        mode=draw.choice(("in-person", "online", "hybrid")),
        attendance="required" if required else "voluntary",
        focus=tuple(draw.sample(content, draw.randint(1, min(4, len(content))))) if draw.random() < 0.5 else (),
        max_level=level,
        cards={deck: draw.choice(cards) for deck, cards in decks.items() if cards and draw.random() < 0.3},
        facilitators=draw.choice((1, 2, 2, 3)),
        run_before=draw.random() < 0.5,
        interpretation=draw.choice(("none", "none", "none", "consecutive", "simultaneous")),
        break_minutes=draw.choice(("auto", "auto", "auto", 10, 15, 30)),
        buffer_percent=draw.choice((10, 10, 5, 15)),
    )


# ------------------------------------------------------------ the same plan


def same(options: argparse.Namespace) -> None:
    """Print whether several interpreters, each with another hash seed, and the second run of each, agree."""
    command = [sys.executable, str(Path(__file__).resolve()), "digests", "--briefs", str(options.briefs)]
    found: dict[str, list[str]] = {}
    for seed in ("0", "1", "2", "12345"):
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        run = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
        found[seed] = run.stdout.splitlines()
        tell(f"hash seed {seed}", f"{len(found[seed])} plans", run.stdout[:12], widths=(20, 12, 16))
    differing = sum(len(set(lines)) > 1 for lines in zip(*found.values(), strict=True))
    sys.stdout.write(f"{differing} plans differ\n")
    if differing:
        raise SystemExit(1)


def digests(options: argparse.Namespace) -> None:
    """Print a line for each plan that does not change as long as the plan does not; plan each twice."""
    for number, brief, library in some(options.briefs):
        once, twice = (outcome(library, brief) for _ in range(2))
        if once != twice:
            message = f"brief {number}: the second plan is another one"
            raise SystemExit(message)
        sys.stdout.write(hashlib.sha256(once.encode()).hexdigest() + "\n")


def outcome(library: Library, brief: Brief) -> str:
    """The whole plan, or the refusal, in words."""
    found = planned(library, brief)
    return str(found) if isinstance(found, RefusedError) else found.model_dump_json()


def some(briefs: int) -> Iterator[tuple[int, Brief, Library]]:
    """Briefs for generated libraries and the shipped one, chosen and free."""
    ours = load(shipped("modules"))
    for number in range(briefs):
        if number % 2:
            yield number, random_brief(random.Random(number), ours), ours
        else:
            library = likely(number, SIZES[number % len(SIZES)])
            yield number, likely_brief(number, library, LENGTHS[number % len(LENGTHS)], number % 4), library


COMMANDS: dict[str, Callable[[argparse.Namespace], None]] = {
    "quality": quality,
    "speed": speed,
    "answers": answers,
    "same": same,
    "digests": digests,
}
BRIEFS = {"speed": 5, "answers": 300, "same": 16, "digests": 16}


def main() -> None:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=sorted(COMMANDS))
    parser.add_argument("--libraries", type=int, default=60, help="quality: how many generated libraries")
    parser.add_argument("--seconds-each", type=float, default=20, help="quality, speed: the solver's limit")
    parser.add_argument("--minutes", type=int, nargs="+", default=LENGTHS, help="quality: which lengths")
    parser.add_argument("--only", choices=("chosen", "free"), help="quality: only with focus, or only without")
    parser.add_argument("--sizes", type=int, nargs="+", default=(10, 20, 60, 200, 500), help="speed: how many lessons")
    parser.add_argument("--briefs", type=int, help="speed, answers, same: how many briefs")
    options = parser.parse_args()
    options.briefs = options.briefs or BRIEFS.get(options.command)
    COMMANDS[options.command](options)


if __name__ == "__main__":
    main()
