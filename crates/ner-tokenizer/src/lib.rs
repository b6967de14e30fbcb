//! Text to Doc by spaCy's tokenisation rules.
