"""Pictures as inline drawings with their alternative text."""

from typing import Final

from builder.blocks import Picture
from builder.word.draft import Place
from builder.word.paragraphs import paragraph
from builder.word.text import escape

_EMU_PER_MM: Final = 36_000
_EMU_PER_TWIP: Final = 635


def picture(block: Picture, place: Place) -> str:
    """A paragraph that holds the picture in its own size, larger in large print, or as large as its place."""
    width, height = _fitted(block, place)
    number = place.draft.drawing()
    alt = escape(" ".join(block.alt.split()))
    drawing = _DRAWING.format(
        width=width, height=height, number=number, alt=alt, relationship=place.draft.picture(block.png)
    )
    return paragraph(place.body, f"<w:r>{drawing}</w:r>", indent=place.indent)


def _fitted(block: Picture, place: Place) -> tuple[int, int]:
    width = max(block.width_mm * place.scale * _EMU_PER_MM, 1)
    height = max(block.height_mm * place.scale * _EMU_PER_MM, 1)
    room = (place.width - place.indent) * _EMU_PER_TWIP
    scale = min(1, room / width, place.page_height * _EMU_PER_TWIP / height)
    return max(int(width * scale), 1), max(int(height * scale), 1)


_DRAWING: Final = (
    "<w:drawing>"
    '<wp:inline distT="0" distB="0" distL="0" distR="0">'
    '<wp:extent cx="{width}" cy="{height}"/>'
    '<wp:docPr id="{number}" name="Picture {number}" descr="{alt}"/>'
    '<wp:cNvGraphicFramePr><a:graphicFrameLocks noChangeAspect="1"/></wp:cNvGraphicFramePr>'
    '<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture">'
    "<pic:pic>"
    '<pic:nvPicPr><pic:cNvPr id="{number}" name="Picture {number}" descr="{alt}"/><pic:cNvPicPr/></pic:nvPicPr>'
    '<pic:blipFill><a:blip r:embed="{relationship}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>'
    '<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{width}" cy="{height}"/></a:xfrm>'
    '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr>'
    "</pic:pic>"
    "</a:graphicData></a:graphic>"
    "</wp:inline>"
    "</w:drawing>"
)
