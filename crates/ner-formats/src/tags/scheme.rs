use std::fmt;
use std::str::FromStr;

use super::tag::Tag;

/// How tags tell the tokens of an entity: by a letter before its label.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// `I-` for all tokens, and `B-` for the first only behind an entity with the same label.
    Iob1,
    /// `B-` for the first token, `I-` for the others; also called BIO.
    Iob2,
    /// IOB2 with `L-` for the last token and `U-` for an only one; also called BILOU.
    Biluo,
    /// IOB2 with `E-` for the last token and `S-` for an only one; also called IOBES.
    Bioes,
    /// BIOES with `M-` in place of `I-`.
    Bmes,
    /// The label alone.
    Io,
}

impl Scheme {
    const ALL: [Scheme; 6] =
        [Scheme::Iob1, Scheme::Iob2, Scheme::Biluo, Scheme::Bioes, Scheme::Bmes, Scheme::Io];

    /// The name, in options.
    pub fn name(self) -> &'static str {
        match self {
            Scheme::Iob1 => "iob1",
            Scheme::Iob2 => "iob2",
            Scheme::Biluo => "biluo",
            Scheme::Bioes => "bioes",
            Scheme::Bmes => "bmes",
            Scheme::Io => "io",
        }
    }

    /// The letters of its tags.
    pub(super) fn letters(self) -> &'static str {
        match self {
            Scheme::Iob1 | Scheme::Iob2 => "BI",
            Scheme::Biluo => "BILU",
            Scheme::Bioes => "BIES",
            Scheme::Bmes => "BMES",
            Scheme::Io => "I",
        }
    }

    /// Reads a tag; `None` if the scheme has no such tag.
    pub(crate) fn tag(self, text: &str) -> Option<Tag<'_>> {
        if self == Scheme::Io {
            return Tag::parse_label(text);
        }
        let is_known = |tag: &Tag<'_>| match tag {
            Tag::Entity { letter, .. } => self.letters().contains(*letter),
            Tag::Out | Tag::Unknown => true,
        };
        Tag::parse(text).filter(is_known)
    }

    /// Whether an entity begins at `I-` where none goes on.
    pub(super) fn begins_inside(self) -> bool {
        matches!(self, Scheme::Iob1 | Scheme::Io)
    }

    /// The tags, for messages.
    pub(crate) fn expected(self) -> String {
        match self {
            Scheme::Io => "O, - or a label".to_owned(),
            _ => {
                let letters: Vec<_> =
                    self.letters().chars().map(|letter| format!("{letter}-LABEL")).collect();
                format!("O, - or {}", letters.join(", "))
            }
        }
    }
}

impl fmt::Display for Scheme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Scheme {
    type Err = String;

    fn from_str(name: &str) -> Result<Scheme, String> {
        Scheme::ALL.into_iter().find(|scheme| scheme.name() == name).ok_or_else(|| {
            let names = Scheme::ALL.map(Scheme::name).join(", ");
            format!("unknown scheme {name:?}; expected auto or one of {names}")
        })
    }
}
