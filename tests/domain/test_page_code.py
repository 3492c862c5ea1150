"""Does the code of a page give back what it was made of, and refuse what is not ours?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conference.domain.page_code import PageCode, code_start, page_code, read_page_code

MARK = "0123456789abcdef" * 4


@given(
    address=st.sampled_from(["https://host", "http://localhost:8000/", "https://Host.fr/Outil", ""]),
    number=st.none() | st.builds("C-{:04d}-{:03d}".format, st.integers(2000, 2100), st.integers(1, 99999)),
    convention_id=st.integers(1, 2**53),
    rank=st.integers(0, 99),
    page=st.integers(1, 999),
)
def test_code_gives_back_its_page(address: str, number: str | None, convention_id: int, rank: int, page: int) -> None:
    start = code_start(address, number=number, convention_id=convention_id, rank=rank)
    draft = None if number else convention_id
    assert read_page_code(page_code(start, MARK, page)) == PageCode(number, draft, rank, MARK[:16], page)


def test_code_is_an_address_in_capitals_unless_its_folder_forbids_it() -> None:
    start = code_start("https://host.fr", number="C-2026-004", convention_id=9, rank=0)
    assert page_code(start, MARK, 3) == "HTTPS://HOST.FR/C/C-2026-004/0/0123456789ABCDEF/P3"
    below = code_start("https://host.fr/outil/", number=None, convention_id=12, rank=1)
    assert page_code(below, MARK, 1) == "https://host.fr/outil/C/PROJET-12/1/0123456789ABCDEF/P1"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "https://host.fr/",
        "HTTPS://HOST.FR/C/C-2026-004/0/0123456789ABCDEF",
        "HTTPS://HOST.FR/C/C-2026-004/0/0123456789ABCDEF/P3/X",
        "HTTPS://HOST.FR/C/C-2026-004/0/0123456789ABCDEG/P3",
        "HTTPS://HOST.FR/C/C-2026-004/0/0123456789ABCDEF/P٣",
        "HTTPS://HOST.FR/D/C-2026-004/0/0123456789ABCDEF/P3",
        "XC/C-2026-004/0/0123456789ABCDEF/P3",
    ],
)
def test_another_code_is_not_ours(text: str) -> None:
    assert read_page_code(text) is None


def test_code_read_in_small_letters_is_the_same() -> None:
    assert read_page_code(" c/c-2026-004/2/0123456789abcdef/p12\n") == PageCode(
        "C-2026-004", None, 2, "0123456789abcdef", 12
    )
