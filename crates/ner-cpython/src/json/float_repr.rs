/// The shortest text that reads back as `number`, in the form of Python's `repr`; those that are not finite as `json`
/// writes them: `NaN`, `Infinity`, `-Infinity`.
pub fn float_repr(number: f64) -> String {
    if number.is_nan() {
        return "NaN".to_owned();
    }
    if number.is_infinite() {
        return if number > 0.0 { "Infinity" } else { "-Infinity" }.to_owned();
    }
    let scientific = format!("{number:e}");
    let (digits, exponent) = scientific.split_once('e').expect("the format writes an exponent");
    // Python's `repr` has exponents for these sizes, with two digits at least; Rust's `{:?}` agrees in between.
    match exponent.parse().expect("the format writes a decimal exponent") {
        -4..16 => format!("{number:?}"),
        exponent => format!("{digits}e{}{:02}", if exponent < 0 { '-' } else { '+' }, i32::abs(exponent)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exponents_begin_where_pythons_do() {
        let numbers = [1e-8, 0.00001, 0.0001, -0.0, 100000.0, 1234567890123456.0, 1e16, 1.5e300];
        let texts =
            ["1e-08", "1e-05", "0.0001", "-0.0", "100000.0", "1234567890123456.0", "1e+16", "1.5e+300"];
        assert_eq!(numbers.map(float_repr), texts);
        assert_eq!([f64::NAN, f64::NEG_INFINITY].map(float_repr), ["NaN", "-Infinity"]);
    }
}
