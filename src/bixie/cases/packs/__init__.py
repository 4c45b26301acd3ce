"""Policy packs of a tenant, and which one a case is heard by."""
