"""What to know of papers on a letterhead: which styles of ours came along, what is hard to read, what was changed."""

import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from io import BytesIO
from typing import Any, Final

from builder.blocks import Look, Paper
from builder.letterhead import Letterhead
from builder.letterhead.fields import W, instructions, kind_of
from builder.letterhead.package import parsed
from builder.problems import Problem, Severity
from builder.word.base_parts import styles
from builder.word.letterhead.colours import Palette, contrast
from builder.word.letterhead.frame import frame_of
from builder.word.letterhead.looks import Looks, name_of, whole
from builder.word.letterhead.looks import kind_of as kind_of_style

_LEAST_CONTRAST: Final = 4.5
_LEAST: Final = 24  # half points
_PARTICIPANTS: Final = 28
_TWIPS_PER_MM: Final = 1440 / 25.4
_NARROWEST_MARGIN_MM: Final = 12
_BESIDE: Final = "Workshop "
_NO_STYLES: Final = f'<w:styles xmlns:w="{W[1:-1]}"/>'.encode()
# A paragraph's style where text follows before the paragraph ends, and the style of a run.
_PRINTING: Final = re.compile(r'<w:(?:pStyle(?=(?:(?!</w:p>).)*?<w:t[ >])|rStyle) w:val="([^"]*)"')

_Remark = tuple[str, str, str, Severity]


def remarks_on(papers: Mapping[str, Paper], files: Mapping[str, bytes], letterhead: Letterhead) -> Sequence[Problem]:
    """Each thing once, however many papers it is true of; the worst figure of each style."""
    part = letterhead.part("styles")
    theirs = Looks(parsed(letterhead.parts[part])) if part else Looks(parsed(_NO_STYLES))
    palette = Palette.of(next((letterhead.parts[t] for t in [letterhead.part("theme")] if t), None))
    small: dict[str, tuple[int, int]] = {}
    pale: dict[str, float] = {}
    ours: set[str] = set()
    for name, paper in papers.items():
        looks, used = _opened(files[name])
        ours |= {name_of(style) for key, style in looks.by_name.items() if key not in theirs.by_name}
        for style in used:
            _judge_size(looks, style, paper, theirs, small)
            _judge_contrast(looks, style, palette, pale)
    found: list[_Remark] = [*_page_remarks(papers, letterhead, theirs), *_style_remarks(ours)]
    found += [_small(style, *figures) for style, figures in sorted(small.items())]
    found += [_pale(style, figure) for style, figure in sorted(pale.items())]
    return [
        Problem(f"letterhead-{code}", text, letterhead.name, hint=hint, severity=how) for code, text, hint, how in found
    ]


def _opened(content: bytes) -> tuple[Looks, Sequence[Any]]:
    """The styles of a paper, and those among them that print something."""
    with zipfile.ZipFile(BytesIO(content)) as package:
        looks = Looks(parsed(package.read("word/styles.xml")))
        document = package.read("word/document.xml").decode()
    used = {match[1] for match in _PRINTING.finditer(document)}
    return looks, [looks.by_id[style] for style in sorted(used & set(looks.by_id))]


# ------------------------------------------------------------ pages


def _page_remarks(papers: Mapping[str, Paper], letterhead: Letterhead, theirs: Looks) -> Iterator[_Remark]:
    paper = next(iter(papers.values()))
    frame = frame_of(letterhead, paper, even=False)
    size, made_for = (frame.page.width, frame.page.height), frame.size
    if max(abs(a - b) for a, b in zip(size, made_for, strict=True)) > 60:
        shown = " × ".join(f"{each / _TWIPS_PER_MM:.0f}" for each in made_for)
        hint = "Its margins and headers stay. For its own size, change 'paper' in the brief."
        yield (
            "size",
            f"is made for pages of {shown} mm; the papers are {paper.size}, as the brief says.",
            hint,
            "warning",
        )
    narrow = min(frame.page.left, frame.page.right, frame.page.top, frame.page.bottom) / _TWIPS_PER_MM
    if narrow < _NARROWEST_MARGIN_MM - 0.1:
        hint = "Many printers cut that off; make the margins wider in Word."
        yield "margin", f"has a margin of {narrow:.0f} mm; at least {_NARROWEST_MARGIN_MM} are asked.", hint, "warning"
    yield from _page_number(theirs, [*frame.headers.values(), *frame.footers.values()])


def _page_number(looks: Looks, strips: Sequence[Any]) -> Iterator[_Remark]:
    """A page number of the letterhead's own that is too small to be found; ours is left out where there is one."""
    sizes = [size for strip in strips if strip.counts for size in _number_sizes(strip.root, looks)]
    if sizes and min(sizes) < _LEAST:
        hint = "Make it larger in Word, or delete it: then the papers print their own."
        text = f"has a page number of {min(sizes) / 2:g} pt; at least 12 pt are asked."
        yield "size", text, hint, "warning"


def _number_sizes(root: Any, looks: Looks) -> Iterator[int]:
    for paragraph in root.iter(f"{W}p"):
        if "PAGE" not in {kind_of(each) for each in instructions(paragraph)}:
            continue
        named = paragraph.find(f"{W}pPr/{W}pStyle")
        style = looks.by_id.get(named.get(f"{W}val")) if named is not None else looks.defaults.get("paragraph")
        own = [whole(size.get(f"{W}val"), 0) for size in paragraph.iterfind(f".//{W}rPr/{W}sz")]
        yield min(own) if own else looks.half_points(style)


# ------------------------------------------------------------ styles


def _style_remarks(names: set[str]) -> Iterator[_Remark]:
    """One message for all styles of ours that were put into the papers."""
    lacking = sorted(name for name in names if not name.startswith(_BESIDE))
    beside = sorted(name.removeprefix(_BESIDE) for name in names if name.startswith(_BESIDE))
    parts = []
    if lacking:
        parts.append(f"lacks the styles {', '.join(lacking)}: ours were added under these names")
    if beside:
        why = "whose own would not do (lines to write on, frames, gaps, the wall's size)"
        parts.append(f"has ours beside it, named '{_BESIDE}…', for {', '.join(beside)}, {why}")
    if parts:
        hint = "Nothing to do, unless they should look otherwise: then define them in the letterhead."
        yield "styles", f"{'; it '.join(parts)}.", hint, "note"


def _judge_size(looks: Looks, style: Any, paper: Paper, theirs: Looks, small: dict[str, tuple[int, int]]) -> None:
    """Note the letterhead's style that makes a style of the paper smaller than our own of that name would be."""
    source = next((each for each in looks.chain(style) if each.find(f"{W}rPr/{W}sz") is not None), None)
    name = "Normal" if source is None else name_of(source)
    if source is None and style.get(f"{W}type") == "character":
        return
    if source is not None and (kind_of_style(source), name.casefold()) not in theirs.by_name:
        return
    known, size = _base(paper.look), looks.half_points(style)
    ours = known.by_name.get((kind_of_style(style), name_of(style).removeprefix(_BESIDE).casefold()))
    asked = min(_LEAST if paper.look == "guide" else _PARTICIPANTS, known.half_points(ours))
    if size < asked:
        worst, most = small.get(name, (size, asked))
        small[name] = min(worst, size), max(most, asked)


def _judge_contrast(looks: Looks, style: Any, palette: Palette, pale: dict[str, float]) -> None:
    """Note the style that gives a style of the paper a colour too pale for its ground."""
    figure = contrast(palette.text(looks, style), palette.ground(looks, style))
    if figure < _LEAST_CONTRAST:
        source = next((each for each in looks.chain(style) if each.find(f"{W}rPr/{W}color") is not None), style)
        pale[name_of(source)] = min(figure, pale.get(name_of(source), figure))


def _small(style: str, size: int, asked: int) -> _Remark:
    everywhere = f"{_LEAST / 2:g} pt are asked" if size < _LEAST else ""
    sheets = f"{asked / 2:g} pt are asked in participants' papers" if asked > _LEAST else ""
    text = f"its style '{style}' is {size / 2:g} pt; at least {', and '.join(filter(None, (everywhere, sheets)))}."
    return "small", text, "Make it larger in the letterhead, in Word.", "warning"


def _pale(style: str, figure: float) -> _Remark:
    text = f"its style '{style}' has a contrast of {figure:.1f}:1 in grey; at least {_LEAST_CONTRAST}:1 is asked."
    return "contrast", text, "Give it a darker colour in the letterhead, in Word.", "warning"


@cache
def _base(look: Look) -> Looks:
    """Our own styles of a look."""
    return Looks(parsed(styles(look, "en", 0)))
