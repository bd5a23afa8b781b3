"""Mails and text messages that wait to be sent; none is lost."""
