use std::num::NonZeroUsize;

use ner::{DEVICES, Device, built_in_devices};

use crate::report;

/// The device that computes, and the number of its threads. Results do not depend on the number of threads.
#[derive(clap::Args)]
pub(crate) struct DeviceArgs {
    /// The device: flex, ndarray, cuda or wgpu, as far as they are built in.
    #[arg(long, default_value = "flex", value_parser = check_name)]
    device: String,
    /// The number of threads; one for each core unless given.
    #[arg(long)]
    threads: Option<NonZeroUsize>,
    /// spaCy's option for the device; -1 is the CPU, for all others there is --device.
    #[arg(short, long, hide = true, allow_negative_numbers = true, value_parser = check_gpu_id)]
    gpu_id: Option<()>,
}

impl DeviceArgs {
    /// Starts the threads and opens the device.
    pub(crate) fn open(&self) -> anyhow::Result<Device> {
        start_threads(self.threads.map_or(0, NonZeroUsize::get))?;
        let device = ner::open_device(&self.device)?;
        let is_gpu = ["cuda", "wgpu"].contains(&self.device.as_str());
        report::info(format_args!("Using {} ({})", if is_gpu { "GPU" } else { "CPU" }, self.device));
        Ok(device)
    }
}

/// Starts `n_threads` threads, or one for each core if that is 0. A panic on one of them does not end the program: the
/// thread that waits for its result notices it.
pub(crate) fn start_threads(n_threads: usize) -> Result<(), rayon::ThreadPoolBuildError> {
    // The global pool, since kernels, predictions and streams all spread their work over that one.
    rayon::ThreadPoolBuilder::new().num_threads(n_threads).panic_handler(drop).build_global()
}

/// Accepts the CPU alone.
fn check_gpu_id(id: &str) -> Result<(), String> {
    match id {
        "-1" => Ok(()),
        _ => Err(format!(
            "a device has a name here: --device cuda or --device wgpu, as far as they are built in (built in: {})",
            built_in_devices().collect::<Vec<_>>().join(", ")
        )),
    }
}

fn check_name(name: &str) -> Result<String, String> {
    let there: Vec<&str> = built_in_devices().collect();
    if there.contains(&name) {
        return Ok(name.to_owned());
    }
    let there = there.join(", ");
    if DEVICES.contains(&name) {
        let build = format!("cargo build --release -p ner-cli --features {name}");
        return Err(format!("it is not built in (built in: {there}); build with `{build}`"));
    }
    Err(format!("there is no such device; built in: {there}; can be built in: {}", DEVICES.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_device_of_spacy_is_answered() {
        assert_eq!(check_gpu_id("-1"), Ok(()));
        assert!(check_gpu_id("0").unwrap_err().contains("--device"));
    }

    #[test]
    fn what_is_not_there_is_said_with_what_is() {
        assert_eq!(check_name("flex"), Ok("flex".to_owned()));
        let error = check_name("tpu").unwrap_err();
        assert!(error.starts_with("there is no such device; built in: flex"), "{error}");
        for name in DEVICES.into_iter().filter(|name| built_in_devices().all(|there| there != *name)) {
            assert!(check_name(name).unwrap_err().contains(&format!("--features {name}")));
        }
    }
}
