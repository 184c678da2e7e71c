"""Our styles among a letterhead's: theirs by name where they serve, ours where they lack or mean another thing."""

from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

from builder.letterhead.fields import W
from builder.word.letterhead.looks import Looks, kind_of, name_of, set_property, value_of, whole

# Styles whose look is what they are for: lines to write on, boxes to tick, frames around a case, marks for scissors,
# the clock, cells of the running sheet and the wall. In letters "Signature", "Closing" and "Date" mean other things,
# and Word's own "Quote" is slanted and in the middle, so a letterhead's styles of these names do not serve.
_OURS: Final = frozenset(
    """
    Signature MessageHeader Closing List List2 List3 ListContinue ListContinue2 ListContinue3 Quote BlockText
    IntenseQuote TableofAuthorities Date BodyText2 BodyText3 BodyTextIndent Footer TableGrid1 TableGrid8 TableSimple1
    TableSimple2 TableSimple3 TableSubtle1 TableElegant
    """.split()  # noqa: SIM905 - words are read more easily than a list
)
_BESIDE: Final = "Workshop"
# Looks that take a letterhead's sizes; any other is what it is by its size.
_SIZED_BY_LETTERHEAD: Final = frozenset({"paper", "guide"})
# Styles that serve but for their gaps or size: ours stand on top of theirs, and change only that.
_ON_TOP: Final = frozenset(
    {"Normal", "ListBullet", "ListBullet2", "ListBullet3", "ListNumber", "ListNumber2", "ListNumber3"}
)
# A letterhead's header takes room from the wall agenda: its title gives some back, and so does the gap below its date.
_TITLE, _WALL_GAP = 64, 120  # half points, twips
_LEAST_GAP: Final = 80  # twips between two paragraphs of body text, 4 pt
_STRAIGHT: Final = frozenset({None, "left", "start"})


@dataclass(frozen=True, slots=True)
class Fitted:
    """A styles part, the id in it of each style that a paper uses (`ours`: of those that we added), the added names.

    `beside` are those that the letterhead uses for something else, so that ours stand beside them.
    """

    xml: bytes
    ids: Mapping[str, str]
    ours: Mapping[str, str]
    added: tuple[str, ...]
    beside: tuple[str, ...]


@dataclass(eq=False)
class Fitting:
    """Fits our styles into a letterhead's, by one look; `lists` are the numbers of lists that the letterhead has."""

    ours: Looks
    theirs: Looks
    look: str
    lists: frozenset[str] = frozenset()
    numbers_before: int = 0
    ids: dict[str, str] = field(default_factory=dict)
    added: list[str] = field(default_factory=list)
    beside: list[str] = field(default_factory=list)
    _new: dict[str, str] = field(default_factory=dict)
    _on_top: dict[str, str] = field(default_factory=dict)

    def fit(self, used: Iterable[str]) -> Fitted:
        """Find or add every style that a paper uses; the letterhead's elements are changed in place."""
        from lxml import etree

        for style in sorted(set(used) | {"Normal", "Footer"}):
            self._need(style)
        sized = [] if self.look in _SIZED_BY_LETTERHEAD else [each for each in self.ids if each not in self._new]
        copies = [self._copy(self.ours.by_id[style], name) for style, name in sorted(self._new.items())]
        for style in sized:
            self._raise(style)
        self._speak()
        self.theirs.root.extend(copies)
        xml = etree.tostring(self.theirs.root, xml_declaration=True, encoding="UTF-8", standalone=True)
        ours = {style: self.ids[style] for style in self._new if style not in self._on_top}
        return Fitted(xml, self.ids, ours, tuple(sorted(self.added)), tuple(sorted(self.beside)))

    def _need(self, style: str) -> None:
        """Settle which style of the paper stands for one of ours, and for those that it is based on."""
        if style in self.ids:
            return
        ours = self.ours.by_id[style]
        theirs = self._their(ours)
        if theirs is not None and theirs.get(f"{W}styleId") and self._serves(ours, theirs):
            if style not in _ON_TOP or (self._parts_paragraphs(theirs) and self._large_enough(ours, theirs)):
                self.ids[style] = theirs.get(f"{W}styleId")
                return
            self._on_top[style] = theirs.get(f"{W}styleId")
        name = name_of(ours)
        taken = theirs is not None or any(known == name.casefold() for _, known in self.theirs.by_name)
        (self.beside if taken else self.added).append(name)
        self._new[style] = f"{_BESIDE} {name}" if taken else name
        self.ids[style] = self._free(f"{_BESIDE}{style}" if taken else style, kind_of(ours), self._new[style])
        if style not in self._on_top:
            for other in filter(None, (value_of(ours, "basedOn"), value_of(ours, "next"))):
                self._need(other)

    def _their(self, ours: Any) -> Any:
        kind = kind_of(ours)
        if ours.get(f"{W}default"):
            return self.theirs.defaults.get(kind)
        return self.theirs.by_name.get((kind, name_of(ours).casefold()))

    def _free(self, wanted: str, kind: str, name: str) -> str:
        """An id that no other style has; a style that an earlier paper of ours left in the letterhead makes room."""
        former = self.theirs.by_name.get((kind, name.casefold()))
        if former is not None:
            self.theirs.root.remove(former)
            return str(former.get(f"{W}styleId"))
        taken = {each.casefold() for each in (*self.theirs.by_id, *self.ids.values())}
        while wanted.casefold() in taken:
            wanted += "W"
        return wanted

    def _serves(self, ours: Any, theirs: Any) -> bool:
        style, look = ours.get(f"{W}styleId"), self.theirs
        if style in _OURS:
            return False
        if kind_of(ours) == "table":
            return bool(ours.get(f"{W}default")) or _has_header(theirs)
        if look.has(theirs, "pPr/framePr") or look.has(theirs, "rPr/vanish"):
            return False
        if style.startswith("ListBullet"):
            return look.value(theirs, "pPr/numPr/numId") in self.lists - {"0"}
        return True

    def _parts_paragraphs(self, theirs: Any) -> bool:
        """Whether body text has a gap between paragraphs; where it has none, people press the return key twice."""
        said = (self.theirs.value(theirs, "pPr/spacing", side) for side in ("before", "after"))
        auto = self.theirs.value(theirs, "pPr/spacing", "afterAutospacing") in {"1", "true", "on"}
        return auto or max(whole(each, 0) for each in said) >= _LEAST_GAP

    def _large_enough(self, ours: Any, theirs: Any) -> bool:
        return self.look in _SIZED_BY_LETTERHEAD or self.theirs.half_points(theirs) >= self.ours.half_points(ours)

    # -------------------------------------------------------- ours, made to fit

    def _copy(self, ours: Any, name: str) -> Any:
        """Our style as it goes into the paper: by its name and id there, based on what is there."""
        copy = deepcopy(ours)
        style, kind = ours.get(f"{W}styleId"), kind_of(ours)
        copy.set(f"{W}styleId", self.ids[style])
        copy.find(f"{W}name").set(f"{W}val", name)
        if name.startswith(f"{_BESIDE} "):
            copy.set(f"{W}customStyle", "1")
        default = self.theirs.defaults.get(kind)
        if default is not None and copy.attrib.pop(f"{W}default", None):
            set_property(copy, "basedOn", val=default.get(f"{W}styleId"))
        for link in ("basedOn", "next"):
            known = value_of(copy, link)
            if known in self.ids:
                set_property(copy, link, val=self.ids[known])
        if style in self._on_top:
            self._put_on_top(copy, ours)
            return copy
        for number in copy.iterfind(f".//{W}numId"):
            number.set(f"{W}val", str(int(number.get(f"{W}val")) + self.numbers_before))
        if kind == "paragraph":
            self._straighten(copy)
        if style == "Footer":
            set_property(set_property(copy, "pPr"), "spacing", before="120", after="60")
        return copy

    def _put_on_top(self, copy: Any, ours: Any) -> None:
        """Leave nothing of ours but the gap, as it suits their size of text, and our size where that matters."""
        style, size = ours.get(f"{W}styleId"), self.ours.half_points(ours)
        theirs = self.theirs.by_id[self._on_top[style]]
        for properties in ("pPr", "rPr"):
            for found in copy.findall(f"{W}{properties}"):
                copy.remove(found)
        set_property(copy, "basedOn", val=self._on_top[style])
        set_property(copy, "next", val=self.ids[style])
        real = self.theirs.half_points(theirs) if self.look in _SIZED_BY_LETTERHEAD else size
        gap = _WALL_GAP if self.look == "wall" else whole(self.ours.value(ours, "pPr/spacing", "after"), 200)
        set_property(set_property(copy, "pPr"), "spacing", after=str(gap * real // size), afterAutospacing="0")
        if self.look not in _SIZED_BY_LETTERHEAD:
            _resize(copy, size)
        if self.look not in _SIZED_BY_LETTERHEAD or style.startswith("List"):
            self._unjustify(theirs, copy)

    @cached_property
    def _taken_back(self) -> Mapping[str, Mapping[str, str]]:
        """What their body text does to paragraphs that ours does not ask for, such as columns of justified words."""
        body, said = self.theirs.defaults.get("paragraph"), self.theirs.value
        if body is None:
            return {}
        sides = ("left", "right", "firstLine", "hanging")
        indents = {side: "0" for side in sides if whole(said(body, "pPr/ind", side), 0)}
        gaps = ("before", "beforeAutospacing", "afterAutospacing")
        spacing = {side: "0" for side in gaps if said(body, "pPr/spacing", side) not in {None, "0"}}
        if said(body, "pPr/spacing", "lineRule") in {"exact", "atLeast"}:
            spacing |= {"line": "288", "lineRule": "auto"}
        turned = {} if said(body, "pPr/jc") in _STRAIGHT else {"val": "left"}
        return {"ind": indents, "spacing": spacing, "jc": turned}

    def _straighten(self, copy: Any) -> None:
        """Take that back, where the style of ours does not say it itself."""
        properties = set_property(copy, "pPr")
        for name, values in self._taken_back.items():
            found = properties.find(f"{W}{name}")
            known = {} if found is None else found.attrib
            fresh = {key: value for key, value in values.items() if f"{W}{key}" not in known}
            if f"{W}line" in known:
                fresh.pop("lineRule", None)
            if fresh:
                set_property(properties, name, **fresh)

    def _raise(self, style: str) -> None:
        """Give one of their styles our size in this paper, where theirs is smaller."""
        ours, theirs = self.ours.by_id[style], self.theirs.by_id[self.ids[style]]
        size = min(self.ours.half_points(ours), _TITLE if self.look == "wall" else 999)
        if kind_of(ours) == "paragraph" and self.theirs.half_points(theirs) < size:
            _resize(theirs, size)
            self._unjustify(theirs, theirs)

    def _unjustify(self, theirs: Any, changed: Any) -> None:
        """Set lines flush left where theirs are justified: a web address or few large words a line tear holes."""
        if self.theirs.value(theirs, "pPr/jc") == "both":
            set_property(set_property(changed, "pPr"), "jc", val="left")

    def _speak(self) -> None:
        """Set the language of the paper, in the defaults and nowhere else."""
        marks = dict(self.ours.root.find(f".//{W}docDefaults//{W}lang").attrib)
        root = self.theirs.root
        place = root
        for step in ("docDefaults", "rPrDefault", "rPr"):
            found = place.find(f"{W}{step}")
            if found is None:
                found = place.makeelement(f"{W}{step}", {}, place.nsmap)
                place.insert(0, found)
            place = found
        language = set_property(place, "lang")
        if language.get(f"{W}val") != marks[f"{W}val"]:
            for own in root.xpath("w:style/w:rPr/w:lang", namespaces={"w": W[1:-1]}):
                own.getparent().remove(own)
        language.attrib.update(marks)


def _has_header(table: Any) -> bool:
    """Whether a table style has a look of its own for header rows."""
    return any(part.get(f"{W}type") == "firstRow" for part in table.iterfind(f"{W}tblStylePr"))


def _resize(style: Any, half_points: int) -> None:
    marks = set_property(style, "rPr")
    for size in ("sz", "szCs"):
        set_property(marks, size, val=str(half_points))
