//! Records of TensorBoard's event files: protocol buffers (`event.proto` and `summary.proto` of TensorFlow) in the
//! frames of TFRecord.
//!
//! Written here, since a few fields are all there is to it: of the crates for it `tboard` and `syntaxdot-summary` need
//! `protoc` to be built and had no release since 2023, `tensorboard-rs` brings an image library, and `tfrecord` some
//! two hundred crates.

/// The record that a file begins with.
pub(super) fn first_record(wall_time: f64) -> Vec<u8> {
    let mut event = double(1, wall_time);
    event.extend(bytes(3, b"brain.Event:2"));
    framed(&event)
}

/// The mark that a run goes on at this step: what earlier files hold of later ones is not shown.
pub(super) fn restart_record(wall_time: f64, step: usize) -> Vec<u8> {
    const START: u64 = 1;
    let mut event = double(1, wall_time);
    event.extend(varint_field(2, step as u64));
    event.extend(bytes(7, &varint_field(1, START)));
    framed(&event)
}

/// Numbers by their tags at a step.
pub(super) fn scalars_record(wall_time: f64, step: usize, values: &[(String, f64)]) -> Vec<u8> {
    let value = |(tag, value): &(String, f64)| {
        let mut message = bytes(1, tag.as_bytes());
        message.extend(float(2, *value as f32));
        bytes(1, &message)
    };
    let mut event = double(1, wall_time);
    event.extend(varint_field(2, step as u64));
    event.extend(bytes(5, &values.iter().flat_map(value).collect::<Vec<_>>()));
    framed(&event)
}

/// A record: length, its checksum, the data, their checksum.
fn framed(data: &[u8]) -> Vec<u8> {
    let length = (data.len() as u64).to_le_bytes();
    [&length[..], &checksum(&length), data, &checksum(data)].concat()
}

/// The masked checksum of TFRecord.
fn checksum(data: &[u8]) -> [u8; 4] {
    let crc = crc32c(data);
    crc.rotate_right(15).wrapping_add(0xa282_ead8).to_le_bytes()
}

/// CRC-32C (Castagnoli), bit by bit: an evaluation writes some hundred bytes.
fn crc32c(data: &[u8]) -> u32 {
    const POLYNOMIAL: u32 = 0x82f6_3b78;
    !data.iter().fold(!0, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| (crc >> 1) ^ (POLYNOMIAL * (crc & 1)))
    })
}

// The kinds of fields of protocol buffers: 0 a number of variable length, 1 eight bytes, 2 a length and so many bytes, 5 four
// bytes.

fn varint_field(number: u64, value: u64) -> Vec<u8> {
    let mut field = varint(number << 3);
    field.extend(varint(value));
    field
}

fn double(number: u64, value: f64) -> Vec<u8> {
    let mut field = varint(number << 3 | 1);
    field.extend(value.to_le_bytes());
    field
}

fn bytes(number: u64, value: &[u8]) -> Vec<u8> {
    let mut field = varint(number << 3 | 2);
    field.extend(varint(value.len() as u64));
    field.extend(value);
    field
}

fn float(number: u64, value: f32) -> Vec<u8> {
    let mut field = varint(number << 3 | 5);
    field.extend(value.to_le_bytes());
    field
}

/// Seven bits a byte, the lowest first; all bytes but the last have their highest bit set.
fn varint(mut value: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    while value >= 0x80 {
        bytes.push(value as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checksums_are_those_of_the_standard() {
        // RFC 3720, B.4.
        assert_eq!(crc32c(&[0; 32]), 0x8a91_36aa);
        assert_eq!(crc32c(&[0xff; 32]), 0x62a8_ab43);
        assert_eq!(crc32c(b"123456789"), 0xe306_9283);
    }

    #[test]
    fn records_are_those_that_tensorboard_writes() {
        // By the RecordWriter of the package tensorboard 2.21.
        let first = "1800000000000000a37f4b2209000000000000f83f1a0d627261696e2e4576656e743a322a28646c";
        let scalars = "2d000000000000003c418afb09000000000000f83f10ac022a1f0a0c0a0573636f7265150000003f0a0f0a086c6f73\
                       732f6e65721500509a445c4d7666";
        let hex = |record: Vec<u8>| record.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        assert_eq!(hex(first_record(1.5)), first);
        let values = [("score".to_owned(), 0.5), ("loss/ner".to_owned(), 1234.5)];
        assert_eq!(hex(scalars_record(1.5, 300, &values)), scalars);
        let restart = "100000000000000095fbfe1809000000000000f83f10ac023a020801713b788a";
        assert_eq!(hex(restart_record(1.5, 300)), restart);
    }
}
