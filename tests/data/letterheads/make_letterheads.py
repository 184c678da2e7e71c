"""Makes the three letterheads beside it, as organisations have them in Word: `python tests/data/letterheads/make_letterheads.py`.

They are of no real organisation. Run it again only to change them; the .docx files are what the tests read.
"""

import io
import struct
import zipfile
import zlib
from pathlib import Path

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

HERE = Path(__file__).parent

# What is left of the many styles that python-docx brings along, as in a template that somebody made by hand.
COMMON = {
    "Normal", "Heading 1", "Heading 2", "Heading 3", "Header", "Footer", "Default Paragraph Font", "Normal Table", "No List",
    "Table Grid", "List Bullet", "List Number", "Strong", "Quote",
}  # fmt: skip

# Ids as a German Word writes them; the names stay English.
GERMAN = {
    "Normal": "Standard", "Heading1": "berschrift1", "Heading2": "berschrift2", "Heading3": "berschrift3",
    "Header": "Kopfzeile", "Footer": "Fuzeile", "DefaultParagraphFont": "Absatz-Standardschriftart",
    "TableNormal": "NormaleTabelle", "NoList": "KeineListe", "TableGrid": "Tabellenraster",
    "ListBullet": "Aufzhlungszeichen", "ListNumber": "Listennummer", "Strong": "Fett", "Quote": "Zitat",
    "Signature": "Unterschrift", "Closing": "Gruformel", "Date": "Datum",
}  # fmt: skip


def picture(width, height, inside):
    """A PNG whose pixels are what `inside` says for each point from 0 to 1."""
    rows = b""
    for y in range(height):
        rows += b"\0" + b"".join(bytes(inside(x / width, y / height)) for x in range(width))
    chunks = (
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b"")
    )  # fmt: skip
    return io.BytesIO(
        b"\x89PNG\r\n\x1a\n"
        + b"".join(struct.pack(">I", len(c)) + n + c + struct.pack(">I", zlib.crc32(n + c)) for n, c in chunks)
    )


WHITE = (255, 255, 255)


def cross(x, y):
    """A cross in a round field."""
    if (x - 0.5) ** 2 + (y - 0.5) ** 2 > 0.25:
        return WHITE
    arm = abs(x - 0.5) < 0.1 and abs(y - 0.5) < 0.32 or abs(y - 0.5) < 0.1 and abs(x - 0.5) < 0.32
    return WHITE if arm else (0, 70, 140)


def shield(x, y):
    """A shield with a wave."""
    inside = abs(x - 0.5) < 0.42 and (y < 0.55 or (x - 0.5) ** 2 / 0.1764 + (y - 0.55) ** 2 / 0.18 < 1)
    wave = 0.4 < y - 0.08 * (1 - abs((4 * x) % 2 - 1)) < 0.55
    return WHITE if not inside or wave else (120, 20, 40)


def ribbon(x, y):
    """A broad ribbon in two colours."""
    return (200, 80, 10) if y < 0.82 - 0.35 * x else (60, 60, 70) if y < 0.95 - 0.35 * x else WHITE


def kept(document, names):
    """Take every style away that is not named, and the latent list of the template."""
    styles = document.styles.element
    for style in list(styles.findall(qn("w:style"))):
        if style.find(qn("w:name")).get(qn("w:val")).casefold() not in {name.casefold() for name in names}:
            styles.remove(style)
    for style in styles.findall(qn("w:style")):
        for link in ("w:link", "w:next"):
            for found in style.findall(qn(link)):
                style.remove(found)


def look(document, name, font, size, colour=None, bold=None, before=0, after=0, line=None):
    """Give a style a font, a size in points, a colour, and gaps in points."""
    style = document.styles[name]
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for key in list(fonts.attrib):
        del fonts.attrib[key]
    for key in ("w:ascii", "w:hAnsi", "w:cs"):
        fonts.set(qn(key), font)
    style.font.size, style.font.bold, style.font.italic = Pt(size), bold, None
    if colour:
        style.font.color.rgb = RGBColor.from_string(colour)
    shape = style.paragraph_format
    shape.space_before, shape.space_after = Pt(before), Pt(after)
    if line:
        shape.line_spacing = line


def field(paragraph, instruction, result="1"):
    """A field as Word writes it, over five runs."""
    for kind, text in (("begin", None), (None, instruction), ("separate", None), ("text", result), ("end", None)):
        run = paragraph.add_run()
        if kind in {"begin", "separate", "end"}:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
            run._r.append(mark)
        elif kind == "text":
            run.text = text
        else:
            words = OxmlElement("w:instrText")
            words.set(qn("xml:space"), "preserve")
            words.text = f" {text} "
            run._r.append(words)


def language(document, tag):
    """Set the language of all text."""
    lang = document.styles.element.find(f".//{qn('w:docDefaults')}//{qn('w:lang')}")
    lang.set(qn("w:val"), tag)


def page(document, width, height, sides, top, bottom):
    """Size and margins in centimetres."""
    section = document.sections[0]
    section.page_width, section.page_height = Cm(width), Cm(height)
    section.left_margin = section.right_margin = Cm(sides)
    section.top_margin, section.bottom_margin = Cm(top), Cm(bottom)
    section.header_distance = section.footer_distance = Cm(0.9)
    return section


def add_style(document, name, kind=1):
    """A built-in style that the template lacks."""
    return document.styles.add_style(name, kind, builtin=True)


def save(document, name, ids=None):
    """Write the file: with other ids for styles, and dates that never change."""
    document.core_properties.author = document.core_properties.last_modified_by = ""
    document.core_properties.comments, document.core_properties.title = "", f"Letterhead of {name}"
    buffer = io.BytesIO()
    document.save(buffer)
    with zipfile.ZipFile(buffer) as made, zipfile.ZipFile(HERE / f"{name}.docx", "w", zipfile.ZIP_DEFLATED) as file:
        for entry in made.namelist():
            content = made.read(entry)
            if ids and entry.startswith("word/") and entry.endswith(".xml"):
                text = content.decode()
                for old, new in ids.items():
                    for mark in ("w:styleId", "w:pStyle w:val", "w:rStyle w:val", "w:tblStyle w:val", "w:basedOn w:val"):
                        text = text.replace(f'{mark}="{old}"', f'{mark}="{new}"')
                content = text.encode()
            file.writestr(zipfile.ZipInfo(entry, (2026, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)


def hospital():
    """Logo and name at the left, narrow margins, headings in a face of their own, address and page number at the foot."""
    document = docx.Document()
    kept(document, COMMON)
    language(document, "en-GB")
    look(document, "Normal", "Calibri", 11, after=8, line=1.08)
    for level, size in ((1, 20), (2, 15), (3, 12)):
        look(document, f"Heading {level}", "Cambria", size, "00468C", bold=True, before=12, after=4)
    section = page(document, 21, 29.7, 1.5, 2.0, 1.8)
    head = section.header.paragraphs[0]
    head.add_run().add_picture(picture(120, 120, cross), width=Cm(1.3))._inline.docPr.set("descr", "Hospital logo")
    name = head.add_run("  St Brannock Hospital")
    name.font.size, name.font.bold, name.font.color.rgb = Pt(16), True, RGBColor(0, 70, 140)
    foot = section.footer.paragraphs[0]
    look(document, "Footer", "Calibri", 8, "595959")
    foot.add_run("St Brannock Hospital, Mill Lane, Brannock BN1 4QX · Switchboard 01632 960 100\tPage ")
    field(foot, "PAGE")
    foot.add_run(" of ")
    field(foot, "NUMPAGES")
    document.add_paragraph("Dear …")
    save(document, "hospital")


def council():
    """A German council: localised style ids, body text without gaps, styles for letters, columns at the foot."""
    document = docx.Document()
    kept(document, COMMON)
    language(document, "de-DE")
    look(document, "Normal", "Arial", 11, line=1.0)
    document.styles["Normal"].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    for level, size in ((1, 18), (2, 14), (3, 12)):
        look(document, f"Heading {level}", "Arial", size, "781428", bold=True, before=14, after=6)
    for name in ("Signature", "Closing", "Date"):
        add_style(document, name).paragraph_format.left_indent = Cm(8)
    section = page(document, 21, 29.7, 2.5, 3.0, 2.5)
    head = section.header.paragraphs[0]
    head.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    head.add_run("Landkreis Ostertal   ").font.size = Pt(14)
    head.add_run().add_picture(picture(100, 120, shield), height=Cm(1.8))._inline.docPr.set("descr", "Wappen")
    look(document, "Footer", "Arial", 7.5, "404040")
    document.styles["Footer"].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.LEFT
    table = section.footer.add_table(1, 3, Cm(16))
    words = ("Landkreis Ostertal\nAm Markt 1\n99999 Ostertal", "Telefon 0999 4711-0\npost@ostertal.example", "Seite ")
    for cell, text in zip(table.rows[0].cells, words, strict=True):
        cell.paragraphs[0].style, cell.paragraphs[0].text = document.styles["Footer"], text
    last = table.rows[0].cells[2].paragraphs[0]
    field(last, "PAGE")
    last.add_run(" von ")
    field(last, "NUMPAGES")
    document.add_paragraph("Sehr geehrte …")
    save(document, "council", GERMAN)


def charity():
    """On US Letter: a banner on the first page only, a line on the others, small text, headings in a pale colour."""
    document = docx.Document()
    kept(document, COMMON - {"List Number", "Strong"})
    language(document, "en-US")
    look(document, "Normal", "Verdana", 10, after=6, line=1.15)
    for level, size in ((1, 22), (2, 15), (3, 12)):
        look(document, f"Heading {level}", "Trebuchet MS", size, "E8871E", bold=True, before=10, after=4)
    section = page(document, 21.59, 27.94, 2.0, 2.0, 2.0)
    section.different_first_page_header_footer = True
    banner = section.first_page_header.paragraphs[0]
    banner.add_run().add_picture(picture(360, 40, ribbon), width=Cm(17.5))._inline.docPr.set("descr", "Ribbon")
    section.first_page_header.add_paragraph().add_run("Open Doors Together").font.size = Pt(18)
    section.header.paragraphs[0].text = "Open Doors Together"
    look(document, "Footer", "Verdana", 8, "7A7A7A")
    for foot in (section.first_page_footer, section.footer):
        foot.paragraphs[0].text = "Open Doors Together · 12 Harbor Street, Springfield · opendoors.example"
        foot.paragraphs[0].style = document.styles["Footer"]
    document.add_paragraph("Dear friend,")
    save(document, "charity")


if __name__ == "__main__":
    hospital()
    council()
    charity()
