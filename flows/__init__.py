"""The reporting system of an employment office: from the counties' workbooks to the official bulletin."""
