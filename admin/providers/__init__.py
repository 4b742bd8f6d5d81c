"""The register of sites."""
