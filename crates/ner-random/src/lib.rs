//! The random generators of Python and NumPy, so that a seed means what it means in spaCy.
