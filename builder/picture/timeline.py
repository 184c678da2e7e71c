"""The line of time: where each thing stands, in millimetres of paper, and the same in words."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from builder.blocks import Picture
from builder.model import Plan, Slot
from builder.picture import patterns
from builder.picture.canvas import DOTS_PER_MM, WHITE, Canvas, dots
from builder.picture.letters import Face, face

WIDTH_MM = 168.0
LONGEST_ALT = 250

_MOST_MINUTES_ABREAST = 120  # a longer workshop goes on in a second line, so that a step stays wide enough to name
_MOST_LINES = 3  # of a name
_LINE_MM, _GAP_MM, _BAR_MM, _TICK_MM, _BETWEEN_MM = 3.8, 1.0, 8.0, 1.4, 3.0
_CLOCKS_APART_MM = 14.0
_ROUND = (5, 10, 15, 30, 60)
_ROOM = 11  # pixels beside a name
_SWATCH_MM = (9.0, 4.0)


def timeline(plan: Plan, titles: Mapping[str, str] | None = None) -> Picture:
    """The agenda as a picture 168 mm wide; `titles` are the names of lessons by id, written where they fit.

    The same plan gives the same bytes, whatever the machine.
    """
    drawing = _drawing(plan, titles or {})
    legend = list(_legend(plan))
    heights = [part.height for part in drawing] + [dots(_BETWEEN_MM) * len(drawing)]
    lines = 1 + max(line for line, *_ in legend)
    canvas = Canvas(dots(WIDTH_MM), sum(heights) + lines * dots(_LINE_MM + 1.6))
    top = 0
    for part in drawing:
        part.draw(canvas, top)
        top += part.height + dots(_BETWEEN_MM)
    _draw_legend(canvas, top, legend)
    return Picture(canvas.png(), said(plan), canvas.width / DOTS_PER_MM, canvas.height / DOTS_PER_MM)


def kind_of(slot: Slot) -> str:
    """Whether a slot is solo, pairs, threes, small groups or plenary; else which kind of pause it is."""
    return slot.activity.grouping if slot.activity else slot.kind


# ------------------------------------------------------------ lines


Span = tuple[int, int, Sequence[str]]


@dataclass(frozen=True)
class Part:
    """One line of the picture: some slots at `scale` pixels a minute; a span is its two ends and what is written."""

    plan: Plan
    slots: Sequence[Slot]
    scale: float
    lessons: Sequence[Span]
    steps: Sequence[Span]

    @property
    def height(self) -> int:
        """In pixels, clock times included."""
        return self._bar_top + dots(_BAR_MM + _TICK_MM + _LINE_MM)

    @property
    def _lessons_end(self) -> int:
        return max((len(lines) for *_, lines in self.lessons), default=0) * dots(_LINE_MM)

    @property
    def _bar_top(self) -> int:
        named = max((len(lines) for *_, lines in self.steps), default=0)
        return self._lessons_end + named * dots(_LINE_MM) + dots(2 * _GAP_MM)

    def draw(self, canvas: Canvas, top: int) -> None:
        """Draw the names of lessons and steps, the bars, and the clock under them."""
        bold, regular = face("bold"), face("regular")
        for left, right, lines in self.lessons:
            _stack(canvas, bold, left + 4, top + self._lessons_end - dots(_LINE_MM) * len(lines), lines)
            canvas.box(left + 2, top + self._lessons_end, right - left - 4, 3)
        foot = top + self._bar_top - dots(_GAP_MM / 2)
        for left, _, lines in self.steps:
            _stack(canvas, regular, left + 4, foot - dots(_LINE_MM) * len(lines), lines)
        for slot in self.slots:
            self._bar(canvas, slot, top + self._bar_top, bold)
        self._clock(canvas, top + self._bar_top + dots(_BAR_MM), regular)

    def _x(self, minute: int) -> int:
        return round((minute - self.slots[0].start) * self.scale)

    def _bar(self, canvas: Canvas, slot: Slot, top: int, bold: Face) -> None:
        left, right = self._x(slot.start), self._x(slot.end)
        patterns.fill(canvas, kind_of(slot), (left, top), (right - left + 1, dots(_BAR_MM)))
        minutes = str(slot.minutes)
        wide = bold.width(minutes)
        if wide + 12 <= right - left:
            at, middle = (left + right - wide) // 2, top + (dots(_BAR_MM) - bold.height) // 2
            canvas.box(at - 4, middle - 1, wide + 8, bold.height + 2, WHITE)
            bold.write(canvas, at, middle, minutes)

    def _clock(self, canvas: Canvas, top: int, regular: Face) -> None:
        """A tick every five minutes; the time at round ones, and where the line begins and ends."""
        first, last = self.slots[0].start, self.slots[-1].end
        start = self.plan.brief.start_minute
        for minute in range(first, last + 1):
            if (start + minute) % 5 == 0:
                canvas.box(min(self._x(minute), canvas.width - 2), top, 2, dots(_TICK_MM / 2))
        for minute in _told(first, last, start, self.scale):
            clock = self.plan.brief.clock(minute)
            wide = regular.width(clock)
            canvas.box(min(self._x(minute), canvas.width - 3), top, 3, dots(_TICK_MM))
            left = min(max(self._x(minute) - wide // 2, 0), canvas.width - wide)
            regular.write(canvas, left, top + dots(_TICK_MM), clock)


def _told(first: int, last: int, start: int, scale: float) -> list[int]:
    """The minutes whose clock time is written: both ends, and round ones with enough room around them."""
    apart = dots(_CLOCKS_APART_MM) / scale
    step = next((each for each in _ROUND if each >= apart), _ROUND[-1])
    between = [m for m in range(first, last) if (start + m) % step == 0 and m - first >= apart and last - m >= apart]
    return [first, *between, last]


def _stack(canvas: Canvas, letters: Face, x: int, y: int, lines: Sequence[str]) -> None:
    for number, line in enumerate(lines):
        letters.write(canvas, x, y + number * dots(_LINE_MM), line)


def _drawing(plan: Plan, titles: Mapping[str, str]) -> list[Part]:
    cut = _cut(plan.agenda.slots, plan.agenda.minutes)
    scale = (dots(WIDTH_MM) - 2) / max(slots[-1].end - slots[0].start for slots in cut)
    return [_part(plan, slots, scale, titles) for slots in cut]


def _cut(slots: Sequence[Slot], minutes: int) -> list[list[Slot]]:
    """The slots in as few lines as hold them, about equally long, none of them cut in two."""
    lines = -(-minutes // _MOST_MINUTES_ABREAST)
    ends = [slot.end for slot, after in pairwise(slots) if after.kind != "transition"] or [minutes]
    cuts = {min(ends, key=lambda end: abs(end - number * minutes / lines)) for number in range(1, lines)}
    return [list(group) for _, group in groupby(slots, key=lambda slot: sum(cut <= slot.start for cut in cuts))]


def _part(plan: Plan, slots: Sequence[Slot], scale: float, titles: Mapping[str, str]) -> Part:
    def x(minute: int) -> int:
        return round((minute - slots[0].start) * scale)

    def named(start: int, end: int, title: str, weight: str) -> Span:
        return x(start), x(end), _fitted(title, x(end) - x(start), weight)

    lessons = [named(start, end, titles.get(key, ""), "bold") for key, start, end in _lessons(slots)]
    steps = [named(slot.start, slot.end, slot.title, "regular") for slot in slots if _worth_a_name(slot)]
    return Part(plan, slots, scale, lessons, steps)


def _worth_a_name(slot: Slot) -> bool:
    return slot.kind in {"activity", "break"}


def _lessons(slots: Sequence[Slot]) -> Iterator[tuple[str, int, int]]:
    """Each lesson with the minutes from which and to which it lasts without a break."""
    found: list[tuple[str, int, int]] = []
    for slot in slots:
        if slot.activity is not None:
            key = slot.activity.lesson
            moved = [other for other in slots if other.end == slot.start and other.kind == "transition"]
            before = moved[0].start if moved else slot.start
            if found and found[-1][0] == key and found[-1][2] in {slot.start, before}:
                found[-1] = (key, found[-1][1], slot.end)
            else:
                found.append((key, slot.start, slot.end))
    yield from found


def _fitted(title: str, width: int, weight: str) -> Sequence[str]:
    """A name on up to three lines: whole, or up to its colon or comma, or a lesson's first words, or nothing."""
    letters = face(weight)
    words = title.split()
    begun = [f"{' '.join(words[:count])}…" for count in range(len(words) - 1, 1, -1)] if weight == "bold" else []
    for name in dict.fromkeys((title, title.partition(":")[0], title.partition(",")[0], *begun)):
        lines = letters.folded(name, width - _ROOM, _MOST_LINES) if letters.has(name) else None
        if lines:
            return lines
    return ()


# ------------------------------------------------------------ legend


def _totals(plan: Plan) -> dict[str, int]:
    """How many minutes each kind has, in the order of the legend."""
    minutes = dict.fromkeys(patterns.KINDS, 0)
    for slot in plan.agenda.slots:
        minutes[kind_of(slot)] += slot.minutes
    return {kind: total for kind, total in minutes.items() if total}


def _legend(plan: Plan) -> Iterator[tuple[int, int, str, str]]:
    """For each kind that there is: the line and the pixel at which it stands, and what is said of it."""
    letters = face("regular")
    line, x = 0, 0
    for kind, total in _totals(plan).items():
        text = f"{patterns.name(kind)} {total} min"
        wide = dots(_SWATCH_MM[0] + 6) + letters.width(text)
        if x and x + wide > dots(WIDTH_MM):
            line, x = line + 1, 0
        yield line, x, kind, text
        x += wide


def _draw_legend(canvas: Canvas, top: int, legend: Sequence[tuple[int, int, str, str]]) -> None:
    letters = face("regular")
    wide, high = map(dots, _SWATCH_MM)
    for line, x, kind, text in legend:
        y = top + line * dots(_LINE_MM + 1.6)
        patterns.fill(canvas, kind, (x, y), (wide, high))
        letters.write(canvas, x + wide + dots(1.5), y + (high - letters.height) // 2, text)


# ------------------------------------------------------------ in words


_IN_WORDS = {
    "solo": "alone",
    "pairs": "in pairs",
    "threes": "in threes",
    "small groups": "in small groups",
    "plenary": "with everybody",
}


def said(plan: Plan) -> str:
    """The picture in words, in at most 250 characters: for whoever hears the page read."""
    brief = plan.brief
    totals = [(words, total) for kind, total in _totals(plan).items() if (words := _IN_WORDS.get(kind))]
    first, *others = [f"{total} {words}" for words, total in totals]
    spent = ", ".join((first.replace(" ", " minutes ", 1), *others))
    text = f"Timeline from {brief.start} to {brief.clock(plan.agenda.minutes)}: {spent}"
    for more in _pauses(plan):
        text += more if len(text) + len(more) < LONGEST_ALT else ""
    return f"{text}."


def _pauses(plan: Plan) -> Iterator[str]:
    """When the breaks and the buffer begin, and how many minutes go on moving."""
    for kind in ("break", "buffer"):
        clocks = [plan.brief.clock(slot.start) for slot in plan.agenda.slots if slot.kind == kind]
        if clocks:
            yield f"; {kind}{'s' if len(clocks) > 1 else ''} at {', '.join(clocks)}"
    moving = _totals(plan).get("transition")
    if moving:
        yield f"; {moving} for moving"
