"""Parsing: from a source to quotes."""
