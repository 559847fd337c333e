"""Grids understood (读表): who, when, which row is which indicator, what each cell says."""
