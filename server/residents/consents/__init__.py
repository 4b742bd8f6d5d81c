"""同意: the privacy notice and each separate consent, in the words that were read."""
