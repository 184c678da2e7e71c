"""What stays together on a page, and what stands apart: lists, the lines above them, boxes between headings."""

# ruff: noqa: SIM300 - by house style, what is expected stands first

from typing import Any

import pytest
from word_help import a_list, body, find, paper, part, say, styled, written

from builder.blocks import Block, Box, Heading, Run
from builder.kit.templates import fitted

LONG = "a long item " * 20


def kept(*blocks: Block) -> list[str]:
    """The words of the paragraphs that stay with what follows."""
    return [written(p) for p in find(body(*blocks), "//w:p[w:pPr/w:keepNext]")]


@pytest.mark.parametrize(
    ("items", "together"),
    [("ab", ["a"]), ("abcd", ["a", "c"]), ("abcdef", ["a", "e"]), ("a", []), ([LONG, "b", LONG, "d"], [])],
)
def test_no_short_item_of_a_list_stands_alone(items: Any, together: list[str]) -> None:
    """The first item stays with the second and the last but one with the last; long ones may part."""
    assert together == kept(a_list(*items), say("after"))


def test_a_box_between_two_headings_stays_with_the_second() -> None:
    """The advisory of a lesson is on the page of its first step, and a box above plain text is free."""
    heading, box = Heading(2, (Run("Lesson"),)), Box("note", (say("It may be hard."),))
    assert ["It may be hard."] == kept(heading, box, Heading(3, (Run("Step"),)))
    assert [] == kept(heading, box, say("text"))


def test_a_bold_line_below_a_list_stands_away_from_it() -> None:
    """What announces the next part is nearer to its own text than to the list above; elsewhere it is body text."""
    label = say("Notes", keep_with_next=True)
    below, above = body(a_list("a"), label, say("b")), body(say("a"), label, a_list("b"))
    assert ("NoteHeading", "Notes") in styled(below)
    assert ("Normal", "Notes") in styled(above)
    spacing = find(part(paper(), "word/styles.xml"), "//w:style[@w:styleId='NoteHeading']//w:spacing/@w:before")
    assert int(spacing[0]) >= 160


def test_in_compact_papers_a_few_words_stay_with_their_list() -> None:
    """The purpose of a step is on the page of its first instruction; a long text above a list may stay behind."""
    found = fitted([say("Why."), say("How."), a_list("a"), say(LONG + LONG), a_list("b"), say("end")], compact=True)
    assert ["Why.", "How."] == kept(*found)
    assert [] == kept(*fitted([say("Why."), a_list("a")]))
