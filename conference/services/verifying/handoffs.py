"""Did each accepted handoff move the money that it says, and did none of the others move any?

A dégagement or an engagement may be annulled later, by the funder that owns it: what is asked is that it was written.
"""

from conference.services.verifying.finding import Facts, Finding, one_of

_HANDOFF = 'SELECT h.id AS "row", '


def releases(facts: Facts) -> Finding:
    """What senders release: the dégagement of each accepted handoff, of its commitment, at most as foreseen."""
    joined = "FROM handoff_release r JOIN handoff h ON h.id = r.handoff_id"
    return one_of(
        facts,
        "handoff_release",
        {
            "nothing released unless accepted": f"""
                {_HANDOFF} h.status AS found {joined}
                WHERE h.status <> 'accepted' AND (r.released IS NOT NULL OR r.entry_id IS NOT NULL)""",
            "an amount released when accepted, within what was foreseen": f"""
                {_HANDOFF} 'released ' || coalesce(r.released, -1) AS found {joined}
                WHERE h.status = 'accepted' AND (r.released IS NULL OR r.released < 0 OR r.released > r.foreseen)""",
            "a commitment of the sender": f"""
                {_HANDOFF} 'funder ' || c.funder_id AS found {joined} JOIN commitment c ON c.id = r.commitment_id
                WHERE c.funder_id <> h.sender_id""",
            "the dégagement of what was released, from the first day on": f"""
                {_HANDOFF} 'entry ' || coalesce(r.entry_id, 0) AS found {joined} LEFT JOIN entry e ON e.id = r.entry_id
                WHERE h.status = 'accepted' AND r.released > 0 AND (e.id IS NULL OR e.kind <> 'release'
                  OR e.amount <> r.released OR e.commitment_id <> r.commitment_id OR e.effective_on < h.first_day)""",
            "no entry where nothing was released": f"""
                {_HANDOFF} 'entry ' || r.entry_id AS found {joined} WHERE r.released = 0 AND r.entry_id IS NOT NULL""",
        },
    )


def shares(facts: Facts) -> Finding:
    """What receivers take: an engagement of theirs for each amount accepted, none otherwise."""
    joined = "FROM handoff_share s JOIN handoff h ON h.id = s.handoff_id"
    return one_of(
        facts,
        "handoff_share",
        {
            "nothing taken unless accepted": f"""
                {_HANDOFF} h.status AS found {joined}
                WHERE h.status <> 'accepted' AND (s.accepted IS NOT NULL OR s.commitment_id IS NOT NULL)""",
            "an answer on each amount asked, within it": f"""
                {_HANDOFF} 'accepted ' || coalesce(s.accepted, -1) AS found {joined}
                WHERE h.status = 'accepted' AND (s.accepted IS NULL OR s.accepted > s.asked)""",
            "a commitment of the receiver for each amount taken, and for no other": f"""
                {_HANDOFF} 'commitment ' || coalesce(s.commitment_id, 0) AS found {joined}
                LEFT JOIN commitment c ON c.id = s.commitment_id
                WHERE h.status = 'accepted' AND ((s.accepted > 0 AND (c.id IS NULL OR c.funder_id <> h.receiver_id))
                  OR (s.accepted = 0 AND c.id IS NOT NULL))""",
            "an engagement of the amount taken": f"""
                {_HANDOFF} 'commitment ' || s.commitment_id AS found {joined}
                WHERE s.accepted > 0 AND NOT EXISTS (SELECT 1 FROM entry e WHERE e.commitment_id = s.commitment_id
                  AND e.kind = 'commitment' AND e.reverses_id IS NULL AND e.amount = s.accepted)""",
        },
    )
