"""What docs/performance.md quotes, re-runnable: `make bench`."""
