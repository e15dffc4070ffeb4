"""`open`: the notebook's own files, read whole and written when they are closed."""

import _files
import io

_ENCODINGS = {"utf-8": "utf-8", "utf8": "utf-8", "ascii": "ascii", "us-ascii": "ascii", "latin-1": "latin-1", "iso-8859-1": "latin-1", "utf-8-sig": "utf-8-sig"}


def path_of(file):
    """The whole path of a file: names without a folder belong to /files."""
    if hasattr(type(file), "__fspath__"):
        file = file.__fspath__()
    if not isinstance(file, str):
        raise TypeError(f"expected str, bytes or os.PathLike object, not {type(file).__name__}")
    if file.startswith("file:"):
        file = file[5:]
    elif file.startswith("dbfs:"):
        file = file[5:]
    parts = []
    for part in (file if file.startswith("/") else "/files/" + file).split("/"):
        if part == "..":
            parts = parts[:-1]
        elif part not in ("", "."):
            parts.append(part)
    return "/" + "/".join(parts)


def missing(file):
    return FileNotFoundError(2, "No such file or directory", file)


def open(file, mode="r", buffering=-1, encoding=None, errors=None, newline=None, closefd=True, opener=None):
    if not isinstance(mode, str):
        raise TypeError(f"open() argument 'mode' must be str, not {type(mode).__name__}")
    kinds = [c for c in mode if c in "rwax"]
    if set(mode) - set("rwaxbt+") or len(set(mode)) != len(mode):
        raise ValueError(f"invalid mode: {mode!r}")
    if "b" in mode and "t" in mode:
        raise ValueError("can't have text and binary mode at once")
    if len(kinds) != 1:
        raise ValueError("must have exactly one of create/read/write/append mode")
    if "b" in mode and encoding is not None:
        raise ValueError("binary mode doesn't take an encoding argument")
    path = path_of(file)
    kind = kinds[0]
    old = b"" if kind == "w" else _files.read(path)
    if old is None and kind in "ra" and _files.is_folder(path):
        raise IsADirectoryError(21, "Is a directory", file)
    if old is None and kind == "r":
        raise missing(file)
    if old is not None and kind == "x":
        raise FileExistsError(17, "File exists", file)
    old = b"" if old is None or kind == "w" else old
    if kind != "r":
        _files.write(path, old)
    codec = (encoding or "utf-8").lower()
    if "b" not in mode and codec not in _ENCODINGS:
        raise LookupError(f"unknown encoding: {encoding}")
    made = BinaryFile if "b" in mode else TextFile
    return made(file, path, mode, kind, old, _ENCODINGS.get(codec), errors or "strict", newline)


class _File:
    def __init__(self, name, path, mode, kind, old, encoding, errors, newline):
        self.name, self.mode, self.encoding, self.errors, self.closed = name, mode, encoding, errors, False
        self._path, self._writes, self._reads, self._newline = path, kind != "r" or "+" in mode, kind == "r" or "+" in mode, newline
        self._data = self._decoded(old)
        self._at = len(self._data) if kind == "a" else 0
        self._changed = False

    def __enter__(self):
        self._check()
        return self

    def __exit__(self, *exception):
        self.close()

    def __iter__(self):
        self._check()
        return self

    def __next__(self):
        line = self.readline()
        if not line:
            raise StopIteration
        return line

    def _check(self):
        if self.closed:
            raise ValueError("I/O operation on closed file.")

    def _check_reads(self):
        self._check()
        if not self._reads:
            raise io.UnsupportedOperation("not readable" if self._is_text else "read")

    def readable(self):
        return self._reads

    def writable(self):
        return self._writes

    def seekable(self):
        return True

    def read(self, size=-1, /):
        self._check_reads()
        end = len(self._data) if size is None or size < 0 else self._at + size
        part = self._data[self._at : end]
        self._at += len(part)
        return part

    def readline(self, size=-1, /):
        self._check_reads()
        end = self._data.find("\n" if self._is_text else b"\n", self._at) + 1
        if end == 0:
            end = len(self._data)
        if size is not None and size >= 0:
            end = min(end, self._at + size)
        part = self._data[self._at : end]
        self._at = end
        return part

    def readlines(self, hint=-1, /):
        return list(self)

    def write(self, data, /):
        self._check()
        if not self._writes:
            raise io.UnsupportedOperation("not writable" if self._is_text else "write")
        if not isinstance(data, str if self._is_text else bytes):
            if self._is_text:
                raise TypeError(f"write() argument must be str, not {type(data).__name__}")
            raise TypeError(f"a bytes-like object is required, not '{type(data).__name__}'")
        if "a" in self.mode:
            self._at = len(self._data)
        if self._at == len(self._data):
            self._data += data
        else:
            self._data = self._data[: self._at] + data + self._data[self._at + len(data) :]
        self._at += len(data)
        self._changed = True
        return len(data)

    def writelines(self, lines, /):
        for line in lines:
            self.write(line)

    def seek(self, offset, whence=0, /):
        self._check()
        self._at = offset + (0, self._at, len(self._data))[whence]
        return self._at

    def tell(self):
        return self._at

    def truncate(self, size=None, /):
        self._data = self._data[: self._at if size is None else size]
        self._changed = True
        return len(self._data)

    def flush(self):
        self._check()
        if self._changed:
            _files.write(self._path, self._encoded())
            self._changed = False

    def close(self):
        if not self.closed:
            self.flush()
            self.closed = True


class TextFile(_File):
    _is_text = True

    def _decoded(self, data):
        text = data.decode("utf-8" if self.encoding == "utf-8-sig" else self.encoding, self.errors)
        text = text.removeprefix("\ufeff") if self.encoding == "utf-8-sig" else text
        return text.replace("\r\n", "\n").replace("\r", "\n") if self._newline is None else text

    def _encoded(self):
        text = self._data
        if self._newline not in (None, "", "\n"):
            text = text.replace("\n", self._newline)
        return text.encode("utf-8" if self.encoding == "utf-8-sig" else self.encoding, self.errors)

    def __repr__(self):
        return f"<_io.TextIOWrapper name={self.name!r} mode={self.mode!r} encoding={self.encoding.upper()!r}>"


class BinaryFile(_File):
    _is_text = False

    def _decoded(self, data):
        return data

    def _encoded(self):
        return self._data

    def __repr__(self):
        return f"<_io.BufferedReader name={self.name!r}>"
