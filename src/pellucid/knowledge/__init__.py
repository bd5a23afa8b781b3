"""What is known: ``data/*.toml``, every value with its source, and the loader that checks it."""
