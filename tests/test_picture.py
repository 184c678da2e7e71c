"""The picture of the time: what it says, how it reads without colour, and that it is the same everywhere."""

import hashlib
import io
import itertools
import struct
import zipfile
import zlib

import libraries as tiny
import pytest

from builder import planner
from builder.blocks import Heading, Picture, Table, text_of
from builder.kit import papers
from builder.kit.context import context_of
from builder.model import Agenda, Plan, Slot
from builder.picture import patterns, said, timeline
from builder.picture.canvas import Canvas, dots
from builder.picture.letters import face
from builder.picture.timeline import kind_of

TITLES = {key: lesson.title for key, lesson in tiny.LIBRARY.lessons.items()}
LENGTHS = (45, 90, 180, 480)


def plan_of(minutes):
    """A plan of so many minutes, made by hand from the steps of the tiny library: the planner has no say in it."""
    steps = list(tiny.LIBRARY.activities.values())
    slots, at = [], 0
    for number, step in enumerate(steps * 4):
        kind = ("activity", "transition", "activity", "activity", "break")[number % 5]
        length = {"transition": 1}.get(kind, 9)
        if at + length >= minutes:
            break
        title, activity = (step.title, step) if kind == "activity" else (kind.capitalize(), None)
        slots.append(Slot(kind=kind, start=at, minutes=length, title=title, activity=activity))
        at += length
    slots.append(Slot(kind="buffer", start=at, minutes=minutes - at, title="Buffer"))
    return Plan(brief=tiny.brief(minutes), agenda=Agenda(slots=tuple(slots)))


def pixels(png):
    """Width, height and the rows of grey values (0 to 15) of a PNG with sixteen greys and no filters."""
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    at, chunks = 8, {}
    while at < len(png):
        (length,), kind = struct.unpack(">I", png[at : at + 4]), png[at + 4 : at + 8]
        content = png[at + 8 : at + 8 + length]
        assert struct.unpack(">I", png[at + 8 + length : at + 12 + length])[0] == zlib.crc32(kind + content)
        chunks[kind], at = content, at + 12 + length
    width, height, depth, colour = struct.unpack(">IIBB", chunks[b"IHDR"][:10])
    assert (depth, colour) == (4, 0)
    lines = zlib.decompress(chunks[b"IDAT"])
    across = width // 2 + 1
    assert len(lines) == across * height
    rows = [lines[at + 1 : at + across] for at in range(0, len(lines), across)]
    return width, height, [[half for pair in row for half in (pair >> 4, pair & 15)] for row in rows]


def test_the_picture_is_the_same_bytes_on_every_run_and_machine():
    """Nothing in it depends on the clock, a font, or the version of a compressor: its fingerprint is known."""
    made = timeline(plan_of(90), TITLES)
    assert made == timeline(plan_of(90), TITLES)
    assert hashlib.sha256(made.png).hexdigest()[:16] == "88e654336bd8d88d"


@pytest.mark.parametrize("minutes", LENGTHS)
def test_the_picture_is_a_grey_png_that_fits_a_page(minutes):
    """Whatever the length, the picture is a whole PNG without colour, no wider than a line, no higher than a page."""
    made = timeline(plan_of(minutes), TITLES)
    width, height, rows = pixels(made.png)
    assert (width, height) == (len(rows[0]), len(rows))
    assert made.width_mm <= 170
    assert made.height_mm <= 200
    assert abs(made.width_mm / made.height_mm - width / height) < 0.01


@pytest.mark.parametrize("minutes", LENGTHS)
def test_the_words_say_what_the_picture_says(minutes):
    """The alternative text has start, end and the minutes of each kind, in at most 250 characters."""
    plan = plan_of(minutes)
    words = said(plan)
    assert len(words) <= 250
    assert words.startswith(f"Timeline from 10:00 to {plan.brief.clock(minutes)}: ")
    for grouping, told in (("solo", "alone"), ("pairs", "in pairs"), ("plenary", "with everybody")):
        total = sum(slot.minutes for slot in plan.agenda.slots if kind_of(slot) == grouping)
        assert not total or f"{total} {told}" in words.replace(" minutes ", " ")


def test_a_break_and_the_buffer_are_named_with_their_clock():
    """Who hears the page read knows when the break begins and when the buffer does."""
    plan = plan_of(90)
    first, second = (plan.brief.clock(slot.start) for slot in plan.agenda.slots if slot.kind == "break")
    assert f"; breaks at {first}, {second}; buffer at {plan.brief.clock(plan.agenda.slots[-1].start)}" in said(plan)


def test_every_kind_has_a_shade_and_a_pattern_of_its_own():
    """No two kinds look alike, neither as drawn nor in a bad copy, blurred by half a millimetre and without greys."""

    def drawn(kind):
        canvas = Canvas(64, 64)
        patterns.fill(canvas, kind, (0, 0), (64, 64))
        return pixels(canvas.png())[2]

    def copied(rows):
        near = range(-2, 3)
        return [
            [sum(rows[y + dy][x + dx] for dy in near for dx in near) / 25 > 11 for x in range(8, 56)]
            for y in range(8, 56)
        ]

    looks = {kind: drawn(kind) for kind in patterns.KINDS}
    for one, other in itertools.combinations(patterns.KINDS, 2):
        for first, second in ((looks[one], looks[other]), (copied(looks[one]), copied(looks[other]))):
            different = sum(
                a != b for left, right in zip(first, second, strict=True) for a, b in zip(left, right, strict=True)
            )
            assert different / (len(first) * len(first[0])) > 0.04, (one, other)


def test_every_minute_is_drawn_once():
    """The bars of a line follow each other without a gap: all along the bar's upper edge there is ink."""
    plan = plan_of(90)
    _, _, rows = pixels(timeline(plan, {}).png)
    full = [row for row in rows if all(value < 4 for value in row[: dots(168) - 3])]
    assert len(full) == 4


def test_a_name_that_cannot_be_drawn_is_left_away():
    """A lesson named in letters that the picture does not know is drawn without its name, and nothing fails."""
    other = dict.fromkeys(TITLES, "تضامن")
    plan = plan_of(90)
    assert not face("bold").has("تضامن")
    assert timeline(plan, other).png == timeline(plan, {}).png != timeline(plan, TITLES).png


def test_a_name_in_latin_greek_or_cyrillic_letters_is_drawn():
    """The letters of most European languages are there."""
    assert all(
        face(weight).has("Ćwiczenie: Ångström, Słońce, Αλληλεγγύη, Солидарность – “ja”")
        for weight in ("regular", "bold")
    )


def test_the_guide_shows_the_picture_after_the_running_sheet(library, example):
    """The running sheet and what is at hand come first; the picture stands right after, under a heading of its own."""
    plan = planner.plan(library, example("ninety-minutes"))
    ((blocks, _),) = papers.documents(context_of(plan, library, "CODE"))["facilitator-guide.docx"]
    at = next(i for i, block in enumerate(blocks) if isinstance(block, Picture))
    assert [isinstance(block, Table) for block in blocks[at - 3 : at - 1]] == [True, True]
    heading, picture = blocks[at - 1 : at + 1]
    assert isinstance(heading, Heading)
    assert text_of(heading.runs) == "The time at a glance"
    assert isinstance(picture, Picture)
    assert picture.alt == said(plan)


def test_the_guide_holds_the_picture_with_its_words(kit_of):
    """In the Word file the picture has its alternative text."""
    with zipfile.ZipFile(io.BytesIO(kit_of("ninety-minutes").files["facilitator-guide.docx"])) as package:
        assert "word/media/image1.png" in package.namelist()
        assert 'descr="Timeline from 10:00 to 11:30: ' in package.read("word/document.xml").decode()
