import { useCallback, useEffect, useState, type ReactNode } from "react";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Header from "@cloudscape-design/components/header";
import Link from "@cloudscape-design/components/link";
import Pagination from "@cloudscape-design/components/pagination";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table from "@cloudscape-design/components/table";
import TextFilter from "@cloudscape-design/components/text-filter";
import type { TagCondition } from "../api/connect";
import { useI18n } from "../i18n";
import { goTo, usePolling } from "../shared/hooks";
import { useNotices } from "../shared/notices";
import { useSession } from "../shared/session";
import { DeleteDialog } from "./DeleteDialog";
import { TagSearch } from "./TagSearch";
import { mayCreate, mayDelete, type AnyResource, type Column, type Page } from "./resource";
import { NameOf } from "./sources";

const TYPING_MS = 250;

/** Table of one kind of resource: search, pages, make, open, delete. */
export function ResourceList({ resource }: { resource: AnyResource }): ReactNode {
  const { t, code } = useI18n();
  const { instanceId, may } = useSession();
  const notices = useNotices();
  const [search, setSearch] = useState("");
  const [tags, setTags] = useState<TagCondition[]>([]);
  const [page, setPage] = useState<Page<unknown> | null>(null);
  const [tokens, setTokens] = useState<(string | undefined)[]>([undefined]);
  const [chosen, setChosen] = useState<unknown>(null);
  const [deleting, setDeleting] = useState(false);

  const load = useCallback(
    async (text: string, at: (string | undefined)[]) => {
      try {
        const next = await resource.list({ instanceId }, { search: text.trim(), tags, nextToken: at.at(-1) });
        setPage(next);
        setTokens(at);
        setChosen(null);
      } catch (error) {
        setPage({ items: [] });
        notices.failure(error);
      }
    },
    [resource, instanceId, tags],
  );

  useEffect(() => {
    const timer = setTimeout(() => void load(search, [undefined]), search ? TYPING_MS : 0);
    return () => clearTimeout(timer);
  }, [search, load]);

  usePolling(() => {
    if (page === null || !resource.refreshSeconds) return;
    const at = { search: search.trim(), tags, nextToken: tokens.at(-1) };
    resource.list({ instanceId }, at).then(setPage, () => undefined);
  }, resource.refreshSeconds ?? 0);

  const go = (number: number): void => {
    if (number === tokens.length + 1 && page?.nextToken) void load(search, [...tokens, page.nextToken]);
    else if (number <= tokens.length) void load(search, tokens.slice(0, number));
  };
  const open = (item: unknown): void => goTo("r", resource.key, resource.id(item));

  return (
    <SpaceBetween size="l">
      {resource.above?.()}
      <Table
        variant="full-page"
        stickyHeader
        loading={page === null}
        loadingText={t("common.loading")}
        items={page?.items ?? []}
        trackBy={(item) => resource.id(item)}
        selectionType={mayDelete(resource, may) ? "single" : undefined}
        selectedItems={chosen ? [chosen] : []}
        onSelectionChange={({ detail }) => setChosen(detail.selectedItems[0] ?? null)}
        ariaLabels={{
          selectionGroupLabel: t(resource.title),
          itemSelectionLabel: (_, item) => resource.name(item),
          tableLabel: t(resource.title),
        }}
        header={
          <Header
            variant="awsui-h1-sticky"
            actions={
              <SpaceBetween direction="horizontal" size="xs">
                <Button iconName="refresh" ariaLabel={t("action.refresh")} onClick={() => void load(search, tokens)} />
                {mayDelete(resource, may) && (
                  <Button disabled={!chosen} onClick={() => setDeleting(true)}>
                    {t("action.delete")}
                  </Button>
                )}
                {mayCreate(resource, may) && (
                  <Button variant="primary" onClick={() => goTo("r", resource.key, "new")}>
                    {t(resource.one)}
                  </Button>
                )}
              </SpaceBetween>
            }
          >
            {t(resource.title)}
          </Header>
        }
        filter={
          resource.tagType ? (
            <TagSearch
              type={resource.tagType}
              search={{ search, tags }}
              onChange={(next) => {
                setSearch(next.search);
                setTags(next.tags);
              }}
            />
          ) : (
            <TextFilter
              filteringText={search}
              filteringPlaceholder={t("list.search")}
              filteringAriaLabel={t("list.search")}
              onChange={({ detail }) => setSearch(detail.filteringText)}
            />
          )
        }
        pagination={
          <Pagination
            currentPageIndex={tokens.length}
            pagesCount={tokens.length + (page?.nextToken ? 1 : 0)}
            openEnd={Boolean(page?.nextToken)}
            onChange={({ detail }) => go(detail.currentPageIndex)}
          />
        }
        columnDefinitions={resource.columns.map((column: Column<unknown>, at) => ({
          id: column.id,
          header: t(column.header),
          isRowHeader: at === 0,
          cell: (item: unknown) => {
            const value = column.cell(item);
            if (at === 0) {
              return (
                <Link href={`#/r/${resource.key}/${encodeURIComponent(resource.id(item))}`} onFollow={(event) => { event.preventDefault(); open(item); }}>
                  {value}
                </Link>
              );
            }
            if (column.source && typeof value === "string") return <NameOf source={column.source} id={value} />;
            if (column.codes && typeof value === "string") return code(column.codes, value);
            return value ?? "–";
          },
        }))}
        empty={
          (!search && !tags.length && resource.empty?.()) || <Box textAlign="center" padding="l" color="inherit">
            <b>{t(search || tags.length ? "list.noMatch" : "list.empty")}</b>
          </Box>
        }
      />
      {deleting && chosen !== null && (
        <DeleteDialog
          name={resource.name(chosen)}
          remove={() => resource.remove!({ instanceId }, resource.id(chosen))}
          onClose={(done) => {
            setDeleting(false);
            if (done) void load(search, tokens);
          }}
        />
      )}
    </SpaceBetween>
  );
}
