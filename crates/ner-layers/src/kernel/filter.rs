use super::winograd;

/// How the pieces of outputs are computed from the rows of a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Filter {
    /// One product of each window with the weights.
    Direct,
    /// The products of several windows that follow each other, see [`winograd`].
    Winograd,
}

impl Filter {
    /// The filter with the fewest multiplications for windows of `n_rows` rows. Larger windows have filters of their own,
    /// which lose more digits; no architecture of spaCy's comes with any.
    pub(crate) fn for_window(n_rows: usize) -> Filter {
        if n_rows == winograd::WINDOW { Filter::Winograd } else { Filter::Direct }
    }

    /// Parts of a window that have weights of their own in each product.
    pub(super) fn window(self) -> usize {
        match self {
            // A direct product takes the rows of a window as a single long one.
            Filter::Direct => 1,
            Filter::Winograd => winograd::WINDOW,
        }
    }

    /// Products that are computed together.
    pub(crate) fn n_products(self) -> usize {
        match self {
            Filter::Direct => 1,
            Filter::Winograd => winograd::PRODUCTS,
        }
    }

    /// Outputs that they give.
    pub(crate) fn n_outputs(self) -> usize {
        match self {
            Filter::Direct => 1,
            Filter::Winograd => winograd::OUTPUTS,
        }
    }
}
