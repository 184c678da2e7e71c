"""What a kit is told of the folder that it goes into: edited papers, and what `kit.json` remembers."""

from builder import folder, kit


def former_of(seen: folder.Former) -> kit.Former:
    """The former build of a folder as it was looked at, with each edited paper and where its new version goes."""
    marks = seen.manifest.files if seen.manifest else {}
    kept = {
        name: (seen.target(name), marks[name][-1].plan_code if marks.get(name) else None)
        for name in seen.edited
        if name in kit.NAMES
    }
    return kit.former(seen.facts, kept, seen.on_disk)
