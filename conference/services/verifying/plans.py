"""Do the plans of steps and of collective actions sum, and is what became a commitment tied to the people that it pays?

What a handoff took is no longer in the sender's share, but `step_funding` keeps what was first committed: a commitment never
pays more than it ever engaged.
"""

from conference.services.verifying.finding import Facts, Finding, one_of

_ENGAGED = """(SELECT coalesce(sum(e.amount), 0) FROM entry e WHERE e.commitment_id = {of}
    AND e.kind IN ('commitment', 'forecast') AND e.reverses_id IS NULL AND e.amount > 0)"""


def instalments(facts: Facts) -> Finding:
    """The schedule of a share sums to it."""
    return one_of(
        facts,
        "plan_instalment",
        {
            "instalments that sum to their share": """
                SELECT s.id AS "row", sum(i.amount) || ' cents of ' || s.amount AS found FROM plan_instalment i
                JOIN plan_share s ON s.id = i.share_id GROUP BY s.id, s.amount HAVING sum(i.amount) <> s.amount""",
        },
    )


def shares(facts: Facts) -> Finding:
    """A share that is committed is its own funder's, of the nature of its cost, and no more than was engaged."""
    return one_of(
        facts,
        "plan_share",
        {
            "a commitment of the same funder": """
                SELECT s.id AS "row", 'funder ' || c.funder_id AS found FROM plan_share s
                JOIN commitment c ON c.id = s.commitment_id WHERE c.funder_id <> s.funder_id""",
            "a commitment of the nature of its cost": """
                SELECT s.id AS "row", 'nature ' || d.nature_id AS found FROM plan_share s
                JOIN plan_cost p ON p.id = s.cost_id JOIN commitment c ON c.id = s.commitment_id
                JOIN dimension_set d ON d.id = c.dimension_set_id WHERE d.nature_id <> p.nature_id""",
            "a commitment tied to the step of its plan": """
                SELECT s.id AS "row", 'commitment ' || s.commitment_id AS found FROM plan_share s
                JOIN plan_cost p ON p.id = s.cost_id WHERE s.commitment_id IS NOT NULL AND p.step_id IS NOT NULL
                AND NOT EXISTS (SELECT 1 FROM step_funding f
                    WHERE f.commitment_id = s.commitment_id AND f.step_id = p.step_id)""",
            "no more than its funder engaged for the step": f"""
                SELECT s.id AS "row", s.amount || ' cents' AS found FROM plan_share s
                JOIN plan_cost p ON p.id = s.cost_id WHERE s.commitment_id IS NOT NULL AND p.step_id IS NOT NULL
                AND s.amount > (SELECT coalesce(sum({_ENGAGED.format(of="f.commitment_id")}), 0) FROM step_funding f
                    JOIN commitment c ON c.id = f.commitment_id
                    WHERE f.step_id = p.step_id AND c.funder_id = s.funder_id)""",
            "no more than its commitment engaged for the action": f"""
                SELECT s.id AS "row", s.amount || ' cents' AS found FROM plan_share s
                JOIN plan_cost p ON p.id = s.cost_id WHERE s.commitment_id IS NOT NULL AND p.action_id IS NOT NULL
                AND s.amount > {_ENGAGED.format(of="s.commitment_id")}""",
        },
    )


def fundings(facts: Facts) -> Finding:
    """The persons' parts of a commitment are no more than it engaged; those of a collective action make up its share."""
    return one_of(
        facts,
        "step_funding",
        {
            "parts within what was engaged": f"""
                SELECT f.commitment_id AS "row", sum(f.amount) || ' cents' AS found FROM step_funding f
                GROUP BY f.commitment_id HAVING sum(f.amount) > {_ENGAGED.format(of="f.commitment_id")}""",
            "parts that make up the share of their collective action": """
                SELECT s.commitment_id AS "row", coalesce(sum(f.amount), 0) || ' cents of ' || s.amount AS found
                FROM plan_share s JOIN plan_cost p ON p.id = s.cost_id
                LEFT JOIN step_funding f ON f.commitment_id = s.commitment_id
                WHERE p.action_id IS NOT NULL AND s.commitment_id IS NOT NULL
                GROUP BY s.id, s.commitment_id, s.amount HAVING coalesce(sum(f.amount), 0) < s.amount""",
        },
    )
