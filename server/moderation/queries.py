"""Moderation's statements, each within a session of the caller's."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, cast

from sqlalchemy import or_
from sqlmodel import Session, col, delete, func, select, update

from server.moderation.tables import ListedWord, TextRuleSet
from wire import limits
from wire.words_events import RuleHits, TextRules, WordEntry, WordPage

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from wire.words_events import Level, WordLevel


class Stored(NamedTuple):
    """What a scope has on disk."""

    levels: dict[str, WordLevel]
    rules: TextRules
    hits: RuleHits


def load(session: Session, scope: str) -> Stored:
    found = session.exec(
        select(ListedWord.word, ListedWord.level).where(ListedWord.scope == scope)
    ).all()
    row = session.get(TextRuleSet, scope)
    levels = {word: cast("WordLevel", level) for word, level in found}
    if row is None:
        return Stored(levels, TextRules(), RuleHits())
    return Stored(levels, _read_rules(row), _read_hits(row))


def page(session: Session, scope: str, after: str, search: str = "") -> WordPage:
    wanted = [col(ListedWord.scope) == scope]
    if search:
        # SQLite lowers only ASCII: other letters are found as they are written.
        word = col(ListedWord.word)
        wanted.append(
            or_(
                word.contains(search, autoescape=True),
                func.lower(word).contains(search.lower(), autoescape=True),
            )
        )
    rows = session.exec(
        select(ListedWord)
        .where(*wanted, col(ListedWord.word) > after)
        .order_by(col(ListedWord.word))
        .limit(limits.WORDS_PAGE_MAX + 1)
    ).all()
    total = session.exec(select(func.count()).select_from(ListedWord).where(*wanted)).one()
    return WordPage(
        words=tuple(
            WordEntry(word=row.word, level=cast("WordLevel", row.level), hits=row.hits)
            for row in rows[: limits.WORDS_PAGE_MAX]
        ),
        total=total,
        has_more=len(rows) > limits.WORDS_PAGE_MAX,
    )


def put_words(
    session: Session,
    scope: str,
    levels: Mapping[str, WordLevel],
    *,
    added_by: str,
    now_unix_ms: int,
) -> None:
    """Words that are there get the level, and stay whose they are."""
    for word, level in levels.items():
        row = session.get(ListedWord, (scope, word))
        if row is None:
            row = ListedWord(
                scope=scope,
                word=word,
                level=level,
                added_by=added_by,
                added_at_unix_ms=now_unix_ms,
            )
        row.level = level
        session.add(row)


def remove_words(session: Session, scope: str, words: Iterable[str]) -> None:
    for word in words:
        row = session.get(ListedWord, (scope, word))
        if row is not None:
            session.delete(row)


def erase_scopes(session: Session, scopes: Collection[str]) -> None:
    """The rooms are gone."""
    session.exec(delete(ListedWord).where(col(ListedWord.scope).in_(scopes)))
    session.exec(delete(TextRuleSet).where(col(TextRuleSet.scope).in_(scopes)))


def put_rules(session: Session, scope: str, rules: TextRules) -> None:
    row = session.get(TextRuleSet, scope) or TextRuleSet(scope=scope)
    row.links, row.caps = rules.links, rules.caps
    row.flood_one, row.flood_many = rules.flood_one, rules.flood_many
    row.allowed_domains = "\n".join(rules.allowed_domains)
    session.add(row)


def add_hits(
    session: Session, words: Mapping[tuple[str, str], int], rules: Mapping[tuple[str, str], int]
) -> None:
    """(scope, word) and (scope, rule) to hits that are not stored yet."""
    for (scope, word), hits in words.items():
        session.exec(
            update(ListedWord)
            .where(col(ListedWord.scope) == scope, col(ListedWord.word) == word)
            .values(hits=ListedWord.hits + hits)
        )
    for (scope, rule), hits in rules.items():
        row = session.get(TextRuleSet, scope) or TextRuleSet(scope=scope)
        column = f"hits_{rule}"
        setattr(row, column, getattr(row, column) + hits)
        session.add(row)


def _read_rules(row: TextRuleSet) -> TextRules:
    return TextRules(
        links=cast("Level", row.links),
        caps=cast("Level", row.caps),
        flood_one=cast("Level", row.flood_one),
        flood_many=cast("Level", row.flood_many),
        allowed_domains=tuple(row.allowed_domains.split()),
    )


def _read_hits(row: TextRuleSet) -> RuleHits:
    return RuleHits(
        word=row.hits_word,
        link=row.hits_link,
        caps=row.hits_caps,
        flood_one=row.hits_flood_one,
        flood_many=row.hits_flood_many,
    )
