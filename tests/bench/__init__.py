"""How fast money is dealt with: ``make bench``. Nothing here fails because a machine is slow; figures are printed.

The shop runs as in ``make run`` (gunicorn with two processes of four threads, a worker), the callers in processes of
their own. Work without a web server is measured in a process that has loaded the shop.
"""
