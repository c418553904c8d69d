"""Lambda functions in process: handlers, contexts, environments and invocations.

Adapter layer. ``handlers`` finds what to run, ``registry`` keeps it as a ``function``, and ``runtime`` runs it, with a
``context``, the ``environment`` and its ``output`` kept.
"""
