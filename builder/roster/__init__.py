"""A list of people, read for name badges and table cards and for nothing else: names come in, and no name is told."""

NAMED = ("badges.docx", "table-cards.docx")
