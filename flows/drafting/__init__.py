"""Drafting (成文): what a document is made from, what it is, and that it is fit to leave.

`evidence` gathers, `composing` puts together, `gating` asks the gate, `publishing` lays down; `noticing` and
`correcting` decide first whether there is anything to write."""
