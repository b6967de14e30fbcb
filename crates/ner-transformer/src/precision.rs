use std::str::FromStr;

/// How exactly an encoder multiplies in prediction; it learns in single precision.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Precision {
    /// 32 bits.
    #[default]
    Single,
    /// 16 bits: weights and rows keep eight binary digits, sums are single.
    Brain,
    /// 8 bits: weights and rows are whole numbers from -127 to 127, each output and each row with a scale of its own.
    Int8,
}

impl FromStr for Precision {
    type Err = String;

    fn from_str(text: &str) -> Result<Precision, String> {
        match text {
            "f32" => Ok(Precision::Single),
            "bf16" => Ok(Precision::Brain),
            "int8" => Ok(Precision::Int8),
            _ => Err(format!("expected f32, bf16 or int8, found {text:?}")),
        }
    }
}
