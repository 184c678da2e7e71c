"""A lesson as a Word document that a colleague can edit, and its way back into a pack.

`lines` is what both sides are compared as (pure); `inline` and `markdown` turn it back into our text; `gathered` finds
the parts of a lesson; `document` writes the .docx; `opening` and `seen` read one; `placing` finds the parts in it,
`changes` decides what it changes, `review` keeps what has no place; `command` is what people type.
"""
