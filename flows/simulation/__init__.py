"""Simulate a year on a virtual clock: the Office at work on sample workbooks, with checks at every step."""
