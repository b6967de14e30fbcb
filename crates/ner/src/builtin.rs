use ner_config::Registry;

/// Adds functions to a registry.
type Register = fn(&mut Registry);

/// The functions that configs may name, of any number of crates.
#[derive(Clone, Debug)]
pub struct Registrations {
    registers: Vec<Register>,
}

/// All functions of the workspace itself.
pub fn builtin() -> Registrations {
    let registers: [Register; 5] = [
        ner_corpus::register,
        ner_model::register,
        ner_optim::register,
        ner_pipeline::register,
        ner_training::register,
    ];
    Registrations { registers: registers.into() }
}

impl Registrations {
    /// The same, with those that `register` adds; a function of a name that was there before takes its place.
    pub fn with(mut self, register: Register) -> Registrations {
        self.registers.push(register);
        self
    }

    /// A registry of all functions.
    pub fn registry(&self) -> Registry {
        // In this order, so that what was added last takes the place of an equal name.
        let mut registry = Registry::new();
        self.registers.iter().for_each(|register| register(&mut registry));
        registry
    }
}
