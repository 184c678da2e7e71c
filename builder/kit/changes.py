"""What changed between two agendas, in words for whoever holds papers of the earlier one."""

from collections.abc import Sequence

_TABS = 4


def changes(former: Sequence[str], slots: Sequence[str]) -> list[str]:
    """What is new, gone or moved between two agendas, in words; both as lines of `slot_lines`."""
    old = {_key(line): line.split("\t") for line in former if line.count("\t") == _TABS}
    new = {_key(line): line.split("\t") for line in slots}
    for gone in ("transition", "buffer"):
        old.pop(gone, None)
        new.pop(gone, None)
    found = [f"{_name(new[key])}: new, at {new[key][0]}, {new[key][1]} minutes" for key in new if key not in old]
    found += [f"{_name(old[key])}: no longer in" for key in old if key not in new]
    found += [
        f"{_name(new[key])}: {old[key][0]}, {old[key][1]} min, is now {new[key][0]}, {new[key][1]} min"
        for key in new
        if key in old and old[key][1:] != new[key][1:]
    ]
    moved = [f"{_name(new[key])} {new[key][0]}" for key in new if key in old and _only_moved(old[key], new[key])]
    return [*found, *([f"as long as before, at another time: {', '.join(moved)}"] if moved else [])]


def _only_moved(old: Sequence[str], new: Sequence[str]) -> bool:
    return old[0] != new[0] and old[1:] == new[1:]


def _key(line: str) -> str:
    return line.split("\t")[2]


def _name(parts: Sequence[str]) -> str:
    return parts[2].rpartition("/")[2].replace("-", " ")
