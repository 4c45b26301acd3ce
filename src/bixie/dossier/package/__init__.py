"""The form of a package: a canonical zip, its manifest and its seal. See docs/reference/package.md."""
