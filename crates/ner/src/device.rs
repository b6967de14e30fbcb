use std::panic::{AssertUnwindSafe, catch_unwind};

use burn::tensor::{Device, Tensor};

use crate::Error;

/// All devices that can be built in, by the names of their features.
pub const DEVICES: [&str; 4] = ["flex", "ndarray", "cuda", "wgpu"];

/// The names of the devices that are built in.
pub fn built_in_devices() -> impl Iterator<Item = &'static str> {
    DEVICES.into_iter().filter(|name| find(name).is_some())
}

/// Opens the first device that is built in, Burn's CPU backend unless features say otherwise.
///
/// # Errors
/// If no device is built in.
pub fn default_device() -> Result<Device, Error> {
    DEVICES.into_iter().find_map(find).ok_or(Error::NoDevice)
}

/// Opens a device by its name and makes sure that it answers.
///
/// # Errors
/// If the device is not known, not built in, or does not answer.
pub fn open_device(name: &str) -> Result<Device, Error> {
    let device = find(name).ok_or_else(|| {
        let built_in = built_in_devices().collect::<Vec<_>>().join(", ");
        Error::UnknownDevice { name: name.to_owned(), built_in, is_feature: DEVICES.contains(&name) }
    })?;
    // Burn's GPU backends panic where there is no driver.
    let probe = || Tensor::<1>::zeros([1], &device).into_data();
    match catch_unwind(AssertUnwindSafe(probe)) {
        Ok(_) => Ok(device),
        Err(_) => Err(Error::SilentDevice { name: name.to_owned() }),
    }
}

fn find(name: &str) -> Option<Device> {
    match name {
        #[cfg(feature = "flex")]
        "flex" => Some(Device::flex()),
        #[cfg(feature = "ndarray")]
        "ndarray" => Some(ndarray()),
        #[cfg(feature = "cuda")]
        "cuda" => Some(Device::cuda(0)),
        #[cfg(feature = "wgpu")]
        "wgpu" => Some(Device::wgpu(burn::tensor::DeviceKind::DefaultDevice)),
        _ => None,
    }
}

#[cfg(feature = "ndarray")]
#[expect(deprecated, reason = "users ask for it by name")]
fn ndarray() -> Device {
    Device::ndarray()
}
