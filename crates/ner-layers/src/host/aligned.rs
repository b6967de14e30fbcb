use std::ops::{Deref, DerefMut};

use bytemuck::{Pod, Zeroable};

/// Numbers of a cache line. No register that kernels use is wider, see [`n_lanes`](super::registers::n_lanes).
pub(crate) const LINE: usize = 16;

#[derive(Clone, Copy, Debug, Pod, Zeroable)]
#[repr(C, align(64))]
struct Line([f32; LINE]);

// A gap between two lines would be read as numbers.
const _: () =
    assert!(size_of::<Line>() == align_of::<Line>() && size_of::<Line>() == LINE * size_of::<f32>());

/// A buffer of numbers that starts at the beginning of a cache line, so that no load of a full register touches two lines.
/// `Vec<f32>` promises four bytes only.
#[derive(Clone, Debug, Default)]
pub(crate) struct Aligned {
    /// The last line may be used in part.
    lines: Vec<Line>,
    len: usize,
}

impl Aligned {
    /// `len` zeros.
    pub(crate) fn zeros(len: usize) -> Aligned {
        // The system hands out zeroed pages, which need not be written again; `vec![..; n]` knows this for plain numbers
        // only.
        Aligned { lines: bytemuck::zeroed_vec(len.div_ceil(LINE)), len }
    }

    /// Resizes to `len` numbers with unspecified contents.
    pub(crate) fn resized(&mut self, len: usize) -> &mut [f32] {
        // The lines beyond `len` are kept for a larger block that may follow.
        if len > self.lines.len() * LINE {
            *self = Aligned::zeros(len);
        }
        self.len = len;
        self
    }

    /// A copy of `values` with `padding` zeros before and after.
    #[cfg(feature = "flex")]
    pub(crate) fn padded(values: &[f32], padding: usize) -> Aligned {
        let mut copy = Aligned::zeros(values.len() + 2 * padding);
        copy[padding..][..values.len()].copy_from_slice(values);
        copy
    }
}

impl Deref for Aligned {
    type Target = [f32];

    fn deref(&self) -> &[f32] {
        &bytemuck::cast_slice(&self.lines)[..self.len]
    }
}

impl DerefMut for Aligned {
    fn deref_mut(&mut self) -> &mut [f32] {
        &mut bytemuck::cast_slice_mut(&mut self.lines)[..self.len]
    }
}
