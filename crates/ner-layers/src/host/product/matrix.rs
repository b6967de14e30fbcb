use crate::host::aligned::Aligned;
use crate::host::registers::n_lanes;

/// Registers that the columns of a panel fill. With two, each number of a row that is spread over a register is used twice,
/// and a number of the matrix once for each row of the tile.
pub(super) const PANEL_REGISTERS: usize = 2;
/// Inputs that are multiplied before the sums are put down: what a panel has of them, 48 KB, is read by one tile after the
/// other. Of [512, 384] by [384, 1536], 96, 192 and 384 gave 87, 97 and 101 GFLOP/s where 115 is the most that the core can
/// do: with fewer, loading and storing sums shows. Without any limit, [512, 3072] by [3072, 768] gave 76 in place of 98.
pub(super) const BLOCK_INPUTS: usize = 384;

/// A matrix `[inputs, columns]` on the host, neither of them zero, laid out in the order in which products with rows read
/// it: what a tile multiplies next lies behind what it has just multiplied.
///
/// ```text
/// row by row                    in panels of two columns
/// a b c d e                     a b  f g  k l | c d  h i  m n | e 0  j 0  o 0
/// f g h i j
/// k l m n o
/// ```
#[derive(Debug, Default)]
pub struct PackedMatrix {
    pub(super) inputs: usize,
    pub(super) columns: usize,
    /// `[blocks of inputs, panels, inputs of a block, columns of a panel]`; columns beyond the last are zeros.
    pub(super) panels: Aligned,
}

impl PackedMatrix {
    /// Takes a matrix row by row, `[inputs, columns]`.
    pub fn from_rows(matrix: &[f32], columns: usize) -> PackedMatrix {
        let mut packed = PackedMatrix::default();
        packed.pack_rows(matrix, [matrix.len() / columns, columns], columns);
        packed
    }

    /// Takes a matrix column by column, `[columns, inputs]`.
    pub fn from_columns(matrix: &[f32], inputs: usize) -> PackedMatrix {
        let mut packed = PackedMatrix::default();
        packed.pack_columns(matrix, [inputs, matrix.len() / inputs], inputs);
        packed
    }

    /// Takes another matrix of `[inputs, columns]`, whose rows begin `step` numbers apart, in the memory of the last one.
    pub fn pack_rows(&mut self, matrix: &[f32], [inputs, columns]: [usize; 2], step: usize) {
        self.clear([inputs, columns]);
        let width = PANEL_REGISTERS * n_lanes();
        for (input, row) in matrix.chunks(step).take(inputs).enumerate() {
            for (panel, values) in row[..columns].chunks(width).enumerate() {
                let place = self.place(panel, input);
                self.panels[place..][..values.len()].copy_from_slice(values);
            }
        }
    }

    /// Takes another matrix of `[inputs, columns]`, whose columns begin `step` numbers apart, in the memory of the last one.
    pub fn pack_columns(&mut self, matrix: &[f32], [inputs, columns]: [usize; 2], step: usize) {
        self.clear([inputs, columns]);
        let width = PANEL_REGISTERS * n_lanes();
        for (column, values) in matrix.chunks(step).take(columns).enumerate() {
            for (block, values) in values[..inputs].chunks(BLOCK_INPUTS).enumerate() {
                let start = self.place(column / width, block * BLOCK_INPUTS) + column % width;
                let places = self.panels[start..].iter_mut().step_by(width);
                places.zip(values).for_each(|(place, &value)| *place = value);
            }
        }
    }

    /// Zeros of another size.
    fn clear(&mut self, [inputs, columns]: [usize; 2]) {
        let width = PANEL_REGISTERS * n_lanes();
        (self.inputs, self.columns) = (inputs, columns);
        let n_panels = columns.div_ceil(width);
        let numbers = self.panels.resized(n_panels * inputs * width);
        if !columns.is_multiple_of(width) {
            // Only what stands behind the last column is not written over.
            numbers.fill(0.0);
        }
    }

    /// Where the numbers of an input in a panel begin.
    fn place(&self, panel: usize, input: usize) -> usize {
        let width = PANEL_REGISTERS * n_lanes();
        let first = input / BLOCK_INPUTS * BLOCK_INPUTS;
        let n_inputs = BLOCK_INPUTS.min(self.inputs - first);
        (first * self.columns.div_ceil(width) + panel * n_inputs + (input - first)) * width
    }
}
