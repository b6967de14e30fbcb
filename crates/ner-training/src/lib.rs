//! The training loop: batch, update, evaluate, keep the best, stop.
