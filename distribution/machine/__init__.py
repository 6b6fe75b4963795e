"""What dev.py makes ready on a machine before anything else can run.

As dev.py itself: standard library only, and written for Python 3.8, so that it can still explain
itself to an interpreter that Livehouse does not support.
"""
