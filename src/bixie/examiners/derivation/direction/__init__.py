"""Which of two pictures of one photograph is older."""
