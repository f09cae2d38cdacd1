"""Analysis: clusters of wording and norms, without knowledge of the codes."""
