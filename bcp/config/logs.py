"""What logs must not hold."""

from __future__ import annotations

import logging
import re

_SECRET_ADDRESS = re.compile(r"(/report/)[^\s/?\"']+")


class WithoutReportingAddresses(logging.Filter):
    """Cuts the secret out of the reporting addresses of backup jobs: a refused call is logged
    with its path, and who reads logs must not be able to report."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = _SECRET_ADDRESS.sub(r"\1…", record.getMessage()), None
        return True
