//! The BILUO transition system: validity, effects, costs, oracle.
