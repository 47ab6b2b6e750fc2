"""The button that downloads a dataset whose text is missing: progress, checksum, and kind words without a network."""

import streamlit as st

from core.data import catalogue
from core.data.formats import DatasetError
from pages.parts.shared.format import markdown
from pages.parts.shared.language import t

_MEGABYTE = 1e6


def button(name: str) -> None:
    """Draws the button; a press downloads the dataset, and the page is drawn again with its text.

    Draws nothing where there is nothing to download: a dataset without a name, or one that is here.

    Args:
        name: of `core.data.catalogue.DATASETS`; a part of a file downloads the whole file.
    """
    source = catalogue.DATASETS.get(name)
    if source is None or not source.url or name in catalogue.available():
        return
    label = t("dashboard-fetch", dataset=markdown(name))
    pressed = st.button(label, key=f"fetch-{name}", icon=":material/download:", help=t("dashboard-fetch-help"))
    st.caption(f"{markdown(source.attribution)} · {markdown(source.licence)}")
    if not pressed:
        return
    bar = st.progress(0.0, t("dashboard-fetch-begins"))

    def show(done: int, announced: int) -> None:
        share = min(done / announced, 1.0) if announced else 0.0
        bar.progress(share, t("dashboard-fetch-progress", megabytes=f"{done / _MEGABYTE:.1f}"))

    try:
        catalogue.fetch(name, show)
    except DatasetError as error:
        bar.empty()
        with st.container(border=True, key=f"fetch-failed-{name}"):
            st.markdown(f"**:material/cloud_off: {t('dashboard-fetch-failed')}**")
            where = {
                "url": f"[{markdown(source.url)}]({source.url})",
                "folder": markdown(str(catalogue.cache_folder())),
            }
            st.markdown(t("dashboard-fetch-failed-why", **where))
            st.caption(markdown(str(error)))
        return
    st.toast(t("dashboard-fetch-done", dataset=markdown(name)), icon=":material/verified:")
    st.rerun()
