"""Terms: placeholders with a declared type, filled in text that is already parsed."""

import io

import pytest
from docx import Document
from pack_help import GOOD, STEP, codes, front, pack, told

from builder import checker, kit, planner, questions
from builder.markdown import parse
from builder.packs.loading import laid_over
from builder.problems import InputError

NOTE = "\n## Notes\n\n- {}\n"


def over(tmp_path, text, more):
    """The good library under a pack whose one step says `text`, with `more` in pack.yaml."""
    return laid_over(GOOD, [pack(tmp_path / "riverside", {STEP: front("rooms: 1", NOTE.format(text))}, more)])


def guide_of(found, **answers):
    """All text of the guide for one lesson."""
    library = found.findings.library
    brief = questions.parse({"title": "T", "minutes": 60, "focus": ["listening"], **answers}, library)
    made = kit.make(planner.plan(library, brief), library)
    body = Document(io.BytesIO(made.files["facilitator-guide.docx"])).element.body
    return "".join(part.text or "\n" for part in body.iter())


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("Ask the {{colleague_network}}.", "Ask the staff network."),
        ("Ask both {{ colleague_network | plural }}.", "Ask both staff networks."),
        ("{{Colleague_network}} and {{Colleague_network|plural}}.", "Staff network and Staff networks."),
        ("Say it to your {{shift_lead}}.", "Say it to your charge nurse."),
        ("{{organisation}} is ours.", "Riverside Trust is ours."),
        ("{{Solidarity}} is a word.", "Solidarity is a word."),
    ],
)
def test_a_term_is_filled_with_capital_and_plural(tmp_path, text, printed):
    """What a pack calls things is printed where the placeholder stands, in the form that was asked for."""
    more = "terms:\n  colleague_network: {one: staff network, many: staff networks}\n  shift_lead: charge nurse\n"
    found = over(tmp_path, text, more)
    assert told(found) == []
    assert printed in guide_of(found)


def test_a_glossary_word_is_a_term_that_a_pack_can_rename(tmp_path):
    """The glossary's word prints as itself until a pack gives another."""
    text = "What is {{solidarity}}?"
    assert "What is solidarity?" in guide_of(over(tmp_path, text, ""))
    assert "What is standing together?" in guide_of(over(tmp_path, text, "terms: {solidarity: standing together}\n"))


def test_what_a_term_holds_is_printed_as_it_is(tmp_path):
    """No Markdown, link or citation is read from a term: it is filled in after parsing."""
    found = over(tmp_path, "Ask {{ward}}.", "terms: {ward: '**A** [@rogers-farson-1957] [x](http://e.org) <b>'}\n")
    assert "Ask **A** [@rogers-farson-1957] [x](http://e.org) <b>." in guide_of(found)


def test_a_term_that_nobody_declared_is_an_error(tmp_path):
    """A misspelt placeholder is told at its place, with the nearest one."""
    folder = pack(
        tmp_path / "riverside", {STEP: front("rooms: 1", NOTE.format("{{shift_leed}}"))}, "terms: {shift_lead: x}\n"
    )
    found = [
        problem for problem in checker.judge(folder, GOOD, checker.day_of("2026-12-01")) if problem.severity == "error"
    ]
    assert [(problem.code, problem.line, problem.hint) for problem in found] == [
        ("unknown-placeholder", 7, "Did you mean 'shift_lead'?")
    ]


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("{{ward|plural}}", "no-plural"),
        ("{{ward|upper}}", "unknown-placeholder"),
        ("{{organisation|plural}}", "no-plural"),
        ("{{WARD}}", "unknown-placeholder"),
        ("{{ward|}}", "unknown-placeholder"),
        ("{{colleague_network|plural}}", None),
    ],
)
def test_only_nouns_have_a_plural(written, code):
    """The forms are two, and a plural is asked only of what can have one."""
    found = [problem.code for problem in parse(written, terms={"ward": False})[1]]
    assert found == ([code] if code else [])


def test_a_required_term_that_is_not_filled_stops_the_build(tmp_path):
    """No paper comes out, and check lists it as a to-do; planning goes on."""
    more = "terms:\n  shift_lead: {required: yes, meaning: who leads a shift}\n"
    found = over(tmp_path, "Ask the {{shift_lead}}.", more)
    assert told(found) == []
    with pytest.raises(InputError, match=r"'shift_lead' .who leads a shift. is required"):
        guide_of(found)
    judged = checker.judge(tmp_path / "riverside", GOOD, checker.day_of("2026-12-01"))
    assert ("to-do", 8, "warning") in [(p.code, p.line, p.severity) for p in judged]


def test_an_unfilled_term_that_is_not_required_leaves_a_line(tmp_path):
    """Its meaning stands beside the line to fill by hand."""
    found = over(tmp_path, "Ask the {{shift_lead}}.", "terms: {shift_lead: {meaning: who leads a shift}}\n")
    assert "Ask the ______________ (who leads a shift)." in guide_of(found)


def test_the_last_pack_fills_a_term(tmp_path):
    """A term that a lower pack requires may be filled by the one above it."""
    lower = pack(
        tmp_path / "riverside", {STEP: front("rooms: 1", NOTE.format("{{ward}}"))}, "terms: {ward: {required: yes}}\n"
    )
    upper = pack(tmp_path / "upper", {}, "terms: {ward: Ward 7}\n")
    text = (upper / "pack.yaml").read_text(encoding="utf-8")
    (upper / "pack.yaml").write_text(text.replace("riverside", "upper"), encoding="utf-8")
    found = laid_over(GOOD, [lower, upper])
    assert codes(found) == []
    assert "Ward 7" in guide_of(found)
