"""Measurements of our own figures beside a peer, each as one line of JSON; never part of the tests."""
