"""The register of elderly residents, who may act for them, and which sites care for them."""
