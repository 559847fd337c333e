"""Tracing (溯源): from a printed number to the cell it came from, the arithmetic done again on the way."""
