import { useMemo, useState, type ReactNode } from "react";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import ButtonDropdown from "@cloudscape-design/components/button-dropdown";
import CollectionPreferences from "@cloudscape-design/components/collection-preferences";
import Header from "@cloudscape-design/components/header";
import Pagination from "@cloudscape-design/components/pagination";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table from "@cloudscape-design/components/table";
import { switchroom } from "../../api";
import type { UserSearchSummary } from "../../api/connect";
import { useI18n } from "../../i18n";
import { downloadText } from "../../shared/download";
import { goTo } from "../../shared/hooks";
import { useNotices } from "../../shared/notices";
import { useSession } from "../../shared/session";
import { BatchBanner } from "./BatchBanner";
import { keepChosen } from "./chosen";
import { definitions, sorted, useUserColumns } from "./columns";
import { DeleteUsers } from "./DeleteUsers";
import { NO_FILTER, type Query } from "./filter";
import { SIZES, useUserPreferences } from "./preferences";
import { UserFilter } from "./UserFilter";
import { useUserList } from "./useUserList";

let lastQuery: Query = NO_FILTER;

/** User management: find people, choose some of them, and add, edit, delete or export them. */
export function UsersPage(): ReactNode {
  const { t, language } = useI18n();
  const { instanceId, may } = useSession();
  const notices = useNotices();
  const [query, setQuery] = useState<Query>(lastQuery);
  const { users, loading, refresh } = useUserList(query);
  const columns = useUserColumns();
  const [sorting, setSorting] = useState({ id: "login", descending: false });
  const [preferences, setPreferences] = useUserPreferences(columns.map((one) => one.id));
  const [page, setPage] = useState(1);
  const [chosen, setChosen] = useState<UserSearchSummary[]>([]);
  const [deleting, setDeleting] = useState(false);
  const [started, setStarted] = useState(0);

  const size = preferences.pageSize;
  const column = columns.find((one) => one.id === sorting.id);
  const ordered = useMemo(() => sorted(users, column, sorting.descending, language), [users, column, sorting.descending, language]);
  const pages = Math.max(1, Math.ceil(ordered.length / size));
  const at = Math.min(page, pages);
  const rows = ordered.slice((at - 1) * size, at * size);
  const selected = rows.filter((row) => chosen.some((one) => one.Id === row.Id));
  const shown = definitions(columns, t);
  const filtered = query.tokens.length > 0;

  const turn = (next: number): void => {
    setPage(next);
    setChosen([]);
  };
  const edit = (): void => {
    if (selected.length === 1) return goTo("r", "users", selected[0]!.Id!);
    keepChosen(selected.map((one) => one.Id!));
    goTo("r", "users", "edit");
  };
  const download = async (): Promise<void> => {
    const file = await switchroom("ExportUsers", { InstanceId: instanceId, UserIds: rows.map((one) => one.Id!) });
    downloadText(file.FileName, "text/csv", file.Csv);
  };

  return (
    <SpaceBetween size="m">
      {may("Users.Create", "Users.Edit", "Users.Delete") && <BatchBanner onEnded={refresh} started={started} />}
      <Table
        variant="full-page"
        stickyHeader
        loading={loading && !users.length}
        loadingText={t("common.loading")}
        items={rows}
        trackBy="Id"
        columnDefinitions={shown}
        columnDisplay={preferences.columns}
        sortingColumn={{ sortingField: sorting.id }}
        sortingDescending={sorting.descending}
        onSortingChange={({ detail }) => setSorting({ id: detail.sortingColumn.sortingField!, descending: Boolean(detail.isDescending) })}
        selectionType="multi"
        selectedItems={selected}
        onSelectionChange={({ detail }) => setChosen(detail.selectedItems)}
        wrapLines
        ariaLabels={{
          tableLabel: t("users.title"),
          selectionGroupLabel: t("users.title"),
          allItemsSelectionLabel: () => t("users.chooseAll"),
          itemSelectionLabel: (_, user) => user.Username ?? "",
        }}
        header={
          <Header
            variant="awsui-h1-sticky"
            counter={selected.length ? `(${selected.length}/${ordered.length})` : `(${ordered.length})`}
            actions={
              <SpaceBetween direction="horizontal" size="xs">
                <Button iconName="refresh" ariaLabel={t("action.refresh")} loading={loading} onClick={refresh} />
                {may("HistoricalChanges.View", "Users.Edit") && <Button onClick={() => goTo("changes", "user")}>{t("users.changes")}</Button>}
                <Button iconName="download" disabled={!rows.length} onClick={() => void download().catch(notices.failure)}>{t("users.download")}</Button>
                {may("Users.Delete") && <Button disabled={!selected.length} onClick={() => setDeleting(true)}>{t("action.delete")}</Button>}
                {may("Users.Edit", "Users.EditPermission") && <Button disabled={!selected.length || (selected.length > 1 && !may("Users.Edit"))} onClick={edit}>{t("action.edit")}</Button>}
                {may("Users.Create") && (
                  <ButtonDropdown
                    variant="primary"
                    items={[{ id: "new", text: t("users.addOne") }, { id: "import", text: t("users.addMany") }]}
                    onItemClick={({ detail }) => goTo("r", "users", detail.id)}
                  >
                    {t("users.addNew")}
                  </ButtonDropdown>
                )}
              </SpaceBetween>
            }
          >
            {t("users.management")}
          </Header>
        }
        filter={
          <UserFilter
            query={query}
            count={filtered && !loading ? ordered.length : undefined}
            onChange={(next) => {
              lastQuery = next;
              setQuery(next);
              turn(1);
            }}
          />
        }
        pagination={<Pagination currentPageIndex={at} pagesCount={pages} onChange={({ detail }) => turn(detail.currentPageIndex)} />}
        preferences={
          <CollectionPreferences
            title={t("users.preferences")}
            confirmLabel={t("action.save")}
            cancelLabel={t("action.cancel")}
            preferences={{ pageSize: size, contentDisplay: preferences.columns }}
            pageSizePreference={{ title: t("users.pageSize"), options: SIZES.map((value) => ({ value, label: t("users.rows", { count: value }) })) }}
            contentDisplayPreference={{ title: t("users.columns"), options: columns.map((one, at) => ({ id: one.id, label: t(one.header), alwaysVisible: at === 0 })) }}
            onConfirm={({ detail }) => {
              setPreferences({ pageSize: detail.pageSize, columns: [...(detail.contentDisplay ?? [])] });
              turn(1);
            }}
          />
        }
        empty={<Box textAlign="center" padding="l" color="inherit"><b>{t(filtered ? "list.noMatch" : "list.empty")}</b></Box>}
      />
      {deleting && (
        <DeleteUsers
          users={selected.map((one) => ({ id: one.Id!, login: one.Username! }))}
          onClose={(done) => {
            setDeleting(false);
            if (!done) return;
            setChosen([]);
            setStarted(started + 1);
          }}
        />
      )}
    </SpaceBetween>
  );
}
