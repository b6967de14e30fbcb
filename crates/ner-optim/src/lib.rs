//! Thinc's optimisers and schedules.
