"""The third face, `/open/v1`: what other departments and operators' own systems may read."""
