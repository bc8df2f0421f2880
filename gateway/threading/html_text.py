"""The readable text of an HTML mail: paragraphs, lists, tables, links, quotations by "> ". Pure."""

from gateway.threading.html_render import Rendered, Renderer


def html_to_text(html: str) -> str:
    """The text as a person reads it, without hidden parts; never raises. HTML beyond 2 MB is not read."""
    return render(html).text


def render(html: str, *, links: bool = True) -> Rendered:
    """Text and what the containers say of its lines. links: write a link's target behind its words, as "<…>"."""
    renderer = Renderer(links=links)
    renderer.feed(html)
    return renderer.rendered()
