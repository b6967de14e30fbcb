//! The files of a package that Python runs or reads.

/// How setuptools builds the package. It reads everything from meta.json, so that this file is always the same.
pub(crate) const SETUP: &str = r#"import json
from pathlib import Path

from setuptools import setup

here = Path(__file__).resolve().parent
meta = json.loads((here / "meta.json").read_text(encoding="utf-8"))
readme = here / "README.md"
package = f"{meta['lang']}_{meta['name']}"
data = here / package / f"{package}-{meta['version']}"
files = [path for path in sorted(data.rglob("*")) if path.is_file()]

setup(
    name=package,
    version=meta["version"],
    description=" ".join(meta.get("description", "").split()),
    long_description=readme.read_text(encoding="utf-8") if readme.exists() else "",
    long_description_content_type="text/markdown",
    author=meta.get("author"),
    author_email=meta.get("email"),
    url=meta.get("url"),
    license=meta.get("license"),
    packages=[package],
    package_data={package: ["meta.json", *(str(path.relative_to(here / package)) for path in files)]},
    install_requires=meta.get("requirements", []),
    entry_points={"spacy_models": [f"{package} = {package}"]},
    zip_safe=False,
)
"#;

/// The files of a source archive beside the package.
pub(crate) const MANIFEST: &str = "include LICENSE LICENSES_SOURCES README.md meta.json\n";

/// The package itself: `load` opens the pipeline, after the modules that register its functions.
pub(crate) fn init(modules: &[&str]) -> String {
    let imports: String = modules.iter().map(|module| format!("from . import {module}\n")).collect();
    let imports = if imports.is_empty() { imports } else { format!("\n{imports}") };
    format!(
        r#"from pathlib import Path

from spacy.util import get_model_meta, load_model_from_init_py
{imports}
__version__ = get_model_meta(Path(__file__).parent)["version"]


def load(**overrides):
    """Opens the pipeline; takes the arguments of spacy.load."""
    return load_model_from_init_py(__file__, **overrides)
"#
    )
}
