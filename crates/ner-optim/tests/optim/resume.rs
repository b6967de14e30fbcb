//! Steps, and the same steps with a state that is saved and restored between them.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use ner_config::{Block, Kind, Registry, Table, Value};
use ner_optim::{
    Gradient, OptimError, Optimizer, ParameterKey, ParameterRole, ParameterUpdate, RowGradient,
    SavedOptimizer, Schedule,
};
use proptest::prelude::*;

/// Rows and width of the table; longer than a block, so that rows begin in its middle.
const TABLE: [usize; 2] = [9, 700];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_restored_optimizer_makes_the_same_steps_to_the_bit(
        settings in settings(),
        n_steps in 1..12_u32,
        cut in 0..12_u32,
        seed in 0..1000_u32,
    ) {
        let cut = cut.min(n_steps);
        let mut whole = Run::new(&settings, 100, seed);
        whole.steps(0..n_steps);

        let mut first = Run::new(&settings, 200, seed);
        first.steps(0..cut);
        let saved = first.optimizer.save(&first.keys());
        let mut resumed = Run { weights: first.weights, ..Run::new(&settings, 300, seed) };
        resumed.optimizer.restore(&resumed.keys(), through_text(saved)).unwrap();
        resumed.steps(cut..n_steps);

        prop_assert_eq!(whole.optimizer.learn_rate(), resumed.optimizer.learn_rate());
        prop_assert_eq!(whole.finish(), resumed.finish());
    }
}

/// The state as it comes back from a file of JSON, and arrays that keep their bits.
fn through_text(saved: SavedOptimizer) -> SavedOptimizer {
    let values = serde_json::from_str(&saved.values.to_string()).unwrap();
    SavedOptimizer { values, ..saved }
}

/// The block of an optimiser: each algorithm, with all that an update depends on.
fn settings() -> impl Strategy<Value = Block> {
    let adam = (
        prop::sample::select(vec!["Adam.v1", "RAdam.v1", "SGD.v1", "ner.Adam.v1"]),
        prop::sample::select(vec![0.0, 0.05]),
        any::<bool>(),
        any::<bool>(),
        prop::sample::select(vec![0.0, 0.5]),
        prop::sample::select(vec!["constant", "warmup", "short"]),
    );
    let adam = adam.prop_map(|(name, l2, is_decay, use_averages, grad_clip, rate)| {
        let averages: (&str, Value) = match name {
            "ner.Adam.v1" => ("average_decay", 0.9.into()),
            _ => ("use_averages", use_averages.into()),
        };
        Block::function(Kind::Optimizers, name)
            .with("L2", l2)
            .with("L2_is_weight_decay", is_decay)
            .with(averages.0, averages.1)
            .with("grad_clip", grad_clip)
            .with("learn_rate", schedule(rate).table().clone())
    });
    let grouped = (adam.clone(), adam.clone()).prop_map(|(default, own)| {
        let groups: Table = [("table".to_owned(), own.table().clone().into())].into_iter().collect();
        let block = Block::function(Kind::Optimizers, "ner.grouped.v1");
        block.with("default", default.table().clone()).with("groups", groups)
    });
    let fine_tuning = adam.clone().prop_map(|inner| {
        let block = Block::function(Kind::Optimizers, "ner.fine_tuning.v1");
        let block = block.with("optimizer", inner.table().clone());
        block.with("encoder_factor", 0.5).with("layer_decay", 0.75).with("decay_biases_and_norms", false)
    });
    prop_oneof![3 => adam, 1 => grouped, 1 => fine_tuning]
}

fn schedule(name: &str) -> Block {
    match name {
        "warmup" => Block::function(Kind::Schedules, "warmup_linear.v1")
            .with("initial_rate", 0.1)
            .with("warmup_steps", 3)
            .with("total_steps", 20),
        "short" => Block::function(Kind::Schedules, "test.short.v1"),
        _ => Block::function(Kind::Schedules, "constant.v1").with("rate", 0.01),
    }
}

/// Weights that an optimiser moves by gradients that follow from a seed.
struct Run {
    optimizer: Box<dyn Optimizer>,
    first_key: u64,
    seed: u32,
    /// A bias, a table that is looked up by rows, and a matrix that has no gradient at first.
    weights: [Vec<f32>; 3],
}

impl Run {
    fn new(settings: &Block, first_key: u64, seed: u32) -> Run {
        let weights = [3, TABLE[0] * TABLE[1], 2500].map(|len| numbers(seed, len));
        Run { optimizer: build(settings), first_key, seed, weights }
    }

    fn keys(&self) -> [ParameterKey; 3] {
        [0, 1, 2].map(|place| ParameterKey(self.first_key + place))
    }

    fn steps(&mut self, steps: std::ops::Range<u32>) {
        for step in steps {
            let seed = self.seed + 10 * step;
            let rows = [seed % 4, 4 + seed % 5].to_vec();
            let keys = self.keys();
            let [bias, table, matrix] = &mut self.weights;
            self.optimizer.apply_deferred(keys[1], table, &rows).unwrap();
            let values = numbers(seed + 1, rows.len() * TABLE[1]);
            let rows = Gradient::Rows(RowGradient { shape: TABLE, rows, values });
            let gradients = [
                Some(Gradient::All(numbers(seed + 2, bias.len()))),
                (step % 5 != 4).then_some(rows),
                (step % 3 == 2).then(|| Gradient::All(numbers(seed + 3, matrix.len()))),
            ];
            let parameters = keys.into_iter().zip(["bias", "table", "matrix"]).zip([bias, table, matrix]);
            let updates = parameters.zip(gradients).map(|(((key, group), weights), gradient)| {
                ParameterUpdate::new(key, group, weights, gradient)
            });
            let roles = [ParameterRole { layers_above: Some(2), is_bias_or_norm: true }; 2];
            let roles = roles.into_iter().chain([ParameterRole::default()]);
            let updates = updates.zip(roles).map(|(update, role)| ParameterUpdate { role, ..update });
            self.optimizer.update_all(updates.collect()).unwrap();
            self.optimizer.step_schedules();
        }
    }

    /// The bits of all weights and averages, up to date.
    fn finish(mut self) -> Vec<Vec<u32>> {
        let bits = |values: &[f32]| values.iter().map(|value| value.to_bits()).collect();
        let mut found = Vec::new();
        for (key, mut weights) in self.keys().into_iter().zip(std::mem::take(&mut self.weights)) {
            self.optimizer.apply_all_deferred(key, &mut weights).unwrap();
            found.push(bits(&weights));
            found.extend(self.optimizer.averages(key).map(bits));
        }
        found
    }
}

/// Numbers between -1 and 1 that follow from a seed.
fn numbers(seed: u32, len: usize) -> Vec<f32> {
    let mix = |index: u32| (index ^ seed.wrapping_mul(0x9e37_79b9)).wrapping_mul(0x85eb_ca6b) >> 8;
    (0..len as u32).map(|index| mix(index) as f32 / (1 << 23) as f32 - 1.0).collect()
}

fn build(settings: &Block) -> Box<dyn Optimizer> {
    let mut registry = Registry::new();
    ner_optim::register(&mut registry);
    let short = |_: NoArguments, _: &ner_config::Builder| Ok(Schedule::new([0.3, 0.2, 0.1]));
    registry.add(Kind::Schedules, "test.short.v1", short);
    registry.build(Kind::Optimizers, settings).unwrap()
}

/// The arguments of the schedule above.
#[derive(serde::Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
struct NoArguments {}

#[test]
fn a_state_that_does_not_fit_is_an_error_that_names_the_place() {
    let adam = Block::function(Kind::Optimizers, "Adam.v1");
    let sgd = Block::function(Kind::Optimizers, "SGD.v1").with("learn_rate", 0.1);
    let short = adam.clone().with("learn_rate", schedule("short").table().clone());
    let without = adam.clone().with("use_averages", false);
    let mut run = Run::new(&adam, 0, 1);
    run.steps(0..4);
    let saved = run.optimizer.save(&run.keys());
    let restore = |settings: &Block, n_keys: usize, change: &dyn Fn(&mut SavedOptimizer)| {
        let mut saved = saved.clone();
        change(&mut saved);
        match build(settings).restore(&run.keys()[..n_keys], saved) {
            Err(OptimError::State { place, problem }) => format!("{place}: {problem}"),
            result => format!("{result:?}"),
        }
    };
    assert_eq!(restore(&adam, 3, &|_| {}), "Ok(())");
    assert_eq!(restore(&sgd, 3, &|_| {}), "optimizer: found \"Adam\", expected \"SGD\"");
    assert_eq!(
        restore(&adam, 3, &|saved| saved.version = 9),
        "version: found 9, expected 1, which this program writes"
    );
    assert_eq!(restore(&adam, 2, &|_| {}), "parameters: found 3, expected 2");
    assert_eq!(
        restore(&adam, 3, &|saved| drop(saved.arrays.remove("parameters.0.first"))),
        "parameters.0.first: missing, expected 3 numbers"
    );
    assert_eq!(
        restore(&adam, 3, &|saved| saved.arrays.get_mut("parameters.0.averages").unwrap().push(0.0)),
        "parameters.0.averages: found 4 numbers, expected 3"
    );
    assert_eq!(
        restore(&adam, 3, &|saved| drop(saved.arrays.insert("more".to_owned(), vec![]))),
        "more: unexpected"
    );
    assert_eq!(
        restore(&adam, 3, &|saved| saved.values["parameters"][1]["deferred"]["n_applied"][0] = 99.into()),
        "parameters.1.deferred: not one of a table with 6300 weights"
    );
    assert_eq!(
        restore(&adam, 3, &|saved| drop(saved.values.as_object_mut().unwrap().remove("schedules"))),
        "values: missing field `schedules`"
    );
    assert_eq!(
        restore(&short, 3, &|_| {}),
        "schedules.learn_rate: the schedule has given 3 values, expected 5: it ended, or is past that place"
    );
    assert_eq!(restore(&without, 3, &|_| {}), "parameters.0.has_averages: found true, expected false");
}

#[test]
fn an_error_in_the_state_of_a_group_names_the_group() {
    let sgd = Block::function(Kind::Optimizers, "SGD.v1").with("learn_rate", 0.1);
    let grouped = |name: &str| {
        let groups: Table = [(name.to_owned(), sgd.table().clone().into())].into_iter().collect();
        let block = Block::function(Kind::Optimizers, "ner.grouped.v1");
        block.with("default", sgd.table().clone()).with("groups", groups)
    };
    let mut run = Run::new(&grouped("table"), 0, 1);
    run.steps(0..4);
    let saved = run.optimizer.save(&run.keys());
    let error = build(&grouped("other")).restore(&run.keys(), saved.clone()).unwrap_err();
    assert_eq!(error.to_string(), "state of the optimiser, groups: found [table], expected [other]");
    let mut saved = saved;
    saved.arrays.remove("members.1.parameters.1.averages");
    let error = build(&grouped("table")).restore(&run.keys(), saved).unwrap_err();
    let place = "groups.table: parameters.1.averages";
    assert_eq!(
        error,
        OptimError::State { place: place.to_owned(), problem: "missing, expected 6300 numbers".to_owned() }
    );
}
