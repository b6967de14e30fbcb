//! The layers that Burn lacks, as Burn operations and modules.
