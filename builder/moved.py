"""What moved between two agendas, in words: `moved(before, after)`. Pure; nothing is said of what stayed as it was."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, groupby

from builder.model import Library, Plan
from builder.slots import FORMS

_DAY = 24 * 60
_PARTS = 5
_RUN = 3
_SILENT = ("transition", "buffer")


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of an agenda: when it starts (minutes after midnight), how long, what it is, in which form and case."""

    start: int
    minutes: int
    key: str
    variant: str = ""
    card: str = ""

    @property
    def clock(self) -> str:
        """When it starts, as a time of day."""
        return f"{self.start // 60:02}:{self.start % 60:02}"


def entry_lines(plan: Plan) -> list[str]:
    """The agenda, a line each slot, as `kit.json` remembers it; `read_lines` reads them."""
    return [
        "\t".join(
            (
                plan.brief.clock(slot.start),
                str(slot.minutes),
                slot.activity.id if slot.activity else slot.kind,
                slot.variant or "",
                slot.card or "",
            )
        )
        for slot in plan.agenda.slots
    ]


def read_lines(lines: Sequence[str]) -> list[Entry]:
    """The entries that such lines tell of; a line that cannot be understood is left out."""
    return [entry for line in lines if (entry := _read(line.split("\t"))) is not None]


def _read(parts: Sequence[str]) -> Entry | None:
    if len(parts) != _PARTS:
        return None
    hours, _, minutes = parts[0].partition(":")
    if not all(part.isascii() and part.isdecimal() for part in (hours, minutes, parts[1])):
        return None
    return Entry((int(hours) * 60 + int(minutes)) % _DAY, int(parts[1]), *parts[2:])


def moved(before: Plan, after: Plan, library: Library) -> tuple[str, ...]:
    """What a person would say changed from one agenda to the other, most important first; empty where nothing did."""
    return told(read_lines(entry_lines(before)), read_lines(entry_lines(after)), library)


def told(before: Sequence[Entry], after: Sequence[Entry], library: Library) -> tuple[str, ...]:
    """The same for entries; the library gives the titles of steps, where it still has them."""
    if not before or not after:
        return ()
    old, new = _matched(before, after)
    names = _Names(library, old, new)
    kept = [key for key in new if key in old]
    runs = _runs(old, new, kept)
    summed = {key for run in runs for key in run}
    lessons = _lessons(new)
    return (
        *_length(before, after),
        *(f"{names.of(key)} is out" for key in old if key not in new),
        *(_added(key, new[key], names) for key in new if key not in old),
        *(_place(lesson, lessons, library) for lesson in _out_of_order(_lessons(old), lessons)),
        *_in_turn(old, new, runs, summed, names),
        *_kept_free(before, after),
    )


# ------------------------------------------------------------ which is which


def _matched(before: Sequence[Entry], after: Sequence[Entry]) -> tuple[dict[str, Entry], dict[str, Entry]]:
    """Steps and breaks by a key that is the same in both agendas; change-overs and the buffer are left out."""
    old, new = ([each for each in entries if each.key not in _SILENT] for entries in (before, after))
    breaks = [each for each in old if each.key == "break"], [each for each in new if each.key == "break"]
    numbers = _same_breaks(*breaks)
    return _keyed(old, numbers[0]), _keyed(new, numbers[1])


def _keyed(entries: Sequence[Entry], numbers: Sequence[int]) -> dict[str, Entry]:
    waiting = iter(numbers)
    return {f"break {next(waiting)}" if each.key == "break" else each.key: each for each in entries}


def _same_breaks(old: Sequence[Entry], new: Sequence[Entry]) -> tuple[Sequence[int], Sequence[int]]:
    """A number for each break, the same for those two that are nearest in time, all breaks keeping their order."""
    if len(old) > len(new):
        return tuple(reversed(_same_breaks(new, old)))  # type: ignore[return-value]
    picks = combinations(range(len(new)), len(old))
    near = min(picks, key=lambda pick: sum(abs(new[i].start - each.start) for i, each in zip(pick, old, strict=True)))
    return near, range(len(new))


@dataclass(frozen=True, slots=True)
class _Names:
    """What steps, breaks and cases are called."""

    library: Library
    old: Mapping[str, Entry]
    new: Mapping[str, Entry]

    def of(self, key: str) -> str:
        if not key.startswith("break "):
            found = self.library.activities.get(key)
            return found.title if found else key.rpartition("/")[2].replace("-", " ").capitalize()
        breaks = {name for name in (*self.old, *self.new) if name.startswith("break ")}
        entry = self.old.get(key) or self.new[key]
        return "The break" if len(breaks) == 1 else f"The break at {entry.clock}"

    def inside(self, key: str) -> str:
        """The name within a sentence."""
        name = self.of(key)
        return f"the{name[3:]}" if key.startswith("break ") else f"“{name}”"

    def card(self, key: str) -> str:
        return self.library.cards[key].title if key in self.library.cards else key


# ------------------------------------------------------------ lines


def _length(before: Sequence[Entry], after: Sequence[Entry]) -> Iterator[str]:
    was, now = (sum(each.minutes for each in entries) for entries in (before, after))
    if was != now:
        yield f"The workshop takes {now} minutes instead of {was}"


def _kept_free(before: Sequence[Entry], after: Sequence[Entry]) -> Iterator[str]:
    was, now = (sum(each.minutes for each in entries if each.key == "buffer") for entries in (before, after))
    if was != now:
        yield f"Kept free: {was} → {_minutes(now)}"


def _added(key: str, entry: Entry, names: _Names) -> str:
    form = f", {FORMS[entry.variant]}" if entry.variant in FORMS else ""
    name = "A break" if key.startswith("break ") else names.of(key)
    return f"{name} is new: {entry.clock}, {_minutes(entry.minutes)}{form}"


def _place(lesson: str, order: Sequence[str], library: Library) -> str:
    at = order.index(lesson)
    titles = [f"“{library.lessons[key].title}”" if key in library.lessons else key for key in order[max(at - 1, 0) :]]
    return f"{titles[1]} now comes after {titles[0]}" if at else f"{titles[0]} now comes first"


def _in_turn(
    old: Mapping[str, Entry],
    new: Mapping[str, Entry],
    runs: Sequence[Sequence[str]],
    summed: set[str],
    names: _Names,
) -> Iterator[str]:
    """What became of each entry that is in both, in the new order, many starts that moved alike told at once."""
    heads = {run[0]: run for run in runs}
    for key, now in new.items():
        if key in heads:
            yield _run_line(heads[key], _shift(old[key], now), [each for each in new if each in old], names)
        if key in old:
            yield from _one(key, old[key], now, names, start=key not in summed)


def _one(key: str, was: Entry, now: Entry, names: _Names, *, start: bool) -> Iterator[str]:
    """What changed about one entry, or nothing; its `start` only where that is not told already."""
    starts = start and was.start != now.start
    parts = [f"{was.minutes} → {_minutes(now.minutes)}"] if was.minutes != now.minutes else []
    if was.variant != now.variant:
        parts.append(
            f"now {FORMS.get(now.variant, 'as written')}"
            if now.variant
            else f"no longer {FORMS.get(was.variant, was.variant)}"
        )
    if was.card != now.card and now.card:
        parts.append(f"now with the case “{names.card(now.card)}”")
    if starts and not parts:
        about = _later(_shift(was, now)) if key.startswith("break ") else f"{now.clock} instead of {was.clock}"
        yield f"{names.of(key)} starts {about}"
        return
    if starts:
        parts.append(f"starts {now.clock} instead of {was.clock}")
    if parts:
        yield f"{names.of(key)}: {', '.join(parts)}"


def _runs(old: Mapping[str, Entry], new: Mapping[str, Entry], kept: Sequence[str]) -> list[list[str]]:
    """Entries one after the other that all start so many minutes later or earlier, where they are three or more."""
    runs = [list(run) for _, run in groupby(kept, key=lambda key: _shift(old[key], new[key]))]
    return [run for run in runs if len(run) >= _RUN and _shift(old[run[0]], new[run[0]])]


def _run_line(run: Sequence[str], shift: int, kept: Sequence[str], names: _Names) -> str:
    first, last = kept.index(run[0]), kept.index(run[-1])
    if last < len(kept) - 1:
        return f"From {names.inside(run[0])} to {names.inside(run[-1])} everything starts {_later(shift)}"
    if first == 0:
        return f"Everything starts {_later(shift)}"
    before = kept[first - 1]
    if before.startswith("break "):
        return f"Everything after {names.inside(before)} starts {_later(shift)}"
    return f"Everything from {names.inside(run[0])} on starts {_later(shift)}"


def _later(shift: int) -> str:
    return f"{_minutes(abs(shift))} {'later' if shift > 0 else 'earlier'}"


def _minutes(count: int) -> str:
    return f"{count} minute{'' if count == 1 else 's'}"


def _shift(was: Entry, now: Entry) -> int:
    """How many minutes later; the shorter way around midnight."""
    return (now.start - was.start + _DAY // 2) % _DAY - _DAY // 2


def _lessons(entries: Iterable[str]) -> list[str]:
    """The lessons in the order in which they come."""
    return list(dict.fromkeys(key.partition("/")[0] for key in entries if not key.startswith("break ")))


def _out_of_order(old: Sequence[str], new: Sequence[str]) -> list[str]:
    """The fewest lessons whose place changed, so that all others still follow one another as before."""
    kept = [lesson for lesson in new if lesson in old]
    chains: list[list[str]] = [[]]
    for lesson in kept:
        able = [chain for chain in chains if not chain or old.index(chain[-1]) < old.index(lesson)]
        chains.append([*_longest(able), lesson])
    still = _longest(chains)
    return [lesson for lesson in kept if lesson not in still]


def _longest(chains: Sequence[list[str]]) -> list[str]:
    longest = max((len(chain), -number) for number, chain in enumerate(chains))
    return chains[-longest[1]]
