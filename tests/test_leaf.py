"""The sheet to keep: the short sheets that each person takes home share the two sides of one leaf."""

import io

import docx
import pytest

from builder import kit, planner
from builder.kit.context import context_of
from builder.kit.heights import PAGE_MM, height_mm
from builder.kit.leaf import leaf_blocks
from builder.kit.sheets import of_step, pieces

CORE = {"focus": ["solidarity-and-allyship", "power-dynamics", "commitments"], "minutes": 120}


def leaf_of(example, library, **keys):
    """The context of a workshop, and its sheet to keep."""
    plan = planner.plan(library, example("ninety-minutes", **keys))
    context = context_of(plan, library, kit.plan_code(plan))
    leaves = [sheet for sheet in context.sheets if sheet.parts]
    return context, leaves[0] if leaves else None


def test_short_sheets_share_one_leaf_with_numbered_parts(example, library):
    """One leaf of two sides takes every short sheet; each part has the leaf's letter and its own number."""
    context, leaf = leaf_of(example, library, **CORE)
    assert [part.letter for part in leaf.parts] == [f"{leaf.letter}{n}" for n in range(1, len(leaf.parts) + 1)]
    assert all(part.sheet.pocket for part in leaf.parts)
    assert leaf.sides == 2
    assert leaf.keep
    assert not any(sheet.sheet and sheet.sheet.pocket for sheet in context.sheets)


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_the_leaf_is_turned_where_its_first_side_is_full(example, library, paper):
    """Between the two sides stands a page break, and neither side is higher than its page."""
    context, leaf = leaf_of(example, library, paper=paper, **CORE)
    blocks = leaf_blocks(leaf, context.texts)
    turn = next(i for i, block in enumerate(blocks) if type(block).__name__ == "PageBreak")
    assert height_mm(blocks[:turn]) * 0.97 <= PAGE_MM[paper]
    assert height_mm(blocks[turn:]) * 0.97 <= PAGE_MM[paper]


def test_a_step_names_the_part_of_the_leaf_that_it_uses(example, library):
    """The guide says C3 and not only C, so that nobody has to look for it."""
    context, leaf = leaf_of(example, library, **CORE)
    letters = {
        sheet.letter
        for slot in context.plan.agenda.steps
        for sheet in of_step(slot, library, context.sheets, context.plan)
    }
    assert {part.letter for part in leaf.parts} <= letters
    assert leaf.letter not in letters


def test_every_sheet_of_the_agenda_is_a_sheet_or_a_part(example, library):
    """Folding loses nothing: what the steps hand out is there once."""
    context, _ = leaf_of(example, library, **CORE)
    keys = [sheet.key for sheet in pieces(context.sheets)]
    handed = {f"{slot.activity.lesson}/{stem}" for slot in context.plan.agenda.steps for stem in slot.activity.handouts}
    assert len(keys) == len(set(keys))
    assert handed <= {key if key.count("/") == 1 else key.replace("/handouts/", "/") for key in keys}


def test_the_leaf_is_in_every_edition_and_has_one_letter(example, library):
    """Standard, large print and screen show the same parts; only the standard one is turned at a fixed place."""
    plan = planner.plan(library, example("ninety-minutes", editions=["standard", "html"], large_print=1, **CORE))
    made = kit.make(plan, library)
    context = context_of(plan, library, made.code)
    leaf = next(sheet for sheet in context.sheets if sheet.parts)
    letters = [part.letter for part in leaf.parts]
    for name in ("handouts-each-person.docx", "handouts-each-person-large-print.docx"):
        heads = [p.text for p in docx.Document(io.BytesIO(made.files[name])).paragraphs if p.style.name == "Heading 3"]
        assert [word for word in (head.split()[0] for head in heads) if word[1:].isdigit()] == letters
    page = made.files["handouts.html"].decode()
    assert all(part.title in page for part in leaf.parts)


def test_a_single_short_sheet_stays_a_sheet(example, library):
    """A leaf is made for two parts or more."""
    short = {key: sheet.model_copy(update={"pocket": False}) for key, sheet in library.sheets.items()}
    alone = library.model_copy(update={"sheets": short})
    _, leaf = leaf_of(example, alone, **CORE)
    assert leaf is None
