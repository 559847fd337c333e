"""HTML to PDF: fonts, line breaking, page layout, and reading a page back."""
