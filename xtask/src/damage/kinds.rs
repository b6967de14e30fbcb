use ner_cpython::PythonRandom;
use serde_json::Value;

/// A way to damage a file.
pub(super) struct Damage {
    pub(super) name: &'static str,
    /// Whether the damaged file cannot be one that somebody wrote on purpose. A line fewer, for instance, can.
    pub(super) can_be_noticed: bool,
    /// The damaged bytes; `None` if it cannot be done to this file.
    pub(super) apply: fn(&[u8], &mut PythonRandom) -> Option<Vec<u8>>,
}

pub(super) const KINDS: &[Damage] = &[
    Damage { name: "cut", can_be_noticed: true, apply: cut },
    Damage { name: "cut at a line", can_be_noticed: false, apply: cut_at_line },
    Damage { name: "drop a line", can_be_noticed: false, apply: drop_line },
    Damage { name: "swap lines", can_be_noticed: false, apply: swap_lines },
    Damage { name: "drop a cell", can_be_noticed: true, apply: drop_cell },
    Damage { name: "drop a column", can_be_noticed: true, apply: drop_column },
    Damage { name: "drop a mark", can_be_noticed: true, apply: drop_mark },
    Damage { name: "conflict", can_be_noticed: true, apply: conflict },
    Damage { name: "rename a key", can_be_noticed: true, apply: rename_key },
    Damage { name: "shift", can_be_noticed: true, apply: |bytes, _| shift(bytes, 1, 1) },
    Damage { name: "inclusive end", can_be_noticed: true, apply: |bytes, _| shift(bytes, 0, -1) },
    Damage { name: "bytes", can_be_noticed: true, apply: |bytes, _| recount(bytes, str::len) },
    Damage {
        name: "utf16",
        can_be_noticed: true,
        apply: |bytes, _| recount(bytes, |text| text.encode_utf16().count()),
    },
    Damage { name: "windows-1252", can_be_noticed: true, apply: windows_1252 },
    Damage { name: "flip a byte", can_be_noticed: false, apply: flip_byte },
];

fn below(random: &mut PythonRandom, n: usize) -> usize {
    random.randbelow(n.max(1) as u64) as usize
}

fn lines(bytes: &[u8]) -> Option<Vec<&str>> {
    Some(str::from_utf8(bytes).ok()?.split_inclusive('\n').collect()).filter(|lines: &Vec<_>| lines.len() > 3)
}

fn joined(lines: &[&str]) -> Option<Vec<u8>> {
    Some(lines.concat().into_bytes())
}

/// Inside of a line: what a full disk or a broken connection leaves.
fn cut(bytes: &[u8], random: &mut PythonRandom) -> Option<Vec<u8>> {
    let end = below(random, bytes.len());
    let is_inside =
        |end: &usize| end.checked_sub(1).is_some_and(|before| bytes[before] != b'\n') && bytes[*end] != b'\n';
    Some(end).filter(is_inside).map(|end| bytes[..end].to_vec())
}

fn cut_at_line(bytes: &[u8], random: &mut PythonRandom) -> Option<Vec<u8>> {
    let lines = lines(bytes)?;
    joined(&lines[..1 + below(random, lines.len() - 1)])
}

fn drop_line(bytes: &[u8], random: &mut PythonRandom) -> Option<Vec<u8>> {
    let mut lines = lines(bytes)?;
    lines.remove(below(random, lines.len()));
    joined(&lines)
}

fn swap_lines(bytes: &[u8], random: &mut PythonRandom) -> Option<Vec<u8>> {
    let mut lines = lines(bytes)?;
    let first = below(random, lines.len() - 1);
    lines.swap(first, first + 1);
    joined(&lines)
}

/// One cell of one line of a table.
fn drop_cell(bytes: &[u8], random: &mut PythonRandom) -> Option<Vec<u8>> {
    let mut lines = lines(bytes)?;
    let index = below(random, lines.len());
    let line = without_cell(lines[index], below(random, 3))?;
    lines[index] = &line;
    joined(&lines)
}

/// The same cell of all lines: an export without that column.
fn drop_column(bytes: &[u8], _: &mut PythonRandom) -> Option<Vec<u8>> {
    let lines = lines(bytes)?;
    let last = cells(lines.first()?)?.1.len() - 1;
    let without = |line: &&str| without_cell(line, last).unwrap_or_else(|| (*line).to_owned());
    Some(lines.iter().map(without).collect::<String>().into_bytes())
}

fn cells(line: &str) -> Option<(char, Vec<&str>)> {
    let separator = if line.contains('\t') { '\t' } else { ' ' };
    let cells: Vec<_> = line.trim_end().split(separator).collect();
    (cells.len() > 1 && !line.starts_with(['{', '['])).then_some((separator, cells))
}

fn without_cell(line: &str, index: usize) -> Option<String> {
    let (separator, mut cells) = cells(line)?;
    cells.remove(index.min(cells.len() - 1));
    Some(cells.join(&separator.to_string()) + "\n")
}

/// One bracket, brace, quote, comma or colon of JSON.
fn drop_mark(bytes: &[u8], random: &mut PythonRandom) -> Option<Vec<u8>> {
    is_json(bytes).then_some(())?;
    let marks: Vec<usize> = (0..bytes.len()).filter(|&place| b"{}[]\",:".contains(&bytes[place])).collect();
    let mut damaged = bytes.to_vec();
    damaged.remove(*random.choice(&marks)?);
    Some(damaged)
}

/// The marks of a merge that was not finished.
fn conflict(bytes: &[u8], random: &mut PythonRandom) -> Option<Vec<u8>> {
    let mut lines = lines(bytes)?;
    let place = below(random, lines.len());
    let repeated = lines[place];
    lines.splice(place..place, ["<<<<<<< HEAD\n", repeated, "=======\n"]);
    lines.insert(place + 4, ">>>>>>> main\n");
    joined(&lines)
}

fn rename_key(bytes: &[u8], random: &mut PythonRandom) -> Option<Vec<u8>> {
    let text = str::from_utf8(bytes).ok()?;
    let renames =
        [("\"entities\":", "\"entites\":"), ("\"entities\":", "\"mentions\":"), ("\"spans\":", "\"span\":")];
    let (from, to) = random.choice(&renames)?;
    text.contains(from).then(|| text.replace(from, to).into_bytes())
}

fn is_json(bytes: &[u8]) -> bool {
    bytes.trim_ascii_start().starts_with(b"{") || bytes.trim_ascii_start().starts_with(b"[")
}

/// Moves the spans of JSON Lines.
fn shift(bytes: &[u8], start: i64, end: i64) -> Option<Vec<u8>> {
    change_spans(bytes, &|_, (first, last)| (first + start, last + end))
}

/// Counts the spans of JSON Lines in another unit; `None` where that is the same.
fn recount(bytes: &[u8], length: fn(&str) -> usize) -> Option<Vec<u8>> {
    change_spans(bytes, &|text, bounds| {
        let count = |place: i64| length(&text.chars().take(place as usize).collect::<String>()) as i64;
        (count(bounds.0), count(bounds.1))
    })
}

fn change_spans(bytes: &[u8], change: &dyn Fn(&str, (i64, i64)) -> (i64, i64)) -> Option<Vec<u8>> {
    let mut output = String::new();
    for line in lines(bytes)? {
        let mut record: Value = serde_json::from_str(line).ok()?;
        let text = record.get("text")?.as_str()?.to_owned();
        for span in record.get_mut("entities")?.as_array_mut()? {
            let (start, end) = change(&text, (span[0].as_i64()?, span[1].as_i64()?));
            (span[0], span[1]) = (start.into(), end.into());
        }
        output += &format!("{record}\n");
    }
    // Laid out as serde_json does it, which is no damage.
    let same: Vec<Value> = lines(bytes)?.iter().filter_map(|line| serde_json::from_str(line).ok()).collect();
    let same: String = same.iter().map(|record| format!("{record}\n")).collect();
    (same != output).then(|| output.into_bytes())
}

fn windows_1252(bytes: &[u8], _: &mut PythonRandom) -> Option<Vec<u8>> {
    let text = str::from_utf8(bytes).ok()?;
    // The letters that both tables have at the same place are enough for a damage.
    let is_latin = |c: char| u32::from(c) < 0x100;
    text.chars().filter(|c| is_latin(*c)).map(|c| u8::try_from(u32::from(c)).ok()).collect()
}

fn flip_byte(bytes: &[u8], random: &mut PythonRandom) -> Option<Vec<u8>> {
    let mut damaged = bytes.to_vec();
    let place = below(random, bytes.len());
    damaged[place] ^= 1 << below(random, 8);
    Some(damaged)
}
