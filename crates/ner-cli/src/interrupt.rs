use std::process;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// A request to stop: from the user (Ctrl-C), or from a part of the program that cannot continue.
#[derive(Clone, Debug, Default)]
pub(crate) struct Interrupt(Arc<AtomicBool>);

impl Interrupt {
    /// Listens for Ctrl-C from now on. The first one is a request; the second ends the program at once.
    pub(crate) fn listen() -> anyhow::Result<Interrupt> {
        let interrupt = Interrupt::default();
        let wish = interrupt.clone();
        ctrlc::set_handler(move || {
            // On a thread of its own, not in a signal handler, so that to exit is allowed. The flag guards no
            // other memory; the strictest ordering is merely the simplest.
            if wish.0.swap(true, Ordering::SeqCst) {
                process::exit(130);
            }
        })?;
        Ok(interrupt)
    }

    /// Requests to stop.
    pub(crate) fn raise(&self) {
        self.0.store(true, Ordering::SeqCst);
    }

    /// Whether a stop was requested.
    pub(crate) fn is_raised(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }
}
