use std::io::{self, Write};

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use super::{FloretSettings, Vectors};
use crate::{StringId, VocabError};

/// The bytes of the files in which spaCy keeps a table of vectors.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VectorFiles {
    /// `vectors.cfg`: the mode and its settings as JSON.
    pub config: Vec<u8>,
    /// `vectors`: the table as an NPY array `[rows, width]` of 32-bit floats.
    pub table: Vec<u8>,
    /// `key2row`: a MessagePack map from keys to rows.
    pub key2row: Vec<u8>,
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "mode", rename_all = "lowercase")]
enum Config {
    Default {},
    Floret(FloretSettings),
}

impl VectorFiles {
    /// The files of a table.
    pub fn of(vectors: &Vectors) -> VectorFiles {
        let mut table = Vec::new();
        vectors.write_table(&mut table).expect("memory takes all bytes");
        VectorFiles { config: vectors.config_file(), table, key2row: vectors.key2row_file() }
    }

    /// The table of the files. An empty `config` stands for the default mode.
    pub fn read(&self) -> Result<Vectors, VocabError> {
        let (data, width) = read_npy(&self.table)?;
        match read_config(&self.config)? {
            Config::Default {} => {
                let key2row: IndexMap<u64, u32> =
                    rmp_serde::from_slice(&self.key2row).map_err(|error| bad(format!("key2row: {error}")))?;
                Vectors::new(data, width, key2row.into_iter().map(|(key, row)| (StringId(key), row)))
            }
            Config::Floret(settings) => Vectors::floret(data, width, settings),
        }
    }
}

fn bad(reason: String) -> VocabError {
    VocabError::BadVectors { reason }
}

fn read_config(json: &[u8]) -> Result<Config, VocabError> {
    // spaCy: pipelines of before there were floret tables have no such file (from_disk in vectors.pyx).
    if json.is_empty() {
        return Ok(Config::Default {});
    }
    serde_json::from_slice(json).map_err(|error| bad(format!("vectors.cfg: {error}")))
}

/// Values and width of an array in NumPy's NPY format (version 1 to 3), of 32-bit or 64-bit floats of either endianness,
/// row by row or column by column.
fn read_npy(bytes: &[u8]) -> Result<(Vec<f32>, usize), VocabError> {
    // The header is a literal of a Python dictionary, which NumPy always writes in the same form.
    let (header, bytes) = split_npy(bytes).ok_or_else(|| bad("vectors: not an NPY file".to_owned()))?;
    let unknown = || {
        bad(format!("vectors: only rows of floats of 32 or 64 bits can be read, but the array is {header}"))
    };
    let entry = |key: &str| header.split_once(&format!("'{key}': ")).map(|(_, rest)| rest);
    let descr =
        entry("descr").and_then(|rest| rest.strip_prefix('\'')?.split_once('\'')).ok_or_else(unknown)?.0;
    let is_fortran = entry("fortran_order").is_some_and(|rest| rest.starts_with("True"));
    let shape = entry("shape").and_then(|rest| rest.strip_prefix('(')?.split_once(')'));
    let shape = shape.and_then(|(shape, _)| shape.split_once(','));
    let [rows, width] = shape
        .and_then(|(rows, width)| Some([dimension(rows)?, dimension(width)?]))
        .ok_or_else(|| bad(format!("vectors: the array has not two dimensions, but is {header}")))?;
    let size = if descr.ends_with("f8") { 8 } else { 4 };
    let n_bytes = rows.checked_mul(width).and_then(|n| n.checked_mul(size));
    if n_bytes != Some(bytes.len()) {
        return Err(bad(format!("vectors: {} bytes are not {rows} rows of {width} values", bytes.len())));
    }
    let (narrow, wide) = (bytes.as_chunks::<4>().0.iter(), bytes.as_chunks::<8>().0.iter());
    let values: Vec<f32> = match descr {
        "<f4" => narrow.map(|&value| f32::from_le_bytes(value)).collect(),
        ">f4" => narrow.map(|&value| f32::from_be_bytes(value)).collect(),
        "<f8" => wide.map(|&value| f64::from_le_bytes(value) as f32).collect(),
        ">f8" => wide.map(|&value| f64::from_be_bytes(value) as f32).collect(),
        _ => return Err(unknown()),
    };
    Ok((if is_fortran { rows_of_columns(&values, rows) } else { values }, width))
}

/// Transposes values that are stored column by column, in Fortran's order.
fn rows_of_columns(values: &[f32], rows: usize) -> Vec<f32> {
    (0..rows).flat_map(|row| values[row..].iter().step_by(rows).copied()).collect()
}

fn dimension(text: &str) -> Option<usize> {
    text.trim().trim_end_matches(',').parse().ok()
}

fn split_npy(bytes: &[u8]) -> Option<(&str, &[u8])> {
    let (version, rest) = bytes.strip_prefix(b"\x93NUMPY")?.split_at_checked(2)?;
    // Version 1 of the format counts the header in two bytes, the later ones in four.
    let (length, rest) = match version[0] {
        1 => {
            rest.split_first_chunk::<2>().map(|(length, rest)| (u16::from_le_bytes(*length).into(), rest))?
        }
        _ => rest
            .split_first_chunk::<4>()
            .map(|(length, rest)| (u32::from_le_bytes(*length) as usize, rest))?,
    };
    let (header, values) = rest.split_at_checked(length)?;
    Some((std::str::from_utf8(header).ok()?.trim_end(), values))
}

impl Vectors {
    /// The bytes of the file `vectors.cfg`.
    pub fn config_file(&self) -> Vec<u8> {
        let config = match self.floret_settings() {
            None => Config::Default {},
            Some(settings) => Config::Floret(settings.clone()),
        };
        serde_json::to_vec_pretty(&config).expect("numbers and strings are always JSON")
    }

    /// The bytes of the file `key2row`.
    pub fn key2row_file(&self) -> Vec<u8> {
        let key2row: IndexMap<u64, u32> = self.keys().map(|(key, row)| (key.0, row)).collect();
        rmp_serde::to_vec(&key2row).expect("numbers are always MessagePack")
    }

    /// Writes the file `vectors`: the table as an NPY array `[rows, width]` of 32-bit floats.
    pub fn write_table(&self, file: &mut dyn Write) -> io::Result<()> {
        let shape = (self.n_rows(), self.width());
        let mut header = format!("{{'descr': '<f4', 'fortran_order': False, 'shape': {shape:?}, }}");
        // The values begin at a multiple of 64 bytes; magic, version and length take ten, the line break one.
        let n_padded = (header.len() + 11).next_multiple_of(64) - 11;
        header.extend(std::iter::repeat_n(' ', n_padded - header.len()));
        header.push('\n');
        file.write_all(b"\x93NUMPY\x01\x00")?;
        file.write_all(&(header.len() as u16).to_le_bytes())?;
        file.write_all(header.as_bytes())?;
        // Part by part, since a table may have gigabytes.
        self.data().chunks(1 << 14).try_for_each(|values| {
            let bytes: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
            file.write_all(&bytes)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Attribute;

    #[test]
    fn floret_tables_come_back() {
        let settings = FloretSettings {
            minn: 2,
            maxn: 3,
            hash_count: 2,
            hash_seed: 7,
            bow: "<".into(),
            eow: ">".into(),
            attr: Attribute::NORM,
        };
        let vectors = Vectors::floret(vec![0.5; 6], 2, settings).unwrap();
        let files = VectorFiles::of(&vectors);
        let read = files.read().unwrap();
        assert_eq!(read.floret_settings(), vectors.floret_settings());
        assert_eq!(VectorFiles::of(&read), files);
    }

    #[test]
    fn tables_of_other_layouts_are_read() {
        let vectors = Vectors::new(vec![1.5, 2.0, -3.25, 4.0, 5.0, 6.0], 3, []).unwrap();
        let good = VectorFiles::of(&vectors);
        // The columns 1.5 4, 2 5, -3.25 6.
        let columns = [1.5, 4.0, 2.0, 5.0, -3.25, 6.0_f64];
        let rows = [1.5, 2.0, -3.25, 4.0, 5.0, 6.0_f64];
        let table = |descr: &str, order: &str, values: Vec<u8>| {
            let mut table = good.table[..128].to_vec();
            let header = String::from_utf8(table.split_off(10)).unwrap();
            table.extend(header.replace("<f4", descr).replacen("False", &format!("{order:<5}"), 1).bytes());
            table.extend(values);
            VectorFiles { table, ..good.clone() }.read()
        };
        for (descr, order, values) in [
            ("<f8", "False", rows.map(f64::to_le_bytes).concat()),
            (">f8", "True", columns.map(f64::to_be_bytes).concat()),
            (">f4", "False", rows.map(|value| (value as f32).to_be_bytes()).concat()),
        ] {
            let read = table(descr, order, values).unwrap();
            assert_eq!(VectorFiles::of(&read), good, "{descr} {order}");
        }
        let message = table("<i4", "False", vec![0; 24]).unwrap_err().to_string();
        assert!(message.contains("floats of 32 or 64 bits"), "{message}");
    }

    #[test]
    fn damaged_files_are_refused() {
        let good = VectorFiles::of(&Vectors::new(vec![0.0; 6], 2, [(StringId(7), 2)]).unwrap());
        let cut = VectorFiles { table: good.table[..good.table.len() - 1].to_vec(), ..good.clone() };
        let rowless = VectorFiles { key2row: vec![0x81, 7, 3], ..good.clone() };
        let empty = VectorFiles { table: Vec::new(), ..good };
        for files in [cut, rowless, empty] {
            assert!(matches!(files.read(), Err(VocabError::BadVectors { .. })));
        }
    }
}
