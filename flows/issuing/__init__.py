"""Issuance (发文): who has passed a draft, its number, and the issued file made again from its own data."""
