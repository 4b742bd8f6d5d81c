"""What users read, in Chinese and English, from gettext catalogues."""
