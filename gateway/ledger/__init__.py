"""A transparency log of accesses: append, prove, verify, export."""
