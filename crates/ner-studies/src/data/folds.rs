use std::collections::{BTreeMap, BTreeSet};

use ner_cpython::PythonRandom;

use crate::StudyError;

/// Documents that stay together, and what they hold.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Item {
    /// The numbers of the documents.
    pub(crate) documents: Vec<usize>,
    /// Entities of each label.
    pub(crate) labels: BTreeMap<String, usize>,
}

/// Deals items out to `k` folds, so that each fold gets as nearly as possible its share of the entities of each label and of
/// the documents. Returns the fold of each item.
///
/// Iterative stratification: the label that the fewest items still have is dealt out first, since it is the hardest to share,
/// each item to the fold that lacks most of it. K. Sechidis, G. Tsoumakas, I. Vlahavas, On the Stratification of Multi-Label
/// Data, ECML PKDD 2011. Counted are entities in place of items, since these are what is scored.
///
/// # Errors
/// If there are fewer items than folds, or a label would be missing in what a fold leaves to learn from.
pub(crate) fn folds(items: &[Item], k: usize, seed: u64) -> Result<Vec<usize>, StudyError> {
    check(items, k)?;
    let mut stuck = Vec::new();
    for attempt in 0..N_ATTEMPTS {
        let fold_of = deal(items, k, seed.wrapping_add(attempt));
        stuck = in_one_fold(items, &fold_of);
        if stuck.is_empty() {
            return Ok(fold_of);
        }
    }
    Err(StudyError::Folds(format!(
        "all documents with an entity of {} fall into one fold, so the run that is scored on it would learn nothing of it; \
         take fewer folds with -k, or group documents less",
        stuck.join(", ")
    )))
}

/// Deals that are tried: what was dealt out for another label may put all items of a rare one into one fold.
const N_ATTEMPTS: u64 = 100;

fn deal(items: &[Item], k: usize, seed: u64) -> Vec<usize> {
    let mut random = PythonRandom::new(seed);
    let mut order: Vec<usize> = (0..items.len()).collect();
    random.shuffle(&mut order);
    // Large items first, while there is room for them; a stable sort keeps the drawn order of equals.
    order.sort_by_key(|&index| std::cmp::Reverse(items[index].documents.len()));
    let mut dealer = Dealer::new(items, k);
    while let Some(label) = dealer.rarest_label() {
        let holders: Vec<usize> = order
            .iter()
            .copied()
            .filter(|&index| dealer.is_open(index) && items[index].labels.contains_key(&label))
            .collect();
        holders.into_iter().for_each(|index| dealer.deal(index, Some(&label)));
    }
    let rest: Vec<usize> = order.into_iter().filter(|&index| dealer.is_open(index)).collect();
    rest.into_iter().for_each(|index| dealer.deal(index, None));
    dealer.fold_of.into_iter().flatten().collect()
}

fn check(items: &[Item], k: usize) -> Result<(), StudyError> {
    if items.len() < k {
        return Err(StudyError::Folds(format!(
            "{k} folds of {} documents or groups: one would be empty; give more data, or take fewer folds with -k",
            items.len()
        )));
    }
    let lonely: Vec<&String> =
        labels(items).into_iter().filter(|(_, n_items)| *n_items < 2).map(|(label, _)| label).collect();
    if lonely.is_empty() {
        return Ok(());
    }
    let names = lonely.iter().map(|label| label.as_str()).collect::<Vec<_>>().join(", ");
    Err(StudyError::Folds(format!(
        "only one document or group has an entity of {names}: the run that is scored on it would learn nothing of the label. \
         Give more documents with it, group them less, or drop the label with label_map in the block of the corpus"
    )))
}

/// The number of items that have each label.
pub(crate) fn labels(items: &[Item]) -> BTreeMap<&String, usize> {
    let mut labels = BTreeMap::new();
    items.iter().flat_map(|item| item.labels.keys()).for_each(|label| *labels.entry(label).or_default() += 1);
    labels
}

/// The labels that all items of one fold have, and no others.
fn in_one_fold(items: &[Item], fold_of: &[usize]) -> Vec<String> {
    let mut folds: BTreeMap<&str, BTreeSet<usize>> = BTreeMap::new();
    for (item, fold) in items.iter().zip(fold_of) {
        item.labels.keys().for_each(|label| _ = folds.entry(label).or_default().insert(*fold));
    }
    folds.into_iter().filter(|(_, folds)| folds.len() < 2).map(|(label, _)| label.to_owned()).collect()
}

struct Dealer<'a> {
    items: &'a [Item],
    fold_of: Vec<Option<usize>>,
    /// Entities of each label that each fold still lacks; below 0 it has too many.
    lacks: Vec<BTreeMap<&'a str, f64>>,
    /// Documents that each fold still lacks.
    lacks_documents: Vec<f64>,
    /// Items that are still to be dealt out, by label.
    open: BTreeMap<&'a str, usize>,
}

impl<'a> Dealer<'a> {
    fn new(items: &'a [Item], k: usize) -> Dealer<'a> {
        let mut share: BTreeMap<&str, f64> = BTreeMap::new();
        for (label, count) in items.iter().flat_map(|item| &item.labels) {
            *share.entry(label).or_default() += *count as f64 / k as f64;
        }
        let n_documents: usize = items.iter().map(|item| item.documents.len()).sum();
        let open = labels(items).into_iter().map(|(label, n_items)| (label.as_str(), n_items)).collect();
        Dealer {
            items,
            fold_of: vec![None; items.len()],
            lacks: vec![share; k],
            lacks_documents: vec![n_documents as f64 / k as f64; k],
            open,
        }
    }

    fn is_open(&self, index: usize) -> bool {
        self.fold_of[index].is_none()
    }

    /// The label that the fewest open items have.
    fn rarest_label(&self) -> Option<String> {
        let open = self.open.iter().filter(|(_, n_items)| **n_items > 0);
        open.min_by_key(|(_, n_items)| **n_items).map(|(label, _)| (*label).to_owned())
    }

    /// Gives an item to the fold that lacks most of a label, of these to the one that lacks most documents.
    fn deal(&mut self, index: usize, label: Option<&str>) {
        let key = |fold: &usize| {
            let of_label = label.map_or(0.0, |label| self.lacks[*fold][label]);
            (of_label, self.lacks_documents[*fold])
        };
        // Of equals the first.
        let fold = (0..self.lacks.len())
            .reduce(|best, fold| if key(&fold) > key(&best) { fold } else { best })
            .unwrap_or(0);
        let items = self.items;
        for (label, count) in &items[index].labels {
            *self.lacks[fold].entry(label).or_default() -= *count as f64;
            *self.open.entry(label).or_default() -= 1;
        }
        self.lacks_documents[fold] -= items[index].documents.len() as f64;
        self.fold_of[index] = Some(fold);
    }
}

/// The labels that a fold lacks, by fold.
pub(crate) fn missing(items: &[Item], fold_of: &[usize], k: usize) -> Vec<BTreeSet<String>> {
    let all: BTreeSet<String> = labels(items).into_keys().cloned().collect();
    let held = |fold: usize| -> BTreeSet<String> {
        let items = items.iter().zip(fold_of).filter(|(_, of)| **of == fold);
        items.flat_map(|(item, _)| item.labels.keys().cloned()).collect()
    };
    (0..k).map(|fold| all.difference(&held(fold)).cloned().collect()).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn item(number: usize, labels: &[(&str, usize)]) -> Item {
        let labels = labels.iter().map(|(label, count)| ((*label).to_owned(), *count)).collect();
        Item { documents: vec![number], labels }
    }

    #[test]
    fn each_fold_gets_its_share_of_a_rare_label() {
        // Five of a hundred documents have it, beside a frequent one.
        let label =
            |number: usize| if number.is_multiple_of(20) { vec![("A", 1), ("B", 1)] } else { vec![("A", 2)] };
        let items: Vec<Item> = (0..100).map(|number| item(number, &label(number))).collect();
        let fold_of = folds(&items, 5, 0).unwrap_or_default();
        assert!(missing(&items, &fold_of, 5).iter().all(BTreeSet::is_empty));
        let sizes: Vec<usize> = (0..5).map(|fold| fold_of.iter().filter(|of| **of == fold).count()).collect();
        assert_eq!(sizes, [20; 5]);
        assert_eq!(fold_of, folds(&items, 5, 0).unwrap_or_default());
        assert_ne!(fold_of, folds(&items, 5, 1).unwrap_or_default());
    }

    #[test]
    fn what_could_not_be_learned_is_refused() {
        let items = [item(0, &[("A", 1)]), item(1, &[("A", 1)]), item(2, &[("A", 1), ("B", 3)])];
        let error = folds(&items, 2, 0).map_err(|error| error.to_string());
        assert!(error.as_ref().is_err_and(|error| error.contains("an entity of B")), "{error:?}");
        let error = folds(&items[..1], 2, 0).map_err(|error| error.to_string());
        assert!(error.as_ref().is_err_and(|error| error.contains("-k")), "{error:?}");
    }

    proptest! {
        #[test]
        fn a_label_of_two_items_is_in_two_folds(
            counts in prop::collection::vec(prop::collection::vec(0_usize..3, 3), 4..40),
            k in 2_usize..5,
        ) {
            let items: Vec<Item> = counts.iter().enumerate().map(|(number, counts)| {
                let labels = ["A", "B", "C"].into_iter().zip(counts.iter().copied()).filter(|(_, count)| *count > 0);
                item(number, &labels.collect::<Vec<_>>())
            }).collect();
            if let Ok(fold_of) = folds(&items, k, 0) {
                prop_assert_eq!(fold_of.len(), items.len());
                for label in labels(&items).into_keys() {
                    let of: BTreeSet<usize> = items.iter().zip(&fold_of)
                        .filter(|(item, _)| item.labels.contains_key(label)).map(|(_, fold)| *fold).collect();
                    prop_assert!(of.len() >= 2, "{label} is in {of:?} alone");
                }
            }
        }
    }
}
