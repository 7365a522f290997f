import { useRef, useState, type ReactNode } from "react";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import ExpandableSection from "@cloudscape-design/components/expandable-section";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { switchroom } from "../../api";
import { useI18n } from "../../i18n";
import { errorText } from "../../shared/errors";
import { useSession } from "../../shared/session";

interface Slot {
  value?: { interpretedValue?: string };
}
interface Answer {
  messages?: { contentType: string; content?: string }[];
  sessionState?: { dialogAction?: { type?: string; slotToElicit?: string }; intent?: { name: string; state?: string; slots?: Record<string, Slot | null> }; sessionAttributes?: Record<string, string> };
  interpretations?: { intent: { name: string }; nluConfidence?: { score: number }; sentimentResponse?: { sentiment: string } }[];
}
type Turn = { who: "customer"; text: string } | { who: "bot"; answer: Answer } | { who: "problem"; text: string };

interface Props {
  botId: string;
  locales: string[];
  /** Why it cannot be tried. */
  missing?: string;
}

/** Talks to what was built last, and shows what it understood (FLOW-148). */
export function TestPane({ botId, locales, missing }: Props): ReactNode {
  const { t } = useI18n();
  const { instanceId } = useSession();
  const [locale, setLocale] = useState("");
  const [turns, setTurns] = useState<Turn[]>([]);
  const [text, setText] = useState("");
  const [busy, setBusy] = useState(false);
  const session = useRef(crypto.randomUUID());
  const chosen = locales.includes(locale) ? locale : (locales[0] ?? "");

  const clear = (): void => {
    session.current = crypto.randomUUID();
    setTurns([]);
  };
  const say = async (words: string): Promise<void> => {
    if (!words.trim() || busy) return;
    setText("");
    setBusy(true);
    setTurns((now) => [...now, { who: "customer", text: words }]);
    try {
      const { Response } = await switchroom("TestBotText", { InstanceId: instanceId, BotId: botId, LocaleId: chosen, SessionId: session.current, Text: words });
      setTurns((now) => [...now, { who: "bot", answer: JSON.parse(Response) as Answer }]);
    } catch (error) {
      setTurns((now) => [...now, { who: "problem", text: errorText(error, t) }]);
    }
    setBusy(false);
  };

  return (
    <Container
      header={
        <Header variant="h2" actions={<Button disabled={!turns.length} onClick={clear}>{t("bots.testClear")}</Button>}>
          {t("bots.test")}
        </Header>
      }
      footer={
        <form
          className="bot-say"
          onSubmit={(event) => {
            event.preventDefault();
            void say(text);
          }}
        >
          <Input value={text} disabled={Boolean(missing)} ariaLabel={t("bots.testSay")} placeholder={t("bots.testSay")} onChange={({ detail }) => setText(detail.value)} />
          <Button formAction="submit" variant="primary" loading={busy} disabled={Boolean(missing) || !text.trim()}>{t("bots.testSend")}</Button>
        </form>
      }
    >
      <SpaceBetween size="s">
        {locales.length > 1 && (
          <Select
            ariaLabel={t("bots.testLanguage")}
            selectedOption={{ value: chosen, label: chosen }}
            options={locales.map((one) => ({ value: one, label: one }))}
            onChange={({ detail }) => {
              setLocale(detail.selectedOption.value!);
              clear();
            }}
          />
        )}
        {missing && <Box color="text-status-inactive">{missing}</Box>}
        <div className="bot-turns" role="log" aria-label={t("bots.test")} tabIndex={0}>
          {turns.map((turn, index) => (
            <TurnView key={index} turn={turn} onSay={(words) => void say(words)} />
          ))}
        </div>
      </SpaceBetween>
    </Container>
  );
}

function TurnView({ turn, onSay }: { turn: Turn; onSay: (words: string) => void }): ReactNode {
  const { t } = useI18n();
  if (turn.who === "customer") return <div className="bot-turn bot-turn-customer">{turn.text}</div>;
  if (turn.who === "problem") return <div className="bot-turn bot-turn-problem" role="alert">{turn.text}</div>;
  const messages = turn.answer.messages ?? [];
  return (
    <div className="bot-turn-bot">
      {messages.map((message, index) => (
        <BotMessage key={index} kind={message.contentType} content={message.content ?? ""} onSay={onSay} />
      ))}
      {!messages.length && <div className="bot-turn bot-turn-silent">{t("bots.testSilent")}</div>}
      <Understood answer={turn.answer} />
    </div>
  );
}

/** A message; of an interactive template its title and what can be chosen. */
function BotMessage({ kind, content, onSay }: { kind: string; content: string; onSay: (words: string) => void }): ReactNode {
  const choices = kind === "CustomPayload" ? choicesOf(content) : null;
  if (!choices) return <div className="bot-turn">{content}</div>;
  return (
    <div className="bot-turn">
      <SpaceBetween size="xxs">
        <b>{choices.title}</b>
        {choices.elements.map((title) => (
          <Button key={title} onClick={() => onSay(title)}>{title}</Button>
        ))}
      </SpaceBetween>
    </div>
  );
}

export function choicesOf(content: string): { title: string; elements: string[] } | null {
  try {
    const { data } = JSON.parse(content) as { data?: { content?: { title?: string; elements?: { title?: string }[] } } };
    if (!data?.content?.title) return null;
    return { title: data.content.title, elements: (data.content.elements ?? []).flatMap((one) => (one.title ? [one.title] : [])) };
  } catch {
    return null;
  }
}

function Understood({ answer }: { answer: Answer }): ReactNode {
  const { t, number } = useI18n();
  const intent = answer.sessionState?.intent;
  const [first, ...others] = answer.interpretations ?? [];
  const score = (one: typeof first): string => (one?.nluConfidence ? number(one.nluConfidence.score) : "–");
  const filled = Object.entries(intent?.slots ?? {}).map(([name, slot]) => `${name} = ${slot?.value?.interpretedValue ?? "–"}`);
  const action = answer.sessionState?.dialogAction;
  return (
    <div className="bot-understood" data-testid="bot-understood">
      <Box fontSize="body-s">
        <b>{intent?.name ?? t("bots.testNothing")}</b> · {t("bots.confidence")} {score(first)}
        {filled.length > 0 && ` · ${filled.join(", ")}`}
      </Box>
      <ExpandableSection headerText={t("bots.testDetails")}>
        <SpaceBetween size="s">
          <KeyValuePairs
            columns={1}
            items={[
              { label: t("bots.testNext"), value: [action?.type, action?.slotToElicit].filter(Boolean).join(" ") || "–" },
              { label: t("bots.testState"), value: intent?.state ?? "–" },
              { label: t("bots.testOthers"), value: others.map((one) => `${one.intent.name} (${score(one)})`).join(", ") || "–" },
              { label: t("bots.testSentiment"), value: first?.sentimentResponse?.sentiment ?? "–" },
            ]}
          />
          <pre className="record-json">{JSON.stringify(answer, null, 1)}</pre>
        </SpaceBetween>
      </ExpandableSection>
    </div>
  );
}
