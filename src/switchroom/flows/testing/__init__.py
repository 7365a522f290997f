"""Flows without a contact centre: the engine behind `switchroom flow test` and the designer's test panel."""
