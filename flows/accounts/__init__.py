"""Accounts of the office (账号): who may log in and do what, and the record of it. Raises AccountError and JournalError."""
