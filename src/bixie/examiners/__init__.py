"""The science: examiners, the runner that calls them, and the fusion of what they find."""
