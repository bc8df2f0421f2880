"""A gateway to measure: its settings in a folder of its own, its people, and its mails put in as files would be."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import batched
from pathlib import Path

