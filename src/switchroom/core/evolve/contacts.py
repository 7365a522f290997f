"""How events change contacts: their data, and what is chosen for them."""

from msgspec.structs import replace

from switchroom.core import events as e
from switchroom.core.evolve.fold import Fold, folds


@folds(e.ContactInitiated)
def _contact_initiated(fold: Fold, event: e.ContactInitiated) -> None:
    contact = replace(event.contact)
    fold.state.contacts[contact.id] = contact
    fold.state.attributes.setdefault(contact.initial_id, {})
    fold.indexes.added(contact)
    call = fold.state.call_of(contact)
    if call is not None:
        call.contacts.append(contact.id)
    fold.arm(f"schedule {contact.id}", contact.scheduled_at if contact.place == "scheduled" else None)
    if contact.expires_at is not None:
        fold.arm(f"expire {contact.id}", contact.expires_at)


@folds(e.ConnectedToSystem)
def _connected_to_system(fold: Fold, event: e.ConnectedToSystem) -> None:
    fold.state.contacts[event.contact].connected_to_system_at = event.at


@folds(e.FlowEntered)
def _flow_entered(fold: Fold, event: e.FlowEntered) -> None:
    contact = fold.state.contacts[event.contact]
    contact.place = "flow"
    fold.arm(f"schedule {contact.id}", None)


@folds(e.AttributesSet)
def _attributes_set(fold: Fold, event: e.AttributesSet) -> None:
    attributes = fold.state.attributes.get(event.chain)
    if attributes is None:
        return
    for key, value in event.attributes.items():
        if value:
            attributes[key] = value
        else:
            attributes.pop(key, None)


@folds(e.DetailsChanged)
def _details_changed(fold: Fold, event: e.DetailsChanged) -> None:
    contact = fold.state.contacts[event.contact]
    for member in ("name", "description", "language", "voice", "customer_id", "task_contact", "callback_number"):
        value = getattr(event, member)
        if value is not None:
            setattr(contact, member, value)
    if event.target_agent is not None:
        contact.target_agent = event.target_agent
    if event.continued_from is not None:
        contact.continued_from = contact.related_id = event.continued_from
    if event.references is not None:
        contact.references = {**contact.references, **event.references}
    if event.segment_attributes is not None:
        contact.segment_attributes = {**contact.segment_attributes, **event.segment_attributes}


@folds(e.TagsSet)
def _tags_set(fold: Fold, event: e.TagsSet) -> None:
    contact = fold.state.contacts.get(event.contact)
    if contact is not None:
        contact.tags = event.tags


@folds(e.FlowSettingChanged)
def _flow_setting_changed(fold: Fold, event: e.FlowSettingChanged) -> None:
    contact = fold.state.contacts[event.contact]
    contact.flows = {**contact.flows, event.purpose: event.flow}


@folds(e.LoggingSet)
def _logging_set(fold: Fold, event: e.LoggingSet) -> None:
    fold.state.contacts[event.contact].logging = event.on


@folds(e.RecordingSet)
def _recording_set(fold: Fold, event: e.RecordingSet) -> None:
    fold.state.contacts[event.contact].recording = event.recording


@folds(e.WorkingQueueSet)
def _working_queue_set(fold: Fold, event: e.WorkingQueueSet) -> None:
    fold.state.contacts[event.contact].queue = event.queue


@folds(e.RoutingDataChanged)
def _routing_data_changed(fold: Fold, event: e.RoutingDataChanged) -> None:
    contact = fold.state.contacts[event.contact]
    if event.priority is not None:
        contact.priority = event.priority
    if event.age_adjustment is not None:
        contact.age_adjustment = event.age_adjustment


@folds(e.CriteriaChanged)
def _criteria_changed(fold: Fold, event: e.CriteriaChanged) -> None:
    contact = fold.state.contacts[event.contact]
    contact.criteria = event.criteria
    fold.arm(f"criteria {contact.id}", event.criteria[-1].expires_at if event.criteria else None)


@folds(e.ContactScheduled)
def _contact_scheduled(fold: Fold, event: e.ContactScheduled) -> None:
    contact = fold.state.contacts[event.contact]
    if contact.expires_at is not None and contact.scheduled_at is not None:
        contact.expires_at += event.scheduled_at - contact.scheduled_at
        fold.arm(f"expire {contact.id}", contact.expires_at)
    contact.scheduled_at = event.scheduled_at
    contact.reschedules += 1
    fold.arm(f"schedule {contact.id}", event.scheduled_at)
