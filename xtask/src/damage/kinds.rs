use ner_cpython::PythonRandom;

use super::good::Good;
use super::{cells, json, lines};

/// A way to damage a file.
pub(super) struct Damage {
    pub(super) name: &'static str,
    /// Whether the damaged file of a format cannot be one that somebody wrote on purpose. A line fewer, for instance,
    /// can.
    pub(super) can_be_noticed: fn(&str) -> bool,
    /// The damaged bytes; `None` if it cannot be done to this file.
    pub(super) apply: fn(&Good, &mut PythonRandom) -> Option<Vec<u8>>,
}

const ALWAYS: fn(&str) -> bool = |_| true;
const NEVER: fn(&str) -> bool = |_| false;
// A cell of a line of `word|TAG` is a token, and a sentence without it is a sentence.
const BUT_IOB: fn(&str) -> bool = |format| format != "iob";

pub(super) const KINDS: &[Damage] = &[
    Damage { name: "cut", can_be_noticed: ALWAYS, apply: lines::cut },
    Damage { name: "cut at a line", can_be_noticed: NEVER, apply: lines::cut_at_line },
    Damage { name: "drop a line", can_be_noticed: NEVER, apply: lines::drop_line },
    Damage { name: "swap lines", can_be_noticed: NEVER, apply: lines::swap_lines },
    Damage { name: "conflict", can_be_noticed: ALWAYS, apply: lines::conflict },
    Damage { name: "windows-1252", can_be_noticed: ALWAYS, apply: lines::windows_1252 },
    Damage { name: "flip a byte", can_be_noticed: NEVER, apply: lines::flip_byte },
    Damage { name: "drop a cell", can_be_noticed: BUT_IOB, apply: cells::drop_cell },
    Damage { name: "drop a column", can_be_noticed: BUT_IOB, apply: cells::drop_column },
    Damage { name: "drop a mark", can_be_noticed: ALWAYS, apply: json::drop_mark },
    Damage { name: "rename a key", can_be_noticed: ALWAYS, apply: json::rename_key },
    Damage { name: "shift", can_be_noticed: ALWAYS, apply: |good, _| json::shift(good, 1, 1) },
    Damage { name: "inclusive end", can_be_noticed: ALWAYS, apply: |good, _| json::shift(good, 0, -1) },
    Damage { name: "bytes", can_be_noticed: ALWAYS, apply: |good, _| json::recount(good, str::len) },
    Damage {
        name: "utf16",
        can_be_noticed: ALWAYS,
        apply: |good, _| json::recount(good, |text| text.encode_utf16().count()),
    },
];
