import pytest


@pytest.fixture
def run(pytester):
    """Run a test module in a pytest of its own, and return its result."""

    def run(source, *arguments, subprocess=False):
        pytester.makepyfile(source)
        options = ("-p", "no:cacheprovider", "-p", "no:randomly", *arguments)
        return pytester.runpytest_subprocess(*options) if subprocess else pytester.runpytest_inprocess(*options)

    return run
