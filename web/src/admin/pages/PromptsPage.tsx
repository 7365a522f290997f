import { useCallback, useEffect, useRef, useState, type ReactNode } from "react";
import Badge from "@cloudscape-design/components/badge";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import ButtonDropdown from "@cloudscape-design/components/button-dropdown";
import Header from "@cloudscape-design/components/header";
import Link from "@cloudscape-design/components/link";
import Pagination from "@cloudscape-design/components/pagination";
import PropertyFilter, { type PropertyFilterProps } from "@cloudscape-design/components/property-filter";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table from "@cloudscape-design/components/table";
import { connect } from "../../api";
import type { Prompt, PromptSearchCriteria, PromptSearchFilter } from "../../api/connect";
import { useI18n } from "../../i18n";
import { downloadFrom } from "../../shared/download";
import { goTo } from "../../shared/hooks";
import { useNotices } from "../../shared/notices";
import { useSession } from "../../shared/session";
import { DeleteDialog } from "../DeleteDialog";

const PAGE = 25;
const NOTHING: PropertyFilterProps.Query = { tokens: [], operation: "and" };
const SEARCHED: Record<string, string> = { name: "name", description: "description" };

/** What SearchPrompts is asked for: names and descriptions that contain a text, tags as `key=value` or `key`. */
export function searchOf({ tokens }: PropertyFilterProps.Query): { SearchCriteria?: PromptSearchCriteria; SearchFilter?: PromptSearchFilter } {
  const conditions = tokens
    .filter(({ propertyKey }) => propertyKey !== "tag")
    .map(({ propertyKey, value }) => ({ StringCondition: { FieldName: SEARCHED[propertyKey ?? "name"] ?? "name", Value: String(value), ComparisonType: "CONTAINS" as const } }));
  const tags = tokens
    .filter(({ propertyKey }) => propertyKey === "tag")
    .map(({ value }) => {
      const [key = "", ...rest] = String(value).split("=");
      return rest.length ? { TagKey: key.trim(), TagValue: rest.join("=").trim() } : { TagKey: key.trim() };
    });
  return {
    SearchCriteria: conditions.length ? { AndConditions: conditions } : undefined,
    SearchFilter: tags.length ? { TagFilter: { AndConditions: tags } } : undefined,
  };
}

/** The prompt library: hear, find, download, delete (FLOW-60). */
export function PromptsPage(): ReactNode {
  const { t, dateTime } = useI18n();
  const { instanceId, may } = useSession();
  const notices = useNotices();
  const [query, setQuery] = useState(NOTHING);
  const [items, setItems] = useState<Prompt[] | null>(null);
  const [next, setNext] = useState<string>();
  const [tokens, setTokens] = useState<(string | undefined)[]>([undefined]);
  const [deleting, setDeleting] = useState<Prompt | null>(null);
  const player = usePlayer();

  const load = useCallback(
    async (asked: PropertyFilterProps.Query, at: (string | undefined)[]) => {
      try {
        const page = await connect("SearchPrompts", { InstanceId: instanceId, ...searchOf(asked), NextToken: at.at(-1), MaxResults: PAGE });
        setItems(page.Prompts ?? []);
        setNext(page.NextToken);
        setTokens(at);
      } catch (error) {
        setItems([]);
        notices.failure(error);
      }
    },
    [instanceId],
  );
  useEffect(() => void load(query, [undefined]), [query, load]);

  const act = async (action: string, prompt: Prompt): Promise<void> => {
    if (action === "delete") return setDeleting(prompt);
    try {
      if (action === "copy") {
        await navigator.clipboard.writeText(prompt.PromptARN!);
        notices.success(t("action.copied"));
      } else {
        const { PromptPresignedUrl } = await connect("GetPromptFile", { InstanceId: instanceId, PromptId: prompt.PromptId! });
        downloadFrom(PromptPresignedUrl!, prompt.Name!.toLowerCase().endsWith(".wav") ? prompt.Name! : `${prompt.Name!}.wav`);
      }
    } catch (error) {
      notices.failure(error);
    }
  };

  const actions = [
    { id: "download", text: t("prompts.download"), iconName: "download" as const },
    { id: "copy", text: t("prompts.copyArn"), iconName: "copy" as const },
    ...(may("Prompts.Delete") ? [{ id: "delete", text: t("action.delete"), iconName: "remove" as const }] : []),
  ];

  return (
    <>
      <Table
        variant="full-page"
        stickyHeader
        loading={items === null}
        loadingText={t("common.loading")}
        items={items ?? []}
        trackBy={(one) => one.PromptId!}
        ariaLabels={{ tableLabel: t("prompts.title") }}
        header={
          <Header
            variant="awsui-h1-sticky"
            actions={
              <SpaceBetween direction="horizontal" size="xs">
                <Button iconName="refresh" ariaLabel={t("action.refresh")} onClick={() => void load(query, tokens)} />
                {may("Prompts.Create") && (
                  <Button variant="primary" onClick={() => goTo("r", "prompts", "new")}>
                    {t("prompts.add")}
                  </Button>
                )}
              </SpaceBetween>
            }
          >
            {t("prompts.title")}
          </Header>
        }
        filter={
          <PropertyFilter
            query={query}
            onChange={({ detail }) => setQuery({ ...detail, operation: "and" })}
            hideOperations
            filteringPlaceholder={t("prompts.filter")}
            filteringAriaLabel={t("prompts.filter")}
            filteringProperties={[
              { key: "name", propertyLabel: t("field.name"), groupValuesLabel: t("field.name"), operators: [":"], defaultOperator: ":" },
              { key: "description", propertyLabel: t("field.description"), groupValuesLabel: t("field.description"), operators: [":"], defaultOperator: ":" },
              { key: "tag", propertyLabel: t("prompts.tag"), groupValuesLabel: t("prompts.tag"), operators: [":"], defaultOperator: ":" },
            ]}
            filteringOptions={tagsOf(items ?? [])}
          />
        }
        pagination={
          <Pagination
            currentPageIndex={tokens.length}
            pagesCount={tokens.length + (next ? 1 : 0)}
            openEnd={Boolean(next)}
            onChange={({ detail }) => {
              const wanted = detail.currentPageIndex;
              if (wanted === tokens.length + 1 && next) void load(query, [...tokens, next]);
              else if (wanted <= tokens.length) void load(query, tokens.slice(0, wanted));
            }}
          />
        }
        columnDefinitions={[
          {
            id: "play",
            header: t("prompts.play"),
            width: 90,
            cell: (one: Prompt) => {
              const playing = player.playing === one.PromptId;
              return (
                <Button
                  variant="inline-icon"
                  iconName={playing ? "pause" : "play"}
                  ariaLabel={t(playing ? "prompts.pauseOf" : "prompts.playOf", { name: one.Name! })}
                  onClick={() => void player.toggle(one.PromptId!).catch(notices.failure)}
                />
              );
            },
          },
          {
            id: "name",
            header: t("field.name"),
            isRowHeader: true,
            cell: (one: Prompt) => <Link href={`#/r/prompts/${encodeURIComponent(one.PromptId!)}`}>{one.Name}</Link>,
          },
          { id: "description", header: t("field.description"), cell: (one: Prompt) => one.Description ?? "–" },
          {
            id: "tags",
            header: t("tags.title"),
            cell: (one: Prompt) => (
              <SpaceBetween direction="horizontal" size="xxs">
                {Object.entries(one.Tags ?? {}).map(([key, value]) => (
                  <Badge key={key}>{value ? `${key}: ${value}` : key}</Badge>
                ))}
              </SpaceBetween>
            ),
          },
          { id: "changed", header: t("prompts.changed"), cell: (one: Prompt) => dateTime(one.LastModifiedTime) },
          {
            id: "actions",
            header: t("prompts.actions"),
            width: 110,
            cell: (one: Prompt) => (
              <ButtonDropdown
                variant="inline-icon"
                expandToViewport
                items={actions}
                ariaLabel={t("prompts.actionsOf", { name: one.Name! })}
                onItemClick={({ detail }) => void act(detail.id, one)}
              />
            ),
          },
        ]}
        empty={
          <Box textAlign="center" padding="l" color="inherit">
            <b>{t(query.tokens.length ? "list.noMatch" : "list.empty")}</b>
          </Box>
        }
      />
      {deleting && (
        <DeleteDialog
          name={deleting.Name!}
          remove={() => connect("DeletePrompt", { InstanceId: instanceId, PromptId: deleting.PromptId! })}
          onClose={(done) => {
            setDeleting(null);
            if (done) void load(query, tokens);
          }}
        />
      )}
    </>
  );
}

function tagsOf(items: Prompt[]): PropertyFilterProps.FilteringOption[] {
  const found = new Set(items.flatMap((one) => Object.entries(one.Tags ?? {}).map(([key, value]) => `${key}=${value}`)));
  return [...found].sort().map((value) => ({ propertyKey: "tag", value }));
}

/** One prompt is heard at a time. */
function usePlayer(): { playing: string | null; toggle: (id: string) => Promise<void> } {
  const { instanceId } = useSession();
  const [playing, setPlaying] = useState<string | null>(null);
  const audio = useRef<HTMLAudioElement | null>(null);
  const stop = (): void => {
    audio.current?.pause();
    audio.current = null;
    setPlaying(null);
  };
  useEffect(() => stop, []);
  const toggle = async (id: string): Promise<void> => {
    const again = playing === id;
    stop();
    if (again) return;
    setPlaying(id);
    try {
      const { PromptPresignedUrl } = await connect("GetPromptFile", { InstanceId: instanceId, PromptId: id });
      const element = new Audio(PromptPresignedUrl);
      element.onended = stop;
      audio.current = element;
      await element.play();
    } catch (error) {
      stop();
      throw error;
    }
  };
  return { playing, toggle };
}
