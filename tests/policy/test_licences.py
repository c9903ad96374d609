from datetime import date

import pytest

from tests.policy.world import measure, month, number, regime, route


def policy(day, low, high=0.0, **fields):
    approval = {"low": number(low), "high": number(high)}
    return measure(
        "licence_policy",
        targets=["huawei"],
        effective=day,
        approval=approval,
        decision_months=number(fields.pop("months", 4), "months"),
        **fields,
    )


STOP = measure("licence_policy", targets=["huawei"], effective="2023-01-31", deciding=False)


def test_nothing_is_decided_before_the_first_policy():
    law = regime({"a": policy("2020-11-10", 0.7)})
    assert law.deciding(month("2020-10")).tolist() == [0.0]
    assert law.approval(month("2020-10")).tolist() == [[0.0], [0.0]]
    assert law.decision_months(month("2020-10")).tolist() == [1.0]


def test_a_policy_decides_from_its_day_on():
    law = regime({"a": policy("2020-11-10", 0.7, 0.1)})
    assert law.deciding(month("2020-11"))[0] == pytest.approx(21 / 30)
    assert law.approval(month("2020-11"))[:, 0].tolist() == pytest.approx([0.7, 0.1])
    assert law.decision_months(month("2020-12"))[0] == 4.0


def test_the_latest_policy_in_force_wins_whatever_the_order_of_writing():
    law = regime({"b": policy("2021-06-16", 0.5), "a": policy("2020-01-01", 0.9)})
    assert law.approval(month("2021-05"))[0, 0] == 0.9
    assert law.approval(month("2021-06"))[0, 0] == pytest.approx(0.7)  # half the month each
    assert law.approval(month("2021-07"))[0, 0] == 0.5


def test_an_earlier_policy_comes_back_when_the_later_ends():
    law = regime(
        {"a": policy("2020-01-01", 0.9), "b": policy("2021-01-01", 0.5, ended="2022-01-01")}
    )
    assert law.approval(month("2021-12"))[0, 0] == 0.5
    assert law.approval(month("2022-01"))[0, 0] == 0.9


def test_a_stop_ends_decisions_without_touching_the_probability_of_earlier_days():
    law = regime({"a": policy("2020-01-01", 0.9), "stop": STOP})
    assert law.deciding(month("2023-01"))[0] == pytest.approx(30 / 31)
    assert law.approval(month("2023-01"))[0, 0] == pytest.approx(0.9)
    assert law.deciding(month("2023-02")).tolist() == [0.0]


def test_policies_for_others_do_not_decide_for_the_firm():
    law = regime({"a": policy("2020-01-01", 0.9) | {"targets": ["zte"]}})
    assert not law.deciding(month("2020-06")).any()


def test_members_may_see_the_stop_at_different_times():
    measures = {"a": policy("2020-01-01", 0.9), "stop": STOP}
    early, late = date(2021, 1, 1).toordinal(), date(2050, 1, 1).toordinal()
    law = regime(measures, 2, {"measures.stop.effective": [early, late]})
    assert law.deciding(month("2021-03")).tolist() == [0.0, 1.0]


def test_a_revocation_voids_licences_once():
    law = regime(
        {
            "a": measure(
                "licence_revocation",
                targets=["huawei"],
                effective="2024-05-07",
                scope={"items": ["cpu"]},
                share=number(0.8),
            )
        }
    )
    assert law.revoked(month("2024-05"))[route("cpu"), 0] == pytest.approx(0.8)
    assert law.revoked(month("2024-05"))[route("memory"), 0] == 0.0
    assert not law.revoked(month("2024-06")).any()
