"""The values that the tests put into letters: those that ship with `gateway letters preview`, in Spanish."""

from gateway.files import shipped
from gateway.outbound.samples import LANGUAGES, sample, samples, values

__all__ = ["LANGUAGES", "TEMPLATES", "VALUES", "sample", "samples"]

TEMPLATES = shipped("templates") / "email"
VALUES = values("es")
