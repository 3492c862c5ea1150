"""Is a wrong SIRET told from a right one?"""

import pytest

from conference.domain.refusal import Refusal
from conference.domain.siret import is_siret, parse_siret


@pytest.mark.parametrize("typed", ["21060004500392", "224 900 019 000 15", "356 000 000 49837", "35600000000048"])
def test_right_ones_are_read(typed: str) -> None:
    assert is_siret(parse_siret(typed))


@pytest.mark.parametrize("typed", ["21060004500393", "2106000450039", "2106000450039A", "", "٢١٠٦٠٠٠٤٥٠٠٣٩٢"])
def test_wrong_ones_are_refused(typed: str) -> None:
    assert not is_siret(typed)
    with pytest.raises(Refusal):
        parse_siret(typed)
