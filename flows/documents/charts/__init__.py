"""The charts (图): data in, SVG out, in the document's own fonts, distinguishable without colour.

Only this part knows matplotlib, and each drawing loads it when it is called: no other command pays for it.
"""
