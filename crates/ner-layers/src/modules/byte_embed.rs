use burn::module::{Module, Param};
use burn::tensor::Tensor;

use super::init::Init;
use super::rows::sums::RowSums;

/// The values of a byte: rows of the table for each place.
const N_BYTES: usize = 256;

/// A table of vectors for the bytes of words, one part of it for each place in the selection of bytes.
#[derive(Module, Debug)]
pub struct ByteEmbed {
    /// `[places, 256, width]`
    pub table: Param<Tensor<3>>,
}

impl ByteEmbed {
    /// All vectors zero, Thinc's first weights for this table.
    pub fn init(n_places: usize, width: usize, init: &Init<'_>) -> ByteEmbed {
        ByteEmbed { table: init.constant(0.0, [n_places, N_BYTES, width]) }
    }

    /// `bytes` `[words, places]` -> `[words, places * width]`. Where `is_learned` is false, the vector is used and
    /// gets no gradient.
    pub fn forward(&self, bytes: &[u8], is_learned: impl Fn(usize) -> bool) -> Tensor<2> {
        let [n_places, _, width] = self.table.dims();
        let n_rows = n_places * N_BYTES;
        let places = (0..n_places).cycle().zip(bytes).enumerate();
        let rows = places.map(|(index, (place, &byte))| {
            let row = place * N_BYTES + usize::from(byte);
            // The second half of `tables` is a copy of the table that no gradient flows back from.
            (if is_learned(index) { row } else { n_rows + row }) as u32
        });
        let rows = RowSums::copies(rows.collect());
        let table = self.table.val().reshape([n_rows, width]);
        let tables = Tensor::cat(vec![table.clone(), table.detach()], 0);
        rows.forward(tables).reshape([bytes.len() / n_places, n_places * width])
    }
}

#[cfg(test)]
mod tests {
    use burn::module::ParamId;

    use super::*;
    use crate::test_support::{Function, check_gradients};

    #[test]
    fn gradients_are_those_of_finite_differences() {
        check_gradients(Function {
            lengths: [2 * N_BYTES * 3],
            value: Box::new(|[table]| {
                let table = Param::initialized(ParamId::new(), table.reshape([2, N_BYTES, 3]));
                ByteEmbed { table }.forward(&[7, 255, 0, 255, 7, 7], |_| true)
            }),
        });
    }

    #[test]
    fn what_is_not_learned_has_no_gradient() {
        let function = Function {
            lengths: [2 * N_BYTES],
            value: Box::new(|[table]: [Tensor<1>; 1]| {
                let table = Param::initialized(ParamId::new(), table.reshape([2, N_BYTES, 1]));
                ByteEmbed { table }.forward(&[7, 9], |index| index == 0)
            }),
        };
        let (_, [gradient]) = function.value_and_gradients();
        assert!(gradient[7] != 0.0);
        assert_eq!(gradient.iter().filter(|&&value| value != 0.0).count(), 1);
    }
}
