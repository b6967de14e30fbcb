use half::{bf16, f16};

/// How the numbers of other programs are stored: little-endian, and read as 32-bit ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FloatType {
    /// 32 bits.
    F32,
    /// 16 bits, 5 of them for the exponent (IEEE 754).
    F16,
    /// The upper 16 bits of 32.
    BF16,
}

impl FloatType {
    /// Bytes of one number.
    pub fn n_bytes(self) -> usize {
        match self {
            FloatType::F32 => 4,
            FloatType::F16 | FloatType::BF16 => 2,
        }
    }

    /// The numbers in these bytes; what is left over of an incomplete one is passed over. Every 16-bit number is a 32-bit
    /// one, so nothing is rounded.
    pub fn widened(self, bytes: &[u8]) -> Vec<f32> {
        match self {
            FloatType::F32 => {
                bytes.as_chunks::<4>().0.iter().map(|&bytes| f32::from_le_bytes(bytes)).collect()
            }
            FloatType::F16 => {
                bytes.as_chunks::<2>().0.iter().map(|&bytes| f16::from_le_bytes(bytes).to_f32()).collect()
            }
            FloatType::BF16 => {
                bytes.as_chunks::<2>().0.iter().map(|&bytes| bf16::from_le_bytes(bytes).to_f32()).collect()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sixteen_bits_are_widened() {
        assert_eq!(FloatType::F32.widened(&1.5_f32.to_le_bytes()), [1.5]);
        // The smallest number of all, the largest, and -2.
        assert_eq!(FloatType::F16.widened(&[1, 0, 0xff, 0x7b, 0, 0xc0]), [2.0_f32.powi(-24), 65504.0, -2.0]);
        assert_eq!(FloatType::BF16.widened(&[0x80, 0x3f, 0, 0xc0]), [1.0, -2.0]);
        assert_eq!(FloatType::F16.widened(&[0]), [0.0; 0]);
    }
}
