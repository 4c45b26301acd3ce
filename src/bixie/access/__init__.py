"""Who acts, and for which tenant: no query of a tenant's data can be written without saying whose."""
