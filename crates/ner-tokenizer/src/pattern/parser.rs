//! Python's `re` syntax, read by recursive descent.

use std::collections::HashMap;

use super::case;
use super::char_set::CharSet;
use super::cursor::Cursor;
use super::error::PatternError;
use super::escape::{self, Escape};
use super::flags::Flags;
use super::group::{self, Opening};
use super::set;
use super::syntax::{Assertion, Greed, Node, SetId, Sets};

/// Groups within groups at most. The text of the largest pattern that spaCy ships goes eight deep.
const MAX_DEPTH: usize = 100;

/// Reads a pattern.
pub(super) fn parse(source: &str) -> Result<(Node, Sets), PatternError> {
    let mut parser = Parser::new(source);
    group::leading_flags(&mut parser.cursor, &mut parser.flags)?;
    let node = parser.alternation()?;
    match parser.cursor.peek() {
        None => Ok((node, parser.sets)),
        Some(_) => Err(parser.cursor.error("unbalanced parenthesis")),
    }
}

struct Parser<'p> {
    cursor: Cursor<'p>,
    flags: Flags,
    depth: usize,
    sets: Sets,
    /// Bracketed sets by their text: language rules repeat their long classes hundreds of times.
    seen: HashMap<(&'p str, Flags), SetId>,
}

impl<'p> Parser<'p> {
    fn new(source: &'p str) -> Parser<'p> {
        let (sets, seen) = (Sets::default(), HashMap::new());
        Parser { cursor: Cursor::new(source), flags: Flags::default(), depth: 0, sets, seen }
    }

    fn alternation(&mut self) -> Result<Node, PatternError> {
        let mut branches = vec![self.sequence()?];
        while self.cursor.eat("|") {
            branches.push(self.sequence()?);
        }
        Ok(if branches.len() == 1 { branches.remove(0) } else { Node::Alternate(branches) })
    }

    fn sequence(&mut self) -> Result<Node, PatternError> {
        let mut parts = Vec::new();
        loop {
            if self.flags.verbose {
                self.cursor.skip_verbose();
            }
            match self.cursor.peek() {
                None | Some('|' | ')') => break,
                Some(_) => {
                    let atom = self.atom()?;
                    parts.push(self.repetition(atom)?);
                    parts.pop_if(|part| matches!(part, Node::Empty));
                }
            }
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { Node::Concat(parts) })
    }

    fn atom(&mut self) -> Result<Node, PatternError> {
        let at = self.cursor.at();
        match self.cursor.next() {
            Some('.') => Ok(self.dot()),
            Some('^') => Ok(Node::Assertion(if self.flags.multiline {
                Assertion::LineStart
            } else {
                Assertion::Start
            })),
            Some('$') if self.flags.multiline => Ok(Node::Assertion(Assertion::LineEnd)),
            Some('$') => Ok(Node::Assertion(Assertion::EndOrLastLineFeed)),
            Some('(') => self.group(),
            Some('[') => self.bracketed_set(at),
            Some('\\') => self.escape(),
            Some('*' | '+' | '?') => Err(self.cursor.error_at(at, "nothing to repeat")),
            Some(character) => Ok(self.set(CharSet::of(character))),
            None => Ok(Node::Empty),
        }
    }

    fn dot(&mut self) -> Node {
        let any = if self.flags.dot_all { CharSet::any() } else { CharSet::of('\n').complement() };
        Node::Set(self.sets.intern(any))
    }

    fn set(&mut self, set: CharSet) -> Node {
        let set = if self.flags.ignore_case { case::fold(&set, self.flags.ascii) } else { set };
        Node::Set(self.sets.intern(set))
    }

    fn bracketed_set(&mut self, at: usize) -> Result<Node, PatternError> {
        let text = set::text(&mut self.cursor, at)?;
        let key = (text, self.flags);
        if let Some(&id) = self.seen.get(&key) {
            return Ok(Node::Set(id));
        }
        let id = self.sets.intern(set::parse(text, at, self.flags)?);
        self.seen.insert(key, id);
        Ok(Node::Set(id))
    }

    fn escape(&mut self) -> Result<Node, PatternError> {
        match escape::read(&mut self.cursor, self.flags.ascii, false)? {
            Escape::Character(code) => Ok(self.set(CharSet::from_ranges([(code, code)]))),
            // Not folded: a class holds a letter in both cases or in neither.
            Escape::Set(set) => Ok(Node::Set(self.sets.intern(set))),
            Escape::Assertion(assertion) => Ok(Node::Assertion(assertion)),
        }
    }

    fn group(&mut self) -> Result<Node, PatternError> {
        self.depth += 1;
        // The parser and what walks its tree recurse, and a pattern of a stranger must not use up the stack.
        if self.depth > MAX_DEPTH {
            return Err(self.cursor.error("groups are nested too deeply"));
        }
        let outer = self.flags;
        let opening = group::open(&mut self.cursor, &mut self.flags)?;
        let node = match opening {
            Opening::Nothing => Node::Empty,
            // A group can be repeated even where its content alone cannot.
            Opening::Group => Node::Concat(vec![self.alternation()?]),
            Opening::Atomic => Node::Atomic(Box::new(self.alternation()?)),
            Opening::Look { behind, negate } => self.look(behind, negate)?,
        };
        // Flags that were set inside end with the group.
        if opening != Opening::Nothing {
            self.flags = outer;
            if !self.cursor.eat(")") {
                return Err(self.cursor.error("missing `)`"));
            }
        }
        self.depth -= 1;
        Ok(node)
    }

    fn look(&mut self, behind: bool, negate: bool) -> Result<Node, PatternError> {
        let body = Box::new(self.alternation()?);
        let (least, most) = body.width();
        if behind && most != Some(least) {
            return Err(self.cursor.error("look-behind requires a fixed width"));
        }
        Ok(Node::Look { body, behind, negate })
    }

    fn repetition(&mut self, atom: Node) -> Result<Node, PatternError> {
        let at = self.cursor.at();
        let Some((min, max)) = self.cursor.bounds()? else { return Ok(atom) };
        if matches!(atom, Node::Assertion(_) | Node::Empty) {
            return Err(self.cursor.error_at(at, "nothing to repeat"));
        }
        let greed = match self.cursor.peek() {
            Some('?') => Greed::Lazy,
            // Since Python 3.11; before, it was an error.
            Some('+') => Greed::Possessive,
            _ => Greed::Greedy,
        };
        if greed != Greed::Greedy {
            self.cursor.next();
        }
        if self.cursor.bounds()?.is_some() {
            return Err(self.cursor.error("multiple repeat"));
        }
        Ok(Node::Repeat { body: Box::new(atom), min, max, greed })
    }
}
