"""As much of Matplotlib as draws the notebook's charts: see `matplotlib.pyplot`."""

__version__ = "3.10.0"
rcParams = {}


def use(backend, **options):
    """The page draws, whatever the backend."""


def __getattr__(name):
    if name == "pyplot":
        import matplotlib.pyplot

        return matplotlib.pyplot
    if name.startswith("_"):
        raise AttributeError(f"module 'matplotlib' has no attribute '{name}'")
    raise NotImplementedError(f"matplotlib.{name} is not here: there is matplotlib.pyplot, and df.plot")
