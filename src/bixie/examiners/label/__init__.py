"""The examiner `label`: what AI services, generators and editors write into a file, and its remains."""
