"""A participants' sheet on its way to the screen, where no footer and no pile of paper says which one it is."""

from dataclasses import replace

from builder.blocks import Block, Blocks, Heading, Paragraph, Run
from builder.kit.sheets import Handout
from builder.kit.tables import for_whom


def on_screen(sheet: Handout, blocks: Blocks) -> Blocks:
    """The blocks of a sheet with its letter before its title, and below it for whom it is and whether to keep it."""
    found: list[Block] = []
    for block in blocks:
        if isinstance(block, Heading) and block.level == 2 and not found:
            keep = "; worth keeping" if sheet.keep else ""
            about = Paragraph((Run(f"For {for_whom(sheet)}{keep}."),), role="small")
            found += [replace(block, runs=(Run(f"Sheet {sheet.letter}: "), *block.runs)), about]
        else:
            found.append(block)
    return tuple(found)
