import { useEffect, useState, type ReactNode } from "react";
import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Checkbox from "@cloudscape-design/components/checkbox";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import RadioGroup from "@cloudscape-design/components/radio-group";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import Tiles from "@cloudscape-design/components/tiles";
import Wizard from "@cloudscape-design/components/wizard";
import { switchroom } from "../../api";
import type { EventConnection } from "../../api/switchroom";
import { useI18n, type TextKey } from "../../i18n";
import { errorText } from "../../shared/errors";
import { goTo } from "../../shared/hooks";
import { useSession } from "../../shared/session";
import { OwnSecret } from "./OwnSecret";
import { NextSteps, SecretBox } from "./SecretBox";

type Application = EventConnection["Application"];
const APPLICATIONS: Application[] = ["SALESFORCE", "ZENDESK", "CUSTOM"];
const EXAMPLES: Record<Application, string> = { SALESFORCE: "https://example.my.salesforce.com", ZENDESK: "https://example.zendesk.com", CUSTOM: "https://app.example.com" };
const NAME = /^[a-zA-Z0-9_ -]{1,100}$/;

/** Four pages that lead to a connection: application, address, review, done (ROUT-101). */
export function ConnectWizard(): ReactNode {
  const { t, code } = useI18n();
  const { instanceId } = useSession();
  const [step, setStep] = useState(0);
  const [application, setApplication] = useState<Application>("ZENDESK");
  const [confirmed, setConfirmed] = useState<ReadonlySet<string>>(new Set());
  const [existing, setExisting] = useState(false);
  const [reusable, setReusable] = useState<EventConnection[]>([]);
  const [reused, setReused] = useState("");
  const [url, setUrl] = useState("");
  const [name, setName] = useState("");
  const [environment, setEnvironment] = useState<EventConnection["Environment"]>("PRODUCTION");
  const [tried, setTried] = useState(false);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState("");
  const [made, setMade] = useState<{ connection: EventConnection; secret: string } | null>(null);
  useEffect(() => {
    switchroom("ListEventConnections", { InstanceId: instanceId }).then((answer) => setReusable(answer.Reusable ?? []), () => undefined);
  }, [instanceId]);

  const requirements = t(`apps.requirements.${application}`).split("\n");
  const ready = requirements.every((one) => confirmed.has(one));
  const choices = reusable.filter((one) => one.Application === application);
  const urlProblem = problemOf(url, application);
  const nameProblem: TextKey | undefined = NAME.test(name) && name.trim() ? undefined : "apps.nameHelp";
  const complete = existing ? reused !== "" : !urlProblem && !nameProblem;
  const used = choices.find((one) => one.ConnectionId === reused);

  const connect = async (): Promise<void> => {
    setBusy(true);
    setFailure("");
    try {
      const what = existing ? { ConnectionId: reused } : { Url: url.trim(), Name: name.trim() };
      const answer = await switchroom("CreateEventConnection", { InstanceId: instanceId, Application: application, Environment: environment, ...what });
      setMade({ connection: answer.Connection, secret: answer.Secret });
      setStep(3);
    } catch (error) {
      setFailure(errorText(error, t));
    } finally {
      setBusy(false);
    }
  };
  const navigate = (to: number): void => {
    if (to > step) {
      if ((step === 0 && !ready) || (step === 1 && !complete)) {
        setTried(true);
        return;
      }
      if (step === 2) return void connect();
    }
    setTried(false);
    setFailure("");
    setStep(to);
  };
  const choose = (next: Application): void => {
    setApplication(next);
    setConfirmed(new Set());
    setExisting(false);
    setReused("");
  };

  const steps = [
    {
      title: t("apps.step.choose"), description: t("apps.step.chooseHelp"), errorText: tried && !ready ? t("apps.confirmAll") : undefined,
      content: (
        <SpaceBetween size="l">
          <Tiles
            value={application} onChange={({ detail }) => choose(detail.value as Application)} columns={3} ariaLabel={t("apps.application")}
            items={APPLICATIONS.map((value) => ({ value, label: code("eventApplication", value), description: t(`apps.tile.${value}`) }))}
          />
          <Container header={<Header variant="h2" description={t("apps.requirementsHelp")}>{t("apps.requirementsOf", { name: code("eventApplication", application) })}</Header>}>
            <SpaceBetween size="s">
              {requirements.map((one) => (
                <Checkbox
                  key={one} checked={confirmed.has(one)}
                  onChange={({ detail }) => setConfirmed((now) => new Set(detail.checked ? [...now, one] : [...now].filter((other) => other !== one)))}
                >
                  {one}
                </Checkbox>
              ))}
            </SpaceBetween>
          </Container>
        </SpaceBetween>
      ),
    },
    {
      title: t("apps.step.connect"), description: t("apps.step.connectHelp"),
      content: (
        <Container>
          <SpaceBetween size="l">
            <FormField label={t("apps.connectionType")}>
              <RadioGroup
                value={existing ? "existing" : "new"} onChange={({ detail }) => setExisting(detail.value === "existing")}
                items={[
                  { value: "existing", label: t("apps.existing"), description: choices.length ? t("apps.existingHelp") : t("apps.existingNone"), disabled: !choices.length },
                  { value: "new", label: t("apps.new") },
                ]}
              />
            </FormField>
            {existing ? (
              <FormField label={t("apps.connection")} errorText={tried && !reused ? t("apps.choose") : undefined}>
                <Select
                  selectedOption={used ? { value: used.ConnectionId, label: used.Name } : null} placeholder={t("apps.choose")}
                  options={choices.map((one) => ({ value: one.ConnectionId, label: one.Name, description: one.Url }))}
                  onChange={({ detail }) => setReused(detail.selectedOption.value ?? "")}
                />
              </FormField>
            ) : (
              <>
                <FormField label={t("apps.instanceUrl")} description={t("apps.instanceUrlHelp")} errorText={tried && urlProblem ? t(urlProblem, { example: EXAMPLES[application] }) : undefined}>
                  <Input value={url} type="url" placeholder={EXAMPLES[application]} onChange={({ detail }) => setUrl(detail.value)} />
                </FormField>
                <FormField label={t("apps.friendlyName")} description={t("apps.friendlyNameHelp")} constraintText={t("apps.nameHelp")} errorText={tried && nameProblem ? t(nameProblem) : undefined}>
                  <Input value={name} placeholder={t("apps.namePlaceholder", { name: code("eventApplication", application) })} onChange={({ detail }) => setName(detail.value)} />
                </FormField>
              </>
            )}
            <FormField label={t("apps.environment")}>
              <RadioGroup
                value={environment} onChange={({ detail }) => setEnvironment(detail.value as EventConnection["Environment"])}
                items={(["PRODUCTION", "SANDBOX"] as const).map((value) => ({ value, label: code("eventEnvironment", value) }))}
              />
            </FormField>
          </SpaceBetween>
        </Container>
      ),
    },
    {
      title: t("apps.step.review"), description: t("apps.step.reviewHelp"), errorText: failure || undefined,
      content: (
        <Container header={<Header variant="h2" actions={<Button onClick={() => setStep(1)}>{t("action.edit")}</Button>}>{t("apps.connection")}</Header>}>
          <KeyValuePairs
            columns={2}
            items={[
              { label: t("apps.application"), value: code("eventApplication", application) },
              { label: t("apps.connectionUrl"), value: used?.Url ?? url.trim() },
              { label: t("apps.connectionName"), value: used?.Name ?? name.trim() },
              { label: t("apps.environment"), value: code("eventEnvironment", environment) },
            ]}
          />
        </Container>
      ),
    },
    {
      title: t("apps.step.complete"), description: t("apps.step.completeHelp"),
      content: made && (
        <Container header={<Header variant="h2">{t("apps.connected", { name: made.connection.Name })}</Header>}>
          <SpaceBetween size="m">
            <StatusIndicator type="pending">{t("apps.waiting")}</StatusIndicator>
            <SecretBox connection={made.connection} secret={made.secret}><NextSteps connection={made.connection} /></SecretBox>
            {application === "ZENDESK" && <OwnSecret connection={made.connection} />}
          </SpaceBetween>
        </Container>
      ),
    },
  ];
  return (
    <SpaceBetween size="l">
      <Box variant="h1">{t("apps.add")}</Box>
      {made && <Alert type="success">{t("apps.made")}</Alert>}
      <Wizard
        steps={steps} activeStepIndex={step} isLoadingNextStep={busy}
        customPrimaryActions={made && <Button variant="primary" onClick={() => goTo("applications", made.connection.ConnectionId)}>{t("apps.finish")}</Button>}
        onNavigate={({ detail }) => !made && navigate(detail.requestedStepIndex)}
        onCancel={() => goTo("applications", ...(made ? [made.connection.ConnectionId] : []))}
      />
    </SpaceBetween>
  );
}

function problemOf(url: string, application: Application): TextKey | undefined {
  try {
    const parsed = new URL(url.trim());
    const secure = parsed.protocol === "https:" || (application === "CUSTOM" && parsed.protocol === "http:");
    return secure && parsed.hostname && !parsed.username && !parsed.search && !parsed.hash ? undefined : "apps.urlWrong";
  } catch {
    return "apps.urlWrong";
  }
}
