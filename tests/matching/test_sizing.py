"""The bench of blocks says what the page on many machines is written from."""

from jobfair.matching.sizing import run_block_bench


def test_every_size_is_measured_and_the_plan_follows_from_the_usual_one() -> None:
    found = run_block_bench(sizes=(300, 600), positions=300, tasks=2)
    assert [block["people"] for block in found["blocks"]] == [300, 600]
    for block in found["blocks"]:
        assert all(value > 0 for value in block.values())
        assert block["kept_mb"] <= block["peak_mb"]
    plan = found["plan"]
    assert plan["blocks"] == -(-10_000_000 // plan["block"])
    assert plan["rank_tasks"] == plan["blocks"] * 1_000_000 / found["batch"]
    assert 0 < plan["merge_tasks"] < plan["rank_tasks"] / 6
