"""One catalogue of user-visible texts, Korean and English, for the pages and the command line.

The texts are Mozilla Fluent files beside this module, one per language; both must hold the same keys.
"""

from functools import cache
from pathlib import Path

from fluent.runtime import FluentBundle, FluentResource

LANGUAGES = ("ko", "en")
DEFAULT_LANGUAGE = "ko"
_FOLDER = Path(__file__).parent


@cache
def _bundle(language: str) -> FluentBundle:
    if language not in LANGUAGES:
        raise ValueError(f"no texts in language {language!r}; there are {', '.join(LANGUAGES)}")
    bundle = FluentBundle([language], use_isolating=False)
    bundle.add_resource(FluentResource((_FOLDER / f"{language}.ftl").read_text(encoding="utf-8")))
    return bundle


def text(key: str, language: str = DEFAULT_LANGUAGE, **values: str | int | float) -> str:
    """Returns the text of `key` in `language`, with `values` put into its placeables.

    Raises:
        KeyError: the catalogue has no such key in this language.
        ValueError: an unknown language, or a placeable without a value.
    """
    bundle = _bundle(language)
    message = bundle.get_message(key)
    pattern = message.value
    if pattern is None:
        raise KeyError(key)
    formatted, errors = bundle.format_pattern(pattern, values)
    if errors:
        raise ValueError(f"text {key!r} in {language}: {errors}")
    return str(formatted)


def language_of(locale: str | None) -> str:
    """Returns the catalogue's language for a browser locale such as `ko-KR`; English for any other than Korean.

    An unknown locale (None) gives the default language.
    """
    if not locale:
        return DEFAULT_LANGUAGE
    return "ko" if locale.lower().startswith("ko") else "en"
