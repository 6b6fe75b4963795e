"""Automatic moderation as sockets see it, on both databases."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.server_parts import PASSWORD, Parts, Socket
from wire import (
    account_commands,
    chat_commands,
    chat_events,
    command_base,
    event_base,
    events,
    order_commands,
    order_events,
    room_commands,
    room_events,
    round_commands,
    words_commands,
    words_events,
)
from wire.errors import ErrorCode
from wire.words_events import HeldReason, RuleHits, TextRules, WordEntry

if TYPE_CHECKING:
    from collections.abc import Callable

    from server.store.store import Store
    from wire.ids import RoomId


async def house(parts: Parts) -> tuple[Socket, Socket, RoomId]:
    """An owner and a viewer in the owner's room."""
    owner, viewer = Socket(parts), Socket(parts)
    await owner.register("Ada")
    await viewer.register("Bob")
    answer = await owner.ask(room_commands.CreateRoom, name="Hall")
    assert isinstance(answer, room_events.RoomDetails)
    room_id = answer.room.room_id
    for socket in (owner, viewer):
        assert isinstance(
            await socket.ask(room_commands.JoinRoom, room_id=room_id), room_events.RoomJoined
        )
    return owner, viewer, room_id


async def admin_of(parts: Parts) -> Socket:
    secret = await parts.accounts.console_secret()
    admin = Socket(parts)
    await admin.register("Root")
    assert isinstance(await admin.ask(account_commands.ClaimAdmin, secret=secret), events.Ok)
    return admin


async def say(parts: Parts, socket: Socket, room_id: RoomId, text: str) -> event_base.Answer:
    parts.time.pass_s(3)
    return await socket.ask(chat_commands.SendDanmaku, room_id=room_id, text=text)


def code_of(answer: event_base.Answer) -> ErrorCode:
    assert isinstance(answer, events.Error), answer
    return answer.code


async def test_word_when_listed_by_the_owner_then_held_or_refused_with_the_reason(
    parts: Parts,
) -> None:
    owner, viewer, room_id = await house(parts)
    for word, level in (("spoiler", "hold"), ("笨蛋", "refuse")):
        answer = await owner.ask(words_commands.AddWord, room_id=room_id, word=word, level=level)
        assert isinstance(answer, events.Ok)

    held = await say(parts, viewer, room_id, "a SP0ILER here")
    assert isinstance(held, chat_events.DanmakuAccepted)
    assert (held.is_held, held.reason) == (True, HeldReason(rule="word", words="SP0ILER"))
    refused = await say(parts, viewer, room_id, "你是 ben蛋")
    assert code_of(refused) is ErrorCode.WORD_REFUSED
    assert isinstance(refused, events.Error)
    assert refused.message.endswith(": ben蛋")
    assert refused.field == "text"
    plain = await say(parts, viewer, room_id, "hello")
    assert isinstance(plain, chat_events.DanmakuAccepted)
    assert not plain.is_held
    free = await say(parts, owner, room_id, "spoiler 笨蛋")
    assert isinstance(free, chat_events.DanmakuAccepted)
    assert not free.is_held

    page = await owner.ask(words_commands.ListWords, room_id=room_id)
    assert isinstance(page, words_events.WordPage)
    assert page.words == (
        WordEntry(word="spoiler", level="hold", hits=1),
        WordEntry(word="笨蛋", level="refuse", hits=1),
    )
    assert isinstance(
        await owner.ask(words_commands.RemoveWord, room_id=room_id, word="spoiler"), events.Ok
    )
    shown = await say(parts, viewer, room_id, "spoiler")
    assert isinstance(shown, chat_events.DanmakuAccepted)
    assert not shown.is_held


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        (words_commands.ListWords, {}),
        (words_commands.AddWord, {"word": "x"}),
        (words_commands.RemoveWord, {"word": "x"}),
        (words_commands.ImportWords, {"words": ("x",)}),
        (words_commands.SetTextRules, {}),
        (words_commands.GetTextRules, {}),
        (words_commands.TryText, {"text": "x"}),
    ],
)
async def test_lists_when_somebody_else_asks_then_forbidden(
    parts: Parts, kind: type[command_base.Command], fields: dict[str, object]
) -> None:
    owner, viewer, room_id = await house(parts)
    assert code_of(await viewer.ask(kind, room_id=room_id, **fields)) is ErrorCode.FORBIDDEN
    assert code_of(await owner.ask(kind, **fields)) is ErrorCode.FORBIDDEN
    other = await viewer.ask(room_commands.CreateRoom, name="Other")
    assert isinstance(other, room_events.RoomDetails)
    elsewhere = other.room.room_id
    assert code_of(await owner.ask(kind, room_id=elsewhere, **fields)) is ErrorCode.FORBIDDEN


async def test_house_list_when_imported_by_an_admin_then_binds_every_room_and_name(
    parts: Parts,
) -> None:
    admin = await admin_of(parts)
    owner, viewer, room_id = await house(parts)
    imported = await admin.ask(
        words_commands.ImportWords, words=("nonsense", "!!!", "nonsense", "rubbish")
    )
    assert imported == words_events.WordsImported(re=imported.re, added=2, skipped=2)
    again = await admin.ask(words_commands.ImportWords, words=("rubbish",), level="refuse")
    assert again == words_events.WordsImported(re=again.re, added=0, changed=1)

    held = await say(parts, viewer, room_id, "n o n s e n s e")
    assert isinstance(held, chat_events.DanmakuAccepted)
    assert held.is_held
    assert code_of(await say(parts, viewer, room_id, "rubbish!")) is ErrorCode.WORD_REFUSED
    for kind, fields in (
        (room_commands.CreateRoom, {"name": "Rubbish"}),
        (room_commands.EditRoom, {"room_id": room_id, "title": "pure nonsense"}),
        (account_commands.EditProfile, {"about": "I talk rubbish"}),
        (account_commands.EditProfile, {"name": "N0nsense"}),
    ):
        assert code_of(await owner.ask(kind, **fields)) is ErrorCode.WORD_REFUSED
    newcomer = Socket(parts)
    named = await newcomer.ask(
        account_commands.Register, name="Rubbish", password="correct horse 1"
    )
    assert code_of(named) is ErrorCode.WORD_REFUSED


async def test_rules_when_set_then_links_capitals_and_floods_are_met_and_counted(
    parts: Parts,
) -> None:
    owner, viewer, room_id = await house(parts)
    rules = {
        "links": "refuse",
        "caps": "refuse",
        "flood_one": "refuse",
        "allowed_domains": ("https://Example.org/",),
    }
    await owner.ask(words_commands.SetTextRules, room_id=room_id, **rules)
    assert code_of(await say(parts, viewer, room_id, "go to spam.example.com")) is (
        ErrorCode.LINK_REFUSED
    )
    assert isinstance(
        await say(parts, viewer, room_id, "see www.example.org"), chat_events.DanmakuAccepted
    )
    assert code_of(await say(parts, viewer, room_id, "LISTEN TO ME NOW")) is ErrorCode.CAPS_REFUSED
    for text in ("watch my stream tonight", "watch my stream tonight!"):
        assert isinstance(await say(parts, viewer, room_id, text), chat_events.DanmakuAccepted)
    assert code_of(await say(parts, viewer, room_id, "Watch my stream, tonight")) is (
        ErrorCode.FLOOD_REFUSED
    )
    now = await owner.ask(words_commands.GetTextRules, room_id=room_id)
    assert isinstance(now, words_events.TextRulesNow)
    assert now.rules == TextRules(
        links="refuse", caps="refuse", flood_one="refuse", allowed_domains=("example.org",)
    )
    assert now.hits == RuleHits(link=1, caps=1, flood_one=1)


async def test_try_text_when_asked_then_says_what_and_where_and_counts_nothing(
    parts: Parts,
) -> None:
    owner, _, room_id = await house(parts)
    await owner.ask(words_commands.AddWord, room_id=room_id, word="spoiler", level="refuse")
    tried = await owner.ask(words_commands.TryText, room_id=room_id, text="oh, S-P-O-I-L-E-R!")
    assert tried == words_events.TextTried(
        re=tried.re,
        level="refuse",
        folded="oh, s p o i l e r",
        rule="word",
        entry="spoiler",
        start=4,
        end=17,
    )
    fine = await owner.ask(words_commands.TryText, room_id=room_id, text="hello")
    assert fine == words_events.TextTried(re=fine.re, level="off", folded="hello")
    now = await owner.ask(words_commands.GetTextRules, room_id=room_id)
    assert isinstance(now, words_events.TextRulesNow)
    assert (now.hits, now.words) == (RuleHits(), 1)


@pytest.mark.parametrize(
    ("kind", "fields", "code"),
    [
        (words_commands.AddWord, {"word": "!!!"}, ErrorCode.INVALID_VALUE),
        (words_commands.AddWord, {"word": "a\x00b"}, ErrorCode.INVALID_VALUE),
        (words_commands.RemoveWord, {"word": "never added"}, ErrorCode.NOT_FOUND),
        (words_commands.SetTextRules, {"allowed_domains": ("not one",)}, ErrorCode.INVALID_VALUE),
        (words_commands.ImportWords, {"words": ()}, ErrorCode.INVALID_VALUE),
    ],
)
async def test_lists_when_the_value_is_none_then_the_error_says_so(
    parts: Parts, kind: type[command_base.Command], fields: dict[str, object], code: ErrorCode
) -> None:
    owner, _, room_id = await house(parts)
    assert code_of(await owner.ask(kind, room_id=room_id, **fields)) is code


async def test_everything_when_the_relay_starts_again_then_still_there(
    open_store: Callable[[], Store],
) -> None:
    parts = Parts(open_store())
    owner, viewer, room_id = await house(parts)
    await owner.ask(words_commands.AddWord, room_id=room_id, word="spoiler")
    await owner.ask(words_commands.SetTextRules, room_id=room_id, links="hold")
    texts = ("a spoiler", "spam.example.com", "sp01ler")
    held = [await say(parts, viewer, room_id, text) for text in texts]
    ids = [answer.message_id for answer in held if isinstance(answer, chat_events.DanmakuAccepted)]
    assert len(ids) == 3
    await owner.ask(chat_commands.ReviewDanmaku, room_id=room_id, message_id=ids[2], is_shown=False)
    await parts.close()

    later = Parts(open_store(), first_id=5_000)
    later.time.pass_s(60)
    await later.moderation.start()
    owner = Socket(later)
    await owner.ask(account_commands.Login, name="Ada", password=PASSWORD)
    joined = await owner.ask(room_commands.JoinRoom, room_id=room_id)
    assert isinstance(joined, room_events.RoomJoined)
    assert [message.text for message in joined.held] == ["a spoiler", "spam.example.com"]
    assert joined.held_reasons == (
        HeldReason(rule="word", words="spoiler"),
        HeldReason(rule="link", words="spam.example.com"),
    )
    now = await owner.ask(words_commands.GetTextRules, room_id=room_id)
    assert isinstance(now, words_events.TextRulesNow)
    assert (now.words, now.hits) == (1, RuleHits(word=2, link=1))
    for message_id, is_shown in zip(ids, (True, False), strict=False):
        fields = {"room_id": room_id, "message_id": message_id, "is_shown": is_shown}
        assert isinstance(await owner.ask(chat_commands.ReviewDanmaku, **fields), events.Ok)
    await later.close()

    last = Parts(open_store(), first_id=9_000)
    reader = Socket(last)
    await reader.ask(account_commands.Login, name="Ada", password=PASSWORD)
    joined = await reader.ask(room_commands.JoinRoom, room_id=room_id)
    assert isinstance(joined, room_events.RoomJoined)
    assert joined.held == ()
    assert [message.text for message in joined.messages] == ["a spoiler"]
    await last.close()


async def test_held_message_when_deleted_then_gone_after_a_restart_too(
    open_store: Callable[[], Store],
) -> None:
    parts = Parts(open_store())
    owner, viewer, room_id = await house(parts)
    await owner.ask(words_commands.AddWord, room_id=room_id, word="spoiler")
    held = await say(parts, viewer, room_id, "spoiler")
    assert isinstance(held, chat_events.DanmakuAccepted)
    fields = {"room_id": room_id, "message_id": held.message_id, "reason": "no"}
    assert isinstance(await owner.ask(order_commands.DeleteDanmaku, **fields), events.Ok)
    await parts.close()

    later = Parts(open_store(), first_id=5_000)
    reader = Socket(later)
    await reader.ask(account_commands.Login, name="Ada", password=PASSWORD)
    joined = await reader.ask(room_commands.JoinRoom, room_id=room_id)
    assert isinstance(joined, room_events.RoomJoined)
    assert (joined.held, joined.messages) == ((), ())
    await later.close()


# --- the book of acts ---------------------------------------------------------------------------


async def acts(socket: Socket, room_id: RoomId | None) -> tuple[order_events.ActInfo, ...]:
    answer = await socket.ask(order_commands.ListActs, room_id=room_id)
    assert isinstance(answer, order_events.ActList), answer
    return answer.acts


async def undo_newest(socket: Socket, room_id: RoomId | None) -> event_base.Answer:
    act = next(act for act in await acts(socket, room_id) if act.can_undo)
    return await socket.ask(order_commands.UndoAct, act_id=act.act_id)


async def levels(socket: Socket, room_id: RoomId | None) -> dict[str, str]:
    page = await socket.ask(words_commands.ListWords, room_id=room_id)
    assert isinstance(page, words_events.WordPage)
    return {entry.word: entry.level for entry in page.words}


async def test_words_when_changed_then_in_the_book_and_as_before_once_undone(parts: Parts) -> None:
    owner, viewer, room_id = await house(parts)
    await owner.ask(words_commands.AddWord, room_id=room_id, word="spoiler")
    await owner.ask(
        words_commands.ImportWords, room_id=room_id, words=("spoiler", "ending"), level="refuse"
    )
    await owner.ask(words_commands.RemoveWord, room_id=room_id, word="ending")
    await owner.ask(words_commands.SetTextRules, room_id=room_id, links="refuse")
    # Nothing is changed, so there is nothing to take back.
    await owner.ask(words_commands.AddWord, room_id=room_id, word="spoiler", level="refuse")
    told = [(one.action, one.detail) for one in await acts(owner, room_id)]
    assert told == [
        ("set_text_rules", order_events.ActDetail(text_rules=TextRules(links="refuse"))),
        ("remove_word", order_events.ActDetail(text="ending", count=1, level="refuse")),
        ("add_words", order_events.ActDetail(text="ending", count=2, level="refuse")),
        ("add_words", order_events.ActDetail(text="spoiler", count=1, level="hold")),
    ]

    assert code_of(await say(parts, viewer, room_id, "see evil.com")) is ErrorCode.LINK_REFUSED
    assert isinstance(await undo_newest(owner, room_id), order_events.ActDetails)
    assert isinstance(
        await say(parts, viewer, room_id, "see evil.com"), chat_events.DanmakuAccepted
    )
    await undo_newest(owner, room_id)
    assert await levels(owner, room_id) == {"spoiler": "refuse", "ending": "refuse"}
    assert code_of(await say(parts, viewer, room_id, "the ending")) is ErrorCode.WORD_REFUSED
    await undo_newest(owner, room_id)
    assert await levels(owner, room_id) == {"spoiler": "hold"}
    await undo_newest(owner, room_id)
    assert await levels(owner, room_id) == {}
    shown = await say(parts, viewer, room_id, "spoiler: the ending")
    assert isinstance(shown, chat_events.DanmakuAccepted)
    assert not shown.is_held


async def test_house_words_when_undone_then_only_by_an_admin_and_kept_over_a_restart(
    parts: Parts, open_store: Callable[[], Store]
) -> None:
    admin = await admin_of(parts)
    owner, _viewer, _room_id = await house(parts)
    await admin.ask(words_commands.AddWord, word="nonsense", level="refuse")
    act = (await acts(admin, None))[0]
    assert (act.action, act.room_id, act.target_kind) == ("add_words", None, "words")
    refused = await owner.ask(order_commands.UndoAct, act_id=act.act_id)
    assert code_of(refused) is ErrorCode.FORBIDDEN
    undone = await admin.ask(order_commands.UndoAct, act_id=act.act_id)
    assert isinstance(undone, order_events.ActDetails), undone
    again = await admin.ask(order_commands.UndoAct, act_id=act.act_id)
    assert code_of(again) is ErrorCode.ALREADY_DONE

    later = Parts(open_store(), first_id=500_000)
    await later.moderation.start()
    room = await Socket(later).register("Zoe nonsense")
    assert room.user.name == "Zoe nonsense"
    await later.close()


@pytest.mark.parametrize(
    ("kind", "fields", "field"),
    [
        (round_commands.OpenPoll, {"question": "N0NSENSE?", "choices": ("a", "b")}, "question"),
        (round_commands.OpenPoll, {"question": "Which?", "choices": ("a", "non-sense")}, "choices"),
        (round_commands.OpenDraw, {"prize": "a nonsense mug", "winners": 1}, "prize"),
        (chat_commands.Announce, {"text": "nonsense tonight"}, "text"),
        (order_commands.CloseRoom, {"reason": "nonsense"}, "reason"),
        (room_commands.CreateRoom, {"name": "Nonsense"}, "name"),
        (room_commands.EditRoom, {"title": "nonsense"}, "title"),
    ],
)
async def test_text_that_all_read_when_on_the_houses_list_then_refused_even_to_the_owner(
    parts: Parts, kind: type[command_base.Command], fields: dict[str, object], field: str
) -> None:
    admin = await admin_of(parts)
    owner, _viewer, room_id = await house(parts)
    await admin.ask(words_commands.AddWord, word="nonsense")
    if kind in {round_commands.OpenPoll, round_commands.OpenDraw}:
        fields = {**fields, "seconds": 60}
    if kind is not room_commands.CreateRoom:
        fields = {**fields, "room_id": room_id}
    refused = await owner.ask(kind, **fields)
    assert code_of(refused) is ErrorCode.WORD_REFUSED
    assert isinstance(refused, events.Error)
    assert refused.field == field
    assert not isinstance(await admin.ask(kind, **fields), events.Error)
