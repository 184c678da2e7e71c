"""Markdown becomes blocks: every kind of block and run, places, nesting, escapes, and what is refused."""

import time
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builder.blocks import (
    Box,
    CutCard,
    Disagreements,
    Heading,
    Insert,
    ListBlock,
    Paragraph,
    PictureFile,
    Run,
    Table,
    WritingLines,
    text_of,
    walk,
)
from builder.markdown import CONTAINERS, DEEPEST, MOST_PROBLEMS, PLACEHOLDERS, parse

SECONDS = 3.0
"""More than the longest line may take on a slow machine; one of them once took minutes."""


def blocks(markdown):
    """The blocks of a text, which must be read without a problem; lines are left out."""
    found, problems = parse(markdown)
    assert [str(problem) for problem in problems] == []
    return tuple(without_lines(block) for block in found)


def without_lines(block):
    """A block as it is compared with one that was not read from a text."""
    if isinstance(block, Box | CutCard):
        block = replace(block, blocks=tuple(map(without_lines, block.blocks)))
    if isinstance(block, ListBlock):
        block = replace(block, items=tuple(tuple(map(without_lines, item)) for item in block.items))
    return replace(block, line=0)


def runs(markdown):
    """The runs of a text that is one paragraph."""
    (paragraph,) = blocks(markdown)
    assert isinstance(paragraph, Paragraph)
    return paragraph.runs


def told(markdown, sources=None):
    """Every problem of a text, as it is printed."""
    return [str(problem) for problem in parse(markdown, "x.md", sources=sources)[1]]


def say(text, **look):
    """A paragraph of one run."""
    return Paragraph((Run(text, **look),))


# ------------------------------------------------------------ blocks


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("# One\n", Heading(1, (Run("One"),))),
        ("### Three ###\n", Heading(3, (Run("Three"),))),
        ("Two\n---\n", Heading(2, (Run("Two"),))),
        ("Plain text.", say("Plain text.")),
        ("- a\n- b\n", ListBlock(((say("a"),), (say("b"),)))),
        ("- a\n\n- b\n", ListBlock(((say("a"),), (say("b"),)))),
        ("3. a\n4. b\n", ListBlock(((say("a"),), (say("b"),)), ordered=True, start=3)),
        ("- a\n  - b\n", ListBlock(((say("a"), ListBlock(((say("b"),),))),))),
        ("-\n- b\n", ListBlock(((), (say("b"),)))),
        ("> Said.\n", Box("note", (say("Said."),))),
        ("```\na\n b\n```\n", Paragraph((Run("a\n", code=True), Run(" b", code=True)))),
        ("    code\n", say("code", code=True)),
        ("![A hall](pictures/hall.png)", PictureFile("pictures/hall.png", "A hall")),
        ("![A hall](<my hall.png>)", PictureFile("my hall.png", "A hall")),
        ("![A hall](./café.png)", PictureFile("café.png", "A hall")),
        ("::: card\nA\n:::\n", Box("card", (say("A"),))),
        ("::: note\nA\n:::\n", Box("note", (say("A"),))),
        ("::: say\nA\n\nB\n:::\n", Box("say", (say("A"), say("B")))),
        ("::: source\nA\n:::\n", Box("source", (say("A"),))),
        ("::: cut\n## A\n\nB\n:::\n", CutCard((Heading(2, (Run("A"),)), say("B")))),
        ("::: write {lines=5}\n:::\n", WritingLines(5)),
        ("::: write\n:::\n", WritingLines(3)),
        ("::: tick\n- a\n:::\n", ListBlock(((say("a"),),), ticks=True)),
        ("::: tick\n1. a\n:::\n", ListBlock(((say("a"),),), ticks=True)),
        ("::: insert running-sheet\n", Insert("running-sheet")),
        ("::: disagreements\n:::\n", Disagreements()),
        (":::say\nA\n:::\n", Box("say", (say("A"),))),
        (":::: say\nA\n::::\n", Box("say", (say("A"),))),
    ],
)
def test_every_kind_of_block(markdown, expected):
    """Each kind of Markdown that can be printed becomes its block."""
    assert blocks(markdown) == (expected,)


@pytest.mark.parametrize("nothing", ["", "\n\n", "---", "[a]: https://example.org", "   "])
def test_what_prints_nothing_gives_no_block(nothing):
    """Empty lines, rules and addresses named for later print nothing."""
    assert blocks(nothing) == ()


def test_a_writing_block_keeps_what_stands_in_it():
    """Text inside `::: write` is printed above the lines."""
    assert blocks("::: write {lines=2}\nMy plan:\n:::\n") == (say("My plan:"), WritingLines(2))


def test_a_table_has_a_header_and_rows():
    """Empty cells stay, short rows are filled up, and looks work inside a cell."""
    (table,) = blocks("| A | **B** |\n|---|:-:|\n| a |  |\n| b |\n|  | `c` |\n")
    assert table == Table(
        header=((Run("A"),), (Run("B", strong=True),)),
        rows=(((Run("a"),), ()), ((Run("b"),), ()), ((), (Run("c", code=True),))),
    )


def test_a_bar_that_parts_no_cells_is_escaped():
    """A backslash keeps a bar in its cell."""
    (table,) = blocks("| A | B |\n|---|---|\n| a \\| b | c |\n")
    assert [text_of(cell) for cell in table.rows[0]] == ["a | b", "c"]


# ------------------------------------------------------------ nesting


def test_a_block_inside_a_list_item():
    """What to say stands inside its step, and the list goes on after it."""
    markdown = "1. First\n\n   ::: say\n   Hello.\n   :::\n\n2. Second\n"
    assert blocks(markdown) == (
        ListBlock(((say("First"), Box("say", (say("Hello."),))), (say("Second"),)), ordered=True),
    )


def test_a_block_inside_a_block():
    """Each `:::` closes the innermost open block."""
    markdown = "::: cut\nA\n\n::: say\nB\n:::\n\nC\n:::\n\nD\n"
    assert blocks(markdown) == (CutCard((say("A"), Box("say", (say("B"),)), say("C"))), say("D"))


def test_a_list_with_a_block_inside_a_block():
    """Blocks and lists can hold each other in turn."""
    markdown = "::: card\n- a\n\n  ::: tick\n  - b\n  :::\n\n- c\n:::\n"
    ticks = ListBlock(((say("b"),),), ticks=True)
    assert blocks(markdown) == (Box("card", (ListBlock(((say("a"), ticks), (say("c"),))),)),)


def test_a_table_and_writing_lines_inside_a_block():
    """A card to cut out may hold a table and lines to write on."""
    ((card),) = blocks("::: cut\n| A |\n|---|\n| a |\n\n::: write {lines=1}\n:::\n:::\n")
    assert [type(block) for block in card.blocks] == [Table, WritingLines]


def test_a_block_inside_a_quotation():
    """A quotation is a note, and may hold what to say."""
    assert blocks("> ::: say\n> A\n> :::\n") == (Box("note", (Box("say", (say("A"),)),)),)


def test_a_block_ends_a_paragraph_without_an_empty_line():
    """A block may follow its paragraph, and a paragraph its block, on the very next line."""
    assert blocks("A\n::: say\nB\n:::\nC\n") == (say("A"), Box("say", (say("B"),)), say("C"))


def test_colons_in_code_open_nothing():
    """An example in code shows the signs of a block as they are."""
    assert blocks("    ::: say\n") == (say("::: say", code=True),)
    assert blocks("```\n::: say\n```\n") == (say("::: say", code=True),)


# ------------------------------------------------------------ runs


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("a **b** c", (Run("a "), Run("b", strong=True), Run(" c"))),
        ("a *b* c", (Run("a "), Run("b", strong=True), Run(" c"))),
        ("***b***", (Run("b", strong=True),)),
        ("a `b` c", (Run("a "), Run("b", code=True), Run(" c"))),
        ("a\nb", (Run("a b"),)),
        ("a  \nb", (Run("a\nb"),)),
        ("a\\\nb", (Run("a\nb"),)),
        ("a &amp; b &lt; c", (Run("a & b < c"),)),
        ("a < b > c, <3", (Run("a < b > c, <3"),)),
        ("snake_case_word", (Run("snake_case_word"),)),
        ("[a](https://example.org)", (Run("a", link="https://example.org"),)),
        ("[a **b**](http://example.org)", (
            Run("a ", link="http://example.org"), Run("b", strong=True, link="http://example.org"))),
        ("[a](mailto:ana@example.org)", (Run("a", link="mailto:ana@example.org"),)),
        ("<https://example.org>", (Run("https://example.org", link="https://example.org"),)),
        ("[a]\n\n[a]: https://example.org", (Run("a", link="https://example.org"),)),
        ("{{organisation}}", (Run("", fill="organisation"),)),
        ("at {{ organisation }}, a", (Run("at "), Run("", fill="organisation"), Run(", a"))),
        ("**{{date}}**", (Run("", strong=True, fill="date"),)),
        ("[@a]", (Run("", cite="a"),)),
        ("so [@a, p. 3].", (Run("so "), Run(", p. 3", cite="a"), Run("."))),
        ("[@a; @b;@c]", (Run("", cite="a"), Run("", cite="b"), Run("", cite="c"))),
        ("[@a, p. 3; @b; @c, ch. 2 ]", (Run(", p. 3", cite="a"), Run("", cite="b"), Run(", ch. 2", cite="c"))),
        ("**[@a-b-2020]**", (Run("", strong=True, cite="a-b-2020"),)),
        ("ana@example.org", (Run("ana@example.org"),)),
    ],
)  # fmt: skip
def test_every_kind_of_run(markdown, expected):
    """Each look, link, placeholder and citation becomes its run; neighbours of one look are joined."""
    assert runs(markdown) == expected


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        (r"\{\{organisation}}", "{{organisation}}"),
        (r"{\{organisation}}", "{{organisation}}"),
        (r"\[@a]", "[@a]"),
        (r"[\@a]", "[@a]"),
        (r"\*a\*", "*a*"),
        (r"\<b>", "<b>"),
        (r"\# a", "# a"),
        (r"\::: say", "::: say"),
        (r"\[a](https://example.org)", "[a](https://example.org)"),
        ("&#123;&#123;x}}", "{{x}}"),
    ],
)
def test_an_escaped_sign_is_plain_text(markdown, text):
    """A backslash takes the meaning from a sign, also from ours, so that a template can escape any title."""
    assert runs(markdown) == (Run(text),)


@pytest.mark.parametrize("inside", ["{{organisation}}", "[@a]", "<b>", "{{nothing}}"])
def test_code_is_printed_as_it_stands(inside):
    """Nothing inside code is a placeholder, a citation or HTML."""
    assert runs(f"`{inside}`") == (Run(inside, code=True),)


@pytest.mark.parametrize("name", PLACEHOLDERS)
def test_every_placeholder_is_known(name):
    """The closed list of placeholders can be used in a heading, a cell and a list."""
    for markdown in (f"# {{{{{name}}}}}\n", f"| {{{{{name}}}}} |\n|---|\n", f"- {{{{{name}}}}}\n"):
        assert told(markdown) == []


# ------------------------------------------------------------ places

PLACED = """\
# Title

Text

- item

  ::: say
  Hello
  :::

| A |
|---|
| a |

::: write {lines=2}
:::

![A hall](hall.png)

::: insert x
"""


TOO_MANY = "this row has 2 cells, and the table's first row has 1. [too-many-cells]"


def test_every_block_has_its_line():
    """A block knows the line of its file on which it begins, also inside another."""
    found, _ = parse(PLACED, line=10)
    lines = [(type(block).__name__, block.line) for block in walk(found)]
    assert lines == [
        ("Heading", 10),
        ("Paragraph", 12),
        ("ListBlock", 14),
        ("Paragraph", 14),
        ("Box", 16),
        ("Paragraph", 17),
        ("Table", 20),
        ("WritingLines", 24),
        ("PictureFile", 27),
        ("Insert", 29),
    ]


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("a <b>x</b>", "x.md:1:3: raw HTML is not allowed: <b> [raw-html]"),
        ("a\n\n<div>\n", "x.md:3:1: raw HTML is not allowed: <div> [raw-html]"),
        ("<!-- a -->", "x.md:1:1: raw HTML is not allowed: <!-- a --> [raw-html]"),
        ("a\nb [c](javascript:alert(1))", "x.md:2:7: a link may not lead to 'javascript:alert(1)'. [bad-link]"),
        ("[a](JavaScript:x)", "x.md:1:5: a link may not lead to 'JavaScript:x'. [bad-link]"),
        ("[a](file:///etc/passwd)", "x.md:1:5: a link may not lead to 'file:///etc/passwd'. [bad-link]"),
        ("[a](//example.org)", "x.md:1:5: a link may not lead to '//example.org'. [bad-link]"),
        ("[a](../b.md)", "x.md:1:5: a link may not lead to '../b.md'. [bad-link]"),
        ("[a](#b)", "x.md:1:5: a link may not lead to '#b'. [bad-link]"),
        ("[a](data:text/html,x)", "x.md:1:5: a link may not lead to 'data:text/html,x'. [bad-link]"),
        ("[a](http:///x)", "x.md:1:5: a link may not lead to 'http:///x'. [bad-link]"),
        ("[a]()", "x.md:1:3: a link may not lead to ''. [bad-link]"),
        ("<javascript:x>", "x.md:1:2: a link may not lead to 'javascript:x'. [bad-link]"),
        ("[a]\n\n[a]: file:///x", "x.md:3:6: a link may not lead to 'file:///x'. [bad-link]"),
        ("a {{b}}", "x.md:1:3: '{{b}}' is not known. [unknown-placeholder]"),
        ("a {{}}", "x.md:1:3: '{{}}' is not known. [unknown-placeholder]"),
        ("a {{date}", "x.md:1:3: '{{' begins no placeholder that can be read. [unknown-placeholder]"),
        ("a {{dat\ne}}", "x.md:1:3: '{{' begins no placeholder that can be read. [unknown-placeholder]"),
        ("a [@b p. 3]", "x.md:1:3: '[@' begins no citation that can be read. [bad-citation]"),
        ("a [@b,\np. 3]", "x.md:1:3: '[@' begins no citation that can be read. [bad-citation]"),
        ("a [@b, *p. 3*]", "x.md:1:3: '[@' begins no citation that can be read. [bad-citation]"),
        ("![](a.png)", "x.md:1:1: a picture needs words for those who cannot see it. [no-alt-text]"),
        ("a ![b](b.png)", "x.md:1:3: a picture stands alone in its paragraph. [bad-picture]"),
        ("# ![b](b.png)", "x.md:1:3: a picture stands alone in its paragraph. [bad-picture]"),
        ("a\n\n::: sy\nb\n:::\n", "x.md:3:1: '::: sy' is not known. [unknown-block]"),
        ("::: Say\nb\n:::\n", "x.md:1:1: '::: Say' is not known. [unknown-block]"),
        ("- a\n\n  ::: say\n  b\n", "x.md:3:3: '::: say' is not closed. [unclosed-block]"),
        ("::: say x\nb\n:::\n", "x.md:1:9: '::: say' takes nothing behind it, and 'x' stands there. [unknown-option]"),
        ("::: write {lines=0}\n:::\n", "x.md:1:11: '::: write' cannot use '{lines=0}'. [unknown-option]"),
        ("::: write {lines=41}\n:::\n", "x.md:1:11: '::: write' cannot use '{lines=41}'. [unknown-option]"),
        ("::: write 3\n:::\n", "x.md:1:11: '::: write' cannot use '3'. [unknown-option]"),
        ("a\n\n::: tick\nb\n:::\n", "x.md:3:1: '::: tick' holds no list. [no-list]"),
        ("a\n\n::: disagreements\nb\n:::\n", "x.md:3:1: '::: disagreements' holds nothing of its own. [not-empty]"),
        ("a\n:::\n", "x.md:2:1: ':::' neither opens nor closes a block here. [stray-block]"),
        ("::: {.say}\n", "x.md:1:1: ':::' neither opens nor closes a block here. [stray-block]"),
        ("| A |\n|---|\n| a |\n| b | c |\n", f"x.md:4:1: {TOO_MANY}"),
        ("> | A |\n> |---|\n> | b | c |\n", f"x.md:3:1: {TOO_MANY}"),
    ],
)  # fmt: skip
def test_what_cannot_be_printed_is_told_at_its_place(markdown, expected):
    """Each mistake gives one problem, at the line and column where a person would look."""
    assert told(markdown) == [expected]


ELSEWHERE = [
    "../a.png",
    "/etc/a.png",
    "a/../../b.png",
    "%2e%2e/a.png",
    ".a.png",
    "C:/a.png",
    "a\\b.png",
    "//host/a.png",
]
NO_FILE = ["https://example.org/a.png", "file:a.png", "data:image/png;base64,aaaa", "a.png?x", "a.jpg", "a.PNG", "png"]


@pytest.mark.parametrize("address", [*ELSEWHERE, *NO_FILE])
def test_a_picture_stays_inside_its_lesson(address):
    """Only a PNG file inside the lesson's own folder can be printed, however the address is written."""
    found, problems = parse(f"![A hall](<{address}>)")
    assert [problem.code for problem in problems] == ["bad-picture"]
    assert found == ()


def test_the_same_mistake_is_told_at_each_of_its_places():
    """Two equal mistakes in one paragraph are two places to look at."""
    assert told("a <b> b <b>\nc <b>") == [
        "x.md:1:3: raw HTML is not allowed: <b> [raw-html]",
        "x.md:1:9: raw HTML is not allowed: <b> [raw-html]",
        "x.md:2:3: raw HTML is not allowed: <b> [raw-html]",
    ]


def test_places_count_from_the_line_that_is_given():
    """A body begins below its front matter, and its problems have the lines of the file."""
    (problem,) = parse("a\n\n{{b}}", "x.md", 8)[1]
    assert (problem.line, problem.column) == (10, 1)


def test_a_lesson_cites_only_what_is_there():
    """Each unknown id of a citation is told, with the nearest that is known."""
    (problem,) = parse("a [@a, p. 3; @ab-2021; @a].", "x.md", sources=["a", "ab-2020"])[1]
    assert str(problem) == "x.md:1:3: there is no source 'ab-2021'. [unknown-source]"
    assert problem.hint == "Did you mean 'ab-2020'?"


def test_a_lesson_inserts_nothing():
    """Only our own templates can say where other text is put in."""
    assert told("::: insert running-sheet\n") == []
    assert told("::: insert running-sheet\n", sources=[]) == ["x.md:1:1: '::: insert' is not known. [unknown-block]"]


def test_nothing_is_left_out_without_a_word():
    """What is nested deeper than the parser goes is told; one level less is printed whole."""
    deep = "".join("  " * i + f"- level {i}\n" for i in range(DEEPEST // 2))
    assert [line.partition(": ")[2] for line in told(deep)] == ["too much is nested here to be printed. [too-deep]"]
    whole = deep.rpartition("  - ")[0].rstrip(" ")
    assert "level 8" in "".join(text_of(b.runs) for b in walk(blocks(whole)) if isinstance(b, Paragraph))


def test_a_text_full_of_mistakes_ends_in_a_list_that_can_be_read():
    """Nobody reads thousands of problems, and collecting them must not take long."""
    begun = time.monotonic()
    assert len(told("<b> " * 5_000)) == MOST_PROBLEMS
    assert time.monotonic() - begun < SECONDS


STARTS = [
    "[",
    "![",
    "**a ",
    "*a_ ",
    "`a",
    "<",
    "<a ",
    "<!--",
    "&",
    "\\",
    "{{",
    "{{ ",
    "[@a,",
    "[@a;",
    "[a](",
    "[a][",
    "&#12;",
]
LINES = ["> ", "- a\n", "1. a\n", "# a\n", "|", "| a |\n|---|\n", "::: say\n", ":::\n", "  ", "\t"]


@pytest.mark.parametrize("scrap", [*STARTS, *LINES])
def test_a_very_long_text_takes_no_time(scrap):
    """No sign repeated thousands of times makes the parser hang."""
    begun = time.monotonic()
    parse("{{a" + scrap * (10_000 // len(scrap)) + "x")
    assert time.monotonic() - begun < SECONDS


# ------------------------------------------------------------ anything at all

SIGNS = [
    "# ",
    "- ",
    "1. ",
    "> ",
    "    ",
    "\n",
    "\n\n",
    "| a | b |\n|---|---|\n",
    "|",
    "```\n",
    "`",
    "**",
    "*",
    "_",
    "\\",
    "---\n",
]
OURS = [
    "::: ",
    ":::\n",
    *(f"::: {name}\n" for name in CONTAINERS),
    "{lines=",
    "[@a",
    ", p. 3",
    "; @b",
    "]",
    "{{",
    "date",
    "}}",
]
LINKS = [
    "[",
    "](",
    ")",
    "![",
    "<b>",
    "</b>",
    "<!--",
    "https://example.org",
    "javascript:",
    "a.png",
    "&amp;",
    "&#12;",
    "[a]: b\n",
]
SCRAPS = st.sampled_from([*SIGNS, *OURS, *LINKS, "word", " ", "é", "\t", "\0", "\r\n", "\u2028"])


@settings(deadline=None, max_examples=300)
@given(st.text() | st.lists(SCRAPS | st.text(max_size=3), max_size=40).map("".join), st.sampled_from([None, ("a",)]))
def test_any_text_gives_blocks_and_problems(text, sources):
    """Parsing never raises; each problem is on one line and placed inside the text, each block has its line."""
    found, problems = parse(text, "x.md", 5, sources)
    last = text.replace("\r\n", "\n").replace("\r", "\n").count("\n") + 5
    assert all(5 <= problem.line <= last and problem.column >= 1 for problem in problems)
    assert all("\n" not in problem.message for problem in problems)
    assert all(5 <= block.line <= last for block in walk(found))


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1))
def test_any_escaped_text_comes_out_as_it_was(text):
    """With a backslash before each sign, every text is plain text."""
    import re

    escaped = re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", text)
    found, problems = parse(escaped)
    assert problems == []
    assert "".join(text_of(block.runs) for block in found if isinstance(block, Paragraph)) == text
