//! A pattern as instructions for the backtracking machine.

use super::error::PatternError;
use super::syntax::{Assertion, Greed, Node, SetId};

/// One step of the machine. Places are indices into the program.
#[derive(Copy, Clone, Debug)]
pub(super) enum Instruction {
    /// Take one character of the set.
    Take(SetId),
    Assert(Assertion),
    /// Go on at `first`; should that fail, at `second`.
    Split {
        first: u32,
        second: u32,
    },
    Jump(u32),
    /// Run what follows, up to its `Accept`, from `behind` characters before; then go on at `next`.
    Look {
        behind: u32,
        negate: bool,
        next: u32,
    },
    /// Run what follows, up to its `Accept`, and keep the first way in which it succeeds; then go on at `next`.
    Atomic {
        next: u32,
    },
    /// Note where an iteration of a loop begins.
    EnterLoop {
        slot: u32,
    },
    /// Go on at `again`, unless the iteration took nothing: then leave the loop.
    EndLoop {
        slot: u32,
        again: u32,
    },
    Accept,
}

/// Instructions at most. The largest pattern that spaCy ships needs a tenth of them.
const MAX_INSTRUCTIONS: usize = 1 << 19;

/// The instructions of a pattern.
#[derive(Clone, Debug, Default)]
pub(super) struct Program {
    pub(super) instructions: Vec<Instruction>,
    /// Loops whose body may take nothing.
    pub(super) loop_slots: u32,
}

impl Program {
    /// Adds a node as a program of its own and gives the place where it starts.
    pub(super) fn add(&mut self, node: &Node) -> Result<u32, PatternError> {
        let entry = self.here();
        self.node(node)?;
        self.push(Instruction::Accept)?;
        Ok(entry)
    }

    fn here(&self) -> u32 {
        self.instructions.len() as u32
    }

    fn push(&mut self, instruction: Instruction) -> Result<usize, PatternError> {
        if self.instructions.len() == MAX_INSTRUCTIONS {
            return Err(PatternError {
                at: 0,
                problem: "the pattern, with its repetitions written out, is too large",
            });
        }
        self.instructions.push(instruction);
        Ok(self.instructions.len() - 1)
    }

    fn node(&mut self, node: &Node) -> Result<(), PatternError> {
        match node {
            Node::Empty => Ok(()),
            Node::Set(id) => self.push(Instruction::Take(*id)).map(drop),
            Node::Assertion(assertion) => self.push(Instruction::Assert(*assertion)).map(drop),
            Node::Concat(parts) => parts.iter().try_for_each(|part| self.node(part)),
            Node::Alternate(branches) => self.alternate(branches),
            // Python: `a*+` is defined as `(?>a*)`.
            Node::Repeat { body, min, max, greed: Greed::Possessive } => {
                self.atomic(|program| program.repeat(body, *min, *max, false))
            }
            Node::Repeat { body, min, max, greed } => self.repeat(body, *min, *max, *greed == Greed::Lazy),
            Node::Look { body, behind, negate } => self.look(body, *behind, *negate),
            Node::Atomic(body) => self.atomic(|program| program.node(body)),
        }
    }

    fn alternate(&mut self, branches: &[Node]) -> Result<(), PatternError> {
        let mut jumps = Vec::new();
        for (index, branch) in branches.iter().enumerate() {
            if index + 1 == branches.len() {
                self.node(branch)?;
            } else {
                let split = self.push(Instruction::Split { first: self.here() + 1, second: 0 })?;
                self.node(branch)?;
                jumps.push(self.push(Instruction::Jump(0))?);
                self.instructions[split] =
                    Instruction::Split { first: split as u32 + 1, second: self.here() };
            }
        }
        for jump in jumps {
            self.instructions[jump] = Instruction::Jump(self.here());
        }
        Ok(())
    }

    fn repeat(&mut self, body: &Node, min: u32, max: Option<u32>, lazy: bool) -> Result<(), PatternError> {
        for _ in 0..min {
            let before = self.here();
            self.node(body)?;
            // An empty body written out once is as good as a billion times.
            if self.here() == before {
                break;
            }
        }
        let Some(max) = max else { return self.endless(body, lazy) };
        // Each optional copy may leave to the end of all of them: a place that is known only when they are written.
        let mut splits = Vec::new();
        for _ in min..max {
            splits.push(self.push(Instruction::Jump(0))?);
            self.node(body)?;
        }
        for split in splits {
            self.instructions[split] = choice(split as u32 + 1, self.here(), lazy);
        }
        Ok(())
    }

    fn endless(&mut self, body: &Node, lazy: bool) -> Result<(), PatternError> {
        let start = self.push(Instruction::Jump(0))?;
        // A body that always takes something cannot loop in place and needs no slot; the machine remembers failures only in
        // programs without slots.
        if body.width().0 > 0 {
            self.node(body)?;
            self.push(Instruction::Jump(start as u32))?;
        } else {
            let slot = self.loop_slots;
            self.loop_slots += 1;
            self.push(Instruction::EnterLoop { slot })?;
            self.node(body)?;
            self.push(Instruction::EndLoop { slot, again: start as u32 })?;
        }
        self.instructions[start] = choice(start as u32 + 1, self.here(), lazy);
        Ok(())
    }

    fn look(&mut self, body: &Node, behind: bool, negate: bool) -> Result<(), PatternError> {
        let width = if behind { body.width().0 as u32 } else { 0 };
        // Holds the place of an instruction that names the end of the body, which is not known yet.
        let look = self.push(Instruction::Accept)?;
        self.add(body)?;
        self.instructions[look] = Instruction::Look { behind: width, negate, next: self.here() };
        Ok(())
    }

    fn atomic(
        &mut self,
        body: impl FnOnce(&mut Program) -> Result<(), PatternError>,
    ) -> Result<(), PatternError> {
        let start = self.push(Instruction::Accept)?;
        body(self)?;
        self.push(Instruction::Accept)?;
        self.instructions[start] = Instruction::Atomic { next: self.here() };
        Ok(())
    }
}

fn choice(body: u32, out: u32, lazy: bool) -> Instruction {
    if lazy {
        Instruction::Split { first: out, second: body }
    } else {
        Instruction::Split { first: body, second: out }
    }
}
