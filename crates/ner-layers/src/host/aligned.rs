use std::ops::{Deref, DerefMut};

use bytemuck::{Pod, Zeroable};
use pulp::{Arch, Simd, WithSimd};

/// As many numbers as fit into a cache line, and into the widest register that kernels use.
const LINE: usize = 16;

#[derive(Clone, Copy, Debug, Pod, Zeroable)]
#[repr(C, align(64))]
struct Line([f32; LINE]);

/// Numbers that start at the beginning of a cache line, so that no load of a full register touches two lines.
#[derive(Clone, Debug, Default)]
pub(crate) struct Aligned {
    lines: Vec<Line>,
    len: usize,
}

impl Aligned {
    pub(crate) fn zeros(len: usize) -> Aligned {
        Aligned { lines: bytemuck::zeroed_vec(len.div_ceil(LINE)), len }
    }

    /// Makes room for as many numbers; what they are at first is left open.
    #[cfg(feature = "flex")]
    pub(crate) fn room(&mut self, len: usize) -> &mut [f32] {
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

/// How many numbers fit into a register of this machine.
pub(crate) fn n_lanes() -> usize {
    struct Lanes;
    impl WithSimd for Lanes {
        type Output = usize;

        fn with_simd<S: Simd>(self, _: S) -> usize {
            S::F32_LANES
        }
    }
    Arch::new().dispatch(Lanes)
}
