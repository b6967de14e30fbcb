use std::process;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// A wish to stop: of the user by Ctrl-C, or of a part of the program that sees no sense in going on.
#[derive(Clone, Debug, Default)]
pub(crate) struct Interrupt(Arc<AtomicBool>);

impl Interrupt {
    /// Listens for Ctrl-C from now on. The first one is a wish; the second ends the program at once.
    pub(crate) fn listen() -> anyhow::Result<Interrupt> {
        let interrupt = Interrupt::default();
        let wish = interrupt.clone();
        ctrlc::set_handler(move || {
            if wish.0.swap(true, Ordering::SeqCst) {
                process::exit(130);
            }
        })?;
        Ok(interrupt)
    }

    /// Wishes to stop.
    pub(crate) fn raise(&self) {
        self.0.store(true, Ordering::SeqCst);
    }

    /// Whether anyone wished so.
    pub(crate) fn is_raised(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }
}
