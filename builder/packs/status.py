"""The state of a pack: what differs, what the library changed since, what is open, what expires, who approved it."""

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from builder.model import Change, Pack
from builder.packs.approvals import Approval, approval_of, read_records
from builder.packs.classes import class_of
from builder.packs.layers import Layer, kind_of
from builder.packs.loading import Laid
from builder.packs.updating import Outcome, Update
from builder.problems import Problem
from builder.todo import MARK, to_dos

SOON = datetime.timedelta(days=90)
A_YEAR = datetime.timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Due:
    """Something that was checked once and must be checked again by a day."""

    what: str
    day: datetime.date
    is_past: bool


@dataclass(frozen=True, slots=True)
class Status:
    """All that `workshop pack status` says."""

    layer: Layer
    differs: Sequence[Change]
    since: Sequence[Outcome]
    unfilled: Sequence[str]
    expires: Sequence[Due]
    approval: Approval
    errors: Sequence[Problem]

    def as_json(self) -> Mapping[str, Any]:
        """The same for other programs."""
        pack = self.layer.pack
        return {
            "name": self.layer.name,
            "version": pack.version if pack else None,
            "parent": pack.parent.model_dump(mode="json") if pack else None,
            "fingerprint": self.layer.fingerprint,
            "differs": [{**each.model_dump(mode="json"), "class": held(each)} for each in self.differs],
            "since": [{"path": each.path, "part": each.part, "outcome": each.kind} for each in self.since],
            "unfilled": list(self.unfilled),
            "expires": [{**asdict(each), "day": str(each.day)} for each in self.expires],
            "approval": {
                "told": self.approval.told,
                "matches": self.approval.is_whole,
                "roles": list(self.approval.roles),
                "given": [each.model_dump(mode="json") for each in self.approval.given],
            },
            "errors": [str(each) for each in self.errors],
        }


def held(change: Change) -> str:
    """The class of what a change is made to."""
    return class_of(kind_of(change.path), change.part) if change.part and kind_of(change.path) else "free"


def status_of(laid: Laid, update: Update, day: datetime.date) -> Status:
    """The state of the uppermost pack of `laid` on a day; `update` is what an update would make of it."""
    layer = laid.layers[-1]
    made = [each for each in laid.findings.library.adaptations if each.pack == layer.pack]
    changes = made[-1].changes if made else ()
    here = {layer.shown(path) for path in layer.written}
    return Status(
        layer,
        changes,
        [each for each in update.outcomes if each.kind != "noted"],
        list(_unfilled(layer)),
        sorted(_expires(layer, laid, changes, day), key=lambda due: (due.day, due.what)),
        approval_of(layer),
        [each for each in laid.findings.problems if each.severity == "error" and each.path in here],
    )


def _unfilled(layer: Layer) -> Iterator[str]:
    """What somebody still has to write, in words."""
    yield from _left_open(layer.pack) if layer.pack else ()
    for problem in to_dos({path: text for path, text in layer.texts.items() if MARK in text}):
        yield f"{problem.path}, line {problem.line}: {problem.message.removeprefix('to do: ')}"
    for problem in read_records(layer.folder)[1]:
        yield f"{problem.path} {problem.message}"


def _left_open(pack: Pack) -> Iterator[str]:
    """What `pack.yaml` leaves open."""
    for name, term in pack.terms.items():
        if term.required and term.one is None:
            yield f"the term '{name}'{f' ({term.meaning})' if term.meaning else ''} is required and not filled"
    for contact in pack.contacts:
        if contact.verified_on is None:
            yield f"the contact '{contact.role}' was never verified"
    for note in pack.jurisdiction_notes:
        if note.verified_on is None:
            yield f"the note on {note.region} was never verified"
    if not pack.approvers:
        yield "no role is named that approves the pack"


def _expires(layer: Layer, laid: Laid, changes: Sequence[Change], day: datetime.date) -> Iterator[Due]:
    """What is to be checked again by a day that has passed or comes within three months; soonest first."""
    adapted = {change.path.rpartition("/")[2].removesuffix(".md") for change in changes if "/cards/" in change.path}
    found: list[tuple[str, datetime.date | None]] = []
    for key, card in laid.findings.library.cards.items():
        whose = "adapted or added by the pack" if key in adapted else "the library's"
        found.append((f"the case “{card.title}” ({whose}): review", card.review_by))
    contacts, notes = (layer.pack.contacts, layer.pack.jurisdiction_notes) if layer.pack else ((), ())
    found += [(f"the contact '{each.role}': verify again", _in_a_year(each.verified_on)) for each in contacts]
    found += [(f"the note on {each.region}: verify again", _in_a_year(each.verified_on)) for each in notes]
    for what, due in found:
        if due is not None and due <= day + SOON:
            yield Due(what, due, due < day)


def _in_a_year(day: datetime.date | None) -> datetime.date | None:
    return day + A_YEAR if day is not None else None
