"""Papers: PDFs with an embedded Chinese font, kept and read aloud as well as printed.

The same facts give the same bytes, on every machine: nothing comes from the clock, from fonts of
the system or from the network. A paper is PDF/A-2a (ISO 19005-2, for archives) and PDF/UA-1
(ISO 14289-1, for screen readers).
"""
