"""The web application: the clinic and its clients. Django lives here and nowhere else.

``project`` settings and root urls; ``ui`` how pages look; ``audit``, ``sites``, ``jobs``, ``outbox``, ``accounts`` and
``records`` what is stored and done; ``portal`` public and client pages, ``clinic`` staff pages.
"""
