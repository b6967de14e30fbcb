use std::collections::HashMap;
use std::rc::Rc;

use super::pickle::{
    self, BFLOAT16_STORAGE, FLOAT_STORAGE, HALF_STORAGE, LONG_STORAGE, ORDERED_DICT, REBUILD_TENSOR,
};
use super::tensor_view::TensorView;
use crate::{FloatType, ThincError};

/// What a pickle made.
pub(super) struct Unpickled {
    /// The tensors of floats; those of integers are left out.
    pub(super) tensors: Vec<(String, TensorView)>,
}

/// A value on the stack. Tuples are shared, so that no program of a few bytes makes a large value.
#[derive(Clone, Debug)]
enum Value {
    /// Where a tuple or the items of a dictionary begin.
    Mark,
    Nothing,
    Truth,
    Int(usize),
    Text(Rc<str>),
    Tuple(Rc<[Value]>, Depth),
    /// A class or a function, by module and name.
    Global(Rc<str>),
    /// Name and type of a list of numbers; `None` for integers.
    Storage(Rc<str>, Option<FloatType>),
    Tensor(Rc<TensorView>),
    /// A tensor of integers. No weight is one: encoders keep the numbers of their positions so.
    Integers,
    /// A dictionary; its tensors are kept apart from the stack.
    Dict,
    /// A dictionary taken up again, which no state dictionary needs.
    OtherDict,
}

/// How deep tuples lie within each other.
type Depth = u8;

/// A call has a shape among its arguments; no state dictionary has more tuples in tuples.
const MAX_DEPTH: Depth = 4;

/// Axes of a tensor at most, as in PyTorch.
const MAX_AXES: usize = 64;

fn tuple(values: Vec<Value>) -> Result<Value, String> {
    let depth = |value: &Value| if let Value::Tuple(_, depth) = value { depth + 1 } else { 0 };
    match values.iter().map(depth).max().unwrap_or(0) {
        depth if depth > MAX_DEPTH => Err("too many tuples in tuples".to_owned()),
        depth => Ok(Value::Tuple(values.into(), depth)),
    }
}

/// Follows the instructions of a pickle, as far as state dictionaries need them.
pub(super) fn run(program: &[u8]) -> Result<Unpickled, ThincError> {
    let mut machine = Machine { rest: program, stack: Vec::new(), memo: HashMap::new(), tensors: Vec::new() };
    while machine.step().map_err(|reason| {
        let at = program.len() - machine.rest.len();
        ThincError::torch(format!(
            "data.pkl, byte {at}: {reason}: expected a state dictionary of tensors and nothing else"
        ))
    })? {}
    Ok(Unpickled { tensors: machine.tensors })
}

struct Machine<'a> {
    rest: &'a [u8],
    stack: Vec<Value>,
    memo: HashMap<usize, Value>,
    tensors: Vec<(String, TensorView)>,
}

impl<'a> Machine<'a> {
    /// One instruction; false when it was the last.
    fn step(&mut self) -> Result<bool, String> {
        let value = match self.byte()? {
            pickle::PROTOCOL => return self.byte().map(|_| true),
            // It only says how much follows, for readers of streams.
            pickle::FRAME => return self.take(8).map(|_| true),
            pickle::STOP => return Ok(false),
            pickle::MARK => Value::Mark,
            pickle::NONE => Value::Nothing,
            // Only requires_grad is a truth value, and it does not change the numbers.
            pickle::TRUE | pickle::FALSE => Value::Truth,
            pickle::INT_1 => Value::Int(self.byte()?.into()),
            pickle::INT_2 => Value::Int(self.number(2)?),
            pickle::INT => Value::Int(self.number(4)?),
            pickle::LONG => {
                let length = self.byte()?;
                Value::Int(self.number(length.into())?)
            }
            pickle::TEXT => self.text(4)?,
            pickle::SHORT_TEXT => self.text(1)?,
            pickle::GLOBAL => {
                let (module, name) = (self.line()?, self.line()?);
                Value::Global(format!("{module}.{name}").into())
            }
            // The name was pushed last, so it comes first.
            pickle::STACK_GLOBAL => match (self.pop()?, self.pop()?) {
                (Value::Text(name), Value::Text(module)) => Value::Global(format!("{module}.{name}").into()),
                _ => return Err("a class without a name".to_owned()),
            },
            pickle::EMPTY_TUPLE => tuple(Vec::new())?,
            length @ pickle::TUPLE_1..=pickle::TUPLE_3 => {
                let n_values = usize::from(length - pickle::TUPLE_1) + 1;
                let start = self.stack.len().checked_sub(n_values);
                let start = start.ok_or("a tuple of more values than there are")?;
                tuple(self.stack.split_off(start))?
            }
            pickle::TUPLE => tuple(self.since_mark()?)?,
            // The outermost one may be a plain dictionary: so transformers writes a part of a checkpoint.
            pickle::EMPTY_DICT if self.stack.is_empty() => Value::Dict,
            pickle::EMPTY_DICT => Value::OtherDict,
            pickle::PERSISTENT_ID => self.storage()?,
            pickle::REDUCE => self.call()?,
            pickle::PUT => return self.byte().and_then(|key| self.remember(key.into())),
            pickle::LONG_PUT => return self.number(4).and_then(|key| self.remember(key)),
            pickle::MEMOIZE => return self.remember(self.memo.len()),
            pickle::GET => {
                let key = self.byte()?;
                self.remembered(key.into())?
            }
            pickle::LONG_GET => {
                let key = self.number(4)?;
                self.remembered(key)?
            }
            pickle::SET_ITEMS => return self.set_items(),
            pickle::SET_ITEM => {
                let items = self.stack.len().checked_sub(2).ok_or("an item without a dictionary")?;
                let items = self.stack.split_off(items);
                return self.add_items(items);
            }
            // The state of the outer dictionary: notes on versions, which no tensor depends on.
            pickle::BUILD => return self.pop().map(|_| true),
            other => return Err(format!("instruction {other:#04x}")),
        };
        self.stack.push(value);
        Ok(true)
    }

    fn byte(&mut self) -> Result<u8, String> {
        self.take(1).map(|bytes| bytes[0])
    }

    fn take(&mut self, length: usize) -> Result<&'a [u8], String> {
        let (taken, rest) = self.rest.split_at_checked(length).ok_or("the end of the program")?;
        self.rest = rest;
        Ok(taken)
    }

    /// A number that is not negative, of some bytes, the lowest first.
    fn number(&mut self, length: usize) -> Result<usize, String> {
        let bytes = self.take(length)?;
        // Numbers of one and two bytes have no sign, and Python never writes a LONG that short.
        let is_negative = length > 2 && bytes[length - 1] & 0x80 != 0;
        let high = bytes.get(8..).unwrap_or_default();
        if is_negative || high.iter().any(|&byte| byte != 0) {
            return Err("a number that is negative or too large".to_owned());
        }
        let low = bytes.iter().take(8).rev();
        Ok(low.fold(0, |number: u64, &byte| number << 8 | u64::from(byte)) as usize)
    }

    fn text(&mut self, length_bytes: usize) -> Result<Value, String> {
        let length = self.number(length_bytes)?;
        let text = str::from_utf8(self.take(length)?).map_err(|_| "text that is not UTF-8")?;
        Ok(Value::Text(text.into()))
    }

    fn line(&mut self) -> Result<&'a str, String> {
        let length = self.rest.iter().position(|&byte| byte == b'\n').ok_or("a name without an end")?;
        let line = self.take(length + 1)?;
        str::from_utf8(&line[..length]).map_err(|_| "a name that is not UTF-8".to_owned())
    }

    fn pop(&mut self) -> Result<Value, String> {
        self.stack.pop().ok_or_else(|| "a value that is not there".to_owned())
    }

    fn since_mark(&mut self) -> Result<Vec<Value>, String> {
        let mark = self.stack.iter().rposition(|value| matches!(value, Value::Mark)).ok_or("no mark")?;
        let values = self.stack.split_off(mark + 1);
        self.stack.pop();
        Ok(values)
    }

    fn remember(&mut self, key: usize) -> Result<bool, String> {
        let value = match self.stack.last().ok_or("nothing to remember")? {
            // Through an alias the state could be filled a second time, which PyTorch never does.
            Value::Dict => Value::OtherDict,
            value => value.clone(),
        };
        self.memo.insert(key, value);
        Ok(true)
    }

    fn remembered(&self, key: usize) -> Result<Value, String> {
        self.memo.get(&key).cloned().ok_or_else(|| format!("a value {key} that was never made"))
    }

    /// A list of numbers, from `("storage", type, name, device, length)`.
    fn storage(&mut self) -> Result<Value, String> {
        let Value::Tuple(id, _) = self.pop()? else {
            return Err("a storage without a description".to_owned());
        };
        match &*id {
            // Device and length may be anything: the numbers go to the CPU, and their file has a length.
            [Value::Text(kind), Value::Global(class), Value::Text(name), ..] if &**kind == "storage" => {
                let number = match &**class {
                    FLOAT_STORAGE => Some(FloatType::F32),
                    HALF_STORAGE => Some(FloatType::F16),
                    BFLOAT16_STORAGE => Some(FloatType::BF16),
                    LONG_STORAGE => None,
                    other => {
                        return Err(format!(
                            "numbers of type {other}: expected {FLOAT_STORAGE}, {HALF_STORAGE} or {BFLOAT16_STORAGE}"
                        ));
                    }
                };
                Ok(Value::Storage(name.clone(), number))
            }
            _ => Err("a storage of another kind".to_owned()),
        }
    }

    /// The two calls that a state dictionary makes.
    fn call(&mut self) -> Result<Value, String> {
        let (arguments, function) = (self.pop()?, self.pop()?);
        let (Value::Tuple(arguments, _), Value::Global(function)) = (arguments, function) else {
            return Err("a call of something that is no function".to_owned());
        };
        match (&*function, &*arguments) {
            (ORDERED_DICT, []) => Ok(Value::Dict),
            (
                REBUILD_TENSOR,
                [
                    Value::Storage(name, number),
                    Value::Int(offset),
                    Value::Tuple(shape, _),
                    // Then come requires_grad, hooks and, in newer versions, metadata.
                    Value::Tuple(strides, _),
                    ..,
                ],
            ) => {
                if shape.len() > MAX_AXES {
                    return Err(format!("a tensor of {} axes", shape.len()));
                }
                let (shape, strides) = (numbers(shape)?, numbers(strides)?);
                if shape.len() != strides.len() {
                    return Err("a tensor with another number of strides than axes".to_owned());
                }
                let Some(number) = *number else { return Ok(Value::Integers) };
                let storage = name.to_string();
                Ok(Value::Tensor(Rc::new(TensorView { storage, number, offset: *offset, shape, strides })))
            }
            _ => Err(format!("a call of {function}")),
        }
    }

    fn set_items(&mut self) -> Result<bool, String> {
        let items = self.since_mark()?;
        self.add_items(items)
    }

    fn add_items(&mut self, items: Vec<Value>) -> Result<bool, String> {
        let is_state = match self.stack.last() {
            Some(Value::Dict) => true,
            Some(Value::OtherDict) => false,
            _ => return Err("items without a dictionary".to_owned()),
        };
        for item in items.chunks(2) {
            match item {
                [Value::Text(name), Value::Tensor(tensor)] if is_state => {
                    self.tensors.push((name.to_string(), (**tensor).clone()));
                }
                [Value::Text(_), Value::Integers] if is_state => {}
                // The notes on versions are dictionaries, too.
                [Value::Text(_), Value::Dict | Value::OtherDict | Value::Int(_)] => {}
                _ => return Err("an item that is no tensor with a name".to_owned()),
            }
        }
        Ok(true)
    }
}

fn numbers(values: &[Value]) -> Result<Vec<usize>, String> {
    let number = |value: &Value| match value {
        Value::Int(number) => Ok(*number),
        _ => Err("a length that is no number".to_owned()),
    };
    values.iter().map(number).collect()
}
