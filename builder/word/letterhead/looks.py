"""The styles of a letterhead, asked what they come to: each with what it takes over from the one it is based on."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any, Final

from builder.letterhead.fields import W

_DEFAULT_HALF_POINTS: Final = 20
_MOST_DEEP: Final = 20


@dataclass(eq=False)
class Looks:
    """A styles part as elements; `root` may be changed, the answers are of what it held when first asked."""

    root: Any
    _found: dict[tuple[str, str], Any] = field(default_factory=dict)

    @cached_property
    def by_id(self) -> Mapping[str, Any]:
        """Each style by its id."""
        return {style.get(f"{W}styleId", ""): style for style in self.root.iterchildren(f"{W}style")}

    @cached_property
    def by_name(self) -> Mapping[tuple[str, str], Any]:
        """Each style by its type and its name, in small letters; those of built-in styles are English in every Word."""
        return {(kind_of(style), name_of(style).casefold()): style for style in self.by_id.values()}

    @cached_property
    def defaults(self) -> Mapping[str, Any]:
        """The style that each type has where none is named."""
        styles = self.by_id.values()
        return {kind_of(style): style for style in styles if style.get(f"{W}default") in {"1", "true", "on"}}

    def chain(self, style: Any) -> Iterator[Any]:
        """A style and all that it is based on, the nearest first."""
        for _ in range(_MOST_DEEP):
            if style is None:
                return
            yield style
            style = self.by_id.get(value_of(style, "basedOn"))

    def value(self, style: Any, path: str, attribute: str = "val") -> str | None:
        """What a style comes to in one property such as "rPr/sz", None where nothing says so."""
        steps, key = _steps(path), f"{W}{attribute}"
        for each in self.chain(style):
            found = each.find(steps)
            if found is not None and found.get(key) is not None:
                return str(found.get(key))
        found = self.root.find(_steps(f"docDefaults/{path.partition('/')[0]}Default/{path}"))
        return None if found is None else found.get(key)

    def has(self, style: Any, path: str) -> bool:
        """Whether a style, or one that it is based on, switches a property on."""
        steps = _steps(path)
        found = next((e for each in self.chain(style) if (e := each.find(steps)) is not None), None)
        return found is not None and found.get(f"{W}val") not in {"0", "false", "off"}

    def half_points(self, style: Any) -> int:
        """The size of a style's text, in half points."""
        return whole(self.value(style, "rPr/sz"), _DEFAULT_HALF_POINTS)


@cache
def _steps(path: str) -> str:
    """A path of Word's names as one of lxml's."""
    return "/".join(f"{W}{step}" for step in path.split("/"))


def kind_of(style: Any) -> str:
    """What a style is for: paragraph, character, table or numbering."""
    return str(style.get(f"{W}type") or "paragraph")


def name_of(style: Any) -> str:
    """The name of a style, the same in every language of Word where it is a built-in one."""
    return value_of(style, "name")


def value_of(element: Any, child: str) -> str:
    """What a child element says, empty where there is none."""
    found = element.find(f"{W}{child}")
    return "" if found is None else str(found.get(f"{W}val") or "")


def whole(text: str | None, otherwise: int) -> int:
    """A whole number from an attribute, which may be written with a point, or `otherwise` where it is none."""
    try:
        return round(float(text)) if text else otherwise
    except (ValueError, OverflowError):
        return otherwise


_PARAGRAPH: Final = """
    pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers pBdr shd tabs
    suppressAutoHyphens kinsoku wordWrap overflowPunct topLinePunct autoSpaceDE autoSpaceDN bidi adjustRightInd
    snapToGrid spacing ind contextualSpacing mirrorIndents suppressOverlap jc textDirection textAlignment
    textboxTightWrap outlineLvl divId cnfStyle rPr sectPr pPrChange
""".split()  # noqa: SIM905 - words are read more easily than a list
_RUN: Final = """
    rStyle rFonts b bCs i iCs caps smallCaps strike dstrike outline shadow emboss imprint noProof snapToGrid vanish
    webHidden color spacing w kern position sz szCs highlight u effect bdr shd fitText vertAlign rtl cs em lang
    eastAsianLayout specVanish oMath
""".split()  # noqa: SIM905 - words are read more easily than a list
_STYLE: Final = """
    name aliases basedOn next link autoRedefine hidden uiPriority semiHidden unhideWhenUsed qFormat locked personal
    personalCompose personalReply rsid pPr rPr tblPr trPr tcPr tblStylePr
""".split()  # noqa: SIM905 - words are read more easily than a list
_ORDERS: Final = {"pPr": _PARAGRAPH, "rPr": _RUN, "style": _STYLE}


def set_property(parent: Any, name: str, **attributes: str) -> Any:
    """The child of that name, made at the place that the schema asks for where it is missing, with these attributes."""
    child = parent.find(f"{W}{name}")
    if child is None:
        order = _ORDERS[parent.tag.rpartition("}")[2]]
        later = {f"{W}{each}" for each in order[order.index(name) + 1 :]}
        own = {f"{W}{each}" for each in order}
        # What is not in the list is an extension, and stands at the end.
        before = next((e for e in parent if e.tag in later or e.tag not in own), None)
        child = parent.makeelement(f"{W}{name}", {}, parent.nsmap)
        parent.append(child) if before is None else before.addprevious(child)
    for attribute, value in attributes.items():
        child.set(f"{W}{attribute}", value)
    return child
