"""Makes the letterheads of the two example packs: `python tests/data/letterheads/make_pack_letterheads.py`.

They are of no real organisation. Run it again only to change them; the .docx files in examples/packs are what is used.
"""

from pathlib import Path

import docx
import make_letterheads as shared
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Cm, Pt, RGBColor

PACKS = Path(__file__).parents[3] / "examples" / "packs"
BLUE, GREEN = (20, 66, 114), (28, 92, 60)


def lantern(x, y):
    """A lantern: a ring to hold it by, a roof, and a light behind glass."""
    ring = 0.006 < (x - 0.5) ** 2 + (y - 0.14) ** 2 < 0.014
    roof = 0.24 < y < 0.36 and abs(x - 0.5) < 0.1 + 1.9 * (y - 0.24)
    frame = 0.36 <= y < 0.9 and abs(x - 0.5) < 0.28
    glass = 0.42 < y < 0.8 and abs(x - 0.5) < 0.2
    flame = ((x - 0.5) / 0.09) ** 2 + ((y - 0.62) / 0.15) ** 2 < 1
    return (230, 150, 20) if flame else shared.WHITE if glass or not (ring or roof or frame) else BLUE


def bridge(x, y):
    """A bridge with two arches over a line of water."""
    deck = 0.3 < y < 0.42
    arch = any(((x - middle) / 0.19) ** 2 + ((y - 0.78) / 0.3) ** 2 < 1 for middle in (0.27, 0.73))
    water = 0.84 < y < 0.92 and int(x * 9) % 2 == 0
    return GREEN if deck or (0.42 <= y < 0.78 and not arch) or water else shared.WHITE


def letter(name, told, logo, colour, fonts):
    """A letterhead: logo and name at the head, address at the foot; page numbers are the papers' own."""
    document = docx.Document()
    shared.kept(document, shared.COMMON)
    shared.language(document, "en-GB")
    shared.look(document, "Normal", fonts[1], 14, after=8, line=1.08)
    ink = "%02X%02X%02X" % colour
    for level, size in ((1, 22), (2, 17), (3, 14)):
        shared.look(document, f"Heading {level}", fonts[0], size, ink, bold=True, before=12, after=4)
    shared.look(document, "Footer", fonts[1], 12, "404040")
    section = shared.page(document, 21, 29.7, 2.0, 2.6, 2.0)
    head = section.header.paragraphs[0]
    head.alignment = WD_ALIGN_PARAGRAPH.LEFT
    head.add_run().add_picture(shared.picture(96, 96, logo), width=Cm(1.2))._inline.docPr.set("descr", f"Logo of {name}")
    run = head.add_run(f"  {name}")
    run.font.size, run.font.bold, run.font.color.rgb = Pt(15), True, RGBColor(*colour)
    section.footer.paragraphs[0].text = told
    document.add_paragraph("Dear …")
    return document


if __name__ == "__main__":
    for folder, name, told, logo, colour, fonts in (
        ("hospital", "St Orrin's Hospital", "St Orrin's Hospital (invented) · Ferry Road, Orrin · st-orrins.example",
         lantern, BLUE, ("Times New Roman", "Arial")),
        ("council", "Harrowmere Borough Council", "Harrowmere Borough Council (invented) · Town Hall, Harrowmere · harrowmere.example",
         bridge, GREEN, ("Arial", "Arial")),
    ):  # fmt: skip
        shared.HERE = PACKS / folder
        shared.save(letter(name, told, logo, colour, fonts), "letterhead")
