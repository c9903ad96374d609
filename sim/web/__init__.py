"""The what-if page: levers, live ensembles, comparison, reasons, lessons.

What the page shows for a case is data (``configs/pages``); what it computes is in pure
modules; ``page.py`` alone knows Streamlit.
"""
