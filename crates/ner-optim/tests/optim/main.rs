//! Thinc's optimisers and schedules beside Thinc, and optimisers from outside.

mod fine_tuning;
mod golden;
mod groups;
mod resume;
mod settings;
mod third_party;
