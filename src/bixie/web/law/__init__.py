"""The page of the law: questions in plain words, what may apply and why, what to do first."""
