"""The mocked AWS underneath: moto, boto3's session, the closed network, and the checks that moto does not make.

Adapter layer. ``moto_seam`` is the one door to moto; ``data_plane`` answers what it takes over; ``constraints`` and
``control_plane_checks`` and ``schedule_checks`` refuse what the services refuse; ``policies`` reads policy documents;
``network`` and ``session`` keep every client inside the mock.
"""
