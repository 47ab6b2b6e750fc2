"""The dashboard: page settings, language, navigation. Run it with `streamlit run dashboard.py`."""

import streamlit as st

from pages.parts.shared import frame, language, run_picker, url

# An emoji, as Streamlit would fetch any other icon of a browser tab from the network.
st.set_page_config(page_title="AnswerDiff", page_icon="🔀", layout="wide")
page = st.navigation(frame.pages())
url.arrive(page.url_path)
language.choose()
run_picker.remember()
frame.mark()
page.run()
