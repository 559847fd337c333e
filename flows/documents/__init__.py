"""The documents (公文): figures become words, tables and charts, and these become a page.

The only part that knows jinja2 and weasyprint. It gets frames, the catalogue, the fonts and dates as
arguments and gives bytes back: no file is written here and no clock is read.
"""
