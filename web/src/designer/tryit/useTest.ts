import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { switchroom } from "../../api";
import type { TestFlowResponse } from "../../api/switchroom";
import { useI18n } from "../../i18n";
import { errorText } from "../../shared/errors";
import { useSession } from "../../shared/session";
import type { FlowDocument } from "../model/document";
import { scenarioOf, SETUP, usedBy, type Input, type Setup, type Used } from "./scenario";

const AFTER_EDIT_MS = 500;
const NO_INPUTS: readonly Input[] = [];

type Type = "CONTACT_FLOW";

export interface Test {
  setup: Setup;
  setSetup: (setup: Setup) => void;
  used: Used;
  running: boolean;
  busy: boolean;
  problem: string;
  played: TestFlowResponse | null;
  inputs: readonly Input[];
  begin: () => void;
  act: (...inputs: Input[]) => void;
  back: () => void;
  /** The draft and the scenario for `switchroom flow test`. */
  portable: () => Promise<{ content: string; scenario: Record<string, unknown>; played: TestFlowResponse }>;
}

/** A test of a draft: it is played from its beginning each time something is done, and when the draft changes. */
export function useTest(document: FlowDocument, flowType: string, flowId: string, name: string, names: ReadonlyMap<string, string>): Test {
  const { t } = useI18n();
  const { instanceId } = useSession();
  const [setup, setSetup] = useSetup(`switchroom-try|${instanceId}|${flowId || name || flowType}`);
  const [started, setStarted] = useState(0);
  const [inputs, setInputs] = useState(NO_INPUTS);
  const [played, setPlayed] = useState<TestFlowResponse | null>(null);
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);
  const used = useMemo(() => usedBy(document, names), [document, names]);
  const content = useMemo(() => JSON.stringify(document), [document]);
  const asked = useRef(0);

  const ask = useCallback(
    (doing: readonly Input[], portable = false) => {
      const scenario = scenarioOf(setup, used, started);
      const request = { InstanceId: instanceId, Content: content, Type: flowType as Type, FlowId: flowId || undefined, Name: name || undefined };
      return switchroom("TestFlow", { ...request, Scenario: JSON.stringify(scenario), Inputs: JSON.stringify(doing), Portable: portable }).then((answer) => ({ answer, scenario }));
    },
    [setup, used, started, instanceId, content, flowType, flowId, name],
  );

  const seen = useRef("");
  useEffect(() => {
    if (!started) return;
    const edited = seen.current !== "" && seen.current !== content;
    seen.current = content;
    const run = async (): Promise<void> => {
      const number = (asked.current += 1);
      setBusy(true);
      try {
        const { answer } = await ask(inputs);
        if (number !== asked.current) return;
        setPlayed(answer);
        setProblem("");
      } catch (error) {
        if (number === asked.current) setProblem(error instanceof SyntaxError ? t("tryit.badJson", { error: error.message }) : errorText(error, t));
      } finally {
        if (number === asked.current) setBusy(false);
      }
    };
    const timer = setTimeout(() => void run(), edited ? AFTER_EDIT_MS : 0);
    return () => clearTimeout(timer);
  }, [started, inputs, ask, content, t]);

  return {
    setup, setSetup, used, running: started > 0, busy, problem, played, inputs,
    begin: () => {
      setInputs(NO_INPUTS);
      setPlayed(null);
      setStarted(Date.now());
    },
    act: (...doing) => setInputs((before) => [...before, ...doing]),
    back: () => setInputs((before) => before.slice(0, -1)),
    portable: async () => {
      const { answer, scenario } = await ask(inputs, true);
      return { content: answer.Portable ?? content, scenario, played: answer };
    },
  };
}

function useSetup(key: string): [Setup, (setup: Setup) => void] {
  const [setup, setSetup] = useState<Setup>(() => {
    try {
      return { ...SETUP, ...(JSON.parse(localStorage.getItem(key) ?? "{}") as Partial<Setup>) };
    } catch {
      return SETUP;
    }
  });
  return [
    setup,
    (chosen) => {
      setSetup(chosen);
      localStorage.setItem(key, JSON.stringify(chosen));
    },
  ];
}
