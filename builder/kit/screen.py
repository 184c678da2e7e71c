"""A participants' sheet with its letter; on the screen, where no pile of paper says it, also with whom it is for."""

from dataclasses import replace

from builder.blocks import Block, Blocks, Heading, Paragraph, Run
from builder.kit.sheets import Handout
from builder.kit.tables import for_whom


def with_letter(sheet: Handout, blocks: Blocks) -> Blocks:
    """The blocks of a sheet with its letter before its title, as people ask for it."""
    for number, block in enumerate(blocks):
        if isinstance(block, Heading) and block.level == 2:
            title = replace(block, runs=(Run(f"Sheet {sheet.letter}: "), *block.runs))
            return (*blocks[:number], title, *blocks[number + 1 :])
    return blocks


def on_screen(sheet: Handout, blocks: Blocks) -> Blocks:
    """The blocks of a sheet with its letter before its title, and below it for whom it is and whether to keep it."""
    found: list[Block] = []
    for block in with_letter(sheet, blocks):
        if isinstance(block, Heading) and block.level == 2 and not found:
            keep = "; worth keeping" if sheet.keep else ""
            about = Paragraph((Run(f"For {for_whom(sheet)}{keep}."),), role="small")
            found += [block, about]
        else:
            found.append(block)
    return tuple(found)
