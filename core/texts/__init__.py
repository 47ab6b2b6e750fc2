"""One catalogue of user-visible texts for the pages and the command line, in every language that has a file.

The texts are Mozilla Fluent files beside this module, one a language; all must hold the same keys. To add a language,
add its file: `ja.ftl` is Japanese.
"""

from functools import cache
from pathlib import Path

from fluent.runtime import FluentBundle, FluentResource

DEFAULT_LANGUAGE = "ko"
_FOLDER = Path(__file__).parent
_OTHERS = sorted(path.stem for path in _FOLDER.glob("*.ftl") if path.stem != DEFAULT_LANGUAGE)
LANGUAGES = (DEFAULT_LANGUAGE, *_OTHERS)


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
    """Returns the catalogue's language for a browser locale such as `ko-KR`; English where it has no such language.

    An unknown locale (None) gives the default language.
    """
    if not locale:
        return DEFAULT_LANGUAGE
    return next((language for language in LANGUAGES if locale.lower().startswith(language)), "en")
