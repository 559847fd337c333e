"""One module a document kind: what its template is given."""
