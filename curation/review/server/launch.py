"""Start the review server: `python launch.py --home DIR --socket FD ...`, in Argilla's environment.

callwright is not installed there. The folder of this file is loaded as a package of its own, so
that the modules beside it can import each other.
"""

import sys
from importlib import import_module
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

PACKAGE = "callwright_review_server"


def main() -> None:
    """Load the package and run it."""
    folder = Path(__file__).resolve().parent
    spec = spec_from_file_location(
        PACKAGE, folder / "__init__.py", submodule_search_locations=[str(folder)]
    )
    assert spec is not None
    assert spec.loader is not None
    sys.modules[PACKAGE] = module_from_spec(spec)
    spec.loader.exec_module(sys.modules[PACKAGE])
    import_module(f"{PACKAGE}.running").run(sys.argv[1:])


if __name__ == "__main__":
    main()
