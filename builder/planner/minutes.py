"""The best whole minutes for steps in their order with breaks at given places: exact, since curves can be joined.

Some minutes of the day may be fixed: a break that starts at a certain time, a step that must. They part the day
into spans that must each be filled exactly; a stretch between breaks may run through such a point.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from builder.planner.curves import Curve, joined
from builder.planner.frame import break_lengths

Demands = Mapping[tuple[int, int], int]
"""For runs of slots (first, one after the last): the minutes that they must reach together."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A slot to be: its kind, how good each number of its minutes is, its step's place in the sequence or None.

    A break has a least, usual and most instead of a curve. Where `at` is not None it starts at that minute.
    """

    kind: str
    curve: Curve
    step: int | None = None
    span: tuple[int, int, int] | None = None
    at: int | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """What stretches may last: the longest of all, and the least and most minutes of the first."""

    longest: int
    first: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Part:
    """The slots between two breaks, or between a break and a fixed point: numbers of entries, and what they can be."""

    entries: tuple[int, ...]
    curve: Curve
    stretch: int


@dataclass(frozen=True, slots=True)
class Span:
    """Parts with the breaks between them, which must together last `minutes`.

    `head` says that the first part goes on with the stretch of the span before, `tail` that its last part is gone on
    with in the next one. `breaks` are the numbers of the entries that are breaks, `parts` all the others.
    """

    minutes: int
    parts: tuple[Part, ...]
    breaks: tuple[int, ...]
    head: bool
    tail: bool


@dataclass(frozen=True, slots=True)
class Share:
    """What one span is given: by the minutes of its last part where that is gone on with, else None."""

    worth: float
    carried: int
    breaks: int
    tail: int | None
    before: "Share | None" = None


def parts_of(entries: Sequence[Entry], demands: Demands, limits: Limits) -> list[Part] | None:
    """The entries that are not breaks, part by part; None where a demand cannot be met."""
    found, stretch = [], 0
    runs: list[list[int]] = [[]]
    stretches = [0]
    for i, entry in enumerate(entries):
        if entry.kind == "break":
            stretch += 1
        if entry.kind == "break" or entry.at is not None:
            runs.append([])
            stretches.append(stretch)
        if entry.kind != "break":
            runs[-1].append(i)
    for run, number in zip(runs, stretches, strict=True):
        curve = _curve(run, entries, demands)
        if curve is not None and number == 0 and stretches.count(0) == 1:
            curve = curve.from_least(limits.first[0])
        if curve is None:
            return None
        found.append(Part(tuple(run), curve, number))
    return found


def _curve(run: Iterable[int], entries: Sequence[Entry], demands: Demands) -> Curve | None:
    """What a run of entries can be, with the demands on some of them."""
    run = tuple(run)
    curves: list[Curve] = []
    for demand, wanted in demands.items():
        among = [entries[i].curve for i in asked(run, entries, demand)]
        together = joined(among).from_least(wanted) if among else Curve(0, 0.0, ())
        if together is None:
            return None
        curves.append(together)
    free = set(run).difference(*(asked(run, entries, demand) for demand in demands))
    return joined([*curves, *(entries[i].curve for i in sorted(free))])


def asked(run: Iterable[int], entries: Sequence[Entry], demand: tuple[int, int]) -> list[int]:
    """The steps of a run that a demand is for."""
    return [i for i in run if demand[0] <= i < demand[1] and entries[i].step is not None]


def spans_of(entries: Sequence[Entry], parts: Sequence[Part], minutes: int) -> Iterator[Span]:
    """The spans between the fixed points of a day of so many minutes."""
    waiting = iter(parts)
    held: list[Part] = [next(waiting)]
    breaks: list[int] = []
    begins, head = 0, False
    for i, entry in enumerate(entries):
        if entry.at is not None:
            tail = entry.kind != "break"
            yield Span(entry.at - begins, tuple(held), tuple(breaks), head, tail)
            begins, held, breaks, head = entry.at, [], [], tail
            if entry.kind == "break":
                begins += entry.curve.least
            held.append(next(waiting))
        elif entry.kind == "break":
            breaks.append(i)
            held.append(next(waiting))
    yield Span(minutes - begins, tuple(held), tuple(breaks), head, tail=False)


def best_share(entries: Sequence[Entry], spans: Sequence[Span], limits: Limits) -> Share | None:
    """The best way to fill all spans, or None."""
    shares: dict[int, Share] = {0: Share(0.0, 0, 0, None)}
    for span in spans:
        following: dict[int, Share] = {}
        lengths = break_lengths(tuple(entries[i].span or (1, 0, 0) for i in span.breaks))
        for before in shares.values():
            for share in _filled(span, before, lengths, limits):
                if share.carried not in following or share.worth > following[share.carried].worth + 1e-12:
                    following[share.carried] = share
        shares = following
    return max(shares.values(), key=lambda share: share.worth, default=None)


def _filled(
    span: Span, before: Share, lengths: Mapping[int, tuple[float, tuple[int, ...]]], limits: Limits
) -> Iterator[Share]:
    """Each way to fill a span that matters to the next one."""
    carried = before.carried if span.head else 0
    curves = list(limited(span, carried, limits))
    if any(curve is None for curve in curves):
        return
    able = [curve for curve in curves if curve is not None]
    if not span.tail:
        found = _with_breaks(joined(able), span.minutes, lengths)
        if found is not None:
            yield Share(before.worth + found[0], 0, found[1], None, before)
    elif len(able) == 1:
        worth = able[0].at(span.minutes)
        if worth is not None:
            yield Share(before.worth + worth, carried + span.minutes, 0, span.minutes, before)
    else:
        rest = joined(able[:-1])
        for minutes in range(able[-1].least, able[-1].most + 1):
            found = _with_breaks(rest, span.minutes - minutes, lengths)
            if found is not None:
                worth = able[-1].at(minutes) or 0.0
                yield Share(before.worth + found[0] + worth, minutes, found[1], minutes, before)


def limited(span: Span, carried: int, limits: Limits) -> Iterator[Curve | None]:
    """What each part of a span can be where so many minutes of its first stretch have passed."""
    for i, part in enumerate(span.parts):
        most = min(limits.longest, limits.first[1]) if part.stretch == 0 else limits.longest
        yield part.curve.to_most(most - (carried if i == 0 else 0))


def _with_breaks(
    rest: Curve, minutes: int, lengths: Mapping[int, tuple[float, tuple[int, ...]]]
) -> tuple[float, int] | None:
    """The best sum of the breaks' minutes beside the rest, and how good both are."""
    best: tuple[float, int] | None = None
    for breaks, (worth, _) in lengths.items():
        each = rest.at(minutes - breaks)
        if each is not None and (best is None or each + worth > best[0] + 1e-9):
            best = each + worth, breaks
    return best


# ------------------------------------------------------------ minute by minute


def given(entries: Sequence[Entry], spans: Sequence[Span], share: Share, demands: Demands, limits: Limits) -> list[int]:
    """The minutes of every entry in the best share."""
    shares = list(_shares(share))[::-1]
    minutes = [entry.curve.least for entry in entries]
    for span, before, each in zip(spans, shares, shares[1:], strict=False):
        spent = break_lengths(tuple(entries[i].span or (1, 0, 0) for i in span.breaks))[each.breaks][1]
        for i, length in zip(span.breaks, spent, strict=True):
            minutes[i] = length
        for run, wanted in demands.items():
            for part in span.parts:
                among = asked(part.entries, entries, run)
                _give(entries, minutes, among, wanted - sum(minutes[i] for i in among) if among else 0)
        rooms = list(_rooms(span, each, before.carried if span.head else 0, limits))
        for part, (least, _) in zip(span.parts, rooms, strict=True):
            _give(entries, minutes, part.entries, least - sum(minutes[i] for i in part.entries))
        _give_within(entries, span.parts, [most for _, most in rooms], minutes, span.minutes - each.breaks)
    return minutes


def _shares(share: Share | None) -> Iterator[Share]:
    while share is not None:
        yield share
        share = share.before


def _rooms(span: Span, share: Share, carried: int, limits: Limits) -> Iterator[tuple[int, int]]:
    """The least and most minutes of each part of a span."""
    for i, (part, curve) in enumerate(zip(span.parts, limited(span, carried, limits), strict=True)):
        if share.tail is not None and i == len(span.parts) - 1:
            yield share.tail, share.tail
        else:
            yield part.curve.least, curve.most if curve else 0


def _give(entries: Sequence[Entry], minutes: list[int], among: Sequence[int], wanted: int) -> None:
    """Give so many minutes to some entries."""
    for _ in range(wanted):
        i = min((i for i in among if _may_grow(entries[i], minutes[i])), key=lambda i: _cost(entries[i], minutes[i]))
        minutes[i] += 1


def _give_within(
    entries: Sequence[Entry], parts: Sequence[Part], rooms: Sequence[int], minutes: list[int], total: int
) -> None:
    """Give what is left of the total, no part more than it has room for."""
    spent = [sum(minutes[i] for i in part.entries) for part in parts]
    for _ in range(total - sum(spent)):
        open_ones = [
            (_cost(entries[i], minutes[i]), i, k)
            for k, part in enumerate(parts)
            if spent[k] < rooms[k]
            for i in part.entries
            if _may_grow(entries[i], minutes[i])
        ]
        _, i, k = min(open_ones)
        minutes[i] += 1
        spent[k] += 1


def _may_grow(entry: Entry, minutes: int) -> bool:
    return minutes < entry.curve.most


def _cost(entry: Entry, minutes: int) -> float:
    return round(entry.curve.costs[minutes - entry.curve.least], 9)


def starts_of(minutes: Sequence[int]) -> list[int]:
    """The minute at which each entry starts."""
    starts = [0]
    for length in minutes:
        starts.append(starts[-1] + length)
    return starts[:-1]


def fixed(minutes: int) -> Curve:
    """The curve of a slot that lasts so many minutes and no others."""
    return Curve(minutes, 0.0, ())
