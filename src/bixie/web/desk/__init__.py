"""The merchant's desk: cases by due time, one case with all its evidence, orders, packing evidence."""
