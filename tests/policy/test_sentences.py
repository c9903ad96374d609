"""The regime around the firm a second time: written as sentences, not read from the data.

Each row says in words what was lawful when, and asks the measures of the built-in case. The
expected number comes from the words; a pair is a range in which every member must lie.
"""

import numpy as np
import pytest

from tests.policy.world import (
    HOME,
    SECRET,
    huawei_regime,
    line,
    market,
    month,
    route,
    tool,
)


@pytest.fixture(scope="module")
def law():
    """History: the diversion is found in October 2024, the laptop shown in April 2024."""
    found = huawei_regime(32)
    everybody = np.ones(found.members, dtype=bool)
    found.report("visible_licensed_product", month("2024-04"), everybody)
    found.report("diversion_detected", month("2024-10"), everybody)
    return found


ORDER, DELIVERY = "orders_closed", "deliveries_closed"
DUV, ETCH, CONTROL, TRACK = (
    tool("duv_immersion"),
    tool("etch_deposition"),
    tool("process_control"),
    tool("track_clean"),
)
FINE, COARSE, SECRET_FINE = line(HOME, 7.0), line(HOME, 28.0), line(SECRET, 7.0)

ROUTES = [
    ("In 2018 the firm may order anything from anybody", ORDER, "cpu", "2018-11", 0),
    ("In April 2019 US processors may be ordered", ORDER, "cpu", "2019-04", 0),
    ("In May 2019 US processors are closed from the 16th", ORDER, "cpu", "2019-05", (0.41, 0.51)),
    (
        "In June 2019 only affiliates not listed get US processors",
        ORDER,
        "cpu",
        "2019-06",
        (0.8, 0.98),
    ),
    ("In October 2019 fewer affiliates are left", ORDER, "cpu", "2019-10", (0.9, 1)),
    ("In June 2020 a few affiliates are still not listed", ORDER, "cpu", "2020-06", (0.9, 1)),
    ("From 17 August 2020 every affiliate is listed", ORDER, "cpu", "2020-09", 1),
    ("The listing stops US deliveries at once as well", DELIVERY, "cpu", "2019-06", (0.8, 0.98)),
    (
        "After the listing a foreign foundry still serves the firm",
        ORDER,
        "own_soc",
        "2020-04",
        (0.04, 0.05),
    ),
    ("In June 2020 the firm's own 7 nm design is refused abroad", ORDER, "own_soc", "2020-06", 1),
    ("In June 2020 a bought processor is still sold", ORDER, "bought_soc", "2020-06", 0),
    ("In June 2020 Korean memory is still sold", ORDER, "memory", "2020-06", (0.08, 0.1)),
    ("Own designs in production ship in August 2020", DELIVERY, "own_soc", "2020-08", (0.04, 0.05)),
    ("Half of September 2020 is left for them", DELIVERY, "own_soc", "2020-09", 1 - 0.95 * 14 / 30),
    ("From October 2020 no own design comes from abroad", DELIVERY, "own_soc", "2020-10", 1),
    ("Bought processors ship until 14 September", DELIVERY, "bought_soc", "2020-09", 16 / 30),
    ("In October 2020 a bought processor is refused", ORDER, "bought_soc", "2020-10", 1),
    ("In October 2020 memory made with US tools is refused", ORDER, "memory", "2020-10", 0.82),
    ("Parts from Japan made without US tools stay open", ORDER, "japan", "2021-06", 0.2),
    ("The home foundry serves the firm throughout", ORDER, "home_soc", "2026-06", 0),
    ("A front firm's order abroad is not stopped in 2023", ORDER, "front_die", "2023-12", 0),
    ("Nor is stacked memory for front firms in November 2024", ORDER, "front_hbm", "2024-11", 0),
    ("After the letter fine AI dies for front firms stop", ORDER, "front_die", "2024-12", (0.7, 1)),
    ("Stacked memory is barred on every way in 2025", ORDER, "front_hbm", "2025-01", (0.7, 1)),
    ("Taiwan's own listing leaves nothing to order there", ORDER, "bought_soc", "2025-07", 1),
    ("No window precedes the listing but its first half day", "window_share", "cpu", "2019-04", 0),
    (
        "In December 2024 stacked memory is open for 29 days",
        "window_share",
        "hbm",
        "2024-12",
        29 / 31,
    ),
    ("Installed US gear may be kept up in 2019", "maintenance_open", "cpu", "2019-09", (0.9, 1)),
    ("The last upkeep licence runs out in August 2020", "maintenance_open", "cpu", "2020-09", 0),
    ("Processor licences are void a month after the laptop", "revoked", "cpu", "2024-05", (0, 1)),
    ("Memory licences are not revoked then", "revoked", "memory", "2024-05", 0),
]

TOOLS = [
    (
        "In August 2020 any tool is sold to the home foundry",
        "tools_closed",
        ETCH,
        FINE,
        "2020-08",
        0,
    ),
    (
        "In 2021 half the fine US tools are refused",
        "tools_closed",
        ETCH,
        FINE,
        "2021-06",
        (0.25, 0.8),
    ),
    (
        "In 2021 coarse lines get most licences",
        "tools_closed",
        ETCH,
        COARSE,
        "2021-06",
        (0.03, 0.2),
    ),
    ("In 2021 firm-backed fabs are not listed", "tools_closed", ETCH, SECRET_FINE, "2021-06", 0),
    (
        "From October 2022 fine lines anywhere in China are cut off",
        "tools_closed",
        CONTROL,
        SECRET_FINE,
        "2022-11",
        (0.7, 1),
    ),
    ("US staff have left fine lines", "service_closed", ETCH, FINE, "2022-12", (0.5, 0.95)),
    ("US staff stay at coarse lines", "service_closed", ETCH, COARSE, "2022-12", 0),
    ("Dutch scanners still ship in October 2023", "tools_closed", DUV, COARSE, "2023-10", 0),
    ("Since March 2023 buyers know that this will end", "tools_window", DUV, COARSE, "2023-06", 1),
    (
        "From 2024 the newer Dutch scanners are gone",
        "tools_closed",
        DUV,
        COARSE,
        "2024-02",
        (0.35, 0.75),
    ),
    (
        "Japan controls its fine tools from 23 July 2023",
        "tools_closed",
        TRACK,
        FINE,
        "2023-08",
        (0.35, 0.85),
    ),
    ("Japan's control does not act in June 2023", "tools_closed", TRACK, FINE, "2023-06", 0),
    (
        "From December 2024 firm-backed fabs are listed",
        "tools_closed",
        ETCH,
        line(SECRET, 28.0),
        "2025-01",
        (0.3, 1),
    ),
]

MARKETS = [
    (
        "Early in 2018 no carrier market is closed by a new ban",
        "market_closed",
        "carrier_networks",
        "asia_pacific",
        "2018-03",
        0,
    ),
    (
        "By 2022 Japan and Australia are lost, India is going",
        "market_closed",
        "carrier_networks",
        "asia_pacific",
        "2022-12",
        (0.25, 0.9),
    ),
    (
        "Britain and Sweden close about a sixth of Europe by 2025",
        "market_closed",
        "carrier_networks",
        "europe",
        "2025-06",
        (0.05, 0.22),
    ),
    ("No ban touches phones", "market_closed", "volume_phones", "europe", "2025-06", 0),
    ("No ban touches the home market", "market_closed", "carrier_networks", "china", "2026-06", 0),
    (
        "In 2021 the rival sells all its accelerators at home",
        "rival_closed",
        "ai_computing",
        "china",
        "2021-06",
        0,
    ),
    ("In 2023 its best are barred", "rival_closed", "ai_computing", "china", "2023-06", (0.1, 0.5)),
    ("In May 2025 nearly all are", "rival_closed", "ai_computing", "china", "2025-05", (0.85, 1)),
    (
        "Selling to Russia is safe before 24 February 2022",
        "secondary_hazard",
        "carrier_networks",
        "russia",
        "2022-01",
        0,
    ),
    (
        "After that it is not",
        "secondary_hazard",
        "carrier_networks",
        "russia",
        "2022-04",
        (0.005, 0.06),
    ),
    (
        "The firm's accelerators are risky abroad from May 2025",
        "secondary_hazard",
        "ai_computing",
        "europe",
        "2025-07",
        (0.005, 0.06),
    ),
    ("They are not at home", "secondary_hazard", "ai_computing", "china", "2025-07", 0),
]


def holds(answer, expected):
    low, high = expected if isinstance(expected, tuple) else (expected, expected)
    return bool((answer >= low - 1e-9).all() and (answer <= high + 1e-9).all())


@pytest.mark.parametrize(("sentence", "asked", "way", "when", "expected"), ROUTES)
def test_routes(law, sentence, asked, way, when, expected):
    answer = getattr(law, asked)(month(when))[route(way)]
    assert holds(answer, expected), f"{sentence}: {answer.min()} to {answer.max()}"


@pytest.mark.parametrize(("sentence", "asked", "kind", "place", "when", "expected"), TOOLS)
def test_tools(law, sentence, asked, kind, place, when, expected):
    answer = getattr(law, asked)(month(when))[kind, place]
    assert holds(answer, expected), f"{sentence}: {answer.min()} to {answer.max()}"


@pytest.mark.parametrize(("sentence", "asked", "product", "region", "when", "expected"), MARKETS)
def test_markets(law, sentence, asked, product, region, when, expected):
    answer = getattr(law, asked)(month(when))[market(product, region)]
    assert holds(answer, expected), f"{sentence}: {answer.min()} to {answer.max()}"


@pytest.mark.parametrize(
    ("sentence", "when", "deciding", "low", "high"),
    [
        ("Before the listing nothing is decided", "2019-04", 0, 0, 0),
        ("Six months after it nobody has a licence", "2019-10", 0, 0, 0),
        ("From 20 November 2019 consumer goods get most", "2019-12", 1, (0.6, 0.85), (0, 0.15)),
        ("In early 2021 goods below 5G do", "2021-02", 1, (0.65, 0.95), (0, 0.15)),
        ("In February 2023 nothing new is granted", "2023-02", 0, 0, 0),
        ("Nor in 2026", "2026-06", 0, 0, 0),
    ],
)
def test_licences(law, sentence, when, deciding, low, high):
    answer = law.approval(month(when))
    assert holds(law.deciding(month(when)), deciding), sentence
    assert holds(answer[0], low), sentence
    assert holds(answer[1], high), sentence


@pytest.mark.parametrize(
    ("sentence", "asked", "when", "expected"),
    [
        ("Front firms are free in November 2024", "intermediary_closed", "2024-11", 0),
        ("They are listed by spring 2025", "intermediary_closed", "2025-03", (0.3, 0.9)),
        ("New shells are hard to found in October 2025", "entry_factor", "2025-10", (0.2, 0.8)),
        ("The ownership rule is suspended in December", "entry_factor", "2025-12", 1),
        ("Foundries ask no more than usual in 2024", "detection_factor", "2024-10", 1),
        ("They must know their customers in 2025", "detection_factor", "2025-06", (1.5, 5)),
        ("The arrest of December 2018 is a major threat", "threat", "2018-12", (0.3, 1.2)),
        ("No threat is new in March 2018", "threat", "2018-03", 0),
        ("The listing of May 2019 is seen at home", "visible_step", "2019-05", 1),
        ("Nothing is to be seen in January 2020", "visible_step", "2020-01", 0),
        ("Rural removal costs nothing in 2020", "public_cost", "2020-12", 0),
        ("It costs 2 to 5 bn USD over 2021 to 2023", "public_cost", "2022-06", (0.06, 0.15)),
        ("Suppliers have re-sourced by autumn 2019", "workaround", "2019-10", (0.5, 0.9)),
        ("They have not in the month of the listing", "workaround", "2019-05", 0),
    ],
)
def test_firm_and_intermediaries(law, sentence, asked, when, expected):
    answer = getattr(law, asked)(month(when))
    assert holds(answer, expected), f"{sentence}: {answer.min()} to {answer.max()}"


def test_licences_of_processors_are_void_within_two_months_of_the_laptop(law):
    way = route("cpu")
    kept = np.prod([1 - law.revoked(month(m))[way] for m in ("2024-04", "2024-05", "2024-06")], 0)
    assert (kept == 0).all()


def test_without_the_acts_of_agents_nothing_answers_them():
    law = huawei_regime(4)
    for k in range(law.calendar.months):
        assert not law.revoked(k).any()
        assert not law.intermediary_closed(k).any()
        assert not law.orders_closed(k)[route("front_die")].any()
