"""The product beside what a Django project could take instead: `python -m benchmarks.peers`."""
