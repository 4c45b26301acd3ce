"""Training of the change network: pairs made from photos, the network, its export and its measure."""
