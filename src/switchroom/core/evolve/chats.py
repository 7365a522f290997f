"""How events change chats."""

from msgspec.structs import replace

from switchroom.core import events as e
from switchroom.core.chat import Chat, Timers
from switchroom.core.evolve.fold import Fold, folds

RECEIPTS_KEPT = 64
"""How many receipts a chat remembers, to tell first ones from repeated ones."""


@folds(e.ChatOpened)
def _chat_opened(fold: Fold, event: e.ChatOpened) -> None:
    participants = {identifier: replace(who) for identifier, who in event.chat.participants.items()}
    fold.state.chats[event.chat.id] = replace(event.chat, participants=participants, uploads={}, timers={})
    fold.arm(f"duration {event.chat.id}", event.chat.expires_at)
    fold.arm(f"connect {event.chat.id}", event.chat.connect_by)


@folds(e.ChatContinued)
def _chat_continued(fold: Fold, event: e.ChatContinued) -> None:
    fold.state.chats[event.session].contact = event.contact


@folds(e.CustomerConnected)
def _customer_connected(fold: Fold, event: e.CustomerConnected) -> None:
    chat = fold.state.chats[event.session]
    chat.connected = True
    fold.arm(f"connect {event.session}", None)


@folds(e.ParticipantAdded)
def _participant_added(fold: Fold, event: e.ParticipantAdded) -> None:
    fold.state.chats[event.session].participants[event.participant.id] = event.participant


@folds(e.ParticipantJoined)
def _participant_joined(fold: Fold, event: e.ParticipantJoined) -> None:
    chat = fold.state.chats[event.session]
    participant = replace(event.participant, present=True, joined_at=event.at)
    chat.participants[participant.id] = participant


@folds(e.ParticipantLeft)
def _participant_left(fold: Fold, event: e.ParticipantLeft) -> None:
    participant = fold.state.chats[event.session].participants.get(event.participant)
    if participant is not None:
        participant.present, participant.left_at = False, event.at


@folds(e.ItemSent)
def _item_sent(fold: Fold, event: e.ItemSent) -> None:
    chat = fold.state.chats.get(event.item.session)
    if chat is not None:
        chat.last_at = event.item.at


@folds(e.ReceiptGiven)
def _receipt_given(fold: Fold, event: e.ReceiptGiven) -> None:
    receipts = fold.state.chats[event.session].receipts
    key = f"{event.message}/{event.participant}"
    delivered, read = receipts.get(key, (event.at, None))
    receipts[key] = (delivered, read if read is not None else event.at if event.read else None)
    while len(receipts) > RECEIPTS_KEPT:
        del receipts[next(iter(receipts))]


@folds(e.TimersSet)
def _timers_set(fold: Fold, event: e.TimersSet) -> None:
    timers = fold.state.chats[event.session].timers.setdefault(event.role, Timers())
    timers.pending_idle, timers.pending_disconnect = event.idle, event.disconnect


@folds(e.TimersStarted)
def _timers_started(fold: Fold, event: e.TimersStarted) -> None:
    chat = fold.state.chats[event.session]
    for role, timers in chat.timers.items():
        timers.idle, timers.disconnect = timers.pending_idle, timers.pending_disconnect
        timers.spoke_at, timers.idled = event.at, False
        _arm_chat_timer(fold, chat, role)


@folds(e.TimersStopped)
def _timers_stopped(fold: Fold, event: e.TimersStopped) -> None:
    chat = fold.state.chats[event.session]
    for role, timers in chat.timers.items():
        timers.spoke_at, timers.idled = None, False
        _arm_chat_timer(fold, chat, role)


@folds(e.RoleSpoke)
def _role_spoke(fold: Fold, event: e.RoleSpoke) -> None:
    chat = fold.state.chats[event.session]
    timers = chat.timers[event.role]
    timers.spoke_at, timers.idled = event.at, False
    _arm_chat_timer(fold, chat, event.role)


@folds(e.RoleIdled)
def _role_idled(fold: Fold, event: e.RoleIdled) -> None:
    chat = fold.state.chats[event.session]
    chat.timers[event.role].idled = True
    _arm_chat_timer(fold, chat, event.role)


def _arm_chat_timer(fold: Fold, chat: Chat, role: str) -> None:
    """Idle first; the disconnect time runs after it, or at once when there is no idle time (CHAT-100)."""
    timers = chat.timers[role]
    due: int | None = None
    if timers.spoke_at is not None:
        idle = (timers.idle or 0) * 60_000
        if timers.idle is not None and not timers.idled:
            due = timers.spoke_at + idle
        elif timers.disconnect is not None:
            due = timers.spoke_at + idle + timers.disconnect * 60_000
    fold.arm(f"silence {chat.id} {role}", due)


@folds(e.UploadStarted)
def _upload_started(fold: Fold, event: e.UploadStarted) -> None:
    chat = fold.state.chats[event.session]
    chat.uploads[event.upload] = dict(event.details)
    chat.attachments += 1


@folds(e.UploadFinished)
def _upload_finished(fold: Fold, event: e.UploadFinished) -> None:
    upload = fold.state.chats[event.session].uploads.get(event.upload)
    if upload is not None:
        upload["status"] = "APPROVED" if event.approved else "REJECTED"


@folds(e.ChatClosed)
def _chat_closed(fold: Fold, event: e.ChatClosed) -> None:
    chat = fold.state.chats.pop(event.session, None)
    if chat is None:
        return
    for timer in (f"duration {chat.id}", f"connect {chat.id}", *(f"silence {chat.id} {role}" for role in chat.timers)):
        fold.arm(timer, None)
