"""Suspicions with their evidence: something does not fit, and somebody must look."""
