use ner_transitions::{Action, ActionId, Actions, Move};
use ner_vocab::StringId;

/// What the actions of a tutor are among those of the recogniser that learns, by move and label, since each numbers them
/// in its own way.
pub(super) struct Images {
    /// By the number of the tutor's action.
    images: Vec<Option<Image>>,
    /// By the number of the recogniser's action: whether it is the image of none.
    pub(super) is_unknown: Vec<bool>,
}

/// The image of an action.
#[derive(Clone, Copy)]
pub(super) struct Image {
    pub(super) action: ActionId,
    /// The tutor's action can be taken in the states in which this one can.
    pub(super) valid_with: ActionId,
}

impl Images {
    /// Those of a tutor that has the first of the recogniser's actions, as it was before it got others.
    pub(super) fn of_first(n_known: usize, n_actions: usize) -> Images {
        let numbers = (0..n_known as u32).map(ActionId);
        Images {
            images: numbers.map(|action| Some(Image { action, valid_with: action })).collect(),
            is_unknown: (0..n_actions).map(|number| number >= n_known).collect(),
        }
    }

    /// Those of another recogniser, whose labels are called here what `name_of` says; where it is empty, entities of
    /// the label are outside.
    pub(super) fn new<'a>(
        theirs: &'a Actions,
        own: &Actions,
        name_of: impl Fn(&'a str) -> &'a str,
    ) -> Images {
        let images = theirs.iter().map(|(_, action)| {
            let (action_move, label) = action.parts();
            if action == Action::Out || action == Action::Blocked {
                return image(own.find(action)?);
            }
            match name_of(theirs.label(label)) {
                "" => outside(own, action_move),
                name => image(own.find(Action::new(action_move, own.label_id(StringId::of(name)))?)?),
            }
        });
        let images: Vec<Option<Image>> = images.collect();
        let mut is_unknown = vec![true; own.len()];
        images.iter().flatten().for_each(|image| is_unknown[image.action.index()] = false);
        Images { images, is_unknown }
    }

    /// The image of an action; `None` if the recogniser never gets into a state in which a tutor could take it.
    pub(super) fn of(&self, action: ActionId) -> Option<Image> {
        self.images[action.index()]
    }
}

fn image(action: ActionId) -> Option<Image> {
    Some(Image { action, valid_with: action })
}

/// The image of an action for a label whose entities are outside: to open one is to stay outside. None is open ever.
fn outside(own: &Actions, action_move: Move) -> Option<Image> {
    let opens = matches!(action_move, Move::Begin | Move::Unit);
    let alike = own.iter().find(|(_, action)| action.parts().0 == action_move && *action != Action::Blocked);
    let (valid_with, _) = alike.filter(|_| opens)?;
    Some(Image { action: own.find(Action::Out)?, valid_with })
}

#[cfg(test)]
mod tests {
    use ner_transitions::LabelFrequencies;

    use super::*;

    fn actions(labels: &[&str]) -> Actions {
        let counts = labels.iter().rev().zip(1..).map(|(label, count)| (label.to_string(), count));
        Actions::new(&LabelFrequencies::from_counts(counts))
    }

    #[test]
    fn actions_are_found_by_name() {
        let (theirs, own) = (actions(&["CITY", "ANIMAL", "LAND"]), actions(&["NEW", "PLACE"]));
        let name_of = |label: &str| if label == "ANIMAL" { "" } else { "PLACE" };
        let images = Images::new(&theirs, &own, |label| name_of(label));
        let found: Vec<String> = theirs
            .iter()
            .map(|(id, _)| {
                let image =
                    images.of(id).map(|image| [image.action, image.valid_with].map(|id| own.name(id)));
                format!(
                    "{} > {}",
                    theirs.name(id),
                    image.map_or_else(String::new, |image| image.join(" as "))
                )
            })
            .collect();
        for expected in [
            "O > O as O",
            "U- > U- as U-",
            "B-CITY > B-PLACE as B-PLACE",
            "I-LAND > I-PLACE as I-PLACE",
            "B-ANIMAL > O as B-NEW",
            "U-ANIMAL > O as U-NEW",
            "I-ANIMAL > ",
            "L-ANIMAL > ",
        ] {
            assert!(found.iter().any(|line| line == expected), "{expected}: {found:?}");
        }
        let unknown = own.iter().filter(|(id, _)| images.is_unknown[id.index()]);
        let unknown: Vec<String> = unknown.map(|(id, _)| own.name(id)).collect();
        assert_eq!(unknown, ["B-NEW", "I-NEW", "L-NEW", "U-NEW"]);
    }
}
