"""`add_constant`."""

import numpy as _np


def add_constant(data, prepend=True, has_constant="skip"):
    """The columns with a column of ones before them, unless there is a constant one already."""
    if has_constant not in ("skip", "add", "raise"):
        raise ValueError("Option {} not understood for has_constant.".format(has_constant))
    frame = hasattr(data, "iloc")
    values = _np.asarray(data.to_numpy() if frame else data)
    if values.ndim > 2:
        raise ValueError("Only implemented for 2-dimensional arrays")
    wide = values.reshape(-1, 1) if values.ndim == 1 else values
    numbers = _np.asarray(wide, float)
    constant = [j for j in range(numbers.shape[1]) if _np.ptp(numbers[:, j]) == 0 and numbers[0, j] != 0]
    if constant and has_constant != "add":
        if has_constant == "skip":
            return data if frame else wide
        names = [str(data.columns[j]) for j in constant] if frame and data.ndim == 2 else [str(j) for j in constant]
        raise ValueError(f"Column(s) {','.join(names)} are constant.")
    if frame:
        import pandas

        made = data.to_frame() if data.ndim == 1 else data.copy()
        made.insert(0 if prepend else made.shape[1], "const", 1.0)
        return made
    ones = _np.ones((len(numbers), 1))
    return _np.concatenate([ones, numbers] if prepend else [numbers, ones], axis=1)
