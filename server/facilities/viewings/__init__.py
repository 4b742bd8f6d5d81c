"""约看: a visit to a home before anybody decides."""
