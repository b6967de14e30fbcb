//! The file `moves` of a recogniser.
#![no_main]

use std::collections::BTreeSet;

use libfuzzer_sys::fuzz_target;
use ner_transitions::Actions;

fuzz_target!(|bytes: &[u8]| {
    let Ok(mut actions) = Actions::from_bytes(bytes) else { return };
    // As in spaCy, numbers change on the way where a label was added at different times for different moves.
    let names = |actions: &Actions| actions.iter().map(|(id, _)| actions.name(id)).collect::<BTreeSet<_>>();
    let again = Actions::from_bytes(&actions.to_bytes()).expect("what was written is read");
    assert_eq!(names(&again), names(&actions));
    actions.add_label("one more");
    actions.initialize(again.frequencies().clone());
});
