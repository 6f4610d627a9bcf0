"""Runs one command of a Terraform core that was built as a shared library: core.py LIBRARY ARGUMENT...

The library's entry takes the arguments and two file descriptors, and returns the exit code. One process per command,
so that a core cannot carry anything over from one command to the next.
"""

import ctypes
import os
import sys


def main():
    library, arguments = sys.argv[1], [os.fsencode(argument) for argument in sys.argv[2:]]
    entry = ctypes.CDLL(library).RunCli
    entry.argtypes = [ctypes.c_int64, ctypes.POINTER(ctypes.c_char_p), ctypes.c_int64, ctypes.c_int64]
    entry.restype = ctypes.c_int64
    array = (ctypes.c_char_p * len(arguments))(*arguments)
    # The core closes what it is given; duplicates leave our own descriptors alone.
    code = entry(len(arguments), array, os.dup(1), os.dup(2))
    # Threads of the library may still run: leave without waiting for them.
    os._exit(code & 0xFF)


main()
