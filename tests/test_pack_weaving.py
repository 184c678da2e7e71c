"""Two changes of one section put together, and one entry of a field changed: all else stays as it was written."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pack_help import GOOD

from builder.library import shipped
from builder.packs import parts, spans
from builder.packs.weaving import BETWEEN, OURS, THEIRS, woven
from builder.strict import read_yaml

NAMES = ("ours (a 1)", "library 2")
FILES = sorted([*shipped("modules").rglob("*.md"), *GOOD.rglob("*.md")])
BLOCKS = st.lists(
    st.sampled_from([f"Words {letter}." for letter in "abcdef"] + ["- one", "- two", "1. three"]), max_size=6
)


def text_of(blocks):
    """A section of these blocks."""
    return "## Steps\n\n" + "\n\n".join(blocks) + "\n"


def lines(text):
    """What a text says, without empty lines."""
    return [line for line in text.split("\n") if line.strip()]


def test_every_section_of_every_lesson_stays_as_it_is_where_nobody_changes_it():
    """Not a character moves, but for empty lines at the end."""
    found = [piece for path in FILES for piece in parts.taken_apart(path.read_text(encoding="utf-8"))]
    texts = [piece.text for piece in found if piece.part and not parts.is_field(piece.part)]
    assert len(texts) > 500
    assert [text for text in texts if woven(text, text, text, NAMES).text.strip() != text.strip()] == []


@settings(deadline=None, max_examples=60)
@given(BLOCKS, BLOCKS)
def test_where_one_side_changed_its_text_is_the_outcome(base, side):
    """Whichever side it was, and also where both made the same change."""
    old, new = text_of(base), text_of(side)
    for ours, theirs in ((new, old), (old, new), (new, new)):
        made = woven(old, ours, theirs, NAMES)
        assert not made.is_open
        assert lines(made.text) == lines(new)


@settings(deadline=None, max_examples=150)
@given(BLOCKS, BLOCKS, BLOCKS)
def test_what_either_side_wrote_is_in_the_outcome(base, ours, theirs):
    """In the text, or between the marker lines; nothing else is."""
    made = woven(text_of(base), text_of(ours), text_of(theirs), NAMES)
    told = lines(made.text)
    for side in (ours, theirs):
        assert [block for block in side if block not in base and block not in told] == []
    markers = [line for line in told if line.startswith((OURS, BETWEEN, THEIRS))]
    assert bool(markers) == made.is_open
    assert {line for line in told if line not in markers} <= {*base, *ours, *theirs, "## Steps"}


@pytest.mark.parametrize("path", sorted(GOOD.rglob("*.md")), ids=lambda path: path.stem)
def test_an_entry_taken_out_and_put_back_leaves_all_others_alone(path):
    """Every entry of every list and map of a field, as it is written: out, in again, and in the place of another."""
    for part, text in parts.parts_of(path.read_text(encoding="utf-8")).items():
        value = spans.value_of(text) if parts.is_field(part) else None
        if isinstance(value, list):
            for number in range(len(value)):
                entry, without = spans.written_at(text, (part, number)), spans.without(text, (part, number))
                assert spans.value_of(without) == (
                    value[:number] + value[number + 1 :] or None if len(value) > 1 else []
                )
                assert spans.value_of(spans.inserted(without, (part,), number, entry)) == value
                for other in range(len(value)):
                    assert spans.value_of(spans.replaced(text, (part, other), entry))[other] == value[number]
        elif isinstance(value, dict):
            for name in value:
                entry, without = spans.written_at(text, (part, name)), spans.without(text, (part, name))
                assert (spans.value_of(without) or {}) == {key: each for key, each in value.items() if key != name}
                for other in value:
                    made = spans.value_of(spans.replaced(text, (part, other), entry))
                    assert made == {**value, other: value[name]}


def test_a_comment_is_told_from_a_sign_in_a_text():
    """Only what can go without a change of what is said is a comment."""
    text = "notes: # why\n  - 'a # b' # c\n  - >-\n    # no\n  # yes\n"
    assert spans.comments_in(text) == ("# why", "# c", "# yes")
    assert read_yaml(text, "")[0].values == {"notes": ["a # b", "# no"]}
