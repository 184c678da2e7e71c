"""The minutes in brackets before the steps: they make up what the agenda gives, or the guide says why not."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder import planner
from builder.blocks import ListBlock, text_of
from builder.kit.step_minutes import fitted_steps, shares
from builder.kit.texts import Texts
from builder.markdown import parse

HALVES = st.lists(st.integers(1, 60), min_size=1, max_size=9)


def blocks(text):
    """The blocks of some Markdown."""
    return parse(text)[0]


def minutes_of(steps):
    """The minutes in brackets of all numbered steps."""
    texts = [text_of(item[0].runs) for b in steps if isinstance(b, ListBlock) and b.ordered for item in b.items]
    found = [re.match(r"\((\d*)(½?) min\)", text) for text in texts]
    return [int(match[1] or 0) + bool(match[2]) / 2 for match in found if match]


@given(HALVES, st.integers(0, 500))
def test_shares_sum_exactly_and_none_is_empty(written, free):
    """Whatever is written and given: the shares make up the minutes, each half a minute at least, or there are none."""
    found = shares(written, free)
    assert bool(found) == (free >= len(written))
    if found:
        assert (len(found), sum(found)) == (len(written), free)
        assert min(found) >= 1


@given(HALVES, st.integers(0, 500))
def test_no_step_grows_when_time_is_short_and_none_shrinks_when_there_is_more(written, free):
    """With fewer minutes than written every step has at most its own, with more at least its own."""
    for share, own in zip(shares(written, free), written, strict=False):
        assert share <= own if free <= sum(written) else share >= own


@given(HALVES, st.integers(1, 60), st.integers(0, 20))
def test_fitted_brackets_and_debrief_make_up_the_heading(written, minutes, debrief):
    """What is printed adds up to the step's minutes, or the line below the heading says that it does not."""
    text = "\n".join(f"{i}. ({half // 2 or ''}{'½' * (half % 2)} min) Do." for i, half in enumerate(written, 1))
    found = fitted_steps(blocks(text), (), minutes, debrief)
    fits = sum(minutes_of(found.steps)) + debrief == minutes
    assert fits or found.told.startswith("Too short")
    assert bool(found.told) == (sum(written) != 2 * (minutes - debrief))


def test_every_step_of_the_examples_adds_up_or_says_why(library, example):
    """In each plan of the examples the brackets of a step and its debrief are its minutes, or a line says otherwise."""
    texts, seen = Texts(library), set()
    for name, lengths in (("ninety-minutes", (90, 120, 150)), ("linehan", (90, 120)), ("encampments", (120, 150))):
        for minutes in lengths:
            for slot in planner.plan(library, example(name, minutes=minutes)).agenda.steps:
                parts = texts.sections(slot.activity)
                debrief = slot.activity.debrief
                found = fitted_steps(parts["Steps"], parts["Notes"], slot.minutes, debrief)
                fits = sum(minutes_of(found.steps)) + debrief == slot.minutes
                seen.add((fits, found.told.split(" ")[0]))
                assert fits or found.told.startswith(("The notes say", "Too short"))
    assert {(True, ""), (True, "The"), (False, "The")} <= seen


def test_the_authors_own_recipe_is_left_as_it_is():
    """Where the notes say how exactly so many minutes are used, the steps stay, and a line leads to the notes."""
    steps, notes = blocks("1. (2 min) Read.\n2. (4 min) Talk."), blocks("- With 5 minutes, talk for three.")
    found = fitted_steps(steps, notes, 5, 0)
    assert found.steps == steps
    assert found.told == "The notes say how its 5 minutes are used; the brackets are written for 6 minutes."
    assert minutes_of(fitted_steps(steps, notes, 4, 0).steps) == [1.5, 2.5]


@pytest.mark.parametrize("text", ["1. Read.\n2. Talk.", "1. (2 min) Read.\n2. Talk.", "- (2 min) Read.", "Read."])
def test_steps_that_do_not_all_carry_minutes_are_never_touched(text):
    """An author who gives no minutes, or not to every numbered step, is printed word for word."""
    steps = blocks(text)
    assert fitted_steps(steps, (), 9, 1) == fitted_steps(steps, (), 3, 1)
    assert fitted_steps(steps, (), 9, 1).steps == steps


def test_a_form_with_minutes_of_its_own_says_so(kit_of, words_of):
    """Online a step that has its own minutes there leads to that part, and its brackets stay those of a room."""
    made = kit_of("encampments", focus=["solidarity-and-allyship"], minutes=90, max_level=1)
    printed = " ".join(words_of(made.files["facilitator-guide.docx"]))
    assert "are those of a room, written for 12 minutes: “Online” has its own." in printed


def test_the_guide_says_that_minutes_are_fitted(kit_of, words_of):
    """A step that the planner gives other minutes than its author prints the fitted ones, and for which it was made."""
    made = kit_of("ninety-minutes")
    printed = words_of(made.files["facilitator-guide.docx"])
    assert any(
        re.fullmatch(r"The minutes in brackets are fitted \(written for \d+ minutes\)\.", line) for line in printed
    )
