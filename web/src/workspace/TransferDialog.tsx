import { useEffect, useState, type KeyboardEvent, type ReactNode } from "react";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table from "@cloudscape-design/components/table";
import TextFilter from "@cloudscape-design/components/text-filter";
import { switchroom } from "../api";
import type { AgentContact, AgentQuickConnect } from "../api/switchroom";
import { useI18n } from "../i18n";
import { useNotices } from "../shared/notices";
import { titleOf } from "./contacts";

interface Props {
  contact: AgentContact;
  onTransfer: (quickConnect: AgentQuickConnect) => Promise<void>;
  onClose: () => void;
}

/** Quick connects to choose from. Enter in the search field, or a double click, starts the transfer. */
export function TransferDialog({ contact, onTransfer, onClose }: Props): ReactNode {
  const { t, code } = useI18n();
  const notices = useNotices();
  const [all, setAll] = useState<AgentQuickConnect[] | null>(null);
  const [search, setSearch] = useState("");
  const [chosen, setChosen] = useState<AgentQuickConnect | null>(null);
  const [busy, setBusy] = useState(false);

  useEffect(() => {
    switchroom("ListAgentQuickConnects", {}).then((answer) => setAll(answer.QuickConnects), notices.failure);
  }, []);

  const usable = (all ?? []).filter((one) => one.QuickConnectType !== "PHONE_NUMBER" || contact.Channel === "VOICE");
  const shown = usable.filter((one) => `${one.Name} ${one.Description ?? ""}`.toLowerCase().includes(search.toLowerCase()));
  const target = chosen ?? (shown.length === 1 ? shown[0]! : null);

  const transfer = async (to: AgentQuickConnect | null): Promise<void> => {
    if (!to || busy) return;
    setBusy(true);
    await onTransfer(to);
    setBusy(false);
  };
  const keyDown = (event: KeyboardEvent): void => {
    if (event.key === "Enter" && (event.target as HTMLElement).tagName === "INPUT") void transfer(target);
  };

  return (
    <Modal
      visible
      onDismiss={onClose}
      header={t("transfer.title", { name: titleOf(contact, t("contact.unnamed")) })}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={onClose}>
              {t("action.cancel")}
            </Button>
            <Button variant="primary" disabled={!target} loading={busy} onClick={() => void transfer(target)}>
              {t("action.transfer")}
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <div onKeyDown={keyDown}>
        <Table
          variant="embedded"
          loading={all === null}
          loadingText={t("common.loading")}
          items={shown}
          trackBy="QuickConnectId"
          selectionType="single"
          selectedItems={target ? [target] : []}
          onSelectionChange={({ detail }) => setChosen(detail.selectedItems[0] ?? null)}
          onRowClick={({ detail }) => setChosen(detail.item)}
          ariaLabels={{
            selectionGroupLabel: t("transfer.choose"),
            itemSelectionLabel: (_, item) => item.Name,
            tableLabel: t("transfer.choose"),
          }}
          filter={<TextFilter filteringText={search} filteringPlaceholder={t("transfer.search")} filteringAriaLabel={t("transfer.search")} onChange={({ detail }) => setSearch(detail.filteringText)} />}
          columnDefinitions={[
            { id: "name", header: t("field.name"), cell: (one) => <span onDoubleClick={() => void transfer(one)}>{one.Name}</span>, isRowHeader: true },
            { id: "type", header: t("field.type"), cell: (one) => code("quickConnectType", one.QuickConnectType) },
            { id: "description", header: t("field.description"), cell: (one) => one.Description ?? "" },
          ]}
          empty={
            <Box textAlign="center" color="inherit" padding="m">
              {t("common.noData")}
            </Box>
          }
        />
      </div>
    </Modal>
  );
}
