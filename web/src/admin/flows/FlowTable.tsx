import type { ReactNode } from "react";
import Pagination from "@cloudscape-design/components/pagination";
import Table, { type TableProps } from "@cloudscape-design/components/table";
import TextFilter from "@cloudscape-design/components/text-filter";
import type { Held } from "../../designer/page/shelf";
import { useI18n } from "../../i18n";
import type { FlowList } from "./useFlowList";

interface Props {
  list: FlowList;
  label: string;
  columns: TableProps.ColumnDefinition<Held>[];
  empty: ReactNode;
  footer?: ReactNode;
}

/** The table of flows or modules with its search and its pages. */
export function FlowTable({ list, label, columns, empty, footer }: Props): ReactNode {
  const { t } = useI18n();
  return (
    <Table
      variant="container"
      wrapLines
      loading={list.items === null}
      loadingText={t("common.loading")}
      items={list.items ?? []}
      trackBy="id"
      ariaLabels={{ tableLabel: label }}
      columnDefinitions={columns}
      filter={
        <TextFilter filteringText={list.search} filteringPlaceholder={t("list.search")} filteringAriaLabel={t("list.search")} onChange={({ detail }) => list.setSearch(detail.filteringText)} />
      }
      pagination={
        <Pagination currentPageIndex={list.page} pagesCount={list.page + (list.more ? 1 : 0)} openEnd={list.more} onChange={({ detail }) => list.goToPage(detail.currentPageIndex)} />
      }
      empty={empty}
      footer={footer}
    />
  );
}
