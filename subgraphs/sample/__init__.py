"""Invented databases for the four institutions, for the demo and the tests."""
