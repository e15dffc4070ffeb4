"""Copies and removals of the notebook's own files."""

import os as _os

import _files
from _open import missing as _missing
from _open import path_of as _path_of


def copyfile(src, dst):
    data = _files.read(_path_of(src))
    if data is None:
        raise _missing(src)
    _files.write(_path_of(dst), data)
    return dst


def copy(src, dst):
    if _os.path.isdir(dst):
        dst = _os.path.join(dst, _os.path.basename(src))
    return copyfile(src, dst)


copy2 = copy


def move(src, dst):
    copy(src, dst)
    _os.remove(src)
    return dst


def rmtree(path, ignore_errors=False, onerror=None):
    if not _os.path.isdir(path):
        if ignore_errors:
            return
        raise _missing(path)
    for folder, _, files in list(_os.walk(path, topdown=False)):
        for file in files:
            _os.remove(_os.path.join(folder, file))
        _os._folders.discard(_path_of(folder))
