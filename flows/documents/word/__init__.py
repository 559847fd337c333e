"""Documents as .docx: written from the rendered page source for WPS and Word, and read back when an office has edited one."""
