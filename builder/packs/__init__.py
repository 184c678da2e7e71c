"""Packs: what an organisation lays over a library. `docs/packs.md` is the format.

`parts` takes a file apart and puts a part back (pure, on text); `layers` reads a pack's folder; `merging` lays one
file over another (pure); `laying` does so while a library is read; `loading` is the whole way, `option` the commands'.
"""
