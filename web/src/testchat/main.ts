import { switchroom } from "../api";
import { WIDGET_TYPES } from "../shared/interactive";
import { browserLanguage, type WidgetLanguage } from "../widget/texts";
import { CallWidget } from "../widget/callWidget";
import { ChatWidget } from "../widget/widget";
import { parseAttributes } from "./attributes";
import { texts } from "./texts";

const LANGUAGE_KEY = "switchroom-language";
const by = <Kind extends HTMLElement>(id: string): Kind => document.getElementById(id) as Kind;
const language = ((localStorage.getItem(LANGUAGE_KEY) as WidgetLanguage | null) ?? browserLanguage()) === "ja" ? "ja" : "en";
const text = texts[language];

interface Settings {
  ContactFlowId?: string;
  DisplayName?: string;
  Attributes?: Record<string, string>;
}
let settings: Settings = {};
let instance: string | undefined;

function translate(): void {
  document.documentElement.lang = language;
  document.title = `Switchroom — ${text.title}`;
  for (const node of document.querySelectorAll<HTMLElement>("[data-text]")) {
    node.textContent = text[node.dataset["text"] as keyof typeof text];
  }
  const picker = by<HTMLSelectElement>("language");
  picker.value = language;
  picker.onchange = () => {
    localStorage.setItem(LANGUAGE_KEY, picker.value);
    location.reload();
  };
}

function besides(): void {
  const box = by<HTMLInputElement>("beside");
  const frame = by<HTMLIFrameElement>("workspace");
  box.onchange = () => {
    frame.hidden = !box.checked;
    if (box.checked && !frame.src) frame.src = "/workspace";
  };
}

async function load(): Promise<void> {
  const flow = by<HTMLSelectElement>("flow");
  try {
    const offered = await switchroom("GetTestChatSettings", {});
    instance = offered.InstanceId;
    for (const one of offered.Flows) {
      const chosen = one.Id === offered.DefaultContactFlowId;
      flow.add(new Option(one.Name, one.Id, chosen, chosen));
    }
    if (!offered.Flows.length) by("problem").textContent = text.noFlows;
    const widget = new ChatWidget({
      language,
      attachments: offered.AttachmentsEnabled !== false,
      start: () => switchroom("StartTestChat", { InstanceId: instance, ...settings, SupportedMessagingContentTypes: WIDGET_TYPES }),
    });
    // One call button; what is applied below holds for the next call too.
    new CallWidget({
      language,
      video: true,
      start: (Video) => switchroom("StartTestCall", { InstanceId: instance, ...settings, Video }),
    });
    document.querySelector("form")!.onsubmit = (event) => {
      event.preventDefault();
      apply(widget);
    };
  } catch (error) {
    const signedOut = error instanceof Error && "status" in error && (error.status === 401 || error.status === 403);
    by("problem").textContent = signedOut ? text.signIn : String(error);
  }
}

function apply(widget: ChatWidget): void {
  const attributes = parseAttributes(by<HTMLTextAreaElement>("attributes").value);
  by("problem").textContent = attributes ? "" : text.badAttributes;
  by("applied").textContent = attributes ? text.applied : "";
  if (!attributes) return;
  const name = by<HTMLInputElement>("name").value.trim();
  settings = {
    ContactFlowId: by<HTMLSelectElement>("flow").value,
    ...(name ? { DisplayName: name } : {}),
    ...(Object.keys(attributes).length ? { Attributes: attributes } : {}),
  };
  void widget.restart();
}

translate();
besides();
void load();
