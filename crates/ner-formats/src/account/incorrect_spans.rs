/// The span group for spans that are known to be wrong, in spaCy's configs and here.
pub const INCORRECT_SPANS: &str = "incorrect_spans";
