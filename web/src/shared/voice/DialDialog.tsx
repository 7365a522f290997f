import { useEffect, useState, type KeyboardEvent, type ReactNode } from "react";
import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table from "@cloudscape-design/components/table";
import Tabs from "@cloudscape-design/components/tabs";
import TextFilter from "@cloudscape-design/components/text-filter";
import { switchroom } from "../../api";
import type { AgentQuickConnect, OutboundCalling } from "../../api/switchroom";
import { useI18n } from "../../i18n";
import { useNotices } from "../notices";
import { NumberField, NumberPad, useDialling } from "./NumberPad";
import { showNumber } from "./numbers";

export type DialTab = "quick" | "pad";
export type DialTarget = { PhoneNumber: string } | { QuickConnectId: string; Name: string };

interface Props {
  /** A new call, or one more party of the call in front. */
  purpose: "call" | "add";
  outbound?: OutboundCalling;
  tab: DialTab;
  onTab: (tab: DialTab) => void;
  /** Resolves to true when the call is under way. */
  onDial: (target: DialTarget) => Promise<boolean>;
  onClose: () => void;
}

/** Quick connects with a number field, and the number pad (DESK-45..49, DESK-53..55). */
export function DialDialog({ purpose, outbound, tab, onTab, onDial, onClose }: Props): ReactNode {
  const { t, code } = useI18n();
  const [busy, setBusy] = useState(false);
  const allowed = outbound?.Allowed !== false;
  const countries = outbound?.Countries ?? [];
  const dial = async (target: DialTarget): Promise<void> => {
    if (busy) return;
    setBusy(true);
    const done = await onDial(target);
    setBusy(false);
    if (done) onClose();
  };
  const refusal = !allowed && (
    <Alert type="warning" header={t("voice.noOutbound")}>
      {code("voice.outboundReason", outbound?.Reason)}
    </Alert>
  );
  return (
    <Modal visible onDismiss={onClose} header={t(purpose === "add" ? "voice.addTitle" : "voice.callTitle")}>
      <Tabs
        ariaLabel={t(purpose === "add" ? "voice.addTitle" : "voice.callTitle")}
        activeTabId={tab}
        onChange={({ detail }) => onTab(detail.activeTabId as DialTab)}
        tabs={[
          {
            id: "quick",
            label: t("voice.quickConnects"),
            content: (
              <SpaceBetween size="m">
                <QuickConnects purpose={purpose} phones={allowed} busy={busy} onDial={(target) => void dial(target)} />
                {allowed ? (
                  <NumberRow allowed={countries} callerId={outbound?.CallerId} busy={busy} onCall={(PhoneNumber) => void dial({ PhoneNumber })} />
                ) : (
                  refusal
                )}
              </SpaceBetween>
            ),
          },
          {
            id: "pad",
            label: t("voice.numberPad"),
            content: allowed ? (
              <NumberPad allowed={countries} callerId={outbound?.CallerId} busy={busy} onCall={(PhoneNumber) => void dial({ PhoneNumber })} />
            ) : (
              refusal
            ),
          },
        ]}
      />
    </Modal>
  );
}

interface NumberRowProps {
  allowed: readonly string[];
  callerId?: string;
  busy: boolean;
  onCall: (number: string) => void;
}

function NumberRow({ allowed, callerId, busy, onCall }: NumberRowProps): ReactNode {
  const { t } = useI18n();
  const dialling = useDialling(allowed, callerId);
  const call = (): void => {
    const number = dialling.check();
    if (number) onCall(number);
  };
  return (
    <div className="number-row">
      <NumberField
        allowed={allowed}
        callerId={callerId}
        typed={dialling.typed}
        country={dialling.country}
        error={dialling.error}
        onTyped={dialling.setTyped}
        onCountry={dialling.setCountry}
        onEnter={call}
      />
      <Button iconName="call" loading={busy} disabled={!dialling.typed} onClick={call}>
        {t("voice.call")}
      </Button>
    </div>
  );
}

interface QuickConnectsProps {
  purpose: "call" | "add";
  phones: boolean;
  busy: boolean;
  onDial: (target: DialTarget) => void;
}

/** Enter in the search field, a double click or the button calls. Agents and queues only where a contact is handed on. */
function QuickConnects({ purpose, phones, busy, onDial }: QuickConnectsProps): ReactNode {
  const { t, code } = useI18n();
  const notices = useNotices();
  const [all, setAll] = useState<AgentQuickConnect[] | null>(null);
  const [search, setSearch] = useState("");
  const [chosen, setChosen] = useState<AgentQuickConnect | null>(null);

  useEffect(() => {
    switchroom("ListAgentQuickConnects", {}).then((answer) => setAll(answer.QuickConnects), notices.failure);
  }, []);

  const usable = (all ?? []).filter((one) => (one.QuickConnectType === "PHONE_NUMBER" ? phones : purpose === "add"));
  const text = (one: AgentQuickConnect): string => `${one.Name} ${one.Description ?? ""} ${one.PhoneNumber ?? ""}`.toLowerCase();
  const shown = usable.filter((one) => text(one).includes(search.toLowerCase()));
  const target = chosen && shown.includes(chosen) ? chosen : shown.length === 1 ? shown[0]! : null;

  const dial = (one: AgentQuickConnect | null): void => {
    if (one && !busy) onDial({ QuickConnectId: one.QuickConnectId, Name: one.Name });
  };
  const keyDown = (event: KeyboardEvent): void => {
    if (event.key !== "Enter" || (event.target as HTMLElement).tagName !== "INPUT") return;
    event.preventDefault();
    dial(target);
  };
  return (
    <div onKeyDown={keyDown} className="quick-connects">
      <Table
        variant="borderless"
        contentDensity="compact"
        loading={all === null}
        loadingText={t("common.loading")}
        items={shown}
        trackBy="QuickConnectId"
        selectionType="single"
        selectedItems={target ? [target] : []}
        onSelectionChange={({ detail }) => setChosen(detail.selectedItems[0] ?? null)}
        onRowClick={({ detail }) => setChosen(detail.item)}
        ariaLabels={{
          selectionGroupLabel: t("voice.quickConnects"),
          itemSelectionLabel: (_, item) => item.Name,
          tableLabel: t("voice.quickConnects"),
        }}
        filter={
          <div className="quick-search">
            <TextFilter
              filteringText={search}
              filteringPlaceholder={t("transfer.search")}
              filteringAriaLabel={t("transfer.search")}
              onChange={({ detail }) => setSearch(detail.filteringText)}
            />
            <Button variant="primary" disabled={!target} loading={busy} onClick={() => dial(target)}>
              {t(target?.QuickConnectType === "PHONE_NUMBER" || purpose === "call" ? "voice.call" : "action.transfer")}
            </Button>
          </div>
        }
        columnDefinitions={[
          { id: "name", header: t("field.name"), isRowHeader: true, cell: (one) => <span onDoubleClick={() => dial(one)}>{one.Name}</span> },
          { id: "type", header: t("field.type"), cell: (one) => (one.PhoneNumber ? showNumber(one.PhoneNumber) : code("quickConnectType", one.QuickConnectType)) },
        ]}
        empty={
          <Box textAlign="center" color="inherit" padding="s">
            {t("common.noData")}
          </Box>
        }
      />
    </div>
  );
}
