"""Delivery (送达): who gets a document, the letter, and the conversation with the mail server."""
