"""Keeping (保管): backup, restoring, rebuilding, each of which proves itself before it says it is done."""
