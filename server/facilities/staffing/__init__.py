"""Enough people at the bed: who lives there by how much care they take, against who is on duty."""
