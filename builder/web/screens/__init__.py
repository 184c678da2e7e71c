"""The screens: each file answers the addresses of one page, lists them as `ROUTES`, and draws from `pages/`.

A form is answered with a way to a page (303), so that reloading and going back send nothing twice.
"""
