use std::cell::Cell;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Memories that threads borrow and give back. A thread gets the one that it had before, where it can.
#[derive(Debug)]
pub(crate) struct Pool<T> {
    shelves: [Mutex<Vec<T>>; SHELVES],
}

/// More threads than this share shelves, and may have to wait for the moment of taking or giving back.
const SHELVES: usize = 64;

impl<T> Default for Pool<T> {
    fn default() -> Pool<T> {
        Pool { shelves: std::array::from_fn(|_| Mutex::default()) }
    }
}

impl<T> Clone for Pool<T> {
    /// A pool of its own: memories are not shared, and not copied either.
    fn clone(&self) -> Pool<T> {
        Pool::default()
    }
}

impl<T: Default> Pool<T> {
    /// Takes a memory for the time of `work`.
    pub(crate) fn with<R>(&self, work: impl FnOnce(&mut T) -> R) -> R {
        let shelf = &self.shelves[thread_number() % SHELVES];
        // Not locked while at work: a thread that shares the shelf takes another memory.
        let mut memory = lock(shelf).pop().unwrap_or_default();
        let result = work(&mut memory);
        lock(shelf).push(memory);
        result
    }
}

/// A panic elsewhere leaves the shelf as good as it was: only whole memories are put there.
fn lock<T>(shelf: &Mutex<Vec<T>>) -> MutexGuard<'_, Vec<T>> {
    shelf.lock().unwrap_or_else(PoisonError::into_inner)
}

fn thread_number() -> usize {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    thread_local! {
        static NUMBER: Cell<usize> = Cell::new(NEXT.fetch_add(1, Ordering::Relaxed));
    }
    NUMBER.with(Cell::get)
}
