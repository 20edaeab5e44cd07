"""C-FIND (PS3.4 C.4.1): matches go out page by page while they are read."""

from collections.abc import Iterator

from dicom_gateway.query_retrieve.answers import Answering
from dicom_gateway.query_retrieve.exchange import Exchange
from dicom_gateway.query_retrieve.status import QueryStatus
from storage.db.queries import query_retrieve
from storage.db.queries.query_retrieve import Found
from storage.db.session import Database, Scope
from storage.domain.matching import Level

_PAGE = 200
_SOP_CLASSES_IN_STUDY = "00080062"


def answer_query(exchange: Exchange, answering: Answering, database: Database, scope: Scope, limit: int) -> None:
    """Send every match, or `limit` of them and the word that there are more. Raises `ConnectionLost`."""
    partly = answering.identifier.is_partly_matched
    pending = QueryStatus.PENDING_PARTLY_MATCHED if partly else QueryStatus.PENDING
    for number, found in enumerate(_matches(answering, database, scope)):
        if exchange.is_cancelled:
            exchange.respond(QueryStatus.CANCELLED)
            return
        if number == limit:
            exchange.respond(QueryStatus.LIMIT_REACHED, comment=f"Only {limit} matches are given; narrow the query.")
            return
        exchange.respond(pending, answering.encode(found))
    exchange.respond(QueryStatus.SUCCESS)


def _matches(answering: Answering, database: Database, scope: Scope) -> Iterator[Found]:
    query, before = answering.identifier.query, None
    while True:
        with database.read(scope) as work:
            page = query_retrieve.find(work, query, before=before, limit=_PAGE, with_headers=answering.needs_headers)
            if query.level is Level.STUDY and _SOP_CLASSES_IN_STUDY in query.returned:
                query_retrieve.add_sop_classes(work, page)
        yield from page
        if len(page) < _PAGE:
            return
        before = page[-1].row_id
