"""Many roundups: build, tally, sample."""
