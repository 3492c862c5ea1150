"""Which delays and thresholds are in force here: the defaults, and those that the conférence chose?"""

from sqlmodel import Session, select

from conference.data.tables import Setting
from conference.domain.thresholds import THRESHOLDS, Thresholds


def thresholds_of(session: Session) -> Thresholds:
    """The thresholds in force. A stored code that is no threshold any more is left aside."""
    known = {each.code for each in THRESHOLDS}
    rows = session.exec(select(Setting.code, Setting.value)).all()
    return Thresholds({code: value for code, value in rows if code in known})
