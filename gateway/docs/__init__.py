"""The guides that are served at /docs, in Spanish and English, and the sample client of who audits."""
