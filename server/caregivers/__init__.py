"""Caregivers: who they are, where they work, their certificates, and what they attended."""
