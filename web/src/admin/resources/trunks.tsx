import { switchroom } from "../../api";
import type { CreateTrunkRequest, Trunk, TrunkRule } from "../../api/switchroom";
import { CodecOrder, type Codec } from "../editors/CodecOrder";
import { NumberRules } from "../editors/NumberRules";
import { CHANGE, LoopbackNote, NoTrunks, REFRESH_SECONDS, SecretInput, TrunkPicture, TrunkState, TrunkSwitch } from "../editors/TrunkParts";
import { optional, type Draft, type Resource } from "../resource";

type Transport = NonNullable<NonNullable<Trunk["Outbound"]>["Transport"]>;
type Srtp = NonNullable<Trunk["Srtp"]>;

interface TrunkDraft extends Draft {
  Id: string;
  Name: string;
  Enabled: boolean;
  Loopback: boolean;
  Addresses: string;
  InboundUser: string;
  InboundSecret: string;
  InboundSecretSet: boolean;
  Host: string;
  Port?: number;
  Transport: Transport;
  Register: boolean;
  OutboundUser: string;
  OutboundSecret: string;
  OutboundSecretSet: boolean;
  Domain: string;
  ExpiresSeconds?: number;
  Srtp: Srtp;
  Codecs: Codec[];
  NumberRules: TrunkRule[];
  PingSeconds?: number;
  MaximumCalls?: number;
}

const BLANK: TrunkDraft = {
  Id: "", Name: "", Enabled: true, Loopback: false, Addresses: "", InboundUser: "", InboundSecret: "", InboundSecretSet: false, Host: "", Transport: "UDP",
  Register: false, OutboundUser: "", OutboundSecret: "", OutboundSecretSet: false, Domain: "", Srtp: "OFF", Codecs: ["PCMU", "PCMA"], NumberRules: [], PingSeconds: 30, Tags: {},
};

type Settings = Omit<CreateTrunkRequest, "InstanceId">;

/** What a draft asks for. Passwords that were not typed stay as they are. */
export function settings(draft: TrunkDraft): Settings {
  const outbound: Settings["Outbound"] = {
    Host: draft.Host.trim(), Port: draft.Port ?? 0, Transport: draft.Transport, Register: draft.Register, Username: draft.OutboundUser.trim(), Secret: optional(draft.OutboundSecret),
    Domain: draft.Domain.trim(), ExpiresSeconds: draft.ExpiresSeconds ?? 0,
  };
  return {
    Name: draft.Name.trim(), Enabled: draft.Enabled, Loopback: draft.Loopback,
    Inbound: draft.Loopback ? {} : { Addresses: draft.Addresses.split(/[\s,]+/).filter(Boolean), Username: draft.InboundUser.trim(), Secret: optional(draft.InboundSecret) },
    Outbound: draft.Loopback ? {} : outbound,
    Srtp: draft.Srtp, Codecs: draft.Codecs, NumberRules: draft.NumberRules.filter((rule) => rule.Match), PingSeconds: draft.Loopback ? 0 : (draft.PingSeconds ?? 0), MaximumCalls: draft.MaximumCalls ?? 0,
  };
}

export function draftOf(one: Trunk): TrunkDraft {
  const [inbound, outbound] = [one.Inbound ?? {}, one.Outbound ?? {}];
  return {
    Id: one.TrunkId!, Name: one.Name!, Enabled: one.Enabled !== false, Loopback: one.Loopback ?? false,
    Addresses: (inbound.Addresses ?? []).join("\n"), InboundUser: inbound.Username ?? "", InboundSecret: "", InboundSecretSet: inbound.SecretSet ?? false,
    Host: outbound.Host ?? "", Port: outbound.Port || undefined, Transport: outbound.Transport ?? "UDP", Register: outbound.Register ?? false,
    OutboundUser: outbound.Username ?? "", OutboundSecret: "", OutboundSecretSet: outbound.SecretSet ?? false, Domain: outbound.Domain ?? "", ExpiresSeconds: outbound.ExpiresSeconds || undefined,
    Srtp: one.Srtp ?? "OFF", Codecs: one.Codecs?.length ? one.Codecs : BLANK.Codecs, NumberRules: one.NumberRules ?? [], PingSeconds: one.PingSeconds || undefined, MaximumCalls: one.MaximumCalls || undefined, Tags: {},
  };
}

const line = (draft: TrunkDraft): boolean => !draft.Loopback;
const dials = (draft: TrunkDraft): boolean => line(draft) && Boolean(draft.Host || draft.Register);

function direction(one: Trunk): "BOTH" | "INBOUND" | "OUTBOUND" | "LOOPBACK" | "NONE" {
  if (one.Loopback) return "LOOPBACK";
  const [into, out] = [Boolean(one.Inbound?.Addresses?.length || one.Inbound?.Username || one.Outbound?.Register), Boolean(one.Outbound?.Host)];
  return into && out ? "BOTH" : into ? "INBOUND" : out ? "OUTBOUND" : "NONE";
}

export const trunks: Resource<Trunk, TrunkDraft> = {
  key: "trunks",
  kind: "trunk",
  title: "trunks.title",
  one: "trunks.add",
  permission: "PhoneNumbers",
  changePermission: CHANGE,
  deletePermission: CHANGE,
  untagged: true,
  refreshSeconds: REFRESH_SECONDS,
  empty: () => <NoTrunks />,
  list: async ({ instanceId }, { search }) => {
    const { Trunks } = await switchroom("ListTrunks", { InstanceId: instanceId });
    const sought = search.toLowerCase();
    return { items: (Trunks ?? []).filter((one) => `${one.Name} ${one.Outbound?.Host ?? ""}`.toLowerCase().includes(sought)) };
  },
  id: (one) => one.TrunkId!,
  name: (one) => one.Name!,
  columns: [
    { id: "name", header: "field.name", cell: (one) => one.Name },
    { id: "direction", header: "trunks.calls", cell: direction, codes: "trunks.direction" },
    { id: "host", header: "trunks.host", cell: (one) => one.Outbound?.Host && [one.Outbound.Host, one.Outbound.Port].filter(Boolean).join(":") },
    { id: "state", header: "trunks.state", cell: (one) => <TrunkPicture trunk={one} /> },
    { id: "enabled", header: "trunks.enabled", cell: (one) => <TrunkSwitch trunk={one} /> },
  ],
  fields: [
    { name: "Name", label: "field.name", kind: "text", required: true, most: 127 },
    { name: "Id", label: "trunks.state", kind: "custom", when: (draft) => Boolean(draft.Id), render: ({ draft }) => <TrunkState id={draft.Id} /> },
    { name: "Enabled", label: "trunks.enabled", kind: "toggle" },
    { name: "Loopback", label: "trunks.loopback", help: "trunks.loopbackHelp", kind: "toggle" },
    { name: "Arn", label: "trunks.loopback", kind: "custom", when: (draft) => draft.Loopback, render: () => <LoopbackNote /> },
    { name: "Addresses", label: "trunks.addresses", help: "trunks.addressesHelp", section: "trunks.inbound", kind: "textarea", when: line },
    { name: "InboundUser", label: "trunks.user", help: "trunks.inboundUserHelp", section: "trunks.inbound", kind: "text", most: 256, when: line },
    {
      name: "InboundSecret", label: "signin.password", section: "trunks.inbound", kind: "custom", when: (draft) => line(draft) && Boolean(draft.InboundUser),
      needed: (draft) => !draft.InboundSecretSet && !draft.InboundSecret,
      render: ({ draft, change, disabled, problem }) => <SecretInput label="signin.password" value={draft.InboundSecret} kept={draft.InboundSecretSet} disabled={disabled} problem={problem} onChange={(InboundSecret) => change({ InboundSecret })} />,
    },
    { name: "Host", label: "trunks.host", help: "trunks.hostHelp", section: "trunks.outbound", kind: "text", most: 256, when: line, needed: (draft) => draft.Register && !draft.Host.trim() },
    { name: "Port", label: "trunks.port", help: "trunks.portHelp", section: "trunks.outbound", kind: "number", min: 0, max: 65535, when: dials },
    { name: "Transport", label: "trunks.transport", section: "trunks.outbound", kind: "select", required: true, when: dials, options: [{ value: "UDP", label: "trunks.transport.UDP" }, { value: "TCP", label: "trunks.transport.TCP" }, { value: "TLS", label: "trunks.transport.TLS" }] },
    { name: "Register", label: "trunks.register", help: "trunks.registerHelp", section: "trunks.outbound", kind: "toggle", when: dials },
    { name: "OutboundUser", label: "trunks.user", help: "trunks.outboundUserHelp", section: "trunks.outbound", kind: "text", most: 256, when: dials, needed: (draft) => draft.Register && !draft.OutboundUser.trim() },
    {
      name: "OutboundSecret", label: "signin.password", section: "trunks.outbound", kind: "custom", when: (draft) => dials(draft) && Boolean(draft.OutboundUser),
      needed: (draft) => draft.Register && !draft.OutboundSecretSet && !draft.OutboundSecret,
      render: ({ draft, change, disabled, problem }) => <SecretInput label="signin.password" value={draft.OutboundSecret} kept={draft.OutboundSecretSet} disabled={disabled} problem={problem} onChange={(OutboundSecret) => change({ OutboundSecret })} />,
    },
    { name: "Domain", label: "trunks.domain", help: "trunks.domainHelp", section: "trunks.outbound", kind: "text", most: 256, when: dials },
    { name: "ExpiresSeconds", label: "trunks.expires", help: "trunks.expiresHelp", section: "trunks.outbound", kind: "number", min: 0, max: 86400, when: (draft) => dials(draft) && draft.Register },
    { name: "PingSeconds", label: "trunks.ping", help: "trunks.pingHelp", section: "trunks.outbound", kind: "number", min: 0, max: 86400, when: dials },
    {
      name: "Srtp", label: "trunks.srtp", help: "trunks.srtpHelp", section: "trunks.sound", kind: "select", required: true,
      options: [{ value: "OFF", label: "trunks.srtp.OFF" }, { value: "OPTIONAL", label: "trunks.srtp.OPTIONAL" }, { value: "REQUIRED", label: "trunks.srtp.REQUIRED" }],
    },
    {
      name: "Codecs", label: "trunks.codecs", section: "trunks.sound", kind: "custom", required: true,
      render: ({ draft, change, disabled, problem }) => <CodecOrder codecs={draft.Codecs} disabled={disabled} problem={problem} onChange={(Codecs) => change({ Codecs })} />,
    },
    { name: "MaximumCalls", label: "trunks.maximum", help: "trunks.maximumHelp", section: "trunks.sound", kind: "number", min: 0, max: 100000 },
    {
      name: "NumberRules", label: "trunks.rules", section: "trunks.numbers", kind: "custom",
      render: ({ draft, change, disabled }) => <NumberRules rules={draft.NumberRules} disabled={disabled} onChange={(NumberRules) => change({ NumberRules })} />,
    },
  ],
  blank: () => ({ ...BLANK }),
  load: async ({ instanceId }, id) => draftOf((await switchroom("DescribeTrunk", { InstanceId: instanceId, TrunkId: id })).Trunk!),
  nameOf: (draft) => draft.Name,
  create: async ({ instanceId }, draft) => (await switchroom("CreateTrunk", { InstanceId: instanceId, ...settings(draft) })).Trunk?.TrunkId,
  update: async ({ instanceId }, id, draft) => {
    await switchroom("UpdateTrunk", { InstanceId: instanceId, TrunkId: id, ...settings(draft) });
  },
  remove: ({ instanceId }, id) => switchroom("DeleteTrunk", { InstanceId: instanceId, TrunkId: id }),
};
