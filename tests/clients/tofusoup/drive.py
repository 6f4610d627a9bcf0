"""Drives a packaged provider with tofusoup, which shares no code with us, and prints one line of JSON for each answer.

    drive.py PROVIDER

Handshake, mutual TLS and transport are pyvider-rpcplugin's, the messages pyvider's, the values packed by tofusoup. What
the answers should be is for whoever reads the lines: here nothing is judged.
"""

import asyncio
import json
import sys
import typing

from pyvider.protocols.tfprotov6.protobuf import tfplugin6_pb2 as pb
from tofusoup.tfplugin import base_env, pack, start_provider, unpack

TYPE = "nhi_owner"
# For all of it; a provider that does not answer is an error, not a wait.
SECONDS = 120


def tell(call, **answer):
    print(json.dumps({"call": call, **answer}, sort_keys=True), flush=True)


def told(diagnostics):
    """Each diagnostic as its severity and the attribute it stands at; an error's text too, so that a failure explains itself."""
    return [
        {
            "severity": pb.Diagnostic.Severity.Name(each.severity),
            "at": [step.attribute_name or step.element_key_string or step.element_key_int for step in each.attribute.steps],
            "summary": each.summary,
            "detail": each.detail,
        }
        for each in diagnostics
    ]


class Held(typing.NamedTuple):
    """What a client keeps of a resource between two calls; of one that is still to come, nothing."""

    state: pb.DynamicValue | None = None
    private: bytes = b""
    identity: pb.ResourceIdentityData | None = None


async def drive(program):
    provider = await start_provider(program, base_env({"NHI_ACTOR": "nhi-tests"}))
    try:
        tell(
            "handshake",
            protocol=provider.protocol_version,
            client_certificate=bool(provider.client.client_cert),
            server_certificate=bool(provider.client._server_cert),
        )
        await talk(provider)
        await provider.client.shutdown_plugin()
        process = provider.client._process.process
        tell("Shutdown", exit=await asyncio.to_thread(process.wait, 10))
    finally:
        await provider.client.close()


async def talk(provider):
    stub = provider.stub
    schema = await stub.GetProviderSchema(pb.GetProviderSchema.Request())
    provider.schema = schema
    block = schema.resource_schemas[TYPE].block
    tell(
        "GetProviderSchema",
        diagnostics=told(schema.diagnostics),
        resource=TYPE in schema.resource_schemas,
        required=sorted(each.name for each in block.attributes if each.required),
    )

    def owner(**values):
        """Every attribute is there, as Terraform sends them."""
        return {**{each.name: None for each in block.attributes}, **values}

    good = owner(name="team-platform", accountable=["alice@example.com"], backup=["bob@example.com"])
    for title, config in {"good": good, "refused": {**good, "backup": ["alice@example.com"]}}.items():
        answer = await stub.ValidateResourceConfig(
            pb.ValidateResourceConfig.Request(type_name=TYPE, config=pack(config))
        )
        tell("ValidateResourceConfig", config=title, diagnostics=told(answer.diagnostics))

    settings = provider.provider_config(workspace="soup")
    answer = await stub.ConfigureProvider(
        pb.ConfigureProvider.Request(terraform_version="1.15.5", config=settings)
    )
    tell("ConfigureProvider", diagnostics=told(answer.diagnostics))

    async def plan(step, held, config):
        # What the provider decided stays, what it may decide is not in the configuration.
        proposed = config and {**config, **({"id": unpack(held.state)["id"]} if held.state else {})}
        answer = await stub.PlanResourceChange(
            pb.PlanResourceChange.Request(
                type_name=TYPE,
                prior_state=held.state or pack(None),
                prior_private=held.private,
                prior_identity=held.identity,
                proposed_new_state=pack(proposed),
                config=pack(config),
            )
        )
        tell(
            "PlanResourceChange",
            step=step,
            diagnostics=told(answer.diagnostics),
            planned=unpack(answer.planned_state),
            replaces=len(answer.requires_replace),
        )
        return answer

    async def apply(step, held, config):
        planned = await plan(step, held, config)
        answer = await stub.ApplyResourceChange(
            pb.ApplyResourceChange.Request(
                type_name=TYPE,
                prior_state=held.state or pack(None),
                planned_state=planned.planned_state,
                config=pack(config),
                planned_private=planned.planned_private,
                planned_identity=planned.planned_identity,
            )
        )
        tell("ApplyResourceChange", step=step, diagnostics=told(answer.diagnostics), state=unpack(answer.new_state))
        return Held(answer.new_state, answer.private, answer.new_identity)

    async def read(step, held):
        answer = await stub.ReadResource(
            pb.ReadResource.Request(
                type_name=TYPE, current_state=held.state, private=held.private, current_identity=held.identity
            )
        )
        tell("ReadResource", step=step, diagnostics=told(answer.diagnostics), state=unpack(answer.new_state))
        return Held(answer.new_state, answer.private, answer.new_identity)

    created = await read("created", await apply("create", Held(), good))
    await plan("again", created, good)
    changed = await apply("change", created, {**good, "description": "Runs pipelines."})
    await apply("delete", changed, None)
    await read("deleted", changed)

    answer = await stub.StopProvider(pb.StopProvider.Request())
    tell("StopProvider", error=answer.Error)


if __name__ == "__main__":
    asyncio.run(asyncio.wait_for(drive(sys.argv[1]), SECONDS))
