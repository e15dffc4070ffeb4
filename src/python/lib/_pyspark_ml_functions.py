"""`pyspark.ml.functions.predict_batch_udf`: a model's predictions as a function of columns, in batches of NumPy arrays."""

import numpy as np
import pandas as pd


def predict_batch_udf(make_predict_fn, *, return_type, batch_size, input_tensor_shapes=None):
    """A function of columns from one that gives a model's predict function, which takes batches of rows as NumPy arrays.

    make_predict_fn: a function without arguments that loads the model and gives the predict function.
    return_type: the type of a prediction, or a struct of several.
    batch_size: how many rows a batch has at most.
    input_tensor_shapes: the shape of each array column, a list, or a dict by the column's place.
    """
    from pyspark.sql.functions import pandas_udf
    from pyspark.sql.types import _parse_datatype_string

    if isinstance(return_type, str):
        return_type = _parse_datatype_string(return_type)
    made = []

    def predict(*columns):
        if not made:
            made.append(make_predict_fn())
        function = made[0]
        expected = function.__code__.co_argcount
        shapes = input_tensor_shapes
        if isinstance(shapes, dict):
            shapes = [shapes.get(index) for index in range(expected)]
        grouped = len(columns) == 1 and isinstance(columns[0], pd.DataFrame)
        frame = columns[0] if grouped else pd.concat(columns, axis=1)
        series = [frame.iloc[:, place] for place in range(len(frame.columns))]
        tensors = len(frame) > 0 and any(isinstance(one.iloc[0], (list, np.ndarray)) for one in series)
        if tensors and not shapes:
            raise ValueError("Tensor columns require input_tensor_shapes")
        parts = []
        for start in range(0, len(frame), batch_size):
            batch = [one.iloc[start : start + batch_size] for one in series]
            if len(batch) == expected and expected > 1:
                found = function(*_several(batch, shapes))
            elif expected == 1:
                found = function(_single(batch, shapes, tensors, len(columns) > 1))
            else:
                raise ValueError(f"Model expected {expected} inputs, but received {len(batch)} columns")
            parts.append(_checked(found, len(batch[0]), return_type))
        return pd.concat(parts, ignore_index=True)

    # As many arguments as columns: a function of Series, by its annotation.
    return pandas_udf(predict, return_type)


def _stacked(column, shape):
    return np.array([list(value) for value in column]).reshape([-1] + list(shape))


def _several(batch, shapes):
    inputs = [column.to_numpy() for column in batch]
    if shapes:
        if len(shapes) != len(batch):
            raise ValueError("input_tensor_shapes must match columns")
        inputs = [_stacked(column, shape) if shape else value for column, value, shape in zip(batch, inputs, shapes)]
        if not all(len(value) == len(batch[0]) for value in inputs):
            raise ValueError("Input data does not match expected shape.")
    return inputs


def _single(batch, shapes, tensors, several):
    rows = len(batch[0])
    if len(batch) > 1 and (tensors or several):
        raise ValueError("Multiple input columns found, but model expected a single input, use `array` to combine columns into tensors.")
    if tensors:
        single = np.array([list(value) for value in batch[0]])
    elif len(batch) == 1:
        single = batch[0].to_numpy()
        if shapes and shapes[0] not in (None, [], [1]):
            raise ValueError("Invalid input_tensor_shape for scalar column.")
    else:
        single = np.array([list(row) for row in zip(*batch)])
        if shapes and list(shapes[0]) != [len(batch)]:
            raise ValueError("Input data does not match expected shape.")
    if shapes:
        if len(shapes) != 1:
            raise ValueError("Multiple input_tensor_shapes found, but model expected one input")
        single = single.reshape([-1] + list(shapes[0]))
        if len(single) != rows:
            raise ValueError("Input data does not match expected shape.")
    return single


def _checked(found, rows, return_type):
    """Predictions as the rows of the result."""
    names = getattr(return_type, "names", None)
    if names is not None:
        if isinstance(found, dict):
            for name in found:
                if len(found[name]) != rows:
                    raise ValueError("Prediction results must have same length as input data.")
            columns = {name: list(found[name]) for name in found}
        elif isinstance(found, list) and (not found or isinstance(found[0], dict)):
            if len(found) != rows:
                raise ValueError("Prediction results must have same length as input data.")
            columns = {name: [row[name] for row in found] for name in (found[0] if found else names)}
        else:
            raise ValueError(
                "Prediction results for StructType must be a dictionary or a list of dictionary, got: {}".format(type(found))
            )
        if set(columns) != set(names):
            raise ValueError("Prediction result columns did not match expected return_type columns: expected {}, got: {}".format(names, list(columns)))
        return pd.DataFrame({name: columns[name] for name in names})
    if len(found) != rows:
        raise ValueError("Prediction results must have same length as input data.")
    if hasattr(return_type, "elementType"):
        if len(found.shape) != 2:
            raise ValueError("Prediction results for ArrayType must be two-dimensional.")
        return pd.Series(list(found))
    shape = getattr(found, "shape", (rows,))
    if len(shape) == 2 and shape[1] == 1:
        found = found.reshape([-1])
    elif len(shape) > 1:
        raise ValueError("Invalid shape for scalar prediction result.")
    return pd.Series(list(found))
