//! The layers that take most of the time, on plain numbers of the CPU: each walks once over blocks of rows that stay in the
//! cache, in the widest registers that the machine has. Results do not depend on the number of threads.
//!
//! pulp chooses the registers when the program runs: `Arch::dispatch` calls `with_simd` in a function that is compiled for
//! AVX-512, AVX2 or NEON. A function that is not inlined there is compiled for the oldest processor, and each call with a
//! register as argument goes through memory. So everything below `with_simd` is `#[inline(always)]`, closures included:
//! the compiler would not inline functions of this size by itself.
//!
//! Loops run over arrays whose length is a constant of the type, and slices are cut to their length before a loop. Then
//! the compiler unrolls the one and checks no bounds in the other.

pub(crate) mod filter;
pub(crate) mod gather_scatter;
pub(crate) mod input_gradient;
mod largest_pieces;
pub(crate) mod packed_maxout;
mod packed_rows;
mod patches;
mod rows_of_pieces;
pub(crate) mod weight_gradients;
pub(crate) mod window_backward;
pub(crate) mod window_block;
pub(crate) mod window_forward;
pub(crate) mod window_rows;
mod winograd;
