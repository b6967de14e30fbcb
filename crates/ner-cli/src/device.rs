use std::num::NonZeroUsize;
use std::panic::{AssertUnwindSafe, catch_unwind};

use anyhow::anyhow;
use burn::tensor::{Device, Tensor};

use crate::report;

/// What computes, and on how many threads. Results do not depend on the number of threads.
#[derive(clap::Args)]
pub(crate) struct DeviceArgs {
    /// What computes: flex, ndarray, cuda or wgpu, as far as they are built in.
    #[arg(long, default_value = "flex", value_parser = check_name)]
    device: String,
    /// How many threads compute; as many as there are cores unless given.
    #[arg(long)]
    threads: Option<NonZeroUsize>,
}

/// All devices that can be built in, by the names of their features.
pub(crate) const NAMES: [&str; 4] = ["flex", "ndarray", "cuda", "wgpu"];

impl DeviceArgs {
    /// Starts the threads and opens the device.
    pub(crate) fn open(&self) -> anyhow::Result<Device> {
        start_threads(self.threads.map_or(0, NonZeroUsize::get))?;
        let device = open(&self.device).expect("the name was checked when it was read");
        let probe = || Tensor::<1>::zeros([1], &device).into_data();
        catch_unwind(AssertUnwindSafe(probe)).map_err(|_| {
            anyhow!("device {}: it does not answer; make sure that it and its driver are there", self.device)
        })?;
        let is_gpu = ["cuda", "wgpu"].contains(&self.device.as_str());
        report::info(format_args!("Using {} ({})", if is_gpu { "GPU" } else { "CPU" }, self.device));
        Ok(device)
    }
}

/// Starts as many threads, or as many as there are cores for 0. A panic on one of them does not end the program: it
/// is noticed by whoever waits for a result.
pub(crate) fn start_threads(n_threads: usize) -> Result<(), rayon::ThreadPoolBuildError> {
    rayon::ThreadPoolBuilder::new().num_threads(n_threads).panic_handler(drop).build_global()
}

/// Whether a device is built in.
pub(crate) fn is_built_in(name: &str) -> bool {
    open(name).is_some()
}

/// A device for a look at a pipeline.
pub(crate) fn first() -> anyhow::Result<Device> {
    NAMES.into_iter().find_map(open).ok_or_else(|| anyhow!("no device is built in"))
}

/// The device, if it is built in.
fn open(name: &str) -> Option<Device> {
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

fn check_name(name: &str) -> Result<String, String> {
    if is_built_in(name) {
        return Ok(name.to_owned());
    }
    let there: Vec<&str> = NAMES.into_iter().filter(|name| is_built_in(name)).collect();
    let there = there.join(", ");
    if NAMES.contains(&name) {
        let build = format!("cargo build --release -p ner-cli --features {name}");
        return Err(format!("it is not built in (built in: {there}); build with `{build}`"));
    }
    Err(format!("there is no such device; built in: {there}; can be built in: {}", NAMES.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_there_is_said_with_what_is() {
        assert_eq!(check_name("flex"), Ok("flex".to_owned()));
        let error = check_name("tpu").unwrap_err();
        assert!(error.starts_with("there is no such device; built in: flex"), "{error}");
        for name in NAMES.into_iter().filter(|name| !is_built_in(name)) {
            assert!(check_name(name).unwrap_err().contains(&format!("--features {name}")));
        }
    }
}
