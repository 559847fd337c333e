"""Received bytes (容器): whatever program saved them, they come down to grids of cells."""
