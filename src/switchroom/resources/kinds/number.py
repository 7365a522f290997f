"""Phone numbers an instance holds (NUM-01..16)."""

from switchroom.resources.resource import Names, Reference, Resource, declare

NUMBER = declare(
    Resource(
        kind="phone-number",
        label="Phone number",
        arn="phone-number/{id}",
        site_arn=True,
        names=Names.EXACT,
        references=(Reference("ContactFlowId", "contact-flow", optional=True),),
    )
)
"""Named by its E.164 form. The quota is checked by the claim, which fails later than it is answered."""
