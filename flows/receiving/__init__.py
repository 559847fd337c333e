"""Receiving (收表): forms out, files in; read in a process of their own, entered, answered with a receipt.

`reception` is the way of one file; `entering` is the one place where a report becomes true."""
