"""The page in a real browser, served by its own command, with every other address blocked."""

import os
import re
import signal
import socket
import statistics
import subprocess
import sys
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor

import pytest

from sim.case.load import load_case
from sim.runs.simulate import simulate

expect = pytest.importorskip("playwright.sync_api").expect
pytestmark = pytest.mark.slow

PATIENCE = 60_000  # ms
DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
SMALL = "members=32&end=2022"


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    words = [sys.executable, "-m", "sim.cli", "app", "--port", str(port)]
    home = str(tmp_path_factory.mktemp("cache"))
    server = subprocess.Popen(
        words, env=os.environ | {"XDG_CACHE_HOME": home}, stdout=subprocess.PIPE, text=True
    )
    try:
        assert f"http://127.0.0.1:{port}" in server.stdout.readline()
        _wait_for(port)
        yield f"http://127.0.0.1:{port}/"
    finally:
        server.send_signal(signal.SIGTERM)
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.kill()


def _wait_for(port):
    for _ in range(300):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    pytest.fail("the server does not answer")


@pytest.fixture
def visit(browser, address):
    contexts, strangers = [], []

    def guard(route):
        if route.request.url.startswith((address, "data:", "blob:")):
            route.continue_()
        else:
            strangers.append(route.request.url)
            route.abort()

    def go(query=SMALL, viewport=DESKTOP):
        context = browser.new_context(viewport=viewport, accept_downloads=True)
        contexts.append(context)
        context.route("**/*", guard)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.goto(f"{address}?{query}")
        expect(headline(page)).to_be_visible(timeout=PATIENCE)
        return page

    yield go
    for context in contexts:
        context.close()
    assert strangers == []


def headline(page):
    return page.get_by_test_id("stAlert").filter(has_text="Revenue, bn CNY")


def button(page, name):
    return page.get_by_role("button", name=re.compile(name))


def section(page, name):
    either = page.get_by_role("radio", name=name).or_(button(page, f"^{name}$"))
    either.first.click()


def open_group(page, name):
    page.get_by_test_id("stExpander").filter(has_text=name).locator("summary").click()


def test_a_lever_moved_by_keyboard_moves_the_band_and_the_address(visit):
    page = visit()
    expect(page.locator("canvas, svg.marks").first).to_be_visible(timeout=PATIENCE)
    open_group(page, "The product rules of 2020")
    thumb = page.get_by_role("slider", name="Grace for work in progress")
    thumb.focus()
    page.keyboard.press("Home")
    expect(headline(page)).to_contain_text("2021 falls to", timeout=PATIENCE)
    page.wait_for_url(re.compile("product_rule_grace=0"))


def test_a_link_restores_the_page_after_a_reload(visit):
    page = visit(f"{SMALL}&product_rule_grace=0&pin=preset%3Dno-stockpile")
    before = headline(page).text_content()
    assert "A, pinned" in before
    page.reload()
    expect(headline(page)).to_have_text(before, timeout=PATIENCE)


def test_a_run_is_pinned_and_compared_with(visit):
    page = visit(f"{SMALL}&product_rule_grace=0")
    button(page, "Pin this as A").click()
    button(page, "Reset all levers").click()
    expect(headline(page)).to_contain_text("2021 rises to", timeout=PATIENCE)
    expect(headline(page)).to_contain_text("A, pinned")
    page.get_by_text("Difference", exact=True).click()
    expect(page.locator("canvas, svg.marks").first).to_be_visible(timeout=PATIENCE)


def test_a_lesson_asks_first_and_shows_after(visit):
    page = visit()
    section(page, "Lessons")
    button(page, "Start this lesson").first.click()
    expect(page.get_by_text("Predict first.")).to_be_visible()
    expect(headline(page)).to_have_count(0)
    button(page, "Show what happens").click()
    expect(page.get_by_text("To debate")).to_be_visible()
    expect(headline(page)).to_be_visible(timeout=PATIENCE)


def test_the_downloaded_scenario_gives_the_numbers_of_the_downloaded_table(visit, tmp_path):
    import pandas as pd

    page = visit(f"{SMALL}&product_rule_grace=0&detection=3")
    section(page, "Take away")
    for name in ("Scenario", "Bands of all charts"):
        with page.expect_download() as download:
            button(page, name).click()
        download.value.save_as(tmp_path / download.value.suggested_filename)
    run = simulate(load_case(tmp_path / "what-if.yaml"), 32, 1).annual()
    mine = pd.read_csv(tmp_path / "what-if.csv").query("labels == 'segment=total'")
    theirs = run[(run["outcome"] == "revenue") & (run["labels"] == "segment=total")]
    assert len(mine) == 5
    assert mine["q50"].to_numpy() == pytest.approx(theirs["q50"].to_numpy(), rel=1e-5)


def test_a_maker_that_is_clicked_shows_its_series_and_the_network_plays(visit):
    page = visit()
    section(page, "Network")
    maker = page.locator("svg.marks text").filter(has_text="CXMT and YMTC").first
    maker.click()
    chosen = page.get_by_role("combobox", name="Chips from")
    expect(chosen).to_have_value("CXMT and YMTC", timeout=PATIENCE)
    month = page.get_by_role("slider", name="Month")
    before = month.get_attribute("aria-valuetext")
    button(page, "Play").click()
    expect(month).not_to_have_attribute("aria-valuetext", before, timeout=PATIENCE)
    button(page, "Pause").click()
    expect(button(page, "Play")).to_be_visible(timeout=PATIENCE)


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("name", ["Chips and products", "Network", "Why"])
def test_no_name_in_a_legend_is_cut_off(visit, name, viewport):
    page = visit("members=32&end=2026&product_rule_grace=0", viewport)
    section(page, name)
    names = page.locator("svg.marks .role-legend-label text")
    expect(names.first).to_be_visible(timeout=PATIENCE)
    page.wait_for_timeout(3000)  # charts are fitted to the window once they are drawn
    outside = names.evaluate_all(
        "texts => texts.filter(text => text.getBoundingClientRect().right"
        " > text.closest('svg').getBoundingClientRect().right + 1).map(text => text.textContent)"
    )
    assert outside == []


def test_a_report_is_made_when_it_is_asked_for_and_needs_no_network(visit, tmp_path):
    page = visit("members=32&end=2021&product_rule_grace=0")
    section(page, "Take away")
    button(page, "Make report and figures").click()
    for name in ("Report", "Figures"):
        with page.expect_download() as download:
            button(page, rf"^{name} \(").click()
        download.value.save_as(tmp_path / download.value.suggested_filename)
    names = zipfile.ZipFile(tmp_path / "what-if-figures.zip").namelist()
    assert {"revenue.svg", "phones.svg", "timeline.svg"} <= set(names)
    text = (tmp_path / "what-if-report.html").read_text()
    assert "chokepoint run what-if.yaml --members 32 --seed 1" in text
    assert "A what-if from the page" in text
    assert "<script src" not in text
    assert "/chokepoint-" not in text  # no path of this machine


def test_a_phone_shows_the_page_without_scrolling_sideways(visit):
    page = visit(viewport=PHONE)
    expect(page.locator("canvas, svg.marks").first).to_be_visible(timeout=PATIENCE)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_a_hostile_link_is_answered_with_a_note(visit):
    page = visit(f"{SMALL}&preset=../../etc/passwd&detection=%3Cscript%3Ealert(1)%3C/script%3E")
    expect(page.get_by_text("there is no such preset")).to_be_visible()
    expect(page.get_by_text("that is no number")).to_be_visible()


def test_a_class_of_thirty_is_served_and_the_server_keeps_answering(address):
    """Thirty visitors, ten states; the clock runs from the first visitor to the last answer."""
    import urllib.request

    def health(_):
        start = time.monotonic()
        with urllib.request.urlopen(f"{address}_stcore/health", timeout=60) as answer:
            assert answer.status == 200
        return time.monotonic() - start

    began = time.monotonic()
    with ThreadPoolExecutor(40) as pool:
        served = pool.map(_visit, [address] * 30, range(30))
        answered = list(pool.map(health, range(10)))
        times = list(served)
    print(f"30 visitors in {time.monotonic() - began:.1f} s, each {statistics.median(times):.1f} s "
          f"(median); health in {max(answered):.2f} s at most")  # fmt: skip
    assert len(times) == 30


def _visit(address, place):
    """One visitor without a browser: the page's own protocol, until the script is done."""
    from streamlit.proto.BackMsg_pb2 import BackMsg
    from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
    from websockets.sync.client import connect

    order, start, words = BackMsg(), time.monotonic(), ""
    order.rerun_script.query_string = f"members=32&end=2021&detection={0.5 * (place % 10):g}"
    stream = address.replace("http", "ws") + "_stcore/stream"
    with connect(stream, subprotocols=["streamlit"], max_size=None, proxy=None) as socket_:
        socket_.send(order.SerializeToString())
        message = ForwardMsg()
        while message.WhichOneof("type") != "script_finished":
            message.ParseFromString(socket_.recv(timeout=120))
            words += message.delta.new_element.alert.body
            assert not message.delta.new_element.exception.type
    assert "Revenue, bn CNY" in words
    return time.monotonic() - start
