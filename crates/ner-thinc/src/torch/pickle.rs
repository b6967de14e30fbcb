/// The pickle (protocol 2) that makes an ordered dictionary of tensors by names and shapes, the numbers of the first of
/// which are the file `data/0` of the archive, and so on.
pub(super) fn write<'a>(tensors: impl IntoIterator<Item = (&'a str, &'a [usize])>) -> Vec<u8> {
    // The default of torch.save. Nothing is memoised: no value but a few names is written twice.
    let mut out = vec![PROTOCOL, 2];
    ordered_dict(&mut out);
    out.push(MARK);
    for (index, (name, shape)) in tensors.into_iter().enumerate() {
        text(&mut out, name);
        tensor(&mut out, index, shape);
    }
    out.push(SET_ITEMS);
    out.push(STOP);
    out
}

// Instructions, named as in Python's pickletools where that is a word.
/// The version of the language, a byte.
pub(super) const PROTOCOL: u8 = 0x80;
/// The length of the instructions that follow, eight bytes.
pub(super) const FRAME: u8 = 0x95;
/// The end.
pub(super) const STOP: u8 = b'.';
/// Where a tuple or the items of a dictionary begin on the stack.
pub(super) const MARK: u8 = b'(';
pub(super) const NONE: u8 = b'N';
pub(super) const TRUE: u8 = 0x88;
pub(super) const FALSE: u8 = 0x89;
/// A number of one byte.
pub(super) const INT_1: u8 = b'K';
/// A number of two bytes.
pub(super) const INT_2: u8 = b'M';
/// A signed number of four bytes.
pub(super) const INT: u8 = b'J';
/// A signed number of as many bytes as the next one says.
pub(super) const LONG: u8 = 0x8a;
/// A text with a length of four bytes.
pub(super) const TEXT: u8 = b'X';
/// A text with a length of one byte.
pub(super) const SHORT_TEXT: u8 = 0x8c;
/// A class or a function: module and name on a line each.
pub(super) const GLOBAL: u8 = b'c';
/// A class or a function: module and name on the stack.
pub(super) const STACK_GLOBAL: u8 = 0x93;
pub(super) const EMPTY_TUPLE: u8 = b')';
/// The last value as a tuple.
pub(super) const TUPLE_1: u8 = 0x85;
/// The last three values as a tuple; `0x86` is of two.
pub(super) const TUPLE_3: u8 = 0x87;
/// The values since the mark as a tuple.
pub(super) const TUPLE: u8 = b't';
pub(super) const EMPTY_DICT: u8 = b'}';
/// The last two values as an item of the dictionary before them.
pub(super) const SET_ITEM: u8 = b's';
/// The values since the mark as items of the dictionary before it.
pub(super) const SET_ITEMS: u8 = b'u';
/// A value kept outside of the pickle, by the description on the stack.
pub(super) const PERSISTENT_ID: u8 = b'Q';
/// A call of a function with a tuple of arguments.
pub(super) const REDUCE: u8 = b'R';
/// The state of an object.
pub(super) const BUILD: u8 = b'b';
/// The last value remembered under a number of one byte.
pub(super) const PUT: u8 = b'q';
/// The same with four bytes.
pub(super) const LONG_PUT: u8 = b'r';
/// The same under the next free number.
pub(super) const MEMOIZE: u8 = 0x94;
/// A remembered value, by a number of one byte.
pub(super) const GET: u8 = b'h';
/// The same with four bytes.
pub(super) const LONG_GET: u8 = b'j';

/// What makes a dictionary.
pub(super) const ORDERED_DICT: &str = "collections.OrderedDict";
/// What makes a tensor of its numbers.
pub(super) const REBUILD_TENSOR: &str = "torch._utils._rebuild_tensor_v2";
/// The type of a list of 32-bit numbers: all lists that are written.
pub(super) const FLOAT_STORAGE: &str = "torch.FloatStorage";
/// Lists of 16-bit numbers, which are read.
pub(super) const HALF_STORAGE: &str = "torch.HalfStorage";
pub(super) const BFLOAT16_STORAGE: &str = "torch.BFloat16Storage";
/// A list of 64-bit integers, which is passed over.
pub(super) const LONG_STORAGE: &str = "torch.LongStorage";

fn ordered_dict(out: &mut Vec<u8>) {
    global(out, ORDERED_DICT);
    out.extend([EMPTY_TUPLE, REDUCE]);
}

fn tensor(out: &mut Vec<u8>, index: usize, shape: &[usize]) {
    global(out, REBUILD_TENSOR);
    out.extend([MARK, MARK]);
    text(out, "storage");
    global(out, FLOAT_STORAGE);
    text(out, &index.to_string());
    text(out, "cpu");
    int(out, shape.iter().product());
    out.extend([TUPLE, PERSISTENT_ID]);
    int(out, 0);
    tuple(out, shape);
    // C order: one step along an axis passes over all the axes behind it.
    let strides: Vec<usize> = (1..=shape.len()).map(|axis| shape[axis..].iter().product()).collect();
    tuple(out, &strides);
    // No gradient and no hooks: the tensors of a state dictionary are detached.
    out.push(FALSE);
    ordered_dict(out);
    out.extend([TUPLE, REDUCE]);
}

fn global(out: &mut Vec<u8>, path: &str) {
    let (module, name) = path.rsplit_once('.').expect("a path has a module and a name");
    out.push(GLOBAL);
    out.extend(format!("{module}\n{name}\n").bytes());
}

fn text(out: &mut Vec<u8>, text: &str) {
    out.push(TEXT);
    out.extend((text.len() as u32).to_le_bytes());
    out.extend(text.bytes());
}

fn tuple(out: &mut Vec<u8>, numbers: &[usize]) {
    out.push(MARK);
    numbers.iter().for_each(|&number| int(out, number));
    out.push(TUPLE);
}

fn int(out: &mut Vec<u8>, number: usize) {
    match i32::try_from(number) {
        Ok(number) => {
            out.push(INT);
            out.extend(number.to_le_bytes());
        }
        Err(_) => {
            // The number is signed, but no list in memory is so long that it reaches the sign bit.
            out.extend([LONG, 8]);
            out.extend((number as u64).to_le_bytes());
        }
    }
}
