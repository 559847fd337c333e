"""Posting (发送): letters of issued documents, each on record before it leaves and never sent twice.

The conversation with the mail server is `flows.delivery`; here stands which letter, when, and what is on record of it."""
