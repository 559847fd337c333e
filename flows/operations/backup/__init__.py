"""Back up, restore and rebuild: each verifies its result before it reports success."""
