"""The charts (图): data in, SVG out, in the document's own fonts, distinguishable without colour.

Bars are written as SVG directly. Only this part knows matplotlib, which draws courses and is loaded by the first of them.
"""
