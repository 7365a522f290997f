import { useEffect, useState, type FormEvent, type ReactNode } from "react";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import CopyToClipboard from "@cloudscape-design/components/copy-to-clipboard";
import ExpandableSection from "@cloudscape-design/components/expandable-section";
import Form from "@cloudscape-design/components/form";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Spinner from "@cloudscape-design/components/spinner";
import Alert from "@cloudscape-design/components/alert";
import { useI18n, type TextKey } from "../i18n";
import { errorText } from "../shared/errors";
import { goTo } from "../shared/hooks";
import { useNotices } from "../shared/notices";
import { useSession } from "../shared/session";
import { useCrumb } from "./crumb";
import { DeleteDialog } from "./DeleteDialog";
import { FieldControl } from "./FieldControl";
import { ChangeHistory } from "./history/ChangeHistory";
import { TagEditor } from "./TagEditor";
import { demandedTags, mayChange, mayCreate, mayDelete, mayEdit, saveTags, type AnyResource, type Draft, type Field } from "./resource";
import { forgetChoices } from "./sources";

type AnyDraft = Draft & Record<string, unknown>;

/** Form of one resource, new or existing, with its tags and change history. */
export function ResourcePage({ resource, id }: { resource: AnyResource; id: string }): ReactNode {
  const { t } = useI18n();
  const { instanceId, may, user } = useSession();
  const notices = useNotices();
  const isNew = id === "new";
  const [before, setBefore] = useState<AnyDraft | null>(isNew ? (resource.blank() as AnyDraft) : null);
  const [draft, setDraft] = useState<AnyDraft | null>(before);
  const [problem, setProblem] = useState("");
  const [tried, setTried] = useState(false);
  const [busy, setBusy] = useState(false);
  const [deleting, setDeleting] = useState(false);
  const [version, setVersion] = useState(0);
  const [demanded, setDemanded] = useState(false);
  const editable = isNew ? mayCreate(resource, may) : mayEdit(resource, may);

  useEffect(() => {
    if (isNew) {
      const known = (part: Partial<AnyDraft>): void => setDraft((now) => ({ ...now!, ...part }));
      if (resource.accessType && may("Users.View")) {
        // Somebody who may not look at oneself fills in the tags without help.
        demandedTags(instanceId, user.UserId, resource.accessType).then(
          (Tags) => {
            if (!Object.keys(Tags).length) return;
            known({ Tags });
            setDemanded(true);
          },
          () => undefined,
        );
      }
      resource.prepare?.({ instanceId }).then((part) => known(part as Partial<AnyDraft>), notices.failure);
      return;
    }
    resource.load({ instanceId }, id).then(
      (loaded) => {
        setBefore(loaded as AnyDraft);
        setDraft(loaded as AnyDraft);
      },
      (error: unknown) => setProblem(errorText(error, t)),
    );
  }, [id, version]);

  useCrumb(isNew || !before ? undefined : resource.nameOf(before));

  if (!draft || !before) {
    return problem ? (
      <Alert type="error" action={<Button onClick={() => goTo("r", resource.key)}>{t(resource.title)}</Button>}>
        {problem}
      </Alert>
    ) : (
      <Box textAlign="center" padding="xxl">
        <Spinner size="large" />
      </Box>
    );
  }

  const fields = (resource.fields as Field<AnyDraft>[]).filter((field) => (isNew || !field.onlyNew) && (!field.when || field.when(draft)));
  const missing = (field: Field<AnyDraft>): boolean => {
    if (field.needed) return field.needed(draft);
    const value = draft[field.name];
    return Boolean(field.required) && (value === undefined || value === null || value === "" || (Array.isArray(value) && !value.length));
  };

  const problemOf = (field: Field<AnyDraft>): string => {
    if (!tried) return "";
    const wrong = missing(field) ? "form.required" : field.wrong?.(draft);
    return wrong ? t(wrong) : "";
  };

  const save = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setTried(true);
    if (!editable || fields.some((field) => missing(field) || field.wrong?.(draft))) return;
    setBusy(true);
    setProblem("");
    try {
      if (isNew) {
        const made = await resource.create!({ instanceId }, draft);
        notices.success(t("form.created", { name: resource.nameOf(draft) }));
        forgetChoices();
        if (made) goTo("r", resource.key, made);
        else goTo("r", resource.key);
      } else {
        await resource.update({ instanceId }, id, draft, before);
        await saveTags(before, draft);
        notices.success(t("form.saved", { name: resource.nameOf(draft) }));
        forgetChoices();
        setVersion(version + 1);
      }
    } catch (error) {
      setProblem(errorText(error, t));
    } finally {
      setBusy(false);
    }
  };

  const closeDeletion = (done: boolean): void => {
    setDeleting(false);
    if (done) goTo("r", resource.key);
  };

  return (
    <SpaceBetween size="l">
      <form onSubmit={(event) => void save(event)}>
        <Form
          header={
            <Header
              variant="h1"
              description={
                draft.Arn && <CopyToClipboard variant="inline" textToCopy={draft.Arn} copyButtonAriaLabel={t("action.copy")} copySuccessText={t("action.copied")} copyErrorText={t("action.notCopied")} />
              }
              actions={
                !isNew && (
                  <SpaceBetween direction="horizontal" size="xs">
                    {resource.actions?.({ id, draft: before })}
                    {mayDelete(resource, may) && (
                      <Button onClick={() => setDeleting(true)} formAction="none">
                        {t("action.delete")}
                      </Button>
                    )}
                  </SpaceBetween>
                )
              }
            >
              {isNew ? t(resource.one) : resource.nameOf(before)}
            </Header>
          }
          errorText={problem || undefined}
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              <Button variant="link" formAction="none" onClick={() => goTo("r", resource.key)}>
                {t("action.cancel")}
              </Button>
              <Button
                variant="primary"
                loading={busy}
                disabled={!editable || (!isNew && JSON.stringify(before) === JSON.stringify(draft))}
                disabledReason={editable ? undefined : t("form.notAllowed")}
              >
                {t(isNew ? "action.create" : "action.save")}
              </Button>
            </SpaceBetween>
          }
        >
          <SpaceBetween size="l">
            {sections(fields).map(([title, part]) => {
              const controls = (
                <SpaceBetween size="l">
                  {part.map((field) => (
                    <FieldControl
                      key={field.name}
                      field={field}
                      draft={draft}
                      isNew={isNew}
                      disabled={!mayChange(resource, field, isNew, may)}
                      problem={problemOf(field)}
                      change={(part) => setDraft((now) => ({ ...now!, ...part }))}
                    />
                  ))}
                </SpaceBetween>
              );
              if (part[0]!.advanced) return <ExpandableSection key={title} variant="container" headerText={t(title!)}>{controls}</ExpandableSection>;
              return <Container key={title ?? ""} header={title && <Header variant="h2">{t(title)}</Header>}>{controls}</Container>;
            })}
            {!resource.untagged && <TagEditor key={String(demanded)} tags={draft.Tags} disabled={!editable} onChange={(Tags) => setDraft((now) => ({ ...now!, Tags }))} />}
          </SpaceBetween>
        </Form>
      </form>
      {!isNew && resource.below?.({ id, draft: before })}
      {!isNew && may("HistoricalChanges.View", "Users.Edit") && <ChangeHistory key={version} kinds={[resource.kind]} id={id} />}
      {deleting && resource.deletion?.({ id, name: resource.nameOf(before), onClose: closeDeletion })}
      {deleting && !resource.deletion && (
        <DeleteDialog
          name={resource.nameOf(before)}
          remove={() => resource.remove!({ instanceId }, id)}
          onClose={closeDeletion}
        />
      )}
    </SpaceBetween>
  );
}

/** The fields by the part of the form they stand in. */
function sections(fields: Field<AnyDraft>[]): [TextKey | undefined, Field<AnyDraft>[]][] {
  const found = new Map<TextKey | undefined, Field<AnyDraft>[]>();
  for (const field of fields) found.set(field.section, [...(found.get(field.section) ?? []), field]);
  return [...found];
}
