//! The backtracking machine: Python's order of trying things, in bounded time.

use super::char_set::{CharSet, Class};
use super::error::TooSlow;
use super::program::{Instruction, Program};
use super::syntax::Assertion;

/// Memory that searches use again and again.
#[derive(Debug, Default)]
pub(crate) struct Scratch {
    jobs: Vec<Job>,
    loops: Vec<usize>,
    failed: Vec<u64>,
    /// Steps that searches may still take on the text in hand.
    steps_left: usize,
    /// The alternatives that a search still has to try.
    pub(super) candidates: Vec<u32>,
}

#[derive(Copy, Clone, Debug)]
enum Job {
    Try { place: u32, at: usize },
    RestoreLoop { slot: u32, at: usize },
}

impl Scratch {
    /// Prepares for a text: allows all searches in it and in its parts together the steps that sensible rules may need.
    pub(crate) fn begin(&mut self, text: &str) {
        self.steps_left =
            MAX_STEPS.min(FIXED_STEPS.saturating_add(STEPS_PER_BYTE.saturating_mul(text.len())));
    }
}

/// Steps before failures are remembered, which costs memory but bounds the time. Searches of ordinary words end long
/// before, so that they pay nothing.
const CAREFREE_STEPS: usize = 1 << 14;
/// Steps at most for each byte of the text, on top of a fixed allowance.
const STEPS_PER_BYTE: usize = 1 << 12;
const FIXED_STEPS: usize = 1 << 18;
/// Steps at most, however long the text is: some seconds.
const MAX_STEPS: usize = 1 << 30;
/// Words of memory that are set to zero in the time of a step.
const WORDS_PER_STEP: usize = 4;
/// Bits to remember failures in: 32 MiB.
const MAX_MEMORY: usize = 1 << 28;
/// Choices to come back to: 96 MiB.
const MAX_JOBS: usize = 1 << 22;
/// Elements of each kind that a search leaves allocated for the next one.
const KEPT: usize = 1 << 12;

/// One search of a program in a text.
pub(super) struct Machine<'m> {
    program: &'m Program,
    sets: &'m [CharSet],
    text: &'m str,
    scratch: &'m mut Scratch,
    steps: usize,
    remembers: bool,
    /// A match may not end here: it would be the empty one that was found before.
    pub(super) forbidden_end: Option<usize>,
}

impl<'m> Machine<'m> {
    pub(super) fn new(
        program: &'m Program,
        sets: &'m [CharSet],
        text: &'m str,
        scratch: &'m mut Scratch,
    ) -> Machine<'m> {
        scratch.jobs.clear();
        scratch.jobs.shrink_to(KEPT);
        scratch.failed.clear();
        scratch.failed.shrink_to(KEPT);
        scratch.loops.clear();
        scratch.loops.resize(program.loop_slots as usize, 0);
        Machine { program, sets, text, scratch, steps: 0, remembers: false, forbidden_end: None }
    }

    /// Where the match ends that the program at `entry` finds at `at`.
    pub(super) fn run(&mut self, entry: u32, at: usize) -> Result<Option<usize>, TooSlow> {
        self.scratch.jobs.clear();
        self.run_part(entry, at, true)
    }

    fn run_part(&mut self, entry: u32, at: usize, is_whole: bool) -> Result<Option<usize>, TooSlow> {
        // What lies below belongs to the search around this one, such as the one that a look-ahead stands in.
        let base = self.scratch.jobs.len();
        self.scratch.jobs.push(Job::Try { place: entry, at });
        while self.scratch.jobs.len() > base {
            match self.scratch.jobs.pop() {
                Some(Job::Try { place, at }) => {
                    if let Some(end) = self.follow(place, at, is_whole)? {
                        // A search that succeeded is not entered again: what it left to try is dropped.
                        self.scratch.jobs.truncate(base);
                        return Ok(Some(end));
                    }
                }
                Some(Job::RestoreLoop { slot, at }) => self.scratch.loops[slot as usize] = at,
                None => break,
            }
        }
        Ok(None)
    }

    /// Runs from one place until it fails or accepts.
    fn follow(&mut self, mut place: u32, mut at: usize, is_whole: bool) -> Result<Option<usize>, TooSlow> {
        loop {
            self.count_step()?;
            place = match self.program.instructions[place as usize] {
                Instruction::Take(set) => match self.next_char(at) {
                    Some(character) if self.sets[set as usize].contains(character) => {
                        at += character.len_utf8();
                        place + 1
                    }
                    _ => return Ok(None),
                },
                // Not inside a look-around or an atomic group: there a place that was visited may have succeeded.
                Instruction::Split { .. } if is_whole && self.remembers && self.has_failed(place, at) => {
                    return Ok(None);
                }
                Instruction::Split { first, second } => {
                    self.scratch.jobs.push(Job::Try { place: second, at });
                    first
                }
                Instruction::Jump(next) => next,
                Instruction::Assert(assertion) if self.holds(assertion, at) => place + 1,
                Instruction::Assert(_) => return Ok(None),
                Instruction::Look { behind, negate, next } => {
                    if self.looks(place + 1, at, behind)? == negate {
                        return Ok(None);
                    }
                    next
                }
                Instruction::Atomic { next } => match self.run_part(place + 1, at, false)? {
                    Some(end) => {
                        at = end;
                        next
                    }
                    None => return Ok(None),
                },
                Instruction::EnterLoop { slot } => {
                    let outer = std::mem::replace(&mut self.scratch.loops[slot as usize], at);
                    self.scratch.jobs.push(Job::RestoreLoop { slot, at: outer });
                    place + 1
                }
                // Python: an iteration that takes nothing is the last one, or the loop would never end.
                Instruction::EndLoop { slot, .. } if self.scratch.loops[slot as usize] == at => place + 1,
                Instruction::EndLoop { again, .. } => again,
                Instruction::Accept if is_whole && self.forbidden_end == Some(at) => return Ok(None),
                Instruction::Accept => return Ok(Some(at)),
            };
        }
    }

    fn looks(&mut self, body: u32, at: usize, behind: u32) -> Result<bool, TooSlow> {
        let Some(from) = step_back(self.text, at, behind as usize) else { return Ok(false) };
        Ok(self.run_part(body, from, false)?.is_some())
    }

    fn next_char(&self, at: usize) -> Option<char> {
        self.text[at..].chars().next()
    }

    fn previous_char(&self, at: usize) -> Option<char> {
        self.text[..at].chars().next_back()
    }

    fn holds(&self, assertion: Assertion, at: usize) -> bool {
        match assertion {
            Assertion::Start => at == 0,
            Assertion::End => at == self.text.len(),
            Assertion::LineStart => matches!(self.previous_char(at), None | Some('\n')),
            Assertion::LineEnd => matches!(self.next_char(at), None | Some('\n')),
            Assertion::EndOrLastLineFeed => matches!(&self.text[at..], "" | "\n"),
            // An empty text has neither: so it was in Python up to 3.13.
            Assertion::WordBoundary { negate, ascii } => {
                let is_word = |character| CharSet::class(Class::Word, ascii).contains(character);
                let boundary =
                    self.previous_char(at).is_some_and(is_word) != self.next_char(at).is_some_and(is_word);
                !self.text.is_empty() && boundary != negate
            }
        }
    }

    fn count_step(&mut self) -> Result<(), TooSlow> {
        self.steps += 1;
        if self.steps == CAREFREE_STEPS {
            self.start_remembering();
        }
        if self.steps > self.scratch.steps_left || self.scratch.jobs.len() > MAX_JOBS {
            return Err(TooSlow { length: self.text.len() });
        }
        Ok(())
    }

    /// From here on no split is tried twice at one place. A loop that counts on where its iteration began makes
    /// failures depend on more than the place, and a long text needs much memory: then the steps are the bound.
    fn start_remembering(&mut self) {
        let bits = self.program.instructions.len().saturating_mul(self.text.len() + 1);
        self.remembers = self.program.loop_slots == 0 && bits <= MAX_MEMORY;
        let words = if self.remembers { bits.div_ceil(64) } else { 0 };
        self.scratch.failed.resize(words, 0);
        // The memory is paid for in steps, lest many searches of a long text each clear it anew.
        self.steps += words / WORDS_PER_STEP;
    }

    fn has_failed(&mut self, place: u32, at: usize) -> bool {
        // A bit for each pair of places, in the text and in the program. A second visit finds it set by the first, whose
        // choices have failed by then or are still to be tried.
        let bit = at * self.program.instructions.len() + place as usize;
        let (word, mask) = (&mut self.scratch.failed[bit / 64], 1 << (bit % 64));
        let failed = *word & mask != 0;
        *word |= mask;
        failed
    }
}

impl Drop for Machine<'_> {
    /// Takes the steps of this search from those of the text.
    fn drop(&mut self) {
        self.scratch.steps_left = self.scratch.steps_left.saturating_sub(self.steps);
    }
}

/// The place `count` characters before `at`.
pub(super) fn step_back(text: &str, at: usize, count: usize) -> Option<usize> {
    if count == 0 {
        return Some(at);
    }
    text[..at].char_indices().rev().nth(count - 1).map(|(index, _)| index)
}
