"""The one door to moto: nothing outside this package touches moto's internals.

Adapter layer. moto is our AWS and keeps all state: buses, rules, targets, queues, tables. ``mock`` starts it;
``interception`` takes its data plane over (PutEvents, TestEventPattern, invoking functions), which moto has only in
part, and puts the checks that the service makes in front of its control plane; ``control_plane`` and ``resources`` read
what it keeps; ``buckets`` tells what happens to S3's objects; the others are shortcuts and mends for single services.
Everything touched here has a test in ``tests/moto_contract`` that says so when moto changes it.

Why classes are patched and not requests: the same seam then sees every caller (clients made before the mock, other
Regions and accounts, state machines, a server for other languages), and it has been stable since moto 5.0.
"""
