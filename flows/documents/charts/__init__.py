"""The charts (图): data in, SVG out, in the document's own fonts, distinguishable without colour.

Written as SVG directly (docs/decisions/0004).
"""
