"""How text from outside is let in: plain scalars stay text, places are right, and nothing hangs or crashes."""

import datetime
import time
from collections.abc import Mapping
from fractions import Fraction
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builder.model import ID, Activity, Clock, Date, Frozen, Line, Minutes, Number, Outcome
from builder.problems import Problem, UsageError
from builder.questions import settings as setting
from builder.strict import MOST_CHARACTERS, check, clean, not_an_id, read_yaml, shortened

SECONDS = 2.0
"""More than any of these may take on a slow machine; the bombs took minutes."""


class Sample(Frozen):
    """One field of each kind that a lesson has."""

    id: str = ""
    text: Line = "-"
    count: int = 0
    share: Number = Fraction(0)
    core: bool = False
    start: Clock = "10:00"
    day: Date | None = None
    size: Literal["small", "large"] = "small"
    words: tuple[Line, ...] = ()
    teaches: tuple[Outcome, ...] = ()
    minutes: Minutes | None = None
    by_size: Mapping[Literal["small", "large"], Minutes] = {}


def values(text):
    """What a YAML text holds, which must be read without a problem."""
    marked, problems = read_yaml(text, "x.yaml")
    assert problems == []
    return marked.values


def told(text, model=Sample):
    """Every problem of a YAML text that describes a model, as it is printed."""
    marked, problems = read_yaml(text, "x.yaml")
    return [str(problem) for problem in [*problems, *check(model, marked, "a sample")[1]]]


def sample(text):
    """The sample that a YAML text describes, which must be one."""
    marked, problems = read_yaml(text, "x.yaml")
    found, wrong = check(Sample, marked, "a sample")
    assert [*problems, *wrong] == []
    return found


# ------------------------------------------------------------ plain scalars


AS_THEY_STAND = ["10:30", "12:30:45", "yes", "no", "on", "off", "true", "1.10", "1.0", "0.5", "1e3", "0x10", "010"]
AS_THEY_STAND += ["0b1", "1_000", "+5", ".inf", ".nan", "2026-11-22", "NULL", "Null", "=", "<<", "🙂"]


@pytest.mark.parametrize("scalar", AS_THEY_STAND)
def test_a_plain_scalar_is_read_as_it_stands(scalar):
    """YAML's own guesses (a number in base 60, a date, a truth value) never change what somebody wrote."""
    assert values(f"key: {scalar}") == {"key": scalar}


@pytest.mark.parametrize("nothing", ["", "~", "null"])
def test_nothing_behind_a_key_counts_as_no_key(nothing):
    """An empty value, `~` and `null` mean that the key was not written; in quotation marks they are text."""
    assert values(f"key: {nothing}") == {}
    assert values(f"key: '{nothing}'") == {"key": nothing}


def test_nothing_in_a_list_is_left_out():
    """A dash that nothing follows is no entry, and moves no later one away from its place."""
    marked, _ = read_yaml("teaches:\n-\n- {id: a}\n", "x.yaml")
    assert marked.values == {"teaches": [{"id": "a"}]}
    assert marked.places[("teaches", 0)] == (3, 3)


@pytest.mark.parametrize("text", ["", "\n", "# nothing yet\n", "---\n", "---\nnull\n", "~", "{}"])
def test_a_text_without_keys_is_empty(text):
    """A list file may be there and hold nothing yet."""
    assert values(text) == {}


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("text: 10:30", {"text": "10:30"}),
        ("text: yes", {"text": "yes"}),
        ("text: 1.10", {"text": "1.10"}),
        ("text: ' x '", {"text": "x"}),
        ("count: 7", {"count": 7}),
        ("count: '7'", {"count": 7}),
        ("core: yes", {"core": True}),
        ("core: No", {"core": False}),
        ("core: true", {"core": True}),
        ("share: 0.5", {"share": Fraction(1, 2)}),
        ("share: .25", {"share": Fraction(1, 4)}),
        ("share: 2", {"share": Fraction(2)}),
        ("start: 9:05", {"start": "09:05"}),
        ("day: 2026-11-22", {"day": datetime.date(2026, 11, 22)}),
        ("words: [1.10, yes, 10:30]", {"words": ("1.10", "yes", "10:30")}),
    ],
)
def test_a_scalar_is_converted_by_its_field(line, expected):
    """The field's type, not the look of the text, says what it means."""
    found = sample(line)
    assert {key: getattr(found, key) for key in expected} == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("count: 1e3", "x.yaml:1:8: count: must be a whole number. [not-a-number]"),
        ("count: 0x10", "x.yaml:1:8: count: must be a whole number. [not-a-number]"),
        ("count: 10:30", "x.yaml:1:8: count: must be a whole number. [not-a-number]"),
        ("count: 1.5", "x.yaml:1:8: count: must be a whole number. [not-a-number]"),
        ("core: 2", "x.yaml:1:7: core: must be yes or no. [not-yes-or-no]"),
        ("share: half", "x.yaml:1:8: share: must be a number such as 0.5. [number]"),
        ("share: -1", "x.yaml:1:8: share: must be from 0 to 1000. [number]"),
        ("share: 1/0", "x.yaml:1:8: share: must be a number such as 0.5. [number]"),
        ("start: '25:00'", "x.yaml:1:8: start: must be a time of day such as 09:30, from 00:00 to 23:59. [clock]"),
        ("day: 22.11.2026", "x.yaml:1:6: day: must be a date such as 2026-12-01. [date]"),
        ("day: [2026-11-22]", "x.yaml:1:6: day: must be a date such as 2026-12-01. [date]"),
        ("size: medium", "x.yaml:1:7: size: 'medium' is not known here. [unknown-value]"),
        ("text: [a]", "x.yaml:1:7: text: must be text. [not-text]"),
        ("text: {a: b}", "x.yaml:1:7: text: must be text. [not-text]"),
        ("words: a", "x.yaml:1:8: words: must be a list, such as [a, b]. [not-a-list]"),
        ("minutes: 5", "x.yaml:1:10: minutes: must be a map of keys to values. [not-a-map]"),
    ],
)
def test_what_does_not_fit_its_field_is_told_with_its_place(line, expected):
    """A value that the field cannot hold is an error at the value, in words without a type's name."""
    assert told(line) == [expected]


# ------------------------------------------------------------ places

NESTED = """\
# a comment
text: "two words"
minutes:
    min: 1
    typical: 2
    max: 3

teaches:
  - {id: a, outcome: Name one}
  - id: b
    outcome: >-
      Name another
"""


@pytest.mark.parametrize(
    ("loc", "value", "key"),
    [
        ((), (2, 1), None),
        (("text",), (2, 7), (2, 1)),
        (("minutes",), (4, 5), (3, 1)),
        (("minutes", "typical"), (5, 14), (5, 5)),
        (("teaches",), (9, 3), (8, 1)),
        (("teaches", 0), (9, 5), None),
        (("teaches", 0, "outcome"), (9, 22), (9, 13)),
        (("teaches", 1, "id"), (10, 9), (10, 5)),
        (("teaches", 1, "outcome"), (11, 14), (11, 5)),
    ],
)
def test_every_value_and_key_has_its_place(loc, value, key):
    """Lines and columns count from 1 and point at the first sign of the value, or of the key."""
    marked, _ = read_yaml(NESTED, "x.yaml")
    assert (marked.places[loc], marked.keys.get(loc)) == (value, key)


def test_places_count_from_the_first_line_that_is_given():
    """Front matter begins on the second line of its file."""
    marked, _ = read_yaml(NESTED, "x.md", first_line=2)
    assert marked.places[("text",)] == (3, 7)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\x85", "\u2028"])
def test_every_kind_of_line_end_counts_once(end):
    """A file from any editor has the lines that its reader sees, once it is cleaned."""
    text = clean(f"text: a{end}count: b{end}")
    assert told(text) == ["x.yaml:2:8: count: must be a whole number. [not-a-number]"]


def test_columns_count_signs_not_bytes():
    """Signs of several bytes before a value do not move its column."""
    assert told("{text: 傾聴🙂, count: x}") == ["x.yaml:1:20: count: must be a whole number. [not-a-number]"]


def test_a_problem_without_a_place_is_put_at_what_is_around_it():
    """What is missing has no place of its own: it is told where it should stand."""
    assert told("teaches:\n- {id: a}\n- {id: b}\n") == [
        "x.yaml:2:3: teaches.1: 'outcome' is missing. [missing-key]",
        "x.yaml:3:3: teaches.2: 'outcome' is missing. [missing-key]",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("txt: a", "x.yaml:1:1: 'txt' is not a key of a sample. [unknown-key]"),
        ("words: [a]\ncore : yes\n count: 1", "x.yaml:3:7: this is not YAML: this line has a second ': ', or"),
        ("minutes: {mins: 1, typical: 2, max: 3}", "x.yaml:1:11: 'mins' is not a key of 'minutes'. [unknown-key]"),
        ("teaches: [{id: a, outcome: b, aim: c}]", "x.yaml:1:31: 'aim' is not a key of 'teaches.1'. [unknown-key]"),
        ("by_size: {tiny: {min: 1, typical: 1, max: 1}}", "x.yaml:1:11: by_size.tiny: 'tiny' is not known here."),
    ],
)
def test_a_wrong_key_is_told_at_the_key(text, expected):
    """Unknown keys are told where they stand, and a misspelt key is not told again as a missing one."""
    (only,) = told(text)
    assert only.startswith(expected)


def test_the_nearest_key_of_the_same_map_is_named():
    """The hint for an inner key names the inner keys, not those of the whole file."""
    marked, _ = read_yaml("minutes: {min: 1, typicl: 2, max: 3}", "x.yaml")
    assert [problem.hint for problem in check(Sample, marked, "a sample")[1]] == ["Did you mean 'typical'?"]


def test_equal_keys_are_told_with_both_lines():
    """The first of two equal keys counts, and both lines are named."""
    marked, problems = read_yaml("text: a\ncount: 1\ntext: b\n", "x.yaml")
    assert marked.values["text"] == "a"
    assert [str(problem) for problem in problems] == [
        "x.yaml:3:1: 'text' stands twice, first on line 1. [duplicate-key]"
    ]


def test_equal_keys_deep_inside_are_told():
    """A key may stand again in another map, and not in the same one."""
    assert told("teaches: [{id: a, outcome: b}, {id: b, outcome: c}]") == []
    assert told("minutes: {min: 1, typical: 2, max: 3, min: 2}") == [
        "x.yaml:1:39: 'min' stands twice, first on line 1. [duplicate-key]"
    ]


QUOTES = "Where the comma belongs to the text, put the text in quotes: "


@pytest.mark.parametrize(
    ("text", "line", "column", "key", "hint"),
    [
        ("🙂: é\nm: {name: Ana, role: adviser, Leeds, reach: x}", 2, 31, "Leeds", QUOTES + 'role: "adviser, Leeds".'),
        ("map: {a: 1, b: {role: x, y}}", 1, 26, "y", QUOTES + 'role: "x, y".'),
        ('map: {a: "b", "c"\n  # d: e\n}', 1, 15, "c", QUOTES + 'a: "b, c".'),
        ("map: [{Ana}]", 1, 8, "Ana", "Write 'Ana: …'."),
    ],
)
def test_a_comma_that_cuts_a_text_between_braces_is_told_with_the_way_out(text, line, column, key, hint):
    """YAML makes an empty key of what follows the comma; here it is named at its place, once."""
    (problem,) = read_yaml(text, "x.yaml")[1]
    assert str(problem) == f"x.yaml:{line}:{column}: '{key}' stands between braces without a colon. [no-colon]"
    assert problem.hint == hint


def test_a_comma_that_cuts_an_answer_on_the_command_line_is_told_too():
    """`--set` reads entries between braces by the same rules, and names the answer."""
    with pytest.raises(UsageError) as caught:
        setting(["contacts=[{name: Ana, role: adviser, Leeds}]"])
    (problem,) = caught.value.problems
    assert "'Leeds' stands between braces without a colon." in str(problem)
    assert problem.hint == QUOTES + 'role: "adviser, Leeds".'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("map: {a: b, c: }", {"map": {"a": "b"}}),
        ("map: {a: b, c : , d: e}", {"map": {"a": "b", "d": "e"}}),
        ('map: {a: "b, c"}', {"map": {"a": "b, c"}}),
        ('map: {a: "", b: c}', {"map": {"a": "", "b": "c"}}),
        ("map: {a: b, }", {"map": {"a": "b"}}),
        ("map: [b, c]", {"map": ["b", "c"]}),
        ("map:\n  a: b, c", {"map": {"a": "b, c"}}),
        ("a: b, c\nd:\n", {"a": "b, c"}),
    ],
)
def test_a_comma_elsewhere_and_an_empty_key_with_its_colon_stay_allowed(text, expected):
    """Only a key between braces without any colon is an error."""
    assert values(text) == expected


def test_a_key_that_the_program_sets_may_not_be_written():
    """An id comes from the file's name, so a key of that name would say something else."""
    marked, _ = read_yaml("id: b\ntext: a\n", "x.yaml")
    found, problems = check(Sample, marked, "a sample", id="a")
    assert found is None
    assert [str(problem) for problem in problems] == ["x.yaml:1:1: 'id' is not a key of a sample. [unknown-key]"]


# ------------------------------------------------------------ what is dangerous

MERGE_BOMB = "a: &a {x: 1}\n" + "".join(
    f"{chr(98 + i)}: &{chr(98 + i)} {{<<: [{', '.join(['*' + chr(97 + i)] * 9)}]}}\n" for i in range(8)
)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (MERGE_BOMB[:421], "yaml-alias"),
        ("a: *b", "yaml-alias"),
        ("a: &b c", "yaml-alias"),
        ("a: [&b c]", "yaml-alias"),
        ("&a b: c", "yaml-key"),
        ("*a : c", "yaml-key"),
        ("a: !!python/object/apply:os.system [ls]", "yaml-tag"),
        ("a: !!int 1", "yaml-tag"),
        ("!!str a: 1", "yaml-key"),
        ("? [a]\n: b", "yaml-key"),
        ("{[a]: b}", "yaml-key"),
        ("a: b\n---\nc: d", "yaml-documents"),
        ("- a", "not-a-map"),
        ("just words", "not-a-map"),
        ("a: " + "[" * 100_000, "yaml-too-large"),
        ("a: " + "{b: " * 50_000, "yaml-too-large"),
        ("a:\n" + "".join("  " * i + "- \n" for i in range(1, 200)), "yaml-too-large"),
        ("a: [" + "b, " * 60_000 + "]", "yaml-too-large"),
        ("\n".join(f"k{i}: v" for i in range(15_000)), "yaml-too-large"),
        ("a: " + "b" * MOST_CHARACTERS, "yaml-too-large"),
        ("a: " + "b" * 2_000_000, "yaml-too-large"),
        ("a: \x07", "yaml-syntax"),
        ("a: \ud800", "yaml-syntax"),
        ('a: "\\ud800"', "yaml-syntax"),
        ("[" * 100_000, "not-a-map"),
        ("{" * 100_000, "yaml-key"),
    ],
)
def test_a_bomb_is_refused_at_once(text, code):
    """What hangs or crashes other loaders is refused by its first sign, without values."""
    begun = time.monotonic()
    marked, problems = read_yaml(text, "x.yaml")
    assert [problem.code for problem in problems] == [code]
    assert marked.values == {}
    assert time.monotonic() - begun < SECONDS


def test_many_unknown_keys_take_no_time():
    """Looking for the nearest word stays quick where nearly everything is unknown."""
    begun = time.monotonic()
    assert len(told("\n".join(f"key-number-{i}: v" for i in range(3_000)))) == 3_000
    assert time.monotonic() - begun < 2 * SECONDS


def test_escapes_cannot_bring_in_what_is_not_printable():
    """A control character written as an escape is left out, with a warning at its place."""
    marked, problems = read_yaml('text: "a\\x1b[31mb\\u202e"', "x.yaml")
    assert marked.values == {"text": "a[31mb"}
    assert [(str(problem), problem.severity) for problem in problems] == [
        ("x.yaml:1:7: held characters that cannot be printed; they were left out. [unprintable]", "warning")
    ]


# ------------------------------------------------------------ cleaning and shortening


def test_clean_keeps_what_people_write():
    """Tabs, line feeds, accents, other scripts, joined emoji and right-to-left text stay."""
    text = "a\tb\nÉ 傾聴 👩🏽‍🏫 שמיעה \u200f\u00a0…"
    assert clean(text) == text


@given(st.text())
def test_clean_leaves_nothing_to_clean(text):
    """Cleaning twice is cleaning once, and what is left can stand in XML and in UTF-8."""
    once = clean(text)
    assert clean(once) == once
    assert not set(once) & {"\0", "\x0b", "\x0c", "\x1b", "\x7f", "\x85", "\u202e", "\u2028", "\ufffe", "\r"}
    assert once.encode().decode() == once


def test_a_long_text_is_shortened_for_a_message():
    """A message stays on one line and says the beginning of what was written."""
    assert shortened("a\nb\x1b[31m  c") == "a b[31m c"
    assert shortened("x" * 100) == "x" * 60 + "…"


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("Say it back", "say-it-back"),
        ("Übung_1", "ubung-1"),
        ("--a--", "a"),
        ("傾聴", "power-grid"),
        ("A" * 99, "a" * 80),
    ],
)
def test_what_is_not_an_id_gets_one_that_is(text, near):
    """The hint for a wrong id is a usable id, as near to it as can be."""
    assert not_an_id(text)[1] == f"Write one such as '{near}'."


# ------------------------------------------------------------ anything at all

SIGNS = [": ", ":", "- ", "\n", "\n  ", "{", "}", "[", "]", ", ", "'", '"', "|\n", ">-\n", "# ", "---\n", "...\n", "? "]
WORDS = ["title", "minutes", "teaches", "&a ", "*a", "!b ", "<<", "~", "null", "yes", "1", "é"]
ODD = ["\t", "%", "@", "`", "\\x07", "\u2028", "\0"]
SCRAPS = st.sampled_from([*SIGNS, *WORDS, *ODD])
YAMLISH = st.lists(SCRAPS | st.text(max_size=3), max_size=30).map("".join)
TREES = st.recursive(
    st.text(max_size=8) | st.sampled_from(["1", "0.5", "yes", "2026-11-22", "pairs", "1e3"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
KEYS = st.sampled_from([*Activity.model_fields, "min", "person", "threes"])


def is_placed(problem: Problem, text: str) -> bool:
    """Whether a problem points into the text, or right behind its end."""
    lines = clean(text).count("\n") + 2
    return (
        problem.line is not None and problem.column is not None and 1 <= problem.line <= lines and problem.column >= 1
    )


@settings(deadline=None)
@given(st.text() | YAMLISH)
def test_any_text_is_read_or_refused_with_a_place(text):
    """Reading never raises: it gives values, or problems that say where."""
    marked, problems = read_yaml(text, "x.yaml")
    assert isinstance(marked.values, dict)
    assert all(is_placed(problem, text) and problem.message for problem in problems)


@settings(deadline=None)
@given(YAMLISH)
def test_any_text_is_checked_against_a_model(text):
    """Checking never raises either: it gives an activity, or problems in words and with places."""
    marked, problems = read_yaml(clean(text), "x.yaml")
    found, wrong = check(Activity, marked, "an activity", id="a/b")
    assert (found is None) == bool(wrong)
    assert all(is_placed(problem, text) and problem.message for problem in [*problems, *wrong])


@settings(deadline=None)
@given(st.dictionaries(KEYS | st.text(max_size=8), TREES | st.dictionaries(KEYS, TREES, max_size=3), max_size=6))
def test_any_tree_of_values_is_checked_against_a_model(tree):
    """Values of any shape under any key are judged without a crash, and named on one line."""
    import json

    marked, problems = read_yaml(json.dumps(tree), "x.yaml")
    _, wrong = check(Activity, marked, "an activity", id="a/b")
    assert all("\n" not in problem.message for problem in [*problems, *wrong])


@given(st.from_regex(ID, fullmatch=True))
def test_an_id_is_never_changed_by_reading(name):
    """Every id is the same text as a plain scalar, as a key and cleaned."""
    assert name in {"null", "~"} or values(f"{name}: {name}") == {name: name}
