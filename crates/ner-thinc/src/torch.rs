//! The weights of a PyTorch network, as `torch.save` writes them: a ZIP archive of a pickle and of plain numbers.
//!
//! A pickle is a program. The few instructions that make a dictionary of tensors are followed here; anything else is
//! refused, and nothing of it is ever executed.

mod archive;
mod pickle;
mod shim;
mod shim_settings;
mod state;
mod tensor_view;
mod unpickle;

pub use self::shim::TorchShim;
pub use self::shim_settings::ShimSettings;
pub use self::state::TorchState;
