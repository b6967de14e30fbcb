use super::winograd;

/// How the pieces of an output come about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Filter {
    /// One product of each window with the weights.
    Direct,
    /// The products of several windows that follow each other, see [`winograd`].
    Winograd,
}

impl Filter {
    /// The one with the fewest multiplications for windows of some rows.
    pub(crate) fn for_window(n_rows: usize) -> Filter {
        if n_rows == winograd::WINDOW { Filter::Winograd } else { Filter::Direct }
    }

    /// Parts of a window that have weights of their own in each product.
    pub(super) fn window(self) -> usize {
        match self {
            Filter::Direct => 1,
            Filter::Winograd => winograd::WINDOW,
        }
    }

    /// Products that are worked out together.
    pub(crate) fn n_products(self) -> usize {
        match self {
            Filter::Direct => 1,
            Filter::Winograd => winograd::PRODUCTS,
        }
    }

    /// Outputs that come of them.
    pub(crate) fn n_outputs(self) -> usize {
        match self {
            Filter::Direct => 1,
            Filter::Winograd => winograd::OUTPUTS,
        }
    }
}
