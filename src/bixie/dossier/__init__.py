"""What leaves the house: packages that anyone can verify offline, and the papers that people must write."""
