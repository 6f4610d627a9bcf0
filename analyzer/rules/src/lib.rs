//! What is worth telling: one file and one page a rule.
