"""Expert roundups as evidence."""
